"""Tracer une intervention, l’annuler : la traçabilité promise à chaque collectivité."""

from datetime import date, datetime
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction

from dpd.conventions.enums import LieuIntervention, NatureIntervention, Reconduction
from dpd.conventions.models import Convention, Devis, EtatAnnuel, EtatMensuel, Intervention
from dpd.conventions.regles.devis import EtatDevis
from dpd.conventions.regles.tarifs import Phase
from dpd.regles.durees import duree_en_heures
from dpd.regles.typographie import MOIS, date_courte, date_longue, de

SAISIS = ("nature", "le", "minutes", "lieu", "demande", "devis_id")


@transaction.atomic
def tracer(
    *,
    collectivite,
    nature: NatureIntervention,
    le: date,
    minutes: int,
    lieu: LieuIntervention = LieuIntervention.DISTANCE,
    demande: str = "",
    devis: Devis | None = None,
    jeton: UUID | None = None,
    auteur,
    maintenant: datetime,
) -> Intervention:
    """Enregistre nature, date et durée d’une intervention, rattachée à la convention et à sa phase.

    :param devis: celui qui la paie déjà ; elle n’entre alors dans aucun état mensuel.
    :param jeton: celui du formulaire ; renvoyé deux fois, il ne fait qu’une ligne, rendue ``deja_tracee``.
    :raises ValidationError: si ce jeton a déjà tracé d’autres valeurs ; sous ``le`` si la date est à venir,
        hors convention, ou d’un mois déjà présenté ; sous ``devis`` s’il est d’une autre collectivité ou
        n’est pas accepté ; sinon par champ.
    """
    if le > maintenant.astimezone(collectivite.fuseau).date():
        raise ValidationError(
            {"le": "Une intervention se trace une fois faite\u00a0: cette date est à venir."}
        )
    _verifier_le_devis(devis, collectivite)
    convention = _convention_du(collectivite, le)
    phase = convention.phase(le)
    intervention = Intervention(
        collectivite=collectivite,
        convention=convention,
        nature=nature,
        le=le,
        minutes=minutes,
        lieu=lieu,
        phase=phase.value,
        demande=demande.strip(),
        intervenant=auteur,
        devis=devis,
        jeton=jeton,
    )
    if deja := _deja_envoyee(intervention):
        return deja
    if phase is Phase.MISE_EN_PLACE and convention.modele.etat_mensuel and devis is None:
        _refuser_si_figee(convention, le, collectivite.fuseau)
    return intervention.enregistrer(auteur=auteur, maintenant=maintenant, raison="Intervention tracée")


def _deja_envoyee(intervention: Intervention) -> Intervention | None:
    """Ce que le même formulaire a déjà tracé, à l’identique ; sinon l’écran dirait tracé ce qui ne l’est pas.

    :raises ValidationError: s’il a tracé d’autres valeurs.
    """
    siennes = Intervention.objects.presentes().filter(collectivite=intervention.collectivite_id)
    deja = siennes.filter(jeton=intervention.jeton).first() if intervention.jeton else None
    if deja is None:
        return None
    if any(getattr(deja, champ) != getattr(intervention, champ) for champ in SAISIS):
        raise ValidationError(
            f"Cet écran a déjà tracé d’autres valeurs\u00a0: {deja.get_nature_display()}, "
            f"{duree_en_heures(deja.minutes)}, le {date_courte(deja.le)}. Cette saisie-ci n’est pas "
            "enregistrée\u00a0: annulez la première dans la liste, puis renvoyez."
        )
    deja.deja_tracee = True
    return deja


