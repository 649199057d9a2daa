access-prove = Is it really you?
access-prove-text = Before addresses, the password or keys change, or the account is deleted, show that it is you. That counts for 15 minutes in this browser.
access-prove-link = You sign in by links. We send one to { $address }; open it in this browser.
access-current = Your password
access-prove-button = It is me
access-send-link = Send me a link
access-send-link-instead = I do not know it: send me a link
access-proved = You have shown a moment ago that it is you, so that what matters can be changed here.
access-prove-first = Show above that it is you; then this can be changed.
access-confirmed = Thank you. For 15 minutes you can change what matters.
access-link-sent = A letter is on its way to { $address }; open its link in this browser.
access-password-text = A new password signs you out everywhere else, ends your keys for programs and makes links useless that were sent before.
access-password-done = Your password is changed; all other browsers are signed out and your keys for programs have ended.
access-here = this browser
access-end-session = Sign out there
access-session-ended = That browser is signed out.
access-end-others = Sign out all others
access-others-ended = All other browsers are signed out.
access-since = since { $date }
access-token-until = until { $date }
access-days = How long may it be used?
access-days-count = { $count ->
    [one] { $shown } day
   *[other] { $shown } days
}
access-days-wrong = Choose one of the offered durations
access-signed-in = Signed in
account-link-confirm = Is it really you?
account-link-confirm-button = It is me
account-link-confirm-done = Thank you. For 15 minutes you can change what matters.
mail-confirm-subject = Is it really you?
mail-confirm-text =
    Hello { $name },

    somebody who is signed in to your account, probably you, wants to change something that matters. With this link you show that it is you; open it in the same browser. It works once, for 15 minutes.

    If it was not you, do not open it, and sign out all other browsers on your account's page.
mail-confirm-button = It is me
mail-password-changed-subject = Your password was changed
mail-password-changed-text =
    Hello { $name },

    the password of your account was changed a moment ago. All other browsers were signed out, and your keys for programs have ended.

    If it was not you, have a sign-in link sent and choose another password at once.
mail-password-changed-button = Open your account
mail-address-added-subject = An address was added to your account
mail-address-added-text =
    Hello { $name },

    the address { $address } was added to your account. Badges that are awarded to it are yours now, and one can sign in with it.

    If it was not you, remove the address and choose another password at once.
mail-address-added-button = Open your account
mail-address-primary-subject = Letters go to another address now
mail-address-primary-text =
    Hello { $name },

    from now on the letters of your account go to { $address }.

    If it was not you, sign in, choose another password and your own address again.
mail-address-primary-button = Open your account
mail-address-removed-subject = An address was removed from your account
mail-address-removed-text =
    Hello { $name },

    the address { $address } does not belong to your account any more. It gets no more letters, and nobody can sign in with it.

    If it was not you, sign in with another of your addresses and choose another password at once.
mail-address-removed-button = Open your account
mail-token-end-subject = Your key for programs ends on { $date }
mail-token-end-text =
    Hello { $name },

    keys for programs have an end now. Your key “{ $token }” had none; it can be used until { $date }. Make a new one before that, or end this one if nothing needs it.
mail-token-end-button = See your keys
access-prove-elsewhere = Before the account is deleted, show on your account's page that it is you; then come back here.
access-prove-go = Show that it is me
