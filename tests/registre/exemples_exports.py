"""Des fiches à exporter sans base de données, des contenus engendrés, et de quoi les écrire et les relire."""

import json
from datetime import UTC, datetime
from io import BytesIO

from hypothesis import strategies as st

from dpd.documents.modele import Document, Entete
from dpd.documents.reponse import FORMATS
from dpd.documents.surete import sans_controle
from registre.exports.champs import CODES
from registre.exports.cnil import feuilles_cnil
from registre.exports.feuilles import feuilles_registre
from registre.exports.instantane import FicheExportee
from registre.exports.lecture import ouvrir
from registre.exports.organisme import Organisme
from registre.exports.releve import Releve, Relevee
from registre.imports import lire_registre
from registre.regles.completude import evaluer
from registre.regles.contenu import (
    Duree,
    Fiche,
    LigneDestinataire,
    LigneDonnees,
    LigneFinalite,
    LigneMesure,
    LignePersonnes,
    LignePrestataire,
    LigneTransfert,
    empreinte,
    en_dict,
)

INSTANT = datetime(2026, 11, 23, 8, 40, tzinfo=UTC)
ORGANISME = Organisme(
    denomination="Commune de Montpezat-de-Quercy",
    siren="218201317",
    representant="Bernard Lacaze, maire",
    representee="représentée",
    adresse="Place de la Mairie",
    telephone="05 63 02 07 08",
    courriel="mairie@montpezat.example",
    dpd="Centre de gestion de Tarn-et-Garonne",
    dpd_coordonnees="dpd@cdg.example",
)


def exportee(fiche: Fiche, reference: int = 1, **champs) -> FicheExportee:
    defauts = {
        "reference": reference,
        "numero": 1,
        "etat": "brouillon",
        "contenu": fiche,
        "manquants": evaluer(fiche).manquants,
        "empreinte": empreinte(fiche),
        "cree_le": INSTANT,
        "modifie_le": INSTANT,
        "adoptee_le": None,
        "avis": None,
        "decision": None,
        "versions": (),
    }
    return FicheExportee(**{**defauts, **champs})


def relevee(fiche: Fiche, reference: int = 1) -> Relevee:
    """La même, telle que la base la garderait."""
    return Relevee(
        reference=reference,
        numero=1,
        titre=fiche.nom,
        etat="brouillon",
        brut=json.dumps(en_dict(fiche)),
        responsable=None,
        empreinte=empreinte(fiche),
        cree_le=INSTANT,
        modifie_le=INSTANT,
        adoptee_le=None,
        avis=None,
        decision=None,
        versions=(),
    )


def ecrire(format: str, *fiches: Fiche, siren: str = "218201317") -> bytes:
    """Les octets d’un classeur de ces fiches : ods (forme CNIL), xlsx ou csv."""
    releve = Releve((relevee(fiche, rang) for rang, fiche in enumerate(fiches, 1)), ouvrir)
    feuilles = feuilles_cnil if format == "ods" else feuilles_registre
    document = Document(
        entete=Entete("Registre", "Commune", siren, "", "", "Extrait intégral", INSTANT, "1", "0" * 64),
        fiches=lambda: iter(()),
        feuilles=lambda: feuilles(releve, ORGANISME),
        enregistrements=lambda: iter(()),
    )
    sortie = BytesIO()
    FORMATS[format].ecrire(document, sortie)
    return sortie.getvalue()


def relire(format: str, *fiches: Fiche):
    return lire_registre(f"registre.{format}", ecrire(format, *fiches))


def _texte(taille: int = 24):
    """Un texte comme on en saisit : accents, retours à la ligne, débuts de formule ; sans tabulation."""
    lettres = st.characters(exclude_categories=("Cs",), exclude_characters="\t")
    return st.one_of(
        st.sampled_from(
            ["", "=cmd()", "-2+3", "@x", "+33", " espace devant", "a\nb", "5 ans", "–", "Non", "'=1"]
        ),
        st.text(lettres, max_size=taille).map(sans_controle),
    )


def _code(vocabulaire: str, vide: bool = True):
    return st.sampled_from([*([""] if vide else []), *CODES[vocabulaire]])


DUREES = st.builds(
    Duree,
    nombre=st.none() | st.integers(0, 9_999),
    unite=_code("unites"),
    evenement=_texte(),
    inconnue=st.booleans(),
)
DONNEES = st.builds(
    LigneDonnees,
    categorie=_code("categories_donnees", vide=False),
    description=_texte(),
    duree=DUREES,
    archivage=_texte(),
    sort_final=_code("sorts_finaux"),
    exception_art9=_code("exceptions_art9"),
    alinea_nir=_texte(),
    source=_texte(),
    sort_inconnu=st.booleans(),
)


def _lignes(strategie):
    return st.lists(strategie, max_size=4).map(tuple)


FICHES = st.builds(
    Fiche,
    nom=_texte().filter(lambda nom: nom.strip()),
    description=_texte(),
    service=_texte(),
    logiciels=_texte(),
    coresponsables=_texte(),
    coresponsables_reponse=_code("reponses_coresponsables"),
    finalites=_lignes(
        st.builds(
            LigneFinalite,
            libelle=_texte(),
            base_legale=_code("bases_legales"),
            texte=_texte(),
            principale=st.booleans(),
        )
    ),
    personnes=_lignes(
        st.builds(
            LignePersonnes,
            categorie=_code("categories_personnes", vide=False),
            precision=_texte(),
            vulnerables=st.booleans(),
        )
    ),
    donnees=_lignes(DONNEES),
    destinataires=_lignes(
        st.builds(
            LigneDestinataire, nature=_code("natures"), categorie=_code("destinataires"), precision=_texte()
        )
    ),
    prestataires=_lignes(st.builds(LignePrestataire, type=_code("sous_traitants"), nom=_texte())),
    transferts_reponse=_code("reponses_transferts"),
    transferts=_lignes(
        st.builds(
            LigneTransfert,
            destinataire=_texte(),
            pays=_code("pays"),
            outil=_code("outils_transfert"),
            lien=_texte(),
        )
    ),
    mesures=_lignes(st.builds(LigneMesure, mesure=_code("mesures_securite"), precision=_texte())),
    information=_texte(),
    decision_automatisee=_code("reponses_decision"),
    decision_logique=_texte(),
    aipd_type=_code("aipd_types"),
    aipd_criteres=st.lists(_code("aipd_criteres", vide=False), max_size=3).map(tuple),
    aipd_conclusion=_code("aipd_conclusions"),
    aipd_motif=_texte(),
)
