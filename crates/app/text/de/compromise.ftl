compromise-made = Erzeugt
compromise-ended = Beendet
compromise-public = Öffentliche Hälfte
compromise-from = nicht vertrauenswürdig ab { $date }
compromise-from-text = Was dieser Schlüssel davor signiert hat, bleibt gültig. Was er ab dann signiert hat, besteht keine Prüfung mehr, hier wie anderswo: Das DID-Dokument der Organisation sagt es.
compromise-touched = Badges, die nicht mehr zählen
compromise-count = { $count ->
    [0] Ab dann wurde kein Badge dieser Instanz mit ihm signiert.
    [one] Ab dann wurde 1 Badge mit ihm signiert. Wer es hat, braucht ein neues.
   *[other] Ab dann wurden { $shown } Badges mit ihm signiert. Wer sie hat, braucht neue.
}
compromise-issued = Ausgestellt
compromise-end = Jemand anders könnte diesen Schlüssel benutzt haben
compromise-prove = Zeigen Sie zuerst, dass Sie es sind; es gilt 15 Minuten.
compromise-prove-link = Zum Konto
compromise-end-text = Wenn der Schlüssel verloren ging oder kopiert wurde, beenden Sie ihn ab dem Zeitpunkt, ab dem jemand anders mit ihm signiert haben könnte. Frühere Badges bleiben gültig, spätere zählen nicht, und sofort signiert ein neuer Schlüssel. Wählen Sie im Zweifel einen frühen Zeitpunkt; er lässt sich noch vorverlegen, aber nicht nach hinten.
compromise-since = Seit wann? (UTC)
compromise-since-hint = Tag und Uhrzeit in UTC, etwa 2026-11-22T08:30
compromise-reason = Warum?
compromise-confirm = Diesen Schlüssel ab diesem Zeitpunkt beenden? Das lässt sich nicht zurücknehmen.
compromise-button = Schlüssel beenden
compromise-done = Der Schlüssel ist beendet, und ein neuer signiert. Das sind die betroffenen Badges.
compromise-conflict-since = erklärt am { $date }
event-key-distrusted = beendete einen Signaturschlüssel ab einem Zeitpunkt
mail-key-ended-subject = Einem Signaturschlüssel von { $organization } wird nicht mehr vertraut
mail-key-ended-text =
    Guten Tag { $name },

    der Schlüssel { $key } von { $organization } wurde ab { $date } beendet, weil jemand anders ihn benutzt haben könnte. Was er davor signiert hat, bleibt gültig; spätere Signaturen bestehen keine Prüfung. Betroffene Badges dieser Instanz: { $count }.

    Ab jetzt signiert ein neuer Schlüssel. Wenn Sie das nicht erwartet haben, fragen Sie die anderen Inhaberinnen und Inhaber und den Betreiber der Instanz.
mail-key-ended-button = Betroffene ansehen

# Refusals.
no-choose-instant = Wählen Sie Tag und Uhrzeit, in UTC
no-compromise-earlier = Dieser Schlüssel ist schon ab einem früheren Zeitpunkt beendet
no-compromise-instant = Wählen Sie einen Zeitpunkt, der vergangen ist
no-compromise-reason = Sagen Sie, warum; es steht im Protokoll
