"""La bibliothèque : lue sans rien inventer, refusée en bloc, chargée une seule fois."""

from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from dpd import vocabulaire
from dpd.regles.typographie import FINE, INSECABLE
from registre.bibliotheque import FICHIER, BibliothequeInvalide, lire_bibliotheque, plus_faible
from registre.bibliotheque.traduction import typographier
from registre.chargement_modeles import charger
from registre.enums import EtatModele
from registre.modeles_suivis import correspond
from registre.models import ModeleTraitement, VersionModele
from registre.regles.contenu import depuis_dict

MODELES = Path(__file__).parent.parent / "donnees" / "modeles"
BON = MODELES / "bon.yaml"


def lire(nom):
    return lire_bibliotheque((MODELES / f"{nom}.yaml").read_bytes())


@pytest.fixture(scope="module")
def livree():
    return lire_bibliotheque(FICHIER.read_bytes())


@pytest.fixture
def cantine():
    return lire("bon").modeles[0]


# --- Ce qui est livré ------------------------------------------------------------------------------


def test_les_71_modeles_livres_se_lisent_et_tiennent_dans_une_fiche(livree):
    assert len(livree.modeles) == 71
    for modele in livree.modeles:
        fiche = depuis_dict(modele.contenu)
        assert fiche.nom == modele.nom
        assert fiche.finalites[0].principale
        assert [f.principale for f in fiche.finalites].count(True) == 1
        assert all(len(f.texte) <= 400 for f in fiche.finalites)


def test_aucun_modele_livre_ne_remplit_ce_que_la_collectivite_doit_dire(livree):
    for modele in livree.modeles:
        fiche = depuis_dict(modele.contenu)
        assert fiche.mesures == ()
        assert fiche.transferts_reponse == fiche.decision_automatisee == fiche.aipd_conclusion == ""
        assert all(d.duree.nombre is None and not d.sort_final and not d.alinea_nir for d in fiche.donnees)


def test_le_nir_ne_figure_que_la_ou_le_modele_le_permet(livree):
    avec_nir = {m.code for m in livree.modeles if any(d["categorie"] == "nir" for d in m.contenu["donnees"])}
    permis = {m.code for m in livree.modeles if m.sources["nir"]["presence"] in ("oui", "possible")}
    assert avec_nir == {
        "rh-carriere", "paie", "sante-travail-instances", "elus", "ccas-aide-legale", "logement-social",
    }  # fmt: skip
    assert avec_nir <= permis


def test_les_statuts_de_preuve_livres_sont_tous_repris(livree):
    """Comptes du bilan de la bibliothèque : 145 textes, 173 lignes de durée, dont 34 vides."""
    textes = [t["statut"] for m in livree.modeles for t in m.sources["textes"]]
    durees = [d["statut_duree"] for m in livree.modeles for d in m.durees]
    sorts = [d["statut_sort_final"] for m in livree.modeles for d in m.durees]
    assert {s: textes.count(s) for s in set(textes)} == {"V1": 27, "V1-2014": 48, "V2": 8, "K": 62}
    assert {s: durees.count(s) for s in set(durees)} == {"V1": 25, "V1-2014": 4, "V2": 86, "K": 24, "": 34}
    assert {s: sorts.count(s) for s in set(sorts)} == {"V1": 8, "V2": 109, "K": 14, "": 42}


def test_aucun_texte_livre_ne_garde_une_apostrophe_droite(livree):
    def textes(valeur):
        if isinstance(valeur, str):
            yield valeur
        elif isinstance(valeur, dict):
            yield from (t for cle, v in valeur.items() if cle != "url" for t in textes(v))
        elif isinstance(valeur, list):
            yield from (t for v in valeur for t in textes(v))

    for modele in livree.modeles:
        for texte in textes([modele.nom, modele.contenu, modele.durees, modele.sources, modele.vigilance]):
            assert "'" not in texte
            assert " :" not in texte
            assert " ;" not in texte


# --- Traduire --------------------------------------------------------------------------------------


def test_chaque_finalite_porte_une_base_et_les_textes_du_modele_sans_les_reperes(cantine):
    textes = f"Code de l’éducation, L131-13{FINE}; CGCT, L2331-2"
    assert [(f["libelle"], f["base_legale"], f["texte"]) for f in cantine.contenu["finalites"]] == [
        ("Inscrire les enfants", "e", textes),
        ("Facturer les familles", "c", textes),
        ("Envoyer les menus", "", textes),
    ]


def test_l_exception_de_l_article_9_ne_se_propose_que_sur_une_donnee_sensible(cantine):
    proposees = {d["categorie"]: d["exception_art9"] for d in cantine.contenu["donnees"]}
    assert proposees == {"identite": "", "bancaire": "", "sante": "a"}


