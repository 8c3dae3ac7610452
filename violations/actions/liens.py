"""Les prestataires, les traitements et les pièces d’une violation."""

from collections.abc import Collection
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction

from dpd.pieces.actions import deposer
from dpd.pieces.enums import DomainePiece
from dpd.pieces.transaction import transaction_de_depot
from dpd.regles.texte import normaliser
from registre.models import Traitement
from subtraitance.actions.annuaire_commun import prendre_la_gardee
from subtraitance.models import Contrat, SousTraitant
from violations.actions.commun import noter, parametres_de, prendre_ouverte
from violations.enums import NatureEvenement
from violations.models import PieceViolation, PrestataireImplique, TraitementTouche, Violation
from violations.regles.horloges import horloge_sous_traitant
from violations.regles.parametres import parametres_au


def delai_de(collectivite, sous_traitant: SousTraitant | None, instant: datetime, jour: date) -> int:
    """Les heures qu’a le prestataire pour prévenir : le plus court de ses contrats, à défaut l’usage."""
    defaut = parametres_au(instant).sous_traitant
    if sous_traitant is None:
        return defaut
    contrats = Contrat.objects.filter(
        collectivite=collectivite, sous_traitant=sous_traitant, delai_violation__isnull=False
    ).en_cours(jour)
    return min(contrats.values_list("delai_violation", flat=True), default=defaut)


@transaction.atomic
def impliquer(
    *,
    violation: Violation,
    auteur,
    maintenant: datetime,
    sous_traitant: SousTraitant | None = None,
    nom: str = "",
    connaissance: datetime | None = None,
    prevenu_le: datetime | None = None,
) -> PrestataireImplique:
    """Note un prestataire en cause ; son horloge part de l’instant où il l’a su (art. 33-2).

    :raises ValidationError: s’il est d’un autre annuaire, ou si ses instants ne se tiennent pas.
    """
    violation = prendre_ouverte(violation)
    collectivite = violation.collectivite
    if sous_traitant is not None and sous_traitant.structure_id != collectivite.structure_id:
        raise ValidationError({"sous_traitant": "Ce prestataire n’est pas dans votre annuaire."})
    if sous_traitant is not None:
        sous_traitant = prendre_la_gardee(sous_traitant)
    _controler(violation, connaissance, prevenu_le, maintenant)
    depart = connaissance or violation.connaissance
    delai = delai_de(collectivite, sous_traitant, depart, depart.astimezone(collectivite.fuseau).date())
    implique = PrestataireImplique(
        collectivite=collectivite,
        violation=violation,
        sous_traitant=sous_traitant,
        nom="" if sous_traitant else nom.strip(),
        connaissance=connaissance,
        prevenu_le=prevenu_le,
        delai=delai,
    )
    if connaissance is not None:
        parametres = parametres_de(connaissance, "connaissance")
        implique.echeance = horloge_sous_traitant(connaissance, parametres, prevenu_le, delai).echeance
    _refuser_le_double(implique)
    implique.enregistrer(auteur=auteur, maintenant=maintenant, raison="Prestataire noté")
    texte = f"Prestataire noté en cause\u00a0: {implique}"
    noter(violation, NatureEvenement.SAISIE, texte, auteur=auteur, maintenant=maintenant)
    return implique


def _controler(violation: Violation, connaissance, prevenu_le, maintenant: datetime) -> None:
    """:raises ValidationError: par champ, si les instants du prestataire ne se tiennent pas."""
    for champ, instant in (("connaissance", connaissance), ("prevenu_le", prevenu_le)):
        if instant is not None and instant > maintenant:
            raise ValidationError({champ: "Cet instant est dans le futur."})
    if connaissance is None:
        return
    parametres_de(connaissance, "connaissance")
    if prevenu_le is not None and prevenu_le < connaissance:
        raise ValidationError({"prevenu_le": "Il ne peut pas vous prévenir avant de le savoir."})
    if violation.debut is not None and connaissance < violation.debut:
        raise ValidationError({"connaissance": "Le prestataire ne peut pas l’avoir su avant son début."})


def _refuser_le_double(implique: PrestataireImplique) -> None:
    """La base l’interdit d’une fiche de l’annuaire ; un nom libre se compare sans accents ni casse."""
    deja = implique.violation.prestataires.filter(retire_le=None).select_related("sous_traitant")
    if normaliser(str(implique)) in {normaliser(str(autre)) for autre in deja} - {""}:
        raise ValidationError({"prestataire": "Ce prestataire est déjà noté."})


