"""Le devis sur papier : la demande, l’étude, les deux volets, le plan d’actions, la décision."""

from collections.abc import Iterator
from datetime import datetime
from functools import partial
from typing import Any

from dpd.comptes.entete import de_la_collectivite
from dpd.conventions.affichage_devis import MONTRES, volet_financier
from dpd.conventions.models import Devis
from dpd.conventions.regles.devis import EtatDevis
from dpd.documents.modele import Bloc, Colonne, Document, Fiche, Paires, Paragraphe, Section, Tableau
from dpd.regles.empreintes import empreinte_du_contenu
from dpd.regles.typographie import date_longue

COLONNES = (
    Colonne("Phase", 2.2),
    Colonne("Jours", 0.8, nombre=True),
    Colonne("Prix de la journée", 1.0, nombre=True),
    Colonne("Total", 1.0, nombre=True),
)
# Les champs qu’une empreinte engage : tout ce qui est écrit, rien de ce qui l’entoure.
ENGAGES = (
    *("objet", "besoin", "audit", "volet_administratif", "plan_actions", "jours_mise_en_place"),
    *("jours_accompagnement", "prix_jour", "prix_revisable", "exercice", "ponctuel", "valable_jusqu_au"),
    *("etat", "motif"),
)


def devis_imprime(devis: Devis, *, maintenant: datetime) -> Document:
    """Le document ; ce que la structure prépare encore n’y figure pas.

    ``devis`` porte sa collectivité, et elle sa structure.
    """
    contenu = _contenu(devis)
    entete = de_la_collectivite(
        devis.collectivite,
        titre=f"Devis n°\u00a0{devis.pk}\u00a0: {devis.objet}",
        nature=f"Devis, {devis.collectivite.structure.nom}",
        version=devis.etape.label,
        empreinte=empreinte_du_contenu(contenu),
        maintenant=maintenant,
    )
    return Document(
        entete=entete,
        fiches=partial(_fiches, devis, entete.titre),
        feuilles=partial(iter, ()),
        enregistrements=partial(iter, (contenu,)),
        meta={"schema": "devis/1"},
    )


def _contenu(devis: Devis) -> dict[str, Any]:
    visibles = ENGAGES if devis.etape in MONTRES else ("objet", "besoin", "etat", "motif")
    return {"siren": devis.collectivite.siren, **{nom: _simple(getattr(devis, nom)) for nom in visibles}}


def _simple(valeur) -> Any:
    return valeur if valeur is None or isinstance(valeur, bool | int) else str(valeur)


def _fiches(devis: Devis, titre: str) -> Iterator[Fiche]:
    sections = [_section("Demande", _texte(devis.besoin), _du(devis, devis.demande_le, devis.demande_par))]
    if devis.etape in MONTRES:
        sections += [
            _section("Étude des besoins", _texte(devis.audit)),
            _section("Volet administratif", _texte(devis.volet_administratif)),
            _section("Plan d’actions", _texte(devis.plan_actions)),
            Section("Volet financier", _financier(devis)),
        ]
    sections.append(_decision(devis))
    yield Fiche(
        titre=titre,
        sections=tuple(s for s in sections if s.blocs),
        reference=f"devis n°\u00a0{devis.pk}",
        cartouche=(("État", devis.etape.label),),
    )


def _section(titre: str, blocs: tuple[Bloc, ...], note: str = "") -> Section:
    return Section(titre, blocs, note=note)


def _texte(texte: str) -> tuple[Bloc, ...]:
    return tuple(Paragraphe(ligne) for ligne in texte.splitlines() if ligne.strip())


def _du(devis: Devis, instant: datetime | None, personne) -> str:
    if instant is None:
        return ""
    jour = date_longue(instant.astimezone(devis.collectivite.fuseau).date())
    return f"{personne}, {jour}" if personne else jour


def _financier(devis: Devis) -> tuple[Bloc, ...]:
    lignes = tuple((x.phase, x.jours, x.prix_jour, x.total) for x in volet_financier(devis))
    prix = (
        "Prix de base du barème\u00a0: il se révise comme lui, à l’exercice où il est porté."
        if devis.prix_revisable
        else "Prix ferme, sans révision."
    )
    return (Tableau(COLONNES, lignes), Paragraphe(f"{prix} Toutes taxes comprises.", discret=True))


def _decision(devis: Devis) -> Section:
    lignes = []
    if devis.etape in MONTRES:
        lignes.append(("Proposé", _du(devis, devis.propose_le, devis.propose_par)))
        if devis.valable_jusqu_au:
            lignes.append(("Valable jusqu’au", date_longue(devis.valable_jusqu_au)))
    if devis.etape in (EtatDevis.ACCEPTE, EtatDevis.REFUSE, EtatDevis.DECLINE, EtatDevis.RETIRE):
        lignes.append((devis.etape.label, _du(devis, devis.decide_le, devis.decide_par)))
    if devis.motif:
        lignes.append(("Motif", devis.motif))
    return Section("Suite donnée", (Paires(tuple(lignes)),) if lignes else ())
