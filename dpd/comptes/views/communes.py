"""Choisir une collectivité au référentiel : une page sans script, un fragment avec."""

from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from dpd.comptes import referentiel
from dpd.comptes.acces import structure_ou_404
from dpd.comptes.enums import TypeCollectivite
from dpd.comptes.models import Collectivite
from dpd.comptes.models.referentiel import PROPOSITIONS_MAX
from dpd.comptes.regles.capacites import Capacite

Q_MAX = 80
EPCI_MONTREES = 3  # à côté de communes


@require_safe
def communes(request, siren):
    """Les communes et intercommunalités qui répondent à ``?q=``."""
    structure = structure_ou_404(request, siren, Capacite.GERER_COLLECTIVITE)
    return choisir(request, structure)


def choisir(request, structure):
    """La page « Laquelle ? », ou ses seules propositions pour htmx."""
    texte = request.GET.get("q", "")[:Q_MAX].strip()
    trouvees = referentiel.proposer_communes(texte, structure.departement) if texte else []
    epcis = referentiel.proposer_epcis(texte, structure.departement) if texte else []
    epcis = epcis[: EPCI_MONTREES if trouvees else None]
    trouvees = trouvees[: PROPOSITIONS_MAX - len(epcis)]
    sirens = [commune.siren for commune in trouvees] + [epci.pk for epci in epcis]
    contexte = {
        "structure": structure,
        "onglet_actif": "collectivites",
        "texte": texte,
        "communes": trouvees,
        "epcis": epcis,
        "propositions": len(trouvees) + len(epcis),
        "suivies": set(
            Collectivite.objects.filter(structure=structure, siren__in=sirens).values_list("siren", flat=True)
        ),
        "charge": bool(trouvees or epcis) or referentiel.est_charge(),
        "source": referentiel.SOURCE,
        "autres_types": [
            (type_.value, type_.label)
            for type_ in TypeCollectivite
            if type_ not in (TypeCollectivite.COMMUNE, TypeCollectivite.EPCI)
        ],
    }
    reponse = render(request, "comptes/_communes.html" if request.htmx else "comptes/communes.html", contexte)
    patch_vary_headers(reponse, ["HX-Request"])
    return reponse
