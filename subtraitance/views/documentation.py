"""La documentation due au responsable, en une archive (RGPD art. 28-3 h)."""

from functools import partial

from django.utils import timezone
from django.views.decorators.http import require_GET

from dpd.comptes.acces import collectivite_ou_404
from dpd.comptes.entete import nom_de_fichier
from dpd.comptes.enums import NatureAcces
from dpd.comptes.journal import consigner
from dpd.comptes.regles.capacites import Capacite
from dpd.documents.reponse import par_fichier
from dpd.documents.surete import nom_de_fichier as nom_sur
from subtraitance.exports.documentation import ecrire_la_documentation


@require_GET
def documentation(request, siren):
    """Ce qui démontre que la structure tient ses obligations envers cette collectivité."""
    collectivite = collectivite_ou_404(request, siren, Capacite.LIRE_CONTRATS)
    maintenant = timezone.now()
    ecrire = partial(
        ecrire_la_documentation, collectivite=collectivite, acces=request.acces, maintenant=maintenant
    )
    nom = nom_sur(nom_de_fichier("documentation sous-traitant", collectivite, maintenant), "zip")
    reponse = par_fichier(lambda sortie: ecrire(sortie), "application/zip", nom)
    consigner(
        NatureAcces.EXPORT,
        maintenant=maintenant,
        utilisateur=request.user,
        collectivite=collectivite,
        detail="documentation du sous-traitant, ZIP",
        request=request,
    )
    return reponse
