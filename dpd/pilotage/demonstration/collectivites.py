"""Les collectivités suivies : de vraies communes et intercommunalités, des élus et des agents inventés.

Le référentiel livré donne le nom, le SIREN, la population et l’intercommunalité des communes et des EPCI.
Le SIREN d’un CCAS ou d’un syndicat n’y est pas : il est ici **fictif**. Il commence par « 00 », ce
qu’aucun SIREN attribué ne fait, et sa clé est juste ; la dénomination d’un syndicat inventé le dit.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from dpd.comptes.enums import TypeCollectivite

COMMUNE, EPCI = TypeCollectivite.COMMUNE, TypeCollectivite.EPCI
CCAS, SYNDICAT = TypeCollectivite.CCAS, TypeCollectivite.SYNDICAT


class CollectiviteDemo(NamedTuple):
    """``code`` : code INSEE d’une commune (ou de celle du CCAS), SIREN d’un EPCI.

    ``referent`` vide : personne n’est encore nommé. ``registre`` : un profil de ``registres.PROFILS``.
    """

    type: TypeCollectivite
    code: str
    domaine: str
    responsable: str
    referent: str
    registre: str
    titre: str = "maire"
    siren_fictif: str = ""
    designee: bool = True
    direction: str = ""
    nom: str = ""
    dpd_propre: str = ""
    lecteur: str = ""
    ancien_responsable: str = ""


def _commune(code, domaine, maire, referent, registre, **reste) -> CollectiviteDemo:
    return CollectiviteDemo(COMMUNE, code, domaine, maire, referent, registre, **reste)


def _epci(siren, domaine, responsable, titre, referent, registre, **reste) -> CollectiviteDemo:
    return CollectiviteDemo(EPCI, siren, domaine, responsable, referent, registre, titre, **reste)


def _ccas(code, siren_fictif, domaine, maire, referent, registre, **reste) -> CollectiviteDemo:
    titre = reste.pop("titre", "président du CCAS")
    return CollectiviteDemo(CCAS, code, domaine, maire, referent, registre, titre, siren_fictif, **reste)


def _syndicat(siren_fictif, nom, domaine, responsable, referent, registre) -> CollectiviteDemo:
    return CollectiviteDemo(
        SYNDICAT, "", domaine, responsable, referent, registre, "président", siren_fictif, nom=nom
    )


COLLECTIVITES: Mapping[str, tuple[CollectiviteDemo, ...]] = MappingProxyType(
    {
        "CDG 82": (
            _commune(
                "82131",
                "montpezat",
                "Hélène Lacaze",
                "Sylvie Delmas",
                "montpezat",
                lecteur="Rémi Castagné",
                ancien_responsable="Bernard Lacaze",
                direction="Josette Carrié",
            ),
            _commune("82179", "septfonds", "Didier Combelongue", "Marc Vialard", "avance"),
            _commune("82038", "caylus", "Solange Peyrelade", "Aline Rigal", "avance"),
            _commune("82094", "lauzerte", "Patrick Castelviel", "Julien Cazes", "a_jour"),
            _commune("82050", "dunes", "Nicole Rivehaute", "Odile Sabatier", "milieu"),
            _commune("82093", "larrazet", "Christian Malaterre", "Paul Brousse", "decisions"),
            _commune("82008", "auvillar", "Jean-Noël L’Hermitte", "Martine Pouget", "debut"),
            _commune("82026", "bruniquel", "Sandrine Puygaillard", "Hugo Rescoussié", "a_jour"),
            _commune("82049", "donzac", "Alain Roquemaure", "Chantal Lavergne", "milieu"),
            _commune("82113", "molieres", "Bernard Terrefort", "", "vide"),
            _commune("82149", "realville", "Isabelle Clairefont", "Denis Gineste", "debut", designee=False),
            _commune("82097", "lavit", "Raymond Bellegarric", "Corinne Maurel", "debut"),
            _commune(
                "82037",
                "caussade",
                "Florence Montplaisant",
                "Yannick Gasc",
                "avance",
                direction="Hervé Longuecombe",
            ),
            _commune(
                "82013",
                "beaumont",
                "Michel Peyrebrune",
                "Agnès Bourdoncle",
                "decisions",
                direction="Jeanne Beausoleil",
            ),
            _commune("82076", "lhonordecos", "Thierry d’Estrècheroux", "Lucie Verdier", "milieu"),
            _commune("82012", "lesbarthes", "Colette Bonnefontaine", "Bruno Alauzy", "debut"),
            _ccas(
                "82131",
                "000821314",
                "ccas-montpezat",
                "Hélène Lacaze",
                "Sylvie Delmas",
                "social",
                titre="présidente du CCAS",
            ),
            _ccas(
                "82038",
                "000820381",
                "ccas-caylus",
                "Solange Peyrelade",
                "",
                "vide",
                titre="présidente du CCAS",
                designee=False,
            ),
            _epci(
                "248200057",
                "quercycaussadais",
                "Guy Causseviel",
                "président",
                "Élise Fournié",
                "avance",
                direction="Sophie Teyssonnade",
            ),
            _epci(
                "248200016",
                "deuxrives",
                "Mireille Deuxponts",
                "présidente",
                "Loïc Bénech",
                "milieu",
                dpd_propre="Aurélie D’Ambre",
            ),
            _syndicat(
                "001820000",
                "Syndicat scolaire de la Lère (démonstration)",
                "syndicat-lere",
                "Francis Vallombreux",
                "Josiane Parra",
                "milieu",
            ),
        ),
        "CDG 47": (
            _commune(
                "47195",
                "nerac",
                "Philippe Gardeciel",
                "Emma Tonnelé",
                "avance",
                direction="Serge Landelongue",
            ),
            _commune("47052", "casteljaloux", "Danielle Landeverte", "Rémi Barbe", "milieu"),
            _commune("47203", "penne", "Gérard Pontvieux", "Maud Lafargue", "a_jour"),
            _commune("47175", "monflanquin", "Laurence Bastideneuve", "Cédric Pouzet", "decisions"),
            _commune("47143", "lavardac", "Éric Bourgneuf-Lande", "Nelly Castagnos", "debut"),
            _commune("47015", "astaffort", "Pauline Gascognole", "Jérôme Faget", "milieu"),
            _commune("47201", "lepassage", "Olivier Rivegauche", "Katia Dupouy", "avance"),
            _ccas("47195", "000471953", "ccas-nerac", "Philippe Gardeciel", "Emma Tonnelé", "social"),
            _epci("200068948", "albret", "Henri Gélisante", "président", "Vanessa Ricaud", "decisions"),
        ),
        "CACL": (
            _commune(
                "97302",
                "cayenne",
                "Ghislaine Balata",
                "Wilfried Joseph-Édouard",
                "ville",
                direction="Stéphanie Moucaya",
            ),
            _commune("97305", "macouria", "Rodolphe Wacapou", "Nadia Robinson", "avance"),
            _commune("97307", "matoury", "Sergine Carbet-Roy", "Teddy Comou", "decisions"),
            _commune("97309", "remire", "Armand Grignon-Bois", "Line Saint-Amand", "milieu"),
            _commune("97310", "roura", "Josélito Angélique", "Mylène Sabas", "debut"),
            _commune("97313", "montsinery", "Maryvonne Courbaril", "Fabrice Nestar", "a_jour"),
            _epci(
                "249730045",
                "centre-littoral",
                "Firmin Ébène",
                "président",
                "Dorothée Rimane",
                "avance",
                direction="Axelle Maripa",
            ),
        ),
        "ATDA": (
            _commune(
                "03023",
                "bellerive",
                "Norbert Sichonnet",
                "Amandine Rougeron",
                "ville",
                direction="Carine Bellerivière",
            ),
            _commune("03254", "saintpourcain", "Estelle Vignoblet", "Sébastien Place", "avance"),
            _commune("03118", "gannat", "Roger Limagnat", "Véronique Taque", "milieu"),
            _commune("03298", "varennes", "Monique Valbesbre", "Antoine Villechenon", "decisions"),
            _commune("03236", "saintgermain", "Jean-Paul Fossebelle", "Émilie Desgouttes", "debut"),
            _commune("03082", "commentry", "Brigitte Forgeneuve", "Florian Bidet", "a_jour"),
            _ccas("03023", "000030239", "ccas-bellerive", "Norbert Sichonnet", "Amandine Rougeron", "social"),
            _epci("200071389", "sioule-limagne", "Véra Sioulaine", "présidente", "Quentin Favier", "milieu"),
        ),
    }
)
