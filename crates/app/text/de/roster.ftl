# Listen: allen auf einmal verleihen.
roster-title = Vielen auf einmal verleihen
roster-lede = Laden Sie eine Liste von Personen hoch, sehen Sie nach, was verstanden wurde, und verleihen Sie allen mit einem Klick.
roster-upload-title = Neue Liste
roster-achievement = Micro-Credential
roster-choose = Bitte wählen
roster-file = Datei
roster-file-hint = CSV mit den Spalten Name, E-Mail und, wenn Sie möchten, Datum. Überschriften auf Deutsch oder Englisch, Kommas, Semikolons oder Tabulatoren; höchstens 100.000 Zeilen und 30 MB.
roster-template = Leere Liste zum Ausfüllen herunterladen
roster-template-file = liste.csv
roster-heading-name = Name
roster-heading-email = E-Mail
roster-heading-date = Datum
roster-separator = ;
roster-upload = Hochladen und ansehen
roster-upload-hint = Noch wird nichts verliehen: Sie sehen zuerst, was verstanden wurde.
roster-uploaded = Die Liste wurde gelesen. Es wurde noch nichts verliehen.
roster-copied = Die Personen der früheren Liste sind hier. Es wurde noch nichts verliehen.
roster-removed = Die Liste wurde entfernt.
roster-nothing-published = Es gibt noch nichts zu verleihen
roster-nothing-published-text = Veröffentlichen Sie zuerst ein Micro-Credential; dann können Sie es einer Liste von Personen verleihen.
roster-to-organization = Zur Organisation
roster-list = Bisherige Listen
roster-when = Hochgeladen
roster-rows = Zeilen
roster-state = Stand
roster-state-ready = Noch nicht verliehen
roster-state-running = Wird verliehen
roster-state-done = Verliehen
no-roster-no-achievement = Wählen Sie eines Ihrer veröffentlichten Micro-Credentials.
no-roster-no-file = Wählen Sie eine Datei.
no-roster-file-too-large = Diese Datei ist größer als 30 MB. Teilen Sie sie in mehrere Listen.
no-roster-file-empty = Diese Datei ist leer. Wählen Sie eine mit einer Kopfzeile und Personen darunter.
no-roster-file-not-text = Das ist keine CSV-Datei. Wählen Sie in Ihrer Tabellenkalkulation „Speichern unter“ und „CSV UTF-8“ und laden Sie diese Datei hoch.
no-roster-file-utf-16 = Diese Datei ist in UTF-16 geschrieben. Wählen Sie in Ihrer Tabellenkalkulation „Speichern unter“ und „CSV UTF-8“ und laden Sie diese Datei hoch.
no-roster-file-no-rows = Unter der Kopfzeile steht niemand. Ergänzen Sie Personen und laden Sie die Datei noch einmal hoch.
no-roster-file-too-many = Diese Datei hat mehr als { $most } Zeilen. Teilen Sie sie in mehrere Listen.
no-roster-file-missing = Es gibt keine Spalte „{ $column }“. Die erste Zeile muss die Spalten benennen; dort steht: { $found }.
no-roster-file-twice = Die Spalte „{ $column }“ gibt es zweimal. Behalten Sie eine davon.
no-roster-file-endless = Zeile { $row } endet nicht: Ein Anführungszeichen wird geöffnet und nicht geschlossen. Korrigieren Sie es und laden Sie die Datei noch einmal hoch.
roster-column = Spalte
roster-column-row = Zeile
roster-column-email = E-Mail
roster-column-name = Name
roster-column-given = Vorname
roster-column-family = Nachname
roster-column-date = Datum
roster-column-problem = Problem
roster-problem-email-missing = Die Adresse fehlt. Schreiben Sie sie wie name@example.org.
roster-problem-email-wrong = „{ $value }“ ist keine E-Mail-Adresse. Schreiben Sie sie wie name@example.org.
roster-problem-email-duplicate = Zeile { $value } hat dieselbe Adresse und zählt. Ist dies eine andere Person, geben Sie deren eigene Adresse an; sonst löschen Sie diese Zeile.
roster-problem-email-own = „{ $value }“ ist Ihre eigene Adresse; niemand verleiht sich selbst ein Badge. Löschen Sie diese Zeile, oder lassen Sie sie von jemand anderem hochladen, der verleihen darf.
roster-problem-name-missing = Der Name fehlt. Schreiben Sie ihn so, wie er auf dem Badge stehen soll.
roster-problem-name-long = Der Name ist länger als 200 Zeichen. Kürzen Sie ihn.
roster-problem-date-wrong = „{ $value }“ ist kein Datum. Schreiben Sie es wie 2026-11-22 oder 22.11.2026, oder lassen Sie es leer.
roster-problem-date-future = „{ $value }“ liegt in der Zukunft. Schreiben Sie den Tag, an dem es erworben wurde, oder lassen Sie es leer.
roster-problem-row-long = Diese Zeile hat mehr Zellen als die Kopfzeile; „{ $value }“ ist zu viel. Setzen Sie Texte, die das Trennzeichen enthalten, in Anführungszeichen.
roster-good = Bereit zum Verleihen
roster-bad = Mit einem Problem
roster-before = Haben es schon
roster-before-text = { $count ->
    [one] 1 Person hat dieses Badge schon und wird übersprungen
   *[other] { $shown } Personen haben dieses Badge schon und werden übersprungen
 }
