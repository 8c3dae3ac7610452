"""Les pages de la sous-traitance et des demandes de droits."""
