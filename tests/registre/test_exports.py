"""Ce que disent les exports du registre : une seule définition, cinq formats."""

import gc
import json
import weakref
from dataclasses import replace
from io import BytesIO

import pikepdf
import pytest

from dpd.documents.lecteur import lire
from dpd.documents.modele import Alerte, AvisDecision, Paires, Tableau
from dpd.documents.reponse import FORMATS
from registre import actions
from registre.ecriture import fiche_de
from registre.exports import fiche_art30, registre_art30, versions_choisies, versions_du_registre
from registre.exports.champs import RUBRIQUES, SIMPLES
from registre.exports.fiche_pdf import mettre_en_page
from registre.exports.lecture import PAR_PAQUET
from registre.models import ModeleTraitement, VersionModele, VersionTraitement
from registre.regles.contenu import Duree, Fiche, LigneDonnees, LigneTransfert, en_dict
from tests.documents.lecture_pdf import Arbre
from tests.registre.exemples_exports import ORGANISME, exportee
from tests.registre.regles.fiches import CANTINE

HOSTILES = ("=cmd()", "-2+3", "@x", "+33 5 63")


def en_octets(document, format) -> bytes:
    sortie = BytesIO()
    FORMATS[format].ecrire(document, sortie)
    return sortie.getvalue()


def texte_du_pdf(octets: bytes) -> str:
    with pikepdf.open(BytesIO(octets)) as pdf:
        return "\n".join(texte for _, _, texte, _ in Arbre(pdf).noeuds)


def section(page, titre):
    return next(section for section in page.sections if section.titre == titre)


class TestSelection:
    pytestmark = pytest.mark.django_db

    def etats(self, requete):
        return [(v.traitement.reference, v.numero, v.etat) for v in requete]

    def test_l_adoptee_vaut_tant_que_la_suivante_se_prepare(
        self, adoptee, collectivite, referent, maintenant
    ):
        actions.modifier(version=adoptee, auteur=referent, maintenant=maintenant)
        assert self.etats(versions_du_registre(collectivite)) == [(1, 1, "adoptee")]

    def test_a_defaut_d_adoptee_celle_qui_se_prepare_est_marquee_comme_telle(self, transmise, collectivite):
        assert self.etats(versions_du_registre(collectivite)) == [(1, 1, "transmise")]

    def test_les_retirees_et_les_abrogees_n_y_sont_pas(
        self, adoptee, collectivite, referent, decideur, maintenant
    ):
        autre = actions.creer(collectivite=collectivite, nom="Erreur", auteur=referent, maintenant=maintenant)
        actions.retirer_brouillon(version=autre, auteur=referent, maintenant=maintenant)
        actions.abroger(version=adoptee, motif="Service fermé", auteur=decideur, maintenant=maintenant)
        assert self.etats(versions_du_registre(collectivite)) == []
        assert self.etats(versions_du_registre(collectivite, abrogees=True)) == [(1, 1, "abrogee")]
        assert self.etats(versions_choisies(collectivite, {1, 2})) == [(1, 1, "abrogee")]

    def test_chaque_collectivite_n_a_que_ses_fiches(self, complete, voisine):
        assert self.etats(versions_choisies(voisine, {1})) == []


