"""Les registres de la charge : les modèles de la bibliothèque, complétés, à chaque étape de leur vie."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from dpd.accompagnement.enums import SensAvis
from dpd.accompagnement.models import Avis
from dpd.pilotage.charge.lieux import Equipe, Lieu
from dpd.pilotage.charge.questions import interroger
from dpd.pilotage.demonstration.completer import Organisme, completer
from dpd.pilotage.demonstration.decisions import Decision
from dpd.pilotage.demonstration.rubriques import PRESTATAIRES
from dpd.pilotage.demonstration.structures import A_TRANCHES
from registre.ecriture import PROJECTIONS, deduire, lignes_de, responsable_de
from registre.enums import EtatVersion
from registre.models import Traitement, VersionModele, VersionTraitement
from registre.regles.contenu import Fiche, depuis_dict

# Ce que l’on voit dans un portefeuille en régime : la moitié des fiches adoptées, un tiers en cours.
ETATS = {
    EtatVersion.ADOPTEE: 52,
    EtatVersion.BROUILLON: 32,
    EtatVersion.TRANSMISE: 6,
    EtatVersion.AVIS_RENDU: 5,
    EtatVersion.ABROGEE: 5,
}
EN_ATTENTE = frozenset({EtatVersion.TRANSMISE, EtatVersion.AVIS_RENDU})
AVEC_AVIS = frozenset({EtatVersion.AVIS_RENDU, EtatVersion.ADOPTEE, EtatVersion.ABROGEE})
ADOPTEES = frozenset({EtatVersion.ADOPTEE, EtatVersion.ABROGEE})
PAR_DEFAUT = Decision("Secrétariat général", "la clôture du dossier")
PART_COMPLETE = 0.4  # des brouillons
PART_REVISEE = 0.15  # des fiches adoptées qui ont remplacé une version plus ancienne
UN_AN = timedelta(days=365)
RECIT = (
    "Le service reçoit les demandes à l’accueil, par courrier et par téléprocédure ; il vérifie les pièces, "
    "enregistre le dossier, puis l’archive. Les élus n’y accèdent que pour les décisions qu’ils prennent. "
)


@dataclass(frozen=True, slots=True)
class Modele:
    """Une version de la bibliothèque : la fiche vide, et la même complétée."""

    version: VersionModele
    vide: Fiche
    complete: Fiche


def catalogue() -> list[Modele]:
    """Les modèles communs, prêts à être tirés ; une requête."""
    chez = Organisme(PRESTATAIRES[A_TRANCHES])
    versions = VersionModele.objects.filter(modele__structure=None, est_courante=True)
    return [
        Modele(
            version, vide := depuis_dict(version.contenu), _longue(completer(vide, version, chez, PAR_DEFAUT))
        )
        for version in versions.select_related("modele").order_by("modele__code")
    ]


def _longue(fiche: Fiche) -> Fiche:
    return replace(fiche, description=f"{fiche.description} {RECIT * 3}"[:1500])


def remplir_les_registres(
    equipe: Equipe,
    lieux: list[Lieu],
    modeles: list[Modele],
    nombre: int,
    maintenant: datetime,
    *,
    premiere: int = 1,
) -> int:
    """``nombre`` fiches dans chaque collectivité du lot ; combien en tout. Requêtes en nombre constant.

    ``premiere`` : le numéro de la première, pour compléter un registre déjà ouvert.
    """
    trace = {"auteur": equipe.dpd, "maintenant": maintenant - UN_AN, "raison": "Base de charge"}
    choix = [
        (lieu, rang, lieu.hasard.un(modeles)) for lieu in lieux for rang in range(premiere, premiere + nombre)
    ]
    traitements = Traitement.objects.creer_en_masse(
        [
            Traitement(
                collectivite=lieu.collectivite,
                reference=rang,
                cree_le=maintenant - UN_AN,
                modele=modele.version,
            )
            for lieu, rang, modele in choix
        ],
        **trace,
    )
    responsables = {lieu.collectivite.pk: responsable_de(lieu.collectivite) for lieu in lieux}
    versions, contenus, chez = [], [], []
    for traitement, (lieu, rang, modele) in zip(traitements, choix, strict=True):
        hasard = lieu.hasard
        etat = hasard.selon(ETATS)
        complete = etat != EtatVersion.BROUILLON or hasard.chance(PART_COMPLETE)
        fiche = replace(
            modele.complete if complete else modele.vide,
            nom=f"{modele.vide.nom} ({rang})"[:200],
            responsable=responsables[lieu.collectivite.pk],
        )
        for version in _versions(traitement, lieu, etat, maintenant):
            deduire(version, fiche)
            versions.append(version)
            contenus.append(fiche)
            chez.append(lieu)
    _aviser(equipe, versions, trace)
    versions = VersionTraitement.objects.creer_en_masse(versions, **trace)
    interroger(equipe, list(zip(chez, versions, strict=True)), maintenant)
    for modele_de_ligne, (_, lignes) in PROJECTIONS.items():
        modele_de_ligne.objects.bulk_create(
            (x for v, f in zip(versions, contenus, strict=True) for x in lignes_de(v, f, lignes)),
            batch_size=5000,
        )
    return len(traitements)


def _versions(
    traitement: Traitement, lieu: Lieu, etat: EtatVersion, maintenant: datetime
) -> list[VersionTraitement]:
    """La version montrée, précédée parfois de celle qu’elle a remplacée."""
    quand = lieu.hasard.passe(maintenant, 700)
    anciennes = []
    if etat in ADOPTEES and lieu.hasard.chance(PART_REVISEE):
        ancienne = _version(traitement, lieu, EtatVersion.REMPLACEE, 1, quand - UN_AN)
        ancienne.est_courante, ancienne.fin_le = False, quand
        anciennes = [ancienne]
    return [*anciennes, _version(traitement, lieu, etat, len(anciennes) + 1, quand)]


def _version(
    traitement: Traitement, lieu: Lieu, etat: EtatVersion, numero: int, quand: datetime
) -> VersionTraitement:
    version = VersionTraitement(
        collectivite=lieu.collectivite,
        traitement=traitement,
        numero=numero,
        etat=etat,
        cree_le=quand,
        modifie_le=quand,
        modifie_par=lieu.referent,
        transmise_le=None if etat == EtatVersion.BROUILLON else quand,
        attend_depuis=quand if etat in EN_ATTENTE else None,
    )
    if etat in ADOPTEES or etat == EtatVersion.REMPLACEE:
        version.adoptee_le, version.adoptee_par = quand, lieu.decideur
        version.relire_avant = (quand + UN_AN).date()
    if etat == EtatVersion.ABROGEE:
        version.fin_le, version.motif_abrogation = quand, "Service fermé"
    return version


def _aviser(equipe: Equipe, versions: list[VersionTraitement], trace: dict) -> None:
    avisees = [v for v in versions if v.etat in AVEC_AVIS]
    avis = Avis.objects.creer_en_masse(
        [
            Avis(
                collectivite=version.collectivite,
                sens=SensAvis.FAVORABLE,
                texte="Durées et mesures cohérentes avec l’usage décrit.",
                rendu_par=equipe.dpd,
                rendu_le=version.transmise_le,
            )
            for version in avisees
        ],
        **trace,
    )
    for version, rendu in zip(avisees, avis, strict=True):
        version.avis = rendu
