"""Une clé d’ailleurs, glissée dans un formulaire ou dans une adresse, n’écrit rien.

Les formulaires se découvrent en lisant les pages : ceux d’ici, puis les mêmes chez un autre locataire. Une
valeur que le même champ propose là-bas et pas ici désigne une chose d’ailleurs ; elle est glissée ici par
une personne qui a tous les droits aux deux endroits, pour que seul le contrôle du locataire la retienne.
"""

from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pytest
from django.core.cache import cache
from django.db import transaction
from django.urls import reverse

from dpd.comptes.droits import accorder
from dpd.comptes.enums import Role
from tests.comptes.fabriques_referentiel import creer_commune
from tests.conftest import creer_personne
from tests.decouverte import PARTOUT, decouvrir
from tests.monde import (
    LOCATAIRES,
    TOUTES,
    peupler_collectivite,
    peupler_structure,
    remplir_adresse,
    valeurs_de,
)
from tests.photo import changements, photographier

# Un balayage : long, et ce qu’il traverse est couvert ailleurs.
pytestmark = [pytest.mark.django_db, pytest.mark.no_cover]
VALEURS_GLISSEES = 2  # par champ
# De quoi rendre un formulaire valable, pour que seule la clé d’ailleurs le fasse refuser.
REPONSES = {
    "registre:groupe": {"geste": "transmettre"},
    "registre:avis": {"sens": "favorable", "texte": "Conforme."},
    "registre:decider": {"geste": "adopter", "suite": "suivi", "motif": "Urgent."},
    "registre:importer_confirmer": {"autre_organisme": "on", "doublons": "on"},
    "conventions:projet": {"reference": "2026-7"},
    "conventions:bareme_nouveau": {"nom": "Neuf", "en_vigueur_du": "2031-01-01", "source": "x"},
    "subtraitance:rattacher": {"depuis": "2026-11-23", "geste": "cochees"},
    "subtraitance:retirer_responsables": {"jusqu_au": "2026-11-23"},
    "subtraitance:detruire_lots": {"sort": "detruit", "le": "2026-11-23", "comment": "x"},
    "subtraitance:donner_instruction": {"texte": "x"},
    "subtraitance:creer_activite": {"nom": "x", "categories": "x", "securite": "x"},
    "subtraitance:enregistrer_lot": {"type": "autre", "description": "x", "recu_le": "2026-11-23"},
    "subtraitance:ajouter_hebergement": {
        "hebergeur": "x",
        "adresse": "x",
        "pays": "FR",
        "depuis": "2026-11-23",
    },
    "subtraitance:ajouter_ulterieur": {"activite": "x"},
    "subtraitance:demandes_a_effacer": {"visa": "sans", "accord": "x"},
    "registre:modifier_contrat": {"objet": "Autre objet"},
    "registre:nouveau_contrat": {"objet": "x"},
    "violations:ouvrir_incident": {"geste": "prevenir"},
    "violations:signaler": {
        "origine": "structure",
        "titre": "x",
        "recit": "x",
        "connaissance_date": "2026-11-22",
        "connaissance_heure": "20:00",
    },
}
# Ces champs-là désignent une chose d’un locataire, on le sait ; les trouver prouve que la découverte marche.
CONNUS = {
    ("registre:groupe", "fiches"),
    ("registre:avis", "lu"),
    ("registre:decider", "lu"),
    ("registre:importer_confirmer", "apercu"),
}
CONNUS_DE_LA_STRUCTURE = {
    ("registre:modeles", "versions"),
    ("comptes:appliquer_populations", "jeton"),
    ("comptes:appliquer_populations", "collectivites"),
    ("conventions:projet", "modele"),
}
# Pages de lecture : ce qu’on leur envoie est ignoré, aucune ne montre de formulaire.
LECTURES = {"comptes:personnes", "comptes:structure", "comptes:journal", "comptes:journal_structure"}
# Aucune page ne la propose : « Reprendre la saisie » passe par ``registre:modifier``.
SANS_PAGE = {"registre:reprendre"}
# Un paramètre d’adresse qui ne désigne aucune ligne d’un locataire.
NEUTRES = {
    *(
        "siren",
        "numero",
        "format",
        "role",
        "nature",
        "exercice",
        "annee",
        "mois",
        "rubrique",
        "type",
        "sortie",
    ),
}
ENTIERS = {"pk", "personne", "reference", "ligne", "ulterieur", "certification"}
CHEMINS = {nom: chemin for nom, (_, chemin) in TOUTES}


@dataclass
class Lieu:
    """Un locataire peuplé, et les personnes qui y ont tous les droits."""

    monde: dict[str, Any]
    gens: tuple[Any, ...]


