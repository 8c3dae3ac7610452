"""La structure sous-traitante d’essai : ses activités, ce qu’elle détient, ce qu’on lui ordonne."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from dpd.comptes.enums import TypeCollectivite
from dpd.comptes.models import Collectivite
from subtraitance.actions.article_30_2 import creer_activite, rattacher
from subtraitance.actions.detention import detruire_lots, enregistrer_lot, regler
from subtraitance.actions.hebergement import ajouter_lieu
from subtraitance.actions.instructions import donner_instruction
from subtraitance.enums import LotDetenu, UniteDetention
from subtraitance.models import Contrat, SousTraitant

PARIS = ZoneInfo("Europe/Paris")
LUNDI = datetime(2026, 11, 23, 9, 40, tzinfo=PARIS)
JOUR = date(2026, 11, 23)
CATEGORIES = "Consultation, sauvegarde et restauration de bases de données."
SECURITE = "Accès nominatif, locaux fermés à clé."


def texte(reponse) -> str:
    """La page, sur une ligne et sans espaces insécables."""
    return " ".join(reponse.content.decode().replace("\u00a0", " ").replace("\u202f", " ").split())


def creer_fiche(structure, nom, *, maintenant=LUNDI, **champs):
    fiche = SousTraitant(structure=structure, nom=nom, proposee_le=maintenant, **champs)
    return fiche.enregistrer(auteur=None, maintenant=maintenant, raison="essai")


def creer_contrat(collectivite, fiche, *, maintenant=LUNDI, **champs):
    contrat = Contrat(collectivite=collectivite, sous_traitant=fiche, **{"objet": "Assistance", **champs})
    return contrat.enregistrer(auteur=None, maintenant=maintenant, raison="essai")


def activite_d_essai(structure, auteur, nom="Assistance aux logiciels", *, maintenant=LUNDI, **champs):
    defauts = {"categories": CATEGORIES, "securite": SECURITE}
    return creer_activite(
        structure=structure, auteur=auteur, maintenant=maintenant, nom=nom, **{**defauts, **champs}
    )


def servir(activite, auteur, *collectivites, depuis=JOUR, maintenant=LUNDI):
    return rattacher(
        activite=activite, collectivites=collectivites, depuis=depuis, auteur=auteur, maintenant=maintenant
    )


def lieu_d_essai(structure, auteur, hebergeur="Agence", *, maintenant=LUNDI, **champs):
    defauts = {"adresse": "Moulins", "pays": "FR", "depuis": date(2026, 1, 1)}
    return ajouter_lieu(
        structure=structure,
        hebergeur=hebergeur,
        auteur=auteur,
        maintenant=maintenant,
        **{**defauts, **champs},
    ).lieu


def regle_d_essai(structure, auteur, type=LotDetenu.SAUVEGARDE, quantite=3, unite=UniteDetention.MOIS):
    return regler(
        structure=structure,
        type=type,
        quantite=quantite,
        unite=unite,
        source="Convention, annexe, article 8",
        auteur=auteur,
        maintenant=LUNDI,
    )


def lot_d_essai(collectivite, auteur, recu_le=JOUR, *, maintenant=LUNDI, **champs):
    defauts = {"type": LotDetenu.SAUVEGARDE, "description": "Sauvegarde de la paie"}
    return enregistrer_lot(
        structure=collectivite.structure,
        collectivite=collectivite,
        recu_le=recu_le,
        auteur=auteur,
        maintenant=maintenant,
        **{**defauts, **champs},
    )


def detruire(auteur, *lots, le=JOUR, maintenant=LUNDI, **champs):
    defauts = {"comment": "Effacement du serveur et de ses copies"}
    return detruire_lots(
        structure=lots[0].collectivite.structure,
        lots=lots,
        le=le,
        auteur=auteur,
        maintenant=maintenant,
        **{**defauts, **champs},
    )


def instruction_d_essai(
    collectivite, auteur, texte="Détruisez la sauvegarde du 3.", *, maintenant=LUNDI, **c
):
    return donner_instruction(
        collectivite=collectivite, texte=texte, auteur=auteur, maintenant=maintenant, **c
    )


def communes(structure, nombre, *, premiere=0, maintenant=LUNDI):
    """Tant de communes, avec leur courriel et sans compte."""
    return Collectivite.objects.creer_en_masse(
        [
            Collectivite(
                structure=structure,
                type=TypeCollectivite.COMMUNE,
                nom=f"Bourg {rang:04}",
                denomination=f"Commune de Bourg {rang:04}",
                siren=f"{210000000 + rang}",
                courriel=f"mairie@bourg-{rang}.example",
                recherche=f"commune de bourg {rang:04}",
            )
            for rang in range(premiere, premiere + nombre)
        ],
        auteur=None,
        maintenant=maintenant,
        raison="essai",
    )
