"""Mettre à jour les populations depuis un fichier de l’INSEE : aperçu d’abord, écriture ensuite."""

import hashlib

from django.contrib import messages
from django.core import signing
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from dpd.comptes import actions_collectivites as actions
from dpd.comptes.acces import structure_ou_404
from dpd.comptes.forms_collectivites import PopulationsForm
from dpd.comptes.models import Commune
from dpd.comptes.populations import Rapport, comparer, verifier_millesime
from dpd.comptes.regles.capacites import Capacite
from dpd.comptes.regles.fichier_insee import FichierIllisible, Lecture, PopulationInsee, lire
from dpd.regles.typographie import nombre

SEL = "comptes.populations"
VALIDITE = 3600  # secondes entre l’aperçu et la décision
MONTREES = 50  # lignes montrées par liste d’écarts


def populations(request, siren):
    """Le fichier, puis ce qu’il changerait. Rien n’est écrit ici."""
    structure = structure_ou_404(request, siren, Capacite.GERER_COLLECTIVITE)
    jour = timezone.localdate(timezone.now())
    formulaire = PopulationsForm(request.POST or None, request.FILES or None, jour=jour)
    contexte = {
        "structure": structure,
        "onglet_actif": "collectivites",
        "formulaire": formulaire,
        "en_place": Commune.objects.filter(millesime__isnull=False).order_by("-millesime").first(),
        "lecture": None,
    }
    if request.method == "POST" and formulaire.is_valid():
        lecture, rapport, empreinte = _apercu(formulaire, structure, jour)
        contexte["lecture"] = lecture
        if rapport:
            jeton = _signer(request, structure, rapport, formulaire.cleaned_data["fichier"].name, empreinte)
            contexte |= {"rapport": rapport, "jeton": jeton, "montrees": MONTREES}
            return render(request, "comptes/populations_apercu.html", contexte)
    return render(request, "comptes/populations.html", contexte)


def _apercu(formulaire, structure, jour) -> tuple[Lecture | None, Rapport | None, str]:
    """La lecture, et le rapport si elle est sans faute ; un refus revient sous son champ."""
    saisie = formulaire.cleaned_data
    octets = saisie["fichier"].read()
    try:
        verifier_millesime(saisie["millesime"], jour)
        lecture = lire(octets, municipale_publiee=saisie["municipale_publiee"])
    except ValidationError as refus:
        formulaire.add_error("millesime", refus)
        return None, None, ""
    except FichierIllisible as refus:
        formulaire.add_error("fichier", str(refus))
        return None, None, ""
    if lecture.erreurs:
        return lecture, None, ""
    return lecture, comparer(lecture, saisie["millesime"], structure), hashlib.sha256(octets).hexdigest()


def _signer(request, structure, rapport: Rapport, fichier: str, empreinte: str) -> str:
    """Le contenu aperçu, signé : ce qui sera écrit est exactement ce qui a été montré."""
    lignes = [(c.code, c.municipale, c.a_part, c.totale) for c in rapport.lecture.communes]
    contenu = [structure.pk, request.user.pk, rapport.millesime, fichier, empreinte, lignes]
    return signing.dumps(contenu, salt=SEL, compress=True)


@require_POST
def appliquer_populations(request, siren):
    """Écrit ce que l’aperçu a montré, pour les collectivités cochées."""
    structure = structure_ou_404(request, siren, Capacite.GERER_COLLECTIVITE)
    try:
        contenu = signing.loads(request.POST.get("jeton", ""), salt=SEL, max_age=VALIDITE)
        if contenu[:2] != [structure.pk, request.user.pk]:
            raise signing.BadSignature
    except signing.BadSignature:
        messages.error(
            request, "Cet aperçu n’est plus valable. Donnez de nouveau le fichier\u00a0: rien n’est écrit."
        )
        return redirect("comptes:populations", structure.siren)
    _, _, millesime, fichier, empreinte, lignes = contenu
    try:
        rapport = actions.importer_populations(
            lecture=Lecture(tuple(PopulationInsee(c, "", m, p, t) for c, m, p, t in lignes), (), 0),
            millesime=millesime,
            fichier=fichier,
            empreinte=empreinte,
            auteur=request.user,
            maintenant=timezone.now(),
            structure=structure,
            collectivites=[int(pk) for pk in request.POST.getlist("collectivites") if pk.isdecimal()],
            request=request,
        )
    except ValidationError as refus:
        messages.error(request, " ".join(refus.messages))
        return redirect("comptes:populations", structure.siren)
    messages.success(
        request,
        f"Les populations {millesime} sont en place. "
        f"Collectivités mises à jour\u00a0: {nombre(len(rapport.collectivites))}.",
    )
    return redirect("pilotage:portefeuille", structure.siren)
