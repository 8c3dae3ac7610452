"""Où chercher : le registre propose les fiches, la collectivité coche, interroge et note."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from dpd.comptes.forms_gestes import ajouter_le_refus
from dpd.comptes.saisie import donnees_recues
from dpd.regles.typographie import compte
from dpd.vocabulaire import CategoriePersonnes
from registre.actions.recherche import choisir_les_fiches, noter_les_constats
from registre.enums import EtatRecherche
from registre.forms.recherche import ConstatForm, FichesForm, PersonneForm
from registre.recherche import HABITANT, fiches_ou_chercher, lignes_de, proposees
from subtraitance.models import DemandeDroits
from subtraitance.views.dossier_commun import ONGLET, a_tenir, arguments, chemin_de

CHOISIES = "Les fiches à interroger sont enregistrées."
INCHANGE = "Rien n’a changé."


def choisir(request, siren, annee, rang):
    """La catégorie de personnes dit quelles fiches proposer ; on en ajoute et on en retire librement."""
    demande = a_tenir(request, siren, annee, rang)
    versions = list(fiches_ou_chercher(demande.collectivite))
    categorie = _categorie(request)
    retenues = {
        ligne.recherche.traitement_id
        for ligne in lignes_de(demande)
        if ligne.recherche.etat != EtatRecherche.ECARTEE
    }
    propres = proposees(versions, categorie)
    # Une fois la recherche ouverte, on ne recoche que si la personne dit qui demande.
    cochees = retenues if retenues and not _change(request) else retenues | propres
    formulaire = FichesForm(donnees_recues(request), versions=versions, cochees=cochees)
    if request.method == "POST" and formulaire.is_valid():
        try:
            choisir_les_fiches(
                demande=demande,
                traitements=formulaire.traitements(),
                auteur=request.user,
                maintenant=timezone.now(),
            )
        except ValidationError as refus:
            ajouter_le_refus(formulaire, refus)
        else:
            messages.success(request, CHOISIES)
            return redirect(_dossier(demande))
    contexte = {
        **_contexte(request, demande, "Où chercher"),
        "formulaire": formulaire,
        "personne": PersonneForm(initial={"personnes": categorie}),
        "categorie": CategoriePersonnes(categorie).label,
        "nb_proposees": len(propres),
        "vide": not versions,
    }
    return render(request, "registre/recherche.html", contexte)


def _change(request) -> bool:
    """La personne vient de dire qui demande."""
    return "personnes" in request.GET


def _categorie(request) -> CategoriePersonnes:
    choisie = request.GET.get("personnes", "")
    return CategoriePersonnes(choisie) if choisie in CategoriePersonnes.values else HABITANT


def noter(request, siren, annee, rang):
    """Pour chaque fiche : à chercher, trouvé, rien, sans rapport ; qui l’a dit, ce que l’on en a fait."""
    demande = a_tenir(request, siren, annee, rang)
    donnees = donnees_recues(request)
    formulaires = [ConstatForm(donnees, ligne=ligne) for ligne in lignes_de(demande)]
    refus = ""
    valides = donnees is not None and [formulaire.is_valid() for formulaire in formulaires]
    if request.method == "POST" and all(valides):
        try:
            faits = noter_les_constats(
                demande=demande,
                constats=[f.constat() for f in formulaires if f.has_changed()],
                auteur=request.user,
                maintenant=timezone.now(),
            )
        except ValidationError as erreur:
            refus = " ".join(erreur.messages)
        else:
            fait = f"{compte(faits, 'fiche')} à jour." if faits else INCHANGE
            messages.success(request, fait)
            return redirect(_dossier(demande))
    contexte = {
        **_contexte(request, demande, "Ce que l’on a trouvé"),
        "formulaires": formulaires,
        "refus": refus,
        "erreurs": sum(bool(f.errors) for f in formulaires) if donnees is not None else 0,
    }
    return render(request, "registre/recherche_noter.html", contexte)


def _dossier(demande: DemandeDroits) -> str:
    return reverse("registre:demande", args=arguments(demande))


def _contexte(request, demande: DemandeDroits, ici: str) -> dict:
    chemin = (*chemin_de(request, demande), (f"Demande {demande.numero}", _dossier(demande)))
    return {
        "onglet_actif": ONGLET,
        "chemin": chemin,
        "ici": ici,
        "demande": demande,
        "retour": _dossier(demande),
    }
