mail-audit-head-subject = Der Stand des Protokolls vom { $day }
mail-audit-head-text =
    Das Protokoll dieser Instanz stand am { $day } bei Zeile { $line }. Heben Sie diesen Brief dort auf, wo niemand hinkommt, der in die Datenbank schreiben kann: Mit ihm lässt sich später feststellen, ob das Protokoll gekürzt oder neu geschrieben wurde.

    Zum Prüfen speichern Sie die letzte Zeile unten in einer Datei und rufen auf: cairn audit verify --head DATEI

    { $head }
mail-audit-head-button = Alle signierten Stände
audit-heads = Seine signierten Stände
event-audit-sealed = versiegelte das bisherige Protokoll
event-audit-texts-erased = löschte personenbezogene Texte früherer Zeilen
event-audit-heads = vermerkte die Stände aller Protokolle
event-instance-restored = stellte eine Sicherung wieder her
