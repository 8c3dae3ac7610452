"""L’essai à deux hôtes : ``make deux-hotes``.

Deux hôtes (site et relances) partagent une base PostgreSQL, un seau S3 et un serveur de courriels, derrière
un répartiteur. Sous charge, on en tue un d’un coup, on le relance, on tue l’autre ; le bilan compare ce qu’on
a répondu aux personnes avec ce qui reste en base, dans le seau et dans les boîtes.
"""
