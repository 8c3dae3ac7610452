"""L’étape des données : les durées du modèle, les familles, une seconde ligne du même genre."""

import re
from dataclasses import replace

import pytest
from django.urls import reverse

from registre import actions
from registre.ecriture import fiche_de
from registre.models import ModeleTraitement, VersionModele
from registre.regles.contenu import Duree, Fiche, LigneDonnees, depuis_dict, en_dict
from registre.regles.familles import FAMILLES

pytestmark = pytest.mark.django_db

CANTINE = ("identite", "bancaire", "sante", "nir", "image")
COCHEES = {f"d-{categorie}-1-coche": "on" for categorie in CANTINE}


@pytest.fixture
def adresse(collectivite):
    return reverse("registre:etape", args=[collectivite.siren, 1, 3])


@pytest.fixture
def avec_modele(collectivite, referent, maintenant):
    base = ModeleTraitement.objects.create(code="cantine", domaine="Enfance", entites="|commune|")
    lignes = tuple(LigneDonnees(categorie) for categorie in CANTINE)
    modele = VersionModele.objects.create(
        modele=base,
        numero=1,
        nom="Cantine",
        contenu=en_dict(Fiche(nom="Cantine", donnees=lignes)),
        durees=[
            {
                "objet": "Factures",
                "duree": {"nombre": 10, "unite": "annee"},
                "point_de_depart": "la clôture",
                "sort_final": "E",
                "intermediaire": "10 ans",
            },
            {"objet": "Sans durée", "duree": None, "sort_final": None},
        ],
        sources={"mesures_proposees": ["papier"]},
    )
    return actions.creer_depuis_modeles(
        collectivite=collectivite, versions=[modele], auteur=referent, maintenant=maintenant
    )[0]


@pytest.fixture
def lignes():
    def _lignes(version):
        version.refresh_from_db()
        return depuis_dict(version.contenu).donnees

    return _lignes


def durees(lignes):
    return {ligne.categorie: ligne.duree.nombre for ligne in lignes}


