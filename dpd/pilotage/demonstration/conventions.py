"""Semer les conventions : modèles, barèmes, signatures, mises en place, interventions, états."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

from dpd.comptes.droits import personnes_de
from dpd.comptes.enums import Role
from dpd.comptes.models import Collectivite, Structure, Utilisateur
from dpd.conventions.actions.convention import Signatures, preparer_projet, signer
from dpd.conventions.actions.convention_vie import denoncer, prevoir, renouveler
from dpd.conventions.actions.designation import Declaration, designer
from dpd.conventions.actions.indices import deliberer_raccord, reprendre_valeurs_sures
from dpd.conventions.actions.interventions import tracer
from dpd.conventions.actions.mise_en_place import Note, Ou, basculer, noter_etape
from dpd.conventions.actions.modeles import creer_modele
from dpd.conventions.actions.tarifs import (
    creer_bareme,
    enregistrer_forfaits,
    enregistrer_grille,
    regler_simulateur,
)
from dpd.conventions.actions.tarifs_publication import publier_bareme
from dpd.conventions.enums import Acteur, CauseFin, Partie
from dpd.conventions.etapes import BILAN
from dpd.conventions.models import Convention, EtapeMiseEnPlace, IndiceRevision, ModeleConvention
from dpd.pilotage.demonstration.comptes import le_dpd
from dpd.pilotage.demonstration.horloge import Horloge
from dpd.pilotage.demonstration.recits_conventions import ORDINAIRES, RECITS, RecitConvention
from dpd.pilotage.demonstration.textes_conventions import BAREMES, MODELES, BaremeDemo
from dpd.regles.calendrier import Territoire

PAS = timedelta(days=13)  # entre deux étapes d’une mise en place
BILAN_TYPE = "Registre ouvert, référent formé, délégué désigné. Reste à tenir les fiches à jour chaque année."


@dataclass(frozen=True, slots=True)
class Bureau:
    """La structure, et ceux qui y tiennent la plume."""

    structure: Structure
    gestionnaire: Utilisateur
    dpd: Utilisateur
    agent: Utilisateur
    maintenant: datetime


def a_dix_heures(jour: date) -> datetime:
    """L’instant où se note un fait de ce jour-là."""
    return datetime.combine(jour, time(10), tzinfo=UTC)


def preparer(structure: Structure, sigle: str, maintenant: datetime) -> Bureau | None:
    """Le modèle, les barèmes et les indices d’une structure ; None si elle les a déjà."""
    if ModeleConvention.objects.filter(structure=structure).exists():
        return None
    bureau = Bureau(
        structure,
        gestionnaire=personnes_de(structure, Role.GESTIONNAIRE).first(),
        dpd=le_dpd(structure),
        agent=personnes_de(structure, Role.AGENT).first(),
        maintenant=maintenant,
    )
    trace = {"auteur": bureau.gestionnaire, "maintenant": maintenant}
    champs = dict(MODELES[sigle])
    creer_modele(structure=structure, en_vigueur_du=date(2020, 1, 1), **champs, **trace)
    if any(bareme.base for bareme in BAREMES[sigle]):
        _indices(structure, trace)
    for bareme in BAREMES[sigle]:
        publier(structure, bareme, trace)
    regler_simulateur(
        structure=structure,
        simulateur_ouvert=True,
        presentation="Le délégué à la protection des données mutualisé, pour les collectivités affiliées.",
        **trace,
    )
    return bureau


def _indices(structure: Structure, trace: dict) -> None:
    reprendre_valeurs_sures(structure=structure, **trace)
    deliberer_raccord(
        structure=structure,
        coefficient=Decimal("0.97975"),
        deliberation="Délibération de démonstration",
        deliberee_le=date(2022, 12, 8),
        source="Coefficient publié au changement de série, août 2022 : 280,6 ÷ 286,4",
        **trace,
    )


def publier(structure: Structure, demo: BaremeDemo, trace: dict) -> None:
    """Un barème, sa grille ou ses forfaits, publiés."""
    champs = dict(demo.champs)
    if demo.base:
        annee, mois = demo.base
        champs["indice_base"] = IndiceRevision.objects.get(structure=structure, annee=annee, mois=mois)
    bareme = creer_bareme(
        structure=structure,
        nature=demo.nature,
        nom=demo.nom,
        source=demo.source,
        en_vigueur_du=demo.en_vigueur_du,
        **champs,
        **trace,
    )
    if demo.grille:
        enregistrer_grille(bareme=bareme, tranches=demo.grille, **trace)
    if demo.forfaits:
        enregistrer_forfaits(bareme=bareme, forfaits=demo.forfaits, **trace)
    publier_bareme(bareme=bareme, **trace)


def conventionner(bureau: Bureau, collectivite: Collectivite, sigle: str, position: int) -> Convention:
    """La convention d’une collectivité, telle que son récit la dit."""
    recit = RECITS[sigle].get(position, ORDINAIRES[sigle])
    modele = ModeleConvention.objects.get(structure=bureau.structure)
    ouverture = recit.signatures[0] if recit.signatures else bureau.maintenant.date() - timedelta(days=20)
    convention = preparer_projet(
        collectivite=collectivite,
        modele=modele,
        reference=f"{ouverture.year}-{position + 1:02}",
        auteur=bureau.gestionnaire,
        maintenant=a_dix_heures(ouverture),
    )
    _declarer_le_delegue(bureau, collectivite)
    if recit.signatures is None:
        return convention
    convention = _signer(bureau, convention, recit)
    _mettre_en_place(bureau, convention, recit)
    _vivre(bureau, convention, recit)
    return convention


def _declarer_le_delegue(bureau: Bureau, collectivite: Collectivite) -> None:
    if collectivite.designation_date is None:
        return
    designer(
        collectivite=collectivite,
        declaration=Declaration(
            delegue=collectivite.dpd,
            coordonnees=collectivite.dpd_coordonnees[:300],
            representant=collectivite.representant[:200],
            numero=collectivite.designation_numero,
        ),
        designee_le=collectivite.designation_date,
        auteur=bureau.dpd,
        maintenant=bureau.maintenant,
    )


def _signer(bureau: Bureau, convention: Convention, recit: RecitConvention) -> Convention:
    deliberee, signee = recit.signatures or (None, None)
    convention = signer(
        convention=convention,
        signatures=Signatures(
            signee_collectivite_le=deliberee,
            signee_structure_le=signee,
            reference=convention.reference,
            deliberation="Délibération du conseil",
            deliberee_le=deliberee,
        ),
        auteur=bureau.gestionnaire,
        maintenant=a_dix_heures(signee or bureau.maintenant.date()),
    )
    if recit.forfait or recit.jours:
        mise_en_place, suite = recit.jours or (None, None)
        convention = prevoir(
            convention=convention,
            forfait_code=recit.forfait,
            jours_mise_en_place=None if mise_en_place is None else Decimal(mise_en_place),
            jours_accompagnement=None if suite is None else Decimal(suite),
            auteur=bureau.gestionnaire,
            maintenant=a_dix_heures(signee or bureau.maintenant.date()),
        )
    return convention


def _mettre_en_place(bureau: Bureau, convention: Convention, recit: RecitConvention) -> None:
    etapes = [e for e in convention.etapes.all() if e.code != BILAN]
    faites = len(etapes) if recit.etapes < 0 else recit.etapes
    hier = bureau.maintenant.date() - timedelta(days=1)
    for etape, jour in zip(etapes[:faites], _jours_ouverts(convention.date_effet, hier), strict=False):
        note = Note(Ou.FAITE, faite_le=jour, trace=etape.trace_attendue.capitalize() or "Fait")
        _noter(bureau, etape, note)
    if recit.blocage and faites < len(etapes):
        depuis = bureau.maintenant.date() - timedelta(days=26)
        _noter(bureau, etapes[faites], Note(Ou.BLOQUEE, bloquee_depuis=depuis, blocage=recit.blocage))
    if recit.bascule:
        basculer(
            convention=convention,
            le=recit.bascule,
            bilan=BILAN_TYPE,
            motif="Mise en place antérieure à l’ouverture de cet outil",
            auteur=bureau.dpd,
            maintenant=a_dix_heures(recit.bascule),
        )


def _jours_ouverts(effet: date, hier: date) -> Iterator[date]:
    jour = effet
    while True:
        yield min(jour, hier)
        jour += PAS


def _noter(bureau: Bureau, etape: EtapeMiseEnPlace, note: Note) -> None:
    collectivite = etape.collectivite
    role = {Acteur.DPD: None, Acteur.RESPONSABLE: Role.DECIDEUR}.get(etape.acteur, Role.REFERENT)
    auteur = bureau.dpd if role is None else personnes_de(collectivite, role).first()
    if auteur is not None:
        noter_etape(etape=etape, note=note, auteur=auteur, maintenant=bureau.maintenant)


def _vivre(bureau: Bureau, convention: Convention, recit: RecitConvention) -> None:
    if recit.renouvelee:
        renouveler(
            convention=convention,
            notifie_le=recit.renouvelee,
            par=Partie.COLLECTIVITE,
            auteur=bureau.gestionnaire,
            maintenant=a_dix_heures(recit.renouvelee),
        )
    horloge = Horloge(bureau.maintenant, Territoire(convention.collectivite.territoire))
    for fait in recit.interventions:
        jour = horloge.jour(fait.jours)
        tracer(
            collectivite=convention.collectivite,
            nature=fait.nature,
            le=jour,
            minutes=fait.minutes,
            lieu=fait.lieu,
            demande=fait.demande,
            auteur=bureau.agent if fait.minutes < 60 else bureau.dpd,
            maintenant=horloge.instant(fait.jours, 18),
        )
    if recit.denoncee:
        denoncer(
            convention=convention,
            cause=CauseFin.DENONCIATION,
            par=Partie.COLLECTIVITE,
            notifiee_le=recit.denoncee,
            deliberation="Délibération du conseil",
            motif="La commune rejoint le service de son intercommunalité.",
            auteur=bureau.gestionnaire,
            maintenant=a_dix_heures(recit.denoncee),
        )
