"""Ce que montre la page d’un départ : où il en est, ce qui vient et par qui, les comptes qu’il laisse."""

from dataclasses import dataclass

from django.db.models import Q

from dpd.accompagnement.models import Question
from dpd.comptes.droits import ayant_un_role_ailleurs, habilitations_de
from dpd.comptes.enums import Role
from dpd.comptes.models import Utilisateur
from dpd.comptes.regles.capacites import Capacite
from dpd.conventions.actions.depart import CHANGE
from dpd.conventions.models import Depart
from dpd.conventions.regles.depart import FaitsDuDepart, GesteDepart, prochain, refus
from dpd.conventions.regles.en_clair import le_jour
from dpd.pilotage.depart.acces import peut_conduire
from dpd.pilotage.depart.contenu import pieces_de
from registre.models import VersionTraitement

PAR_LE_DECIDEUR = "par le décideur de la collectivité"
PAR_LA_STRUCTURE = "par le gestionnaire ou le DPD"
# Le geste, ce que dit son bouton, sa page, et qui le fait.
GESTES = (
    (GesteDepart.RECEVOIR, "Attester la réception", "pilotage:recevoir_depart", PAR_LE_DECIDEUR),
    (GesteDepart.CHOISIR, "Choisir le sort des données", "pilotage:sort_depart", PAR_LE_DECIDEUR),
    (GesteDepart.VISER, "Noter le visa", "pilotage:viser_depart", PAR_LA_STRUCTURE),
    (GesteDepart.DETRUIRE, "Constater la destruction", "pilotage:detruire_depart", PAR_LA_STRUCTURE),
    (GesteDepart.CLORE, "Clore le départ", "pilotage:clore_depart", PAR_LA_STRUCTURE),
)
CORRIGER = {
    GesteDepart.CHOISIR: "Changer le sort des données",
    GesteDepart.VISER: "Corriger le visa",
}


@dataclass(frozen=True, slots=True)
class GesteMontre:
    """``permis`` : la personne en a le rôle ; ``refus`` : ce qui l’empêche encore, pour tous."""

    libelle: str
    vue: str
    qui: str
    permis: bool
    refus: tuple[str, ...]
    principal: bool


def gestes(depart: Depart, faits: FaitsDuDepart, acces, *, change: bool) -> list[GesteMontre]:
    """Ceux qui restent, dans l’ordre ; un choix ou un visa déjà noté ne se montre qu’à qui le corrige.

    ``change`` : le contenu a changé depuis l’archive ; on n’atteste donc pas l’avoir reçu, et rien ne se
    détruit.
    """
    collectivite, suivant = depart.collectivite, prochain(faits)
    permis = {
        PAR_LE_DECIDEUR: acces.peut(Capacite.DECIDER, collectivite),
        PAR_LA_STRUCTURE: peut_conduire(acces, collectivite),
    }
    depasse = {GesteDepart.RECEVOIR, GesteDepart.DETRUIRE} if change else set()
    montres = []
    for geste, libelle, vue, qui in GESTES:
        if not _reste(geste, faits) or (_est_note(geste, faits) and not permis[qui]):
            continue
        phrases = (*refus(geste, faits), *((CHANGE,) if geste in depasse else ()))
        dit = CORRIGER[geste] if _est_note(geste, faits) else libelle
        montres.append(GesteMontre(dit, vue, qui, permis[qui], phrases, geste == suivant))
    return montres


def _reste(geste: GesteDepart, faits: FaitsDuDepart) -> bool:
    if faits.clos:
        return False
    return {
        GesteDepart.RECEVOIR: not faits.recu_le,
        GesteDepart.CHOISIR: not faits.detruit_le,
        GesteDepart.VISER: faits.sous_visa and not faits.detruit_le,
        GesteDepart.DETRUIRE: bool(faits.sort) and not faits.detruit_le,
        GesteDepart.CLORE: True,
    }[geste]


def _est_note(geste: GesteDepart, faits: FaitsDuDepart) -> bool:
    """Vrai pour un choix fait ou un visa noté, qui peuvent encore se corriger."""
    return bool(faits.sort if geste == GesteDepart.CHOISIR else geste == GesteDepart.VISER and faits.vise_le)


@dataclass(frozen=True, slots=True)
class Jalon:
    titre: str
    detail: str
    classe: str


def jalons(depart: Depart, faits: FaitsDuDepart) -> list[Jalon]:
    """Les étapes du départ, faites ou à faire ; le visa seulement si la destruction est choisie."""
    suivant, fuseau = prochain(faits), depart.collectivite.fuseau

    def etape(geste: GesteDepart | None, titre: str, fait: str) -> Jalon:
        classe = "faite" if fait else "encours" if geste == suivant else ""
        return Jalon(titre, fait or ("à faire" if geste == suivant else "ensuite"), classe)

    def jour(instant) -> str:
        return le_jour(instant.astimezone(fuseau).date()) if instant else ""

    def date(quand) -> str:
        return le_jour(quand) if quand else ""

    suite = [
        etape(None, "Départ ouvert", jour(depart.ouvert_le)),
        etape(GesteDepart.EXPORTER, "Archive remise", jour(depart.exporte_le)),
        etape(GesteDepart.RECEVOIR, "Réception attestée", date(faits.recu_le)),
        etape(GesteDepart.CHOISIR, "Sort des données", depart.get_sort_display()),
    ]
    if faits.sous_visa:
        suite.append(etape(GesteDepart.VISER, "Visa des archives", date(faits.vise_le)))
    suite.append(etape(GesteDepart.DETRUIRE, "Destruction constatée", date(faits.detruit_le)))
    return [*suite, etape(GesteDepart.CLORE, "Départ clos", jour(depart.clos_le))]


@dataclass(frozen=True, slots=True)
class CompteAFermer:
    """``ailleurs`` : le compte sert aussi ailleurs, son rôle se retire mais il reste ouvert."""

    personne: Utilisateur
    roles: tuple[Role, ...]
    ailleurs: bool


def comptes_a_fermer(collectivite) -> list[CompteAFermer]:
    """Les comptes ouverts qui ont un rôle dans la collectivité ; trois requêtes."""
    roles: dict[Utilisateur, list[Role]] = {}
    for personne, role in habilitations_de(collectivite):
        if personne.is_active:
            roles.setdefault(personne, []).append(role)
    ailleurs = ayant_un_role_ailleurs(collectivite, [personne.pk for personne in roles])
    return [CompteAFermer(p, tuple(r), p.pk in ailleurs) for p, r in roles.items()]


def contenu_change(depart: Depart) -> bool:
    """Vrai si le registre, une question ou une pièce a changé depuis l’archive remise."""
    depuis, collectivite = depart.exporte_le, depart.collectivite
    if depuis is None:
        return False
    return (
        VersionTraitement.objects.filter(collectivite=collectivite, modifie_le__gt=depuis).exists()
        or pieces_de(collectivite).filter(Q(deposee_le__gt=depuis) | Q(retiree_le__gt=depuis)).exists()
        or Question.objects.filter(
            Q(posee_le__gt=depuis) | Q(repondue_le__gt=depuis), collectivite=collectivite
        ).exists()
    )


def constatee_par(depart: Depart) -> str:
    """Qui a constaté la destruction, ou vide ; l’historique le sait."""
    constat = depart.history.filter(detruit_le__isnull=False).select_related("history_user")
    ligne = constat.order_by("history_date", "history_id").first()
    return str(ligne.history_user) if ligne and ligne.history_user else ""