@pytest.fixture(autouse=True)
def _ce_jour_la(time_machine, maintenant, caplog):
    caplog.set_level("ERROR", logger="django.request")  # un refus attendu n’encombre pas le journal
    cache.clear()
    time_machine.move_to(maintenant, tick=False)


@pytest.fixture
def gens(collectivite, voisine, lointaine, structure, autre_structure):
    """Qui tient et décide dans trois communes ; qui est DPD et gestionnaire des deux structures."""
    tient = creer_personne("tient@partout.example", "Théa", "Partout")
    conseille = creer_personne("conseille@partout.example", "Cléo", "Partout")
    for commune in (collectivite, voisine, lointaine):
        accorder(tient, Role.REFERENT, commune)
        accorder(tient, Role.DECIDEUR, commune)
    for maison in (structure, autre_structure):
        accorder(conseille, Role.DPD, maison)
        accorder(conseille, Role.GESTIONNAIRE, maison)
    return tient, conseille


@pytest.fixture
def peupler(gens, maintenant):
    creer_commune("01001", "L’Abergement-Clémenciat", population_totale=870)
    creer_commune("01005", "Ambérieux-en-Dombes", population_totale=1941)

    def _peupler(structure, collectivite, code_insee, premiere=1, deja=None):
        collectivite.code_insee, collectivite.population_millesime = code_insee, 2022
        collectivite.save()
        sur_place = creer_personne(
            f"seule@{collectivite.siren}.example", "Seule", "Ici", Role.REFERENT, collectivite
        )
        qui = {"referent": sur_place, "decideur": gens[0], "dpd": gens[1]}
        maison = deja or peupler_structure(structure, qui, maintenant)
        return Lieu(maison | peupler_collectivite(collectivite, qui, maintenant, premiere), gens)

    return _peupler


@pytest.fixture
def ici(peupler, structure, collectivite):
    return peupler(structure, collectivite, "01001")


@pytest.fixture
def a_cote(ici, peupler, structure, voisine):
    """Une autre commune de la même structure."""
    return peupler(structure, voisine, "01005", premiere=11, deja={**ici.monde})


@pytest.fixture
def au_loin(ici, peupler, autre_structure, lointaine):
    """Une commune d’une autre structure."""
    return peupler(autre_structure, lointaine, "01005", premiere=21)


def offertes(formulaires) -> dict[tuple[str, str], set[str]]:
    """{(adresse, champ): valeurs proposées} de tous les formulaires d’un lieu."""
    resultat: dict[tuple[str, str], set[str]] = {}
    for _, formulaire in formulaires:
        for nom, champ in formulaire.champs.items():
            resultat.setdefault((formulaire.nom, nom), set()).update(champ.offertes)
    return resultat


def d_ailleurs(mes_formulaires, leurs_formulaires) -> dict[tuple[str, str], list[str]]:
    """{(adresse, champ): valeurs que le champ propose là-bas et jamais ici}."""
    miennes, leurs = offertes(mes_formulaires), offertes(leurs_formulaires)
    ecarts = {cle: sorted(leurs[cle] - valeurs - {""}) for cle, valeurs in miennes.items() if cle in leurs}
    return {cle: valeurs for cle, valeurs in ecarts.items() if valeurs and not est_tire_au_sort(*cle)}


def est_tire_au_sort(nom: str, champ: str) -> bool:
    """Un jeton contre le double envoi ne désigne rien : tout autre vaut autant."""
    return champ == "csrfmiddlewaretoken" or (
        champ == "jeton" and nom.startswith(("violations:", "subtraitance:", "conventions:"))
    )


def envoi_valable(formulaire, champs_glisses):
    """Le formulaire rempli comme il faut ; des cases à cocher le sont toutes."""
    donnees = formulaire.donnees() | REPONSES.get(formulaire.nom, {})
    for nom in champs_glisses:
        if not any(donnees.get(nom, ())):
            donnees[nom] = sorted(formulaire.champs[nom].offertes - {""})
    return donnees


