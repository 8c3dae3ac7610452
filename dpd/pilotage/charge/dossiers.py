"""Les violations et les demandes de droits de la charge : la plupart finies, quelques-unes qui courent."""

from datetime import datetime, timedelta

from dpd.pilotage.charge.lieux import Equipe, Lieu
from dpd.regles.calendrier import Territoire
from subtraitance.enums import CanalDemande, Droit, EtatDemande, RegimeDemande
from subtraitance.models import DemandeDroits
from subtraitance.regles.horloges import delai_reponse, horloge_transmission
from subtraitance.regles.parametres import parametres_au as parametres_des_demandes
from violations.actions.commun import rappels_a_prevoir
from violations.enums import Cause, EtatViolation, Origine, SourceConnaissance
from violations.models import Rappel, Violation
from violations.regles.horloges import horloge_notification
from violations.regles.parametres import parametres_au

VIOLATIONS = {0: 60, 1: 30, 2: 10}  # par collectivité, en cinq ans
DEMANDES = {0: 40, 1: 30, 2: 20, 4: 10}
CINQ_ANS = 5 * 365
EN_COURS = 0.03  # part des dossiers ouverts
RECIT = (
    "Un courriel contenant la liste des élèves inscrits à la cantine, avec leurs régimes alimentaires, est "
    "parti à l’ensemble des parents. L’agente s’en est aperçue aussitôt et a rappelé les destinataires. "
)


def survenir(equipe: Equipe, lieux: list[Lieu], maintenant: datetime) -> int:
    """Les violations du lot, avec leurs rappels pour celles qui courent ; combien."""
    violations = []
    for lieu in lieux:
        rangs: dict[int, int] = {}
        for _ in range(lieu.hasard.selon(VIOLATIONS)):
            violations.append(_violation(lieu, maintenant, rangs))
            violations[-1].indexer()
    Violation.objects.creer_en_masse(
        violations, auteur=equipe.dpd, maintenant=maintenant, raison="Base de charge"
    )
    ouvertes = [v for v in violations if v.etat != EtatViolation.CLOSE]
    Rappel.objects.bulk_create([r for v in ouvertes for r in rappels_a_prevoir(v, maintenant)])
    return len(violations)


def _violation(lieu: Lieu, maintenant: datetime, rangs: dict[int, int]) -> Violation:
    hasard = lieu.hasard
    ouverte = hasard.chance(EN_COURS)
    connue = hasard.passe(maintenant, 3 if ouverte else CINQ_ANS, 0 if ouverte else 30)
    annee = connue.astimezone(lieu.collectivite.fuseau).year
    rangs[annee] = rangs.get(annee, 0) + 1
    notifiee = None if ouverte else connue + timedelta(hours=hasard.entier(4, 90))
    parametres = parametres_au(connue)
    return Violation(
        collectivite=lieu.collectivite,
        annee=annee,
        rang=rangs[annee],
        etat=EtatViolation.DECLAREE if ouverte else EtatViolation.CLOSE,
        titre="Liste d’élèves envoyée à tous les parents",
        recit=RECIT * hasard.entier(1, 4),
        source=SourceConnaissance.AGENT,
        connaissance=connue,
        echeance_notification=horloge_notification(connue, parametres, None).echeance,
        notifiee_le=notifiee,
        confidentialite=True,
        origine=hasard.un(list(Origine)),
        cause=hasard.un(list(Cause)),
        personnes_min=hasard.entier(1, 80),
        declaree_par=lieu.referent,
        declaree_le=connue + timedelta(minutes=hasard.entier(5, 600)),
    )


def demander(equipe: Equipe, lieux: list[Lieu], maintenant: datetime) -> int:
    """Les demandes de droits du lot ; combien."""
    demandes = []
    for lieu in lieux:
        rangs: dict[int, int] = {}
        for _ in range(lieu.hasard.selon(DEMANDES)):
            demandes.append(_demande(equipe, lieu, maintenant, rangs))
    DemandeDroits.objects.creer_en_masse(
        demandes, auteur=equipe.agent, maintenant=maintenant, raison="Base de charge"
    )
    return len(demandes)


def _demande(equipe: Equipe, lieu: Lieu, maintenant: datetime, rangs: dict[int, int]) -> DemandeDroits:
    hasard = lieu.hasard
    ouverte = hasard.chance(EN_COURS)
    recue = hasard.passe(maintenant, 25 if ouverte else CINQ_ANS, 0 if ouverte else 60)
    jour = recue.astimezone(lieu.collectivite.fuseau).date()
    rangs[jour.year] = rangs.get(jour.year, 0) + 1
    parametres = parametres_des_demandes(jour)
    delai = delai_reponse(jour, parametres)
    transmission = horloge_transmission(recue, Territoire(equipe.structure.territoire), parametres)
    transmise = recue + timedelta(hours=hasard.entier(1, 60))
    prenom, nom = hasard.personne()
    return DemandeDroits(
        collectivite=lieu.collectivite,
        annee=jour.year,
        rang=rangs[jour.year],
        etat=EtatDemande.RECUE if ouverte else EtatDemande.CLOSE,
        regime=RegimeDemande.RGPD,
        droits=[hasard.un(list(Droit)).value],
        canal=hasard.un(list(CanalDemande)),
        recue_le=recue,
        enregistree_le=recue + timedelta(minutes=30),
        enregistree_par=equipe.agent,
        demandeur_nom=f"{prenom} {nom}",
        texte="Je souhaite savoir quelles données la mairie détient sur moi, et en recevoir une copie.",
        echeance_transmission=transmission.echeance,
        transmise_le=None if ouverte else transmise,
        echeance=delai.echeance,
        informer_avant=delai.informer_avant,
        repondue_le=None if ouverte else jour + timedelta(days=hasard.entier(3, 45)),
    )
