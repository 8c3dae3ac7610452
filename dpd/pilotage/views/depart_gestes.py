"""Les gestes d’un départ : l’ouvrir, attester, choisir, viser, constater, clore, ou l’abandonner."""

from functools import partial

from django.http import Http404
from django.urls import reverse
from django.utils import timezone

from dpd.comptes.acces import collectivite_ou_404
from dpd.comptes.gestes import derouler, recus
from dpd.comptes.regles.capacites import Capacite
from dpd.conventions.actions import depart as actions
from dpd.conventions.departs import derniere_convention, faits_de
from dpd.conventions.enums import SortDonnees
from dpd.conventions.forms.depart import (
    AbandonDepartForm,
    ClotureForm,
    DestructionForm,
    OuvertureForm,
    ReceptionForm,
    SortForm,
    VisaForm,
)
from dpd.conventions.models import Depart
from dpd.conventions.regles.depart import GesteDepart, refus
from dpd.conventions.regles.en_clair import Clause, le_jour
from dpd.conventions.views.convention_commun import Geste, chemin_collectivite
from dpd.pilotage.depart.acces import collectivite_conduite, depart_ou_404
from dpd.pilotage.depart.lecture import contenu_change

VISA = Clause(
    "Archives publiques",
    "Aucune ne se détruit sans le visa du directeur des archives départementales, porté sur le bordereau "
    "d’élimination.",
    "code du patrimoine, art. L.212-2 et R.212-14\u202f; sanction\u00a0: art. L.214-3",
)
CHOIX = Clause(
    "Le choix du responsable",
    "À la fin de la prestation, le responsable choisit la restitution ou la destruction. L’archive est "
    "remise dans les deux cas, et la structure détruit ensuite ses copies, sauf si une loi les lui fait "
    "garder.",
    "RGPD, art. 28-3 g",
)
VERIFIER = Clause(
    "Vérifier", "Ouvrez l’archive et lisez LISEZMOI.txt\u00a0: il dit comment contrôler chaque fichier."
)
RIEN_D_AUTOMATIQUE = Clause(
    "Ce que fait l’application", "Elle garde la preuve de la destruction\u202f; elle n’efface rien elle-même."
)


def _en_cours(collectivite) -> tuple:
    """Le départ, l’instant, et la date qu’il est chez la collectivité."""
    maintenant = timezone.now()
    return depart_ou_404(collectivite), maintenant, timezone.localdate(maintenant, collectivite.fuseau)


def _geste(collectivite, titre: str, bouton: str, chapo: str = "", reperes: tuple[Clause, ...] = ()) -> Geste:
    page = reverse("pilotage:depart", args=[collectivite.siren])
    chemin = chemin_collectivite(collectivite, ("Départ", page))
    return Geste(titre=titre, bouton=bouton, retour=page, chapo=chapo, chemin=chemin, reperes=reperes)


def _empeche(geste: GesteDepart, depart: Depart, jour, sinon: str = "") -> str:
    """Ce qui empêche le geste ce jour-là, dit en tête de page ; sinon, la phrase donnée."""
    return " ".join(refus(geste, faits_de(depart, jour))) or sinon


def _sort_convenu(depart: Depart) -> tuple[Clause, ...]:
    modele = depart.convention.modele
    if not modele.sort_des_donnees:
        return ()
    return (Clause("Ce que dit la convention", modele.sort_des_donnees, modele.source),)


def ouvrir(request, siren):
    collectivite = collectivite_conduite(request, siren)
    maintenant, convention = timezone.now(), derniere_convention(collectivite)
    if convention is None:
        raise Http404
    geste = _geste(
        collectivite,
        "Ouvrir le départ",
        "Ouvrir le départ",
        f"Convention «\u00a0{convention}\u00a0»{_fin_dite(convention)}. "
        "La collectivité et le DPD en sont prévenus.",
        (CHOIX, VISA),
    )
    return derouler(
        request,
        geste,
        OuvertureForm(*recus(request)),
        partial(actions.ouvrir, convention=convention, maintenant=maintenant),
        fait=lambda _: "Le départ est ouvert.",
        saisie=_rien,
        collectivite=collectivite,
    )


def _fin_dite(convention) -> str:
    return f", jusqu’au {le_jour(convention.fin)}" if convention.fin else ""


def _rien(saisie: dict) -> dict:
    return {}


