# Uploads and forms.

# Refusals.
no-body-broken = The body broke off; send it again
no-body-too-large = The body is too large; send it in several calls
no-changed = This was changed a moment ago; load the page again
no-field-unexpected = Nothing is expected here; leave this field out
no-file-empty = “{ $file }” is empty
no-file-gone = This file is not there any more; upload it again
no-file-large = “{ $file }” is larger than { $most } MB; make it smaller or give a link
no-form-fields = This form has more than { $most } fields; send less at once
no-form-not-multipart = This is not a multipart form: { $why }
no-form-parts = This form has too many parts; send it in several
no-picture-busy = Your last picture is still being read; send this one in a moment
no-picture-kind = Only PNG and SVG pictures are accepted
no-picture-large = The picture is larger than 2 MB
no-picture-small = The picture must have at least 90 by 90 pixels
no-picture-unreadable = This picture cannot be read; save it anew, or upload it as a PNG
no-png-unreadable = This PNG cannot be read
no-sent-large-kilobytes = What you sent is larger than { $most } kB; shorten it
no-sent-large-megabytes = What you sent is larger than { $most } MB; send less at once
no-svg-backslashes = An SVG whose style sheet has backslashes is not accepted; upload it as a PNG
no-svg-complicated = This SVG is too complicated to draw; simplify it, or upload it as a PNG
no-svg-element = An SVG with “{ $element }” is not accepted; export it as plain shapes, or upload it as a PNG
no-svg-entities = An SVG with entity definitions is not accepted
no-svg-none = This is not an SVG picture
no-svg-not-utf8 = This SVG is not written in UTF-8; save it in UTF-8, or upload it as a PNG
no-svg-pictures = An SVG with pictures inside is not accepted; upload it as a PNG
no-text-long = This text is too long; shorten it
no-text-not-utf8 = This text is not UTF-8; type it again
no-text-nul = A text must not hold the character NUL
no-upload-broken = The upload broke off; send it again
no-upload-too-large = The upload is too large
no-url-form = Write the whole address, like https://example.org/page
