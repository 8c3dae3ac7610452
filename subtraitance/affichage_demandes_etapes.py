"""Où en est une demande : ses jalons, et ce qui s’y est passé."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time

from dpd.regles.typographie import compte
from subtraitance.actions.demandes_commun import jour_de
from subtraitance.affichage_demandes import delai_montre, quand, quand_court
from subtraitance.dossier_lu import DossierDemande
from subtraitance.enums import EtatDemande
from subtraitance.models import DemandeDroits
from subtraitance.regles.frises import jour_dit
from subtraitance.regles.horloges import minuit_passe

MIDI = time(12)  # une date sans heure se range au milieu de sa journée
# Ce que l’historique raconte seul ; le reste se lit dans les lignes du dossier.
RACONTES = {
    "Demande qualifiée": "Demande qualifiée",
    "Recherche commencée": "La recherche commence",
    "Demande lue": "La collectivité ouvre le dossier",
    "Demande close": "Demande close",
    "Données du demandeur effacées": "Données du demandeur effacées",
}


@dataclass(frozen=True, slots=True)
class Jalon:
    """``classe`` : « faite », « encours » ou vide."""

    titre: str
    classe: str
    detail: str


@dataclass(frozen=True, slots=True)
class Ligne:
    """``cle`` : un fait juridique ; ``futur`` : pas encore ; ``qui`` : l’auteur, ou vide."""

    instant: datetime
    texte: str
    dite: str
    suite: str = ""
    qui: str = ""
    cle: bool = False
    futur: bool = False


def jalons(demande: DemandeDroits, cherchees: int, a_chercher: int, maintenant: datetime) -> list[Jalon]:
    """Reçue, transmise, identité, recherche, réponse ; un seul est en cours.

    :param cherchees: les fiches où l’on a cherché. :param a_chercher: toutes celles que l’on a retenues.
    """
    suite = [
        Jalon("Reçue", "faite", _recue(demande)),
        *([_transmise(demande)] if demande.echeance_transmission else []),
        Jalon("Identité", "faite" if demande.identite_verifiee_le else "", _identite(demande)),
        Jalon("Recherche", _classe_recherche(demande, cherchees), _recherche(cherchees, a_chercher)),
        Jalon("Réponse", "faite" if demande.repondue_le else "", _reponse(demande, maintenant)),
    ]
    return [_en_cours(jalon, demande) for jalon in suite]


def _en_cours(jalon: Jalon, demande: DemandeDroits) -> Jalon:
    attendu = {
        EtatDemande.RECUE: "Transmise" if demande.echeance_transmission else "Recherche",
        EtatDemande.TRANSMISE: "Recherche",
        EtatDemande.IDENTITE: "Identité",
        EtatDemande.RECHERCHE: "Recherche",
    }.get(EtatDemande(demande.etat))
    if jalon.titre != attendu or jalon.classe == "faite":
        return jalon
    return Jalon(jalon.titre, "encours", jalon.detail)


def _recue(demande: DemandeDroits) -> str:
    par = (
        f"enregistrée par {demande.enregistree_par}"
        if demande.enregistree_par
        else "par le formulaire public"
    )
    return f"{quand_court(demande.recue_le, demande.collectivite.fuseau)} · {par}"


def _transmise(demande: DemandeDroits) -> Jalon:
    zone = demande.collectivite.fuseau
    if demande.transmise_le:
        return Jalon("Transmise", "faite", quand_court(demande.transmise_le, zone))
    return Jalon("Transmise", "", f"à faire avant {quand_court(demande.echeance_transmission, zone)}")


def _identite(demande: DemandeDroits) -> str:
    if demande.identite_verifiee_le:
        return f"vérifiée {jour_dit(demande.identite_verifiee_le)}"
    if demande.etat == EtatDemande.IDENTITE:
        return "on attend le demandeur"
    return "seulement en cas de doute"


def _classe_recherche(demande: DemandeDroits, cherchees: int) -> str:
    finie = demande.etat in (EtatDemande.REPONDUE, EtatDemande.CLOSE)
    return "faite" if finie and cherchees else ""


def _recherche(cherchees: int, a_chercher: int) -> str:
    if not a_chercher:
        return "services et prestataires"
    accord = "" if cherchees < 2 else "s"
    return f"{cherchees}\u00a0fiche{accord} sur {a_chercher}"


def _reponse(demande: DemandeDroits, maintenant: datetime) -> str:
    if demande.repondue_le:
        return f"envoyée {jour_dit(demande.repondue_le)}"
    if demande.echeance is None:
        return "selon son propre texte"
    delai, _ = delai_montre(demande, jour_de(demande, maintenant))
    return f"avant {jour_dit(delai.echeance)}"


def chronologie(lu: DossierDemande, maintenant: datetime) -> list[Ligne]:
    """Tout ce qui s’est passé, puis ce qui est dû."""
    lignes = [*_arrivee(lu), *_attentes(lu), *_reponses(lu), *_histoire(lu), *_echeances(lu, maintenant)]
    lignes.sort(key=lambda ligne: (ligne.futur, ligne.instant.astimezone(UTC)))
    return lignes


def _arrivee(lu: DossierDemande) -> Iterator[Ligne]:
    demande, zone = lu.demande, lu.collectivite.fuseau
    par = str(demande.enregistree_par or "formulaire public")
    yield Ligne(
        demande.recue_le,
        "Demande reçue",
        quand(demande.recue_le, zone),
        f"{demande.get_canal_display()}.",
        par,
        True,
    )
    if lu.transmission is not None:
        a = ", ".join(lu.transmission.a)
        suite = f"{a}." + (f" {lu.transmission.message}" if lu.transmission.message else "")
        if lu.transmission.motif_retard:
            suite += f" En retard\u00a0: {lu.transmission.motif_retard}"
        le = lu.transmission.transmise_le
        yield Ligne(le, "Transmise à", quand(le, zone), suite, str(lu.transmission.transmise_par), True)


def _attentes(lu: DossierDemande) -> Iterator[Ligne]:
    for s in lu.suspensions:
        yield _du_jour(lu, s.debut, "Délai suspendu", s.motif, str(s.suspendue_par))
        if s.fin is not None:
            jours = compte((s.fin - s.debut).days, "jour")
            yield _du_jour(lu, s.fin, "Délai repris", f"Suspendu {jours}.")
    if lu.prolongation is not None:
        p = lu.prolongation
        yield _du_jour(lu, p.informe_le, "Délai prolongé, demandeur averti", p.motif, str(p.decidee_par))
    if lu.demande.identite_verifiee_le is not None:
        yield _du_jour(lu, lu.demande.identite_verifiee_le, "Identité vérifiée", lu.demande.identite_comment)


def _reponses(lu: DossierDemande) -> Iterator[Ligne]:
    for reponse in lu.reponses:
        texte = f"Réponse envoyée\u00a0: {reponse.get_sens_display().lower()}"
        yield _du_jour(lu, reponse.envoyee_le, texte, "", str(reponse.decidee_par))


def _du_jour(lu: DossierDemande, jour, texte: str, suite: str, qui: str = "") -> Ligne:
    instant = datetime.combine(jour, MIDI, tzinfo=lu.collectivite.fuseau)
    return Ligne(instant, texte, jour_dit(jour), suite, qui, True)


def _histoire(lu: DossierDemande) -> Iterator[Ligne]:
    zone, etat = lu.collectivite.fuseau, ""
    for ancien in lu.histoire:
        texte, suite = RACONTES.get(ancien.history_change_reason or "", ""), ""
        if etat == EtatDemande.CLOSE and ancien.etat != EtatDemande.CLOSE:
            texte, suite = "Demande rouverte", ancien.history_change_reason or ""
        etat = ancien.etat
        if texte:
            le = ancien.history_date
            yield Ligne(le, texte, quand(le, zone), suite, str(ancien.history_user or ""))


def _echeances(lu: DossierDemande, maintenant: datetime) -> Iterator[Ligne]:
    """Celles qui courent encore, ou que l’on a laissé passer."""
    demande, zone = lu.demande, lu.collectivite.fuseau
    if demande.repondue_le is not None or demande.etat == EtatDemande.CLOSE:
        return
    if demande.echeance_transmission is not None and demande.transmise_le is None:
        fin = demande.echeance_transmission
        yield _due(fin, quand(fin, zone), "Fin des 48\u00a0h pour transmettre", maintenant)
    if demande.echeance is not None:
        delai, _ = delai_montre(demande, jour_de(demande, maintenant))
        fin = minuit_passe(delai.echeance, zone)
        yield _due(fin, jour_dit(delai.echeance), "Dernier jour pour répondre", maintenant)


def _due(fin: datetime, dite: str, texte: str, maintenant: datetime) -> Ligne:
    futur = fin > maintenant
    return Ligne(fin, texte if futur else f"{texte}\u00a0: délai dépassé", dite, cle=not futur, futur=futur)
