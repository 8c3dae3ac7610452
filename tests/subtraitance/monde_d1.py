"""De quoi remplir les adresses du dossier d’une demande : une à instruire, une autre close."""

from datetime import timedelta

from registre.actions.recherche import choisir_les_fiches
from registre.recherche import fiches_ou_chercher
from subtraitance.actions.demandes_instruction import clore, repondre
from subtraitance.actions.demandes_reception import recevoir
from subtraitance.enums import CanalDemande, Droit, RegimeDemande, SensReponse

CENTAINE = 100  # les numéros d’un lieu : aucun en commun avec ceux d’un autre


def _recevoir(collectivite, gens, maintenant, rang):
    demande = recevoir(
        collectivite=collectivite,
        droits=[Droit.ACCES],
        regime=RegimeDemande.RGPD,
        canal=CanalDemande.COURRIER,
        recue_le=maintenant - timedelta(hours=5),
        maintenant=maintenant,
        auteur=gens["dpd"],
        par_la_structure=True,
        demandeur_nom="x",
    ).demande
    demande.rang = rang
    return demande.enregistrer(auteur=gens["dpd"], maintenant=maintenant, raison="x")


def remplir_d1(structure, collectivite, gens, maintenant, premiere) -> dict:
    """Une demande dont la recherche est ouverte, une close, une où rien n’est commencé."""
    geste = {"auteur": gens["referent"], "maintenant": maintenant}
    ouverte, close, neuve = (
        _recevoir(collectivite, gens, maintenant, CENTAINE * premiere + rang) for rang in (80, 81, 82)
    )
    traitements = [version.traitement for version in fiches_ou_chercher(collectivite)]
    if traitements:
        choisir_les_fiches(demande=ouverte, traitements=traitements, **geste)
    jour = maintenant.astimezone(collectivite.fuseau).date()
    repondre(
        demande=close,
        sens=SensReponse.RIEN,
        envoyee_le=jour,
        canal=CanalDemande.COURRIER,
        texte="x",
        **geste,
    )
    clore(demande=close, **geste)
    return {
        "annee_demande": ouverte.annee,
        "rang_demande": ouverte.rang,
        "rang_demande_close": close.rang,
        "rang_demande_neuve": neuve.rang,
    }


_OUVERTE = {"annee": "annee_demande", "rang": "rang_demande"}
PARAMETRES_D1 = {
    **{
        f"subtraitance:{nom}": _OUVERTE
        for nom in (
            *("transmettre", "qualifier", "suspendre", "reprendre", "prolonger"),
            *("verifier_identite", "joindre_a_la_demande", "repondre", "clore_demande"),
        )
    },
    "subtraitance:rouvrir_demande": {"annee": "annee_demande", "rang": "rang_demande_close"},
    **{f"registre:{nom}": _OUVERTE for nom in ("demande", "noter_la_recherche")},
    "registre:choisir_les_fiches": {"annee": "annee_demande", "rang": "rang_demande_neuve"},
}
