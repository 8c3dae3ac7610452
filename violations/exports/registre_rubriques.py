"""Ce que le registre dit d’une violation (RGPD art. 33-5), rubrique par rubrique, en toutes lettres."""

from collections.abc import Callable, Iterator
from datetime import datetime, tzinfo

from violations.affichage_listes import ETATS, qui_court
from violations.enums import (
    Cause,
    DonneesTouchees,
    EtatViolation,
    GraviteCnil,
    MotifSansInformation,
    MoyenInformation,
    NatureEvenement,
    NatureViolation,
    Origine,
    PersonnesTouchees,
    Prejudice,
    Question,
    SourceConnaissance,
    TypeNotification,
)
from violations.exports.registre_lecture import Lue
from violations.exports.registre_mots import OUI_NON, date_dite, instant_dit, libelle, libelles
from violations.models import DecisionViolation
from violations.regles.durees import duree_dite
from violations.regles.faits_cnil import Fourchette
from violations.regles.horloges import EtatHorloge

Lignes = Iterator[tuple[str, str]]


def rubriques(lue: Lue, maintenant: datetime) -> tuple[tuple[str, tuple[tuple[str, str], ...]], ...]:
    """(titre, ((libellé, texte)…)) ; les mêmes libellés pour toutes, un texte vide s’il n’y a rien à dire."""
    fuseau = lue.violation.collectivite.fuseau
    return (
        ("Dossier", tuple(_dossier(lue, fuseau))),
        ("Instants", tuple(_instants(lue, fuseau, maintenant))),
        ("Faits", tuple(_faits(lue))),
        ("Données et personnes", tuple(_touches(lue))),
        ("Conséquences et évaluation", tuple(_evaluation(lue, fuseau))),
        ("Mesures et prestataires", tuple(_mesures(lue, fuseau))),
        ("Avis du DPD", tuple(_avis(lue, fuseau))),
        ("Décisions du responsable", tuple(_decisions(lue, fuseau))),
        ("Notification à la CNIL", tuple(_notification(lue, fuseau))),
        ("Information des personnes", tuple(_information(lue))),
        ("Suites", tuple(_suites(lue, fuseau))),
    )


def _dossier(lue: Lue, fuseau: tzinfo) -> Lignes:
    v = lue.violation
    yield "N°", v.numero
    yield "Violation", v.titre
    yield "Organisme", v.collectivite.denomination
    yield "SIREN", v.collectivite.siren
    yield "État", ETATS[EtatViolation(v.etat)].libelle
    yield "Incident", f"{v.incident.numero}, {v.incident.origine_dite}" if v.incident else ""
    yield "Déclarée le", instant_dit(v.declaree_le, fuseau)
    yield "Déclarée par", str(v.declaree_par)


def _instants(lue: Lue, fuseau: tzinfo, maintenant: datetime) -> Lignes:
    v = lue.violation
    yield "Début", instant_dit(v.debut, fuseau)
    yield "Fin", "encore en cours" if v.en_cours else instant_dit(v.fin, fuseau)
    yield "Détectée le", instant_dit(v.detection, fuseau)
    yield "Connue du responsable le", instant_dit(v.connaissance, fuseau)
    yield "Connue du DPD le", instant_dit(v.connaissance_dpd, fuseau)
    yield "Comment on l’a su", libelle(v.source, SourceConnaissance)
    yield "À notifier avant le", instant_dit(v.echeance_notification, fuseau)
    yield "Délai de 72 heures", delai_dit(lue, maintenant)
    yield "À compléter avant le", instant_dit(v.echeance_complement, fuseau)


def delai_dit(lue: Lue, maintenant: datetime) -> str:
    """« tenu en 46 h », « dépassé de 3 h », « écarté » ou « en cours »."""
    v, horloge = lue.violation, lue.violation.horloge
    etat = horloge.etat(maintenant)
    if etat is EtatHorloge.TENUE:
        return f"tenu, notifiée en {duree_dite(horloge.ecoule(maintenant))}"
    if etat is EtatHorloge.TENUE_EN_RETARD:
        return f"dépassé de {duree_dite(horloge.reste(maintenant))}"
    if not qui_court(v):
        return "sans objet, notification écartée"
    return "dépassé, pas encore notifiée" if etat is EtatHorloge.DEPASSEE else "en cours"


def _faits(lue: Lue) -> Lignes:
    v = lue.violation
    yield "Ce qui s’est passé", v.recit
    yield "Nature", libelles(v.natures, NatureViolation)
    yield "Origine", libelle(v.origine, Origine, v.origine_precision)
    yield "Cause", libelle(v.cause, Cause, v.cause_precision)


def _touches(lue: Lue) -> Lignes:
    v = lue.violation
    yield "Données touchées", libelles(v.donnees, DonneesTouchees, v.donnees_precision)
    yield "Enregistrements", Fourchette(v.enregistrements_min, v.enregistrements_max).dite("enregistrement")
    yield "Personnes touchées", libelles(v.personnes, PersonnesTouchees, v.personnes_precision)
    yield "Nombre de personnes", Fourchette(v.personnes_min, v.personnes_max).dite("personne")
    yield "Traitements touchés", "\n".join(str(lien) for lien in lue.traitements)


