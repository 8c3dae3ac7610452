"""Enregistrer le contenu d’un brouillon, au fil de l’eau ou d’un coup."""

from datetime import datetime

from django.db import transaction

from registre import ecriture
from registre.actions.questions import accorder_questions
from registre.libelles import libelle
from registre.models import VersionTraitement
from registre.regles.comparaison import Ecart, comparer
from registre.regles.concurrence import ecrasees, fusionner
from registre.regles.contenu import Fiche, depuis_dict
from registre.regles.questions import cellules_inconnues


class RevisionPerimee(Exception):
    """La fiche a changé depuis l’affichage, par quelqu’un d’autre ou dans un autre onglet ; rien n’est écrit.

    ``version`` : celle d’aujourd’hui. ``ecarts`` : ce que l’enregistrement écraserait, s’il est connu ;
    ``avant`` y est ce qui est enregistré, ``apres`` ce qui vient d’être saisi.
    """

    def __init__(self, version: VersionTraitement, ecarts: tuple[Ecart, ...] = ()):
        self.version, self.ecarts = version, ecarts
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
    lu: str | None = None,
    continu: bool = False,
) -> VersionTraitement:
    """Enregistre un brouillon et rend la version à jour ; sans effet si rien ne change.

    :param revision: celle qu’avait lue l’écran ; ``None`` = ne pas vérifier.
    :param lu: le repère de ce que l’écran a montré (``registre.regles.concurrence.repere``) ; il dispense
        de ``revision``, et vaut aussi entre deux onglets d’une même personne.
    :raises RevisionPerimee: si la saisie écraserait ce que l’écran n’a pas montré ; sans ``lu``, si la
        fiche a été enregistrée depuis par quelqu’un d’autre.
    :raises ValueError: si la version n’est plus un brouillon.
    """
    version = _verrouiller(version)
    if not version.est_modifiable:
        raise ValueError(
            "Cette version n’est plus un brouillon\u00a0: ouvrez-en une nouvelle pour la modifier."
        )
    avant = depuis_dict(version.contenu)
    _refuser_d_ecraser(version, avant, fiche, auteur=auteur, revision=revision, lu=lu)
    if avant == fiche:
        return version
    ecriture.deduire(version, fiche)
    version.full_clean(
        exclude=["traitement", "collectivite", "modifie_par", "avis", "adoptee_par"],
        validate_constraints=False,
    )
    ecriture.enregistrer(version, auteur=auteur, maintenant=maintenant, raison=raison, continu=continu)
    ecriture.projeter(version, fiche, ecriture.rubriques_changees(avant, fiche))
    # Sans « je ne sais pas », ni avant ni après, aucune question ne s’ouvre ni ne se retire.
    if cellules_inconnues(avant) or cellules_inconnues(fiche):
        accorder_questions(version=version, fiche=fiche, auteur=auteur, maintenant=maintenant)
    return version


def _verrouiller(lue: VersionTraitement) -> VersionTraitement:
    """La version, relue sous verrou ; son registre et sa fiche, qui n’en changent pas, sont ceux déjà lus."""
    version = VersionTraitement.objects.select_for_update(no_key=True).get(pk=lue.pk)
    version.collectivite, version.traitement = lue.collectivite, lue.traitement
    return version


def _refuser_d_ecraser(
    version: VersionTraitement, avant: Fiche, fiche: Fiche, *, auteur, revision: int | None, lu: str | None
) -> None:
    if lu is None:
        if revision is not None and revision != version.revision and version.modifie_par_id != auteur.pk:
            raise RevisionPerimee(version)
        return
    if rubriques := ecrasees(lu, avant, fiche):
        raise RevisionPerimee(version, comparer(avant, fusionner(avant, fiche, rubriques), libelle))
