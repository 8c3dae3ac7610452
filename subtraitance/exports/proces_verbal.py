"""Le procès-verbal de destruction : ce qui a été détruit ou restitué, par qui, quand, comment."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import partial

from dpd.comptes.entete import de_la_structure
from dpd.documents.modele import Colonne, Document, Fiche, Liste, Paires, Paragraphe, Section, Tableau
from dpd.regles.empreintes import empreinte_du_contenu
from dpd.regles.typographie import compte, date_courte, date_longue
from subtraitance.models import DonneesDetenues
from subtraitance.regles.detention import retard

COLONNES = (
    *(Colonne("Ce que c’était", 2.0), Colonne("Reçu le", 0.8), Colonne("À détruire avant la fin du", 1.0)),
    Colonne("Empreinte SHA-256", 1.8),
)
SIGNATURE = "Fait pour servir et valoir ce que de droit."


def du_meme_geste(lot: DonneesDetenues) -> list[DonneesDetenues]:
    """Ce lot et ceux de la même collectivité que le même geste a détruits ; une requête."""
    semblables = DonneesDetenues.objects.filter(
        collectivite=lot.collectivite,
        detruit_le=lot.detruit_le,
        detruit_par=lot.detruit_par,
        detruit_comment=lot.detruit_comment,
        restitue=lot.restitue,
    )
    return list(semblables.select_related("collectivite").order_by("recu_le", "pk"))


def proces_verbal(lot: DonneesDetenues, *, maintenant: datetime) -> Document:
    """:param lot: détruit ou restitué, avec sa collectivité, sa structure et qui l’a détruit."""
    structure, lots = lot.collectivite.structure, du_meme_geste(lot)
    entete = de_la_structure(
        structure,
        titre=_titre(lot),
        nature=f"Pour {lot.collectivite.denomination}",
        version=compte(len(lots), "lot"),
        empreinte=empreinte_du_contenu({"lots": [_contenu(un) for un in lots]}),
        maintenant=maintenant,
    )
    return Document(
        entete=entete,
        fiches=partial(_fiches, lot, lots),
        feuilles=partial(iter, ()),
        enregistrements=lambda: iter([_contenu(un) for un in lots]),
        meta={"schema": "proces-verbal-destruction/1"},
    )


def _titre(lot: DonneesDetenues) -> str:
    return f"Procès-verbal de {'restitution' if lot.restitue else 'destruction'}"


def _contenu(lot: DonneesDetenues) -> dict[str, str]:
    return {
        "siren": lot.collectivite.siren,
        "type": lot.type,
        "description": lot.description,
        "recu_le": lot.recu_le.isoformat(),
        "regle": lot.regle,
        "echeance": lot.echeance.isoformat() if lot.echeance else "",
        "empreinte": lot.empreinte,
        "detruit_le": lot.detruit_le.isoformat(),
        "detruit_comment": lot.detruit_comment,
        "restitue": "oui" if lot.restitue else "non",
    }


def _fiches(lot: DonneesDetenues, lots: Sequence[DonneesDetenues]) -> Iterator[Fiche]:
    verbe = "restitué" if lot.restitue else "détruit"
    reperes = (
        ("Responsable du traitement", lot.collectivite.denomination),
        ("Sous-traitant", lot.collectivite.structure.nom),
        (f"Les données ont été {verbe}es par", str(lot.detruit_par)),
        ("Le", date_longue(lot.detruit_le)),
        ("Comment", lot.detruit_comment),
    )
    yield Fiche(
        titre=_titre(lot),
        sections=(
            Section("Le geste", (Paires(reperes),)),
            Section("Les données", (Tableau(COLONNES, tuple(map(_ligne, lots))), *_retards(lots))),
            Section("Signature", (Paragraphe(SIGNATURE), Paires((("Nom et signature", " "),)))),
        ),
    )


def _ligne(lot: DonneesDetenues) -> tuple[str, ...]:
    quoi = f"{lot.get_type_display()}\u00a0: {lot.description}"
    echeance = date_courte(lot.echeance) if lot.echeance else "sans échéance"
    return (quoi, date_courte(lot.recu_le), echeance, lot.empreinte or "non relevée")


def _retards(lots: Sequence[DonneesDetenues]) -> tuple[Liste, ...]:
    """Le retard se dit : un procès-verbal qui le tairait prouverait mal."""
    dits = tuple(
        f"{lot.description}\u00a0: {compte(jours, 'jour')} de retard"
        for lot in lots
        if (jours := retard(lot.echeance, lot.detruit_le, lot.detruit_le))
    )
    return (Liste(dits),) if dits else ()
