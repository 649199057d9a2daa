awarding-had-it = Sie haben alles noch einmal erfüllt. Sie haben dieses Badge schon, und es gilt noch.
awarding-rows-title = Hatten es schon
awarding-rows-text = Niemand bekommt dasselbe Badge zweimal. Diese Zeilen nennen Menschen, die es haben, auch unter einer anderen ihrer Adressen.
awarding-row-badge = Badge
awarding-row-see = Badge ansehen
event-credential-second-held = fügte eine Adresse hinzu, die ein zweites Badge derselben Fassung hat

# Refusals.
no-award-day = Dieser Tag ist noch nicht gekommen oder zu lange her
no-award-no-achievement = Diese Organisation bietet unter diesem Schlüssel kein Micro-Credential an
no-award-own = Das ist Ihre eigene Adresse; niemand verleiht sich selbst ein Badge. Jemand anders, der verleihen darf, muss es tun
no-award-recipients = Nennen Sie 1 bis 1000 Personen in einem Aufruf
no-badge-awarded-again = Dieses Badge wurde noch einmal verliehen und auch das neue widerrufen; verleihen Sie jenes noch einmal
no-badge-in-force = Diese Person hat ein gültiges Badge dieser Fassung
no-badge-not-revoked = Nur ein widerrufenes Badge wird noch einmal verliehen
no-badge-revoked-again = Das Badge dieser Person, { $badge }, wurde widerrufen; um es trotzdem noch einmal zu verleihen, setzen Sie again auf true
no-recipient-name = Ein Name hat 1 bis 200 Zeichen und keine Web- oder Mailadresse
no-recipient-twice = Diese Adresse steht auch bei recipients[{ $before }]
