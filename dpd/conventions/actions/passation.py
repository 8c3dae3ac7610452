"""Le maire ou le président a changé : dater, mettre à jour, et nommer tout ce qui reste à reprendre."""

from datetime import date, datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction

from dpd.comptes.actions_collectivites import ajouter_contact, clore_contact, modifier_collectivite
from dpd.comptes.droits import personnes_de
from dpd.comptes.enums import FonctionContact, Role, TypeCollectivite
from dpd.comptes.models import Collectivite, Contact
from dpd.conventions import emails_convention
from dpd.conventions.actions.convention_commun import refuser_l_avenir, verrouiller_collectivite
from dpd.conventions.actions.designation import designation_en_cours
from dpd.conventions.models import Passation, SuitePassation
from dpd.conventions.regles.en_clair import le_jour
from dpd.conventions.regles.passation import Constat, suites
from dpd.regles.texte import normaliser

PRESIDES_DE_DROIT = (TypeCollectivite.CCAS, TypeCollectivite.CAISSE_ECOLES)
NON_NOTE = "exécutif sortant, non noté"
_VEILLE = timedelta(days=1)


@transaction.atomic
def changer_executif(
    *,
    collectivite,
    nouveau: str,
    titre: str,
    le: date,
    courriel: str = "",
    telephone: str = "",
    auteur,
    maintenant: datetime,
) -> Passation:
    """Clôt le contact sortant, ouvre le nouveau, met à jour le responsable, et liste ce qui en découle.

    Les décisions déjà prises restent prises : le responsable de traitement est la collectivité.

    :raises ValidationError: si c’est la même personne, ou si les dates se contredisent.
    """
    actuelle = verrouiller_collectivite(collectivite)
    refuser_l_avenir(le, maintenant.astimezone(actuelle.fuseau).date(), "le")
    nouveau, titre = nouveau.strip(), titre.strip()
    sortant = actuelle.contacts.filter(fonction=FonctionContact.EXECUTIF, jusqu_au__isnull=True).first()
    ancien = sortant.nom if sortant else actuelle.responsable_nom
    if normaliser(ancien) == normaliser(nouveau):
        raise ValidationError({"nouveau": f"{nouveau} est déjà noté\u00a0: rien ne change."})
    constat = _constater(actuelle, titre)
    _succeder(actuelle, sortant, nouveau, le, courriel, telephone, auteur, maintenant)
    modifier_collectivite(
        collectivite=actuelle,
        auteur=auteur,
        maintenant=maintenant,
        motif="Changement d’exécutif",
        responsable_nom=nouveau,
        responsable_titre=titre,
    )
    passation = Passation(
        collectivite=actuelle, ancien=ancien or NON_NOTE, nouveau=nouveau, titre=titre, le=le
    ).enregistrer(auteur=auteur, maintenant=maintenant, raison="Changement d’exécutif")
    SuitePassation.objects.creer_en_masse(
        [
            SuitePassation(collectivite=actuelle, passation=passation, code=s.code, libelle=s.libelle[:300])
            for s in suites(constat)
        ],
        auteur=auteur,
        maintenant=maintenant,
        raison="Changement d’exécutif",
    )
    emails_convention.executif_change(passation=passation, maintenant=maintenant)
    return passation


def _succeder(
    collectivite: Collectivite,
    sortant: Contact | None,
    nouveau: str,
    le: date,
    courriel: str,
    telephone: str,
    auteur,
    maintenant: datetime,
) -> None:
    if sortant is not None:
        if le <= sortant.depuis:
            raise ValidationError(
                {"le": f"{sortant.nom} est en fonction depuis le {le_jour(sortant.depuis)}."}
            )
        clore_contact(contact=sortant, jusqu_au=le - _VEILLE, auteur=auteur, maintenant=maintenant)
    try:
        ajouter_contact(
            collectivite=collectivite,
            auteur=auteur,
            maintenant=maintenant,
            fonction=FonctionContact.EXECUTIF,
            nom=nouveau,
            courriel=courriel,
            telephone=telephone,
            depuis=le,
        )
    except ValidationError as refus:
        renommes = {"depuis": "le", "nom": "nouveau"}
        raise ValidationError(
            {renommes.get(nom, nom): messages for nom, messages in refus.message_dict.items()}
        ) from refus


def _constater(collectivite: Collectivite, titre: str) -> Constat:
    referents = collectivite.contacts.filter(fonction=FonctionContact.REFERENT, jusqu_au__isnull=True)
    return Constat(
        titre=titre,
        designee=designation_en_cours(collectivite) is not None,
        decideurs=tuple(
            str(p) for p in personnes_de(collectivite, Role.DECIDEUR).order_by("last_name", "pk")
        ),
        referents=tuple(referents.values_list("nom", flat=True)),
        organismes=tuple(o.denomination for o in organismes_presides(collectivite)),
    )


def organismes_presides(collectivite: Collectivite) -> list[Collectivite]:
    """Le CCAS et la caisse des écoles d’une commune suivie : son maire les préside de droit.

    Code de l’action sociale et des familles, art. R.123-7 ; code de l’éducation, art. R.212-26.
    """
    if collectivite.type != TypeCollectivite.COMMUNE or not collectivite.code_insee:
        return []
    memes = Collectivite.objects.filter(
        structure=collectivite.structure_id, code_insee=collectivite.code_insee, type__in=PRESIDES_DE_DROIT
    )
    return list(memes.actives())


@transaction.atomic
def noter_suite(*, suite: SuitePassation, faite: bool, note: str = "", auteur, maintenant: datetime):
    """Coche, ou rouvre, une suite d’un changement d’exécutif ; n’écrit rien si rien ne change."""
    actuelle = (
        SuitePassation.objects.select_for_update(no_key=True, of=("self",))
        .select_related("collectivite")
        .get(pk=suite.pk)
    )
    jour = maintenant.astimezone(actuelle.collectivite.fuseau).date()
    if faite == (actuelle.faite_le is not None) and actuelle.note == note.strip():
        return actuelle
    if not faite:
        actuelle.faite_le = actuelle.faite_par = None
    elif actuelle.faite_le is None:
        actuelle.faite_le, actuelle.faite_par = jour, auteur
    actuelle.note = note.strip()
    raison = "Suite faite" if faite else "Suite rouverte"
    return actuelle.enregistrer(auteur=auteur, maintenant=maintenant, raison=raison)
