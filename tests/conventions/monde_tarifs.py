"""De quoi remplir les adresses des tarifs et des devis."""

from datetime import date
from decimal import Decimal

from django.urls import reverse

from dpd.conventions.actions import devis
from dpd.conventions.enums import NatureBareme, Revision
from dpd.conventions.models import Bareme, Convention, IndiceRevision, ReglagesConventions
from tests.conventions.conftest import creer_bareme, creer_indice
from tests.conventions.regles.grilles import PRIX

PROPOSITION = {
    "audit": "Douze caméras",
    "volet_administratif": "Un agent",
    "plan_actions": "Visiter",
    "jours_mise_en_place": Decimal(2),
    "jours_accompagnement": None,
    "prix_jour": Decimal(250),
    "prix_revisable": True,
    "exercice": 2026,
    "ponctuel": True,
    "valable_jusqu_au": date(2027, 2, 21),
}


def remplir_tarifs(structure, collectivite, gens, maintenant) -> dict:
    """Un barème publié et un brouillon, un indice, le simulateur ouvert, un devis dans chaque état."""
    trace = {"auteur": gens["dpd"], "maintenant": maintenant, "raison": "x"}
    _ouvrir_le_delai_de_hausse(collectivite, trace)
    return {
        **(_de_la_structure(structure) or _creer_pour(structure, trace)),
        **_devis(collectivite, gens, maintenant),
        "exercice_tarif": 2026,
    }


def _de_la_structure(structure) -> dict:
    """Ce que deux communes d’une structure partagent, s’il existe déjà."""
    brouillon = Bareme.objects.filter(structure=structure, nom="Grille 2027").first()
    if brouillon is None:
        return {}
    publie = Bareme.objects.filter(structure=structure, publie=True).first()
    indice = IndiceRevision.objects.filter(structure=structure).first()
    return {"bareme": publie.pk, "bareme_brouillon": brouillon.pk, "indice": indice.pk}


def _creer_pour(structure, trace) -> dict:
    indice = creer_indice(structure, 2019, 11, "274.7")
    forfaits = (("base", "Essentiel", "320"),)
    commun = {"revision": Revision.DECISION, "forfaits": forfaits, "cout_journee": Decimal(250)}
    publie = creer_bareme(structure, NatureBareme.FORFAIT_DEVIS, nom="Forfaits 2020", **commun)
    brouillon = creer_bareme(
        structure,
        NatureBareme.TRANCHES,
        nom="Grille 2027",
        publie=False,
        en_vigueur_du=date(2027, 1, 1),
        tranches=PRIX,
        revision=Revision.BASE_FIXE,
        indice_base=indice,
    )
    ReglagesConventions(structure=structure, simulateur_ouvert=True).enregistrer(**trace)
    return {"bareme": publie.pk, "bareme_brouillon": brouillon.pk, "indice": indice.pk}


def _ouvrir_le_delai_de_hausse(collectivite, trace) -> None:
    """La convention qui vaut ouvre trois mois après une hausse : il y a quelqu’un à prévenir."""
    courante = Convention.objects.en_vigueur(trace["maintenant"].date()).filter(collectivite=collectivite)
    modele = courante.select_related("modele").get().modele
    if modele.hausse_mois is None:
        modele.hausse_mois = 3
        modele.enregistrer(**trace)


def _devis(collectivite, gens, maintenant) -> dict:
    demandes = [
        devis.demander(
            collectivite=collectivite, objet=nom, besoin="x", auteur=gens["referent"], maintenant=maintenant
        )
        for nom in ("Demandé", "À l’étude", "Proposé")
    ]
    geste = {"auteur": gens["dpd"], "maintenant": maintenant}
    for demande in demandes[1:]:
        devis.etudier(devis=demande, **geste)
    devis.proposer(devis=demandes[2], **PROPOSITION, **geste)
    noms = ("devis_demande", "devis_etude", "devis_propose")
    return {nom: demande.pk for nom, demande in zip(noms, demandes, strict=True)}


def pages_des_tarifs(monde) -> list[str]:
    """Les pages dont le formulaire dépend d’un état ou d’un choix, en plus de chaque adresse."""
    siren, maison = monde["collectivite"].siren, monde["structure"].siren
    fiches = [reverse("conventions:devis", args=[siren, monde[n]]) for n in ("devis_demande", "devis_etude")]
    brouillon = reverse("conventions:bareme", args=[maison, monde["bareme_brouillon"]])
    nouveau = reverse("conventions:bareme_nouveau", args=[maison], query={"nature": "tranches"})
    return [*fiches, brouillon, nouveau]


PARAMETRES_TARIFS = {
    **{f"conventions:{nom}": {"pk": "bareme"} for nom in ("bareme", "bareme_copier", "hausse")},
    **{
        f"conventions:bareme_{nom}": {"pk": "bareme_brouillon"}
        for nom in ("modifier", "prix", "publier", "retirer")
    },
    "conventions:tarif": {"exercice": "exercice_tarif"},
    "conventions:indice_corriger": {"pk": "indice"},
    "conventions:devis": {"pk": "devis_propose"},
    **{
        f"conventions:devis_{nom}": {"pk": "devis_propose"}
        for nom in ("pdf", "reprendre", "accepter", "refuser")
    },
    "conventions:devis_etudier": {"pk": "devis_demande"},
    "conventions:devis_retirer": {"pk": "devis_demande"},
    "conventions:devis_decliner": {"pk": "devis_etude"},
    "conventions:devis_proposer": {"pk": "devis_etude"},
}
