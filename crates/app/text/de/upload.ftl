# Uploads and forms.

# Refusals.
no-body-broken = Der Inhalt brach ab; senden Sie ihn noch einmal
no-body-too-large = Der Inhalt ist zu groß; senden Sie ihn in mehreren Aufrufen
no-changed = Dies wurde eben geändert; laden Sie die Seite neu
no-field-unexpected = Hier wird nichts erwartet; lassen Sie dieses Feld weg
no-file-empty = „{ $file }“ ist leer
no-file-gone = Diese Datei ist nicht mehr da; laden Sie sie noch einmal hoch
no-file-large = „{ $file }“ ist größer als { $most } MB; verkleinern Sie es, oder geben Sie einen Link an
no-form-fields = Dieses Formular hat mehr als { $most } Felder; senden Sie weniger auf einmal
no-form-not-multipart = Das ist kein mehrteiliges Formular: { $why }
no-form-parts = Dieses Formular hat zu viele Teile; senden Sie es in mehreren
no-picture-busy = Ihr letztes Bild wird noch gelesen; senden Sie dieses in einem Augenblick
no-picture-kind = Angenommen werden nur PNG- und SVG-Bilder
no-picture-large = Das Bild ist größer als 2 MB
no-picture-small = Das Bild muss mindestens 90 mal 90 Pixel haben
no-picture-unreadable = Dieses Bild lässt sich nicht lesen; speichern Sie es neu, oder laden Sie es als PNG hoch
no-png-unreadable = Dieses PNG lässt sich nicht lesen
no-sent-large-kilobytes = Was Sie gesendet haben, ist größer als { $most } kB; kürzen Sie es
no-sent-large-megabytes = Was Sie gesendet haben, ist größer als { $most } MB; senden Sie weniger auf einmal
no-svg-backslashes = Ein SVG, dessen Formatvorlage umgekehrte Schrägstriche enthält, wird nicht angenommen; laden Sie es als PNG hoch
no-svg-complicated = Dieses SVG ist zu aufwendig zu zeichnen; vereinfachen Sie es oder laden Sie es als PNG hoch
no-svg-element = Ein SVG mit „{ $element }“ wird nicht angenommen; exportieren Sie es als einfache Formen, oder laden Sie es als PNG hoch
no-svg-entities = Ein SVG mit Entity-Definitionen wird nicht angenommen
no-svg-none = Das ist kein SVG-Bild
no-svg-not-utf8 = Dieses SVG ist nicht in UTF-8 geschrieben; speichern Sie es in UTF-8 oder laden Sie es als PNG hoch
no-svg-pictures = Ein SVG mit Bildern darin wird nicht angenommen; laden Sie es als PNG hoch
no-text-long = Dieser Text ist zu lang; kürzen Sie ihn
no-text-not-utf8 = Dieser Text ist nicht in UTF-8 geschrieben; geben Sie ihn neu ein
no-text-nul = Ein Text darf das Zeichen NUL nicht enthalten
no-upload-broken = Das Hochladen brach ab; senden Sie es noch einmal
no-upload-too-large = Was Sie hochladen, ist zu groß
no-url-form = Schreiben Sie die ganze Adresse, wie https://example.org/seite
