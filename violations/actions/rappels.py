"""Rappeler les échéances qui approchent : ce que fait ``manage.py relancer`` pour les violations.

Chaque rappel se prend sous le verrou de sa violation et porte une clé unique : deux relances qui tournent
ensemble n’en envoient qu’un. Après une panne, seul le dernier palier échu part, les autres sont omis.
"""

from datetime import datetime

from django.db import transaction

from violations import emails
from violations.enums import EtatRappel, HorlogeRappelee
from violations.models import Rappel, Violation
from violations.regles.rappels import ESCALADE, Cercle, Palier

# Le complément est souple (art. 33-4) : on le rappelle à qui tient le dossier, sans escalade.
CERCLES_DU_COMPLEMENT = (Cercle.REFERENT, Cercle.DPD)


def rappels_echus(maintenant: datetime) -> list[int]:
    """Les violations qui ont un rappel à envoyer, les plus anciennes échéances d’abord."""
    lignes = Rappel.objects.echus(maintenant).order_by("instant").values_list("violation_id", flat=True)
    return list(dict.fromkeys(lignes))


@transaction.atomic
def envoyer_rappels(*, violation_id: int, maintenant: datetime) -> int:
    """Envoie ce qui est échu pour une violation ; rend le nombre de rappels partis.

    Sans effet si un autre processus vient de le faire, ou si l’horloge s’est arrêtée depuis.
    """
    violation = (
        Violation.objects.select_for_update(no_key=True, of=("self",))
        .select_related("collectivite__structure")
        .get(pk=violation_id)
    )
    partis = 0
    for horloge in HorlogeRappelee:
        echus = list(
            Rappel.objects.echus(maintenant).filter(violation=violation, horloge=horloge).order_by("instant")
        )
        for rappel in echus[:-1]:
            _noter(rappel, EtatRappel.OMIS, maintenant)
        for rappel in echus[-1:]:
            _envoyer(violation, rappel, maintenant)
            _noter(rappel, EtatRappel.ENVOYE, maintenant)
            partis += 1
    return partis


def _noter(rappel: Rappel, etat: EtatRappel, maintenant: datetime) -> None:
    rappel.etat, rappel.traite_le = etat, maintenant
    rappel.save(update_fields=["etat", "traite_le"])


def _envoyer(violation: Violation, rappel: Rappel, maintenant: datetime) -> None:
    palier = Palier(rappel.palier)
    if rappel.horloge == HorlogeRappelee.COMPLEMENT:
        emails.rappel_du_complement(
            violation=violation, palier=palier, cercles=CERCLES_DU_COMPLEMENT, maintenant=maintenant
        )
    else:
        emails.rappel(violation=violation, palier=palier, cercles=ESCALADE[palier], maintenant=maintenant)
