"""Ce que l’essai lit et écrit par l’application même ; s’appelle sous ``manage.py shell``."""

import json
import secrets
from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path

from django.core.files.storage import default_storage
from django.utils import timezone
from post_office.models import STATUS, Email

from dpd.comptes.actions import ouvrir_structure
from dpd.comptes.droits import accorder
from dpd.comptes.enums import Role, TypeCollectivite
from dpd.comptes.models import Collectivite, Utilisateur
from dpd.messagerie.models import Message
from dpd.pieces.models import Piece
from dpd.pieces.verification import ecarts, effacer, restes
from registre.actions import creer
from registre.models import VersionTraitement
from violations.actions import declarer
from violations.models import PieceViolation, Rappel, Violation

STRUCTURE = {"nom": "Centre de gestion de l’essai", "siren": "288200017", "departement": "82"}
DPD = "dpd@essai.example"
PREPAREE, DECLAREE = "Préparée", "Essai"


def preparer(sortie: str, clients: int, echeances: int, depart: str, duree: float) -> None:
    """Une commune par client, avec sa référente, une fiche et un dossier ; des échéances qui tombent.

    :param depart: l’instant ISO de la première échéance ; elles s’étalent sur ``duree`` secondes.
    """
    maintenant = timezone.now()
    structure = ouvrir_structure(
        champs=STRUCTURE, courriel=DPD, prenom="Nadège", nom_dpd="Roucoules", maintenant=maintenant
    )
    gens = [_commune(structure, rang, maintenant) for rang in range(clients)]
    for rang in range(echeances):
        instant = datetime.fromisoformat(depart) + timedelta(seconds=duree * rang / echeances)
        _dossier(*gens[rang % clients][:2], rang, instant, maintenant)
    lieux = [_lieu(commune, referente, secret, maintenant) for commune, referente, secret in gens]
    Path(sortie).write_text(json.dumps(lieux), "utf-8")


def _commune(structure, rang: int, maintenant: datetime) -> tuple[Collectivite, Utilisateur, str]:
    commune = Collectivite.objects.create(
        structure=structure,
        nom=f"Commune {rang}",
        denomination=f"Commune de l’essai n° {rang}",
        type=TypeCollectivite.COMMUNE,
        siren=f"21820{rang:04d}",
        responsable_nom="Bernard Lacaze",
        responsable_titre="maire",
        courriel=f"mairie{rang}@essai.example",
        adresse="Place de la Mairie",
    )
    secret = secrets.token_urlsafe(24)
    referente = Utilisateur.objects.create_user(f"referente{rang}@essai.example", secret)
    accorder(referente, Role.REFERENT, commune)
    return commune, referente, secret


def _dossier(commune, referente, rang: int, echeance: datetime, maintenant: datetime) -> Violation:
    return declarer(
        collectivite=commune,
        titre=f"{PREPAREE} {rang}",
        recit="Un courriel est parti à la mauvaise famille.",
        connaissance=echeance - timedelta(hours=72),
        auteur=referente,
        maintenant=maintenant,
    )


def _lieu(commune, referente, secret: str, maintenant: datetime) -> dict[str, str]:
    version = creer(collectivite=commune, nom="Cantine", auteur=referente, maintenant=maintenant)
    dossier = Violation.objects.filter(collectivite=commune, titre__startswith=PREPAREE).earliest("pk")
    return {
        "siren": commune.siren,
        "courriel": referente.email,
        "mot_de_passe": secret,
        "fiche": str(version.traitement.reference),
        "dossier": f"/c/{commune.siren}/violations/{dossier.annee}-{dossier.rang}/",
        "revision": str(version.revision),
    }


def constater(sortie: str) -> None:
    """Ce qui est en base et dans le seau, compté ; efface les restes, comme la tâche de nuit le fera."""
    orphelines = restes(timezone.now() + timedelta(days=2))
    effacer(orphelines)
    liens = PieceViolation.objects.select_related("piece")
    versions = VersionTraitement.objects.select_related("collectivite", "traitement")
    trouve = {
        "violations": Counter(
            Violation.objects.filter(titre__startswith=DECLAREE).values_list("titre", flat=True)
        ),
        "pieces": Counter(lien.libelle for lien in liens),
        "empreintes": {lien.libelle: lien.piece.sha256 for lien in liens},
        "lignes_de_pieces": Piece.objects.count(),
        "abimees": [f"{e.piece} {e.quoi}" for e in ecarts() if e],
        "orphelines": len(orphelines),
        "dans_le_seau": sum(1 for _ in _tous("c")) + sum(1 for _ in _tous("s")),
        "revisions": {v.collectivite.siren: v.revision for v in versions},
        "descriptions": {v.collectivite.siren: v.contenu["description"] for v in versions},
        "rappels": _rappels(),
        "preuves": _preuves(),
        "courriels": list(Email.objects.values_list("message_id", flat=True)),
        "en_file": Email.objects.exclude(status=STATUS.sent).count(),
        "non_notes": Message.objects.filter(envoye_le=None).count(),
    }
    Path(sortie).write_text(json.dumps(trouve), "utf-8")


def _tous(dossier: str):
    dossiers, fichiers = default_storage.listdir(dossier)
    yield from fichiers
    for sous_dossier in dossiers:
        yield from _tous(f"{dossier}/{sous_dossier}")


def _rappels() -> dict[str, int]:
    """Combien de fois l’échéance de chaque dossier préparé a été rappelée."""
    faits = Rappel.objects.filter(palier="depassement", violation__titre__startswith=PREPAREE)
    return Counter(faits.filter(etat="envoye").values_list("violation__titre", flat=True))


def _preuves() -> dict[str, int]:
    """Combien de fois chacun a été prévenu d’une même chose."""
    return Counter(
        f"{nature} {objet} → {destinataire}"
        for nature, objet, destinataire in Message.objects.values_list("nature", "objet_id", "destinataire")
    )
