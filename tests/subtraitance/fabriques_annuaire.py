"""Des prestataires, des contrats, et de quoi peupler un annuaire."""

from datetime import UTC, date, datetime

from subtraitance.actions.annuaire_fiche import creer_prestataire
from subtraitance.actions.annuaire_lignes import ajouter_logiciel, ajouter_ulterieur
from subtraitance.actions.contrats import Lecture, controler_clauses, creer_contrat
from subtraitance.enums import Reponse28
from subtraitance.models import Contrat, SousTraitant
from subtraitance.regles.article_28 import POINTS

LUNDI = datetime(2026, 11, 23, 8, 40, tzinfo=UTC)  # 9 h 40 à Paris
SIREN, AUTRE_SIREN = "552100554", "732829320"


def creer_fiche(structure, dpd, nom="Logi-Quercy", maintenant=LUNDI, **champs):
    defauts = {
        "type": "editeur-metier",
        "hebergement": "Toulouse",
        "hebergement_pays": "FR",
        "dpd_nom": "Service conformité",
        "securite_courriel": "securite@logi.example",
    }
    return creer_prestataire(
        structure=structure, auteur=dpd, maintenant=maintenant, nom=nom, **{**defauts, **champs}
    )


def noter_contrat(collectivite, fiche, auteur, maintenant=LUNDI, *, logiciels=(), fichier=None, **champs):
    """Un contrat en cours depuis 2025, sans terme, à autorisation spécifique, sauf avis contraire."""
    defauts = {
        "objet": "Logiciel de paie",
        "reference": "",
        "debut": date(2025, 1, 1),
        "fin": None,
        "preavis_mois": 3,
        "autorisation": "specifique",
    }
    return creer_contrat(
        collectivite=collectivite,
        sous_traitant=fiche,
        auteur=auteur,
        maintenant=maintenant,
        logiciels=logiciels,
        fichier=fichier,
        **{**defauts, **champs},
    )


def noter_logiciel(fiche, dpd, nom="Familia", maintenant=LUNDI):
    return ajouter_logiciel(fiche=fiche, nom=nom, auteur=dpd, maintenant=maintenant)


def ajouter_sous_traitant(fiche, ulterieur, dpd, maintenant=LUNDI, **champs):
    """Le lien seul ; combien sont prévenus se lit dans l’action."""
    lien, _ = ajouter_ulterieur(
        fiche=fiche,
        ulterieur=ulterieur,
        auteur=dpd,
        maintenant=maintenant,
        **{"activite": "Hébergement", **champs},
    )
    return lien


def lire_tout(contrat, auteur, maintenant=LUNDI, *, sauf=()):
    """Chaque point tenu et cité, sauf ceux-là, absents."""
    tenu = {p.code: Lecture(Reponse28.PRESENTE, p.avenant, "art. 2") for p in POINTS}
    lectures = tenu | {code: Lecture(Reponse28.ABSENTE) for code in sauf}
    return controler_clauses(contrat=contrat, lectures=lectures, auteur=auteur, maintenant=maintenant)


def creer_fiches(structure, nombre, *, premiere=0, maintenant=LUNDI):
    """Tant de fiches vérifiées, en une requête."""
    return SousTraitant.objects.creer_en_masse(
        [
            SousTraitant(
                structure=structure,
                nom=f"Prestataire {rang:03}",
                etat="verifiee",
                proposee_le=maintenant,
                recherche=f"prestataire {rang:03}",
            )
            for rang in range(premiere, premiere + nombre)
        ],
        auteur=None,
        maintenant=maintenant,
        raison="essai",
    )


def creer_contrats(collectivite, fiches, maintenant=LUNDI):
    """Un contrat avec chacune, en une requête."""
    return Contrat.objects.creer_en_masse(
        [
            Contrat(collectivite=collectivite, sous_traitant=fiche, objet="Logiciel", debut=date(2025, 1, 1))
            for fiche in fiches
        ],
        auteur=None,
        maintenant=maintenant,
        raison="essai",
    )
