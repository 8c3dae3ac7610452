"""L’attestation de restitution : ce qui a été remis, reçu, visé, détruit, sans rien du contenu."""

from collections.abc import Iterator
from datetime import datetime
from functools import partial
from typing import Any

from dpd.comptes.entete import de_la_collectivite
from dpd.conventions.models import Depart
from dpd.conventions.regles.en_clair import le_jour
from dpd.documents.modele import Alerte, Bloc, Document, Fiche, Liste, Paires, Paragraphe, Section
from dpd.pieces.regles.fichier import taille_lisible
from dpd.regles.empreintes import empreinte_du_contenu
from dpd.regles.typographie import instant_long

TITRE = "Attestation de restitution"
REMIS = (
    "le registre des activités de traitement, toutes ses versions et leur histoire, avec avis et décisions",
    "les questions, contacts, désignations, conventions, devis, interventions et états",
    "les pièces déposées, et le manifeste qui les décrit",
    "le journal des accès, les courriels envoyés et les personnes habilitées",
)
FORMATS = "Formats ouverts\u00a0: JSON, CSV, ODS et PDF, chaque fichier suivi de sa somme SHA-256."
ARCHIVES = (
    "Ces documents sont des archives publiques de la collectivité. Leur élimination demande le visa du "
    "directeur des archives départementales (code du patrimoine, art. L.212-2 et R.212-14\u202f; "
    "sanction\u00a0: art. L.214-3). Les restituer ou les détruire est au choix du responsable de traitement "
    "(RGPD, art. 28-3 g)."
)
NON_RECUE = "La collectivité n’a pas encore attesté avoir reçu cette archive."


def attestation_de_restitution(depart: Depart, *, constatee_par: str, maintenant: datetime) -> Document:
    """Le document d’un départ dont l’archive est remise, tel qu’il est à cet instant.

    ``constatee_par`` : qui a constaté la destruction, vide s’il n’y en a pas. ``depart`` porte sa convention,
    sa collectivité et ceux qui ont agi ; rien n’est relu.
    """
    collectivite = depart.collectivite
    entete = de_la_collectivite(
        collectivite,
        titre=TITRE,
        nature="Réception attestée" if depart.recu_le else "Réception à attester",
        version="Départ clos" if depart.clos_le else "Départ en cours",
        empreinte=empreinte_du_contenu(_simple(_contenu(depart))),
        maintenant=maintenant,
    )
    return Document(
        entete=entete,
        fiches=partial(_fiches, depart, constatee_par),
        feuilles=partial(iter, ()),
        enregistrements=lambda: iter((_contenu(depart),)),
        meta={"schema": "attestation-restitution/1"},
    )


def _contenu(depart: Depart) -> dict[str, Any]:
    faits = (
        *("exporte_le", "export_empreinte", "export_taille", "recu_le", "sort", "visa", "vise_le"),
        *("detruit_le", "detruit_comment", "clos_le"),
    )
    return {
        "siren": depart.collectivite.siren,
        "convention": str(depart.convention),
        **{nom: getattr(depart, nom) for nom in faits},
    }


def _simple(contenu: dict[str, Any]) -> dict[str, Any]:
    return {nom: v.isoformat() if hasattr(v, "isoformat") else v for nom, v in contenu.items()}


def _fiches(depart: Depart, constatee_par: str) -> Iterator[Fiche]:
    yield Fiche(
        titre=TITRE,
        sections=(
            Section("Convention", (Paires(_convention(depart)),)),
            Section("Archive remise", _archive(depart)),
            Section("Réception", _reception(depart), manque=not depart.recu_le),
            Section("Sort des données", _sort(depart, constatee_par)),
            Section("Archives publiques", (Paragraphe(ARCHIVES),)),
        ),
    )


def _convention(depart: Depart) -> tuple[tuple[str, str], ...]:
    convention = depart.convention
    lignes = (
        ("Avec", depart.collectivite.structure.nom),
        ("Convention", str(convention)),
        ("En vigueur du", le_jour(convention.date_effet)),
        ("Jusqu’au", le_jour(convention.fin) if convention.fin else "en vigueur"),
        ("Sort prévu par la convention", convention.modele.sort_des_donnees),
    )
    return tuple((libelle, valeur) for libelle, valeur in lignes if valeur)


def _archive(depart: Depart) -> tuple[Bloc, ...]:
    remise = instant_long(depart.exporte_le.astimezone(depart.collectivite.fuseau))
    return (
        Liste(REMIS),
        Paragraphe(FORMATS),
        Paires(
            (
                ("Remise le", remise),
                ("À", str(depart.exporte_par)),
                ("Taille", taille_lisible(depart.export_taille)),
                ("Empreinte SHA-256", depart.export_empreinte),
            )
        ),
    )


def _reception(depart: Depart) -> tuple[Bloc, ...]:
    if not depart.recu_le:
        return (Alerte(NON_RECUE),)
    return (Paires((("Attestée le", le_jour(depart.recu_le)), ("Par", str(depart.recu_par)))),)


def _sort(depart: Depart, constatee_par: str) -> tuple[Bloc, ...]:
    lignes = [("Choix du responsable de traitement", depart.get_sort_display() or "à faire")]
    if depart.visa and depart.vise_le:
        visa = f"{depart.visa}, du {le_jour(depart.vise_le)}"
        lignes.append(("Visa des archives départementales", visa))
    if depart.detruit_le:
        par = f", par {constatee_par}" if constatee_par else ""
        lignes.append(("Destruction constatée le", f"{le_jour(depart.detruit_le)}{par}"))
        lignes.append(("Comment", depart.detruit_comment))
    return (Paires(tuple(lignes)),)
