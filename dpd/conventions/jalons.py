"""La vie d’une convention en cinq jalons, et ce qu’elle attend aujourd’hui."""

from dataclasses import dataclass
from datetime import date

from dpd.conventions.enums import Reconduction, ReglePhase
from dpd.conventions.lecture import ConventionLue
from dpd.conventions.regles.en_clair import duree, le_jour
from dpd.conventions.regles.situation import FINIES
from dpd.conventions.regles.tarifs import Phase
from dpd.conventions.regles.vie import EtatConvention
from dpd.regles.mois import meme_quantieme
from dpd.regles.typographie import INSECABLE, compte

FAITE, ENCOURS, A_VENIR = "faite", "encours", ""


@dataclass(frozen=True, slots=True)
class Jalon:
    classe: str
    titre: str
    detail: str


def jalons(lue: ConventionLue, jour: date) -> tuple[Jalon, ...]:
    """Signature, mise en place, accompagnement, échéance, dénonciation."""
    if lue.convention.abandonnee_le is not None:
        quand = le_jour(lue.convention.abandonnee_le)
        return (_signature(lue), Jalon(FAITE, "Projet abandonné", quand))
    if lue.situation.effet is None:
        return (_signature(lue), Jalon(A_VENIR, "Mise en place", "elle s’ouvre à la seconde signature"))
    suite = (_fin(lue),) if lue.fin or lue.situation.etat in FINIES else (_echeance(lue), _denonciation(lue))
    return (_signature(lue), _mise_en_place(lue), _accompagnement(lue, jour), *suite)


def _signature(lue: ConventionLue) -> Jalon:
    convention = lue.convention
    if lue.situation.effet is not None:
        return Jalon(FAITE, "Signée par les deux parties", f"{le_jour(lue.situation.effet)}, date d’effet")
    dites = [
        f"{qui} a signé le {le_jour(quand)}" if quand else f"{qui} n’a pas signé"
        for qui, quand in (
            ("la collectivité", convention.signee_collectivite_le),
            ("la structure", convention.signee_structure_le),
        )
    ]
    if lue.situation.etat == EtatConvention.ABANDONNEE:
        return Jalon(A_VENIR, "Jamais signée par les deux parties", ", ".join(dites))
    return Jalon(ENCOURS, "À signer", ", ".join(dites))


def _mise_en_place(lue: ConventionLue) -> Jalon:
    avance = lue.avancement
    combien = (
        f"{compte(avance.faites, 'action')} sur {avance.total}" if avance.total else "aucune étape prévue"
    )
    passee = lue.phase is not Phase.MISE_EN_PLACE and lue.situation.etat != EtatConvention.A_VENIR
    if lue.situation.etat == EtatConvention.A_VENIR:
        return Jalon(A_VENIR, "Mise en place", combien)
    return Jalon(FAITE if passee else ENCOURS, "Mise en place", combien)


def _debut_accompagnement(lue: ConventionLue) -> date | None:
    convention = lue.convention
    if convention.bascule_le is not None:
        return convention.bascule_le
    if convention.modele.regle_phase == ReglePhase.PREMIER_EXERCICE and convention.date_effet:
        return meme_quantieme(convention.date_effet, 12)
    return None


def _accompagnement(lue: ConventionLue, jour: date) -> Jalon:
    debut, finie = _debut_accompagnement(lue), lue.situation.etat in FINIES
    if debut is None:
        return Jalon(A_VENIR, "Accompagnement", "quand le bilan de la mise en place sera fait")
    if lue.situation.fin is not None and debut > lue.situation.fin:
        return Jalon(A_VENIR, "Accompagnement", "elle finit avant")
    if debut > jour:
        return Jalon(A_VENIR, "Accompagnement", f"à partir du {le_jour(debut)}")
    return Jalon(FAITE if finie else ENCOURS, "Accompagnement", f"depuis le {le_jour(debut)}")


def _fin(lue: ConventionLue) -> Jalon:
    fin, finie = lue.situation.fin, lue.situation.etat in FINIES
    titre = lue.fin.get_cause_display() if lue.fin else "Fin"
    detail = f"dernier jour le {le_jour(fin)}" if fin else ""
    return Jalon(FAITE if finie else ENCOURS, titre, detail)


def _echeance(lue: ConventionLue) -> Jalon:
    situation = lue.situation
    if situation.renouvellement is not None:
        return Jalon(
            A_VENIR,
            "Renouvellement exprès",
            f"à présenter au plus tard le {le_jour(situation.renouvellement.limite)}",
        )
    if situation.echeance is None:
        return Jalon(A_VENIR, "Sans terme", "elle court tant que personne ne la dénonce")
    if lue.convention.clauses.reconduction == Reconduction.TACITE:
        return Jalon(A_VENIR, "Prochaine reconduction", f"{le_jour(situation.echeance)}, tacite")
    return Jalon(A_VENIR, "Terme", f"{le_jour(situation.echeance)}, sans reconduction")


def _denonciation(lue: ConventionLue) -> Jalon:
    ouverte, clauses = lue.situation.denonciation, lue.convention.clauses
    if ouverte is None or ouverte.limite is None:
        return Jalon(
            A_VENIR, "Dénonciation possible", f"à tout moment, préavis de {duree(clauses.preavis_mois or 0)}"
        )
    encore = "à nouveau jusqu’au" if lue.situation.reconduite else "jusqu’au"
    return Jalon(A_VENIR, "Dénonciation possible", f"{encore} {le_jour(ouverte.limite)}")


def a_faire(lue: ConventionLue, jour: date) -> str:
    """La phrase sous le titre : ce que la convention attend, ou rien."""
    situation, ouverte = lue.situation, lue.situation.renouvellement
    if situation.etat == EtatConvention.PROJET:
        return "La convention attend ses signatures."
    if situation.etat == EtatConvention.ABANDONNEE:
        return "Ce projet est abandonné\u00a0: il n’a jamais pris effet."
    if situation.etat in FINIES:
        return "Cette convention a pris fin. Il en faut une nouvelle pour continuer."
    if lue.fin is not None and situation.fin is not None:
        return f"La convention est dénoncée{INSECABLE}: son dernier jour est le {le_jour(situation.fin)}."
    if ouverte is not None and jour <= ouverte.limite:
        return f"À renouveler expressément au plus tard le {le_jour(ouverte.limite)}, sinon elle s’éteint."
    if lue.convention.piece_id is None:
        return "Il manque une seule chose\u00a0: l’exemplaire signé n’est pas déposé."
    return "Rien à faire aujourd’hui."
