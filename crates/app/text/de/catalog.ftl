# catalog
catalog-title = Katalog
catalog-lede = Finden Sie ein Micro-Credential, das zu Ihrem Ziel, Ihrer Zeit und Ihrem Niveau passt.
catalog-search-label = Katalog durchsuchen
catalog-search-hint = Eine Fähigkeit, ein Thema, eine Organisation
catalog-narrow = Eingrenzen
catalog-apply = Ergebnisse zeigen
catalog-chosen = Gewählte Filter
catalog-clear = Alles zeigen
catalog-corrected = Zu „{ $typed }“ wurde nichts gefunden. Das sind Ergebnisse für „{ $words }“.
catalog-empty = Nichts passt
catalog-empty-text = Versuchen Sie es mit weniger oder anderen Wörtern, oder nehmen Sie einen Filter weg.
catalog-count = { $count ->
    [one] 1 Micro-Credential
   *[other] { $shown } Micro-Credentials
 }
catalog-sort = Reihenfolge
catalog-sort-best = Beste Treffer
catalog-sort-title = Titel
catalog-sort-newest = Neueste
catalog-sort-shortest = Kürzeste
catalog-facet-field = Gebiet
catalog-facet-programme = Art
catalog-facet-participation = Teilnahme
catalog-facet-language = Sprache
catalog-facet-level = Niveau (EQR)
catalog-facet-price = Preis
catalog-facet-hours = Arbeitsaufwand
catalog-facet-organization = Aussteller
catalog-price-free = Kostenlos
catalog-price-paid = Mit Gebühr
catalog-hours-to-10 = Bis 10 Stunden
catalog-hours-11-25 = 11 bis 25 Stunden
catalog-hours-26-50 = 26 bis 50 Stunden
catalog-hours-from-51 = Mehr als 50 Stunden
catalog-hours = { $count ->
    [one] 1 Stunde
   *[other] { $shown } Stunden
 }
catalog-minutes = { $count ->
    [one] 1 Minute
   *[other] { $shown } Minuten
 }
catalog-level = Niveau { $level }
catalog-level-none = Keine Angabe
catalog-free = Kostenlos
catalog-ects = { $credits } ECTS
catalog-eqf = EQR { $level }
catalog-about = Worum es geht
catalog-outcomes = Lernergebnisse
catalog-outcomes-text = Wer dieses Badge hat:
catalog-requirements = Was Sie dafür tun
catalog-requirements-none = Noch keine Anforderungen.
catalog-questions = { $count ->
    [one] 1 Frage
   *[other] { $shown } Fragen
 }
catalog-pass = bestanden ab { $percent } %
catalog-attempts = { $count ->
    [one] 1 Versuch
   *[other] { $shown } Versuche
 }
catalog-criteria = { $count ->
    [one] beurteilt nach 1 Kriterium
   *[other] beurteilt nach { $shown } Kriterien
 }
catalog-skills = Fähigkeiten
catalog-tags = Stichwörter
catalog-terms = Bedingungen
catalog-elements = Auf einen Blick
catalog-element-language = Sprache
catalog-element-programme = Art
catalog-element-workload = Arbeitsaufwand
catalog-element-level = Niveau
catalog-element-participation = Teilnahme
catalog-element-assessment = Prüfungsform
catalog-element-supervision = Aufsicht und Identität
catalog-element-assurance = Qualitätssicherung
catalog-element-accreditation = Akkreditierung
catalog-element-quality-url = Mehr zur Qualität
catalog-element-prerequisites = Voraussetzungen
catalog-element-stackability = Kombinierbar mit
catalog-element-further = Gut zu wissen
catalog-element-price = Preis
catalog-element-funding = Förderung
catalog-element-validity = Gültigkeit
catalog-element-renewal = Verlängerung
catalog-element-holders = Inhaberinnen und Inhaber
catalog-element-version = Version
catalog-read-up = Nachlesen
catalog-valid-always = Ohne Ende
catalog-valid-months = { $count ->
    [one] 1 Monat ab Verleihung
   *[other] { $shown } Monate ab Verleihung
 }
catalog-renewal-hours = { $count ->
    [0] Durch Fortbildungsstunden
    [one] Durch 1 Fortbildungsstunde
   *[other] Durch { $shown } Fortbildungsstunden
 }
catalog-grace = { $count ->
    [one] bis 1 Tag nach Ablauf
   *[other] bis { $shown } Tage nach Ablauf
 }
catalog-holders = { $count ->
    [one] 1 Person
   *[other] { $shown } Personen
 }
catalog-holders-few = Weniger als fünf
catalog-version = Version { $number }: was sich geändert hat
catalog-enroll = Jetzt beginnen
catalog-sign-in-first = Anmelden und beginnen
catalog-preview-title = Vorschau
catalog-preview-text = So sieht die Seite aus, wenn Sie den Entwurf veröffentlichen.
catalog-preview-back = Zurück zum Bearbeiten
catalog-retired-title = Wird nicht mehr angeboten
catalog-retired-text = Neue Lernende können hier nicht mehr beginnen. Verliehene Badges bleiben gültig, wie es in ihnen steht.
catalog-compare-title = Vergleichen
catalog-compare-lede = Bis zu vier Micro-Credentials nebeneinander.
catalog-compare-this = Vergleichen
catalog-compare-chosen = Gewählte vergleichen
catalog-compare-many = Nebeneinander passen nur vier; das sind die ersten vier.
catalog-compare-empty = Noch nichts zu vergleichen
catalog-compare-empty-text = Kreuzen Sie im Katalog bis zu vier Micro-Credentials an und wählen Sie dann „Gewählte vergleichen“.
catalog-compare-element = Merkmal
catalog-front-title = Kleine Belege für Können, erworben und geprüft
catalog-front-lede = Finden Sie einen kurzen Kurs oder ein Projekt, zeigen Sie, was Sie können, und erhalten Sie ein signiertes Badge, das alle prüfen können.
catalog-front-desk = Zu meinem Schreibtisch
catalog-front-verify = Badge prüfen
catalog-front-how = So geht es
catalog-front-step-find = Finden, was zum Ziel passt
catalog-front-step-earn = Lernen und Nachweise einreichen
catalog-front-step-review = Von Menschen beurteilen lassen
catalog-front-step-show = Signiertes Badge zeigen
catalog-front-step-check = Alle können es prüfen
catalog-front-fields = Gebiete
catalog-front-newest = Neu im Katalog
catalog-front-empty = Der Katalog ist noch leer
catalog-front-empty-text = Sobald eine Organisation ihr erstes Micro-Credential veröffentlicht, erscheint es hier.
catalog-front-all = { $count ->
    [one] Zum Katalog
   *[other] Alle { $shown } ansehen
 }
