"""La liste de contrôle de l’article 28 : ce qu’un contrat doit dire, point par point.

Le repérage cherche dans un texte les passages qui pourraient répondre à un point. Il aide à lire et à
citer ; c’est une personne qui coche.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from dpd.regles.texte import normaliser


@dataclass(frozen=True, slots=True)
class Point:
    """Un point à vérifier. ``motifs`` : expressions, sur un texte sans accents ni majuscules."""

    code: str
    article: str
    libelle: str
    question: str
    avenant: str
    motifs: tuple[str, ...]


POINTS: tuple[Point, ...] = (
    Point(
        "objet",
        "28-3",
        "Objet et durée",
        "Le contrat dit-il ce qui est confié, et pour combien de temps ?",
        "Le prestataire traite les données pour [objet], pendant la durée du contrat.",
        (r"pour le compte de", r"pendant la duree du contrat"),
    ),
    Point(
        "nature",
        "28-3",
        "Nature et finalité",
        "Dit-il ce que le prestataire fait des données, et dans quel but ?",
        "La nature des opérations est [opérations]. Elles ont pour finalités [finalités].",
        (r"nature des operations", r"ont pour finalites?", r"finalites? (du|des) traitement"),
    ),
    Point(
        "donnees",
        "28-3",
        "Données et personnes",
        "Dit-il quelles données, sur quelles personnes ?",
        "Les données sont [types]. Les catégories de personnes concernées sont [catégories].",
        (r"categories de personnes concernees", r"donnees personnelles collectees"),
    ),
    Point(
        "instructions",
        "28-3 a",
        "Instructions documentées",
        "N’agit-il que sur vos instructions écrites ?",
        "Le prestataire ne traite les données que sur instruction documentée de la collectivité.",
        (r"instructions? documentees?",),
    ),
    Point(
        "transferts",
        "28-3 a",
        "Transferts hors de l’Union",
        "Vos instructions couvrent-elles les transferts vers un pays tiers ?",
        "Aucune donnée ne sort de l’Union européenne sans instruction écrite préalable de la collectivité "
        "et sans garantie appropriée (RGPD, art. 44 et suivants).",
        (
            r"pays tiers",
            r"hors (de l.)?(union europeenne|ue|france)",
            r"transferts? de donnees",
            r"sort de l.union",
        ),
    ),
    Point(
        "confidentialite",
        "28-3 b",
        "Confidentialité",
        "Les personnes qui y accèdent sont-elles tenues au secret ?",
        "Les personnes autorisées à traiter les données s’engagent à en garder le secret.",
        (r"respectent la confidentialite", r"engagent? .{0,60}(confidentialite|secret)"),
    ),
    Point(
        "securite",
        "28-3 c",
        "Sécurité",
        "Prend-il les mesures de l’article 32 ?",
        "Le prestataire met en œuvre les mesures de sécurité décrites en annexe (RGPD, art. 32).",
        (r"mesures techniques et organisationnelles", r"mesures de securite"),
    ),
    Point(
        "ulterieurs",
        "28-2 et 28-3 d",
        "Sous-traitants ultérieurs",
        "Demande-t-il votre autorisation avant d’en recruter un ?",
        "Le prestataire ne recrute aucun sous-traitant ultérieur sans l’autorisation écrite, préalable et "
        "spécifique de la collectivité.",
        (r"sous-?traitants? ulterieurs?.{0,80}autorisation", r"autorisation ecrite,? prealable"),
    ),
    Point(
        "memes_obligations",
        "28-4",
        "Mêmes obligations en chaîne",
        "Le sous-traitant ultérieur doit-il les mêmes obligations ?",
        "Le sous-traitant ultérieur est tenu des mêmes obligations ; le prestataire en répond.",
        (r"ulterieur est tenu de respecter", r"memes obligations"),
    ),
    Point(
        "droits",
        "28-3 e",
        "Aide aux droits des personnes",
        "Vous aide-t-il à répondre aux demandes de droits ?",
        "Le prestataire transmet à la collectivité, sous 48 heures, toute demande d’exercice de droits "
        "qu’il reçoit, et l’aide à y répondre.",
        (r"exercice de leurs droits", r"demandes? d.exercice"),
    ),
    Point(
        "violations",
        "28-3 f et 33-2",
        "Violations de données",
        "Vous prévient-il d’une violation, et dans quel délai ?",
        "Le prestataire notifie à la collectivité toute violation dans les 24 heures, avec la documentation "
        "utile.",
        (r"notifie.{0,120}violation", r"violation de donnees.{0,120}(heures|meilleurs delais)"),
    ),
    Point(
        "aipd",
        "28-3 f",
        "Aide à l’analyse d’impact",
        "Vous aide-t-il pour une analyse d’impact et la consultation de la CNIL ?",
        "Le prestataire aide la collectivité à mener ses analyses d’impact et à consulter l’autorité de "
        "contrôle (RGPD, art. 35 et 36).",
        (r"analyses? d.impact", r"consultation prealable", r"\baipd\b"),
    ),
    Point(
        "sort",
        "28-3 g",
        "Suppression ou restitution, à votre choix",
        "En fin de contrat, choisissez-vous entre restitution et suppression ?",
        "Au terme du contrat, le prestataire, au choix de la collectivité, lui restitue les données ou les "
        "supprime, et détruit les copies.",
        (r"au choix d(u|e la)", r"restitu(er|e|ees|tion).{0,120}(supprim|detru)"),
    ),
    Point(
        "documentation",
        "28-3 h",
        "Informations sur sa conformité",
        "Vous donne-t-il de quoi démontrer qu’il respecte ses obligations ?",
        "Le prestataire met à disposition toute information démontrant le respect de ses obligations.",
        (r"documentation necessaire pour demontrer", r"demontr(er|ant) le respect"),
    ),
    Point(
        "audits",
        "28-3 h",
        "Audits et inspections",
        "Pouvez-vous l’auditer, vous-même ou par un tiers ?",
        "La collectivité, ou l’auditeur qu’elle mandate, peut procéder à des audits et inspections ; le "
        "prestataire y contribue.",
        (r"\baudits?\b", r"\binspections?\b"),
    ),
    Point(
        "alerte",
        "28-3",
        "Alerte sur une instruction illicite",
        "Vous alerte-t-il si une instruction lui paraît contraire au droit ?",
        "Si une instruction lui paraît contraire au règlement, le prestataire en informe immédiatement la "
        "collectivité.",
        (r"instruction constitue une violation", r"instruction.{0,120}(illicite|contraire)"),
    ),
)
PAR_CODE: Mapping[str, Point] = MappingProxyType({point.code: point for point in POINTS})
_LONGUEUR = 400  # caractères d’une citation proposée


def reperer(texte: str) -> Mapping[str, Sequence[str]]:
    """{code: passages} : pour chaque point, les paragraphes du texte qui pourraient y répondre.

    Un point sans passage est à chercher ailleurs, ou manque : la liste vide le dit sans le décider.
    """
    paragraphes = [p.strip() for p in re.split(r"\n\s*\n|\n\s*-\s", texte) if p.strip()]
    lus = [(p, normaliser(p)) for p in paragraphes]
    return {
        point.code: [p[:_LONGUEUR] for p, lu in lus if any(re.search(m, lu) for m in point.motifs)]
        for point in POINTS
    }


def manquants(reponses: Mapping[str, str]) -> list[Point]:
    """Les points sans réponse satisfaisante : absents, en partie, ou jamais vérifiés."""
    suffisantes = {"presente", "sans_objet"}
    return [point for point in POINTS if reponses.get(point.code) not in suffisantes]
