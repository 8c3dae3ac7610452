"""Les journaux et les preuves en CSV : une ligne de titres, puis les lignes, sans rien d’autre.

« ; », UTF-8 avec marque d’ordre, dates en ISO 8601. Aucune cellule ne s’exécute dans un tableur : une
apostrophe précède ce qui ressemblerait à une formule.
"""

import csv
from collections.abc import Iterable, Iterator
from datetime import datetime
from io import StringIO
from itertools import chain
from typing import Any

from dpd.comptes.droits import habilitations_de
from dpd.comptes.enums import NatureAcces
from dpd.comptes.models import JournalAcces
from dpd.conventions.actions.depart import AU_JOURNAL
from dpd.conventions.emails_depart import NATURE
from dpd.documents.csv_ import BOM, SEPARATEUR
from dpd.documents.morceaux import regrouper
from dpd.documents.surete import neutraliser, sans_controle
from dpd.messagerie.models import Message
from registre.models import VersionTraitement

PAR_PAQUET = 200
TITRES_DU_JOURNAL = ("Quand", "Nature", "Qui", "Détail")
TITRES_DES_COURRIELS = ("Confié le", "Envoyé le", "État", "Nature", "Destinataire", "Sujet", "Texte")
TITRES_DES_HABILITATIONS = ("Nom", "Courriel", "Rôle", "Compte ouvert")
TITRES_DE_L_HISTOIRE = ("Quand", "Qui", "Motif", "Fiche n°", "Version", "État", "Nom", "Empreinte SHA-256")


def tableau(titres: tuple[str, ...], lignes: Iterable[tuple[Any, ...]]) -> Iterator[bytes]:
    """Le fichier CSV, par morceaux."""
    return regrouper(_textes(titres, lignes))


def _textes(titres, lignes) -> Iterator[str]:
    tampon = StringIO(newline="")
    ecrivain = csv.writer(tampon, delimiter=SEPARATEUR, lineterminator="\r\n")
    yield BOM
    for ligne in chain((titres,), lignes):
        ecrivain.writerow([_cellule(valeur) for valeur in ligne])
        yield tampon.getvalue()
        tampon.seek(0)
        tampon.truncate()


def _cellule(valeur: Any) -> str:
    if isinstance(valeur, datetime):
        return valeur.isoformat()
    return "" if valeur is None else neutraliser(sans_controle(str(valeur)))


def journal(collectivite) -> Iterator[tuple]:
    """Ce que le journal des accès retient de la collectivité, sans adresse IP, comme elle le lit.

    Les sorties du départ lui-même n’y sont pas : télécharger l’archive la changerait.
    """
    lignes = JournalAcces.objects.filter(collectivite=collectivite).exclude(
        nature=NatureAcces.EXPORT, detail__startswith=AU_JOURNAL
    )
    for ligne in lignes.select_related("utilisateur").order_by("quand", "pk").iterator(PAR_PAQUET):
        yield ligne.quand, ligne.get_nature_display(), ligne.utilisateur, ligne.detail


def courriels(collectivite) -> Iterator[tuple]:
    """La preuve de chaque courriel, hors ceux qui annoncent le départ."""
    messages = Message.objects.filter(collectivite=collectivite).exclude(nature__startswith=NATURE)
    for m in messages.avec_etat().order_by("cree_le", "pk").iterator(PAR_PAQUET):
        yield m.cree_le, m.envoye_le, m.etat, m.nature, m.destinataire, m.sujet, m.corps


def habilitations(collectivite) -> Iterator[tuple]:
    """Qui a un rôle ici, comptes fermés compris."""
    for personne, role in habilitations_de(collectivite):
        yield personne, personne.email, role.label, "oui" if personne.is_active else "non"


def histoire(collectivite) -> Iterator[tuple]:
    """Chaque enregistrement du registre ; le contenu d’alors est dans les tables, au même instant."""
    lignes = VersionTraitement.history.filter(collectivite_id=collectivite.pk).defer("contenu")
    lignes = lignes.select_related("history_user", "traitement").order_by("history_date", "history_id")
    for h in lignes.iterator(PAR_PAQUET):
        yield (
            *(h.history_date, h.history_user, h.history_change_reason),
            *(h.traitement.reference, h.numero, h.get_etat_display(), h.nom, h.empreinte),
        )
