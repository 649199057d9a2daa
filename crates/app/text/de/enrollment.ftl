enrollment-desk = Ihr Schreibtisch
enrollment-desk-lede = Was als Nächstes zu tun ist, was zurückkam, was läuft.
enrollment-find = Micro-Credential finden
enrollment-your-turn = Sie sind dran
enrollment-active = In Arbeit
enrollment-none = Nichts in Arbeit
enrollment-none-text = Wählen Sie ein Micro-Credential, das zu Ihrem Ziel passt, und legen Sie den ersten Stein.
enrollment-next = Weiter: { $name }
enrollment-waiting = Wartet auf Begutachtung
enrollment-since = seit { $span }
enrollment-badges = Ihre neuesten Badges
enrollment-all-badges = Alle Badges
enrollment-past = Beendet und abgebrochen
enrollment-started = Sie sind eingeschrieben. Viel Erfolg!
enrollment-lede = Erfüllen Sie die Anforderungen in beliebiger Reihenfolge und in Ihrem Tempo.
enrollment-requirements = Anforderungen
enrollment-met = erledigt
enrollment-withdraw = Abbrechen
enrollment-withdraw-confirm = Dieses Micro-Credential abbrechen? Was Sie getan haben, bleibt erhalten, aber eine neue Einschreibung beginnt von vorn.
enrollment-back = Zurück zu den Anforderungen
enrollment-module-read = Sie haben dieses Modul gelesen.
enrollment-module-mark = Ich habe es gelesen
enrollment-module-done = Modul erledigt. Ein Stein mehr liegt.
enrollment-badge-done = Ihr Badge zählt. Ein Stein mehr liegt.
enrollment-quiz-lede = Mit { $percent } % der Punkte ist bestanden.
enrollment-quiz-left = { $count ->
    [0] Es ist kein Versuch übrig.
    [one] Es ist 1 Versuch übrig.
   *[other] Es sind { $shown } Versuche übrig.
 }
enrollment-quiz-unlimited = Sie können es beliebig oft versuchen.
enrollment-quiz-passed = Bestanden! Ein Stein mehr liegt.
enrollment-quiz-passed-title = Bestanden mit { $percent } %
enrollment-quiz-passed-text = Unten stehen die Erklärungen.
enrollment-quiz-failed = { $percent } % – noch nicht genug
enrollment-quiz-again = Sehen Sie sich die falschen noch einmal an; die Module helfen.
enrollment-quiz-used-up = Alle Versuche sind verbraucht. Bitten Sie die Organisation um einen weiteren.
enrollment-right = richtig
enrollment-wrong = falsch
enrollment-answer = Antwort
enrollment-several = Mehrere Antworten können richtig sein.
enrollment-send-answers = Antworten abschicken
enrollment-prior-lede = Hier zählt ein gültiges Badge, das Sie früher erworben haben.
enrollment-use-badge = Mein Badge verwenden
enrollment-awarded = Herzlichen Glückwunsch! Sie haben alles erfüllt, und dies ist Ihr Badge.

# Refusals.
no-enrollment-not-active = Sie arbeiten zurzeit nicht an diesem Micro-Credential
no-quiz-answers-most = Höchstens 500 Antworten mit je höchstens 500 Zeichen
no-quiz-attempts-used = Alle Versuche sind verbraucht; bitten Sie die Organisation um einen weiteren
no-quiz-sent-twice = Diese Antworten wurden zweimal gesendet; laden Sie die Seite neu
