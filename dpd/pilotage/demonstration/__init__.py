"""Le jeu de démonstration : de vraies communes, des personnes et des décisions inventées.

Les tables disent quoi ; ``semis`` passe par les actions de l’application, comme le ferait une personne.
"""

from dpd.pilotage.demonstration.semis import Bilan, semer

__all__ = ["Bilan", "semer"]
