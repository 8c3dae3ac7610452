"""Le registre de l’article 30-2 de la structure : le lire, l’écrire, l’exporter."""

from functools import partial
from typing import Any

from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_safe

from dpd.comptes.acces import structure_ou_404
from dpd.comptes.entete import nom_de_fichier
from dpd.comptes.forms_gestes import ConfirmationForm
from dpd.comptes.gestes import Geste, derouler, recus
from dpd.comptes.models import Structure
from dpd.comptes.regles.capacites import Capacite
from dpd.comptes.sortie import rendre, verifier_format
from dpd.pagination import paginer
from dpd.regles.typographie import compte
from subtraitance import registre_30_2_lu as lecture
from subtraitance.actions import article_30_2 as actions
from subtraitance.exports.article_30_2 import registre_en_document
from subtraitance.forms.article_30_2 import ActiviteForm, ArretForm
from subtraitance.models import ActiviteSousTraitee

ONGLET = "prestataires"
CHAMPS = ("nom", "categories", "transferts", "securite", "debut")


@require_safe
def registre_30_2(request, siren):
    """Ce que la structure fait des données d’autrui, et pour qui ; distinct de son registre 30-1."""
    structure = structure_ou_404(request, siren, Capacite.LIRE_SOUS_TRAITANCE)
    etat = request.GET.get("etat", "")
    etat = etat if etat in lecture.ETATS else ""
    contexte = {
        "onglet_actif": ONGLET,
        "structure": structure,
        "lui": lecture.structure_dite(structure),
        "page": paginer(request, lecture.activites_de(structure, etat)),
        "etat": etat,
        "etats": lecture.ETATS.items(),
        "aucune": not ActiviteSousTraitee.objects.filter(structure=structure).exists(),
        "aucun_transfert": lecture.AUCUN_TRANSFERT,
    }
    return render(request, "subtraitance/article_30_2.html", contexte)


@require_GET
def exporter(request, siren, format):
    """Le registre, tenu à la disposition de la CNIL (art. 30-4)."""
    structure = structure_ou_404(request, siren, Capacite.LIRE_SOUS_TRAITANCE)
    verifier_format(format)
    maintenant = timezone.now()
    document = registre_en_document(structure, maintenant=maintenant)
    return rendre(
        request,
        structure,
        document,
        format,
        nom=nom_de_fichier("registre 30-2", structure, maintenant),
        detail=f"registre de l’article 30-2, {document.entete.version}",
        maintenant=maintenant,
    )


def creer(request, siren):
    """Une catégorie de traitements de plus."""
    structure = structure_ou_404(request, siren, Capacite.TENIR_SOUS_TRAITANCE)
    geste = Geste(
        "Ajouter une activité",
        "Ajouter au registre",
        reverse("subtraitance:registre_30_2", args=[structure.siren]),
        onglet=ONGLET,
        chapo="Une activité, c’est ce que vous faites des données pour le compte de vos collectivités. "
        "Vous direz ensuite lesquelles.",
        chemin=chemin_du_registre(structure),
    )
    formulaire = ActiviteForm(recus(request)[0], structure=structure)
    action = partial(actions.creer_activite, structure=structure, maintenant=timezone.now())
    return derouler(
        request,
        geste,
        formulaire,
        action,
        fait=lambda a: f"«\u00a0{a.nom}\u00a0» est au registre. Rattachez-lui les collectivités servies.",
        structure=structure,
    )


def modifier(request, siren, pk):
    """La rédaction change, l’ancienne reste à l’historique."""
    structure, activite = activite_ou_404(request, siren, pk, Capacite.TENIR_SOUS_TRAITANCE)
    geste = geste_sur(activite, f"Modifier «\u00a0{activite.nom}\u00a0»", "Enregistrer")
    depart: dict[str, Any] = {nom: getattr(activite, nom) for nom in CHAMPS}
    depart["sous_traitants"] = activite.sous_traitants.all()
    formulaire = ActiviteForm(recus(request)[0], structure=structure, initial=depart)
    action = partial(actions.modifier_activite, activite=activite, maintenant=timezone.now())
    fait = "L’activité est modifiée."
    return derouler(request, geste, formulaire, action, fait=lambda _: fait, structure=structure)


def arreter(request, siren, pk):
    """Elle n’est plus exercée pour personne ; tout reste lisible."""
    structure, activite = activite_ou_404(request, siren, pk, Capacite.TENIR_SOUS_TRAITANCE)
    if activite.fin is not None:
        return redirect(adresse_de(activite))
    servis = activite.responsables.filter(jusqu_au=None).count()
    geste = geste_sur(
        activite,
        f"Arrêter «\u00a0{activite.nom}\u00a0»",
        "Arrêter l’activité",
        chapo=f"{compte(servis, 'responsable n’est', 'responsables ne sont')} plus servis après ce jour. "
        "L’activité et son histoire restent consultables.",
    )
    action = partial(actions.arreter_activite, activite=activite, maintenant=timezone.now())
    formulaire = ArretForm(recus(request)[0])
    fait = "L’activité est arrêtée."
    return derouler(request, geste, formulaire, action, fait=lambda _: fait, structure=structure)


def reprendre(request, siren, pk):
    """Elle s’exerce de nouveau ; on rattache ensuite ceux qu’elle sert."""
    structure, activite = activite_ou_404(request, siren, pk, Capacite.TENIR_SOUS_TRAITANCE)
    geste = geste_sur(
        activite,
        f"Reprendre «\u00a0{activite.nom}\u00a0»",
        "Reprendre l’activité",
        chapo="Aucune collectivité n’est rattachée d’office\u00a0: vous les cocherez ensuite.",
    )
    action = partial(actions.reprendre_activite, activite=activite, maintenant=timezone.now())
    formulaire = ConfirmationForm(recus(request)[0])
    fait = "L’activité a repris."
    return derouler(request, geste, formulaire, action, fait=lambda _: fait, structure=structure)


def activite_ou_404(
    request, siren: str, pk: int, capacite: Capacite
) -> tuple[Structure, ActiviteSousTraitee]:
    """La structure et l’une de ses activités ; mêmes erreurs que ``structure_ou_404``."""
    structure = structure_ou_404(request, siren, capacite)
    activite = ActiviteSousTraitee.objects.select_related("structure").filter(structure=structure, pk=pk)
    trouvee = activite.first()
    if trouvee is None:
        raise Http404
    return structure, trouvee


def adresse_de(activite: ActiviteSousTraitee, nom: str = "activite") -> str:
    return reverse(f"subtraitance:{nom}", args=[activite.structure.siren, activite.pk])


def chemin_du_registre(structure: Structure) -> tuple[tuple[str, str], ...]:
    """Le fil d’Ariane d’une page sous le registre."""
    return (("Registre 30-2", reverse("subtraitance:registre_30_2", args=[structure.siren])),)


def geste_sur(activite: ActiviteSousTraitee, titre: str, bouton: str, **textes: str) -> Geste:
    """Un geste qui ramène à la page de l’activité."""
    chemin = (*chemin_du_registre(activite.structure), (activite.nom, adresse_de(activite)))
    return Geste(titre, bouton, adresse_de(activite), onglet=ONGLET, chemin=chemin, **textes)
