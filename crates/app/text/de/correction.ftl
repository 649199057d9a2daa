correction-title = Dieses Badge korrigieren
correction-text = Ein signiertes Badge wird nie geändert. Ein neues mit den richtigen Angaben tritt an seine Stelle, und wer es hält, erfährt davon; dieses hier sagt dann, dass es ersetzt wurde.
correction-open = Korrigieren
correction-name = Name auf dem Badge
correction-day = Erworben am
correction-day-hint = Der Tag der Ausstellung oder einer davor. Bis wann es gilt, folgt aus diesem Tag.
correction-evidence = Nachweise
correction-evidence-hint = Was weder Titel noch Adresse noch Beschreibung hat, entfällt.
correction-piece-title = Titel
correction-piece-link = Adresse
correction-piece-text = Beschreibung
correction-more-title = Titel eines weiteren Nachweises
correction-more-link = Seine Adresse
correction-more-text = Seine Beschreibung
correction-reason = Was war falsch?
correction-reason-hint = Wer das Badge hält und wer das alte prüft, liest es.
correction-confirm = Das alte Badge wird endgültig ersetzt. Korrigieren?
correction-button = Korrigiertes Badge ausstellen
correction-done = Das korrigierte Badge wurde ausgestellt; es tritt an die Stelle des alten.
correction-see = Das Badge ansehen, das an seine Stelle trat
event-credential-corrected = korrigierte ein Badge
mail-correct-subject = Korrigiert: { $title }
mail-correct-text =
    Guten Tag { $name },

    { $organization } hat Ihr Badge „{ $title }“ korrigiert. Ein neues tritt an seine Stelle; Prüfungen des alten sagen, dass es ersetzt wurde.

    Grund: { $reason }
mail-correct-button = Neues Badge ansehen
mail-correct-why = Sie halten dieses Badge; gesendet hat den Brief { $instance } für die ausstellende Organisation.

# Refusals.
no-badge-run-out = Dieses Badge ist abgelaufen; es lässt sich erneuern, nicht korrigieren
no-badge-suspended = Dieses Badge ist ausgesetzt; setzen Sie es wieder in Kraft, bevor Sie es korrigieren
no-choose-day = Wählen Sie einen Tag
no-correction-day = Wählen Sie den Tag der Ausstellung oder einen davor
no-correction-evidence-link = Die Adresse eines Nachweises beginnt mit https:// oder http://
no-correction-evidence-most = Ein Badge hat höchstens 20 Nachweise
no-correction-evidence-narrative = Die Beschreibung eines Nachweises hat höchstens 5000 Zeichen
no-correction-evidence-own = Diese Adresse gehört zu einer Datei auf dieser Seite. Dateien können nur bleiben oder wegfallen: Welche gezeigt wird, sagt die lernende Person
no-correction-evidence-title = Jeder Nachweis braucht einen Titel mit höchstens 200 Zeichen
no-correction-run-out = An diesem Tag verliehen, wäre das Badge jetzt abgelaufen
no-correction-nothing = Nichts ist geändert; korrigieren Sie den Namen, den Tag oder die Nachweise
