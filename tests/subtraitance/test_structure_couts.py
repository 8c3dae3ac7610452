"""Les pages et les exports de la structure sous-traitante coûtent autant à deux lignes qu’à soixante."""

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from subtraitance.models import DonneesDetenues, Instruction, LieuHebergement
from tests.subtraitance.fabriques_s1 import (
    JOUR,
    LUNDI,
    activite_d_essai,
    communes,
    creer_contrat,
    creer_fiche,
    regle_d_essai,
    servir,
)

pytestmark = pytest.mark.django_db
PEU, BEAUCOUP = 2, 60
BORNE = 16  # session et droits compris
TRACE = {"auteur": None, "maintenant": LUNDI, "raison": "essai"}


@pytest.fixture(autouse=True)
def _ce_jour_la(time_machine, maintenant):
    cache.clear()
    time_machine.move_to(maintenant, tick=False)


def mesurer(client, adresse):
    client.get(adresse)  # ce qui ne se lit qu’une fois par processus est lu
    with CaptureQueriesContext(connection) as requetes:
        reponse = client.get(adresse)
        contenu = b"".join(reponse.streaming_content) if reponse.streaming else reponse.content
    assert reponse.status_code == 200
    return len(requetes), len(contenu)


def comparer(client, adresse, porter_a, *, borne=BORNE):
    """Peu ou beaucoup : autant de requêtes, et davantage à lire."""
    porter_a(0, PEU)
    peu = mesurer(client, adresse)
    porter_a(PEU, BEAUCOUP)
    beaucoup = mesurer(client, adresse)
    assert peu[0] == beaucoup[0] <= borne
    assert peu[1] < beaucoup[1]


def adresse(lieu, nom, *args):
    return reverse(f"subtraitance:{nom}", args=[lieu.siren, *args])


@pytest.mark.parametrize(
    "suite", [("registre_30_2",), ("exporter_registre_30_2", "csv"), ("exporter_registre_30_2", "json")]
)
def test_le_registre_en_activites(connecte, structure, dpd, collectivite, suite):
    def porter_a(depuis, jusqu_a):
        fiche = creer_fiche(structure, f"Fiche {depuis}")
        for rang in range(depuis, jusqu_a):
            servir(activite_d_essai(structure, dpd, f"A {rang}", sous_traitants=[fiche]), dpd, collectivite)

    comparer(connecte(dpd), adresse(structure, *suite), porter_a)


@pytest.mark.parametrize("nom", ["registre_30_2", "activite", "exporter"])
def test_le_registre_en_responsables(connecte, structure, dpd, nom):
    activite = activite_d_essai(structure, dpd)
    suites = {"registre_30_2": (), "activite": (activite.pk,), "exporter": ("xlsx",)}
    vue = "exporter_registre_30_2" if nom == "exporter" else nom

    def porter_a(depuis, jusqu_a):
        servir(activite, dpd, *communes(structure, jusqu_a - depuis, premiere=depuis))

    comparer(connecte(dpd), adresse(structure, vue, *suites[nom]), porter_a)


def test_mille_responsables_s_exportent_en_autant_de_requetes(connecte, structure, dpd):
    activite = activite_d_essai(structure, dpd)
    servir(activite, dpd, *communes(structure, 1000))
    requetes, taille = mesurer(connecte(dpd), adresse(structure, "exporter_registre_30_2", "csv"))
    assert requetes <= BORNE
    assert taille > 100_000


@pytest.mark.parametrize("nom", ["rattacher", "enregistrer_lot", "ajouter_hebergement"])
def test_choisir_parmi_les_collectivites(connecte, structure, dpd, nom):
    activite = activite_d_essai(structure, dpd)
    suite = (activite.pk,) if nom == "rattacher" else ()
    servies = activite_d_essai(structure, dpd, "Autre")

    def porter_a(depuis, jusqu_a):
        neuves = communes(structure, (jusqu_a - depuis) * 10, premiere=depuis * 10)
        servir(servies, dpd, *neuves)

    if nom == "ajouter_hebergement":
        porter_a(0, PEU)
        peu, _ = mesurer(connecte(dpd), adresse(structure, nom))
        porter_a(PEU, BEAUCOUP)
        beaucoup, _ = mesurer(connecte(dpd), adresse(structure, nom))
        assert peu == beaucoup <= BORNE
    else:
        comparer(connecte(dpd), adresse(structure, nom, *suite), porter_a)


