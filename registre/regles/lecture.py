"""Une fiche mise en lignes lisibles : rubriques, lignes nommées, détails en toutes lettres."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from dpd.regles.texte import normaliser
from dpd.regles.typographie import FINE, INSECABLE
from registre.regles.aipd import AUCUN_TYPE, LIBELLES
from registre.regles.bases_legales import BASES_LEGALES, EXCEPTIONS_ART9, Fondement
from registre.regles.conservation import SORTS_FINAUX, libelle_duree
from registre.regles.contenu import Fiche, LigneDonnees, LigneFinalite
from registre.regles.listes_aipd import CAS_ARTICLE_35_3, CRITERES_WP248, TYPES_DISPENSES, TYPES_REQUIS

Libelle = Callable[[str, str], str]

FINALITES = "Finalités et base légale"
REPONSES: Mapping[str, str] = MappingProxyType(
    {"aucun": "Aucun", "oui": "Oui", "non": "Non", "inconnu": "Je ne sais pas", "": ""}
)
_A_DETERMINER = "à déterminer"


@dataclass(frozen=True, slots=True)
class LigneLue:
    """``cle`` dit de quoi parle la ligne, ``nom`` le dit en français, ``details`` ce qu’elle en dit."""

    cle: str
    nom: str
    details: Mapping[str, str]

    @property
    def resume(self) -> str:
        dits = [
            f"{nom}{INSECABLE}: {valeur}" if nom else valeur for nom, valeur in self.details.items() if valeur
        ]
        return f"{FINE}; ".join(dits) or self.nom


def lire_fiche(fiche: Fiche, libelle: Libelle) -> dict[str, list[LigneLue]]:
    """Les rubriques de la fiche, toujours les mêmes et dans le même ordre, et leurs lignes."""
    return {
        "Présentation": _presentation(fiche),
        "Responsable et contacts": _responsable(fiche),
        FINALITES: [_finalite(ligne) for ligne in fiche.finalites],
        "Personnes concernées": [
            _ligne(
                ligne.categorie,
                libelle_de(libelle, "categories_personnes", ligne.categorie),
                {"précision": ligne.precision, "personnes vulnérables": _oui(ligne.vulnerables)},
            )
            for ligne in fiche.personnes
        ],
        "Données et durées": [_donnees(ligne, libelle) for ligne in fiche.donnees],
        "Destinataires": [
            _ligne(
                f"{ligne.nature} {ligne.categorie}" if ligne.categorie else "",
                libelle_de(libelle, "destinataires", ligne.categorie),
                {"précision": ligne.precision, "nature": ligne.nature},
            )
            for ligne in fiche.destinataires
        ],
        "Sous-traitants": [
            _ligne(ligne.type, libelle_de(libelle, "sous_traitants", ligne.type), {"nom": ligne.nom})
            for ligne in fiche.prestataires
        ],
        "Hors Union européenne": _hors_europe(fiche, libelle),
        "Sécurité": [
            _ligne(
                ligne.mesure,
                libelle_de(libelle, "mesures_securite", ligne.mesure),
                {"précision": ligne.precision},
            )
            for ligne in fiche.mesures
        ],
        "Information et droits": [
            _texte("Information des personnes", fiche.information),
            _texte("Décision automatisée", _reponse(fiche.decision_automatisee)),
            _texte("Logique de la décision automatisée", fiche.decision_logique),
        ],
        "Analyse d’impact": _aipd(fiche),
    }


def libelle_de(libelle: Libelle, vocabulaire: str, code: str) -> str:
    """Le libellé d’un code, vide pour un code vide."""
    return libelle(vocabulaire, code) if code else ""


def _presentation(fiche: Fiche) -> list[LigneLue]:
    return [
        _texte("Nom", fiche.nom),
        _texte("Description", fiche.description),
        _texte("Service", fiche.service),
        _texte("Logiciels", fiche.logiciels),
    ]


def _responsable(fiche: Fiche) -> list[LigneLue]:
    responsable = fiche.responsable
    return [
        _texte("Responsable de traitement", responsable.denomination),
        _texte("SIREN", responsable.siren),
        _texte("Représentant", responsable.representant),
        _texte("Coordonnées du responsable", responsable.coordonnees),
        _texte("Délégué à la protection des données", responsable.dpd),
        _texte("Coordonnées du délégué", responsable.dpd_coordonnees),
        _texte("Responsabilité conjointe", _reponse(fiche.coresponsables_reponse)),
        _texte("Responsables conjoints", fiche.coresponsables),
    ]


def _finalite(ligne: LigneFinalite) -> LigneLue:
    details = {
        "but": ligne.libelle,
        "base légale": _fondement(BASES_LEGALES, ligne.base_legale),
        "texte": ligne.texte,
        "finalité principale": _oui(ligne.principale),
    }
    return _ligne(normaliser(ligne.libelle), ligne.libelle, details)


def _donnees(ligne: LigneDonnees, libelle: Libelle) -> LigneLue:
    sort = "" if ligne.sort_inconnu else ligne.sort_final
    details = {
        "description": ligne.description,
        "durée de conservation": libelle_duree(ligne.duree),
        "archivage intermédiaire": ligne.archivage,
        "sort final": SORTS_FINAUX.get(sort, sort) or _A_DETERMINER,
        "exception de l’article 9": _fondement(EXCEPTIONS_ART9, ligne.exception_art9),
        "alinéa du décret sur le NIR": ligne.alinea_nir,
        "source": ligne.source,
    }
    return _ligne(ligne.categorie, libelle_de(libelle, "categories_donnees", ligne.categorie), details)


def _hors_europe(fiche: Fiche, libelle: Libelle) -> list[LigneLue]:
    return [
        _texte("Transferts hors d’Europe", _reponse(fiche.transferts_reponse)),
        *(
            _ligne(
                normaliser(ligne.destinataire),
                ligne.destinataire,
                {
                    "pays": libelle_de(libelle, "pays", ligne.pays),
                    "outil": libelle_de(libelle, "outils_transfert", ligne.outil),
                    "lien": ligne.lien,
                },
            )
            for ligne in fiche.transferts
        ),
    ]


def _aipd(fiche: Fiche) -> list[LigneLue]:
    types = {**CAS_ARTICLE_35_3, **TYPES_REQUIS, **TYPES_DISPENSES, AUCUN_TYPE: "Aucun de ces types"}
    return [
        _texte("Type de traitement", types.get(fiche.aipd_type, fiche.aipd_type)),
        *(
            LigneLue(f"critère {code}", "Critère de risque", {"": CRITERES_WP248.get(code, code)})
            for code in fiche.aipd_criteres
        ),
        _texte("Conclusion", LIBELLES.get(fiche.aipd_conclusion, fiche.aipd_conclusion)),
        _texte("Motif", fiche.aipd_motif),
    ]


def _texte(nom: str, valeur: str) -> LigneLue:
    """Une rubrique d’une seule valeur : toujours présente, donc comparée à elle-même."""
    return LigneLue(nom, nom, {"": valeur})


def _ligne(cle: str, nom: str, details: dict[str, str]) -> LigneLue:
    """Une ligne de liste ; sans catégorie, son premier détail (la précision) lui sert de nom."""
    nom = nom or next(iter(details.values())) or "Ligne sans nom"
    return LigneLue(f"ligne {cle or normaliser(nom)}", nom, details)


def _fondement(table: Mapping[str, Fondement], code: str) -> str:
    return table[code].libelle if code in table else code


def _reponse(code: str) -> str:
    return REPONSES.get(code, code)


def _oui(drapeau: bool) -> str:
    return "oui" if drapeau else ""
