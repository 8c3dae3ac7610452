"""Trouver les formulaires d’un lieu en ouvrant ses pages, comme quelqu’un qui y a tous les droits."""

import re
from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from tests.conventions.monde_etats import pages_des_etats
from tests.conventions.monde_tarifs import pages_des_tarifs
from tests.formulaires import Formulaire, lire_formulaires
from tests.monde import LOCATAIRES, remplir_adresse
from tests.subtraitance.monde import pages_de_la_sous_traitance

DONNEES = Path(__file__).parent / "donnees"
PARTOUT = ("c/", "s/")
ETATS = ("reference", "rouverte", "brouillon", "transmise", "avis_rendu", "a_relire")
FICHE = re.compile(r"/c/\d{9}/(registre|devis|etats-mensuels/\d+)/\d+/")


def pages_de(monde):
    """Les adresses où chercher des formulaires : toutes, puis chaque état d’une fiche, étape ou modèle."""
    siren, maison = monde["collectivite"].siren, monde["structure"].siren
    yield from (remplir_adresse(nom, monde) for nom in LOCATAIRES)
    yield from (reverse("registre:fiche", args=[siren, monde[etat]]) for etat in ETATS)
    yield from (reverse("registre:etape", args=[siren, monde["rouverte"], rang]) for rang in range(2, 8))
    for base in ("base_preparee", "base_commune"):
        yield reverse("registre:modele_structure", args=[maison, monde[base]])
    yield reverse("comptes:creer_collectivite", args=[maison], query={"type": "autre"})
    yield from pages_des_tarifs(monde)
    yield from pages_des_etats(monde)
    yield from pages_de_la_sous_traitance(monde)


def depots(monde):
    """Les fichiers à donner pour voir un aperçu : le formulaire qui suit ne se montre pas autrement."""
    importer = reverse("registre:importer", args=[monde["collectivite"].siren])
    yield importer, {"fichier": _fichier("imports", "bon.json")}
    populations = reverse("comptes:populations", args=[monde["structure"].siren])
    yield populations, {"fichier": _fichier("insee", "recent.csv"), "millesime": 2022}


def _fichier(dossier, nom):
    return SimpleUploadedFile(nom, (DONNEES / dossier / nom).read_bytes())


def decouvrir(connecte, lieu, espaces=PARTOUT) -> list[tuple[Any, Formulaire]]:
    """(personne, formulaire) de chaque formulaire d’un lieu, chacun une fois."""
    trouves, ouvertes = {}, set()
    adresses = [a for a in pages_de(lieu.monde) if a.removeprefix("/").startswith(espaces)]
    for personne in lieu.gens:
        client = connecte(personne)
        # La seconde personne n’ouvre que ce que la première n’a pu ouvrir, et les fiches, où l’on conseille.
        reponses = [(a, client.get(a)) for a in adresses if a not in ouvertes or FICHE.fullmatch(a)]
        reponses += [(adresse, client.post(adresse, champs)) for adresse, champs in depots(lieu.monde)]
        for adresse, reponse in reponses:
            if reponse.status_code == 200 and "text/html" in reponse["Content-Type"]:
                ouvertes.add(adresse)
                for formulaire in lire_formulaires(adresse, reponse.content.decode()):
                    trouves.setdefault((formulaire.adresse, tuple(formulaire.champs)), (personne, formulaire))
    return [(p, f) for p, f in trouves.values() if f.nom in LOCATAIRES]