@transaction.atomic
def retirer_prestataire(*, implique: PrestataireImplique, auteur, maintenant: datetime) -> None:
    """Il n’est plus en cause : la ligne reste dans l’historique."""
    violation = prendre_ouverte(implique.violation)
    actuel = PrestataireImplique.objects.select_for_update(no_key=True).get(pk=implique.pk)
    if actuel.retire_le is None:
        actuel.retire_le = maintenant
        actuel.enregistrer(auteur=auteur, maintenant=maintenant, raison="Prestataire retiré")
        noter(
            violation,
            NatureEvenement.SAISIE,
            f"{actuel} n’est plus noté en cause",
            auteur=auteur,
            maintenant=maintenant,
        )


@transaction.atomic
def noter_traitements(
    *,
    violation: Violation,
    traitements: Collection[Traitement],
    auteur,
    maintenant: datetime,
    lus: Collection[int] | None = None,
) -> None:
    """Les fiches touchées sont désormais celles-là, et elles seules.

    ``lus`` : les clés de celles qu’il avait sous les yeux ; ce qu’un autre a noté depuis reste alors noté.

    :raises ValidationError: si l’une est d’une autre collectivité.
    """
    violation = prendre_ouverte(violation)
    if any(t.collectivite_id != violation.collectivite_id for t in traitements):
        raise ValidationError({"traitements": "Choisissez dans le registre de la collectivité."})
    presents = {lien.traitement_id: lien for lien in violation.traitements.filter(retire_le=None)}
    voulus = {traitement.pk: traitement for traitement in traitements}
    retires = presents.keys() - voulus.keys()
    ajoutes = voulus.keys() - presents.keys()
    if lus is not None:
        retires, ajoutes = retires & set(lus), ajoutes - set(lus)
    for pk in retires:
        presents[pk].retire_le = maintenant
        presents[pk].enregistrer(auteur=auteur, maintenant=maintenant, raison="Traitement retiré")
    for pk in ajoutes:
        lien = TraitementTouche(
            collectivite=violation.collectivite, violation=violation, traitement=voulus[pk]
        )
        lien.enregistrer(auteur=auteur, maintenant=maintenant, raison="Traitement touché")
    if retires or ajoutes:
        restants = violation.traitements.filter(retire_le=None).select_related("traitement")
        fiches = ", ".join(str(lien) for lien in restants) or "aucun"
        texte = f"Traitements touchés\u00a0: {fiches}"
        noter(violation, NatureEvenement.SAISIE, texte, auteur=auteur, maintenant=maintenant)


@transaction_de_depot()
def joindre(
    *,
    violation: Violation,
    fichier,
    auteur,
    maintenant: datetime,
    libelle: str = "",
    pour_la_cnil: bool = False,
) -> PieceViolation:
    """Range une pièce au dossier ; la même envoyée deux fois n’y est qu’une fois.

    :raises FichierRefuse: si le fichier n’est pas de ceux que l’on garde.
    """
    violation = prendre_ouverte(violation)
    piece = deposer(
        fichier=fichier,
        domaine=DomainePiece.VIOLATION,
        collectivite=violation.collectivite,
        auteur=auteur,
        maintenant=maintenant,
        description=libelle,
        parmi=violation.pieces.values("piece"),
    )
    if deja := violation.pieces.filter(piece=piece).first():
        if pour_la_cnil and not deja.pour_la_cnil:  # le second envoi coche la case oubliée au premier
            deja.pour_la_cnil = True
            deja.enregistrer(auteur=auteur, maintenant=maintenant, raison="À joindre au téléservice")
        return deja
    lien = PieceViolation(
        collectivite=violation.collectivite,
        violation=violation,
        piece=piece,
        libelle=libelle.strip(),
        pour_la_cnil=pour_la_cnil,
    )
    lien.enregistrer(auteur=auteur, maintenant=maintenant, raison="Pièce jointe")
    texte = f"Pièce jointe\u00a0: {lien}"
    noter(violation, NatureEvenement.SAISIE, texte, auteur=auteur, maintenant=maintenant)
    return lien