@contextmanager
def sans_suite():
    """Ce qui s’écrit là est défait : chaque envoi part du même monde."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def envoyer(client, formulaire, donnees, avant):
    """(statut, modèles changés) d’un envoi, aussitôt défait."""
    with sans_suite():
        reponse = client.post(formulaire.adresse, donnees)
        return reponse.status_code, changements(avant)


def glisser(connecte, ici, ailleurs, espaces=PARTOUT):
    """Glisse chaque clé d’ailleurs ; rend les champs essayés et tout ce qui n’allait pas."""
    miens, leurs = decouvrir(connecte, ici, espaces), decouvrir(connecte, ailleurs, espaces)
    intruses, essayes, defauts = d_ailleurs(miens, leurs), set(), []
    for personne, formulaire in miens:
        glisses = [nom for nom in formulaire.champs if (formulaire.nom, nom) in intruses]
        if not glisses or not CHEMINS[formulaire.nom].startswith(espaces):
            continue
        client, avant = connecte(personne), photographier()
        donnees = envoi_valable(formulaire, glisses)
        for nom in glisses:
            essayes.add((formulaire.nom, nom))
            for valeur in intruses[formulaire.nom, nom][:VALEURS_GLISSEES]:
                statut, ecrits = envoyer(client, formulaire, donnees | {nom: [valeur]}, avant)
                if statut >= 500 or ecrits:
                    defauts.append((formulaire.adresse, nom, valeur, statut, ecrits))
        statut, ecrits = envoyer(client, formulaire, donnees, avant)
        if not ecrits:
            defauts.append(
                (formulaire.adresse, "sans rien glisser, n’écrit rien : complétez REPONSES", statut)
            )
    return essayes, defauts


def test_une_cle_d_une_autre_structure_glissee_dans_un_formulaire_n_ecrit_rien(connecte, ici, au_loin):
    essayes, defauts = glisser(connecte, ici, au_loin)
    assert defauts == []
    assert essayes >= CONNUS | CONNUS_DE_LA_STRUCTURE


def test_une_cle_de_la_commune_voisine_glissee_dans_un_formulaire_n_ecrit_rien(connecte, ici, a_cote):
    essayes, defauts = glisser(connecte, ici, a_cote, ("c/",))
    assert defauts == []
    assert essayes >= CONNUS


def test_chaque_adresse_qui_recoit_un_envoi_a_un_formulaire_decouvert(connecte, ici, etranger):
    client = connecte(etranger)  # à qui une adresse qui reçoit un envoi répond 404, et non 405
    recoivent = {n for n in LOCATAIRES if client.post(remplir_adresse(n, ici.monde)).status_code != 405}
    decouverts = {formulaire.nom for _, formulaire in decouvrir(connecte, ici)}
    assert recoivent - decouverts == LECTURES | SANS_PAGE
    assert decouverts <= recoivent


def substitutions(nom, ici, ailleurs):
    """L’adresse de chez moi, chaque identifiant remplacé par celui d’ailleurs, un à la fois."""
    miens, leurs = valeurs_de(nom, ici.monde), valeurs_de(nom, ailleurs.monde)
    for parametre in set(miens) - NEUTRES:
        if miens[parametre] != leurs[parametre]:
            yield reverse(nom, kwargs=miens | {parametre: leurs[parametre]})


A_IDENTIFIANT = [
    nom for nom, (motif, _) in TOUTES if nom in LOCATAIRES and set(motif.pattern.converters) - NEUTRES
]


@pytest.mark.parametrize(
    ("lieu", "espaces", "partages"),
    [
        ("au_loin", PARTOUT, set()),
        # Les modèles et les comptes d’une structure sont ceux de toutes ses collectivités.
        # L’annuaire est partagé : une fiche s’y lit de partout, un contrat ne se lit que de chez soi.
        ("a_cote", ("c/",), {"registre:modele", "subtraitance:prestataire", "registre:nouveau_contrat"}),
    ],
)
def test_un_identifiant_d_ailleurs_dans_une_adresse_d_ici_donne_404(
    lieu, espaces, partages, request, connecte, ici
):
    ailleurs = request.getfixturevalue(lieu)
    noms = [n for n in A_IDENTIFIANT if CHEMINS[n].startswith(espaces) and n not in partages]
    intruses = [(nom, adresse) for nom in noms for adresse in substitutions(nom, ici, ailleurs)]
    assert {nom for nom, _ in intruses} == set(noms)
    avant, defauts = photographier(), []
    for nom, adresse in intruses:
        statuts = set()
        for personne in ici.gens:
            for verbe in ("get", "post"):
                with sans_suite():
                    statuts.add(getattr(connecte(personne), verbe)(adresse).status_code)
        if 404 not in statuts or not statuts <= {403, 404, 405}:
            defauts.append((nom, adresse, statuts))
    assert defauts == []
    assert changements(avant) == []


def test_un_identifiant_demesure_donne_404(connecte, ici):
    entiers = [n for n in A_IDENTIFIANT if set(valeurs_de(n, ici.monde)) & ENTIERS]
    client, defauts = connecte(ici.gens[1]), []
    for nom in entiers:
        valeurs = valeurs_de(nom, ici.monde)
        adresse = reverse(nom, kwargs=valeurs | dict.fromkeys(set(valeurs) & ENTIERS, 10**25))
        statuts = {client.get(adresse).status_code, client.post(adresse).status_code}
        if not statuts <= {403, 404, 405}:
            defauts.append((nom, statuts))
    assert defauts == []
