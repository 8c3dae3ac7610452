"""La saisie guidée : une étape à la fois, enregistrée au fil de l’eau."""

import re

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from dpd.comptes.regles.capacites import Capacite
from dpd.comptes.saisie import reprendre as reprendre_saisie
from dpd.regles.typographie import compte, enumeration
from dpd.vocabulaire import CategorieDonnees
from registre import actions
from registre.acces import fiche_ou_404
from registre.ecriture import fiche_de
from registre.enums import EtatVersion
from registre.forms.commun import RANG_MAX
from registre.forms.donnees import EtapeDonnees, ancre
from registre.forms.etapes import ETAPES, LETTRES, RELECTURE, TITRES
from registre.lecture import presenter
from registre.regles.completude import CRITERES, evaluer, nommer
from registre.regles.concurrence import repere
from registre.regles.reprise import TOUTES, partager, reprendre

REVISION = re.compile(r"[0-9]{1,9}")
AJOUTS_MAX = 5  # lignes demandées d’un coup


@require_http_methods(["GET", "POST"])
def etape(request, siren, reference, numero):
    _, version = fiche_ou_404(request, siren, reference, Capacite.TENIR_REGISTRE)
    if not 1 <= numero <= RELECTURE:
        raise Http404
    if not version.est_modifiable:
        if request.method == "POST" and numero in ETAPES:
            saisie = ETAPES[numero](fiche_de(version), request.POST, modele=version.traitement.modele)
            return _trop_tard(request, version, saisie)
        messages.info(request, _pour_la_modifier(version))
        return redirect("registre:fiche", siren, reference)
    if numero == RELECTURE:
        return _relecture(request, version)
    if request.method == "POST":
        return _enregistrer(request, version, numero)
    retrouvee = reprendre_saisie(request)
    if retrouvee is not None:
        messages.info(request, "Votre saisie a été retrouvée\u00a0: vérifiez-la, puis enregistrez.")
    saisie = ETAPES[numero](
        fiche_de(version),
        retrouvee,
        modele=version.traitement.modele,
        ajouts=request.GET.getlist("ajouter")[:AJOUTS_MAX],
    )
    if retrouvee is not None:
        saisie.est_valide()
    return _page(request, version, saisie)


def _enregistrer(request, version, numero):
    fiche = fiche_de(version)
    saisie = ETAPES[numero](fiche, request.POST, modele=version.traitement.modele)
    if not saisie.est_valide():
        return _refus(request, version, saisie)
    saisie_lue = saisie.appliquer()
    nouvelle = _reprendre_du_modele(request, saisie, saisie_lue)
    revision = request.POST.get("revision", "")
    try:
        version = actions.enregistrer_contenu(
            version=version,
            fiche=nouvelle,
            auteur=request.user,
            maintenant=timezone.now(),
            raison=saisie.raison,
            revision=int(revision) if REVISION.fullmatch(revision) else None,
            lu=request.POST.get("lu") or None,
            continu=True,
        )
    except actions.RevisionPerimee as conflit:
        return _conflit(request, conflit, saisie)
    except ValueError:  # transmise par quelqu’un d’autre pendant la saisie
        version.refresh_from_db()
        return _trop_tard(request, version, saisie)
    if request.htmx:
        return _fragment(request, version, saisie)
    if nouvelle is not saisie_lue:
        _dire_la_reprise(request, saisie_lue, nouvelle)
    return _suite(request, version, numero)


def _reprendre_du_modele(request, saisie, fiche):
    """La fiche où la durée demandée au modèle est posée ; la même s’il n’est rien demandé."""
    demande = request.POST.get("reprendre", "")
    if not demande:
        return fiche
    try:
        return reprendre(fiche, demande, getattr(saisie, "durees_modele", []))
    except ValueError as erreur:
        messages.error(request, str(erreur))
        return fiche


def _dire_la_reprise(request, avant, apres) -> None:
    """Ce que le modèle vient de remplir et ce qu’une reprise groupée laisse : rien ne change en silence."""
    changees = sum(une != autre for une, autre in zip(avant.donnees, apres.donnees, strict=True))
    phrase = f"{compte(changees, 'ligne remplie', 'lignes remplies')} d’après le modèle\u00a0: relisez."
    if not changees:
        phrase = "Le modèle n’avait rien à remplir ici\u00a0: rien n’a changé."
    laissees = [nommer(apres.donnees[rang], apres) for rang in partager(apres.donnees).une_a_une]
    if laissees and request.POST["reprendre"].startswith(TOUTES):
        phrase += f" À traiter une à une\u00a0: {enumeration(tuple(laissees))}."
    messages.info(request, phrase)


def _suite(request, version, numero):
    siren, reference = version.collectivite.siren, version.traitement.reference
    if numero == EtapeDonnees.numero and {"reprendre", "ajouter"} & request.POST.keys():
        return _rester_aux_donnees(request, version)
    if "plus_tard" in request.POST:
        messages.success(request, "C’est enregistré. Vous reprendrez où vous en étiez.")
        return redirect("registre:fiche", siren, reference)
    if "precedent" in request.POST:
        return redirect("registre:etape", siren, reference, max(1, numero - 1))
    return redirect("registre:etape", siren, reference, numero + 1)


