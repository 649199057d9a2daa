awarding-had-it = Sie haben alles noch einmal erfüllt. Sie haben dieses Badge schon, und es gilt noch.
awarding-rows-title = Hatten es schon
awarding-rows-text = Niemand bekommt dasselbe Badge zweimal. Diese Zeilen nennen Menschen, die es haben, auch unter einer anderen ihrer Adressen.
awarding-row-badge = Badge
awarding-row-see = Badge ansehen
event-credential-second-held = fügte eine Adresse hinzu, die ein zweites Badge derselben Fassung hat
