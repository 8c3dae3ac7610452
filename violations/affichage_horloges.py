"""Les horloges telles qu’on les lit : ce qui reste, jusqu’à quand, la règle, et la frise."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from dpd.regles.etiquette import Etiquette
from violations.affichage import Heures
from violations.enums import EtatViolation
from violations.models import DecisionViolation, PrestataireImplique, Violation
from violations.regles.durees import duree_dite, heures_dites, jour_relatif
from violations.regles.frise import Frise, frise
from violations.regles.horloges import EtatHorloge, Horloge

ARRETEES = (EtatHorloge.TENUE, EtatHorloge.TENUE_EN_RETARD)
REGLE = (
    "{duree} d’horloge depuis que vous le savez, nuits et week-end compris (art. 33 du RGPD). "
    "Passé ce délai, la notification reste possible, avec les motifs du retard."
)
REGLE_ECARTEE = (
    "Le motif est conservé au registre et la CNIL peut le demander (art. 33-5). "
    "Si le responsable revient sur sa décision, l’horloge repart du même instant."
)
REGLE_COMPLEMENT = (
    "Un envoi initial incomplet se complète sans retard (art. 33-4)\u202f; {duree} d’usage pour la CNIL. "
    "Ce délai est souple."
)
REGLE_PRESTATAIRE = {
    EtatHorloge.TENUE: "Vos {vous} partent de votre propre connaissance, pas de la sienne.",
    EtatHorloge.TENUE_EN_RETARD: (
        "Ce retard n’entame pas vos {vous}\u00a0: elles partent de votre propre connaissance."
    ),
}
REGLE_PRESTATAIRE_EN_COURS = (
    "Un prestataire prévient son client dans les meilleurs délais (art. 33-2)\u00a0; "
    "ici, {duree} depuis qu’il l’a su."
)


@dataclass(frozen=True, slots=True)
class HorlogeVue:
    """Ce que montre la page. ``allure`` : « », « urgente » ou « arretee » ; ``reste`` s’écrit en gros.

    ``instant`` : l’échéance à écrire après ``suite`` ; vide si ``suite`` se suffit.
    """

    cle: str
    titre: str
    etiquette: Etiquette
    reste: str
    suite: str
    instant: datetime | None
    instant_dit: str
    instant_dpd: str
    allure: str
    frise: Frise
    libelle: str
    regle: str
    colonne: str = "col-12"


def horloges_vues(
    violation: Violation,
    prestataires: Iterable[PrestataireImplique],
    ecartee: DecisionViolation | None,
    heures: Heures,
    maintenant: datetime,
) -> list[HorlogeVue]:
    """Les horloges du dossier, celles qui courent d’abord.

    :param ecartee: la décision de ne pas notifier, si elle vaut aujourd’hui ; elle arrête les 72 heures.
    """
    vues = [_notification(violation, ecartee, heures, maintenant)]
    if complement := violation.horloge_complement:
        vues.append(_complement(complement, heures, maintenant))
    vous = heures_dites(violation.horloge.duree)
    vues += [
        _prestataire(implique, implique.horloge, vous, heures, maintenant)
        for implique in prestataires
        if implique.horloge is not None
    ]
    vues.sort(key=lambda vue: vue.allure == "arretee")
    return list(_placer(vues))


def _placer(vues: list[HorlogeVue]) -> Iterator[HorlogeVue]:
    """Deux par ligne, la première plus large ; seule sur sa ligne, une horloge la prend toute."""
    for rang, vue in enumerate(vues):
        derniere_seule = rang == len(vues) - 1 and rang % 2 == 0
        large = "col-12" if derniere_seule else ("col-lg-7", "col-lg-5")[rang % 2]
        yield replace(vue, colonne=large)


def _notification(
    violation: Violation, ecartee: DecisionViolation | None, heures: Heures, maintenant: datetime
) -> HorlogeVue:
    horloge = violation.horloge
    regle = REGLE.format(duree=heures_dites(horloge.duree))
    if ecartee is not None and horloge.arretee_le is None:
        arretee = replace(horloge, arretee_le=ecartee.decidee_le)
        return replace(
            horloge_vue("cnil", "Notifier la CNIL", arretee, heures, maintenant, regle=REGLE_ECARTEE),
            etiquette=Etiquette("Arrêtée par la décision", "", "pen"),
            reste="Ne pas notifier",
            suite="décidé",
            instant=ecartee.decidee_le,
            instant_dit=heures.quand(ecartee.decidee_le),
            instant_dpd=heures.chez_le_dpd(ecartee.decidee_le),
            libelle=f"Le responsable a décidé de ne pas notifier, {heures.quand(ecartee.decidee_le)}",
        )
    titre = "Notifier la CNIL"
    if not horloge.arretee_le:
        titre += ", comme décidé" if violation.etat == EtatViolation.DECIDEE else ", si vous le décidez"
    return horloge_vue("cnil", titre, horloge, heures, maintenant, regle=regle)


def _complement(horloge: Horloge, heures: Heures, maintenant: datetime) -> HorlogeVue:
    regle = REGLE_COMPLEMENT.format(duree=heures_dites(horloge.duree))
    vue = horloge_vue("complement", "Compléter la notification", horloge, heures, maintenant, regle=regle)
    if vue.allure == "urgente":  # un délai souple ne crie pas
        vue = replace(
            vue, allure="", etiquette=vue.etiquette._replace(ton="attention", icone="clock-history")
        )
    return vue


def _prestataire(
    implique: PrestataireImplique, horloge: Horloge, vous: str, heures: Heures, maintenant: datetime
) -> HorlogeVue:
    verbe = "devait" if horloge.arretee_le else "doit"
    regle = REGLE_PRESTATAIRE.get(horloge.etat(maintenant), REGLE_PRESTATAIRE_EN_COURS)
    return horloge_vue(
        f"prestataire-{implique.pk}",
        f"{implique} {verbe} vous prévenir",
        horloge,
        heures,
        maintenant,
        regle=regle.format(vous=vous, duree=heures_dites(horloge.duree)),
    )


def horloge_vue(
    cle: str, titre: str, horloge: Horloge, heures: Heures, maintenant: datetime, *, regle: str
) -> HorlogeVue:
    """Une horloge, telle que toute page la montre ; ``cle`` : unique dans la page."""
    etat = horloge.etat(maintenant)
    reste, suite, libelle = _mots(horloge, etat, maintenant)
    arretee = etat in ARRETEES
    instant = None if arretee else horloge.echeance
    return HorlogeVue(
        cle=cle,
        titre=titre,
        etiquette=_etiquette(horloge, etat, heures, maintenant),
        reste=reste,
        suite=suite,
        instant=instant,
        instant_dit=heures.quand(instant) if instant else "",
        instant_dpd=heures.chez_le_dpd(instant) if instant else "",
        allure="arretee" if arretee else "" if etat is EtatHorloge.COURT else "urgente",
        frise=frise(horloge, maintenant, heures.fuseau),
        libelle=libelle,
        regle=regle,
    )


def _mots(horloge: Horloge, etat: EtatHorloge, maintenant: datetime) -> tuple[str, str, str]:
    """Ce qui s’écrit en gros, ce qui le suit, et la phrase qui remplace le dessin."""
    duree, ecoule = heures_dites(horloge.duree), duree_dite(horloge.ecoule(maintenant))
    ecart = duree_dite(horloge.reste(maintenant))
    passe = f"Temps écoulé\u00a0: {ecoule} sur {duree}"
    if etat is EtatHorloge.TENUE:
        return ecoule, f"sur {duree}, avec {ecart} d’avance", f"Fait en {ecoule} sur {duree}"
    if etat is EtatHorloge.TENUE_EN_RETARD:
        return ecoule, f"au lieu de {duree}", f"Fait en {ecoule} au lieu de {duree}"
    if etat is EtatHorloge.DEPASSEE:
        return ecart, "de retard, c’était avant", f"{passe}\u202f; {ecart} de retard"
    return ecart, "avant", f"{passe}\u202f; il reste {ecart}"


def _etiquette(horloge: Horloge, etat: EtatHorloge, heures: Heures, maintenant: datetime) -> Etiquette:
    fin = jour_relatif(horloge.echeance, maintenant, heures.fuseau)
    return {
        EtatHorloge.COURT: Etiquette(f"Se termine {fin}", "accent", "hourglass-split"),
        EtatHorloge.DERNIERES_HEURES: Etiquette(f"Se termine {fin}", "urgence", "exclamation-octagon-fill"),
        EtatHorloge.DEPASSEE: Etiquette("Délai dépassé", "urgence", "exclamation-octagon-fill"),
        EtatHorloge.TENUE: Etiquette("Dans les temps", "fait", "check-circle-fill"),
        EtatHorloge.TENUE_EN_RETARD: Etiquette(
            f"Hors délai de {duree_dite(horloge.reste(maintenant))}", "attention", "clock-history"
        ),
    }[etat]
