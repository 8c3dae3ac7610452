"""Exporter le registre, une fiche ou un choix de fiches : qui le peut, et ce qui part."""

import json
from dataclasses import replace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.http import content_disposition_header

from dpd.accompagnement.models import Reserve
from dpd.comptes.models import JournalAcces
from dpd.documents.lecteur import lire
from dpd.documents.reponse import FORMATS
from registre import actions
from registre.models import VersionTraitement
from tests.registre.regles.fiches import CANTINE

pytestmark = pytest.mark.django_db
REQUETES_AU_PLUS = 12  # session, droits, journal et contenu compris


@pytest.fixture(autouse=True)
def _le_23_novembre(time_machine, maintenant):
    time_machine.move_to(maintenant, tick=False)


@pytest.fixture
def registre_de(collectivite, referent, maintenant):
    """Ajoute tant de fiches au registre."""

    def _remplir(nombre):
        fiches = [(replace(CANTINE, nom=f"Fiche {rang:03}"), None) for rang in range(nombre)]
        return actions.creer_fiches(
            collectivite=collectivite, fiches=fiches, auteur=referent, maintenant=maintenant, raison="Essai"
        )

    return _remplir


def contenu(reponse) -> bytes:
    return b"".join(reponse.streaming_content) if reponse.streaming else reponse.content


def adresse(collectivite, format, **parametres):
    return reverse("registre:exporter", args=[collectivite.siren, format], query=parametres)


@pytest.mark.parametrize("format", FORMATS)
def test_le_referent_exporte_dans_chaque_format(connecte, referent, complete, collectivite, format):
    reponse = connecte(referent).get(adresse(collectivite, format))
    assert reponse.status_code == 200
    assert reponse["Content-Disposition"] == content_disposition_header(
        as_attachment=True, filename=f"registre-montpezat-de-quercy-2026-11-23.{format}"
    )
    assert contenu(reponse)


@pytest.mark.parametrize("vue", ["exporter", "exporter_fiche"])
def test_qui_peut_exporter(connecte, client, complete, collectivite, lecteur, gestionnaire, etranger, vue):
    arguments = [collectivite.siren, "json"] if vue == "exporter" else [collectivite.siren, 1, "json"]
    page = reverse(f"registre:{vue}", args=arguments)
    assert client.get(page).status_code == 302
    assert connecte(lecteur).get(page).status_code == 200
    assert connecte(gestionnaire).get(page).status_code == 403
    assert connecte(etranger).get(page).status_code == 404


def test_un_format_inconnu_n_est_pas_trouve_et_ne_laisse_aucune_trace(
    connecte, referent, complete, collectivite
):
    assert connecte(referent).get(adresse(collectivite, "exe")).status_code == 404
    page = reverse("registre:exporter_fiche", args=[collectivite.siren, 1, "exe"])
    assert connecte(referent).get(page).status_code == 404
    assert not JournalAcces.objects.exists()


def test_la_fiche_d_une_autre_collectivite_n_est_pas_trouvee(connecte, dpd, complete, voisine):
    page = reverse("registre:exporter_fiche", args=[voisine.siren, 1, "pdf"])
    assert connecte(dpd).get(page).status_code == 404


def test_chaque_export_est_consigne(connecte, lecteur, complete, collectivite):
    connecte(lecteur).get(adresse(collectivite, "pdf", communicable=1))
    connecte(lecteur).get(reverse("registre:exporter_fiche", args=[collectivite.siren, 1, "ods"]))
    details = list(JournalAcces.objects.order_by("pk").values_list("nature", "detail", "utilisateur"))
    assert details == [
        ("export", "registre, 1\u00a0fiche, PDF, version communicable", lecteur.pk),
        ("export", "fiche n°\u00a01, Tableur ODS", lecteur.pk),
    ]


def test_deux_exports_au_meme_instant_donnent_les_memes_octets(
    connecte, referent, lecteur, adoptee, collectivite
):
    for format in FORMATS:
        premier = contenu(connecte(referent).get(adresse(collectivite, format)))
        assert premier == contenu(connecte(lecteur).get(adresse(collectivite, format)))


