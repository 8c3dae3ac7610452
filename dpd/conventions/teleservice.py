"""Les champs du téléservice de désignation de la CNIL, à recopier un à un ; ce qui manque est nommé.

L’application n’envoie rien : la désignation se fait sur le site de la CNIL, par un compte de l’organisme.
"""

from dataclasses import dataclass

from dpd.comptes.models import Collectivite

INCONNU = ""


@dataclass(frozen=True, slots=True)
class Champ:
    """``valeur`` vide : à compléter ; ``ou`` dit où, ou par qui."""

    libelle: str
    valeur: str
    ou: str = ""

    @property
    def manque(self) -> bool:
        return not self.valeur


@dataclass(frozen=True, slots=True)
class Rubrique:
    titre: str
    champs: tuple[Champ, ...]


def rubriques(collectivite: Collectivite) -> tuple[Rubrique, ...]:
    """Dans l’ordre du téléservice : l’organisme, son responsable légal, son DPD."""
    return (_organisme(collectivite), _responsable(collectivite), _dpd(collectivite))


def a_reunir(lues: tuple[Rubrique, ...]) -> str:
    """« effectif, téléphone de l’organisme », ou rien si tout est connu."""
    return ", ".join(f"{nom[0].lower()}{nom[1:]}" for nom in manques(lues))


def manques(lues: tuple[Rubrique, ...]) -> tuple[str, ...]:
    """Le nom de chaque champ que l’application ne sait pas remplir."""
    return tuple(champ.libelle for rubrique in lues for champ in rubrique.champs if champ.manque)


def _organisme(collectivite: Collectivite) -> Rubrique:
    adresse = " ".join(t for t in (collectivite.adresse.replace("\n", ", "), collectivite.code_postal) if t)
    return Rubrique(
        "L’organisme qui désigne",
        (
            Champ("SIREN", collectivite.siren),
            Champ("Dénomination", collectivite.denomination),
            Champ("Adresse", adresse if collectivite.adresse else INCONNU, "à la fiche de la collectivité"),
            Champ("Secteur d’activité", f"Organisme public\u00a0: {collectivite.get_type_display().lower()}"),
            Champ("Effectif", INCONNU, "auprès de la collectivité\u00a0: le nombre d’agents"),
        ),
    )


def _responsable(collectivite: Collectivite) -> Rubrique:
    return Rubrique(
        "Son responsable légal, et qui répond à la CNIL",
        (
            Champ("Nom", collectivite.responsable_nom, "à la fiche de la collectivité"),
            Champ("Fonction", collectivite.responsable_titre, "à la fiche de la collectivité"),
            Champ("Courriel de l’organisme", collectivite.courriel, "à la fiche de la collectivité"),
            Champ("Téléphone de l’organisme", collectivite.telephone, "à la fiche de la collectivité"),
            Champ("Interlocuteur de la CNIL", collectivite.dpd, "c’est le DPD, sauf choix contraire"),
        ),
    )


def _dpd(collectivite: Collectivite) -> Rubrique:
    if collectivite.dpd_propre_nom:
        return Rubrique(
            "Le délégué, personne physique ou morale",
            (
                Champ("Délégué désigné", collectivite.dpd_propre_nom),
                Champ("Personne physique ou morale", INCONNU, "auprès de la collectivité"),
                Champ(
                    "Coordonnées publiques", collectivite.dpd_propre_courriel, "à la fiche de la collectivité"
                ),
                Champ("Coordonnées réservées à la CNIL", INCONNU, "auprès du délégué"),
            ),
        )
    structure = collectivite.structure
    return Rubrique(
        "Le délégué, personne morale",
        (
            Champ("Délégué désigné", structure.nom),
            Champ("SIREN du délégué", structure.siren),
            Champ("Adresse", structure.adresse.replace("\n", ", "), "aux réglages de la structure"),
            Champ("Personne à contacter", structure.dpd_nom, "aux réglages de la structure"),
            Champ("Courriel public", structure.dpd_courriel, "aux réglages de la structure"),
            Champ("Téléphone public", structure.dpd_telephone, "aux réglages de la structure"),
            Champ("Coordonnées réservées à la CNIL", INCONNU, "auprès du délégué"),
        ),
    )