class TestReprise:
    """Les durées que propose le modèle."""

    def test_sur_une_ligne_et_l_on_y_revient(self, connecte, referent, avec_modele, adresse, lignes):
        reponse = connecte(referent).post(adresse, {**COCHEES, "reprendre": "bancaire-1|0"})
        assert reponse.url == f"{adresse}#d-bancaire"
        identite, bancaire, *_ = lignes(avec_modele)
        assert bancaire.duree == Duree(10, "annee", "la clôture")
        assert bancaire.sort_final == "E"
        assert identite.duree.unite == ""

    def test_en_groupe_les_lignes_ordinaires_seulement(
        self, connecte, referent, avec_modele, adresse, lignes
    ):
        client = connecte(referent)
        reponse = client.post(adresse, {**COCHEES, "reprendre": "*|0"})
        assert reponse.url == adresse
        obtenues = {"identite": 10, "bancaire": 10, "sante": None, "nir": None, "image": None}
        assert durees(lignes(avec_modele)) == obtenues
        page = client.get(adresse).content.decode()
        assert "2\u00a0lignes remplies d’après le modèle" in page
        assert (
            "À traiter une à une\u00a0: les données de santé, le numéro de sécurité sociale "
            "et les images et les voix." in page
        )

    def test_en_groupe_sans_ecraser_une_reponse(self, connecte, referent, avec_modele, adresse, lignes):
        donnees = {**COCHEES, "d-identite-1-nombre": "2", "d-identite-1-unite": "mois", "reprendre": "*|0"}
        connecte(referent).post(adresse, donnees)
        obtenues = durees(lignes(avec_modele))
        assert (obtenues["identite"], obtenues["bancaire"]) == (2, 10)

    def test_une_donnee_de_sante_se_reprend_sur_sa_ligne(
        self, connecte, referent, avec_modele, adresse, lignes
    ):
        connecte(referent).post(adresse, {**COCHEES, "reprendre": "sante-1|0"})
        assert {c: n for c, n in durees(lignes(avec_modele)).items() if n} == {"sante": 10}

    def test_l_ecran_annonce_ce_qu_un_clic_remplira_et_ce_qu_il_laissera(
        self, connecte, referent, avec_modele, adresse
    ):
        page = connecte(referent).get(adresse).content.decode()
        assert "2 lignes encore vides" in page
        assert "3 à traiter une à une" in page
        for ancre, nom in (
            ("d-sante", "Les données de santé"),
            ("d-nir", "Le numéro de sécurité sociale"),
            ("d-image", "Les images et les voix"),
        ):
            assert f'<a href="#{ancre}">{nom}</a>' in page
            assert f'id="{ancre}"' in page

    def test_le_compte_suit_la_saisie_au_fil_de_l_eau(self, connecte, referent, avec_modele, adresse):
        donnees = {**COCHEES, "d-identite-1-unite": "inconnu", "d-sante-1-sort_final": "inconnu"}
        page = connecte(referent).post(adresse, donnees, headers={"HX-Request": "true"}).content.decode()
        assert 'id="reprise" hx-swap-oob="true"' in page
        assert "la seule ligne encore vide" in page
        assert 'id="reprendre-0"' in page, "le bouton échangé retrouve le focus"
        assert "2 à traiter une à une" in page
        assert "#d-sante" not in page

    def test_sans_ligne_a_remplir_aucun_clic_n_est_propose(self, connecte, referent, avec_modele, adresse):
        client = connecte(referent)
        client.post(adresse, {"d-identite-1-coche": "on", "d-identite-1-unite": "inconnu"})
        page = client.get(adresse).content.decode()
        assert "toutes les lignes cochées ont une réponse" in page
        assert 'value="*|' not in page

    def test_une_proposition_sans_duree_n_est_pas_un_bouton(self, connecte, referent, avec_modele, adresse):
        page = connecte(referent).get(adresse).content.decode()
        assert 'value="*|0"' in page
        assert 'value="identite-1|0"' in page
        assert "Sans durée" in page
        assert '|1"' not in page

    @pytest.mark.parametrize("demande", ["bancaire-1|7", "bancaire-1|x", "n’importe quoi"])
    def test_une_proposition_inconnue_se_dit(self, demande, connecte, referent, avec_modele, adresse):
        reponse = connecte(referent).post(adresse, {**COCHEES, "reprendre": demande}, follow=True)
        assert "n’existe plus dans le modèle" in reponse.content.decode()

    def test_une_proposition_vide_ne_remplit_rien_et_le_dit(
        self, connecte, referent, avec_modele, adresse, lignes
    ):
        client = connecte(referent)
        page = client.post(adresse, {**COCHEES, "reprendre": "bancaire-1|1"}, follow=True).content.decode()
        assert lignes(avec_modele)[1].duree.unite == ""
        assert "rien n’a changé" in page

    def test_un_conflit_n_annonce_pas_des_lignes_remplies(
        self, connecte, referent, dpd, avec_modele, adresse, lignes, maintenant
    ):
        lue = avec_modele.revision
        actions.enregistrer_contenu(
            version=avec_modele,
            fiche=replace(fiche_de(avec_modele), nom="Version du DPD"),
            auteur=dpd,
            maintenant=maintenant,
            raison="x",
        )
        donnees = {**COCHEES, "reprendre": "*|0", "revision": lue}
        reponse = connecte(referent).post(adresse, donnees)
        assert reponse.status_code == 409
        assert "d’après le modèle" not in reponse.content.decode()
        assert durees(lignes(avec_modele))["identite"] is None


class TestFamilles:
    """Trente-huit catégories, rangées."""

    @pytest.fixture
    def ouvrir(self, connecte, referent, adresse):
        return lambda: connecte(referent).get(adresse)

    def test_une_fiche_vide_montre_les_familles_la_premiere_ouverte(self, ouvrir, brouillon):
        page = ouvrir()
        familles = page.context["saisie"].familles
        assert [f.famille for f in familles] == list(FAMILLES)
        assert [f.ouverte for f in familles] == [True, *[False] * (len(FAMILLES) - 1)]
        texte = page.content.decode()
        assert texte.count('<details class="famille"') == len(FAMILLES)
        assert len(re.findall(r'name="d-[a-z-]+-1-coche"', texte)) == 38

    def test_les_cochees_sont_en_tete_et_quittent_leur_famille(self, ouvrir, complete):
        saisie = ouvrir().context["saisie"]
        assert [carte.code for carte in saisie.cartes.affichees] == ["identite", "sante"]
        rangees = [carte.code for f in saisie.familles for carte in f.cartes]
        assert len(rangees) == 36
        assert not {"identite", "sante"} & set(rangees)
        assert not any(f.ouverte for f in saisie.familles)
        assert saisie.familles[0].apercu.startswith("les coordonnées, les pièces d’identité")

    def test_les_donnees_du_modele_suivent_meme_decochees(
        self, ouvrir, connecte, referent, avec_modele, adresse
    ):
        connecte(referent).post(adresse, {"d-bancaire-1-coche": "on"})
        page = ouvrir()
        saisie = page.context["saisie"]
        assert [carte.code for carte in saisie.cartes.affichees] == ["bancaire"]
        assert {carte.code for carte in saisie.proposees} == set(CANTINE) - {"bancaire"}
        assert not set(CANTINE) & {carte.code for f in saisie.familles for carte in f.cartes}
        assert "Le modèle propose aussi" in page.content.decode()

    def test_une_famille_epuisee_ne_se_montre_plus(self, ouvrir, connecte, referent, brouillon, adresse):
        connecte(referent).post(adresse, {f"d-{c}-1-coche": "on" for c in FAMILLES[2].categories})
        assert FAMILLES[2] not in [f.famille for f in ouvrir().context["saisie"].familles]