def test_personnes_destinataires_et_prestataires_sont_ranges(cantine):
    contenu = cantine.contenu
    assert [(p["categorie"], p["vulnerables"]) for p in contenu["personnes"]] == [
        ("mineurs", True),
        ("representants-legaux", False),
    ]
    assert [(d["nature"], d["categorie"]) for d in contenu["destinataires"]] == [
        ("interne", "services"),
        ("externe", "comptable"),
    ]
    assert contenu["prestataires"] == [{"type": "portail-famille", "nom": ""}]  # jamais un destinataire


def test_l_analyse_d_impact_est_une_proposition_jamais_une_conclusion(cantine):
    assert cantine.contenu["aipd_conclusion"] == ""
    assert cantine.contenu["aipd_motif"].startswith(f"Proposition du modèle{INSECABLE}: non requise")
    assert cantine.contenu["aipd_motif"].endswith("Périscolaire, dispensé.")


def test_les_durees_restent_attachees_a_leur_document(cantine):
    inscription, menus = cantine.durees
    assert inscription == {
        "objet": "Fiches d’inscription",
        "duree": {"nombre": 5, "unite": "annee"},
        "base_active": "année scolaire",
        "intermediaire": f"5{INSECABLE}ans",
        "point_de_depart": "départ de l’enfant",
        "sort_final": "E",
        "reference": "SIAF 2014/006",
        "sources": [{"ref": "Compilation d’archives", "statut": "V2", "url": "", "note": ""}],
        "statut_duree": "V2",
        "statut_sort_final": "V2",
        "corroboration": "simple",
        "note": "à relire",
    }
    assert menus["duree"] is None
    assert [menus[c] for c in ("sort_final", "statut_duree", "base_active", "corroboration")] == [""] * 4


def test_les_mesures_sont_proposees_hors_du_contenu(cantine):
    socle = [m.value for m in vocabulaire.NIVEAUX_SECURITE["socle"]]
    assert cantine.sources["mesures_proposees"] == socle
    assert cantine.contenu["mesures"] == []


def test_les_sources_sont_resolues_et_l_adresse_reste_un_lien(cantine):
    (source,) = cantine.sources["textes"][0]["sources"]
    assert source == {
        "ref": "Code d’essai, art. 1",
        "statut": "V1",
        "url": "https://exemple.example/code",
        "note": f"archive 2014{FINE}; lu en extrait",
    }


def test_ce_que_le_modele_dit_de_lui_meme_est_garde(cantine):
    assert cantine.entites == "|commune|ccas|"
    assert cantine.vigilance == [f"Allergies{INSECABLE}: en fiche séparée"]
    assert cantine.sources["avertissement"] == ["Modèles de départ, jamais des fiches validées."]
    assert cantine.sources["lacunes"]["ni_duree_ni_sort"] == ["Menus"]
    assert cantine.sources["regime"]["code"] == "rgpd"
    assert cantine.sources["donnees_precisions"] == ["classe de l’enfant"]
    assert cantine.sources["transferts"] == f"aucun prévu par le modèle{FINE}; à vérifier"


def test_la_preuve_la_plus_faible_ignore_les_cellules_vides(cantine):
    assert plus_faible(cantine.sources, cantine.durees) == "K"
    assert plus_faible({"textes": [{"statut": "V1"}]}, []) == "V1"
    assert plus_faible({"textes": []}, []) == ""


def test_typographier_deux_fois_ne_change_rien():
    une_fois = typographier(
        ["L'avis « X » : 10 ans ; n° 5 ? 2 000 habitants", {"url": "https://a.b/c'd : e"}]
    )
    assert une_fois == [
        f"L’avis «{INSECABLE}X{INSECABLE}»{INSECABLE}: 10{INSECABLE}ans{FINE}; "
        f"n°{INSECABLE}5{FINE}? 2{FINE}000 habitants",
        {"url": "https://a.b/c'd : e"},
    ]
    assert typographier(une_fois) == une_fois


# --- Refuser ---------------------------------------------------------------------------------------

