compromise-made = Made
compromise-ended = Ended
compromise-public = Public half
compromise-from = not trusted from { $date }
compromise-from-text = What this key signed before that stays valid. What it signed from then on fails every check, here and elsewhere: the organisation's DID document says so.
compromise-touched = Badges that do not count any more
compromise-count = { $count ->
    [0] No badge of this instance was signed with it from then on.
    [one] 1 badge was signed with it from then on. Its holder needs a new one.
   *[other] { $shown } badges were signed with it from then on. Their holders need new ones.
}
compromise-issued = Issued
compromise-end = Somebody else may have used this key
compromise-prove = Show first that it is you; it counts for 15 minutes.
compromise-prove-link = Go to your account
compromise-end-text = If the key was lost or copied, end it from the instant on from which somebody else may have signed with it. Badges from before stay valid, later ones do not count, and a new key signs at once. Choose an early instant when you are not sure; it can be put earlier later on, but not later.
compromise-since = Since when? (UTC)
compromise-since-hint = Day and time in UTC, such as 2026-11-22T08:30
compromise-reason = Why?
compromise-confirm = End this key from that instant on? This cannot be taken back.
compromise-button = End this key
compromise-done = The key is ended, and a new one signs. These are the badges that are touched.
compromise-conflict-since = declared on { $date }
event-key-distrusted = ended a signing key from an instant on
mail-key-ended-subject = A signing key of { $organization } is not trusted any more
mail-key-ended-text =
    Hello { $name },

    the key { $key } of { $organization } was ended from { $date } on, because somebody else may have used it. What it signed before stays valid; later proofs fail every check. Badges of this instance that are touched: { $count }.

    A new key signs from now on. If you did not expect this, ask the other owners and the operator of the instance.
mail-key-ended-button = See what is touched

# Refusals.
no-choose-instant = Choose day and time, in UTC
no-compromise-earlier = This key is ended from an earlier instant already
no-compromise-instant = Choose an instant that has passed
no-compromise-reason = Say why; it stands in the audit log
