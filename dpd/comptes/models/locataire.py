"""Ce que partagent toutes les lignes d’un locataire."""

from datetime import datetime

from django.db import models

from dpd.comptes.models.probant import ProbantQuerySet, ecrire
from dpd.comptes.regles.capacites import Capacite


class LocataireQuerySet(models.QuerySet):
    """Vocabulaire de lecture commun : on ne lit jamais sans dire pour qui."""

    def visibles_par(self, acces, capacite: Capacite):
        return self.filter(acces.filtre(capacite))


class PreuveQuerySet(ProbantQuerySet, LocataireQuerySet):
    """Une preuve d’un locataire : elle se lit pour quelqu’un et ne s’écrit pas en masse."""


class Enregistrable(models.Model):
    """Une ligne historisée qui s’écrit une à une, en disant qui, quand et pourquoi."""

    class Meta:
        abstract = True

    def enregistrer(self, *, auteur, maintenant: datetime, raison: str):
        """Contrôle puis enregistre une ligne historisée : qui, quand et pourquoi y sont notés.

        :raises ValidationError: par champ ou par contrainte, sans rien écrire.
        """
        self._history_user, self._history_date, self._change_reason = auteur, maintenant, raison[:100]
        ecrire(self)
        return self


class ParCollectivite(Enregistrable):
    """Chaque ligne d’un locataire porte sa propre clé, même lorsqu’elle se déduirait d’une autre."""

    collectivite = models.ForeignKey(
        "comptes.Collectivite", models.PROTECT, related_name="+", verbose_name="collectivité"
    )

    objects = LocataireQuerySet.as_manager()

    class Meta:
        abstract = True


class ParStructure(Enregistrable):
    """Une ligne de la structure mutualisante : modèle, barème, réglage."""

    structure = models.ForeignKey(
        "comptes.Structure", models.PROTECT, related_name="+", verbose_name="structure"
    )

    class Meta:
        abstract = True
