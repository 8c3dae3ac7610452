"""Renouveler, dénoncer, retirer une dénonciation : ce qui change la fin d’une convention."""

from functools import partial

from django.utils import timezone

from dpd.comptes.gestes import derouler, recus
from dpd.comptes.regles.capacites import Capacite
from dpd.conventions.actions.convention_vie import denoncer, renouveler, retirer_denonciation
from dpd.conventions.forms.convention import FinForm, RenouvellementForm, RetraitForm
from dpd.conventions.lecture import avec_sa_vie, lire
from dpd.conventions.models import Convention
from dpd.conventions.regles.en_clair import Clause, clauses_en_clair, le_jour
from dpd.conventions.views.convention_commun import (
    Geste,
    adresse_convention,
    chemin_collectivite,
    convention_ou_404,
)


def _reperes(convention: Convention, maintenant) -> tuple[Clause, ...]:
    """Ce que la convention donne aujourd’hui, puis sa règle et son article."""
    jour = timezone.localdate(maintenant, convention.collectivite.fuseau)
    situation = lire(avec_sa_vie(Convention.objects.filter(pk=convention.pk)).get(), jour).situation
    dites = list(clauses_en_clair(convention.clauses)[1:])
    if ouverte := situation.denonciation:
        dites.insert(0, Clause("Dénoncée aujourd’hui par la collectivité", f"Fin le {le_jour(ouverte.fin)}."))
    if situation.explications:
        dites.insert(0, Clause("Aujourd’hui", " ".join(situation.explications)))
    return tuple(dites)


def renouveler_convention(request, siren, pk):
    """Un renouvellement exprès, à la date de sa première présentation."""
    convention = convention_ou_404(request, siren, pk, Capacite.GERER_CONVENTIONS)
    collectivite, maintenant = convention.collectivite, timezone.now()
    geste = Geste(
        titre="Renouveler expressément",
        bouton="Enregistrer le renouvellement",
        retour=adresse_convention(collectivite, convention),
        chemin=chemin_collectivite(collectivite),
        reperes=_reperes(convention, maintenant),
    )
    return derouler(
        request,
        geste,
        RenouvellementForm(*recus(request)),
        partial(renouveler, convention=convention, maintenant=maintenant),
        fait=lambda fait: f"Renouvelée à l’échéance du {le_jour(fait.echeance)}.",
        collectivite=collectivite,
    )


def denoncer_convention(request, siren, pk):
    """Une fin ; son dernier jour se calcule, il ne se choisit pas."""
    convention = convention_ou_404(request, siren, pk, Capacite.GERER_CONVENTIONS)
    collectivite, maintenant = convention.collectivite, timezone.now()
    formulaire = FinForm(
        *recus(request),
        convention=convention,
        initial={"notifiee_le": timezone.localdate(maintenant, collectivite.fuseau)},
    )
    geste = Geste(
        titre="Mettre fin à la convention",
        bouton="Enregistrer cette fin",
        retour=adresse_convention(collectivite, convention),
        chapo="Le dernier jour se calcule d’après la convention et la date de présentation.",
        chemin=chemin_collectivite(collectivite),
        reperes=_reperes(convention, maintenant),
    )
    return derouler(
        request,
        geste,
        formulaire,
        partial(denoncer, convention=convention, maintenant=maintenant),
        fait=lambda fin: f"C’est noté. Dernier jour en vigueur\u00a0: {le_jour(fin.fin)}.",
        collectivite=collectivite,
    )


def retirer_fin(request, siren, pk):
    """Revenir sur une dénonciation avant son effet."""
    convention = convention_ou_404(request, siren, pk, Capacite.GERER_CONVENTIONS)
    collectivite, maintenant = convention.collectivite, timezone.now()
    geste = Geste(
        titre="Retirer la dénonciation",
        bouton="Retirer la dénonciation",
        retour=adresse_convention(collectivite, convention),
        chapo="La convention reprend son cours, comme si elle n’avait pas été dénoncée.",
        chemin=chemin_collectivite(collectivite),
    )
    return derouler(
        request,
        geste,
        RetraitForm(*recus(request)),
        partial(retirer_denonciation, convention=convention, maintenant=maintenant),
        fait=lambda _: "La dénonciation est retirée. Elle reste lisible, avec son motif.",
        collectivite=collectivite,
    )
