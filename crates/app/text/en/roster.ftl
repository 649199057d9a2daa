# Rosters: awarding everybody on a list at once.
roster-title = Award many at once
roster-lede = Upload a list of people; look at what was understood; award everybody with one click.
roster-upload-title = New list
roster-achievement = Micro-credential
roster-choose = Please choose
roster-file = File
roster-file-hint = CSV with the columns name, email and, if you like, date. Headings in English or German, commas, semicolons or tabs; at most 100,000 rows and 30 MB.
roster-template = Download an empty list to fill in
roster-template-file = list.csv
roster-heading-name = name
roster-heading-email = email
roster-heading-date = date
roster-separator = ,
roster-upload = Upload and look
roster-upload-hint = Nothing is awarded yet: you see first what was understood.
roster-uploaded = The list has been read. Nothing has been awarded yet.
roster-copied = The people of the earlier list are here. Nothing has been awarded yet.
roster-removed = The list has been removed.
roster-nothing-published = There is nothing to award yet
roster-nothing-published-text = Publish a micro-credential first; then you can award it to a list of people.
roster-to-organization = To the organisation
roster-list = Lists so far
roster-when = Uploaded
roster-rows = Rows
roster-state = State
roster-state-ready = Not awarded yet
roster-state-running = Being awarded
roster-state-done = Awarded
no-roster-no-achievement = Choose one of your published micro-credentials.
no-roster-no-file = Choose a file.
no-roster-file-too-large = This file is larger than 30 MB. Split it into several lists.
no-roster-file-empty = This file is empty. Choose one with a header row and people below it.
no-roster-file-not-text = This is not a CSV file. In your spreadsheet program choose “Save as” and “CSV UTF-8”, then upload that file.
no-roster-file-utf-16 = This file is written in UTF-16. In your spreadsheet program choose “Save as” and “CSV UTF-8”, then upload that file.
no-roster-file-no-rows = Below the header row there is nobody. Add people and upload the file again.
no-roster-file-too-many = This file has more than { $most } rows. Split it into several lists.
no-roster-file-missing = There is no column “{ $column }”. The first row must name the columns; it says: { $found }.
no-roster-file-twice = The column “{ $column }” is there twice. Keep one of them.
no-roster-file-endless = Row { $row } does not end: a quotation mark is opened and not closed. Correct it and upload the file again.
roster-column = Column
roster-column-row = Row
roster-column-email = Email
roster-column-name = Name
roster-column-given = First name
roster-column-family = Last name
roster-column-date = Date
roster-column-problem = Problem
roster-problem-email-missing = There is no address. Write one like name@example.org.
roster-problem-email-wrong = “{ $value }” is not an e-mail address. Write it like name@example.org.
roster-problem-email-duplicate = Row { $value } has the same address, and counts. If this is somebody else, give her own address; otherwise delete this row.
roster-problem-email-own = “{ $value }” is your own address; nobody awards a badge to herself. Delete this row, or let somebody else who may award upload it.
roster-problem-name-missing = There is no name. Write the name as it should stand on the badge.
roster-problem-name-long = The name is longer than 200 characters. Shorten it.
roster-problem-date-wrong = “{ $value }” is not a date. Write it like 2026-11-22 or 22.11.2026, or leave it empty.
roster-problem-date-future = “{ $value }” is in the future. Write the day on which it was earned, or leave it empty.
roster-problem-row-long = This row has more cells than the header; “{ $value }” is too much. Put quotation marks around texts that contain the separator.
roster-good = Ready to award
roster-bad = With a problem
roster-before = Have it already
roster-before-text = { $count ->
    [one] 1 person has this badge already and will be skipped
   *[other] { $shown } people have this badge already and will be skipped
 }
roster-count-rows = { $count ->
    [one] 1 row
   *[other] { $shown } rows
 }
roster-latin = This file is not written in UTF-8
roster-latin-text = It was read as Windows-1252. Look at names with umlauts and accents below; if they are wrong, save the file as “CSV UTF-8” and upload it again.
roster-award = { $count ->
    [one] Award 1 badge
   *[other] Award { $shown } badges
 }
roster-award-hint = Everybody gets a letter. Rows with a problem are left out; you can correct and upload them afterwards.
roster-all-before = Everybody here has this badge already
roster-all-before-text = There is nothing to do.
roster-none-good = No row can be awarded
roster-none-good-text = Correct the rows below and upload the file again.
roster-first = The first rows, as they were understood
roster-today = day of the award
roster-problems = Rows with a problem
roster-problems-text = They do not hold up the others. Row numbers are those of your spreadsheet; the header is row 1.
roster-problems-download = { $count ->
    [one] Download this row to correct it
   *[other] Download these { $shown } rows to correct them
 }
roster-problems-more = { $count ->
    [one] And 1 more row; it is in the download.
   *[other] And { $shown } more rows; they are in the download.
 }
roster-problems-file = to-correct
roster-what-to-do = What to do
roster-running = The badges are being awarded
roster-running-text = You can leave this page; it goes on without you.
roster-look-again = Look again
roster-failed = The award has stopped
roster-failed-text = { $done } of { $total } rows are done, and nobody was awarded twice. Try to go on; if it stops again, tell the operator of this site.
roster-go-on = Go on
roster-done = Done
roster-awarded = { $count ->
    [0] No badge was awarded.
    [one] 1 badge was awarded.
   *[other] { $shown } badges were awarded.
 }
roster-skipped = { $count ->
    [one] 1 person had it already.
   *[other] { $shown } people had it already.
 }
roster-bad-left = { $count ->
    [one] 1 row had a problem and was left out.
   *[other] { $shown } rows had a problem and were left out.
 }
roster-see-credentials = See the badges
roster-copy-title = Award the same people another micro-credential
roster-copy-hint = The good rows become a new list, dated on the day you award it.
roster-copy = Use these people again
roster-remove = Remove this list
roster-remove-confirm = Remove this list? Nothing has been awarded from it.
roster-revoked = { $count ->
    [one] The badge of 1 person was revoked before; it was not awarded again.
   *[other] The badges of { $shown } people were revoked before; they were not awarded again.
 }
roster-revoked-title = Revoked before
roster-revoked-text = A list does not undo a revocation. These people can earn the badge anew, or a program can award it on purpose (“again” in the API).
roster-revoked-will = { $count ->
    [one] The badge of 1 person was revoked and will not be awarded again
   *[other] The badges of { $shown } people were revoked and will not be awarded again
 }
roster-award-confirm = Award these badges now? Everybody gets a letter.

event-roster-removed = removed a list

# Refusals.
no-roster-no-good-row = No row of this roster can be awarded; correct the file and upload it again
no-roster-nothing-again = This roster has no good rows to use again
no-roster-own = Row { $row } is you; nobody awards a badge to herself. Leave the row out, or let somebody else who may award start the list
no-roster-started = This roster has been started and is kept as a record