@transaction.atomic
def annuler(*, intervention: Intervention, motif: str, auteur, maintenant: datetime) -> Intervention:
    """Retire une intervention saisie à tort ; elle reste lisible, avec son motif.

    :raises ValidationError: sans motif, si elle est déjà annulée, ou présentée à la collectivité dans un
        état mensuel.
    """
    Convention.objects.select_for_update(no_key=True).get(pk=intervention.convention_id)
    actuelle = Intervention.objects.select_related("ligne__etat_mensuel").get(pk=intervention.pk)
    if actuelle.annulee_le is not None:
        raise ValidationError("Cette intervention est déjà annulée.")
    if hasattr(actuelle, "ligne"):
        raise ValidationError(
            f"L’état mensuel ({actuelle.ligne.etat_mensuel}) est figé\u00a0: cette intervention y est "
            "présentée. La collectivité peut la contester."
        )
    if not motif.strip():
        raise ValidationError({"motif": "Dites pourquoi vous l’annulez."})
    actuelle.annulee_le, actuelle.motif_annulation = maintenant, motif.strip()
    return actuelle.enregistrer(auteur=auteur, maintenant=maintenant, raison="Intervention annulée")


def _verifier_le_devis(devis: Devis | None, collectivite) -> None:
    if devis is None:
        return
    if devis.collectivite_id != collectivite.pk:
        raise ValidationError({"devis": "Ce devis est celui d’une autre collectivité."})
    if devis.etape is not EtatDevis.ACCEPTE:
        raise ValidationError({"devis": "Ce devis n’est pas accepté\u00a0: rien ne s’y rattache encore."})


def _convention_du(collectivite, le: date) -> Convention:
    """La convention en vigueur ce jour-là, verrouillée : un état mensuel ne peut pas se figer pendant."""
    conventions = list(
        Convention.objects.retenues()
        .select_for_update(of=("self",), no_key=True)
        .filter(collectivite=collectivite)
        .select_related("modele")
        .order_by("date_effet", "pk")
    )
    for convention in conventions:
        if convention.phase(le) is not None:
            return convention
    raise ValidationError({"le": _pourquoi_hors_convention(conventions, le)})


def _pourquoi_hors_convention(conventions: list[Convention], le: date) -> str:
    """La règle qui l’exclut, article compris."""
    suite = "une intervention se rattache à une convention en vigueur."
    signees = [c for c in conventions if c.date_effet is not None]
    if not signees:
        pourquoi = (
            "La convention n’est pas encore signée" if conventions else "Aucune convention n’est signée"
        )
        return f"{pourquoi}\u00a0: {suite}"
    passees = [c for c in signees if c.date_effet <= le]
    convention = passees[-1] if passees else signees[0]
    if not passees:
        regle = f"La convention prend effet le {date_longue(convention.date_effet)}"
        return f"{regle}{_article(convention.modele.article_duree)}\u00a0: {suite}"
    denoncee = convention.fins.filter(retiree_le__isnull=True).exists()
    if not denoncee and convention.modele.reconduction != Reconduction.TACITE:
        regle = f"La convention s’est éteinte le {date_longue(convention.fin)}, faute de renouvellement"
        return f"{regle}{_article(convention.modele.article_duree)}\u00a0: {suite}"
    regle = f"La convention a pris fin le {date_longue(convention.fin)}"
    return f"{regle}{_article(convention.modele.article_denonciation)}\u00a0: {suite}"


def _article(article: str) -> str:
    return f" ({article})" if article else ""


def _refuser_si_figee(convention: Convention, le: date, fuseau) -> None:
    """Un mois présenté à la collectivité, ou un exercice figé, ne reçoit plus de journée."""
    etat = EtatMensuel.objects.filter(convention=convention, annee=le.year, mois=le.month).first()
    if etat is not None:
        depuis = date_courte(etat.fige_le.astimezone(fuseau).date())
        mois = f"{MOIS[le.month - 1]} {le.year}"
        raise ValidationError(
            {"le": f"L’état {de(mois)} est figé depuis le {depuis}\u00a0: il ne reçoit plus d’intervention."}
        )
    annuel = EtatAnnuel.objects.filter(collectivite=convention.collectivite_id, exercice=le.year).first()
    if annuel is not None:
        raise ValidationError({"le": f"L’état annuel n°\u00a0{annuel} est figé\u00a0: {le.year} est clos."})
