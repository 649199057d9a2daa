privacy-kept-title = How long things are kept
privacy-kept-lede = What belongs to your account is kept as long as the account. The following goes earlier, every night:
privacy-kept-what = What
privacy-kept-how-long = Kept for
privacy-kept-days = { $count ->
    [one] 1 day
   *[other] { $shown } days
 }
privacy-kept-letters = Letters to you
privacy-kept-jobs = Records of work that is done, such as sending a letter
privacy-kept-rates = Counters against too many requests
privacy-kept-sessions = Sessions that have ended
privacy-kept-links = Links in letters that were used or have expired
privacy-kept-tokens = Keys to the API that were revoked or have expired
privacy-kept-invitations = Invitations that were accepted or have expired
privacy-kept-roster-files = Files of lists with which an organisation awards badges
privacy-kept-rosters = Names and addresses in those lists
privacy-kept-answers = Answers to calls of programs, for repeated calls
privacy-stays-title = What stays of your badges
privacy-stays-what = Of each badge its number, the micro-credential, its dates, whether it was put on hold or withdrawn, and its place in the public status list. Your name, your address, your evidence, the reasons and the signed document are deleted.
privacy-stays-why = It stays so that copies of the badge, which you or others may have, can still be checked and are not taken for valid after they were withdrawn.
privacy-stays-until = It stays as long as this instance runs, because a badge without an end can be shown at any time.
privacy-stays-who = The organisation that issued the badge sees that it issued one, not to whom. Whoever has a copy of the badge learns whether it is in force, nobody else learns anything.
privacy-stays-log = The audit log keeps that something happened and when, with a number in your place; every text about you is deleted. Backups that the operator keeps hold your data until they are deleted.

# Refusals.
no-owner-alone = You are the only owner of “{ $organizations }”; make somebody else an owner first
