"""Le contrat d’une collectivité avec un prestataire, ses clauses, les fiches qu’il confie, son avenant."""

from functools import partial

from django.http import Http404
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_safe

from dpd.comptes.entete import nom_de_fichier
from dpd.comptes.enums import NatureAcces
from dpd.comptes.journal import consigner
from dpd.comptes.regles.capacites import Capacite
from dpd.documents.reponse import par_fichier
from dpd.documents.surete import nom_de_fichier as nom_sur
from registre.contrats_lus import fiches_confiees
from registre.views.contrats_commun import ONGLET, adresse_de, chemin_de, contrat_ou_404
from subtraitance import autorisations_lues, contrats_lus
from subtraitance.actions.autorisations import jour_local
from subtraitance.avenant import avenant_de
from subtraitance.exports.avenant import FORMATS, avenant_en_document
from subtraitance.regles.article_28 import POINTS, manquants


@require_safe
def contrat(request, siren, pk):
    """Ce qui manque d’abord, puis ce que dit le contrat."""
    collectivite, lu = contrat_ou_404(request, siren, pk, Capacite.LIRE_CONTRATS)
    jour = jour_local(collectivite, timezone.now())
    clauses = {clause.code: clause for clause in lu.clauses.all()}
    contexte = {
        "collectivite": collectivite,
        "onglet_actif": ONGLET,
        "chemin": chemin_de(lu)[:2],
        "contrat": lu,
        "terme": contrats_lus.terme_de(lu, jour),
        "clauses": [(point, clauses.get(point.code)) for point in POINTS],
        "lues": bool(clauses),
        "manques": manquants(contrats_lus.reponses_de(lu)),
        "logiciels": contrats_lus.logiciels_de(lu),
        "fiches": fiches_confiees(lu),
        "ultimes": autorisations_lues.du_contrat(lu, jour),
    }
    return render(request, "registre/contrat.html", contexte)


@require_safe
def avenant(request, siren, pk):
    """Les clauses manquantes, rédigées : à relire, compléter, négocier."""
    collectivite, lu = contrat_ou_404(request, siren, pk, Capacite.LIRE_CONTRATS)
    contexte = {
        "collectivite": collectivite,
        "onglet_actif": ONGLET,
        "chemin": chemin_de(lu),
        "contrat": lu,
        "avenant": avenant_de(lu),
        "retour": adresse_de(lu),
    }
    return render(request, "registre/contrat_avenant.html", contexte)


@require_GET
def exporter_avenant(request, siren, pk, format):
    """L’avenant proposé, à imprimer ou à retoucher ; noté au journal comme tout export."""
    collectivite, lu = contrat_ou_404(request, siren, pk, Capacite.LIRE_CONTRATS)
    if format not in FORMATS:
        raise Http404(f"Format d’export inconnu\u00a0: {format}")
    choix, maintenant = FORMATS[format], timezone.now()
    imprime = avenant_en_document(lu, avenant_de(lu), maintenant)
    consigner(
        NatureAcces.EXPORT,
        maintenant=maintenant,
        utilisateur=request.user,
        collectivite=collectivite,
        detail=f"avenant proposé, contrat n°\u00a0{lu.pk}, {choix.libelle}",
        request=request,
    )
    nom = nom_de_fichier(f"avenant {lu.sous_traitant.nom}", collectivite, maintenant)
    return par_fichier(partial(choix.ecrire, imprime), choix.type_mime, nom_sur(nom, choix.extension))
