"""La version communicable : ni sécurité, ni avis, ni nom d’agent, dans aucun des cinq formats."""

from dataclasses import replace
from io import BytesIO
from zipfile import ZipFile, is_zipfile

import pikepdf
import pytest

from dpd.documents.lecteur import lire
from dpd.documents.reponse import FORMATS
from registre import actions
from registre.ecriture import fiche_de
from registre.exports import fiche_art30, registre_art30, versions_du_registre
from registre.exports.communicable import FONCTION_DPD, DpdPublic
from registre.regles.contenu import LigneMesure
from tests.documents.lecture_pdf import Arbre

pytestmark = pytest.mark.django_db

MESURE = "armoire blindée sous l’escalier"
AVIS = "Avis confidentiel du délégué"
RESERVE = "Séparer la liste d’allergies"
MOTIF = "Motif réservé au responsable"
SECRETS = (
    MESURE,
    "Comptes nominatifs",
    AVIS,
    RESERVE,
    MOTIF,
    "Roucoules",
    "roucoules",
    "Sylvie",
    "Delmas",
    "Directrice",
    "Lucette",
)


@pytest.fixture
def adoptee_par_une_agente(complete, collectivite, structure, referent, dpd, decideur, maintenant):
    """Une fiche adoptée par une directrice ayant reçu délégation ; le DPD est une personne."""
    structure.dpd_courriel = "nroucoules@cdg.example"
    structure.save()
    collectivite.refresh_from_db()
    decideur.first_name, decideur.last_name = "Lucette", "Directrice"
    decideur.save()
    fiche = fiche_de(complete)
    fiche = replace(fiche, mesures=(*fiche.mesures, LigneMesure("locaux", MESURE)))
    version = actions.enregistrer_contenu(
        version=complete, fiche=fiche, auteur=referent, maintenant=maintenant, raison="Saisie"
    )
    version = actions.transmettre(version=version, auteur=referent, maintenant=maintenant)
    version = actions.rendre_avis(
        version=version, sens="reserves", texte=AVIS, reserves=[RESERVE], auteur=dpd, maintenant=maintenant
    )
    return actions.adopter(
        version=version, auteur=decideur, maintenant=maintenant, suite="partiel", motif=MOTIF
    )


def tout_le_texte(octets: bytes, format: str) -> str:
    """Tout ce qu’un lecteur du fichier peut y trouver, métadonnées comprises."""
    if format == "pdf":
        with pikepdf.open(BytesIO(octets)) as pdf:
            textes = [texte for _, _, texte, _ in Arbre(pdf).noeuds]
            meta = [str(valeur) for valeur in pdf.docinfo.values()]
            return "\n".join([*textes, *meta, pdf.Root.Metadata.read_bytes().decode()])
    if not is_zipfile(BytesIO(octets)):
        return octets.decode("utf-8-sig")
    cellules = [c for f in lire(f"r.{format}", octets).feuilles for ligne in f.lignes for c in ligne]
    with ZipFile(BytesIO(octets)) as archive:
        parties = [archive.read(nom).decode("utf-8", "replace") for nom in archive.namelist()]
    return "\n".join([*cellules, *parties])


def exporter(collectivite, maintenant, format, version=None, **options) -> str:
    options = {"maintenant": maintenant, "format": format, "auteur": "Sylvie Delmas", **options}
    if version is None:
        document = registre_art30(collectivite, versions_du_registre(collectivite), **options)
    else:
        document = fiche_art30(collectivite, version, **options)
    sortie = BytesIO()
    FORMATS[format].ecrire(document, sortie)
    return tout_le_texte(sortie.getvalue(), format)


@pytest.mark.parametrize("seule", [False, True], ids=["registre", "fiche"])
@pytest.mark.parametrize("format", FORMATS)
def test_rien_de_secret_ni_de_nominatif_n_y_reste(
    adoptee_par_une_agente, collectivite, maintenant, format, seule
):
    version = adoptee_par_une_agente if seule else None
    texte = exporter(collectivite, maintenant, format, version, communicable=True)
    assert [secret for secret in SECRETS if secret in texte] == []
    assert "Version communicable" in texte
    assert "Bernard Lacaze" in texte  # l’élu, représentant légal, reste
    assert FONCTION_DPD in texte


@pytest.mark.parametrize("format", FORMATS)
def test_l_extrait_integral_dit_tout(adoptee_par_une_agente, collectivite, maintenant, format):
    texte = exporter(collectivite, maintenant, format)
    assert MESURE in texte
    assert "Nadège Roucoules" in texte
    assert "Extrait intégral" in texte
    if format == "pdf":
        assert [
            attendu for attendu in (AVIS, RESERVE, MOTIF, "Lucette Directrice") if attendu not in texte
        ] == []


def test_ce_qui_est_retire_est_dit_et_fonde(adoptee_par_une_agente, collectivite, maintenant):
    texte = exporter(collectivite, maintenant, "pdf", communicable=True).replace("\u00a0", " ")
    assert "Retirées de cette version" in texte
    assert "L. 311-5, 2° d" in texte
    assert "L. 311-6" in texte


def test_le_manque_de_securite_n_est_pas_revele(brouillon, collectivite, maintenant):
    document = registre_art30(
        collectivite, versions_du_registre(collectivite), maintenant=maintenant, communicable=True
    )
    (page,) = document.fiches()
    assert dict(page.cartouche)["Éléments obligatoires"].startswith("1 sur 6, hors sécurité")
    (securite,) = [section for section in page.sections if section.repere == "g"]
    assert not securite.manque


def test_la_nature_demandee_ne_masque_pas_la_version_communicable(complete, collectivite, maintenant):
    document = registre_art30(
        collectivite,
        versions_du_registre(collectivite),
        maintenant=maintenant,
        nature="Extrait, 1 fiche choisie",
        communicable=True,
    )
    assert document.entete.nature == "Version communicable"
    assert document.entete.auteur == ""


@pytest.mark.parametrize(
    ("dpd", "coordonnees", "nom", "publiques"),
    [
        ("Centre de gestion", "Centre de gestion, dpd@cdg.example", "Centre de gestion", None),
        ("Nadège Roucoules", "Centre de gestion, dpd@cdg.example", FONCTION_DPD, None),
        ("Nadège Roucoules", "Centre de gestion, n.roucoules@cdg.example", FONCTION_DPD, "Centre de gestion"),
        ("Jean Le Bec", "jeanlebec@cdg.example", FONCTION_DPD, "À demander à Commune de Fau"),
        ("Nadège Roucoules", "", FONCTION_DPD, ""),
        ("", "dpd@cdg.example", "", None),
    ],
)
def test_le_dpd_garde_sa_fonction_et_perd_son_nom(dpd, coordonnees, nom, publiques):
    public = DpdPublic("Centre de gestion", "Commune de Fau")
    assert public.nom(dpd) == nom
    assert public.coordonnees(dpd, coordonnees) == (coordonnees if publiques is None else publiques)
