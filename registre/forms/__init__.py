"""Les sept étapes de saisie d’une fiche et les gestes du parcours."""
