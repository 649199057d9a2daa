# Uploads and forms: refusals are written in the program, in English.
