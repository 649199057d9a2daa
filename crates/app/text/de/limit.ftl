# Was begrenzt ist.

limit-passwords-use-link = Es wurden zu viele Passwörter ausprobiert. Lassen Sie sich stattdessen einen Brief mit einem Link schicken: Das geht immer.
