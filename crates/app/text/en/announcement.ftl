# What organisations tell their learners.

announcement-title = Announcements
announcement-lede = Tell your learners something: on their desk, and by letter to those who want it.
announcement-new = New announcement
announcement-field-title = Title
announcement-field-text = Text
announcement-field-text-hint = At most 5,000 characters. Links, lists and emphasis in Markdown.
announcement-field-audience = To whom
announcement-audience-everyone = Learners and holders of badges
announcement-audience-learners = Those who are working on something now
announcement-audience-holders = Those who hold a badge
announcement-field-achievement = Of which micro-credential
announcement-all = All of the organisation
announcement-field-at = From when on (UTC)
announcement-field-at-hint = Leave it empty to tell it now.
announcement-make = Announce
announcement-hint = At most 10 within a day. Who looks at the desk finds it for 90 days.
announcement-told = What you have told
announcement-none = Nothing yet
announcement-none-text = What you announce stands here, and who it is for.
announcement-is-waiting = Not seen yet
announcement-is-withdrawn = Withdrawn
announcement-withdraw = Withdraw
announcement-withdraw-sure = Withdraw this announcement? Letters that were sent stay where they are.
announcement-made = Announced.
announcement-withdrawn = Withdrawn. Nobody finds it any more.
announcement-organization-text = Tell learners what is new, and see what you have told them.
announcement-reader-lede = What the organisations tell you whose micro-credentials you work on or hold.
announcement-reader-none = Nothing is new
announcement-reader-none-text = What an organisation tells you stands here for 90 days.
announcement-mark = Mark all as read
announcement-marked = All is marked as read.
announcement-is-new = New
announcement-letters = By letter, too
announcement-letters-text = Each organisation's announcements come to you as letters only if you wish. Each letter has a link that ends them.
announcement-letters-yes = { $organization } writes to you
announcement-letters-no = { $organization } does not write to you
announcement-letters-start = Send me letters
announcement-letters-stop = No more letters
announcement-letters-on = You get letters from now on.
announcement-letters-off = You get no more letters.
announcement-out = No more letters
announcement-out-text = { $organization } sends you its announcements as letters. Shall they stop?
announcement-out-button = Stop them
announcement-out-done = { $organization } sends you no more announcements as letters.
announcement-out-again = You find them on your desk, and there you can have letters again.
announcement-desk = News
event-announcement-made = announced something
event-announcement-withdrawn = withdrew an announcement
privacy-kept-announcements = announcements of organisations
mail-announcement-subject = { $organization }: { $title }
mail-announcement-text =
    Hello { $name },

    { $organization } writes:

    > { $text }
mail-announcement-button = All announcements
mail-announcement-why = You asked for the announcements of the organisation named above as letters; { $instance } sent this one.

# Refusals.
no-announcement-title-long = A title has at most { $most } characters
no-announcement-text-empty = Write what you want to tell
no-announcement-text-long = A text has at most { $most } characters
no-announcement-past = Choose an instant that has not passed
no-announcement-far = Choose an instant within a year
no-announcement-most = You have announced { $most } things within a day; go on tomorrow
no-announcement-withdrawn = This announcement was withdrawn already
no-announcement-no-achievement = Choose one of your published micro-credentials, or all of the organisation
no-announcement-audience = Choose who is told: everyone, learners or holders