def _rester_aux_donnees(request, version):
    """Revenir à l’étape des données, sur la ligne qu’on vient d’ajouter ou de remplir."""
    page = reverse(
        "registre:etape", args=[version.collectivite.siren, version.traitement.reference, EtapeDonnees.numero]
    )
    ajout = request.POST.get("ajouter", "")
    if ajout in CategorieDonnees.values:
        rang = 1 + sum(ligne["categorie"] == ajout for ligne in version.contenu["donnees"])
        if rang <= RANG_MAX:
            return redirect(f"{page}?ajouter={ajout}#{ancre(ajout, rang)}")
        messages.warning(request, f"{RANG_MAX} lignes du même genre au plus\u00a0: regroupez-en.")
        return redirect(f"{page}#{ancre(ajout, RANG_MAX)}")
    categorie, _, rang = request.POST.get("reprendre", "").partition("|")[0].rpartition("-")
    if categorie in CategorieDonnees.values and rang.isascii() and rang.isdigit() and len(rang) < 4:
        return redirect(f"{page}#{ancre(categorie, int(rang))}")
    return redirect(page)


def _contexte(version, saisie) -> dict:
    fiche = fiche_de(version)
    completude = evaluer(fiche)
    manquantes = {m.lettre for m in completude.manquants}
    numero = saisie.numero if saisie else RELECTURE
    return {
        "onglet_actif": "registre",
        "version": version,
        "lu": repere(fiche),
        "ecarts": (),
        "refusee": False,
        "saisie": saisie,
        "numero": numero,
        "suivant": numero + 1,
        "titre_suivant": TITRES.get(numero + 1, ""),
        "completude": completude,
        "criteres": criteres_affiches(completude),
        "etapes": [
            {"numero": n, "titre": titre, "faite": n in LETTRES and not manquantes & set(LETTRES[n])}
            for n, titre in TITRES.items()
        ],
        "modele": version.traitement.modele,
    }


def criteres_affiches(completude) -> list[dict]:
    """Les sept éléments de l’article 30, avec ce qui manque à chacun."""
    manques = {m.lettre: m for m in completude.manquants}
    return [{"lettre": c.lettre, "intitule": c.intitule, "manque": manques.get(c.lettre)} for c in CRITERES]


def _page(request, version, saisie, statut=200):
    contexte = {**_contexte(version, saisie), "refusee": statut != 200}
    return render(request, saisie.gabarit, contexte, status=statut)


def _fragment(request, version, saisie):
    return render(request, "registre/etapes/_enregistre.html", {**_contexte(version, saisie), "erreurs": 0})


def _refus(request, version, saisie):
    erreurs = sum(len(f.errors) for f in saisie.formulaires())
    if request.htmx:
        return render(
            request, "registre/etapes/_enregistre.html", {**_contexte(version, saisie), "erreurs": erreurs}
        )
    messages.error(request, "Rien n’est enregistré encore\u00a0: corrigez ce qui est signalé ci-dessous.")
    return _page(request, version, saisie, statut=422)


def _conflit(request, conflit, saisie):
    version = conflit.version
    if request.htmx:
        return render(request, "registre/etapes/_conflit.html", {"version": version})
    qui = f"{version.modifie_par} a enregistré cette fiche"
    if version.modifie_par_id == request.user.pk:
        qui = "Vous avez enregistré cette fiche dans un autre onglet"
    messages.warning(
        request,
        f"{qui} entre-temps. Votre saisie est ci-dessous\u00a0: vérifiez-la, puis enregistrez de nouveau "
        "pour la garder.",
    )
    contexte = {**_contexte(version, saisie), "ecarts": conflit.ecarts}
    return render(request, saisie.gabarit, contexte, status=409)


def _trop_tard(request, version, saisie):
    """La fiche est partie pendant la saisie : rien ne s’enregistre, mais rien ne s’efface de l’écran."""
    phrase = f"Rien n’est enregistré. {_pour_la_modifier(version)}"
    if request.htmx:
        return render(request, "registre/etapes/_trop_tard.html", {"phrase": phrase})
    messages.error(
        request, f"{phrase} Votre saisie est ci-dessous\u00a0: copiez-la avant de quitter la page."
    )
    return _page(request, version, saisie, statut=409)


def _pour_la_modifier(version) -> str:
    if version.etat in (EtatVersion.TRANSMISE, EtatVersion.AVIS_RENDU):
        return "Cette fiche est transmise au DPD\u00a0: reprenez la saisie depuis la fiche pour la modifier."
    return "Cette version n’est plus un brouillon\u00a0: ouvrez-en une nouvelle pour la modifier."


def _relecture(request, version):
    contenu = fiche_de(version)
    return render(
        request,
        "registre/etapes/relecture.html",
        {**_contexte(version, None), "fiche": presenter(contenu)},
    )
