# What is limited.

limit-passwords-use-link = Too many passwords have been tried. Let us send you a letter with a link instead: that always works.

# Refusals.
no-too-many = Please wait { $seconds } seconds and try again
