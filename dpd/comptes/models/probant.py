"""Ce qui fait preuve ne s’écrit pas en masse sans laisser de trace."""

from collections.abc import Collection, Sequence
from datetime import datetime

from django.db import IntegrityError, models, transaction


def ecrire(ligne: models.Model, *, sauf: Collection[str] = ()) -> None:
    """Contrôle la ligne puis l’écrit ; ``sauf`` : les champs à ne pas contrôler.

    Un double qu’un autre processus vient d’écrire, après le contrôle, est un refus comme un autre.

    :raises ValidationError: par champ ou par contrainte, sans rien écrire.
    """
    ligne.full_clean(exclude=sauf)
    try:
        with transaction.atomic():
            ligne.save()
    except IntegrityError:
        ligne.full_clean(exclude=sauf)
        raise


class ProbantQuerySet(models.QuerySet):
    """Écritures de masse refusées : elles n’écriraient aucun historique."""

    def creer_en_masse(self, objets: list, *, auteur, maintenant: datetime, raison: str) -> list:
        """La seule création groupée permise : elle écrit l’historique avec les lignes, ou rien."""
        with transaction.atomic(using=self.db):
            crees = super().bulk_create(objets)
            self._historiser(crees, auteur, maintenant, raison, modification=False)
        return crees

    def modifier_en_masse(
        self, objets: list, champs: Sequence[str], *, auteur, maintenant: datetime, raison: str
    ) -> None:
        """La seule modification groupée permise, par lots, historique compris, ou rien."""
        with transaction.atomic(using=self.db):
            # Une requête nue : la nôtre refuserait l’écriture qu’elle fait pour chaque lot.
            models.QuerySet(self.model, using=self.db).bulk_update(objets, champs, batch_size=200)
            self._historiser(objets, auteur, maintenant, raison, modification=True)

    def _historiser(self, objets, auteur, maintenant, raison, *, modification: bool) -> None:
        self.model.history.bulk_history_create(
            objets,
            update=modification,
            default_user=auteur,
            default_change_reason=raison[:100],
            default_date=maintenant,
        )

    def _refuser(self, *args, **kwargs):
        raise TypeError("Modèle probant : passez par une action, qui garde l’historique.")

    update = bulk_create = bulk_update = _refuser

    def delete(self):
        raise TypeError("Modèle probant : une ligne se clôt ou se retire par une action, jamais en masse.")
