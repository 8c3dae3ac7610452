"""Ce qu’un changement d’exécutif oblige à reprendre, et ce qu’il ne change pas.

Le responsable de traitement est la personne morale : ses décisions survivent à qui l’a représentée.
"""

from dataclasses import dataclass

from dpd.regles.typographie import enumeration


@dataclass(frozen=True, slots=True)
class Constat:
    """Ce que l’on sait de la collectivité le jour du changement, en noms propres."""

    titre: str = ""
    designee: bool = False
    decideurs: tuple[str, ...] = ()
    referents: tuple[str, ...] = ()
    organismes: tuple[str, ...] = ()  # CCAS, caisse des écoles : le maire les préside de droit


@dataclass(frozen=True, slots=True)
class Suite:
    code: str
    libelle: str


def suites(constat: Constat) -> tuple[Suite, ...]:
    """Ce qui reste à faire, dans l’ordre où on le fait."""
    liste = [_designation(constat)]
    if constat.decideurs:
        noms = enumeration(constat.decideurs)
        liste.append(Suite("comptes", f"Retirer le rôle de décideur à qui n’exerce plus\u00a0: {noms}"))
    liste += [
        Suite("compte_nouveau", "Ouvrir le compte du nouvel exécutif, avec le rôle de décideur"),
        Suite("delegations", "Reprendre les délégations de signature qui touchent aux données personnelles"),
        Suite("decisions", "Lire les avis du DPD qui attendent une décision, et décider"),
        _referent(constat),
    ]
    if constat.organismes:
        noms = enumeration(constat.organismes)
        liste.append(Suite("organismes", f"Noter le même changement pour {noms}, que l’exécutif préside"))
    return tuple(liste)


def _designation(constat: Constat) -> Suite:
    if constat.designee:
        return Suite(
            "designation", "Déclarer le nouveau responsable légal à la CNIL, sur la désignation du DPD"
        )
    return Suite("designation", "Désigner le DPD à la CNIL, au nom du nouveau responsable légal")


def _referent(constat: Constat) -> Suite:
    if not constat.referents:
        return Suite("referent", "Nommer le référent à la protection des données")
    noms = enumeration(constat.referents)
    return Suite("referent", f"Renouveler la lettre de mission ou l’arrêté du référent\u00a0: {noms}")
