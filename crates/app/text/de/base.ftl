# Der Rahmen jeder Seite und Wörter, die viele Seiten teilen.

base-name = Cairn
base-skip = Zum Inhalt springen
base-nav = Hauptmenü
base-nav-catalogue = Katalog
base-nav-verify = Prüfen
base-nav-desk = Schreibtisch
base-nav-badges = Badges
base-nav-reviews = Begutachtung
base-nav-organizations = Organisationen
base-language = Sprache
base-account = Konto
base-operator = Sie betreiben diese Seite.
base-sign-in = Anmelden
base-sign-out = Abmelden
base-demo = Dies ist eine Vorführung. Personen, Organisationen und Badges sind erfunden.
base-foot = Kleine Nachweise des Könnens, offen für alle, die sie prüfen wollen.
base-foot-nav = Über diese Seite
base-about = Über Cairn
base-privacy = Datenschutz

# Formulare
base-optional = (freiwillig)
base-errors = Bitte sehen Sie sich diese Punkte noch einmal an
base-drop = oder hierher ziehen
base-save = Speichern
base-cancel = Abbrechen
base-confirm = Fortfahren
base-close = Schließen
base-delete = Löschen
base-edit = Bearbeiten
base-back = Zurück
base-copy = Kopieren
base-copied = Kopiert
base-saving = Wird gespeichert …
base-saved = Gespeichert
base-not-saved = Nicht gespeichert. Ihr Text steht noch hier; bitte speichern Sie ihn von Hand.
base-uploading = Wird hochgeladen …
base-upload-failed = Diese Datei ist nicht angekommen.
base-retry = Erneut versuchen
base-remove = Entfernen

# Listen
base-pages = Seiten
base-crumbs = Wo Sie sind
base-previous = Zurück
base-next = Weiter
base-search = Suchen

# Zustände, unter den Namen aus der Fachsprache
base-state-draft = Entwurf
base-state-published = Veröffentlicht
base-state-retired = Zurückgezogen
base-state-active = In Arbeit
base-state-completed = Abgeschlossen
base-state-awarded = Verliehen
base-state-withdrawn = Abgebrochen
base-state-submitted = Eingereicht
base-state-in-review = In Begutachtung
base-state-returned = Mit Hinweisen zurück
base-state-accepted = Angenommen
base-state-declined = Abgelehnt
base-state-appealed = Einspruch erhoben
base-state-valid = Gültig
base-state-not-yet-valid = Noch nicht gültig
base-state-in-grace = Erneuerung fällig
base-state-expired = Abgelaufen
base-state-suspended = Ausgesetzt
base-state-revoked = Widerrufen
base-state-superseded = Ersetzt
form-error-long = Schreiben Sie höchstens { $most } Zeichen
form-error-empty = Bitte ausfüllen
form-error-number = Schreiben Sie eine Zahl
form-error-range = Schreiben Sie eine Zahl von { $least } bis { $most }
form-error-choose = Bitte wählen
form-error-url = Schreiben Sie eine Adresse, die mit https:// beginnt
