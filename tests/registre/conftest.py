"""Des fiches de registre prêtes à l’emploi."""

from dataclasses import replace

import pytest

from registre import actions
from registre.ecriture import fiche_de
from registre.regles.contenu import (
    Duree,
    LigneDestinataire,
    LigneDonnees,
    LigneFinalite,
    LigneMesure,
    LignePersonnes,
    LignePrestataire,
)


def remplir(fiche):
    """Une fiche complète, a à g."""
    return replace(
        fiche,
        description="Inscrire les enfants, préparer les repas, facturer les familles.",
        service="Écoles",
        coresponsables_reponse="aucun",
        finalites=(
            LigneFinalite(
                "Inscrire et accueillir les enfants", "e", "Code de l’éducation, art. L.131-13", True
            ),
            LigneFinalite("Facturer les familles", "c", "Comptabilité publique"),
        ),
        personnes=(LignePersonnes("mineurs", "environ 90", True),),
        donnees=(
            LigneDonnees("identite", "", Duree(1, "annee", "la fin de l’année scolaire"), "", "E"),
            LigneDonnees("sante", "PAI", Duree(0, "jour", "la fin de l’année scolaire"), "", "R", "g"),
        ),
        destinataires=(
            LigneDestinataire("interne", "services", ""),
            LigneDestinataire("externe", "comptable", ""),
        ),
        prestataires=(LignePrestataire("portail-famille", "Logi-Quercy"),),
        transferts_reponse="aucun",
        mesures=(LigneMesure("comptes-nominatifs", ""), LigneMesure("papier", "armoire fermée à clé")),
        information="Mention sur le dossier d’inscription.",
        decision_automatisee="non",
        aipd_type="aucun",
    )


@pytest.fixture
def brouillon(collectivite, referent, maintenant):
    return actions.creer(
        collectivite=collectivite, nom="Cantine et garderie", auteur=referent, maintenant=maintenant
    )


@pytest.fixture
def complete(brouillon, referent, maintenant):
    return actions.enregistrer_contenu(
        version=brouillon,
        fiche=remplir(fiche_de(brouillon)),
        auteur=referent,
        maintenant=maintenant,
        raison="Saisie",
    )


@pytest.fixture
def transmise(complete, referent, maintenant):
    return actions.transmettre(version=complete, auteur=referent, maintenant=maintenant)


@pytest.fixture
def avec_avis(transmise, dpd, maintenant):
    return actions.rendre_avis(
        version=transmise,
        sens="reserves",
        texte="Bien.",
        reserves=["Liste séparée"],
        auteur=dpd,
        maintenant=maintenant,
    )


@pytest.fixture
def adoptee(avec_avis, decideur, maintenant):
    return actions.adopter(version=avec_avis, auteur=decideur, maintenant=maintenant, suite="suivi")