FAUTES = [
    ("yaml_illisible", "ligne", "YAML illisible"),
    ("latin1", "octet", "n’est pas en UTF-8"),
    ("pas_un_ensemble", "fichier", "un ensemble de rubriques est attendu"),
    ("cle_non_simple", "ligne", "YAML illisible"),
    ("rubrique_repetee", "ligne", "« regime » est écrite deux fois"),
    ("sans_version", "version", "la version de la bibliothèque manque"),
    ("version_mal_ecrite", "version", "la version est une date entre guillemets"),
    ("identifiant_en_double", "traitements > « cantine »", "identifiant employé 2 fois"),
    ("identifiant_mal_forme", "traitements > « Paie des agents » > id", "minuscules, chiffres et tirets"),
    ("source_en_double", "sources > « texte-officiel »", "identifiant employé 2 fois"),
    (
        "source_inconnue",
        "traitements > « cantine » > base_legale > « Code de l'éducation, L131-13 » > sources > 1",
        "source inconnue : « legifrance »",
    ),
    (
        "categorie_inconnue",
        "traitements > « cantine » > donnees > 2",
        "catégorie de données inconnue : « carte-bleue »",
    ),
    (
        "deux_bases_en_liste",
        "traitements > « cantine » > finalites > « Inscrire les enfants » > art6",
        "deux bases légales pour une finalité",
    ),
    (
        "deux_bases_en_texte",
        "traitements > « cantine » > finalites > « Inscrire les enfants » > art6",
        "deux bases légales pour une finalité",
    ),
    ("base_inconnue", "art6", "base légale inconnue : « z »"),
    ("interet_legitime", "art6", "n’est pas ouvert aux missions d’une autorité publique"),
    ("duree_illisible", "durees > « Fiches d'inscription » > duree_iso", "durée illisible : « cinq ans »"),
    ("duree_nulle", "durees > « Fiches d'inscription » > duree_iso", "durée illisible : « P0Y »"),
    ("rubrique_manquante", "traitements > « cantine » > niveau_securite", "rubrique manquante"),
    ("rubrique_inconnue", "traitements > « cantine » > vigilences", "rubrique inconnue"),
    ("nir_contradictoire", "traitements > « cantine » > donnees", "présence est « interdit »"),
    ("sensible_contradictoire", "traitements > « paie » > donnees", "leur présence est « non »"),
    ("lacune_orpheline", "lacunes > ni_duree_ni_sort > 1", "objet inconnu : « cantine : Recettes »"),
    ("textes_trop_longs", "traitements > « paie » > base_legale", "dépassent 400 signes"),
    ("nom_trop_long", "traitements > « paie » > nom", "200 au plus"),
]


@pytest.mark.parametrize(("fichier", "chemin", "phrase"), FAUTES, ids=[f[0] for f in FAUTES])
def test_chaque_faute_est_dite_a_sa_place(fichier, chemin, phrase):
    with pytest.raises(BibliothequeInvalide) as refus:
        lire(fichier)
    assert any(chemin in ou and phrase in quoi for ou, quoi in refus.value.ecarts), refus.value.ecarts
    assert str(refus.value)


def test_tous_les_ecarts_d_un_fichier_sont_dits_ensemble():
    with pytest.raises(BibliothequeInvalide) as refus:
        lire("listes_attendues")
    chemins = {ou for ou, _ in refus.value.ecarts}
    assert {
        "sources",
        "traitements > « paie » > personnes",
        "traitements > « paie » > aipd",
        "traitements > « cantine » > vigilance > 1",
    } <= chemins


def test_un_fichier_tres_faux_ne_noie_pas_son_lecteur():
    refus = BibliothequeInvalide([(f"traitements > {n}", "un texte est attendu.") for n in range(50)])
    assert len(str(refus).splitlines()) == 21
    assert str(refus).endswith("et 30 autres écarts.")


@pytest.mark.django_db
@pytest.mark.parametrize("fichier", [f[0] for f in FAUTES])
def test_un_fichier_refuse_n_ecrit_rien(fichier):
    with pytest.raises(CommandError, match="rien n’est écrit"):
        call_command("charger_modeles", MODELES / f"{fichier}.yaml")
    assert not ModeleTraitement.objects.exists()


# --- Charger ---------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_la_bibliotheque_livree_se_charge_avec_son_historique(capsys):
    call_command("charger_modeles")
    assert "71" in capsys.readouterr().out
    versions = VersionModele.objects.all()
    assert versions.count() == ModeleTraitement.objects.filter(structure=None).count() == 71
    assert all(v.est_courante and v.etat == EtatModele.PUBLIE and v.numero == 1 for v in versions)
    assert VersionModele.history.count() == ModeleTraitement.history.count() == 71
    paie = VersionModele.objects.get(modele__code="paie")
    assert paie.recherche == "paie et indemnites ressources humaines"
    assert paie.note_de_version == f"Bibliothèque, édition du samedi 21{INSECABLE}novembre 2026."


@pytest.mark.django_db
def test_relancer_le_chargement_ne_cree_rien(livree, maintenant):
    charger(bibliotheque=livree, maintenant=maintenant)
    bilan = charger(bibliotheque=livree, maintenant=maintenant)
    assert (bilan.crees, bilan.nouvelles_versions, bilan.inchanges) == (0, 0, 71)
    assert VersionModele.objects.count() == VersionModele.history.count() == 71


