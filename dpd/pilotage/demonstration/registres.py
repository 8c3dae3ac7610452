"""Les registres ordinaires : quels modèles, dans quel ordre, et où en est chaque fiche."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

from dpd.accompagnement.enums import SensAvis, SuiteAvis
from dpd.comptes.enums import TypeCollectivite
from dpd.pilotage.demonstration.gestes import (
    Avis,
    Geste,
    adopter,
    conseiller,
    retoucher,
    saisir,
    simple,
    transmettre,
)
from dpd.pilotage.demonstration.retouches import je_ne_sais_pas, oublier_une_duree


class Profil(NamedTuple):
    """``nombre`` de fiches ; leurs états, repris en boucle ; ouverture du registre il y a tant de jours."""

    nombre: int
    etats: tuple[str, ...]
    ouverture: int = 440


PROFILS: Mapping[str, Profil] = MappingProxyType(
    {
        "vide": Profil(0, ()),
        "a_jour": Profil(5, ("adoptee",)),
        "avance": Profil(
            8,
            ("adoptee", "adoptee", "a_completer", "adoptee", "a_relire", "adoptee", "transmise", "adoptee"),
        ),
        "decisions": Profil(6, ("adoptee", "avis", "adoptee", "a_relire", "avis", "a_completer")),
        "milieu": Profil(5, ("adoptee", "a_completer", "question", "adoptee", "a_transmettre")),
        "social": Profil(5, ("adoptee", "adoptee", "transmise", "adoptee", "question")),
        "debut": Profil(4, ("brut", "a_transmettre", "brut", "a_completer"), 75),
        "ville": Profil(
            22,
            (
                *("adoptee", "adoptee", "a_relire", "adoptee", "avis", "adoptee"),
                *("transmise", "adoptee", "a_completer", "revision", "adoptee", "question"),
            ),
        ),
    }
)

_SOCLE = ("etat-civil", "listes-electorales", "comptabilite")
_COMMUNE = (
    *("cimetiere", "paie", "inscriptions-scolaires", "periscolaire-restauration", "salles", "bibliotheque"),
    *("rh-carriere", "conseil-municipal", "associations-subventions", "videoprotection", "ads", "courrier"),
    *("recensement-citoyen", "bulletin-newsletter", "marches-publics", "elus", "site-internet", "messagerie"),
    *("domaine-public-marches", "chiens-dangereux", "temps-absences", "logement-social", "fournisseurs"),
    *("pacs", "debits-boissons", "sve-demarches", "dia-preemption", "plan-communal-sauvegarde"),
)
_EPCI = (
    *("dechets", "paie", "petite-enfance", "marches-publics", "eau-assainissement", "rh-carriere"),
    *("alsh-sejours", "taxe-sejour-meubles", "fiscalite-cadastre-sig", "messagerie", "conseil-municipal"),
    *("ecole-musique", "fournisseurs", "temps-absences", "site-internet"),
)
_CCAS = (
    *("ccas-aide-facultative", "registre-canicule", "ccas-aide-legale", "portage-aide-domicile"),
    *("domiciliation", "comptabilite", "courrier"),
)
_SYNDICAT = (
    *("inscriptions-scolaires", "periscolaire-restauration", "comptabilite", "paie", "regies"),
    *("conseil-municipal", "marches-publics"),
)

AVIS = (
    (Avis(SensAvis.FAVORABLE, "La fiche est complète et claire. Rien à redire."), SuiteAvis.SUIVI, ""),
    (
        Avis(
            SensAvis.FAVORABLE,
            "Les durées suivent le modèle. Pensez à relire la fiche si le logiciel change.",
        ),
        SuiteAvis.SUIVI,
        "",
    ),
    (
        Avis(
            SensAvis.RESERVES,
            "L’essentiel y est. Deux points restent à traiter avant l’été.",
            (
                "Retirer les copies de pièces d’identité gardées dans les dossiers papier.",
                "Faire signer les clauses de l’article 28 au prestataire.",
            ),
        ),
        SuiteAvis.SUIVI,
        "",
    ),
    (
        Avis(
            SensAvis.RESERVES,
            "La finalité est légitime ; l’accès est trop large pour un si petit service.",
            ("Limiter l’accès au dossier à deux agents nommés.",),
        ),
        SuiteAvis.PARTIEL,
        "Trois agents garderont l’accès pendant les congés d’été : le service n’en compte que trois.",
    ),
)


def modeles_de(type_: TypeCollectivite, nombre: int, rang: int) -> list[str]:
    """Les codes des modèles d’un registre ; ``rang`` fait varier le choix d’une collectivité à l’autre."""
    if type_ == TypeCollectivite.COMMUNE:
        tete, suite = _SOCLE, _COMMUNE
    else:
        tete = ()
        suite = {TypeCollectivite.EPCI: _EPCI, TypeCollectivite.CCAS: _CCAS}.get(type_, _SYNDICAT)
    pas = rang % len(suite)
    return [*tete, *suite[pas:], *suite[:pas]][:nombre]


def gestes_de(etat: str, rang: int) -> Sequence[Geste]:
    """Le récit qui mène une fiche ordinaire à cet état."""
    recent = 6 + 5 * rang % 37  # entre une et six semaines
    return _RECITS[etat](recent, rang)


def _adoptee(jours: int, rang: int) -> list[Geste]:
    avis, suite, motif = AVIS[rang % len(AVIS)]
    return [
        saisir(jours + 40),
        transmettre(jours + 33),
        conseiller(jours + 20, avis),
        adopter(jours, suite, motif),
    ]


_RECITS = {
    "brut": lambda recent, rang: [],
    "a_completer": lambda recent, rang: [saisir(recent, oublier_une_duree)],
    "question": lambda recent, rang: [saisir(recent, je_ne_sais_pas)],
    "a_transmettre": lambda recent, rang: [saisir(recent)],
    "transmise": lambda recent, rang: [saisir(recent + 12), transmettre(recent)],
    "avis": lambda recent, rang: [
        saisir(recent + 30),
        transmettre(recent + 22),
        conseiller(recent, AVIS[rang % len(AVIS)][0]),
    ],
    "adoptee": lambda recent, rang: _adoptee(45 + 29 * rang % 250, rang),
    "a_relire": lambda recent, rang: _adoptee(372 + 3 * rang % 20, rang),
    "revision": lambda recent, rang: [
        *_adoptee(200, rang),
        simple("modifier", recent + 5),
        retoucher(recent, je_ne_sais_pas, "Données et durées"),
    ],
}
