"""Ce que partagent toutes les lignes d’un locataire."""

from datetime import datetime

from django.db import models, transaction

from dpd.comptes.regles.capacites import Capacite


class LocataireQuerySet(models.QuerySet):
    """Vocabulaire de lecture commun : on ne lit jamais sans dire pour qui."""

    def visibles_par(self, acces, capacite: Capacite):
        return self.filter(acces.filtre(capacite))


class ProbantQuerySet(LocataireQuerySet):
    """Écritures de masse refusées : elles n’écriraient aucun historique."""

    def _refuser(self, *args, **kwargs):
        raise TypeError("Modèle probant : passez par une action, qui garde l’historique.")

    def creer_en_masse(self, objets: list, *, auteur, maintenant: datetime, raison: str) -> list:
        """La seule création groupée permise : elle écrit l’historique avec les lignes, ou rien."""
        with transaction.atomic(using=self.db):
            crees = super().bulk_create(objets)
            self.model.history.bulk_history_create(
                crees, default_user=auteur, default_change_reason=raison, default_date=maintenant
            )
        return crees

    update = bulk_create = bulk_update = _refuser

    def delete(self):
        raise TypeError("Modèle probant : une ligne se clôt ou se retire par une action, jamais en masse.")


class ParCollectivite(models.Model):
    """Chaque ligne d’un locataire porte sa propre clé, même lorsqu’elle se déduirait d’une autre."""

    collectivite = models.ForeignKey(
        "comptes.Collectivite", models.PROTECT, related_name="+", verbose_name="collectivité"
    )

    objects = LocataireQuerySet.as_manager()

    class Meta:
        abstract = True

    def enregistrer(self, *, auteur, maintenant: datetime, raison: str):
        """Contrôle puis enregistre une ligne historisée : qui, quand et pourquoi y sont notés.

        :raises ValidationError: par champ ou par contrainte, sans rien écrire.
        """
        self.full_clean()
        self._history_user, self._history_date, self._change_reason = auteur, maintenant, raison[:100]
        self.save()
        return self
