# catalog
catalog-title = Catalogue
catalog-lede = Find a micro-credential that fits your goal, your time and your level.
catalog-search-label = Search the catalogue
catalog-search-hint = A skill, a topic, an organisation
catalog-narrow = Narrow down
catalog-apply = Show results
catalog-chosen = Chosen filters
catalog-clear = Show everything
catalog-corrected = Nothing was found for “{ $typed }”. These are results for “{ $words }”.
catalog-empty = Nothing fits
catalog-empty-text = Try fewer or other words, or take a filter away.
catalog-count = { $count ->
    [one] 1 micro-credential
   *[other] { $shown } micro-credentials
 }
catalog-sort = Order
catalog-sort-best = Best match
catalog-sort-title = Title
catalog-sort-newest = Newest
catalog-sort-shortest = Shortest
catalog-facet-field = Field
catalog-facet-programme = Kind
catalog-facet-participation = Participation
catalog-facet-language = Language
catalog-facet-level = Level (EQF)
catalog-facet-price = Price
catalog-facet-hours = Workload
catalog-facet-organization = Issuer
catalog-price-free = Free of charge
catalog-price-paid = With a fee
catalog-hours-to-10 = Up to 10 hours
catalog-hours-11-25 = 11 to 25 hours
catalog-hours-26-50 = 26 to 50 hours
catalog-hours-from-51 = More than 50 hours
catalog-hours = { $count ->
    [one] 1 hour
   *[other] { $shown } hours
 }
catalog-minutes = { $count ->
    [one] 1 minute
   *[other] { $shown } minutes
 }
catalog-level = Level { $level }
catalog-level-none = Not stated
catalog-free = Free of charge
catalog-ects = { $credits } ECTS
catalog-eqf = EQF { $level }
catalog-about = About
catalog-outcomes = Learning outcomes
catalog-outcomes-text = Whoever holds this badge:
catalog-requirements = What you have to do
catalog-requirements-none = No requirements yet.
catalog-questions = { $count ->
    [one] 1 question
   *[other] { $shown } questions
 }
catalog-pass = { $percent } % to pass
catalog-attempts = { $count ->
    [one] 1 try
   *[other] { $shown } tries
 }
catalog-criteria = { $count ->
    [one] judged by 1 criterion
   *[other] judged by { $shown } criteria
 }
catalog-skills = Skills
catalog-tags = Keywords
catalog-terms = Terms
catalog-elements = At a glance
catalog-element-language = Language
catalog-element-programme = Kind
catalog-element-workload = Workload
catalog-element-level = Level
catalog-element-participation = Participation
catalog-element-assessment = Assessment
catalog-element-supervision = Supervision and identity
catalog-element-assurance = Quality assurance
catalog-element-accreditation = Accreditation
catalog-element-quality-url = More on quality
catalog-element-prerequisites = Prerequisites
catalog-element-stackability = Can be combined with
catalog-element-further = Good to know
catalog-element-price = Price
catalog-element-funding = Funding
catalog-element-validity = Validity
catalog-element-renewal = Renewal
catalog-element-holders = Holders
catalog-element-version = Version
catalog-read-up = Read more
catalog-valid-always = No end
catalog-valid-months = { $count ->
    [one] 1 month from the award
   *[other] { $shown } months from the award
 }
catalog-renewal-hours = { $count ->
    [0] By hours of continuing education
    [one] By 1 hour of continuing education
   *[other] By { $shown } hours of continuing education
 }
catalog-grace = { $count ->
    [one] until 1 day after the end
   *[other] until { $shown } days after the end
 }
catalog-holders = { $count ->
    [one] 1 person
   *[other] { $shown } people
 }
catalog-holders-few = Fewer than five
catalog-version = Version { $number }: what has changed
catalog-enroll = Start now
catalog-sign-in-first = Sign in to start
catalog-preview-title = Preview
catalog-preview-text = This is how the page will look when you publish the draft.
catalog-preview-back = Back to the editor
catalog-retired-title = No longer offered
catalog-retired-text = New learners cannot start this micro-credential any more. Badges that were awarded stay valid as they say.
catalog-compare-title = Compare
catalog-compare-lede = Up to four micro-credentials side by side.
catalog-compare-this = Compare
catalog-compare-chosen = Compare the chosen ones
catalog-compare-many = Only four fit side by side; these are the first four.
catalog-compare-empty = Nothing to compare yet
catalog-compare-empty-text = Tick up to four micro-credentials in the catalogue, then choose “Compare the chosen ones”.
catalog-compare-element = Element
catalog-front-title = Small proofs of skill, earned and checked
catalog-front-lede = Find a short, focused course or project, show what you can do, and carry a signed badge that anyone can check.
catalog-front-desk = To my desk
catalog-front-verify = Check a badge
catalog-front-how = How it works
catalog-front-step-find = Find what fits your goal
catalog-front-step-earn = Learn and hand in evidence
catalog-front-step-review = Get it reviewed by people
catalog-front-step-show = Show your signed badge
catalog-front-step-check = Anyone can check it
catalog-front-fields = Fields
catalog-front-newest = New in the catalogue
catalog-front-empty = The catalogue is still empty
catalog-front-empty-text = As soon as an organisation publishes its first micro-credential, it appears here.
catalog-front-all = { $count ->
    [one] See the catalogue
   *[other] See all { $shown }
 }