def lots(lieux, depuis, jusqu_a, auteur, **champs):
    DonneesDetenues.objects.creer_en_masse(
        [
            DonneesDetenues(
                collectivite=lieux[rang % len(lieux)],
                type="sauvegarde",
                description=f"Lot {rang}",
                recu_le=JOUR,
                regle="3 mois",
                enregistre_par=auteur,
                enregistre_le=LUNDI,
                **champs,
            )
            for rang in range(depuis, jusqu_a)
        ],
        **TRACE,
    )


@pytest.mark.parametrize(
    "suite", [("donnees_detenues",), ("exporter_detention", "csv"), ("exporter_detention", "pdf")]
)
def test_ce_qui_est_detenu(connecte, structure, dpd, agent, collectivite, voisine, suite):
    regle_d_essai(structure, dpd)

    def porter_a(depuis, jusqu_a):
        lots((collectivite, voisine), depuis, jusqu_a, agent)

    comparer(connecte(agent), adresse(structure, *suite), porter_a)


def test_detruire_en_lot_et_son_proces_verbal(connecte, structure, agent, collectivite):
    fait = {"detruit_le": JOUR, "detruit_par": agent, "detruit_comment": "Broyage"}

    def porter_a(depuis, jusqu_a):
        lots([collectivite], depuis, jusqu_a, agent, **fait)

    porter_a(0, PEU)
    premier = DonneesDetenues.objects.first()
    chemin = adresse(structure, "proces_verbal", premier.pk)
    peu = mesurer(connecte(agent), chemin)
    porter_a(PEU, BEAUCOUP)
    assert peu[0] == mesurer(connecte(agent), chemin)[0] <= BORNE
    lots([collectivite], 0, BEAUCOUP, agent)
    pks = DonneesDetenues.objects.filter(detruit_le=None).values_list("pk", flat=True)
    chemin = adresse(structure, "detruire_lots")
    deux = mesurer(connecte(agent), chemin + "?" + "&".join(f"lots={pk}" for pk in pks[:PEU]))
    tous = mesurer(connecte(agent), chemin + "?" + "&".join(f"lots={pk}" for pk in pks))
    assert deux[0] == tous[0] <= BORNE


@pytest.mark.parametrize("nom", ["instructions_recues", "instructions"])
def test_les_instructions(connecte, structure, collectivite, agent, referent, nom):
    contrat = creer_contrat(collectivite, creer_fiche(structure, "Éditeur"))
    chez_la_structure = nom == "instructions_recues"

    def porter_a(depuis, jusqu_a):
        Instruction.objects.creer_en_masse(
            [
                Instruction(
                    collectivite=collectivite,
                    contrat=None if chez_la_structure else contrat,
                    texte=f"Instruction {rang}",
                    donnee_par=referent,
                    donnee_le=LUNDI,
                    accusee_par=agent,
                    accusee_le=LUNDI,
                )
                for rang in range(depuis, jusqu_a)
            ],
            **TRACE,
        )

    qui, lieu = (agent, structure) if chez_la_structure else (referent, collectivite)
    comparer(connecte(qui), adresse(lieu, nom), porter_a)


@pytest.mark.parametrize(("nom", "borne"), [("notre_sous_traitant", 20), ("documentation", 30)])
def test_ce_que_lit_une_collectivite(connecte, structure, collectivite, referent, agent, dpd, nom, borne):
    creer_contrat(collectivite, creer_fiche(structure, "Nous", est_la_structure=True))

    def porter_a(depuis, jusqu_a):
        for rang in range(depuis, jusqu_a):
            servir(activite_d_essai(structure, dpd, f"A {rang}"), dpd, collectivite)
        LieuHebergement.objects.creer_en_masse(
            [
                LieuHebergement(structure=structure, hebergeur=f"H {rang}", adresse="x", depuis=JOUR)
                for rang in range(depuis, jusqu_a)
            ],
            **TRACE,
        )
        lots([collectivite], depuis, jusqu_a, agent)
        Instruction.objects.creer_en_masse(
            [
                Instruction(collectivite=collectivite, texte=str(rang), donnee_par=referent, donnee_le=LUNDI)
                for rang in range(depuis, jusqu_a)
            ],
            **TRACE,
        )

    comparer(connecte(referent), adresse(collectivite, nom), porter_a, borne=borne)


def test_la_liste_des_lieux(connecte, structure, agent):
    def porter_a(depuis, jusqu_a):
        LieuHebergement.objects.creer_en_masse(
            [
                LieuHebergement(structure=structure, hebergeur=f"H {rang}", adresse="x", depuis=JOUR)
                for rang in range(depuis, jusqu_a)
            ],
            **TRACE,
        )

    comparer(connecte(agent), adresse(structure, "hebergement"), porter_a)