def mesurer(client, *envois) -> list[int]:
    """Le nombre de requêtes de chaque envoi, jusqu’au dernier octet."""
    nombres = []
    for envoyer, *arguments in envois:
        with CaptureQueriesContext(connection) as requetes:
            assert contenu(envoyer(*arguments))
        nombres.append(len(requetes))
    return nombres


@pytest.mark.parametrize("format", FORMATS)
def test_le_nombre_de_requetes_ne_depend_pas_du_nombre_de_fiches(
    connecte, referent, collectivite, registre_de, format
):
    client, nombres = connecte(referent), []
    client.get(reverse("registre:liste", args=[collectivite.siren]))  # la session est ouverte
    groupe = reverse("registre:groupe", args=[collectivite.siren])
    choix = {"geste": format, "fiches": [str(rang) for rang in range(1, 201)]}
    for ajoutees in (10, 190):
        registre_de(ajoutees)
        nombres.append(
            mesurer(
                client,
                (client.get, adresse(collectivite, format)),
                (client.get, adresse(collectivite, format, communicable=1)),
                (client.post, groupe, choix),
            )
        )
    assert nombres[0] == nombres[1]
    assert max(nombres[1]) <= REQUETES_AU_PLUS


def test_le_nombre_de_requetes_d_une_fiche_ne_depend_pas_du_nombre_de_reserves(
    connecte, referent, dpd, adoptee, collectivite, maintenant
):
    client, nombres = connecte(referent), []
    client.get(reverse("registre:liste", args=[collectivite.siren]))
    pages = [reverse("registre:exporter_fiche", args=[collectivite.siren, 1, f]) for f in FORMATS]
    for rangs in (range(10, 20), range(20, 210)):
        reserves = [
            Reserve(collectivite=collectivite, avis=adoptee.avis, ordre=r, texte=f"Réserve {r}")
            for r in rangs
        ]
        Reserve.objects.creer_en_masse(reserves, auteur=dpd, maintenant=maintenant, raison="Essai")
        nombres.append(mesurer(client, *((client.get, page) for page in pages)))
    assert nombres[0] == nombres[1]
    assert max(nombres[1]) <= REQUETES_AU_PLUS


def test_un_registre_vide_s_exporte_quand_meme(connecte, referent, collectivite):
    for format in FORMATS:
        assert contenu(connecte(referent).get(adresse(collectivite, format)))


def test_la_version_affichee_d_une_fiche_est_exportee(connecte, referent, adoptee, collectivite, maintenant):
    actions.modifier(version=adoptee, auteur=referent, maintenant=maintenant)
    page = reverse("registre:exporter_fiche", args=[collectivite.siren, 1, "json"])
    export = json.loads(contenu(connecte(referent).get(page)))
    assert [(e["version"], e["etat"]) for e in export["enregistrements"]] == [(2, "brouillon")]
    tout = json.loads(contenu(connecte(referent).get(adresse(collectivite, "json"))))
    assert [(e["version"], e["etat"]) for e in tout["enregistrements"]] == [(1, "adoptee")]


