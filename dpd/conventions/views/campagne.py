"""Générer un exercice : l’aperçu, puis l’exécution par lots, qui se reprend où elle s’est arrêtée."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from dpd.comptes.acces import structure_ou_404
from dpd.comptes.regles.capacites import Capacite
from dpd.conventions.acces_etats import jour_de
from dpd.conventions.actions.campagne import avancer, lancer
from dpd.conventions.models import CampagneEtats, EtatAnnuel
from dpd.conventions.previsions import Apercu, apercu
from dpd.pagination import paginer
from dpd.regles.typographie import compte, nombre

ONGLET = "conventions"


def _campagnes(structure, exercice: int):
    return CampagneEtats.objects.filter(structure=structure, exercice=exercice)


@require_safe
def campagne(request, siren, exercice):
    """La génération en cours ; sinon ce qu’une nouvelle donnerait, et le compte de la dernière."""
    structure = structure_ou_404(request, siren, Capacite.GERER_CONVENTIONS)
    en_cours = _campagnes(structure, exercice).filter(terminee_le__isnull=True).first()
    contexte = {"structure": structure, "onglet_actif": ONGLET, "exercice": exercice, "campagne": en_cours}
    if en_cours is not None:
        return render(request, "conventions/campagne.html", contexte | _avancement(en_cours))
    jour = jour_de(structure, timezone.now())
    prevu = apercu(structure, exercice, jour)
    contexte |= {
        "apercu": prevu,
        "lu": _lu(prevu),
        "dits": {
            "a_figer": compte(prevu.a_figer, "état"),
            "deja": compte(prevu.deja, "état"),
            "sans_montant": compte(len(prevu.anomalies), "collectivité"),
        },
        "ouvert": exercice <= jour.year,
        "derniere": _campagnes(structure, exercice).filter(terminee_le__isnull=False).first(),
        "page": paginer(request, prevu.anomalies),
    }
    return render(request, "conventions/campagne_apercu.html", contexte)


def _lu(prevu: Apercu) -> str:
    """Ce que l’aperçu annonce : combien d’états, et pour quel montant."""
    return f"{prevu.a_figer}-{prevu.montant}"


def _avancement(campagne: CampagneEtats) -> dict:
    figes = EtatAnnuel.objects.filter(structure=campagne.structure_id, exercice=campagne.exercice).count()
    total = max(campagne.total, campagne.traitees, 1)
    return {
        "total": total,
        "avancement": (
            f"{compte(campagne.traitees, 'collectivité examinée', 'collectivités examinées')} sur "
            f"{nombre(total)}\u202f; {compte(figes, 'état figé', 'états figés')}, "
            f"{nombre(len(campagne.anomalies))} sans état."
        ),
    }


@require_POST
def lancer_campagne(request, siren, exercice):
    """Fige ce que l’aperçu a montré : s’il a changé depuis, on le relit d’abord."""
    structure = structure_ou_404(request, siren, Capacite.GERER_CONVENTIONS)
    maintenant = timezone.now()
    try:
        if request.POST.get("lu") != _lu(apercu(structure, exercice, jour_de(structure, maintenant))):
            raise ValidationError("L’aperçu a changé depuis votre lecture\u00a0: relisez-le d’abord.")
        lancer(structure=structure, exercice=exercice, auteur=request.user, maintenant=maintenant)
    except ValidationError as refus:
        messages.error(request, " ".join(refus.messages))
    return redirect("conventions:campagne", structure.siren, exercice)


@require_POST
def avancer_campagne(request, siren, exercice):
    """Un lot : la page le demande chaque seconde ; sans script, un bouton.

    ``depuis`` : où en était la page ; deux envois du même bouton ne font qu’un lot.
    """
    structure = structure_ou_404(request, siren, Capacite.GERER_CONVENTIONS)
    campagnes = _campagnes(structure, exercice)
    en_cours = campagnes.filter(terminee_le__isnull=True).first() or campagnes.first()
    if en_cours is None:
        raise Http404
    if request.POST.get("depuis") == str(en_cours.curseur):
        en_cours = avancer(campagne=en_cours, auteur=request.user, maintenant=timezone.now())
    contexte = {
        "structure": structure,
        "exercice": exercice,
        "campagne": en_cours,
        **_avancement(en_cours),
    }
    if request.htmx:
        return render(request, "conventions/campagne_avancement.html", contexte)
    return redirect("conventions:campagne", structure.siren, exercice)
