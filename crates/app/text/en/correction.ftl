correction-title = Correct this badge
correction-text = A signed badge is never edited. A new one with the right words takes its place and tells its holder; this one then says that it was replaced.
correction-open = Correct it
correction-name = Name on the badge
correction-day = Earned on
correction-day-hint = The day on which it was issued, or one before it. Until when it is valid follows from this day.
correction-evidence = Evidence
correction-evidence-hint = What has no title, address or description is left out.
correction-piece-title = Title
correction-piece-link = Address
correction-piece-text = Description
correction-more-title = Title of a further piece
correction-more-link = Its address
correction-more-text = Its description
correction-reason = What was wrong?
correction-reason-hint = The holder and whoever checks the old badge will read it.
correction-confirm = The old badge is replaced for good. Correct it?
correction-button = Issue the corrected badge
correction-done = The corrected badge was issued; it takes the old one's place.
correction-see = See the badge that took its place
event-credential-corrected = corrected a badge
mail-correct-subject = Corrected: { $title }
mail-correct-text =
    Hello { $name },

    { $organization } has corrected your badge “{ $title }”. A new badge takes its place; checks of the old one say that it was replaced.

    Reason: { $reason }
mail-correct-button = See your new badge
mail-correct-why = You hold this badge; { $instance } sent this letter for the organisation that issued it.

# Refusals.
no-badge-run-out = This badge has run out; it can be renewed, not corrected
no-badge-suspended = This badge is suspended; put it in force again before you correct it
no-choose-day = Choose a day
no-correction-day = Choose the day on which it was issued or one before it
no-correction-evidence-link = The address of a piece of evidence begins with https:// or http://
no-correction-evidence-most = A badge has at most 20 pieces of evidence
no-correction-evidence-narrative = A description of evidence has at most 5000 characters
no-correction-evidence-own = The address is that of a file here. Files can only be left as they are, or left out: which of them is shown is for the learner to say
no-correction-evidence-title = Each piece of evidence needs a title of at most 200 characters
no-correction-run-out = Awarded on this day, the badge would have run out by now
no-correction-nothing = Nothing is changed: correct the name, the day or the evidence