class TestSecondeLigne:
    """Deux durées pour un même genre de données."""

    BASE = {
        "d-identite-1-coche": "on",
        "d-identite-1-description": "Enfants",
        "d-bancaire-1-coche": "on",
        "d-bancaire-1-description": "RIB",
    }
    PARENTS = {"d-identite-2-coche": "on", "d-identite-2-description": "Parents"}

    def ouvrir(self, client, reponse):
        return client.get(reponse.url.partition("#")[0])

    def test_elle_suit_la_premiere_et_l_ancre_y_mene(self, connecte, referent, brouillon, adresse):
        client = connecte(referent)
        reponse = client.post(adresse, {**self.BASE, "ajouter": "identite"})
        assert reponse.url == f"{adresse}?ajouter=identite#d-identite-2"
        page = self.ouvrir(client, reponse)
        assert [carte.ancre for carte in page.context["saisie"].cartes.affichees] == [
            "d-identite",
            "d-identite-2",
            "d-bancaire",
        ]
        texte = page.content.decode()
        assert 'id="d-identite-2" tabindex="-1"' in texte  # un élément visé par l’ancre prend le focus
        assert 'name="d-identite-2-coche"' in texte

    def test_elle_est_enregistree_a_sa_place(self, connecte, referent, brouillon, adresse, lignes):
        client = connecte(referent)
        client.post(adresse, self.BASE)
        client.post(adresse, {**self.BASE, **self.PARENTS})
        assert [ligne.description for ligne in lignes(brouillon)] == ["Enfants", "Parents", "RIB"]
        client.post(adresse, {**self.PARENTS, "d-bancaire-1-coche": "on"})
        assert [ligne.description for ligne in lignes(brouillon)] == ["Parents", ""]

    def test_une_troisieme_suit_la_deuxieme(self, connecte, referent, brouillon, adresse):
        client = connecte(referent)
        reponse = client.post(adresse, {**self.BASE, **self.PARENTS, "ajouter": "identite"})
        assert reponse.url.endswith("#d-identite-3")
        affichees = self.ouvrir(client, reponse).context["saisie"].cartes.affichees
        assert [carte.ancre for carte in affichees][:3] == ["d-identite", "d-identite-2", "d-identite-3"]

    def test_des_lignes_ecartees_se_suivent_a_l_ecran_sans_changer_la_fiche(
        self, connecte, referent, brouillon, adresse, lignes, maintenant
    ):
        eparses = tuple(LigneDonnees(c, description=d) for c, d in (("identite", "A"), ("sante", "B")) * 2)
        actions.enregistrer_contenu(
            version=brouillon,
            fiche=replace(fiche_de(brouillon), donnees=eparses),
            auteur=referent,
            maintenant=maintenant,
            raison="Import",
        )
        client = connecte(referent)
        affichees = client.get(adresse).context["saisie"].cartes.affichees
        assert [carte.ancre for carte in affichees] == ["d-identite", "d-identite-2", "d-sante", "d-sante-2"]
        donnees = {f"d-{c}-{rang}-coche": "on" for c in ("identite", "sante") for rang in (1, 2)}
        donnees |= {f"d-identite-{rang}-description": "A" for rang in (1, 2)}
        donnees |= {f"d-sante-{rang}-description": "B" for rang in (1, 2)}
        client.post(adresse, donnees)
        assert lignes(brouillon) == eparses

    @pytest.mark.parametrize("ajout", ["inconnue", "", "identite#d-sante", "identite\r\nX: y"])
    def test_un_genre_inconnu_n_ajoute_rien(self, ajout, connecte, referent, brouillon, adresse):
        assert connecte(referent).post(adresse, {**self.BASE, "ajouter": ajout}).url == adresse

    def test_au_dela_de_vingt_lignes_on_regroupe(self, connecte, referent, brouillon, adresse):
        vingt = {f"d-identite-{rang}-coche": "on" for rang in range(1, 21)}
        reponse = connecte(referent).post(adresse, {**vingt, "ajouter": "identite"})
        assert reponse.url == f"{adresse}#d-identite-20"