def recevoir(request, siren):
    collectivite = collectivite_ou_404(request, siren, Capacite.DECIDER)
    depart, maintenant, jour = _en_cours(collectivite)
    geste = _geste(
        collectivite,
        "Attester la réception de l’archive",
        "Attester la réception",
        _empeche(GesteDepart.RECEVOIR, depart, jour, "Vous attestez au nom de la collectivité."),
        (VERIFIER,),
    )
    return derouler(
        request,
        geste,
        ReceptionForm(*recus(request), depart=depart),
        partial(
            actions.attester_reception, depart=depart, change=contenu_change(depart), maintenant=maintenant
        ),
        fait=lambda _: "La réception est attestée.",
        saisie=lambda saisie: {"empreinte_lue": saisie["archive"][0]},
        collectivite=collectivite,
    )


def choisir(request, siren):
    collectivite = collectivite_ou_404(request, siren, Capacite.DECIDER)
    depart, maintenant, jour = _en_cours(collectivite)
    geste = _geste(
        collectivite,
        "Choisir le sort des données",
        "Enregistrer ce choix",
        _empeche(GesteDepart.CHOISIR, depart, jour),
        (*_sort_convenu(depart), CHOIX, VISA),
    )
    return derouler(
        request,
        geste,
        SortForm(*recus(request), initial={"sort": depart.sort}),
        partial(actions.choisir_le_sort, depart=depart, maintenant=maintenant),
        fait=lambda fait: f"Sort des données\u00a0: {fait.get_sort_display().lower()}.",
        saisie=lambda saisie: {"sort": SortDonnees(saisie["sort"])},
        collectivite=collectivite,
    )


def viser(request, siren):
    collectivite = collectivite_conduite(request, siren)
    depart, maintenant, jour = _en_cours(collectivite)
    geste = _geste(
        collectivite,
        "Noter le visa des archives départementales",
        "Enregistrer le visa",
        _empeche(GesteDepart.VISER, depart, jour),
        (VISA,),
    )
    return derouler(
        request,
        geste,
        VisaForm(*recus(request), initial={"visa": depart.visa, "vise_le": depart.vise_le}),
        partial(actions.viser, depart=depart, maintenant=maintenant),
        fait=lambda _: "Le visa est noté.",
        collectivite=collectivite,
    )


def detruire(request, siren):
    collectivite = collectivite_conduite(request, siren)
    depart, maintenant, jour = _en_cours(collectivite)
    geste = _geste(
        collectivite,
        "Constater la destruction",
        "Enregistrer la destruction",
        _empeche(GesteDepart.DETRUIRE, depart, jour),
        (*_sort_convenu(depart), VISA, RIEN_D_AUTOMATIQUE),
    )
    return derouler(
        request,
        geste,
        DestructionForm(*recus(request)),
        partial(
            actions.constater_destruction,
            depart=depart,
            change=contenu_change(depart),
            maintenant=maintenant,
        ),
        fait=lambda _: "La destruction est constatée.",
        collectivite=collectivite,
    )


def clore(request, siren):
    collectivite = collectivite_conduite(request, siren)
    depart, maintenant, jour = _en_cours(collectivite)
    geste = _geste(
        collectivite,
        "Clore le départ",
        "Clore le départ",
        _empeche(
            GesteDepart.CLORE, depart, jour, "Rien ne s’efface. Les comptes restent à fermer, un par un."
        ),
    )
    return derouler(
        request,
        geste,
        ClotureForm(*recus(request)),
        partial(actions.clore, depart=depart, maintenant=maintenant),
        fait=lambda _: "Le départ est clos\u00a0: la collectivité n’est plus suivie. Fermez ses comptes.",
        saisie=_rien,
        collectivite=collectivite,
    )


def abandonner(request, siren):
    collectivite = collectivite_conduite(request, siren)
    depart, maintenant, jour = _en_cours(collectivite)
    geste = _geste(
        collectivite,
        "Abandonner le départ",
        "Abandonner le départ",
        _empeche(
            GesteDepart.ABANDONNER,
            depart,
            jour,
            "La collectivité reste. Rien ne s’efface\u00a0: tout reste lisible, avec votre motif.",
        ),
    )
    return derouler(
        request,
        geste,
        AbandonDepartForm(*recus(request)),
        partial(actions.abandonner, depart=depart, maintenant=maintenant),
        fait=lambda _: "Le départ est abandonné. La collectivité et le DPD en sont prévenus.",
        collectivite=collectivite,
    )