class TestDocument:
    pytestmark = pytest.mark.django_db

    @pytest.fixture
    def document(self, adoptee, collectivite, maintenant):
        return registre_art30(collectivite, versions_du_registre(collectivite), maintenant=maintenant)

    def test_l_entete_dit_qui_quoi_et_quand(self, document):
        entete = document.entete
        assert (entete.organisme, entete.siren) == ("Commune de Montpezat-de-Quercy", "218201317")
        assert (entete.responsable, entete.dpd) == ("Bernard Lacaze, maire", "Nadège Roucoules")
        assert entete.nature == "Extrait intégral"
        assert entete.edite_le.isoformat() == "2026-11-23T09:40:00+01:00"
        assert entete.version == (
            "1\u00a0fiche, dernière modification le 23\u00a0nov. 2026, 9\u00a0h\u00a040"
        )
        assert document.sommaire == ("Cantine et garderie",)

    def test_l_heure_est_celle_de_la_collectivite(self, complete, collectivite, maintenant):
        collectivite.territoire = "guyane"
        document = registre_art30(collectivite, versions_du_registre(collectivite), maintenant=maintenant)
        assert document.entete.edite_le.isoformat() == "2026-11-23T05:40:00-03:00"

    def test_l_empreinte_change_avec_le_contenu_et_pas_avec_l_heure(
        self, brouillon, collectivite, referent, maintenant
    ):
        def empreinte(instant=maintenant):
            requete = versions_du_registre(collectivite)
            return registre_art30(collectivite, requete, maintenant=instant).entete.empreinte

        avant = empreinte()
        assert avant == empreinte(maintenant.replace(hour=17))
        fiche = replace(fiche_de(brouillon), service="Écoles")
        actions.enregistrer_contenu(
            version=brouillon, fiche=fiche, auteur=referent, maintenant=maintenant, raison="Saisie"
        )
        assert empreinte() != avant

    @pytest.mark.parametrize("format", FORMATS)
    def test_l_empreinte_est_dans_chaque_format(self, adoptee, collectivite, maintenant, format):
        requete = versions_du_registre(collectivite)
        document = registre_art30(collectivite, requete, maintenant=maintenant, format=format)
        octets = en_octets(document, format)
        if format in ("ods", "xlsx"):
            (valeur,) = [
                ligne[1]
                for ligne in lire(f"r.{format}", octets).feuilles[0].lignes
                if "Empreinte" in ligne[0]
            ]
        else:
            valeur = octets.decode("latin-1")
        assert document.entete.empreinte in valeur

    def test_l_empreinte_d_une_fiche_seule_est_celle_de_son_contenu(self, adoptee, collectivite, maintenant):
        document = fiche_art30(collectivite, adoptee, maintenant=maintenant)
        assert document.entete.empreinte == adoptee.empreinte
        assert document.sommaire == ()
        assert "Fiche n°\u00a01, version 1" in document.entete.version

    def test_trois_requetes_quel_que_soit_le_nombre_de_fiches_et_de_lectures(
        self, collectivite, referent, maintenant, django_assert_num_queries
    ):
        fiches = [(replace(CANTINE, nom=f"Fiche {rang}"), None) for rang in range(30)]
        actions.creer_fiches(
            collectivite=collectivite, fiches=fiches, auteur=referent, maintenant=maintenant, raison="Essai"
        )
        with django_assert_num_queries(3):
            document = registre_art30(collectivite, versions_du_registre(collectivite), maintenant=maintenant)
            for format in FORMATS:
                en_octets(document, format)
            assert [page.titre for page in document.fiches()] == list(document.sommaire)

    def test_un_registre_releve_sans_son_histoire_ne_s_imprime_pas(self, collectivite, maintenant):
        requete = versions_du_registre(collectivite)
        document = registre_art30(collectivite, requete, maintenant=maintenant, format="ods")
        with pytest.raises(ValueError, match="sans son histoire"):
            document.fiches()
        imprime = registre_art30(collectivite, requete, maintenant=maintenant, format="ods", imprime=True)
        assert list(imprime.fiches()) == []

    def test_jamais_plus_d_un_paquet_de_versions_en_memoire(
        self, collectivite, referent, maintenant, monkeypatch
    ):
        fiches = [(replace(CANTINE, nom=f"Fiche {rang}"), None) for rang in range(PAR_PAQUET + 60)]
        actions.creer_fiches(
            collectivite=collectivite, fiches=fiches, auteur=referent, maintenant=maintenant, raison="Essai"
        )
        vivantes, comptes, lire_de_la_base = weakref.WeakSet(), [], VersionTraitement.from_db.__func__

        def suivie(classe, db, noms, valeurs):
            version = lire_de_la_base(classe, db, noms, valeurs)
            vivantes.add(version)
            comptes.append(len(vivantes))
            return version

        monkeypatch.setattr(VersionTraitement, "from_db", classmethod(suivie))
        gc.collect()
        document = registre_art30(collectivite, versions_du_registre(collectivite), maintenant=maintenant)
        assert len(comptes) == len(fiches)  # le résumé des versions ; le contenu se lit sans objet
        assert max(comptes) <= PAR_PAQUET + 1

        lues = []
        monkeypatch.setattr(
            "registre.exports.registre.mettre_en_page",
            lambda fiche, organisme, seule: (
                lues.append(fiche) or mettre_en_page(fiche, organisme, seule=seule)
            ),
        )
        pages = document.fiches()
        next(pages)
        assert len(lues) == 1

    def test_les_enregistrements_portent_tout_le_contenu(self, adoptee, document):
        export = json.loads(en_octets(document, "json"))
        (enregistrement,) = export["enregistrements"]
        assert enregistrement["contenu"] == adoptee.contenu
        assert enregistrement["adoptee_le"] == "2026-11-23T09:40:00+01:00"
        assert enregistrement["empreinte"] == adoptee.empreinte
        assert export["document"]["meta"] == {"schema": "registre-art30/1"}


