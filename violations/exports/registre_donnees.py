"""La même violation en données : des codes, des instants ISO à l’heure de la collectivité, et son fuseau."""

from datetime import tzinfo
from typing import Any

from violations.exports.registre_lecture import Lue
from violations.exports.registre_mots import instant_iso

TELS_QUELS = (
    *("titre", "recit", "etat", "source", "en_cours", "origine", "origine_precision", "cause"),
    *("cause_precision", "donnees", "donnees_precision", "personnes", "personnes_precision"),
    *("personnes_min", "personnes_max", "enregistrements_min", "enregistrements_max"),
    *("mesures_avant", "consequences", "prejudices", "gravite", "enisa", "mesures_apres"),
    *("transfrontaliere", "autres_autorites", "message_personnes", "lecon", "notification_ecartee"),
)
INSTANTS = (
    *("debut", "fin", "detection", "connaissance", "connaissance_dpd", "declaree_le"),
    *("echeance_notification", "notifiee_le", "echeance_complement", "completee_le"),
)


def donnees_de(lue: Lue) -> dict[str, Any]:
    """Une violation entière, de quoi la relire ailleurs."""
    v = lue.violation
    fuseau = v.collectivite.fuseau
    return {
        "numero": v.numero,
        "organisme": v.collectivite.denomination,
        "siren": v.collectivite.siren,
        "fuseau": str(fuseau),
        "incident": v.incident.numero if v.incident else None,
        "declaree_par": str(v.declaree_par),
        "natures": list(v.natures),
        **{champ: getattr(v, champ) for champ in TELS_QUELS},
        **{champ: instant_iso(getattr(v, champ), fuseau) for champ in INSTANTS},
        "traitements": [{"reference": t.traitement.reference} for t in lue.traitements],
        "prestataires": [_prestataire(p, fuseau) for p in lue.prestataires],
        "avis": [_avis(a, fuseau) for a in lue.avis],
        "decisions": [_decision(d, fuseau) for d in lue.decisions],
        "notifications": [_notification(n, fuseau) for n in lue.notifications],
        "informations": [_information(i) for i in lue.informations],
        "pieces": [{"nom": p.piece.nom, "libelle": p.libelle, "sha256": p.piece.sha256} for p in lue.pieces],
        "chronologie": [_evenement(e, fuseau) for e in lue.evenements],
    }


def _prestataire(implique, fuseau: tzinfo) -> dict[str, Any]:
    return {
        "nom": str(implique),
        "connaissance": instant_iso(implique.connaissance, fuseau),
        "prevenu_le": instant_iso(implique.prevenu_le, fuseau),
        "echeance": instant_iso(implique.echeance, fuseau),
        "delai_heures": implique.delai,
    }


def _avis(avis, fuseau: tzinfo) -> dict[str, Any]:
    simples = ("risque", "gravite", "conseil_notifier", "conseil_informer", "raisons", "sait", "ignore")
    return {
        **{champ: getattr(avis, champ) for champ in simples},
        "rendu_par": str(avis.rendu_par),
        "rendu_le": instant_iso(avis.rendu_le, fuseau),
    }


def _decision(decision, fuseau: tzinfo) -> dict[str, Any]:
    simples = ("question", "reponse", "motif", "motif_34", "moyen", "suit_avis", "courante")
    return {
        **{champ: getattr(decision, champ) for champ in simples},
        "prevue_le": decision.prevue_le.isoformat() if decision.prevue_le else None,
        "decidee_par": str(decision.decidee_par),
        "decidee_le": instant_iso(decision.decidee_le, fuseau),
    }


def _notification(notification, fuseau: tzinfo) -> dict[str, Any]:
    simples = ("type", "numero", "motif_retard", "empreinte")
    return {
        **{champ: getattr(notification, champ) for champ in simples},
        "envoyee_le": instant_iso(notification.envoyee_le, fuseau),
        "piece_sha256": notification.piece.sha256 if notification.piece else None,
    }


def _information(faite) -> dict[str, Any]:
    return {
        **{champ: getattr(faite, champ) for champ in ("moyen", "nombre", "message")},
        "faite_le": faite.faite_le.isoformat(),
        "piece_sha256": faite.piece.sha256 if faite.piece else None,
    }


def _evenement(evenement, fuseau: tzinfo) -> dict[str, Any]:
    return {
        "nature": evenement.nature,
        "instant": instant_iso(evenement.instant, fuseau),
        "texte": evenement.texte,
        "auteur": str(evenement.auteur) if evenement.auteur else None,
    }
