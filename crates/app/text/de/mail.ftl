mail-footer = Sie erhalten diesen Brief wegen Ihres Kontos bei { $name } ({ $url }).
mail-footer-named = Sie erhalten diesen Brief, weil jemand diese Adresse bei { $name } ({ $url }) angegeben hat. Wenn Sie nicht wissen, warum, tun Sie nichts.
mail-box-title = Postfach der Demo
mail-box-lede = Alle Briefe, die Cairn verschickt hätte, die neuesten zuerst.
mail-box-filter = Adresse
mail-box-show = Zeigen
mail-box-empty = Noch keine Briefe
mail-box-empty-text = Sobald etwas geschieht, das jemand wissen muss, erscheint der Brief hier.
mail-box-to = An { $address }
mail-box-open-link = Link öffnen
mail-box-html = Der Brief als HTML
mail-sign-in-subject = Ihr Link zum Anmelden
mail-sign-in-text =
    Guten Tag,

    mit diesem Link melden Sie sich ohne Passwort an. Er gilt einmal, 15 Minuten lang.

    Wenn Sie ihn nicht angefordert haben, tun Sie nichts.
mail-sign-in-button = Anmelden
mail-sign-up-subject = Bestätigen Sie Ihre Adresse
mail-sign-up-text =
    Guten Tag { $name },

    mit diesem Link bestätigen Sie Ihre Adresse, und Ihr Konto ist fertig. Er gilt einen Tag.

    Wenn Sie ihn nicht angefordert haben, tun Sie nichts.
mail-sign-up-button = Adresse bestätigen
mail-sign-up-known-subject = Sie haben schon ein Konto
mail-sign-up-known-text =
    Guten Tag,

    jemand, vermutlich Sie, wollte mit dieser Adresse ein neues Konto anlegen. Es gibt schon eines; mit diesem Link melden Sie sich an. Er gilt einmal, 15 Minuten lang.
mail-sign-up-known-button = Anmelden
mail-verify-subject = Bestätigen Sie Ihre neue Adresse
mail-verify-text =
    Guten Tag { $name },

    mit diesem Link fügen Sie diese Adresse Ihrem Konto hinzu, dessen Briefe an { $account } gehen. Er gilt einen Tag.

    Wenn Sie dieses Konto nicht kennen, hat sich jemand bei der Adresse vertippt: Lassen Sie diesen Brief liegen.
mail-verify-button = Adresse bestätigen
mail-invitation-subject = Einladung zu { $organization }
mail-invitation-text =
    Guten Tag,

    { $inviter } lädt Sie zu { $organization } ein, Rolle: { $role }. Die Einladung gilt 14 Tage.
mail-invitation-button = Einladung annehmen
mail-invitation-unconfirmed-subject = Einladung zu einer Organisation, die niemand bestätigt hat
mail-invitation-unconfirmed-text =
    Guten Tag,

    { $inviter } lädt Sie zu einer Organisation ein, Rolle: { $role }. Sie nennt sich „{ $organization }“. Niemand hat bestätigt, wer diese Organisation ist: Nehmen Sie nur an, wenn Sie wissen, wer Sie einlädt. Die Einladung gilt 14 Tage.
mail-invitation-unconfirmed-button = Einladung ansehen
mail-submitted-subject = Neue Nachweise: { $title }
mail-submitted-text =
    Guten Tag { $name },

    in der Liste von { $organization } liegen neue Nachweise für „{ $title }“.
mail-submitted-button = Begutachtung öffnen
mail-accepted-subject = Angenommen: { $requirement }
mail-accepted-text =
    Guten Tag { $name },

    Ihre Nachweise für „{ $requirement }“ ({ $title }) wurden angenommen.

    { $comment }
mail-accepted-button = Gutachten ansehen
mail-returned-subject = Bitte nachbessern: { $requirement }
mail-returned-text =
    Guten Tag { $name },

    Ihre Nachweise für „{ $requirement }“ ({ $title }) kamen aus der Begutachtung zurück. Was Sie eingereicht haben, bleibt erhalten; bessern Sie nach und reichen Sie es noch einmal ein.

    { $comment }
mail-returned-button = Anmerkungen ansehen
mail-declined-subject = Nicht angenommen: { $requirement }
mail-declined-text =
    Guten Tag { $name },

    Ihre Nachweise für „{ $requirement }“ ({ $title }) wurden nicht angenommen.

    { $comment }

    Wenn Sie anderer Meinung sind, können Sie widersprechen; dann sieht es jemand anders an.
mail-declined-button = Gutachten ansehen
mail-award-subject = Ihr Badge: { $title }
mail-award-text =
    Guten Tag { $name },

    { $organization } hat Ihnen „{ $title }“ verliehen. Herzlichen Glückwunsch!

    Das Badge ist privat, bis Sie es freigeben.
mail-award-button = Badge ansehen
mail-award-unconfirmed-subject = Ein Badge einer Organisation, die niemand bestätigt hat
mail-award-unconfirmed-text =
    Guten Tag { $name },

    eine Organisation hat Ihnen „{ $title }“ verliehen. Sie nennt sich „{ $organization }“. Niemand hat bestätigt, wer diese Organisation ist: Glauben Sie ihr nur, wenn Sie sie kennen.

    Das Badge ist privat, bis Sie es freigeben.
mail-award-unconfirmed-button = Badge ansehen
mail-award-claim-unconfirmed-subject = Ein Badge einer Organisation, die niemand bestätigt hat
mail-award-claim-unconfirmed-text =
    Guten Tag { $name },

    eine Organisation hat Ihnen „{ $title }“ verliehen. Sie nennt sich „{ $organization }“. Niemand hat bestätigt, wer diese Organisation ist: Glauben Sie ihr nur, wenn Sie sie kennen.

    Wenn Sie sie kennen, legen Sie mit dieser Adresse ein Konto an, um das Badge zu behalten und zu zeigen.
mail-award-claim-unconfirmed-button = Badge holen
mail-award-claim-text =
    Guten Tag { $name },

    { $organization } hat Ihnen „{ $title }“ verliehen. Herzlichen Glückwunsch!

    Legen Sie mit dieser Adresse ein Konto an, um das Badge zu behalten und zu zeigen.
mail-award-claim-subject = Ihr Badge: { $title }
mail-award-claim-button = Badge holen
mail-suspend-subject = Ausgesetzt: { $title }
mail-suspend-text =
    Guten Tag { $name },

    { $organization } hat Ihr Badge „{ $title }“ ausgesetzt. Bis es wieder in Kraft ist, sagen Prüfungen, dass es nicht gilt.

    Grund: { $reason }
mail-suspend-button = Badge ansehen
mail-reinstate-subject = Wieder in Kraft: { $title }
mail-reinstate-text =
    Guten Tag { $name },

    { $organization } hat Ihr Badge „{ $title }“ wieder in Kraft gesetzt.

    Grund: { $reason }
mail-reinstate-button = Badge ansehen
mail-revoke-subject = Widerrufen: { $title }
mail-revoke-text =
    Guten Tag { $name },

    { $organization } hat Ihr Badge „{ $title }“ widerrufen. Das ist endgültig.

    Grund: { $reason }
mail-revoke-button = Badge ansehen
mail-way-out = Keine solchen Briefe mehr
