"""Ce que partagent les gestes d’une demande : la prendre, franchir une étape, tenir ses délais."""

from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db.models import Max

from dpd.comptes.droits import Acces
from dpd.comptes.models import Collectivite
from dpd.comptes.regles.capacites import Capacite
from dpd.regles.calendrier import Territoire
from subtraitance.enums import RegimeDemande
from subtraitance.models import DemandeDroits
from subtraitance.regles.horloges import DelaiReponse, Suspension, delai_reponse, horloge_transmission
from subtraitance.regles.parametres import parametres_au
from subtraitance.regles.regimes import REGIMES, echeance_du_regime
from subtraitance.regles.transitions import SANS_MOTIF, Geste, TransitionRefusee, transition

FUTUR = "Cette date est dans le futur."
AVANT_RECEPTION = "C’est avant la réception de la demande."
A_LA_COLLECTIVITE = frozenset({Geste.REPONDRE, Geste.REFUSER, Geste.PROLONGER})


def prendre(demande: DemandeDroits) -> DemandeDroits:
    """La demande relue sous verrou, avec sa collectivité."""
    requete = DemandeDroits.objects.select_for_update(no_key=True, of=("self",)).select_related(
        "collectivite__structure"
    )
    return requete.get(pk=demande.pk)


def franchir(demande: DemandeDroits, geste: Geste, auteur, motif: str = "") -> None:
    """Porte sur la demande l’état où mène le geste.

    Donner suite et prolonger appartiennent à la collectivité : qui conseille n’en décide pas, même s’il
    y a aussi un autre rôle (RGPD art. 38-6).

    :raises ValidationError: si l’état, le rôle ou l’absence de motif l’interdit.
    """
    acces = Acces(auteur)
    roles = frozenset(role.value for role in acces.roles(demande.collectivite))
    if geste in A_LA_COLLECTIVITE and acces.peut(Capacite.RENDRE_AVIS, demande.collectivite):
        roles -= {"decideur", "referent"}
    try:
        demande.etat = transition(demande.etat, geste, roles, motif)
    except TransitionRefusee as refus:
        phrase = str(refus)
        raise ValidationError({"motif": phrase} if phrase == SANS_MOTIF else phrase) from refus


def jour_de(demande: DemandeDroits, instant: datetime) -> date:
    """La date civile d’un instant, chez la collectivité."""
    return instant.astimezone(demande.collectivite.fuseau).date()


def refuser_la_date(demande: DemandeDroits, champ: str, date_: date, jour: date) -> None:
    """:raises ValidationError: sous ``champ``, si la date est à venir ou précède la réception."""
    if date_ > jour:
        raise ValidationError({champ: FUTUR})
    if date_ < jour_de(demande, demande.recue_le):
        raise ValidationError({champ: AVANT_RECEPTION})


def rang_suivant(collectivite: Collectivite, annee: int) -> int:
    """Le rang libre de l’année ; prend la collectivité sous verrou."""
    Collectivite.objects.select_for_update(no_key=True).get(pk=collectivite.pk)
    dernier = DemandeDroits.objects.filter(collectivite=collectivite, annee=annee).aggregate(d=Max("rang"))
    return (dernier["d"] or 0) + 1


def delai_de(demande: DemandeDroits, jour: date) -> DelaiReponse:
    """Le mois de l’article 12-3 ce jour-là, suspensions et prolongation comprises."""
    suspensions = [Suspension(s.debut, s.fin) for s in demande.suspensions.all()] if demande.pk else []
    reception = jour_de(demande, demande.recue_le)
    return delai_reponse(
        reception,
        parametres_au(reception),
        prolonge=demande.prolongee,
        suspensions=suspensions,
        repondue_le=demande.repondue_le,
        jour=jour,
    )


def poser_les_delais(demande: DemandeDroits, jour: date) -> None:
    """Les échéances que la réception, les suspensions et la prolongation commandent ; jamais saisies."""
    regime = REGIMES[RegimeDemande(demande.regime or RegimeDemande.RGPD)]
    if regime.prolongeable:
        delai = delai_de(demande, jour)
        demande.echeance, demande.informer_avant = delai.echeance, delai.informer_avant
        return
    demande.echeance = echeance_du_regime(regime, jour_de(demande, demande.recue_le))
    demande.informer_avant = None


def poser_la_transmission(demande: DemandeDroits, heures: int | None = None) -> None:
    """Les 48 heures ouvrées de la structure, à l’heure et aux jours fériés de son territoire."""
    structure = demande.collectivite.structure
    parametres = parametres_au(jour_de(demande, demande.recue_le))
    horloge = horloge_transmission(
        demande.recue_le, Territoire(structure.territoire), parametres, heures=heures
    )
    demande.echeance_transmission = horloge.echeance
