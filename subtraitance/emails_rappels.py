"""Les rappels des demandes de droits : un dossier attend, jusqu’à quand ; jamais le demandeur ni ses mots."""

from collections.abc import Iterable
from datetime import date, datetime

from django.urls import reverse

from dpd.comptes.droits import personnes_de
from dpd.comptes.enums import Role
from dpd.comptes.models import Collectivite
from dpd.messagerie.envoi import adresse
from dpd.messagerie.masse import Pli, envoyer_en_masse
from dpd.regles.calendrier import Territoire, fuseau
from dpd.regles.typographie import compte, date_longue, instant_long
from subtraitance.emails import adresse_de
from subtraitance.models import DemandeDroits
from subtraitance.regles.rappels import Palier
from subtraitance.regles.regimes import recours_de, suit_le_rgpd, texte_dit

PREFIXE = "subtraitance.rappel_"


def rappeler_la_transmission(
    *, demande: DemandeDroits, palier: Palier, cle: str, maintenant: datetime
) -> bool:
    """À qui transmet : les agents de la structure et le DPD."""
    structure = demande.collectivite.structure
    numero = (demande.collectivite.siren, demande.annee, demande.rang)
    echeance = demande.echeance_transmission
    return _partir(
        "transmission",
        demande.collectivite,
        personnes_de(structure, Role.AGENT, Role.DPD),
        cle,
        maintenant,
        objet=demande,
        demande=demande,
        passe=palier == Palier.TRANSMISSION_PASSEE,
        a_transmettre=instant_long(echeance.astimezone(fuseau(Territoire(structure.territoire)))),
        adresse=adresse(reverse("subtraitance:transmettre", args=numero)),
    )


def rappeler_la_reponse(*, demande: DemandeDroits, palier: Palier, cle: str, maintenant: datetime) -> bool:
    """À qui répond, et au DPD."""
    return _partir(
        "reponse",
        demande.collectivite,
        _avec_le_dpd(demande.collectivite, Role.REFERENT, Role.DECIDEUR),
        cle,
        maintenant,
        objet=demande,
        demande=demande,
        passe=palier == Palier.REPONSE_PASSEE,
        echeance=date_longue(demande.echeance),
        texte_du_droit=texte_dit(demande.regime),
        recours=recours_de(demande.regime),
        prolongeable=suit_le_rgpd(demande.regime),
        adresse=adresse_de(demande),
    )


def rappeler_la_suspension(*, demande: DemandeDroits, debut: date, cle: str, maintenant: datetime) -> bool:
    """Au référent : le demandeur ne répond pas."""
    return _partir(
        "suspension",
        demande.collectivite,
        personnes_de(demande.collectivite, Role.REFERENT),
        cle,
        maintenant,
        objet=demande,
        demande=demande,
        debut=date_longue(debut),
        adresse=adresse_de(demande),
    )


def rappeler_l_effacement(*, collectivite: Collectivite, nombre: int, cle: str, maintenant: datetime) -> bool:
    """Au décideur : des demandes sont à effacer."""
    return _partir(
        "effacement",
        collectivite,
        personnes_de(collectivite, Role.DECIDEUR),
        cle,
        maintenant,
        objet=collectivite,
        demandes=compte(nombre, "demande"),
        adresse=adresse(reverse("subtraitance:demandes_a_effacer", args=[collectivite.siren])),
    )


def _avec_le_dpd(collectivite: Collectivite, *roles: Role) -> list:
    return [*personnes_de(collectivite, *roles), *personnes_de(collectivite.structure, Role.DPD)]


def _partir(
    sujet: str,
    collectivite: Collectivite,
    personnes: Iterable,
    cle: str,
    maintenant: datetime,
    *,
    objet,
    **dits,
) -> bool:
    """Un courriel par personne, clé comprise ; vrai s’il en part un au moins."""
    plis = [
        Pli(
            destinataire=personne.email,
            contexte={"collectivite": collectivite, **dits},
            cle=f"{cle}:{personne.pk}",
            utilisateur=personne,
            collectivite=collectivite,
            objet=objet,
        )
        for personne in personnes
    ]
    gabarit = f"subtraitance/emails/rappel_{sujet}"
    return bool(envoyer_en_masse(f"{PREFIXE}{sujet}", gabarit=gabarit, plis=plis, maintenant=maintenant))
