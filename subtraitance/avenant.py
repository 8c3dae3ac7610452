"""L’avenant proposé : les clauses de l’article 28 que le contrat ne porte pas, rédigées.

Une proposition : la collectivité la relit, la complète, la négocie ; ses crochets restent à remplir.
"""

from dataclasses import dataclass

from subtraitance.contrats_lus import reponses_de
from subtraitance.enums import RegimeAutorisation
from subtraitance.models import Contrat
from subtraitance.regles.article_28 import Point, manquants

DELAI_TYPE = "24 heures"


@dataclass(frozen=True, slots=True)
class Clause:
    """Un article de l’avenant ; ``a_completer`` : il porte des crochets."""

    numero: int
    titre: str
    texte: str
    article: str
    code: str

    @property
    def a_completer(self) -> bool:
        return "[" in self.texte


@dataclass(frozen=True, slots=True)
class Avenant:
    titre: str
    preambule: str
    clauses: tuple[Clause, ...]

    @property
    def texte(self) -> str:
        """Tout l’avenant, à copier."""
        articles = (f"Article {c.numero}\u00a0: {c.titre}\n{c.texte}" for c in self.clauses)
        return "\n\n".join((self.titre, self.preambule, *articles))


def avenant_de(contrat: Contrat) -> Avenant:
    """:param contrat: lu par ``contrats_lus.pour_page``."""
    nom = f"{contrat.objet} ({contrat.reference})" if contrat.reference else contrat.objet
    preambule = (
        f"Entre {contrat.collectivite.denomination}, responsable de traitement, et "
        f"{contrat.sous_traitant.nom}, sous-traitant, le contrat est complété comme suit, "
        "en application de l’article 28 du règlement (UE) 2016/679."
    )
    clauses = tuple(
        Clause(numero, _titre(point), _rediger(point, contrat), point.article, point.code)
        for numero, point in enumerate(manquants(reponses_de(contrat)), start=1)
    )
    return Avenant(f"Avenant au contrat\u00a0: {nom}", preambule, clauses)


def _titre(point: Point) -> str:
    """L’intitulé, sans ce qui s’adresse à la seule collectivité."""
    return point.libelle.partition(",")[0]


def _rediger(point: Point, contrat: Contrat) -> str:
    """La clause type, avec ce que l’on sait déjà du contrat."""
    texte = point.avenant.replace("[objet]", contrat.objet).replace(" ;", "\u202f;")
    if point.code == "violations" and contrat.delai_violation:
        texte = texte.replace(DELAI_TYPE, f"{contrat.delai_violation} heures")
    if point.code == "ulterieurs" and contrat.autorisation == RegimeAutorisation.GENERALE:
        return (
            "La collectivité autorise d’avance le prestataire à recruter des sous-traitants ultérieurs. Il "
            "l’informe par écrit de tout ajout ou remplacement\u202f; la collectivité dispose de "
            f"{contrat.objection_jours} jours pour s’y opposer."
        )
    return texte
