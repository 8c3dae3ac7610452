"""Accuser, exécuter, alerter : les mêmes gestes, chez la structure ou notés pour un autre prestataire."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.utils import timezone

from dpd.comptes.forms_gestes import ConfirmationForm
from dpd.comptes.gestes import Geste, recus
from subtraitance.actions import instructions as actions
from subtraitance.forms.instructions import AlerteForm
from subtraitance.models import Instruction
from subtraitance.views.instructions_commun import ONGLET, derouler


@dataclass(frozen=True, slots=True)
class Avancee:
    """Un geste : ce que dit sa page, son formulaire, l’action qu’il appelle."""

    titre: str
    bouton: str
    chapo: str
    fait: str
    formulaire: Callable[..., Any]
    action: Callable[..., Any]


AVANCEES = {
    "accuser": Avancee(
        "Accuser réception",
        "Accuser réception",
        "Vous avez lu l’instruction. La date et votre nom restent à côté.",
        "La réception est accusée.",
        ConfirmationForm,
        actions.accuser,
    ),
    "executer": Avancee(
        "Noter que c’est exécuté",
        "C’est exécuté",
        "L’instruction est suivie. Le responsable en est prévenu.",
        "L’instruction est exécutée, le responsable en est prévenu.",
        ConfirmationForm,
        actions.executer,
    ),
    "alerter": Avancee(
        "Alerter\u00a0: elle paraît illicite",
        "Alerter et suspendre",
        "Le responsable reçoit aussitôt un courriel, et l’instruction est suspendue. Elle ne s’exécute que "
        "s’il la maintient par écrit (RGPD, art. 28-3).",
        "L’alerte est donnée, l’instruction est suspendue.",
        AlerteForm,
        actions.alerter,
    ),
}


def reperes_de(instruction: Instruction) -> tuple[dict[str, str], ...]:
    """Ce qu’il faut avoir sous les yeux : l’instruction, et l’alerte s’il y en a une."""
    dits = [("Ce qu’elle demande", instruction.texte), ("L’alerte", instruction.alerte)]
    dits.append(("La réponse du responsable", instruction.suite))
    return tuple({"titre": titre, "phrase": texte, "article": ""} for titre, texte in dits if texte)


def avancer(request, lieu, instruction: Instruction, nom: str, *, retour: str, chemin, **objets):
    """La page d’un de ces gestes ; ``objets`` : ce qu’elle montre d’autre."""
    avancee = AVANCEES[nom]
    geste = Geste(
        avancee.titre,
        avancee.bouton,
        retour,
        onglet=ONGLET,
        chapo=avancee.chapo,
        chemin=tuple(chemin),
        reperes=reperes_de(instruction),
        titre_reperes="L’instruction",
    )
    action = partial(avancee.action, instruction=instruction, maintenant=timezone.now())
    formulaire = avancee.formulaire(recus(request)[0])
    return derouler(
        request,
        lieu,
        geste,
        formulaire,
        action,
        fait=lambda _: avancee.fait,
        **objets,
    )