def _evaluation(lue: Lue, fuseau: tzinfo) -> Lignes:
    v = lue.violation
    yield "Conséquences probables", v.consequences
    yield "Préjudices possibles", libelles(v.prejudices, Prejudice)
    yield "Gravité (échelle de la CNIL)", libelle(v.gravite, GraviteCnil)
    yield "Cotation ENISA, en aide", f"SE = {v.enisa['score']}" if v.enisa.get("score") else ""
    evalue = lue.avis[-1] if lue.avis else None
    yield "Risque estimé par le DPD", evalue.get_risque_display() if evalue else ""
    yield "Gravité estimée par le DPD", evalue.get_gravite_display() if evalue else ""
    yield "Estimé par", f"{evalue.rendu_par}, {instant_dit(evalue.rendu_le, fuseau)}" if evalue else ""


def _mesures(lue: Lue, fuseau: tzinfo) -> Lignes:
    v = lue.violation
    yield "Mesures en place avant", v.mesures_avant
    yield "Mesures prises depuis", v.mesures_apres
    yield "Prestataires", "\n".join(_prestataire(p, fuseau) for p in lue.prestataires)


def _prestataire(implique, fuseau: tzinfo) -> str:
    """« Logi-Quercy, l’a su le…, nous a prévenus le… »."""
    dits = (("l’a su le", implique.connaissance), ("nous a prévenus le", implique.prevenu_le))
    suite = [f"{mots} {instant_dit(instant, fuseau)}" for mots, instant in dits if instant]
    return ", ".join([str(implique), *suite])


def _avis(lue: Lue, fuseau: tzinfo) -> Lignes:
    avis = lue.avis[-1] if lue.avis else None

    def dire(texte: Callable) -> str:
        return texte(avis) if avis else ""

    yield "Avis rendu le", dire(lambda a: instant_dit(a.rendu_le, fuseau))
    yield "Avis rendu par", dire(lambda a: str(a.rendu_par))
    yield "Conseil\u00a0: notifier la CNIL", dire(lambda a: OUI_NON[a.conseil_notifier])
    yield "Conseil\u00a0: informer les personnes", dire(lambda a: OUI_NON[a.conseil_informer])
    yield "Pourquoi", dire(lambda a: a.raisons)
    yield "Ce que l’on sait", dire(lambda a: a.sait)
    yield "Ce que l’on ignore encore", dire(lambda a: a.ignore)


def _decisions(lue: Lue, fuseau: tzinfo) -> Lignes:
    courantes = {d.question: d for d in lue.decisions if d.courante}
    for question in Question:
        decision = courantes.get(question)
        titre = question.label
        yield titre, OUI_NON[decision.reponse] if decision else ""
        yield f"{titre}\u00a0: motif", motif_dit(decision) if decision else ""
        yield f"{titre}\u00a0: décidé par", str(decision.decidee_par) if decision else ""
        yield f"{titre}\u00a0: décidé le", instant_dit(decision.decidee_le, fuseau) if decision else ""
        yield f"{titre}\u00a0: suit l’avis du DPD", OUI_NON[decision.suit_avis] if decision else ""


def motif_dit(decision: DecisionViolation) -> str:
    """La raison de l’article 34 s’il y en a une, puis le motif écrit."""
    return "\n".join(t for t in (libelle(decision.motif_34, MotifSansInformation), decision.motif) if t)


def _notification(lue: Lue, fuseau: tzinfo) -> Lignes:
    initiales = [n for n in lue.notifications if n.type != TypeNotification.COMPLEMENTAIRE]
    suites = [n for n in lue.notifications if n.type == TypeNotification.COMPLEMENTAIRE]
    initiale = initiales[0] if initiales else None
    yield "Notifiée le", instant_dit(initiale.envoyee_le, fuseau) if initiale else ""
    yield "Type d’envoi", initiale.get_type_display() if initiale else ""
    yield "Numéro donné par la CNIL", initiale.numero if initiale else ""
    yield "Motifs du retard", initiale.motif_retard if initiale else ""
    yield "Compléments", "\n".join(f"n° {n.numero}, {instant_dit(n.envoyee_le, fuseau)}" for n in suites)


def _information(lue: Lue) -> Lignes:
    faites = lue.informations
    yield "Personnes informées", "\n".join(f"{date_dite(f.faite_le)}, {_moyen(f)}" for f in faites)
    yield "Texte remis", "\n\n".join(f.message for f in faites)
    yield "Message préparé", "" if faites else lue.violation.message_personnes


def _moyen(faite) -> str:
    moyen = MoyenInformation(faite.moyen).label.lower()
    return (
        moyen
        if faite.nombre is None
        else f"{moyen}, {Fourchette(faite.nombre, faite.nombre).dite('personne')}"
    )


def _suites(lue: Lue, fuseau: tzinfo) -> Lignes:
    v = lue.violation
    closes = [e for e in lue.evenements if e.nature == NatureEvenement.CLOTURE]
    close = closes[-1] if closes and v.etat == EtatViolation.CLOSE else None
    yield "Touche d’autres pays de l’Union", OUI_NON[v.transfrontaliere]
    yield "Autres autorités prévenues", v.autres_autorites
    yield "Preuves", "\n".join(f"{p} ({p.piece.nom}), SHA-256 {p.piece.sha256}" for p in lue.pieces)
    yield "Close le", instant_dit(close.instant, fuseau) if close else ""
    yield "Close par", str(close.auteur) if close and close.auteur else ""
    yield "Leçon tirée", v.lecon