class TestFiche:
    """La mise en page d’une fiche ; sans base de données."""

    def test_les_sections_suivent_l_article_30(self):
        page = mettre_en_page(exportee(CANTINE), ORGANISME)
        assert [(s.repere, s.titre) for s in page.sections] == [
            ("a", "Responsable et contacts"),
            ("b", "Finalités"),
            ("c", "Personnes concernées"),
            ("f", "Données (c) et durées de conservation (f)"),
            ("d", "Destinataires"),
            ("e", "Transferts hors de l’Union européenne"),
            ("g", "Mesures de sécurité"),
            ("", "Information et droits des personnes"),
            ("", "Décision automatisée"),
            ("", "Analyse d’impact"),
            ("", "Avis et décision"),
            ("", "Versions"),
        ]
        assert dict(page.cartouche) == {
            "Fiche": "n°\u00a01, version 1",
            "État": "Brouillon, non adopté",
            "Dernière modification": "23\u00a0nov. 2026",
            "Éléments obligatoires": "7 sur 7",
        }
        assert not any(s.manque for s in page.sections)

    def test_le_responsable_est_nomme_avec_son_representant(self):
        (paires,) = section(mettre_en_page(exportee(CANTINE), ORGANISME), "Responsable et contacts").blocs
        assert isinstance(paires, Paires)
        assert paires.lignes[0] == (
            "Responsable de traitement",
            "Commune de Montpezat-de-Quercy, représentée par Bernard Lacaze, maire\n"
            "Mairie, 82270 Montpezat-de-Quercy",
        )

    def test_un_manque_est_nomme_dans_sa_section(self):
        fiche = replace(CANTINE, donnees=(*CANTINE.donnees, LigneDonnees("patrimoine")))
        page = mettre_en_page(exportee(fiche), ORGANISME)
        donnees = section(page, "Données (c) et durées de conservation (f)")
        assert donnees.manque
        assert donnees.blocs[-1] == Alerte(
            "À compléter avant adoption\u00a0: combien de temps vous gardez les biens et "
            "ce que vous en faites ensuite."
        )
        assert dict(page.cartouche)["Éléments obligatoires"] == "6 sur 7 (manque f)"

    def test_une_fiche_vide_nomme_tout_ce_qui_manque(self):
        page = mettre_en_page(exportee(Fiche(nom="Vide")), ORGANISME)
        assert "".join(s.repere for s in page.sections if s.manque) == "abcfdeg"
        assert dict(page.cartouche)["Éléments obligatoires"] == "0 sur 7 (manque a, b, c, d, e, f et g)"

    def test_ce_qu_on_ne_sait_pas_n_est_pas_ce_qui_manque(self):
        inconnue = LigneDonnees(
            "nir", "", Duree(inconnue=True), "10 ans", "", "", "art. 2, A", "CPAM", sort_inconnu=True
        )
        page = mettre_en_page(
            exportee(replace(CANTINE, donnees=(inconnue, LigneDonnees("sante")))), ORGANISME
        )
        tableau = section(page, "Données (c) et durées de conservation (f)").blocs[0]
        assert isinstance(tableau, Tableau)
        assert tableau.lignes == (
            (
                "Numéro de sécurité sociale (NIR)\nDécret n°\u00a02019-341\u00a0: art. 2, A\n"
                "Source\u00a0: CPAM",
                "À déterminer, question posée au DPD\nArchivage\u00a0: 10 ans",
                "À déterminer, question posée au DPD",
            ),
            (
                "Santé, handicap, aptitude, vaccination, PAI\nDonnée sensible\u00a0: exception à préciser",
                "À préciser",
                "À préciser",
            ),
        )

    def test_les_transferts_sont_detailles(self):
        fiche = replace(
            CANTINE, transferts_reponse="oui", transferts=(LigneTransfert("Nuage SA", "US", "cct", ""),)
        )
        tableau = section(
            mettre_en_page(exportee(fiche), ORGANISME), "Transferts hors de l’Union européenne"
        ).blocs[0]
        assert tableau.lignes == (
            ("Nuage SA", "États-Unis", "Clauses contractuelles types 2021/914 (art. 46-2 c)", "–"),
        )


