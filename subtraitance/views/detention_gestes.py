"""Noter un lot reçu, fixer une durée, prouver une destruction : un formulaire, une action."""

from functools import partial

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from dpd.comptes.acces import structure_ou_404
from dpd.comptes.gestes import Geste, derouler, recus
from dpd.comptes.models import Structure
from dpd.comptes.regles.capacites import Capacite
from dpd.regles.typographie import compte, date_longue, pluriel
from subtraitance import detention_lue as lecture
from subtraitance.actions import detention as actions
from subtraitance.actions.article_30_2 import jour_de_la_structure
from subtraitance.enums import LotDetenu
from subtraitance.forms.detention import DestructionForm, LotForm, RegleForm
from subtraitance.models import DonneesDetenues, RegleDetention
from subtraitance.views.detention import ONGLET

LOTS_MAX = 500  # détruits d’un seul geste


def enregistrer(request, siren):
    """Un lot reçu d’une collectivité ; son échéance se calcule."""
    structure = structure_ou_404(request, siren, Capacite.EXECUTER_INSTRUCTION)
    maintenant = timezone.now()
    geste = _geste(
        structure,
        "Noter des données reçues",
        "Enregistrer",
        chapo="Ce que vous gardez pour une collectivité s’écrit ici le jour où vous le recevez.",
    )
    formulaire = LotForm(
        *recus(request),
        structure=structure,
        initial={"recu_le": jour_de_la_structure(structure, maintenant)},
    )
    return derouler(
        request,
        geste,
        formulaire,
        partial(actions.enregistrer_lot, structure=structure, maintenant=maintenant),
        fait=_note,
        saisie=lambda _: formulaire.saisie(),
        structure=structure,
    )


def _note(lot: DonneesDetenues) -> str:
    if lot.echeance is not None:
        return f"C’est noté. À détruire avant la fin du {date_longue(lot.echeance)}."
    if lot.regle == actions.SANS_REGLE:
        return "C’est noté. Aucune durée n’est fixée pour ce type\u00a0: le DPD ou le gestionnaire la fixe."
    return "C’est noté. L’échéance viendra avec la fin de la convention."


def regler(request, siren, type):
    """Combien de temps un type se garde ; l’application n’en invente aucune."""
    structure = structure_ou_404(request, siren, Capacite.TENIR_SOUS_TRAITANCE)
    if type not in LotDetenu.values:
        raise Http404
    lot = LotDetenu(type)
    regle = RegleDetention.objects.filter(structure=structure, type=lot).first()
    depart = {nom: getattr(regle, nom) for nom in ("quantite", "unite", "source")} if regle else {}
    retour = reverse("subtraitance:durees_detention", args=[structure.siren])
    geste = Geste(
        f"Durée\u00a0: {lot.label}",
        "Fixer la durée",
        retour,
        onglet=ONGLET,
        chapo="Recopiez ce que dit la convention. Les lots déjà reçus gardent la durée qu’ils ont\u00a0; "
        "ceux qui n’en ont pas reçoivent celle-ci.",
        chemin=(*_chemin(structure), ("Durées", retour)),
    )
    action = partial(actions.regler, structure=structure, type=lot, maintenant=timezone.now())
    formulaire = RegleForm(recus(request)[0], initial=depart)
    fait = "La durée est fixée."
    return derouler(request, geste, formulaire, action, fait=lambda _: fait, structure=structure)


def detruire(request, siren):
    """Les lots cochés dans la liste : détruits ou restitués, par qui, quand, comment."""
    structure = structure_ou_404(request, siren, Capacite.EXECUTER_INSTRUCTION)
    maintenant = timezone.now()
    lots = _coches(structure, request.POST if request.method == "POST" else request.GET)
    if not lots:
        messages.warning(request, "Cochez d’abord les lots détruits ou restitués.")
        return redirect("subtraitance:donnees_detenues", structure.siren)
    jour = jour_de_la_structure(structure, maintenant)
    nombre = compte(len(lots), "lot")
    geste = _geste(
        structure,
        f"Détruire ou restituer {nombre}",
        "Enregistrer la preuve",
        chapo="L’application n’efface rien chez vous\u00a0: détruisez ou rendez d’abord, puis dites-le ici. "
        "Votre nom et la date font la preuve.",
    )
    formulaire = DestructionForm(recus(request)[0], jour=jour)
    return derouler(
        request,
        geste,
        formulaire,
        partial(actions.detruire_lots, structure=structure, lots=lots, maintenant=maintenant),
        fait=_preuve,
        saisie=lambda _: formulaire.saisie(),
        gabarit="subtraitance/detention_detruire.html",
        structure=structure,
        lignes=lecture.lots_vus(lots, jour),
    )


def _preuve(lots: list[DonneesDetenues]) -> str:
    mot = "restitué" if lots[0].restitue else "détruit"
    return f"{compte(len(lots), 'lot')} {pluriel(len(lots), mot)}. Le procès-verbal est à leur ligne."


def _coches(structure: Structure, donnees) -> list[DonneesDetenues]:
    """Ceux de cette structure, encore détenus, que la page a cochés."""
    pks = [pk for pk in donnees.getlist("lots") if pk.isascii() and pk.isdigit() and len(pk) < 19]
    siens = lecture.de_la_structure(structure).filter(pk__in=pks[:LOTS_MAX], detruit_le=None)
    return list(lecture.pour_liste(siens))


def _chemin(structure: Structure) -> tuple[tuple[str, str], ...]:
    return (("Ce que nous détenons", reverse("subtraitance:donnees_detenues", args=[structure.siren])),)


def _geste(structure: Structure, titre: str, bouton: str, **textes: str) -> Geste:
    """Un geste qui ramène à la liste des lots."""
    chemin = _chemin(structure)
    return Geste(titre, bouton, chemin[0][1], onglet=ONGLET, chemin=chemin, **textes)
