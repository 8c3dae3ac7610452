"""Ce que l’archive dit d’elle-même, en clair : ce qu’elle contient, comment la vérifier et la reprendre."""

from collections.abc import Sequence
from datetime import datetime

from dpd.conventions.models import Depart
from dpd.documents.apropos import siren_lisible
from dpd.pilotage.depart.restitution_pieces import Manifeste
from dpd.regles.typographie import compte, instant_long

MODELE = """{titre}
{souligne}

{organisme}, SIREN {siren}
Contenu arrêté au dernier changement : {arrete_le}.
Convention « {convention} », avec {structure}.

CE QUE CONTIENT CETTE ARCHIVE

registre/registre.json   le registre en vigueur ; se réimporte tel quel (page « Importer » du registre)
registre/registre.ods    le même, à la forme du modèle de la CNIL
registre/registre.pdf    le même, à imprimer
registre/versions.*      chaque version de chaque fiche, adoptée, remplacée ou abrogée, avec avis et décisions
registre/historique.csv  qui a enregistré quoi, quand et pourquoi
conventions/             interventions, devis, états mensuels et annuels
pieces/                  les fichiers déposés ; manifeste.csv dit de chacun d’où il vient
journaux/                accès, courriels envoyés, personnes habilitées
donnees/                 toutes les tables, ligne par ligne, et chacun de leurs états passés
donnees/DICTIONNAIRE.json  ce que veut dire chaque champ, chaque code, et quelle ligne il désigne
SHA256SUMS               la somme de chaque fichier

VÉRIFIER

« sha256sum -c SHA256SUMS », dans le dossier décompressé, contrôle chaque fichier. L’empreinte de l’archive
entière figure sur l’attestation de restitution. Les documents portent la date du dernier changement, et non
celle du téléchargement : deux archives d’un même contenu sont identiques à l’octet près.

LES FORMATS

JSON : UTF-8, une ligne de texte par enregistrement. Dates ISO 8601, montants en texte. Une personne se lit
par son nom ; tout autre lien, par l’identifiant de la ligne désignée.
CSV : UTF-8, point-virgule. Une apostrophe précède ce qu’un tableur prendrait pour une formule.
ODS et PDF : normes ISO 26300 et ISO 32000.

CE QUI N’Y EST PAS

Ce qui relève du départ lui-même (attestation, bordereau visé, courriels d’annonce, téléchargements) : sur
sa page, pour que l’archive reste la même jusqu’au bout.
Les mots de passe et les liens personnels, qui ne se restituent pas ; les adresses IP et les connexions au
site, qui relèvent de la structure ; ce que la structure préparait d’un devis sans l’avoir proposé.
{pieces}
ARCHIVES PUBLIQUES

Ces documents sont des archives publiques de la collectivité. Les éliminer demande le visa du directeur des
archives départementales (code du patrimoine, art. L.212-2 et R.212-14 ; sanction : art. L.214-3).

LES FICHIERS

{fichiers}
"""


def lisezmoi(depart: Depart, chemins: Sequence[str], manifeste: Manifeste, arrete_le: datetime) -> str:
    """Le texte du fichier LISEZMOI.txt."""
    collectivite = depart.collectivite
    titre = f"Archive de restitution, {collectivite.nom}"
    return MODELE.format(
        titre=titre,
        souligne="=" * len(titre),
        organisme=collectivite.denomination,
        siren=siren_lisible(collectivite.siren),
        arrete_le=instant_long(arrete_le.astimezone(collectivite.fuseau)),
        convention=depart.convention,
        structure=collectivite.structure.nom,
        pieces=_pieces(manifeste),
        fichiers="\n".join(chemins),
    )


def _pieces(manifeste: Manifeste) -> str:
    """Ce qu’il faut savoir des pièces qui ne se rendent pas ; vide si toutes sont là."""
    lignes = []
    if manifeste.retirees:
        retirees = compte(manifeste.retirees, "pièce retirée", "pièces retirées")
        lignes.append(
            f"{retirees}, parce que déposées par erreur : leur trace est au manifeste, sans leur contenu.\n"
        )
    if manifeste.perdues:
        noms = ", ".join(f"n° {piece.pk} « {piece.nom} »" for piece in manifeste.perdues)
        lignes.append(f"ATTENTION, pièces manquantes ou altérées dans le stockage : {noms}.\n")
    return "".join(lignes)
