"""Semer ce qui suit les conventions : devis, états mensuels et annuels, hausse notifiée."""

from datetime import date, timedelta
from decimal import Decimal

from dpd.comptes.droits import personnes_de
from dpd.comptes.enums import Role
from dpd.comptes.models import Collectivite
from dpd.conventions.actions import devis as gestes
from dpd.conventions.actions.annuels import figer
from dpd.conventions.actions.hausses import notifier_hausse
from dpd.conventions.actions.mensuels import figer_mois
from dpd.conventions.actions.mensuels_lignes import decider, valider_tout
from dpd.conventions.enums import NatureBareme, Revision
from dpd.conventions.models import Bareme, Convention, Intervention
from dpd.conventions.regles.mensuel import GesteLigne
from dpd.pilotage.demonstration.conventions import Bureau

NATURES_SANS_ATTENTE = (NatureBareme.FORFAIT_DEVIS, NatureBareme.GRATUIT)


def prestations(bureau: Bureau, conventions: list[Convention]) -> None:
    """Les suites, dans l’ordre où elles seraient venues."""
    signees = [c for c in conventions if c.date_effet]
    for convention in signees:
        _presenter_les_mois(bureau, convention)
    _figer_les_exercices(bureau, signees)
    _notifier_la_hausse(bureau)
    _demander_des_devis(bureau, signees)


def _presenter_les_mois(bureau: Bureau, convention: Convention) -> None:
    """Les mois échus d’une mise en place : le plus ancien validé, le dernier avec une ligne contestée."""
    decideur = personnes_de(convention.collectivite, Role.DECIDEUR).first()
    if not convention.modele.etat_mensuel or decideur is None:
        return
    traces = Intervention.objects.filter(convention=convention, phase="mise_en_place")
    ce_mois = (bureau.maintenant.year, bureau.maintenant.month)
    mois = sorted({(i.le.year, i.le.month) for i in traces} - {ce_mois})
    suite = bureau.maintenant - timedelta(days=4)
    for rang, (annee, numero) in enumerate(mois, 1):
        etat = figer_mois(
            convention=convention, annee=annee, mois=numero, auteur=bureau.gestionnaire, maintenant=suite
        )
        if rang < len(mois):
            valider_tout(etat=etat, auteur=decideur, maintenant=suite)
            continue
        decider(
            ligne=etat.lignes.first(),
            geste=GesteLigne.CONTESTER,
            motif="La réunion a duré une demi-journée, pas une journée.",
            auteur=decideur,
            maintenant=suite,
        )


def _figer_les_exercices(bureau: Bureau, conventions: list[Convention]) -> None:
    """Les exercices passés dont rien ne manque : ni indice à paraître, ni journée à valider."""
    annee = bureau.maintenant.year - 1
    bareme = Bareme.objects.applicables(bureau.structure, date(annee, 12, 31)).first()
    if bareme is None or bareme.nature not in NATURES_SANS_ATTENTE:
        return
    for convention in conventions:
        if convention.date_effet.year <= annee:
            figer(
                convention=convention,
                exercice=annee,
                auteur=bureau.gestionnaire,
                maintenant=bureau.maintenant - timedelta(days=30),
            )


def _notifier_la_hausse(bureau: Bureau) -> None:
    hausse = Bareme.objects.filter(
        structure=bureau.structure, publie=True, revision=Revision.DECISION, en_vigueur_du=date(2027, 1, 1)
    ).first()
    if hausse:
        notifier_hausse(
            bareme=hausse,
            deliberation="Décision de démonstration du conseil d’administration",
            auteur=bureau.gestionnaire,
            maintenant=bureau.maintenant - timedelta(days=25),
        )


def _demander_des_devis(bureau: Bureau, conventions: list[Convention]) -> None:
    for rang, convention in enumerate(conventions[:4]):
        collectivite = convention.collectivite
        referent = personnes_de(collectivite, Role.REFERENT).first()
        decideur = personnes_de(collectivite, Role.DECIDEUR).first()
        if referent is None or decideur is None:
            continue
        _derouler(bureau, collectivite, referent, decideur, rang)


OBJETS = (
    "Vidéoprotection : analyse d’impact",
    "Audit du logiciel de cantine",
    "Formation des agents",
    "Archives",
)


def _derouler(bureau: Bureau, collectivite: Collectivite, referent, decideur, rang: int) -> None:
    """Quatre devis, quatre issues : accepté, proposé, demandé, décliné."""
    quand = bureau.maintenant - timedelta(days=50)
    devis = gestes.demander(
        collectivite=collectivite,
        objet=OBJETS[rang],
        besoin="Nous ne savons pas par où commencer et le conseil municipal nous interroge.",
        auteur=referent,
        maintenant=quand,
    )
    if rang == 2:
        return
    if rang == 3:
        motif = "Nos deux agents sont pris jusqu’au printemps\u00a0; nous vous recontacterons."
        gestes.decliner(devis=devis, motif=motif, auteur=bureau.dpd, maintenant=quand + timedelta(days=3))
        return
    devis = gestes.etudier(devis=devis, auteur=bureau.dpd, maintenant=quand + timedelta(days=2))
    devis = gestes.proposer(
        devis=devis,
        audit="Un entretien et la lecture des contrats suffisent.",
        volet_administratif="Un interlocuteur dans la collectivité, un accès aux documents.",
        plan_actions="1. Entretien. 2. Analyse. 3. Restitution au responsable de traitement.",
        jours_mise_en_place=Decimal(1),
        jours_accompagnement=None,
        prix_jour=Decimal(250) if rang == 0 else Decimal(300),
        prix_revisable=rang == 0,
        exercice=bureau.maintenant.year + 1,
        ponctuel=True,
        valable_jusqu_au=bureau.maintenant.date() + timedelta(days=60),
        auteur=bureau.dpd,
        maintenant=quand + timedelta(days=6),
    )
    if rang == 0:
        gestes.accepter(devis=devis, auteur=decideur, maintenant=quand + timedelta(days=9))
