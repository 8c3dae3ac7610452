"""Le droit et les prix des conventions : des fonctions pures, sans base ni horloge."""
