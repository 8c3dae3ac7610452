"""Les lieux d’hébergement datés : tout changement prévient chaque responsable servi, une seule fois."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from dpd.messagerie.models import Message
from subtraitance.actions import hebergement as actions
from subtraitance.models import LieuHebergement
from tests.conftest import creer_collectivite
from tests.subtraitance.fabriques_s1 import (
    JOUR,
    LUNDI,
    activite_d_essai,
    communes,
    lieu_d_essai,
    servir,
    texte,
)

pytestmark = pytest.mark.django_db
NATURE = "subtraitance.hebergement_change"


@pytest.fixture(autouse=True)
def _ce_jour_la(time_machine, maintenant):
    time_machine.move_to(maintenant, tick=False)


@pytest.fixture
def servies(structure, dpd, collectivite, voisine):
    """Deux activités : Montpezat est servie deux fois, Septfonds une."""
    premiere, seconde = (activite_d_essai(structure, dpd, nom) for nom in ("Une", "Deux"))
    servir(premiere, dpd, collectivite, voisine)
    servir(seconde, dpd, collectivite)
    return [collectivite, voisine]


def ajouter(structure, auteur, **champs):
    defauts = {"hebergeur": "Agence", "adresse": "Moulins", "pays": "FR", "depuis": JOUR}
    return actions.ajouter_lieu(structure=structure, auteur=auteur, maintenant=LUNDI, **{**defauts, **champs})


def courriels():
    return Message.objects.filter(nature=NATURE).order_by("collectivite__nom", "destinataire")


def refus(action, **arguments):
    with pytest.raises(ValidationError) as leve:
        action(**arguments)
    erreur = leve.value
    return erreur.message_dict if hasattr(erreur, "error_dict") else {"": erreur.messages}


def test_un_nouveau_lieu_previent_chaque_responsable_servi_une_fois(
    structure, dpd, servies, referent, decideur, lecteur
):
    prevenus = ajouter(structure, dpd).prevenus
    # Référent et décideur de Montpezat ; Septfonds n’a personne : son courriel de contact.
    assert [(m.collectivite.nom, m.destinataire) for m in courriels()] == [
        ("Montpezat-de-Quercy", "maire@montpezat.example"),
        ("Montpezat-de-Quercy", "sylvie@montpezat.example"),
        ("Septfonds", "mairie@septfonds.example"),
    ]
    assert (prevenus.collectivites, prevenus.courriels, prevenus.muettes) == (2, 3, [])
    premier = courriels().first()
    assert premier.sujet == "Montpezat-de-Quercy\u00a0: nouveau lieu d’hébergement de vos données"
    assert "Agence, Moulins (FR)" in premier.corps
    assert "hors de France" not in premier.corps
    assert f"/c/{servies[0].siren}/sous-traitance/" in premier.corps
    assert "joignez votre délégué" in courriels().last().corps


def test_le_meme_lieu_renvoye_ne_s_ajoute_ni_ne_previent_deux_fois(structure, dpd, servies):
    lieu, _ = ajouter(structure, dpd)
    avant = courriels().count()
    again, prevenus = ajouter(structure, dpd)
    assert (again, prevenus.courriels, courriels().count()) == (lieu, 0, avant)
    assert LieuHebergement.objects.count() == 1


def test_hors_de_france_le_courriel_le_signale(structure, dpd, servies):
    ajouter(structure, dpd, pays="DE", adresse="Francfort")
    assert all("Ce lieu est hors de France" in message.corps for message in courriels())


def test_remplacer_un_lieu_termine_l_ancien_la_veille_en_un_seul_courriel(structure, dpd, servies):
    ancien = lieu_d_essai(structure, dpd, "Ancien")
    Message.objects.all()._raw_delete("default")
    neuf, prevenus = ajouter(structure, dpd, hebergeur="Neuf", remplace=ancien)
    ancien.refresh_from_db()
    assert (ancien.jusqu_au, neuf.jusqu_au) == (JOUR - timedelta(days=1), None)
    assert courriels().count() == prevenus.courriels == 2
    assert "Il remplace Ancien, Moulins (FR)." in courriels().first().corps


def test_remplacer_refuse_l_ailleurs_le_deja_fini_et_l_anterieur(structure, autre_structure, dpd):
    ailleurs = lieu_d_essai(autre_structure, dpd, "Ailleurs")
    base = {"structure": structure, "auteur": dpd}
    assert refus(ajouter, **base, remplace=ailleurs) == {"remplace": [actions.AUTRE_STRUCTURE]}
    fini = lieu_d_essai(structure, dpd, "Fini")
    actions.terminer_lieu(lieu=fini, jusqu_au=JOUR, auteur=dpd, maintenant=LUNDI)
    assert refus(ajouter, **base, remplace=fini) == {"remplace": [actions.DEJA_FINI]}
    present = lieu_d_essai(structure, dpd, "Présent", depuis=JOUR)
    assert refus(ajouter, **base, remplace=present) == {"depuis": [actions.FIN_AVANT_DEBUT]}
    assert not LieuHebergement.objects.filter(hebergeur="Agence").exists()


def test_un_lieu_ne_s_annonce_pas_des_annees_d_avance(structure, dpd):
    loin = {"structure": structure, "auteur": dpd, "depuis": date(2030, 1, 1)}
    assert refus(ajouter, **loin) == {"depuis": [actions.TROP_LOIN]}


def test_terminer_un_lieu_previent_une_fois(structure, dpd, servies):
    lieu = lieu_d_essai(structure, dpd)
    Message.objects.all()._raw_delete("default")
    arguments = {"lieu": lieu, "auteur": dpd, "maintenant": LUNDI}
    assert refus(actions.terminer_lieu, **arguments, jusqu_au=date(2025, 1, 1)) == {
        "jusqu_au": [actions.FIN_AVANT_DEBUT]
    }
    assert refus(actions.terminer_lieu, **arguments, jusqu_au=date(2030, 1, 1)) == {
        "jusqu_au": [actions.TROP_LOIN]
    }
    fini, prevenus = actions.terminer_lieu(**arguments, jusqu_au=JOUR)
    assert (fini.jusqu_au, prevenus.courriels, courriels().count()) == (JOUR, 2, 2)
    assert courriels().first().sujet.endswith("fin d’un hébergement de vos données")
    assert refus(actions.terminer_lieu, **arguments, jusqu_au=JOUR) == {"": [actions.DEJA_FINI]}
    assert courriels().count() == 2


def test_une_collectivite_que_rien_n_atteint_est_nommee(structure, dpd, servies):
    muette = creer_collectivite(structure, "Muette", "217300019", courriel="")
    servir(activite_d_essai(structure, dpd, "Trois"), dpd, muette)
    prevenus = actions.qui_sera_prevenu(structure)
    assert (prevenus.collectivites, prevenus.courriels, prevenus.muettes) == (3, 2, [muette])


def test_une_collectivite_qui_n_est_plus_servie_n_est_pas_prevenue(structure, dpd, servies):
    for servi in servies[1], servies[0]:
        assert servi in actions.responsables_a_prevenir(structure)
    actions.ResponsableServi.objects.modifier_en_masse(
        [s for s in actions.ResponsableServi.objects.all() if not setattr(s, "jusqu_au", JOUR)],
        ["jusqu_au"],
        auteur=dpd,
        maintenant=LUNDI,
        raison="x",
    )
    ajouter(structure, dpd)
    assert not courriels().exists()


def test_deux_cents_responsables_sont_prevenus_en_peu_de_requetes(
    structure, dpd, django_assert_max_num_queries
):
    servir(activite_d_essai(structure, dpd), dpd, *communes(structure, 200))
    with django_assert_max_num_queries(30):
        assert ajouter(structure, dpd).prevenus.courriels == 200


def adresse(structure, nom="hebergement", *args):
    return reverse(f"subtraitance:{nom}", args=[structure.siren, *args])


SAISIE = {"hebergeur": "Agence", "adresse": "Moulins", "pays": "FR", "depuis": "2026-11-23", "remplace": ""}


@pytest.mark.parametrize(
    ("qui", "lit", "tient"),
    [("dpd", 200, 200), ("gestionnaire", 200, 200), ("agent", 200, 403), ("referent", 404, 404)],
)
def test_qui_lit_et_qui_tient_l_hebergement(connecte, structure, dpd, qui, lit, tient, request):
    lieu = lieu_d_essai(structure, dpd)
    client = connecte(request.getfixturevalue(qui))
    assert client.get(adresse(structure)).status_code == lit
    assert client.get(adresse(structure, "ajouter_hebergement")).status_code == tient
    assert client.get(adresse(structure, "terminer_hebergement", lieu.pk)).status_code == tient


def test_le_formulaire_dit_d_avance_combien_seront_prevenus(
    connecte, structure, gestionnaire, servies, referent
):
    creer = creer_collectivite(structure, "Muette", "217300019", courriel="")
    servir(activite_d_essai(structure, gestionnaire, "Trois"), gestionnaire, creer)
    page = texte(connecte(gestionnaire).get(adresse(structure, "ajouter_hebergement")))
    assert "3 responsables servis" in page
    assert "2 courriels à leurs référents et décideurs" in page
    assert "À appeler, faute de courriel" in page


def test_le_parcours_ajoute_puis_termine(connecte, structure, gestionnaire, servies):
    client = connecte(gestionnaire)
    page = texte(client.get(adresse(structure)))
    assert "Aucun lieu déclaré" in page
    page = texte(client.post(adresse(structure, "ajouter_hebergement"), SAISIE | {"pays": "DE"}, follow=True))
    assert "2 courriels partent vers 2 collectivités" in page
    assert "Hors de France" in page
    lieu = LieuHebergement.objects.get()
    terminer = adresse(structure, "terminer_hebergement", lieu.pk)
    page = texte(client.post(terminer, {"jusqu_au": "2020-01-01"}))
    assert actions.FIN_AVANT_DEBUT in page
    assert client.post(terminer, {"jusqu_au": "2026-11-23"}).status_code == 302
    assert client.get(terminer, follow=True).redirect_chain
    assert "Terminer" not in texte(client.get(adresse(structure)))


def test_un_oubli_revient_a_sa_place_sans_rien_perdre(connecte, structure, gestionnaire, servies):
    page = texte(
        connecte(gestionnaire).post(adresse(structure, "ajouter_hebergement"), SAISIE | {"adresse": ""})
    )
    assert "Dites où : une ville au moins." in page
    assert 'value="Agence"' in page
    assert not LieuHebergement.objects.exists()


def test_un_lieu_a_venir_actuel_et_passe_se_distinguent(connecte, structure, dpd):
    lieu_d_essai(structure, dpd, "Futur", depuis=JOUR + timedelta(days=5))
    fini = lieu_d_essai(structure, dpd, "Fini", depuis=date(2020, 1, 1))
    actions.terminer_lieu(lieu=fini, jusqu_au=date(2021, 1, 1), auteur=dpd, maintenant=LUNDI)
    lieu_d_essai(structure, dpd, "Présent")
    page = texte(connecte(dpd).get(adresse(structure)))
    assert page.index("À venir") < page.index("Actuel") < page.index("Passé")


def test_le_lieu_d_une_autre_structure_n_existe_pas_ici(connecte, structure, autre_structure, dpd):
    ailleurs = lieu_d_essai(autre_structure, dpd)
    assert connecte(dpd).get(adresse(structure, "terminer_hebergement", ailleurs.pk)).status_code == 404
