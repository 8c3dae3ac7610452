"""Les courriels de la structure sous-traitante : hébergement, instructions, données à détruire.

Jamais le texte d’une instruction ni ce que contient un lot : un courriel dit qu’un geste attend, et mène
à la page où le lire.
"""

from collections.abc import Iterable
from datetime import datetime, tzinfo
from typing import Any

from django.urls import reverse

from dpd.comptes.destinataires import Destinataire, destinataires
from dpd.comptes.droits import personnes_de
from dpd.comptes.enums import Role
from dpd.comptes.models import Collectivite, Structure
from dpd.messagerie.envoi import adresse
from dpd.messagerie.masse import Pli, envoyer_en_masse
from dpd.regles.calendrier import Territoire, fuseau
from dpd.regles.typographie import date_longue, instant_long
from subtraitance.models import Instruction, LieuHebergement

DE_LA_STRUCTURE = (Role.DPD, Role.AGENT)


def hebergement_change(
    *,
    lieu: LieuHebergement,
    geste: str,
    collectivites: Iterable[Collectivite],
    a_qui: dict[int, list[Destinataire]],
    maintenant: datetime,
    remplace: LieuHebergement | None = None,
) -> int:
    """À chaque responsable servi : où sont, ou ne sont plus, ses données ; rend le nombre d’envois.

    ``geste`` : « nouveau » ou « termine ».
    """
    commun = {
        "structure": lieu.structure,
        "lieu": lieu,
        "remplace": remplace,
        "nouveau": geste == "nouveau",
        "depuis": date_longue(lieu.depuis),
        "jusqu_au": date_longue(lieu.jusqu_au) if lieu.jusqu_au else "",
        "hors_de_france": geste == "nouveau" and lieu.pays != "FR",
    }
    plis = [
        Pli(
            destinataire=qui.courriel,
            utilisateur=qui.compte,
            collectivite=collectivite,
            objet=lieu,
            cle=f"hebergement:{lieu.pk}:{geste}:{collectivite.pk}:{qui.cle}",
            contexte={
                **commun,
                "collectivite": collectivite,
                "compte": qui.compte,
                "adresse": _page(collectivite, "notre_sous_traitant"),
            },
        )
        for collectivite in collectivites
        for qui in a_qui.get(collectivite.pk, ())
    ]
    nature = "hebergement_change"
    return len(_confier(nature, plis, maintenant))


def instruction_donnee(*, instruction: Instruction, maintenant: datetime) -> int:
    """Aux agents et au DPD de la structure : une instruction attend son accusé de réception."""
    return _a_la_structure("instruction_donnee", instruction, maintenant)


def instruction_suite(*, instruction: Instruction, maintenant: datetime) -> int:
    """Aux mêmes : le responsable a retiré l’instruction, ou la maintient par écrit."""
    return _a_la_structure("instruction_suite", instruction, maintenant)


def instruction_alerte(*, instruction: Instruction, maintenant: datetime) -> int:
    """Au responsable, immédiatement (RGPD art. 28-3) : elle paraît illicite, elle est suspendue."""
    return _au_responsable("instruction_alerte", instruction, maintenant)


def instruction_executee(*, instruction: Instruction, maintenant: datetime) -> int:
    """Au responsable : c’est fait."""
    return _au_responsable("instruction_executee", instruction, maintenant)


def _a_la_structure(nature: str, instruction: Instruction, maintenant: datetime) -> int:
    structure = instruction.collectivite.structure
    page = adresse(reverse("subtraitance:instruction_recue", args=[structure.siren, instruction.pk]))
    contexte = _de_l_instruction(instruction, page, fuseau(Territoire(structure.territoire)))
    plis = [
        _pli(nature, instruction, Destinataire(personne.email, personne), contexte)
        for personne in personnes_de(structure, *DE_LA_STRUCTURE)
    ]
    return len(_confier(nature, plis, maintenant))


def _au_responsable(nature: str, instruction: Instruction, maintenant: datetime) -> int:
    collectivite = instruction.collectivite
    page = _page(collectivite, "instruction", instruction.pk)
    contexte = _de_l_instruction(instruction, page, collectivite.fuseau)
    a_qui = destinataires([collectivite]).get(collectivite.pk, [])
    plis = [_pli(nature, instruction, qui, contexte) for qui in a_qui]
    return len(_confier(nature, plis, maintenant))


def _de_l_instruction(instruction: Instruction, page: str, zone: tzinfo) -> dict[str, Any]:
    return {
        "collectivite": instruction.collectivite,
        "structure": instruction.collectivite.structure,
        "donnee_le": instant_long(instruction.donnee_le.astimezone(zone)),
        "maintenue": instruction.maintenue,
        "a_qui": instruction.contrat.sous_traitant.nom if instruction.contrat else "",
        "adresse": page,
    }


def _pli(nature: str, instruction: Instruction, qui: Destinataire, contexte: dict[str, Any]) -> Pli:
    return Pli(
        destinataire=qui.courriel,
        utilisateur=qui.compte,
        collectivite=instruction.collectivite,
        objet=instruction,
        cle=f"{nature}:{instruction.pk}:{qui.cle}",
        contexte={**contexte, "compte": qui.compte},
    )


def detention_rappel(
    *, structure: Structure, retard: bool, nombre: int, cle: str, maintenant: datetime
) -> int:
    """Aux agents et au DPD : des lots sont à détruire aujourd’hui, ou auraient dû l’être.

    ``cle`` : la même ne part qu’une fois à chacun. Rend le nombre d’envois.
    """
    nature = "detention_rappel"
    filtre = {"etat": "retard" if retard else "a_echeance"}
    page = adresse(reverse("subtraitance:donnees_detenues", args=[structure.siren], query=filtre))
    plis = [
        Pli(
            destinataire=personne.email,
            utilisateur=personne,
            cle=f"{cle}:{personne.pk}",
            contexte={"structure": structure, "retard": retard, "nombre": nombre, "adresse": page},
        )
        for personne in personnes_de(structure, *DE_LA_STRUCTURE)
    ]
    return len(_confier(nature, plis, maintenant))


def _confier(nature: str, plis: list[Pli], maintenant: datetime) -> list:
    return envoyer_en_masse(
        f"subtraitance.{nature}",
        gabarit=f"subtraitance/emails/{nature}",
        plis=plis,
        maintenant=maintenant,
    )


def _page(collectivite: Collectivite, nom: str, *suite) -> str:
    return adresse(reverse(f"subtraitance:{nom}", args=[collectivite.siren, *suite]))
