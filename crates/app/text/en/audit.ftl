mail-audit-head-subject = The head of the audit log of { $day }
mail-audit-head-text =
    This instance's audit log stood at line { $line } on { $day }. Keep this letter where nobody who can write into the database can reach it: with it you can tell later whether the log was cut or written anew.

    To check, save the last line below to a file and run: cairn audit verify --head FILE

    { $head }
mail-audit-head-button = All signed heads
audit-heads = Its signed heads
event-audit-sealed = sealed the log so far
event-audit-texts-erased = erased personal texts of earlier lines
event-audit-heads = noted the heads of all logs
event-instance-restored = restored a backup
