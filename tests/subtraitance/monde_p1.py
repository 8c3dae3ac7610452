"""De quoi remplir les adresses de l’annuaire, des contrats et des autorisations."""

from subtraitance.actions.annuaire import proposer_prestataire
from subtraitance.actions.annuaire_lignes import ajouter_certification
from subtraitance.models import Autorisation
from tests.pieces.fabriques import fichier
from tests.subtraitance.fabriques_annuaire import (
    ajouter_sous_traitant,
    creer_fiche,
    lire_tout,
    noter_contrat,
    noter_logiciel,
)


def remplir_p1(structure, collectivite, gens, maintenant, premiere=1) -> dict:
    """Un prestataire et toutes ses lignes, le contrat de la collectivité, une décision qu’il attend.

    ``premiere`` : celle des fiches du lieu ; les clés, elles, diffèrent déjà d’un lieu à l’autre.
    """
    geste = {"auteur": gens["dpd"], "maintenant": maintenant}
    fiche = creer_fiche(structure, gens["dpd"], f"Prestataire {collectivite.siren}", maintenant)
    autre = creer_fiche(structure, gens["dpd"], f"Hébergeur {collectivite.siren}", maintenant)
    logiciel = noter_logiciel(fiche, gens["dpd"], f"Logiciel {collectivite.siren}", maintenant)
    ancien = ajouter_sous_traitant(
        fiche,
        creer_fiche(structure, gens["dpd"], f"Transporteur {collectivite.siren}", maintenant),
        gens["dpd"],
        maintenant,
    )
    proposee = proposer_prestataire(
        structure=structure,
        nom=f"Proposé {collectivite.siren}",
        auteur=gens["referent"],
        maintenant=maintenant,
        collectivite=collectivite,
    )
    contrat = noter_contrat(
        collectivite, fiche, gens["referent"], maintenant, logiciels=[logiciel], fichier=fichier()
    )
    lire_tout(contrat, gens["referent"], maintenant, sauf={"audits"})
    certification = ajouter_certification(fiche=fiche, nom="HDS", fichier=fichier(), **geste)
    lien = ajouter_sous_traitant(fiche, autre, gens["dpd"], maintenant)
    return {
        "prestataire": fiche.pk,
        "contrat": contrat.pk,
        "logiciel_annuaire": logiciel.pk,
        "certification": certification.pk,
        "lien_ulterieur": lien.pk,
        "lien_jamais_demande": ancien.pk,
        "prestataire_propose": proposee.pk,
        "autorisation": Autorisation.objects.get(contrat=contrat, ulterieur=lien).pk,
        "format_avenant": "pdf",
    }


_FICHE = {"pk": "prestataire"}
_CONTRAT = {"pk": "contrat"}
# Adresse → clé du monde qui donne un paramètre quand ce n’est pas celle du même nom.
PARAMETRES_P1 = {
    **{
        f"subtraitance:{nom}": _FICHE
        for nom in (
            *("prestataire", "justificatif", "justificatif_structure", "fiche_annuaire"),
            *("modifier_prestataire", "fusionner", "ajouter_logiciel"),
            *("ajouter_certification", "ajouter_ulterieur"),
        )
    },
    "subtraitance:verifier_prestataire": {"pk": "prestataire_propose"},
    "subtraitance:retirer_logiciel": _FICHE | {"ligne": "logiciel_annuaire"},
    "subtraitance:retirer_certification": _FICHE | {"ligne": "certification"},
    "subtraitance:retirer_ulterieur": _FICHE | {"ligne": "lien_ulterieur"},
    "subtraitance:autorisation": {"pk": "autorisation"},
    "subtraitance:demander_autorisation": _CONTRAT | {"ulterieur": "lien_jamais_demande"},
    "registre:nouveau_contrat": _FICHE,
    **{
        f"registre:{nom}": _CONTRAT
        for nom in (
            *("contrat", "modifier_contrat", "clauses_contrat", "fiches_contrat", "clore_contrat"),
            "avenant",
        )
    },
    "registre:exporter_avenant": _CONTRAT | {"format": "format_avenant"},
}