class TestGroupe:
    """Les fiches cochées dans la liste."""

    @pytest.fixture
    def poster(self, connecte, referent, collectivite):
        def _poster(geste, *fiches, personne=referent):
            page = reverse("registre:groupe", args=[collectivite.siren])
            return connecte(personne).post(page, {"geste": geste, "fiches": fiches}, follow=True)

        return _poster

    def phrases(self, reponse):
        return [str(message) for message in reponse.context["messages"]]

    def test_la_selection_seule_est_exportee(self, poster, registre_de):
        registre_de(4)
        reponse = poster("json", "2", "4", "999", "x", "-1", "²")
        assert "selection-montpezat-de-quercy-2026-11-23.json" in reponse["Content-Disposition"]
        export = json.loads(contenu(reponse))
        assert [e["reference"] for e in export["enregistrements"]] == [2, 4]
        assert export["document"]["nature"] == "Extrait, 2\u00a0fiches choisies"

    def test_le_classeur_choisi_a_une_ligne_par_fiche(self, poster, registre_de):
        registre_de(3)
        classeur = lire("x.xlsx", contenu(poster("xlsx", "1", "3")))
        assert [feuille.nom for feuille in classeur.feuilles][:3] == ["À propos", "Registre", "Finalités"]
        assert [ligne[0] for ligne in classeur.feuilles[1].lignes] == ["N°", "1", "3"]

    @pytest.mark.parametrize("geste", ["pdf", "transmettre", "relire"])
    def test_rien_de_coche_se_dit_pres_des_gestes(self, poster, complete, collectivite, geste):
        reponse = poster(geste)
        liste = reverse("registre:liste", args=[collectivite.siren])
        assert reponse.redirect_chain == [(f"{liste}?rien=1#agir", 302)]
        page = reponse.content.decode()
        bloc = page[page.index('id="agir" tabindex="-1"') :]
        assert "Rien n’est coché" in bloc
        assert 'aria-describedby="agir-refus"' in bloc

    @pytest.mark.parametrize(("fiches", "suite"), [((), "&rien=2#agir"), (("77",), "")])
    def test_un_refus_garde_les_filtres_et_la_page(self, connecte, referent, collectivite, fiches, suite):
        page = reverse("registre:groupe", args=[collectivite.siren])
        parametres = "q=paie&tri=-date&page=2"
        reponse = connecte(referent).post(f"{page}?{parametres}&intrus=1", {"geste": "pdf", "fiches": fiches})
        liste = reverse("registre:liste", args=[collectivite.siren])
        assert reponse.url == f"{liste}?{parametres}{suite}"

    def test_un_geste_inconnu_se_dit(self, poster, complete):
        assert self.phrases(poster("supprimer", "1")) == ["Choisissez un geste dans la liste."]

    @pytest.mark.parametrize("geste", ["pdf", "transmettre", "relire"])
    def test_les_fiches_d_ailleurs_sont_ignorees(self, poster, complete, geste):
        assert self.phrases(poster(geste, "77")) == ["Aucune de ces fiches n’est dans ce registre."]

    def test_transmettre_les_brouillons_et_dire_le_reste(self, poster, registre_de, adoptee):
        registre_de(2)
        reponse = poster("transmettre", "1", "2", "3")
        assert self.phrases(reponse) == [
            "2\u00a0fiches transmises à votre DPD.",
            "1\u00a0fiche n’était pas un brouillon\u00a0: rien n’a changé.",
        ]
        etats = VersionTraitement.objects.order_by("traitement__reference").values_list("etat", flat=True)
        assert list(etats) == ["adoptee", "transmise", "transmise"]

    def test_relire_les_adoptees_et_dire_le_reste(self, poster, registre_de, adoptee, maintenant):
        registre_de(1)
        reponse = poster("relire", "1", "2")
        assert self.phrases(reponse) == [
            "1\u00a0fiche relue. Prochaine relecture dans un an.",
            "1\u00a0fiche n’est pas adoptée\u00a0: seule une fiche adoptée se relit.",
        ]
        adoptee.refresh_from_db()
        assert adoptee.relue_le == maintenant

    def test_une_fiche_changee_entre_temps_est_comptee_a_part(self, poster, registre_de, monkeypatch):
        registre_de(1)

        def devancee(**_):
            raise actions.TransitionInterdite("Cette version est transmise au DPD.")

        monkeypatch.setattr("registre.views.exports.actions.transmettre", devancee)
        phrase = "1\u00a0fiche n’était pas un brouillon\u00a0: rien n’a changé."
        assert self.phrases(poster("transmettre", "1")) == [phrase]

    def test_le_lecteur_exporte_mais_ne_transmet_pas(self, poster, complete, lecteur):
        assert poster("json", "1", personne=lecteur).status_code == 200
        assert poster("transmettre", "1", personne=lecteur).status_code == 403
        assert poster("relire", "1", personne=lecteur).status_code == 403

    def test_qui_n_a_rien_a_faire_ici_n_entre_pas(
        self, poster, client, complete, collectivite, gestionnaire, etranger
    ):
        page = reverse("registre:groupe", args=[collectivite.siren])
        assert client.post(page, {"geste": "pdf", "fiches": "1"}).status_code == 302
        assert poster("pdf", "1", personne=gestionnaire).status_code == 403
        assert poster("pdf", "1", personne=etranger).status_code == 404
        assert client.get(page).status_code == 405
