"""De quoi remplir toutes les adresses des conventions ; une fonction par sujet, rassemblées en bas."""

from datetime import date
from hashlib import sha256

from dpd.conventions.actions.depart import remettre
from dpd.conventions.enums import Acteur
from dpd.conventions.models import (
    Convention,
    Depart,
    Designation,
    EtapeMiseEnPlace,
    ModeleConvention,
    Passation,
    SuitePassation,
)
from tests.conventions.conftest import EXPRESSE, TRANCHES, creer_convention, creer_modele
from tests.conventions.monde_etats import PARAMETRES_ETATS, remplir_etats
from tests.conventions.monde_tarifs import PARAMETRES_TARIFS, remplir_tarifs


def _modele(structure, **champs) -> ModeleConvention:
    """Celui de ce nom, créé au besoin : deux communes d’une structure le partagent."""
    deja = ModeleConvention.objects.filter(structure=structure, nom=champs["nom"]).first()
    return deja or creer_modele(structure, **champs)


def remplir_convention(structure, collectivite, gens, maintenant) -> dict:
    """Une convention éteinte, une en vigueur, une à signer ; une étape, une désignation, une passation."""
    tacite = _modele(structure, **TRANCHES)
    eteinte = creer_convention(collectivite, _modele(structure, **EXPRESSE), date(2021, 1, 1))
    courante = creer_convention(collectivite, tacite, date(2026, 1, 5))
    etape = EtapeMiseEnPlace(
        collectivite=collectivite,
        convention=courante,
        code="documents",
        ordre=1,
        libelle="Réunir les documents",
        acteur=Acteur.REFERENT,
    ).enregistrer(auteur=gens["dpd"], maintenant=maintenant, raison="x")
    designation = Designation(
        collectivite=collectivite, delegue=structure.nom, designee_le=date(2026, 1, 20)
    ).enregistrer(auteur=gens["dpd"], maintenant=maintenant, raison="x")
    passation = Passation(
        collectivite=collectivite,
        ancien="Bernard Lacaze",
        nouveau="Jeanne Vidal",
        titre="maire",
        le=date(2026, 3, 28),
    ).enregistrer(auteur=gens["dpd"], maintenant=maintenant, raison="x")
    suite = SuitePassation(
        collectivite=collectivite, passation=passation, code="designation", libelle="À déclarer"
    ).enregistrer(auteur=gens["dpd"], maintenant=maintenant, raison="x")
    return {
        "modele_convention": _modele(structure, **(TRANCHES | {"nom": "Modèle libre"})).pk,
        "convention": courante.pk,
        "convention_eteinte": eteinte.pk,
        "convention_projet": creer_convention(collectivite, tacite, None).pk,
        "etape_convention": etape.pk,
        "designation": designation.pk,
        "suite_passation": suite.pk,
    }


# Adresse → clé du monde qui donne un paramètre quand ce n’est pas celle du même nom.
PARAMETRES_CONVENTION = {
    **{
        f"conventions:{nom}": {"pk": "modele_convention"}
        for nom in ("modele", "modifier_modele", "remplacer_modele", "clore_modele")
    },
    **{
        f"conventions:{nom}": {"pk": "convention"}
        for nom in ("deposer_signee", "prevoir", "denoncer", "retirer_fin", "basculer")
    },
    "conventions:signer": {"pk": "convention_projet"},
    "conventions:abandonner_projet": {"pk": "convention_projet"},
    "conventions:renouveler": {"pk": "convention_eteinte"},
    "conventions:etape": {"pk": "etape_convention"},
    "conventions:modifier_designation": {"pk": "designation"},
    "conventions:finir_designation": {"pk": "designation"},
    "conventions:noter_suite": {"pk": "suite_passation"},
    "conventions:lettre_referent": {"nature": "nature_lettre"},
}


def remplir_depart(structure, collectivite, gens, maintenant) -> dict:
    """Le départ ouvert sur la convention éteinte, son archive remise, à attester."""
    eteinte = Convention.objects.filter(collectivite=collectivite, fin__lt=maintenant.date()).get()
    depart = Depart(
        collectivite=collectivite, convention=eteinte, ouvert_le=maintenant, ouvert_par=gens["dpd"]
    ).enregistrer(auteur=gens["dpd"], maintenant=maintenant, raison="x")
    remettre(
        depart=depart,
        empreinte=sha256(collectivite.siren.encode()).hexdigest(),
        taille=1_200_000,
        change=False,
        auteur=gens["dpd"],
        maintenant=maintenant,
    )
    return {}


def remplir_conventions(structure, collectivite, gens, maintenant) -> dict:
    """Tout ce que les conventions ajoutent au petit monde d’une collectivité."""
    lots = (remplir_convention, remplir_tarifs, remplir_etats, remplir_depart)
    valeurs = {"nature_lettre": "lettre"}
    for remplir in lots:
        valeurs |= remplir(structure, collectivite, gens, maintenant)
    return valeurs


PARAMETRES = {**PARAMETRES_CONVENTION, **PARAMETRES_TARIFS, **PARAMETRES_ETATS}