@pytest.mark.django_db
def test_le_chargement_ne_fait_pas_une_requete_par_modele(livree, maintenant, django_assert_max_num_queries):
    with django_assert_max_num_queries(14):
        charger(bibliotheque=livree, maintenant=maintenant)
    with django_assert_max_num_queries(4):
        charger(bibliotheque=livree, maintenant=maintenant)


def editer(tmp_path, *remplacements):
    texte = BON.read_text()
    for avant, apres in remplacements:
        assert avant in texte
        texte = texte.replace(avant, apres, 1)
    fichier = tmp_path / "edition.yaml"
    fichier.write_text(texte)
    return lire_bibliotheque(fichier.read_bytes())


@pytest.mark.django_db
def test_un_modele_change_gagne_une_version_et_l_ancienne_reste(tmp_path, maintenant):
    charger(bibliotheque=lire("bon"), maintenant=maintenant)
    edition = editer(
        tmp_path, ("'2026-11-21'", "'2027-01-04'"), ("Facturer les familles", "Facturer les repas")
    )
    bilan = charger(bibliotheque=edition, maintenant=maintenant)
    assert (bilan.crees, bilan.nouvelles_versions, bilan.inchanges) == (0, 1, 1)
    nouvelle, ancienne = VersionModele.objects.filter(modele__code="cantine").order_by("-numero")
    assert (nouvelle.numero, nouvelle.est_courante, nouvelle.etat) == (2, True, EtatModele.PUBLIE)
    assert (ancienne.numero, ancienne.est_courante, ancienne.etat) == (1, False, EtatModele.PUBLIE)
    assert ancienne.contenu["finalites"][1]["libelle"] == "Facturer les familles"
    assert nouvelle.note_de_version == f"Bibliothèque, édition du lundi 4{INSECABLE}janvier 2027."
    assert [h.history_type for h in ancienne.history.order_by("history_id")] == ["+", "~"]


@pytest.mark.django_db
def test_ranger_un_modele_autrement_ne_fait_pas_une_version(tmp_path, maintenant):
    charger(bibliotheque=lire("bon"), maintenant=maintenant)
    edition = editer(tmp_path, ("domaine: Enfance", "domaine: École"), ("[commune, ccas]", "[commune]"))
    bilan = charger(bibliotheque=edition, maintenant=maintenant)
    assert bilan.nouvelles_versions == 0
    version = VersionModele.objects.get(modele__code="cantine")
    assert (version.modele.domaine, version.modele.entites) == ("École", "|commune|")
    assert version.recherche == "cantine de l ecole ecole"
    assert version.modele.history.count() == 2


@pytest.mark.django_db
def test_un_nouvel_avertissement_seul_ne_change_aucun_modele(tmp_path, maintenant):
    charger(bibliotheque=lire("bon"), maintenant=maintenant)
    edition = editer(tmp_path, ("Modèles de départ, jamais", "Modèles de travail, jamais"))
    assert charger(bibliotheque=edition, maintenant=maintenant).nouvelles_versions == 0


@pytest.mark.django_db
def test_un_modele_disparu_du_fichier_est_laisse_tel_quel(tmp_path, capsys):
    call_command("charger_modeles", BON)
    texte = BON.read_text()
    reste = tmp_path / "reste.yaml"
    reste.write_text(texte[: texte.index("- id: paie")])
    call_command("charger_modeles", reste)
    assert f"laissés tels quels{INSECABLE}: paie" in capsys.readouterr().out
    assert VersionModele.objects.get(modele__code="paie").est_courante


@pytest.mark.django_db
def test_un_fichier_absent_est_dit(tmp_path):
    with pytest.raises(CommandError, match="Fichier illisible"):
        call_command("charger_modeles", tmp_path / "absent.yaml")


def test_chaque_fichier_d_essai_sert_a_un_test():
    attendus = {"bon", "listes_attendues", *(f[0] for f in FAUTES)}
    assert {f.stem for f in MODELES.glob("*.yaml")} == attendus


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("mot", "code"),
    [
        ("cantine", "periscolaire-restauration"),
        ("élection", "listes-electorales"),
        ("camera", "videoprotection"),
        ("tombe", "cimetiere"),
        ("bulletins", "paie"),
        ("canicule", "registre-canicule"),
    ],
)
def test_les_mots_d_une_secretaire_de_mairie_trouvent_le_modele_livre(livree, maintenant, mot, code):
    charger(bibliotheque=livree, maintenant=maintenant)
    trouves = {v.modele.code for v in VersionModele.objects.select_related("modele") if correspond(v, mot)}
    assert code in trouves
