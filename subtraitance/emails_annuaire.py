"""Les courriels de l’annuaire et des contrats : ce qui change, ce qui expire, ce qui attend une décision.

Un courriel dit le fait et mène à la page ; ni nom d’habitant, ni texte libre d’un dossier.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime

from django.urls import reverse

from dpd.comptes.destinataires import Destinataire, destinataires
from dpd.comptes.droits import personnes_de
from dpd.comptes.enums import Role
from dpd.messagerie.envoi import adresse, envoyer
from dpd.messagerie.masse import Pli, envoyer_en_masse
from dpd.regles.typographie import date_longue
from subtraitance.enums import RegimeAutorisation
from subtraitance.models import Autorisation, Contrat, SousTraitant

CHANGEMENT = "subtraitance.prestataire_change"


def adresse_du_prestataire(collectivite, fiche: SousTraitant) -> str:
    return adresse(reverse("subtraitance:prestataire", args=[collectivite.siren, fiche.pk]))


def adresse_de_l_autorisation(autorisation: Autorisation) -> str:
    siren = autorisation.contrat.collectivite.siren
    return adresse(reverse("subtraitance:autorisation", args=[siren, autorisation.pk]))


def prevenir_du_changement(
    *,
    fiche: SousTraitant,
    phrases: Sequence[str],
    contrats: Iterable[Contrat],
    autorisations: Iterable[Autorisation] = (),
    cle: str,
    maintenant: datetime,
) -> int:
    """Un courriel par référent et décideur de chaque collectivité liée ; rend combien le sont.

    :param cle: celle de l’événement ; rejoué, il n’écrit à personne deux fois.
    :param autorisations: celles que ce changement fait attendre, lues avec ``contrat__collectivite``.
    """
    collectivites = {contrat.collectivite_id: contrat.collectivite for contrat in contrats}
    a_decider = defaultdict(list)
    for autorisation in autorisations:
        a_decider[autorisation.collectivite_id].append(_a_decider(autorisation))
    a_qui = destinataires(list(collectivites.values()))
    plis = [
        Pli(
            destinataire=destinataire.courriel,
            utilisateur=destinataire.compte,
            collectivite=collectivites[pk],
            objet=fiche,
            cle=f"{cle}:{pk}:{destinataire.cle}",
            contexte={
                "prestataire": fiche,
                "collectivite": collectivites[pk],
                "phrases": phrases,
                "a_decider": a_decider[pk],
                "adresse": adresse_du_prestataire(collectivites[pk], fiche),
                "compte": destinataire.compte,
            },
        )
        for pk, siens in a_qui.items()
        for destinataire in siens
    ]
    envoyer_en_masse(
        CHANGEMENT, gabarit="subtraitance/emails/prestataire_change", plis=plis, maintenant=maintenant
    )
    return len(a_qui)


def _a_decider(autorisation: Autorisation) -> dict[str, str]:
    """Ce que le courriel en dit : le contrat, ce que vaut le silence, et jusqu’à quand."""
    specifique = autorisation.regime == RegimeAutorisation.SPECIFIQUE
    return {
        "contrat": str(autorisation.contrat),
        "avant": "" if specifique else date_longue(autorisation.objection_avant),
        "adresse": adresse_de_l_autorisation(autorisation),
    }


def rappel_du_contrat(
    *, nature: str, contrat: Contrat, personnes: Iterable[Destinataire], cle: str, maintenant: datetime
) -> int:
    """``contrat_terme`` ou ``contrat_echu``, à chaque personne une fois ; rend le nombre d’envois."""
    collectivite = contrat.collectivite
    chemin = reverse("registre:contrat", args=[collectivite.siren, contrat.pk])
    contexte = {
        "contrat": contrat,
        "prestataire": contrat.sous_traitant,
        "collectivite": collectivite,
        "fin": date_longue(contrat.fin),
        "adresse": adresse(chemin),
    }
    return _a_chacun(nature, contrat, collectivite, personnes, contexte, cle, maintenant)


def rappel_de_l_autorisation(
    *, autorisation: Autorisation, personnes: Iterable[Destinataire], cle: str, demandee: date, maintenant
) -> int:
    """Une demande spécifique reste sans réponse : tant qu’elle le reste, c’est non (art. 28-2)."""
    contrat = autorisation.contrat
    contexte = {
        "prestataire": contrat.sous_traitant,
        "ulterieur": autorisation.ulterieur.ulterieur,
        "collectivite": contrat.collectivite,
        "demandee": date_longue(demandee),
        "adresse": adresse_de_l_autorisation(autorisation),
    }
    return _a_chacun(
        "autorisation_attendue", autorisation, contrat.collectivite, personnes, contexte, cle, maintenant
    )


def certification_expiree(*, fiche: SousTraitant, nom: str, cle: str, maintenant: datetime) -> int:
    """Au DPD de la structure, qui tient la fiche ; rend le nombre d’envois."""
    chemin = reverse("subtraitance:fiche_annuaire", args=[fiche.structure.siren, fiche.pk])
    contexte = {"prestataire": fiche, "certification": nom, "adresse": adresse(chemin)}
    gens = [Destinataire(p.email, p) for p in personnes_de(fiche.structure, Role.DPD)]
    return _a_chacun("certification_expiree", fiche, None, gens, contexte, cle, maintenant)


def _a_chacun(nature, objet, collectivite, personnes, contexte, cle, maintenant) -> int:
    personnes = list(personnes)
    for personne in personnes:
        envoyer(
            f"subtraitance.{nature}",
            gabarit=f"subtraitance/emails/{nature}",
            contexte={**contexte, "compte": personne.compte},
            destinataire=personne.courriel,
            utilisateur=personne.compte,
            collectivite=collectivite,
            objet=objet,
            maintenant=maintenant,
            cle=f"{cle}:{personne.cle}",
        )
    return len(personnes)
