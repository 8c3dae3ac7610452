"""Horloges, cotations et transitions d’une violation : des fonctions pures, sans base ni horloge."""
