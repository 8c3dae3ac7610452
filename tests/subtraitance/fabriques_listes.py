"""Beaucoup de demandes d’un coup, sans repasser par les gestes : de quoi mesurer une liste."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from subtraitance.enums import CanalDemande, Droit, EtatDemande, SensReponse
from subtraitance.models import DemandeDroits, Prolongation, Reponse, SuspensionDemande

PARIS = ZoneInfo("Europe/Paris")
RECUE = datetime(2026, 11, 20, 16, 30, tzinfo=PARIS)


def demandes_de(collectivite, rangs, auteur, maintenant, **champs):
    """Une demande par rang, reçue par la structure d’une heure plus tôt que la précédente."""
    lignes = []
    for rang in rangs:
        recue = RECUE - timedelta(hours=rang)
        lignes.append(
            DemandeDroits(
                **{
                    "collectivite": collectivite,
                    "annee": 2026,
                    "rang": rang,
                    "droits": [Droit.ACCES.value],
                    "canal": CanalDemande.COURRIER,
                    "recue_le": recue,
                    "enregistree_le": maintenant,
                    "enregistree_par": auteur,
                    "demandeur_nom": f"Habitant {rang:03}",
                    "texte": "Une demande d’essai.",
                    "echeance_transmission": recue + timedelta(days=4),
                    "echeance": date(2026, 12, 21),
                    **champs,
                }
            )
        )
    return DemandeDroits.objects.creer_en_masse(lignes, auteur=auteur, maintenant=maintenant, raison="Essai")


def rattacher(demandes, auteur, maintenant):
    """À chacune : une suspension finie, une prolongation, une réponse."""
    trace = {"auteur": auteur, "maintenant": maintenant, "raison": "Essai"}
    jour = maintenant.date()
    suites = {
        SuspensionDemande: {
            "motif": "Un doute.",
            "debut": jour,
            "fin": jour,
            "suspendue_par": auteur,
            "suspendue_le": maintenant,
        },
        Prolongation: {
            "motif": "Beaucoup.",
            "informe_le": jour,
            "decidee_par": auteur,
            "decidee_le": maintenant,
        },
        Reponse: {
            "sens": SensReponse.FAVORABLE,
            "envoyee_le": jour,
            "canal": CanalDemande.COURRIER,
            "decidee_par": auteur,
            "decidee_le": maintenant,
        },
    }
    for modele, champs in suites.items():
        lignes = [modele(collectivite=d.collectivite, demande=d, **champs) for d in demandes]
        modele.objects.creer_en_masse(lignes, **trace)


REPONDUE = {"etat": EtatDemande.REPONDUE, "transmise_le": RECUE + timedelta(hours=2)}
