"""Le droit de la sous-traitance et des demandes : pur, sans base ni horloge."""
