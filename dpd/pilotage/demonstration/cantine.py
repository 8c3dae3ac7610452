"""« Cantine et garderie » : le modèle propre au centre de gestion, et la fiche de Montpezat-de-Quercy.

La troisième version de la fiche n’attend qu’une chose : combien de temps garder les RIB des familles.
"""

from dataclasses import replace
from typing import Any

from dpd.accompagnement.enums import SensAvis
from dpd.pilotage.demonstration.gestes import (
    HEURES,
    Avis,
    Geste,
    adopter,
    conseiller,
    retoucher,
    saisir,
    simple,
    transmettre,
)
from dpd.pilotage.demonstration.horloge import Horloge
from dpd.pilotage.demonstration.retouches import avec
from registre import actions_modeles
from registre.bibliotheque.traduction import typographier
from registre.models import VersionModele
from registre.regles.contenu import (
    Duree,
    Fiche,
    LigneDestinataire,
    LigneDonnees,
    LigneFinalite,
    LigneMesure,
    LignePersonnes,
    LignePrestataire,
)

CODE = "periscolaire-restauration"
NOM = "Cantine et garderie périscolaires"
DESCRIPTION = (
    "Inscrire les enfants, préparer les repas, les accueillir le matin et le soir, facturer les familles."
)
DUREE_RIB: dict[str, Any] = {
    "objet": "RIB des familles",
    "duree": {"nombre": 13, "unite": "mois"},
    "point_de_depart": "le dernier prélèvement",
    "sort_final": "E",
    "note": "Un débit peut être contesté jusqu’à treize mois.",
}

_FIN_D_ANNEE = "la fin de l’année scolaire"
_FICHE = avec(
    nom=NOM,
    description=DESCRIPTION,
    service="Écoles",
    logiciels="Portail Logi-Quercy, classeur papier à la cantine",
    finalites=(
        LigneFinalite(
            "Inscrire les enfants, préparer les repas et accueillir les enfants",
            "e",
            "Code de l’éducation, art. L.131-13",
            True,
        ),
        LigneFinalite(
            "Facturer les familles", "c", "Code général des collectivités territoriales, art. D.1617-19"
        ),
    ),
    personnes=(
        LignePersonnes("mineurs", "environ 90 enfants inscrits", True),
        LignePersonnes("representants-legaux", "parents et personnes autorisées à venir les chercher"),
    ),
    donnees=(
        LigneDonnees(
            "identite",
            "Nom, prénom, classe de l’enfant",
            Duree(1, "annee", _FIN_D_ANNEE),
            "",
            "E",
            source="Les parents",
        ),
        LigneDonnees(
            "coordonnees",
            "Adresse, téléphone, courriel",
            Duree(1, "annee", _FIN_D_ANNEE),
            "",
            "E",
            source="Les parents",
        ),
        LigneDonnees(
            "economique",
            "Quotient familial, pour calculer le tarif",
            Duree(0, "jour", _FIN_D_ANNEE),
            "Factures : dix ans, dans la fiche « Comptabilité »",
            "E",
            source="Les parents ou la CAF",
        ),
        LigneDonnees(
            "sante",
            "Allergies et régimes (projet d’accueil individualisé)",
            Duree(0, "jour", _FIN_D_ANNEE),
            "",
            "R",
            "g",
            source="Les parents et le médecin scolaire",
        ),
    ),
    destinataires=(
        LigneDestinataire("interne", "direction", "inscriptions et factures"),
        LigneDestinataire("interne", "services", "à la cantine, la liste des allergies seulement"),
        LigneDestinataire("externe", "comptable", "service de gestion comptable"),
    ),
    prestataires=(LignePrestataire("portail-famille", "Logi-Quercy"),),
    mesures=(
        LigneMesure("comptes-nominatifs", "un compte par agent"),
        LigneMesure("mots-de-passe", "12 caractères au moins"),
        LigneMesure("papier", "dossiers dans une armoire fermée à clé"),
        LigneMesure("sauvegarde", "quotidienne chez l’hébergeur, restauration testée"),
    ),
    information="Mention au bas du dossier d’inscription et page « Vos données » du portail familles.",
)


def _ajouter_les_rib(fiche: Fiche) -> Fiche:
    rib = LigneDonnees("bancaire", "RIB pour le prélèvement", source="Les parents")
    return replace(fiche, donnees=(*fiche.donnees, rib))


def _ajouter_la_garderie_du_soir(fiche: Fiche) -> Fiche:
    horaires = LigneDonnees(
        "vie-personnelle",
        "Jours et heures de garderie",
        Duree(1, "annee", _FIN_D_ANNEE),
        "",
        "E",
        source="Les parents",
    )
    return replace(fiche, donnees=(*fiche.donnees, horaires))


GESTES: tuple[Geste, ...] = (
    saisir(352, _FICHE),
    transmettre(345),
    conseiller(338, Avis(SensAvis.FAVORABLE, "La fiche suit le modèle du centre de gestion. Rien à redire.")),
    adopter(330),
    simple("modifier", 275),
    retoucher(273, _ajouter_la_garderie_du_soir, "Données et durées"),
    transmettre(270),
    conseiller(
        259,
        Avis(
            SensAvis.RESERVES,
            "La garderie du soir s’ajoute sans difficulté. La santé des enfants circule trop : le dossier "
            "complet n’a rien à faire en cuisine.",
            (
                "Ne donner aux agents de cantine que la liste des allergies, pas le dossier.",
                "Rendre les projets d’accueil individualisé aux familles en juillet.",
            ),
        ),
    ),
    adopter(256),
    simple("lever", 252, "Liste séparée, affichée à l’intérieur du placard de la cuisine."),
    simple("lever", 140, "Projets rendus aux familles le dernier jour d’école."),
    simple("modifier", 5),
    retoucher(4, _ajouter_les_rib, "Données et durées"),
)


def publier_le_modele(
    courante: VersionModele, *, structure, dpd, horloge: Horloge
) -> tuple[VersionModele, VersionModele]:
    """Adapte le modèle commun, le publie, puis publie la version 2 qui propose une durée pour les RIB."""

    def le(jours: int, geste: str) -> dict[str, Any]:
        return {"auteur": dpd, "maintenant": horloge.instant(jours, *HEURES[geste])}

    textes = {"nom": NOM, "description": DESCRIPTION, "vigilance": courante.vigilance}
    premiere = actions_modeles.adapter(version=courante, structure=structure, **le(395, "ouvrir"))
    premiere = actions_modeles.enregistrer_brouillon(
        version=premiere, durees=premiere.durees, note_de_version="", **textes, **le(395, "saisir")
    )
    premiere = actions_modeles.publier(version=premiere, **le(393, "adopter"))
    seconde = actions_modeles.preparer_version(modele=premiere.modele, **le(26, "modifier"))
    seconde = actions_modeles.enregistrer_brouillon(
        version=seconde,
        durees=[*seconde.durees, typographier(DUREE_RIB)],
        note_de_version="Une durée est proposée pour les RIB : treize mois après le dernier prélèvement.",
        **textes,
        **le(25, "saisir"),
    )
    return premiere, actions_modeles.publier(version=seconde, **le(22, "adopter"))
