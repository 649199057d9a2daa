privacy-kept-title = Wie lange etwas aufbewahrt wird
privacy-kept-lede = Was zu Ihrem Konto gehört, bleibt so lange wie das Konto. Früher gelöscht wird, jede Nacht:
privacy-kept-what = Was
privacy-kept-how-long = Aufbewahrt
privacy-kept-days = { $count ->
    [one] 1 Tag
   *[other] { $shown } Tage
 }
privacy-kept-letters = Briefe an Sie
privacy-kept-jobs = Vermerke über erledigte Arbeiten, etwa den Versand eines Briefes
privacy-kept-rates = Zähler gegen zu viele Anfragen
privacy-kept-sessions = Beendete Sitzungen
privacy-kept-links = Verwendete oder abgelaufene Links aus Briefen
privacy-kept-tokens = Widerrufene oder abgelaufene Schlüssel zur Programmierschnittstelle
privacy-kept-invitations = Angenommene oder abgelaufene Einladungen
privacy-kept-roster-files = Dateien von Listen, mit denen eine Organisation Badges vergibt
privacy-kept-rosters = Namen und Adressen in diesen Listen
privacy-kept-answers = Antworten auf Aufrufe von Programmen, für wiederholte Aufrufe
privacy-stays-title = Was von Ihren Badges bleibt
privacy-stays-what = Von jedem Badge die Nummer, das Micro-Credential, die Zeitangaben, ob es ausgesetzt oder widerrufen wurde, und der Platz in der öffentlichen Statusliste. Ihr Name, Ihre Adresse, Ihre Belege, die Begründungen und das signierte Dokument werden gelöscht.
privacy-stays-why = Es bleibt, damit Kopien des Badges, die Sie oder andere haben, weiterhin geprüft werden können und nach einem Widerruf nicht als gültig gelten.
privacy-stays-until = Es bleibt, solange diese Instanz läuft, denn ein Badge ohne Ablaufdatum kann jederzeit vorgezeigt werden.
privacy-stays-who = Die ausstellende Organisation sieht, dass sie ein Badge ausgestellt hat, aber nicht, wem. Wer eine Kopie hat, erfährt, ob sie in Kraft ist; sonst erfährt niemand etwas.
privacy-stays-log = Das Protokoll behält, dass und wann etwas geschah, mit einer Nummer an Ihrer Stelle; jeder Text über Sie wird gelöscht. Sicherungen, die der Betreiber aufbewahrt, enthalten Ihre Daten, bis sie gelöscht werden.

# Refusals.
no-owner-alone = Sie sind die einzige Inhaberin oder der einzige Inhaber von „{ $organizations }“; machen Sie zuerst jemand anderen dazu
