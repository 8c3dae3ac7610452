"""Enregistrer le contenu d’un brouillon, au fil de l’eau ou d’un coup."""

from datetime import datetime

from django.db import transaction

from registre import ecriture
from registre.actions.questions import accorder_questions
from registre.models import VersionTraitement
from registre.regles.contenu import Fiche, depuis_dict


class RevisionPerimee(Exception):
    """Quelqu’un d’autre a enregistré cette fiche entre-temps ; rien n’est écrit."""

    def __init__(self, version: VersionTraitement):
        self.version = version
        super().__init__("La fiche a été modifiée entre-temps.")


@transaction.atomic
def enregistrer_contenu(
    *,
    version: VersionTraitement,
    fiche: Fiche,
    auteur,
    maintenant: datetime,
    raison: str,
    revision: int | None = None,
    continu: bool = False,
) -> VersionTraitement:
    """Enregistre un brouillon et rend la version à jour ; sans effet si rien ne change.

    :param revision: celle qu’avait lue l’écran ; ``None`` = ne pas vérifier.
    :raises RevisionPerimee: si la fiche a été enregistrée depuis par quelqu’un d’autre.
    :raises ValueError: si la version n’est plus un brouillon.
    """
    version = (
        VersionTraitement.objects.select_for_update(of=("self",))
        .select_related("collectivite__structure", "traitement")
        .get(pk=version.pk)
    )
    if not version.est_modifiable:
        raise ValueError(
            "Cette version n’est plus un brouillon\u00a0: ouvrez-en une nouvelle pour la modifier."
        )
    if revision is not None and revision != version.revision and version.modifie_par_id != auteur.pk:
        raise RevisionPerimee(version)
    avant = depuis_dict(version.contenu)
    if avant == fiche:
        return version
    ecriture.deduire(version, fiche)
    version.full_clean(
        exclude=["traitement", "collectivite", "modifie_par", "avis", "adoptee_par"],
        validate_constraints=False,
    )
    ecriture.enregistrer(version, auteur=auteur, maintenant=maintenant, raison=raison, continu=continu)
    ecriture.projeter(version, fiche, ecriture.rubriques_changees(avant, fiche))
    accorder_questions(version=version, fiche=fiche, auteur=auteur, maintenant=maintenant)
    return version
