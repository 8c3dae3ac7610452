"""Les gestes de la sous-traitance : une fonction, une transaction."""
