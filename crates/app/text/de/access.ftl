access-prove = Sind Sie es wirklich?
access-prove-text = Bevor sich Adressen, Passwort oder Schlüssel ändern oder das Konto gelöscht wird, zeigen Sie, dass Sie es sind. Das gilt 15 Minuten lang in diesem Browser.
access-prove-link = Sie melden sich mit Links an. Wir schicken einen an { $address }; öffnen Sie ihn in diesem Browser.
access-current = Ihr Passwort
access-prove-button = Ich bin es
access-send-link = Link schicken
access-send-link-instead = Ich weiß es nicht: Link schicken
access-proved = Sie haben gerade gezeigt, dass Sie es sind; darum lässt sich hier ändern, worauf es ankommt.
access-prove-first = Zeigen Sie oben, dass Sie es sind; dann lässt sich das ändern.
access-confirmed = Danke. 15 Minuten lang können Sie ändern, worauf es ankommt.
access-link-sent = Ein Brief ist unterwegs an { $address }; öffnen Sie seinen Link in diesem Browser.
access-password-text = Ein neues Passwort meldet Sie überall sonst ab, beendet Ihre Schlüssel für Programme und macht früher verschickte Links wertlos.
access-password-done = Ihr Passwort ist geändert; alle anderen Browser sind abgemeldet, und Ihre Schlüssel für Programme sind beendet.
access-here = dieser Browser
access-end-session = Dort abmelden
access-session-ended = Jener Browser ist abgemeldet.
access-end-others = Alle anderen abmelden
access-others-ended = Alle anderen Browser sind abgemeldet.
access-since = seit { $date }
access-token-until = bis { $date }
access-days = Wie lange darf er benutzt werden?
access-days-count = { $count ->
    [one] { $shown } Tag
   *[other] { $shown } Tage
}
access-days-wrong = Wählen Sie eine der angebotenen Dauern
access-signed-in = Angemeldet
account-link-confirm = Sind Sie es wirklich?
account-link-confirm-button = Ich bin es
account-link-confirm-done = Danke. 15 Minuten lang können Sie ändern, worauf es ankommt.
mail-confirm-subject = Sind Sie es wirklich?
mail-confirm-text =
    Guten Tag { $name },

    jemand, der bei Ihrem Konto angemeldet ist, vermutlich Sie, möchte etwas ändern, worauf es ankommt. Mit diesem Link zeigen Sie, dass Sie es sind; öffnen Sie ihn im selben Browser. Er gilt einmal, 15 Minuten lang.

    Wenn Sie es nicht waren, öffnen Sie ihn nicht, und melden Sie auf der Seite Ihres Kontos alle anderen Browser ab.
mail-confirm-button = Ich bin es
mail-password-changed-subject = Ihr Passwort wurde geändert
mail-password-changed-text =
    Guten Tag { $name },

    das Passwort Ihres Kontos wurde gerade geändert. Alle anderen Browser wurden abgemeldet, und Ihre Schlüssel für Programme sind beendet.

    Wenn Sie es nicht waren, lassen Sie sich einen Anmeldelink schicken und wählen Sie sofort ein anderes Passwort.
mail-password-changed-button = Konto öffnen
mail-address-added-subject = Ihrem Konto wurde eine Adresse hinzugefügt
mail-address-added-text =
    Guten Tag { $name },

    die Adresse { $address } wurde Ihrem Konto hinzugefügt. Badges, die an sie verliehen werden, gehören jetzt Ihnen, und man kann sich mit ihr anmelden.

    Wenn Sie es nicht waren, entfernen Sie die Adresse und wählen Sie sofort ein anderes Passwort.
mail-address-added-button = Konto öffnen
mail-address-primary-subject = Briefe gehen jetzt an eine andere Adresse
mail-address-primary-text =
    Guten Tag { $name },

    von jetzt an gehen die Briefe Ihres Kontos an { $address }.

    Wenn Sie es nicht waren, melden Sie sich an, wählen Sie ein anderes Passwort und wieder Ihre eigene Adresse.
mail-address-primary-button = Konto öffnen
mail-address-removed-subject = Eine Adresse wurde aus Ihrem Konto entfernt
mail-address-removed-text =
    Guten Tag { $name },

    die Adresse { $address } gehört nicht mehr zu Ihrem Konto. Sie bekommt keine Briefe mehr, und niemand kann sich mit ihr anmelden.

    Wenn Sie es nicht waren, melden Sie sich mit einer anderen Ihrer Adressen an und wählen Sie sofort ein anderes Passwort.
mail-address-removed-button = Konto öffnen
mail-token-end-subject = Ihr Schlüssel für Programme endet am { $date }
mail-token-end-text =
    Guten Tag { $name },

    Schlüssel für Programme haben jetzt ein Ende. Ihr Schlüssel „{ $token }“ hatte keines; er kann bis zum { $date } benutzt werden. Legen Sie vorher einen neuen an, oder beenden Sie diesen, wenn ihn nichts mehr braucht.
mail-token-end-button = Schlüssel ansehen
access-prove-elsewhere = Bevor das Konto gelöscht wird, zeigen Sie auf der Seite Ihres Kontos, dass Sie es sind; kommen Sie dann hierher zurück.
access-prove-go = Zeigen, dass ich es bin
