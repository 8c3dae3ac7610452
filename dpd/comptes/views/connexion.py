"""La connexion et le mot de passe : les pages de la bibliothèque, avec ce qu’il leur manque."""

from allauth.account.views import LoginView, PasswordChangeView
from django.conf import settings
from django.shortcuts import redirect

from dpd.comptes.demonstration import PERSONNES
from dpd.comptes.models import Structure
from dpd.comptes.saisie import est_suspendue
from dpd.comptes.sessions import duree_inactivite_min


def structure_a_appeler() -> Structure | None:
    """La structure dont on affiche le téléphone : la seule du site, ou la première en démonstration."""
    premieres = list(Structure.objects.order_by("pk")[:2])
    return premieres[0] if premieres and (len(premieres) == 1 or settings.DEMONSTRATION) else None


class Connexion(LoginView):
    def get_context_data(self, **kwargs):
        structure = structure_a_appeler()
        return super().get_context_data(
            structure=structure,
            telephone="".join(structure.dpd_telephone.split()) if structure else "",
            saisie_suspendue=est_suspendue(self.request),
            duree_inactivite=duree_inactivite_min(),
            suite=self.get_next_url() or "",
            demonstration=PERSONNES if settings.DEMONSTRATION else (),
            **kwargs,
        )


class ChangerMotDePasse(PasswordChangeView):
    """Qui n’a pas de mot de passe en pose un par le lien reçu au courriel : il n’a rien à redonner ici."""

    def dispatch(self, request, *args, **kwargs):
        if request.user.is_authenticated and not request.user.has_usable_password():
            return redirect("account_reset_password")
        return super().dispatch(request, *args, **kwargs)