class TestAvisEtDecision:
    pytestmark = pytest.mark.django_db

    def bloc(self, collectivite, version, maintenant):
        (page,) = fiche_art30(collectivite, version, maintenant=maintenant).fiches()
        return section(page, "Avis et décision").blocs[0], section(page, "Versions").blocs[0]

    def test_le_conseil_d_un_cote_la_decision_de_l_autre(self, adoptee, collectivite, maintenant):
        bloc, versions = self.bloc(collectivite, adoptee, maintenant)
        assert bloc == AvisDecision(
            (
                "Le DPD conseille",
                "Nadège Roucoules, 23\u00a0nov. 2026, sur la version 1",
                "Favorable avec réserves, 1\u00a0réserve.",
                "Bien.",
                "1. Liste séparée",
            ),
            (
                "Le responsable de traitement décide",
                "Bernard Lacaze, 23\u00a0nov. 2026",
                "Version 1 adoptée, avis suivi.",
            ),
        )
        assert versions.lignes == (("1", "23\u00a0nov. 2026", "Adoptée par Bernard Lacaze"),)

    def test_un_brouillon_rappelle_ce_qui_vaut(self, adoptee, collectivite, referent, maintenant):
        brouillon = actions.modifier(version=adoptee, auteur=referent, maintenant=maintenant)
        bloc, versions = self.bloc(collectivite, brouillon, maintenant)
        assert bloc.decision[2] == "Version 1 adoptée, avis suivi. La version 2 n’est pas encore adoptée."
        assert [ligne[2] for ligne in versions.lignes] == [
            "Brouillon, non adopté",
            "Adoptée par Bernard Lacaze",
        ]

    def test_rien_n_est_encore_dit(self, transmise, collectivite, maintenant):
        bloc, versions = self.bloc(collectivite, transmise, maintenant)
        assert bloc.avis[1:] == ("Avis demandé, pas encore rendu.",)
        assert bloc.decision[1:] == ("Décision à venir.",)
        assert versions.lignes[0][2] == "Transmise au DPD, non adoptée"

    def test_une_fiche_abrogee_dit_pourquoi(self, adoptee, collectivite, decideur, maintenant):
        abrogee = actions.abroger(version=adoptee, motif="Fermé", auteur=decideur, maintenant=maintenant)
        bloc, versions = self.bloc(collectivite, abrogee, maintenant)
        assert bloc.decision[3:] == ("Abrogée le 23\u00a0nov. 2026.", "Motif\u00a0: Fermé")
        assert versions.lignes[0][2] == "Adoptée par Bernard Lacaze, abrogée depuis"

    def test_la_premiere_version_dit_de_quel_modele_elle_vient(self, collectivite, referent, maintenant):
        base = ModeleTraitement.objects.create(code="paie", domaine="RH", entites="|commune|")
        modele = VersionModele.objects.create(
            modele=base, numero=1, nom="Paie", contenu=en_dict(Fiche(nom="Paie"))
        )
        (version,) = actions.creer_depuis_modeles(
            collectivite=collectivite, versions=[modele], auteur=referent, maintenant=maintenant
        )
        _, versions = self.bloc(collectivite, version, maintenant)
        assert versions.lignes[0][2] == ("Brouillon, non adopté, créée depuis le modèle «\u00a0Paie\u00a0»")


class TestCellules:
    pytestmark = pytest.mark.django_db

    @pytest.mark.parametrize("format", ["csv", "xlsx", "ods"])
    def test_aucune_cellule_n_est_une_formule(self, collectivite, referent, maintenant, format):
        fiches = [(Fiche(nom=nom, service=nom), None) for nom in HOSTILES]
        actions.creer_fiches(
            collectivite=collectivite, fiches=fiches, auteur=referent, maintenant=maintenant, raison="Essai"
        )
        requete = versions_du_registre(collectivite)
        document = registre_art30(collectivite, requete, maintenant=maintenant, format=format)
        octets = en_octets(document, format)
        if format == "csv":
            lignes = octets.decode("utf-8-sig").splitlines()
            assert [ligne.split(";")[1] for ligne in lignes if ligne[:1].isdigit()] == [
                f"'{nom}" for nom in HOSTILES
            ]
            return
        feuilles = {feuille.nom: feuille for feuille in lire(f"r.{format}", octets).feuilles}
        feuille, colonne = ("Registre", 1) if format == "xlsx" else ("Liste des traitements", 0)
        lus = [ligne[colonne] for ligne in feuilles[feuille].lignes]
        assert [nom for nom in lus if nom in HOSTILES] == list(HOSTILES)
        assert b"<f>" not in octets
        assert b"table:formula" not in octets

    def test_le_pdf_porte_signets_titre_et_pages_de_chaque_fiche(self, adoptee, collectivite, maintenant):
        document = registre_art30(collectivite, versions_du_registre(collectivite), maintenant=maintenant)
        octets = en_octets(document, "pdf")
        with pikepdf.open(BytesIO(octets)) as pdf, pdf.open_outline() as plan:
            assert [signet.title for signet in plan.root][-1] == "Cantine et garderie"
            assert str(pdf.docinfo["/Title"]) == document.entete.titre
        assert "Mesures de sécurité" in texte_du_pdf(octets)


def test_les_colonnes_portent_toute_la_fiche_sauf_le_responsable():
    contenu = en_dict(Fiche())
    listes = {rubrique.cle for rubrique in RUBRIQUES}
    simples = {champ.chemin for champ in SIMPLES}
    assert listes | simples | {"nom", "responsable"} == set(contenu)
    for rubrique in RUBRIQUES:
        attendus = en_dict(replace(CANTINE, **{rubrique.cle: (rubrique.classe(),)}))[rubrique.cle][0]
        duree = {f"duree.{cle}" for cle in attendus.pop("duree", {})}
        assert {champ.chemin for champ in rubrique.champs} == set(attendus) | duree
