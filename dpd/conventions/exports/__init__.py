"""Ce qui sort des conventions : relevés d’interventions, états mensuels et annuels."""
