"""Un formulaire renvoyé (double clic, page rechargée, machine morte en route) ne fait rien de plus."""

from datetime import timedelta

# Le même envoi, de la même personne, dans ce délai, est un renvoi ; au-delà, elle l’a voulu.
DOUBLE_ENVOI = timedelta(minutes=1)
