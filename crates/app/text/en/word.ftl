# Words that many pages use: names of states and kinds, dates, errors.
month-1 = January
month-2 = February
month-3 = March
month-4 = April
month-5 = May
month-6 = June
month-7 = July
month-8 = August
month-9 = September
month-10 = October
month-11 = November
month-12 = December
span-minutes = { $count ->
    [0] less than a minute
    [one] 1 minute
   *[other] { $shown } minutes
 }
span-hours = { $count ->
    [one] 1 hour
   *[other] { $shown } hours
 }
span-days = { $count ->
    [one] 1 day
   *[other] { $shown } days
 }
# The same behind "since".
span-since-minutes = { $count ->
    [0] less than a minute
    [one] 1 minute
   *[other] { $shown } minutes
 }
span-since-days = { $count ->
    [one] 1 day
   *[other] { $shown } days
 }
programme-course = Course
programme-assessment = Assessment
programme-project = Project
programme-badging = Recognition
programme-professional-development = Professional development
field-education = Education
field-healthcare = Healthcare
field-business = Business
field-technology = Technology
field-creative = Creative industries
field-human-skills = Human skills
participation-online = Online
participation-on-site = On site
participation-blended = Blended
assessment-quiz = Quiz
assessment-exam = Exam
assessment-project = Project
assessment-portfolio = Portfolio
assessment-observation = Observation at work
assessment-attestation = Attestation
supervision-unsupervised = No supervision or identity check
supervision-identity-checked = Identity checked, no supervision
supervision-supervised-online = Supervised online, identity checked
supervision-supervised-on-site = Supervised on site, identity checked
renewal-none = No renewal
renewal-hours = By hours of continuing education
renewal-assessment = By taking the assessment again
renewal-repeat = By doing it again
language-en = English
language-de = German
role-owner = Owner
role-designer = Designer
role-reviewer = Reviewer
role-awarder = Awarder
role-manager = Manager
role-analyst = Analyst
role-learner = Learner
role-employer = Employer
role-operator = Operator
kind-university = University
kind-association = Association
kind-institute = Institute
kind-company = Company
kind-school = School
kind-employer = Employer
requirement-all = All of these
requirement-at-least = { $count ->
    [one] At least one of these
   *[other] At least { $shown } of these
 }
requirement-module = Module
requirement-assessment = Quiz
requirement-project = Project
requirement-external-certificate = Certificate from elsewhere
requirement-prior-credential = Earlier badge
requirement-hours = Hours
requirement-attestation = Attestation
enrollment-state-active = In progress
enrollment-state-completed = Completed
enrollment-state-awarded = Awarded
enrollment-state-withdrawn = Withdrawn
submission-state-draft = Draft
submission-state-submitted = Handed in
submission-state-in-review = In review
submission-state-returned = Returned to you
submission-state-accepted = Accepted
submission-state-declined = Declined
submission-state-appealed = Appealed
credential-state-active = In force
credential-state-suspended = Suspended
credential-state-revoked = Revoked
credential-state-superseded = Replaced
standing-not-yet-valid = Not valid yet
standing-valid = Valid
standing-in-grace = Expired, can be renewed
standing-expired = Expired
verdict-verified = Verified
verdict-warning = Verified, with warnings
verdict-failed = Not verified
verdict-unknown = Cannot tell
outcome-passed = passed
outcome-failed = failed
outcome-warning = warning
outcome-unknown = cannot tell
error-not-found = Not found
error-text-not-found = There is nothing at this address, or it is not shared with you. A private badge looks like this too.
error-forbidden = Not allowed
error-text-forbidden = If you think you should be allowed, ask the owner of the organisation.
error-sign-in = Please sign in
error-text-sign-in = This page is for people who are signed in.
error-refused = Not possible now
error-text-refused = Nothing was changed. Go back to the page before.
error-invalid = Some values are not right
error-text-invalid = Nothing was changed. Go back, correct them and send the form again.
error-conflict = Changed in the meantime
error-text-conflict = Somebody else was quicker. Load the page again and look at the newer state.
error-too-many = Too many requests
error-text-too-many = Please wait a moment.
error-too-large = Too large
error-text-too-large = Nothing was changed.
error-unexpected = Something went wrong on our side
error-text-unexpected = It has been written to the log. Try again; if it happens again, tell the operator when it was.
error-home = Home
word-about-title = About Cairn
word-about-lede = Small, trustworthy proofs of skill: earned, reviewed, signed, shown and checked.
word-about-text = A cairn is a stack of stones that marks a path. Cairn is an open platform for micro-credentials: organisations define them, learners earn them with evidence, reviewers judge it, and the signed digital badge can be checked by anyone, anywhere.
word-about-open = Open standards
word-about-open-text = Badges are Open Badges 3.0 and W3C Verifiable Credentials 2.0, so that nobody is locked in. Other programs use the interface described by
word-about-sources = Sources
word-privacy-lede = Nothing about you is public unless you share it.
word-privacy-private = Badges, evidence and progress are private until you share a badge; you can withdraw it at any time.
word-privacy-cookies = Cookies are used only to keep you signed in, to protect forms and to remember your language.
word-privacy-third = No page loads anything from a third party.
word-privacy-export = On your account page you can download everything that is stored about you.
word-privacy-delete = There you can also delete your account. Badges that were issued stay verifiable for whoever holds a copy.
