"""De la base aux lignes exportées d’un registre de demandes : rien du demandeur n’est lu."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from typing import Any

from django.db.models import Prefetch, QuerySet

from dpd.regles.typographie import compte, date_courte, instant_court
from subtraitance.affichage_listes import ETATS, droits_dits
from subtraitance.enums import CanalDemande, EtatDemande, RegimeDemande, SensReponse
from subtraitance.models import DemandeDroits, Prolongation, Reponse, SuspensionDemande
from subtraitance.models.demande import DU_DEMANDEUR

LOT = 1_000  # demandes
OUI_NON = {True: "Oui", False: "Non", None: ""}


@dataclass(frozen=True, slots=True)
class DemandeExportee:
    """``champs`` : la ligne de classeur ; ``resume`` : celle du PDF ; ``donnees`` : les codes."""

    numero: str
    organisme: str
    champs: tuple[tuple[str, str], ...]
    resume: tuple[str, ...]
    donnees: Mapping[str, Any]


def lire(requete: QuerySet) -> list[DemandeExportee]:
    """Par collectivité, la plus récente d’abord ; trois lectures par lot de demandes."""
    demandes = (
        requete.select_related("collectivite__structure", "prolongation")
        .defer(*DU_DEMANDEUR, "prolongation__motif")
        .prefetch_related(
            Prefetch("suspensions", SuspensionDemande.objects.defer("motif")),
            Prefetch("reponses", Reponse.objects.defer("motif")),
        )
        .order_by("collectivite__nom", "collectivite__siren", "-annee", "-rang")
    )
    return [_exporter(demande) for demande in demandes.iterator(LOT)]


def _exporter(demande: DemandeDroits) -> DemandeExportee:
    zone, reponses = demande.collectivite.fuseau, list(demande.reponses.all())
    derniere = reponses[0] if reponses else None
    prolongation = getattr(demande, "prolongation", None)
    return DemandeExportee(
        numero=demande.numero,
        organisme=demande.collectivite.nom,
        champs=tuple(_champs(demande, derniere, prolongation, zone)),
        resume=_resume(demande, derniere, zone),
        donnees=_donnees(demande, reponses, prolongation, zone),
    )


def _champs(demande: DemandeDroits, reponse: Reponse | None, prolongation: Prolongation | None, zone: tzinfo):
    collectivite, suspensions = demande.collectivite, list(demande.suspensions.all())
    yield "N°", demande.numero
    yield "SIREN", collectivite.siren
    yield "Organisme", collectivite.denomination
    yield "État", EtatDemande(demande.etat).label
    yield "De quoi il s’agit", RegimeDemande(demande.regime).label if demande.regime else "À qualifier"
    yield "Droits", droits_dits(demande)
    yield "Canal", CanalDemande(demande.canal).label
    yield "Reçue le", instant_dit(demande.recue_le, zone)
    yield "À transmettre avant le", instant_dit(demande.echeance_transmission, zone)
    yield "Transmise le", instant_dit(demande.transmise_le, zone)
    yield "Transmise dans les 48 heures", OUI_NON[_transmise_a_temps(demande)]
    yield "Répondre au plus tard le", _jour(demande.echeance)
    yield "Prolongée", OUI_NON[demande.prolongee]
    yield "Demandeur averti de la prolongation le", _jour(prolongation.informe_le if prolongation else None)
    yield "Suspensions", "\n".join(f"du {_jour(s.debut)} au {_jour(s.fin) or '…'}" for s in suspensions)
    yield "Répondue le", _jour(demande.repondue_le)
    yield "Répondue dans son délai", OUI_NON[_repondue_a_temps(demande)]
    yield "Suite donnée", SensReponse(reponse.sens).label if reponse else ""
    yield "Voies de recours indiquées", OUI_NON[reponse.voies_de_recours if reponse else None]
    yield "Destinataires informés (art. 19)", _informes(reponse)
    yield "Identité vérifiée le", _jour(demande.identite_verifiee_le)
    yield "Demandeur effacé le", instant_dit(demande.efface_le, zone)


def _informes(reponse: Reponse | None) -> str:
    if reponse is None:
        return ""
    return (
        "Personne ne les avait reçues"
        if reponse.sans_destinataire
        else OUI_NON[reponse.destinataires_informes]
    )


def _resume(demande: DemandeDroits, reponse: Reponse | None, zone: tzinfo) -> tuple[str, ...]:
    transmise = instant_court(demande.transmise_le.astimezone(zone)) if demande.transmise_le else ""
    if not transmise:
        transmise = "reçue sur place" if demande.echeance_transmission is None else "pas encore"
    repondue = _jour(demande.repondue_le)
    if demande.repondue_le and demande.echeance and demande.repondue_le > demande.echeance:
        repondue += f", {compte((demande.repondue_le - demande.echeance).days, 'jour')} de retard"
    return (
        instant_court(demande.recue_le.astimezone(zone)),
        droits_dits(demande),
        transmise,
        _jour(demande.echeance) or "autre délai",
        repondue or "pas encore",
        SensReponse(reponse.sens).label if reponse else ETATS[EtatDemande(demande.etat)].libelle,
    )


def _donnees(
    demande: DemandeDroits, reponses: list[Reponse], prolongation: Prolongation | None, zone: tzinfo
) -> dict[str, Any]:
    def instant(valeur: datetime | None) -> str | None:
        return valeur.astimezone(zone).isoformat() if valeur else None

    return {
        "siren": demande.collectivite.siren,
        "organisme": demande.collectivite.denomination,
        "fuseau": str(zone),
        "numero": demande.numero,
        "etat": demande.etat,
        "regime": demande.regime,
        "droits": demande.droits,
        "canal": demande.canal,
        "recue_le": instant(demande.recue_le),
        "echeance_transmission": instant(demande.echeance_transmission),
        "transmise_le": instant(demande.transmise_le),
        "echeance": _iso(demande.echeance),
        "prolongee": demande.prolongee,
        "prolongation_annoncee_le": _iso(prolongation.informe_le if prolongation else None),
        "suspensions": [{"debut": _iso(s.debut), "fin": _iso(s.fin)} for s in demande.suspensions.all()],
        "repondue_le": _iso(demande.repondue_le),
        "reponses": [
            {
                "sens": r.sens,
                "envoyee_le": _iso(r.envoyee_le),
                "canal": r.canal,
                "voies_de_recours": r.voies_de_recours,
                "excessive": r.excessive,
                "frais": None if r.frais is None else str(r.frais),
                "destinataires_informes": r.destinataires_informes,
                "sans_destinataire": r.sans_destinataire,
            }
            for r in reponses
        ],
        "identite_verifiee_le": _iso(demande.identite_verifiee_le),
        "efface_le": instant(demande.efface_le),
    }


def instant_dit(instant: datetime | None, zone: tzinfo) -> str:
    """« 20 nov. 2026, 17 h 25 (Europe/Paris, UTC+01:00) » ; vide s’il manque."""
    if instant is None:
        return ""
    local = instant.astimezone(zone)
    brut = f"{local:%z}"
    return f"{instant_court(local)} ({zone}, UTC{brut[:3]}:{brut[3:5]})"


def _transmise_a_temps(demande: DemandeDroits) -> bool | None:
    if demande.transmise_le is None or demande.echeance_transmission is None:
        return None
    return demande.transmise_le <= demande.echeance_transmission


def _repondue_a_temps(demande: DemandeDroits) -> bool | None:
    if demande.repondue_le is None or demande.echeance is None:
        return None
    return demande.repondue_le <= demande.echeance


def _jour(jour: date | None) -> str:
    return date_courte(jour) if jour else ""


def _iso(jour: date | None) -> str | None:
    return jour.isoformat() if jour else None