roster-count-rows = { $count ->
    [one] 1 Zeile
   *[other] { $shown } Zeilen
 }
roster-latin = Diese Datei ist nicht in UTF-8 geschrieben
roster-latin-text = Sie wurde als Windows-1252 gelesen. Sehen Sie sich unten Namen mit Umlauten und Akzenten an; sind sie falsch, speichern Sie die Datei als „CSV UTF-8“ und laden Sie sie noch einmal hoch.
roster-award = { $count ->
    [one] 1 Badge verleihen
   *[other] { $shown } Badges verleihen
 }
roster-award-hint = Alle bekommen einen Brief. Zeilen mit einem Problem werden ausgelassen; Sie können sie danach korrigieren und hochladen.
roster-all-before = Alle hier haben dieses Badge schon
roster-all-before-text = Es ist nichts zu tun.
roster-none-good = Keine Zeile kann verliehen werden
roster-none-good-text = Korrigieren Sie die Zeilen unten und laden Sie die Datei noch einmal hoch.
roster-first = Die ersten Zeilen, wie sie verstanden wurden
roster-today = Tag der Verleihung
roster-problems = Zeilen mit einem Problem
roster-problems-text = Sie halten die anderen nicht auf. Die Nummern sind die Ihrer Tabellenkalkulation; die Kopfzeile ist Zeile 1.
roster-problems-download = { $count ->
    [one] Diese Zeile zum Korrigieren herunterladen
   *[other] Diese { $shown } Zeilen zum Korrigieren herunterladen
 }
roster-problems-more = { $count ->
    [one] Und 1 weitere Zeile; sie steht in der Datei zum Herunterladen.
   *[other] Und { $shown } weitere Zeilen; sie stehen in der Datei zum Herunterladen.
 }
roster-problems-file = zu-korrigieren
roster-what-to-do = Was zu tun ist
roster-running = Die Badges werden verliehen
roster-running-text = Sie können diese Seite verlassen; es geht ohne Sie weiter.
roster-look-again = Noch einmal nachsehen
roster-failed = Das Verleihen ist stehen geblieben
roster-failed-text = { $done } von { $total } Zeilen sind erledigt, und niemand hat es zweimal bekommen. Versuchen Sie fortzufahren; bleibt es wieder stehen, sagen Sie es dem Betreiber dieser Seite.
roster-go-on = Fortfahren
roster-done = Fertig
roster-awarded = { $count ->
    [0] Es wurde kein Badge verliehen.
    [one] 1 Badge wurde verliehen.
   *[other] { $shown } Badges wurden verliehen.
 }
roster-skipped = { $count ->
    [one] 1 Person hatte es schon.
   *[other] { $shown } Personen hatten es schon.
 }
roster-bad-left = { $count ->
    [one] 1 Zeile hatte ein Problem und wurde ausgelassen.
   *[other] { $shown } Zeilen hatten ein Problem und wurden ausgelassen.
 }
roster-see-credentials = Die Badges ansehen
roster-copy-title = Denselben Personen ein anderes Micro-Credential verleihen
roster-copy-hint = Die guten Zeilen werden eine neue Liste, datiert auf den Tag, an dem Sie sie verleihen.
roster-copy = Diese Personen noch einmal nehmen
roster-remove = Diese Liste entfernen
roster-remove-confirm = Diese Liste entfernen? Aus ihr wurde noch nichts verliehen.
roster-revoked = { $count ->
    [one] Das Badge von 1 Person wurde früher widerrufen und nicht noch einmal verliehen.
   *[other] Die Badges von { $shown } Personen wurden früher widerrufen und nicht noch einmal verliehen.
 }
roster-revoked-title = Früher widerrufen
roster-revoked-text = Eine Liste hebt keinen Widerruf auf. Diese Personen können das Badge neu erwerben, oder ein Programm verleiht es mit Absicht („again“ in der Schnittstelle).
roster-revoked-will = { $count ->
    [one] Das Badge von 1 Person wurde widerrufen und wird nicht noch einmal verliehen
   *[other] Die Badges von { $shown } Personen wurden widerrufen und werden nicht noch einmal verliehen
 }
roster-award-confirm = Diese Badges jetzt verleihen? Alle bekommen einen Brief.

event-roster-removed = entfernte eine Liste

# Refusals.
no-roster-no-good-row = Keine Zeile dieser Liste kann verliehen werden; korrigieren Sie die Datei und laden Sie sie noch einmal hoch
no-roster-nothing-again = Diese Liste hat keine guten Zeilen, die man noch einmal nehmen könnte
no-roster-own = Zeile { $row } sind Sie selbst; niemand verleiht sich selbst ein Badge. Lassen Sie die Zeile weg, oder lassen Sie jemand anders, der verleihen darf, die Liste starten
no-roster-started = Diese Liste wurde schon verliehen und bleibt als Nachweis
