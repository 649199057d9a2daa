mail-audit-head-subject = Der Stand des Protokolls vom { $day }
mail-audit-head-text =
    Das Protokoll dieser Instanz stand am { $day } bei Zeile { $line }. Heben Sie diesen Brief dort auf, wo niemand hinkommt, der in die Datenbank schreiben kann: Mit ihm lässt sich später feststellen, ob das Protokoll gekürzt oder neu geschrieben wurde.

    Zum Prüfen speichern Sie die letzte Zeile unten in einer Datei und rufen auf: cairn audit verify --head DATEI

    { $head }
mail-audit-head-button = Alle signierten Stände
audit-heads = Seine signierten Stände
event-audit-sealed = hat das bisherige Protokoll versiegelt
event-audit-texts-erased = hat personenbezogene Texte früherer Zeilen gelöscht
event-audit-heads = hat die Stände aller Protokolle vermerkt
event-instance-restored = hat eine Sicherung wiederhergestellt
