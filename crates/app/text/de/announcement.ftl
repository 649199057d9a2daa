# Was Organisationen ihren Lernenden sagen.

announcement-title = Ankündigungen
announcement-lede = Sagen Sie Ihren Lernenden etwas: auf ihrem Schreibtisch und, wer es möchte, als Brief.
announcement-new = Neue Ankündigung
announcement-field-title = Titel
announcement-field-text = Text
announcement-field-text-hint = Höchstens 5.000 Zeichen. Links, Listen und Hervorhebungen in Markdown.
announcement-field-audience = An wen
announcement-audience-everyone = Lernende und alle, die ein Badge halten
announcement-audience-learners = Wer gerade an etwas arbeitet
announcement-audience-holders = Wer ein Badge hält
announcement-field-achievement = Zu welchem Micro-Credential
announcement-all = Alle der Organisation
announcement-field-at = Ab wann (UTC)
announcement-field-at-hint = Leer heißt: jetzt.
announcement-make = Ankündigen
announcement-hint = Höchstens 10 an einem Tag. Auf dem Schreibtisch steht es 90 Tage lang.
announcement-told = Was Sie gesagt haben
announcement-none = Noch nichts
announcement-none-text = Hier steht, was Sie ankündigen und für wen.
announcement-is-waiting = Noch nicht zu sehen
announcement-is-withdrawn = Zurückgezogen
announcement-withdraw = Zurückziehen
announcement-withdraw-sure = Diese Ankündigung zurückziehen? Briefe, die schon unterwegs sind, bleiben, wo sie sind.
announcement-made = Angekündigt.
announcement-withdrawn = Zurückgezogen. Niemand findet es mehr.
announcement-organization-text = Sagen Sie Lernenden, was es Neues gibt, und sehen Sie, was Sie ihnen gesagt haben.
announcement-reader-lede = Was Ihnen die Organisationen sagen, an deren Micro-Credentials Sie arbeiten oder deren Badges Sie halten.
announcement-reader-none = Nichts Neues
announcement-reader-none-text = Was eine Organisation Ihnen sagt, steht hier 90 Tage lang.
announcement-mark = Alles als gelesen markieren
announcement-marked = Alles ist als gelesen markiert.
announcement-is-new = Neu
announcement-letters = Auch als Brief
announcement-letters-text = Die Ankündigungen einer Organisation kommen nur als Brief zu Ihnen, wenn Sie es möchten. In jedem Brief steht ein Link, der sie beendet.
announcement-letters-yes = { $organization } schreibt Ihnen
announcement-letters-no = { $organization } schreibt Ihnen nicht
announcement-letters-start = Briefe schicken
announcement-letters-stop = Keine Briefe mehr
announcement-letters-on = Ab jetzt bekommen Sie Briefe.
announcement-letters-off = Sie bekommen keine Briefe mehr.
announcement-out = Keine Briefe mehr
announcement-out-text = { $organization } schickt Ihnen Ankündigungen als Briefe. Sollen sie aufhören?
announcement-out-button = Ja, aufhören
announcement-out-done = { $organization } schickt Ihnen keine Ankündigungen mehr als Briefe.
announcement-out-again = Sie finden sie auf Ihrem Schreibtisch, und dort können Sie wieder Briefe bestellen.
announcement-desk = Neues
event-announcement-made = hat etwas angekündigt
event-announcement-withdrawn = hat eine Ankündigung zurückgezogen
privacy-kept-announcements = Ankündigungen von Organisationen
mail-announcement-subject = { $organization }: { $title }
mail-announcement-text =
    Hallo { $name },

    { $organization } schreibt:

    > { $text }
mail-announcement-button = Alle Ankündigungen
mail-announcement-why = Sie haben die Ankündigungen der oben genannten Organisation als Briefe bestellt; { $instance } hat diesen geschickt.

# Refusals.
no-announcement-title-long = Ein Titel hat höchstens { $most } Zeichen
no-announcement-text-empty = Schreiben Sie, was Sie sagen möchten
no-announcement-text-long = Ein Text hat höchstens { $most } Zeichen
no-announcement-past = Wählen Sie einen Zeitpunkt, der noch nicht vergangen ist
no-announcement-far = Wählen Sie einen Zeitpunkt innerhalb eines Jahres
no-announcement-most = Sie haben an einem Tag { $most } Ankündigungen gemacht; machen Sie morgen weiter
no-announcement-withdrawn = Diese Ankündigung wurde schon zurückgezogen
no-announcement-no-achievement = Wählen Sie eines Ihrer veröffentlichten Micro-Credentials oder alle der Organisation
no-announcement-audience = Wählen Sie, wer es erfährt: everyone, learners oder holders
