"""Beaucoup de violations d’un coup, chacune avec ce qui s’y rattache, sans repasser par les gestes."""

from datetime import timedelta

from tests.violations.fabriques import T0
from violations.enums import (
    GraviteCnil,
    MoyenInformation,
    NatureEvenement,
    Question,
    Risque,
    TypeNotification,
)
from violations.models import (
    AvisViolation,
    DecisionViolation,
    Evenement,
    InformationFaite,
    NotificationCnil,
    PrestataireImplique,
    Violation,
)


def violations_de(collectivite, rangs, auteur, maintenant, **champs):
    """Une violation par rang, son T0 d’une heure plus ancien que la précédente."""
    trace = {"auteur": auteur, "maintenant": maintenant, "raison": "Essai"}
    lignes = []
    for rang in rangs:
        t0 = T0 - timedelta(hours=rang)
        lignes.append(
            Violation(
                collectivite=collectivite,
                annee=2026,
                rang=rang,
                titre=f"Violation d’essai {rang:03}",
                recit="Un dossier a été lu.",
                confidentialite=True,
                connaissance=t0,
                echeance_notification=t0 + timedelta(hours=72),
                declaree_par=auteur,
                declaree_le=maintenant,
                **champs,
            )
        )
    for ligne in lignes:
        ligne.indexer()
    return Violation.objects.creer_en_masse(lignes, **trace)


def rattacher(violations, auteur, maintenant):
    """À chacune : un avis, deux décisions, une notification, une information, un prestataire, une note."""
    trace = {"auteur": auteur, "maintenant": maintenant, "raison": "Essai"}
    for modele, champs in _RATTACHES.items():
        lignes = [
            modele(collectivite=v.collectivite, violation=v, **jeu)
            for v in violations
            for jeu in champs(auteur, maintenant)
        ]
        modele.objects.creer_en_masse(lignes, **trace)


_RATTACHES = {
    AvisViolation: lambda qui, quand: [
        {
            "risque": Risque.ELEVE,
            "gravite": GraviteCnil.IMPORTANTE,
            "conseil_notifier": True,
            "conseil_informer": True,
            "raisons": "Des données de santé.",
            "rendu_par": qui,
            "rendu_le": quand,
        }
    ],
    DecisionViolation: lambda qui, quand: [
        {"question": question, "reponse": True, "decidee_par": qui, "decidee_le": quand}
        for question in Question
    ],
    NotificationCnil: lambda qui, quand: [
        {
            "type": TypeNotification.COMPLETE,
            "numero": "N-1",
            "envoyee_le": quand,
            "contenu": {"rubriques": []},
            "empreinte": "0" * 64,
            "enregistree_par": qui,
            "enregistree_le": quand,
        }
    ],
    InformationFaite: lambda qui, quand: [
        {
            "moyen": MoyenInformation.COURRIER,
            "faite_le": quand.date(),
            "nombre": 12,
            "message": "Bonjour.",
            "enregistree_par": qui,
            "enregistree_le": quand,
        }
    ],
    PrestataireImplique: lambda qui, quand: [{"nom": "Logi-Quercy", "delai": 24}],
    Evenement: lambda qui, quand: [
        {
            "nature": NatureEvenement.NOTE,
            "instant": quand,
            "texte": "Une note.",
            "auteur": qui,
            "ecrit_le": quand,
        }
    ],
}
