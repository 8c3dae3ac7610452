"""Compléter une fiche ouverte depuis un modèle, comme l’aurait fait une collectivité de la démonstration.

Le modèle propose, la collectivité décide : ce qui est ajouté ici est inventé, sauf les durées, les sorts
finaux et les mesures que le modèle proposait.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from dpd.pilotage.demonstration import rubriques
from dpd.pilotage.demonstration.decisions import DECISIONS, Decision
from registre.bibliotheque.traduction import typographier
from registre.models import VersionModele
from registre.regles.aipd import evaluer_aipd
from registre.regles.contenu import (
    Duree,
    Fiche,
    LigneDonnees,
    LigneFinalite,
    LigneMesure,
    depuis_dict,
    en_dict,
)

SORT_PAR_DEFAUT = "E"
NOTES_DE_RELECTURE = ("à retrouver", "à relire")


@dataclass(frozen=True, slots=True)
class Organisme:
    """Ce qui, chez une collectivité, change une fiche."""

    prestataires: Mapping[str, str]
    a_plus_de_250_agents: bool = False


def imprimer(fiche: Fiche) -> Fiche:
    """La fiche avec la typographie française : les tables s’écrivent avec des espaces ordinaires."""
    return depuis_dict(typographier(en_dict(fiche)))


def completer(
    fiche: Fiche, modele: VersionModele, chez: Organisme, a_defaut: Decision | None = None
) -> Fiche:
    """Remplit les éléments a à g de l’article 30-1 ; garde nom, personnes et destinataires du modèle.

    ``a_defaut`` : ce que décide la collectivité d’un modèle que la démonstration n’emploie pas.
    """
    code, domaine = modele.modele.code, modele.modele.domaine
    decision = DECISIONS[code] if a_defaut is None else DECISIONS.get(code, a_defaut)
    proposition = proposee(modele.durees, decision)
    transferts = rubriques.TRANSFERTS.get(code, ())
    return imprimer(
        replace(
            fiche,
            description=fiche.description or f"{fiche.finalites[0].libelle}.",
            service=decision.service,
            logiciels=_logiciels(fiche, chez),
            coresponsables_reponse="aucun",
            finalites=tuple(_finalite(ligne) for ligne in fiche.finalites),
            donnees=tuple(donnee(ligne, code, decision, proposition) for ligne in fiche.donnees),
            prestataires=tuple(replace(p, nom=chez.prestataires.get(p.type, "")) for p in fiche.prestataires),
            transferts_reponse="oui" if transferts else "aucun",
            transferts=transferts,
            mesures=tuple(
                LigneMesure(m, rubriques.MESURES.get(m, "")) for m in modele.sources["mesures_proposees"]
            ),
            information=rubriques.INFORMATIONS.get(domaine, rubriques.INFORMATION),
            decision_automatisee="non",
            **_risque(code, chez),
        )
    )


def proposee(durees: list[dict[str, Any]], decision: Decision) -> dict[str, Any]:
    """La ligne de durée du modèle que suit la collectivité ; vide si le modèle n’en propose aucune."""
    if decision.proposition is not None:
        return durees[decision.proposition]
    return next((ligne for ligne in durees if ligne["duree"]), durees[0] if durees else {})


def donnee(
    ligne: LigneDonnees, code: str, decision: Decision, proposition: Mapping[str, Any]
) -> LigneDonnees:
    """La ligne avec sa précision, sa durée, son archivage et son sort final."""
    precision, source = rubriques.PRECISIONS.get(ligne.categorie, ("", "Le service"))
    chiffree = proposition.get("duree")
    nombre, unite = (chiffree["nombre"], chiffree["unite"]) if chiffree else decision.repli
    return replace(
        ligne,
        description=ligne.description or precision,
        source=ligne.source or source,
        duree=Duree(nombre, unite, "" if unite == "permanente" else decision.evenement),
        archivage=proposition.get("intermediaire", ""),
        sort_final=proposition.get("sort_final") or SORT_PAR_DEFAUT,
        alinea_nir=rubriques.ALINEAS_NIR.get(code, "") if ligne.categorie == "nir" else "",
    )


def _finalite(ligne: LigneFinalite) -> LigneFinalite:
    """Garde les textes cités, sans les notes de relecture de la bibliothèque."""
    textes = [t for t in ligne.texte.split("\u202f; ") if not any(n in t for n in NOTES_DE_RELECTURE)]
    return replace(ligne, texte="\u202f; ".join(textes) or ligne.texte)


def _logiciels(fiche: Fiche, chez: Organisme) -> str:
    types = {p.type for p in fiche.prestataires}
    editeur = next((chez.prestataires[t] for t in ("portail-famille", "editeur-metier") if t in types), "")
    return f"{editeur}, dossiers papier" if editeur else "Bureautique, dossiers papier"


def _risque(code: str, chez: Organisme) -> dict[str, Any]:
    risque = rubriques.RISQUES.get(code, rubriques.Risque())
    if risque.type == "rh-moins-250" and chez.a_plus_de_250_agents:
        risque = rubriques.RISQUE_AGENTS_NOMBREUX
    return {
        "aipd_type": risque.type,
        "aipd_criteres": risque.criteres,
        "aipd_conclusion": evaluer_aipd(risque.type, risque.criteres).code,
        "aipd_motif": risque.motif,
    }
