"""Le tableau de bord d’un incident, en classeur ou sur papier : qui est prévenu, qui a lu.

Comme à l’écran : le numéro de chaque violation, les décisions et les notifications n’y figurent que pour le
DPD, et un courriel n’y nomme son destinataire que s’il a échoué.
"""

from collections.abc import Iterator
from datetime import datetime
from functools import partial

from dpd.comptes.entete import de_la_structure
from dpd.documents.modele import (
    Cellule,
    Colonne,
    Document,
    Feuille,
    Fiche,
    Ligne,
    Paires,
    Section,
    Style,
    Tableau,
)
from dpd.regles.empreintes import empreinte_du_contenu
from dpd.regles.typographie import compte, instant_court
from violations.incidents_affichage import CourrielsVus, etat_de, faits_dits, fuseau_de, rassembler
from violations.incidents_lus import courriels_de, violations_de
from violations.models import Incident, Violation

TITRE = "Suivi d’un incident"
COLONNES = (("Collectivité", 36), ("SIREN", 14), ("Prévenue le", 22), ("Courriels", 30))
COLONNES += (("Lue le", 22),)
DU_DPD = (
    ("Violation", 12),
    ("État", 14),
    ("À notifier avant le", 22),
    ("Notifiée le", 22),
    ("Ne pas notifier", 16),
)
INCONNU = "pas encore connu"


def tableau_en_document(incident: Incident, maintenant: datetime, detaille: bool) -> Document:
    """Deux lectures, quel que soit le nombre de collectivités."""
    lignes = list(_lire(incident, maintenant, detaille))
    titres = COLONNES + (DU_DPD if detaille else ())
    colonnes = [nom for nom, _ in titres]
    enregistrements = [dict(zip(colonnes, ligne, strict=True)) for ligne in lignes]
    entete = de_la_structure(
        incident.structure,
        titre=f"{TITRE} n°\u00a0{incident.numero}",
        nature="Suivi complet" if detaille else "Suivi des avis et des lectures",
        version=compte(len(lignes), "collectivité prévenue", "collectivités prévenues"),
        empreinte=empreinte_du_contenu({"incident": incident.numero, "lignes": enregistrements}),
        maintenant=maintenant,
    )
    return Document(
        entete=entete,
        fiches=partial(_fiches, incident, colonnes, lignes),
        feuilles=partial(_feuilles, titres, lignes),
        enregistrements=lambda: iter(enregistrements),
        meta={"schema": "suivi-incident/1"},
    )


def _lire(incident: Incident, maintenant: datetime, detaille: bool) -> Iterator[tuple[str, ...]]:
    zone = fuseau_de(incident.structure)
    violations = list(violations_de(incident, "", "", maintenant))
    courriels = courriels_de(violations)
    for violation in violations:
        ligne = (
            violation.collectivite.denomination,
            violation.collectivite.siren,
            _dit(violation.connaissance, zone),
            "; ".join(_courriel_dit(vu) for vu in rassembler(courriels[violation.pk])),
            _dit(violation.lue_le, zone),
        )
        yield ligne + (_du_dpd(violation, zone) if detaille else ())


def _courriel_dit(vus: CourrielsVus) -> str:
    """« 2× envoyé » ; « échec : appelez-les (adresse à rappeler) »."""
    return f"{vus.etat.libelle} ({', '.join(vus.adresses)})" if vus.adresses else vus.etat.libelle


def _du_dpd(violation: Violation, zone) -> tuple[str, ...]:
    return (
        violation.numero,
        violation.get_etat_display(),
        _dit(violation.echeance_notification, zone),
        _dit(violation.notifiee_le, zone),
        "oui" if violation.notification_ecartee else "",
    )


def _dit(instant: datetime | None, zone) -> str:
    return instant_court(instant.astimezone(zone)) if instant else ""


def _fiches(incident: Incident, colonnes: list[str], lignes: list[tuple[str, ...]]) -> Iterator[Fiche]:
    zone = fuseau_de(incident.structure)
    reperes = (
        ("Origine", incident.origine_dite),
        ("État", etat_de(incident).libelle),
        ("Connu du sous-traitant le", _dit(incident.connaissance, zone)),
        ("À dire avant le", _dit(incident.echeance, zone)),
        ("Premières collectivités prévenues le", _dit(incident.ouvert_le, zone) or INCONNU),
    )
    faits = tuple((libelle, valeur or INCONNU) for libelle, valeur in faits_dits(incident))
    imprimees = [colonne for colonne in colonnes if colonne not in ("SIREN", "Courriels")]
    rangs = [colonnes.index(colonne) for colonne in imprimees]
    tableau = Tableau(
        colonnes=tuple(Colonne(nom, 2.0 if nom == "Collectivité" else 1.0) for nom in imprimees),
        lignes=tuple(tuple(ligne[rang] for rang in rangs) for ligne in lignes),
    )
    suivi = (Section("Collectivités prévenues", (tableau,)),) if lignes else ()
    yield Fiche(
        titre=incident.titre,
        sections=(Section("Ce que l’on sait", (Paires((*reperes, *faits)),)), *suivi),
        reference=f"incident n°\u00a0{incident.numero}",
    )


def _feuilles(titres, lignes: list[tuple[str, ...]]) -> Iterator[Feuille]:
    def rendre() -> Iterator[Ligne]:
        yield tuple(Cellule(nom, Style.ENTETE) for nom, _ in titres)
        yield from lignes

    yield Feuille("Collectivités", rendre, tuple(largeur for _, largeur in titres), figer=1)
