# Was begrenzt ist.

limit-passwords-use-link = Es wurden zu viele Passwörter ausprobiert. Lassen Sie sich stattdessen einen Brief mit einem Link schicken: Das geht immer.

# Refusals.
no-too-many = Bitte warten Sie { $seconds } Sekunden und versuchen Sie es noch einmal
