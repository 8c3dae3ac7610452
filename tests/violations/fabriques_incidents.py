"""Des incidents d’essai, et de quoi peupler un portefeuille."""

from datetime import date, datetime

from dpd.comptes.droits import accorder
from dpd.comptes.enums import Role, TypeCollectivite
from dpd.comptes.models import Collectivite, CollectiviteUserObjectPermission, Utilisateur
from subtraitance.models import Contrat, Logiciel, LogicielEmploye
from tests.violations.fabriques import PARIS
from violations.actions.incidents import signaler

SU_LE = datetime(2026, 11, 22, 20, 0, tzinfo=PARIS)
SIGNALE_LE = datetime(2026, 11, 23, 8, 0, tzinfo=PARIS)
TITRE = "Une sauvegarde du portail familles a été copiée"
RECIT = "Un tiers s’est introduit chez l’hébergeur et a copié la sauvegarde du 20 novembre."
FAITS = {
    "debut": datetime(2026, 11, 20, 22, 0, tzinfo=PARIS),
    "en_cours": True,
    "confidentialite": True,
    "donnees": ["etat_civil", "sante"],
    "donnees_precision": "Allergies signalées",
    "personnes": ["mineurs"],
    "mesures_apres": "Accès coupé",
}


def creer_incident(structure, auteur, maintenant=SIGNALE_LE, *, connaissance=SU_LE, **champs):
    return signaler(
        structure=structure,
        titre=champs.pop("titre", TITRE),
        recit=champs.pop("recit", RECIT),
        connaissance=connaissance,
        auteur=auteur,
        maintenant=maintenant,
        **{**FAITS, **champs},
    )


def creer_logiciel(sous_traitant, nom, maintenant=SIGNALE_LE):
    return Logiciel(structure=sous_traitant.structure, sous_traitant=sous_traitant, nom=nom).enregistrer(
        auteur=None, maintenant=maintenant, raison="essai"
    )


def creer_contrat(collectivite, sous_traitant, *, logiciels=(), maintenant=SIGNALE_LE, **champs):
    """Un contrat en cours depuis 2025, et ce qu’il nomme."""
    defauts = {"objet": "Portail familles", "debut": date(2025, 1, 1)}
    contrat = Contrat(collectivite=collectivite, sous_traitant=sous_traitant, **{**defauts, **champs})
    contrat.enregistrer(auteur=None, maintenant=maintenant, raison="essai")
    for logiciel in logiciels:
        emploi = LogicielEmploye(collectivite=collectivite, contrat=contrat, logiciel=logiciel)
        emploi.enregistrer(auteur=None, maintenant=maintenant, raison="essai")
    return contrat


def creer_communes(structure, nombre, maintenant=SIGNALE_LE, *, premiere=0, referents=True):
    """Tant de communes ; chacune a un référent, sauf avis contraire."""
    communes = Collectivite.objects.creer_en_masse(
        [
            Collectivite(
                structure=structure,
                type=TypeCollectivite.COMMUNE,
                nom=f"Bourg {rang:03}",
                denomination=f"Commune de Bourg {rang:03}",
                siren=f"{210000000 + rang}",
                recherche=f"commune de bourg {rang:03}",
            )
            for rang in range(premiere, premiere + nombre)
        ],
        auteur=None,
        maintenant=maintenant,
        raison="essai",
    )
    if referents:
        donner_des_referents(communes)
    return communes


def donner_des_referents(communes):
    """Un compte référent par commune, en trois requêtes."""
    comptes = Utilisateur.objects.bulk_create(
        [Utilisateur(email=f"referent@{c.siren}.example", password="!") for c in communes]
    )
    accorder(comptes[0], Role.REFERENT, communes[0])
    modele = CollectiviteUserObjectPermission.objects.get(user=comptes[0])
    CollectiviteUserObjectPermission.objects.bulk_create(
        [
            CollectiviteUserObjectPermission(
                user=compte, permission_id=modele.permission_id, content_object=commune
            )
            for compte, commune in zip(comptes[1:], communes[1:], strict=True)
        ]
    )
    return comptes
