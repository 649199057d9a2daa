# Wörter, die viele Seiten brauchen: Namen von Zuständen und Arten, Daten, Fehler.
month-1 = Januar
month-2 = Februar
month-3 = März
month-4 = April
month-5 = Mai
month-6 = Juni
month-7 = Juli
month-8 = August
month-9 = September
month-10 = Oktober
month-11 = November
month-12 = Dezember
span-minutes = { $count ->
    [0] weniger als eine Minute
    [one] 1 Minute
   *[other] { $shown } Minuten
 }
span-hours = { $count ->
    [one] 1 Stunde
   *[other] { $shown } Stunden
 }
span-days = { $count ->
    [one] 1 Tag
   *[other] { $shown } Tage
 }
# Dasselbe hinter „seit“.
span-since-minutes = { $count ->
    [0] weniger als einer Minute
    [one] 1 Minute
   *[other] { $shown } Minuten
 }
span-since-days = { $count ->
    [one] 1 Tag
   *[other] { $shown } Tagen
 }
programme-course = Kurs
programme-assessment = Prüfung
programme-project = Projekt
programme-badging = Anerkennung
programme-professional-development = Berufliche Weiterbildung
field-education = Bildung
field-healthcare = Gesundheit
field-business = Wirtschaft
field-technology = Technik
field-creative = Kreativwirtschaft
field-human-skills = Soziale Kompetenzen
participation-online = Online
participation-on-site = Vor Ort
participation-blended = Gemischt
assessment-quiz = Quiz
assessment-exam = Prüfung
assessment-project = Projekt
assessment-portfolio = Portfolio
assessment-observation = Beobachtung bei der Arbeit
assessment-attestation = Bestätigung
supervision-unsupervised = Keine Aufsicht, keine Identitätsprüfung
supervision-identity-checked = Identität geprüft, keine Aufsicht
supervision-supervised-online = Aufsicht online, Identität geprüft
supervision-supervised-on-site = Aufsicht vor Ort, Identität geprüft
renewal-none = Keine Erneuerung
renewal-hours = Durch Fortbildungsstunden
renewal-assessment = Durch erneute Prüfung
renewal-repeat = Durch Wiederholung
language-en = Englisch
language-de = Deutsch
role-owner = Inhaberin oder Inhaber
role-designer = Gestaltung
role-reviewer = Begutachtung
role-awarder = Vergabe
role-manager = Leitung
role-analyst = Auswertung
role-learner = Lernende
role-employer = Arbeitgeber
role-operator = Betrieb
kind-university = Hochschule
kind-association = Verband
kind-institute = Institut
kind-company = Unternehmen
kind-school = Schule
kind-employer = Arbeitgeber
requirement-all = Alles davon
requirement-at-least = { $count ->
    [one] Mindestens eines davon
   *[other] Mindestens { $shown } davon
 }
requirement-module = Modul
requirement-assessment = Quiz
requirement-project = Projekt
requirement-external-certificate = Zertifikat von anderswo
requirement-prior-credential = Früheres Badge
requirement-hours = Stunden
requirement-attestation = Bestätigung
enrollment-state-active = In Arbeit
enrollment-state-completed = Abgeschlossen
enrollment-state-awarded = Verliehen
enrollment-state-withdrawn = Abgebrochen
submission-state-draft = Entwurf
submission-state-submitted = Eingereicht
submission-state-in-review = In Begutachtung
submission-state-returned = An Sie zurückgegeben
submission-state-accepted = Angenommen
submission-state-declined = Abgelehnt
submission-state-appealed = Widerspruch eingelegt
credential-state-active = In Kraft
credential-state-suspended = Ausgesetzt
credential-state-revoked = Widerrufen
credential-state-superseded = Ersetzt
standing-not-yet-valid = Noch nicht gültig
standing-valid = Gültig
standing-in-grace = Abgelaufen, erneuerbar
standing-expired = Abgelaufen
verdict-verified = Bestätigt
verdict-warning = Bestätigt, mit Hinweisen
verdict-failed = Nicht bestätigt
verdict-unknown = Nicht feststellbar
outcome-passed = bestanden
outcome-failed = nicht bestanden
outcome-warning = Hinweis
outcome-unknown = nicht feststellbar
error-not-found = Nicht gefunden
error-text-not-found = Unter dieser Adresse gibt es nichts, oder es ist nicht für Sie freigegeben. Auch ein privates Badge sieht so aus.
error-forbidden = Nicht erlaubt
error-text-forbidden = Wenn Sie meinen, dass Sie es dürfen sollten, fragen Sie die Inhaberin oder den Inhaber der Organisation.
error-sign-in = Bitte melden Sie sich an
error-text-sign-in = Diese Seite ist für angemeldete Personen.
error-refused = Jetzt nicht möglich
error-text-refused = Es wurde nichts geändert. Gehen Sie zur vorigen Seite zurück.
error-invalid = Einige Angaben stimmen nicht
error-text-invalid = Es wurde nichts geändert. Gehen Sie zurück, berichtigen Sie die Angaben und senden Sie das Formular noch einmal.
error-conflict = Inzwischen geändert
error-text-conflict = Jemand war schneller. Laden Sie die Seite neu und sehen Sie den neueren Stand an.
error-too-many = Zu viele Anfragen
error-text-too-many = Bitte warten Sie einen Augenblick.
error-too-large = Zu groß
error-text-too-large = Es wurde nichts geändert.
error-unexpected = Bei uns ist etwas schiefgegangen
error-text-unexpected = Es steht im Protokoll. Versuchen Sie es noch einmal; wenn es wieder geschieht, sagen Sie dem Betrieb, wann es war.
error-home = Startseite
word-about-title = Über Cairn
word-about-lede = Kleine, vertrauenswürdige Nachweise von Können: erworben, begutachtet, signiert, gezeigt und geprüft.
word-about-text = Ein Cairn ist ein Steinmännchen, das einen Weg zeigt. Cairn ist eine offene Plattform für Micro-Credentials: Organisationen beschreiben sie, Lernende erwerben sie mit Nachweisen, Fachleute begutachten diese, und das signierte digitale Badge kann jede und jeder überall prüfen.
word-about-open = Offene Standards
word-about-open-text = Badges sind Open Badges 3.0 und W3C Verifiable Credentials 2.0, damit niemand festgehalten wird. Andere Programme nutzen die Schnittstelle, beschrieben durch
word-about-sources = Quellen
word-privacy-lede = Nichts über Sie ist öffentlich, wenn Sie es nicht freigeben.
word-privacy-private = Badges, Nachweise und Fortschritt sind privat, bis Sie ein Badge freigeben; das können Sie jederzeit zurücknehmen.
word-privacy-cookies = Cookies dienen nur dazu, dass Sie angemeldet bleiben, dass Formulare geschützt sind und dass Ihre Sprache gemerkt wird.
word-privacy-third = Keine Seite lädt etwas von Dritten.
word-privacy-export = Auf Ihrer Kontoseite können Sie alles herunterladen, was über Sie gespeichert ist.
word-privacy-delete = Dort können Sie Ihr Konto auch löschen. Ausgestellte Badges bleiben für alle prüfbar, die eine Kopie haben.
