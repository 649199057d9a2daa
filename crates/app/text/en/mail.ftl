mail-footer = You receive this letter because of your account at { $name } ({ $url }).
mail-footer-named = You receive this letter because somebody gave this address at { $name } ({ $url }). If you do not know why, do nothing.
mail-box-title = Mailbox of the demo
mail-box-lede = Every letter that Cairn would have sent, newest first.
mail-box-filter = Address
mail-box-show = Show
mail-box-empty = No letters yet
mail-box-empty-text = As soon as something happens that somebody has to know, its letter appears here.
mail-box-to = To { $address }
mail-box-open-link = Open the link
mail-box-html = The letter as HTML
mail-sign-in-subject = Your sign-in link
mail-sign-in-text =
    Hello,

    with this link you sign in without a password. It works once, for 15 minutes.

    If you did not ask for it, do nothing.
mail-sign-in-button = Sign in
mail-sign-up-subject = Confirm your address
mail-sign-up-text =
    Hello { $name },

    with this link you confirm your address and your account is ready. It works for one day.

    If you did not ask for it, do nothing.
mail-sign-up-button = Confirm address
mail-sign-up-known-subject = You already have an account
mail-sign-up-known-text =
    Hello,

    somebody, probably you, wanted to make a new account with this address. There is one already; with this link you sign in. It works once, for 15 minutes.
mail-sign-up-known-button = Sign in
mail-verify-subject = Confirm your new address
mail-verify-text =
    Hello { $name },

    with this link you add this address to your account, the one whose letters go to { $account }. It works for one day.

    If you do not know that account, somebody has typed your address by mistake: leave this letter alone.
mail-verify-button = Confirm address
mail-invitation-subject = Invitation to { $organization }
mail-invitation-text =
    Hello,

    { $inviter } invites you to join { $organization } as { $role }. The invitation is open for 14 days.
mail-invitation-button = Accept the invitation
mail-invitation-unconfirmed-subject = Invitation to an organisation that nobody has confirmed
mail-invitation-unconfirmed-text =
    Hello,

    { $inviter } invites you to join an organisation as { $role }. It calls itself “{ $organization }”. Nobody has confirmed who this organisation is: accept only if you know who invites you. The invitation is open for 14 days.
mail-invitation-unconfirmed-button = Look at the invitation
mail-submitted-subject = New evidence: { $title }
mail-submitted-text =
    Hello { $name },

    there is new evidence to review for “{ $title }” in the queue of { $organization }.
mail-submitted-button = Open the review
mail-accepted-subject = Accepted: { $requirement }
mail-accepted-text =
    Hello { $name },

    your evidence for “{ $requirement }” ({ $title }) was accepted.

    { $comment }
mail-accepted-button = See the review
mail-returned-subject = Please improve: { $requirement }
mail-returned-text =
    Hello { $name },

    your evidence for “{ $requirement }” ({ $title }) came back from review. What you handed in is kept; improve it and hand it in again.

    { $comment }
mail-returned-button = See the comments
mail-declined-subject = Not accepted: { $requirement }
mail-declined-text =
    Hello { $name },

    your evidence for “{ $requirement }” ({ $title }) was not accepted.

    { $comment }

    If you disagree, you can appeal; somebody else will then look at it.
mail-declined-button = See the review
mail-award-subject = Your badge: { $title }
mail-award-text =
    Hello { $name },

    { $organization } has awarded you “{ $title }”. Congratulations!

    The badge is private until you share it.
mail-award-button = See your badge
mail-award-unconfirmed-subject = A badge from an organisation that nobody has confirmed
mail-award-unconfirmed-text =
    Hello { $name },

    An organisation has awarded you “{ $title }”. It calls itself “{ $organization }”. Nobody has confirmed who this organisation is: believe it only if you know it.

    The badge is private until you share it.
mail-award-unconfirmed-button = See your badge
mail-award-claim-unconfirmed-subject = A badge from an organisation that nobody has confirmed
mail-award-claim-unconfirmed-text =
    Hello { $name },

    An organisation has awarded you “{ $title }”. It calls itself “{ $organization }”. Nobody has confirmed who this organisation is: believe it only if you know it.

    If you know it, sign up with this address to keep the badge and to share it.
mail-award-claim-unconfirmed-button = Get your badge
mail-award-claim-text =
    Hello { $name },

    { $organization } has awarded you “{ $title }”. Congratulations!

    Sign up with this address to keep the badge and to share it.
mail-award-claim-subject = Your badge: { $title }
mail-award-claim-button = Get your badge
mail-suspend-subject = Suspended: { $title }
mail-suspend-text =
    Hello { $name },

    { $organization } has suspended your badge “{ $title }”. Until it is reinstated, checks say that it is not in force.

    Reason: { $reason }
mail-suspend-button = See your badge
mail-reinstate-subject = In force again: { $title }
mail-reinstate-text =
    Hello { $name },

    { $organization } has reinstated your badge “{ $title }”.

    Reason: { $reason }
mail-reinstate-button = See your badge
mail-revoke-subject = Revoked: { $title }
mail-revoke-text =
    Hello { $name },

    { $organization } has revoked your badge “{ $title }”. This is final.

    Reason: { $reason }
mail-revoke-button = See your badge
mail-way-out = No more letters like this
