"""Informer les personnes (RGPD art. 34) : écrire le message, l’imprimer, le publier, noter que c’est fait."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from dpd.comptes.entete import nom_de_fichier
from dpd.comptes.enums import NatureAcces
from dpd.comptes.journal import consigner
from dpd.comptes.regles.capacites import Capacite
from dpd.comptes.saisie import donnees_recues
from dpd.documents.reponse import FORMATS, par_fichier
from dpd.documents.surete import nom_de_fichier as nom_sur
from violations import actions
from violations.acces import violation_ou_404
from violations.enums import EtatViolation, MoyenInformation, Question
from violations.exports.personnes import SUPPORTS, imprime
from violations.forms.personnes import InformationForm, MessageForm
from violations.message_personnes import message_propose
from violations.models import Violation
from violations.models.page_publique import PUBLICS
from violations.regles.message_personnes import a_ecrire, manques
from violations.views.saisie_commun import Page, a_tenir, adresse_du_dossier, arguments, derouler, refuser

FAITE = Page(
    "Noter que les personnes sont informées",
    "Enregistrer",
    "Le registre des violations garde le texte exact, la date et le moyen.",
)
ENREGISTRE = "Le message est enregistré. Rien n’est envoyé\u00a0: c’est vous qui le faites partir."


def personnes(request, siren, annee, rang):
    """Le message proposé ou enregistré, ce que l’article 34-2 y voudrait encore, et ses supports."""
    capacite = Capacite.TENIR_VIOLATIONS if request.method == "POST" else Capacite.LIRE_VIOLATIONS
    _, violation = violation_ou_404(request, siren, annee, rang, capacite)
    enregistre = violation.message_personnes
    propose = message_propose(violation)
    depart = propose if "reprendre" in request.GET else enregistre or propose
    formulaire = MessageForm(donnees_recues(request), initial={"message": depart, "lu": enregistre})
    if request.method == "POST" and formulaire.is_valid() and _rediger(request, violation, formulaire):
        return redirect("violations:personnes", *arguments(violation))
    contexte = _contexte(request, violation, formulaire, enregistre or propose)
    return render(request, "violations/personnes.html", contexte)


def _rediger(request, violation: Violation, formulaire: MessageForm) -> bool:
    """Vrai si le message est enregistré ; sinon le refus est sous le champ, la saisie reste."""
    try:
        actions.rediger_message(
            violation=violation,
            message=_a_la_ligne(formulaire.cleaned_data["message"]),
            lu=_a_la_ligne(formulaire.cleaned_data["lu"]),
            auteur=request.user,
            maintenant=timezone.now(),
        )
    except ValidationError as refus:
        refuser(formulaire, refus, violation)
        return False
    messages.success(request, ENREGISTRE)
    return True


def _a_la_ligne(texte: str) -> str:
    """Un navigateur envoie « \\r\\n » ; le message n’en garde que « \\n »."""
    return texte.replace("\r\n", "\n")


def _contexte(request, violation: Violation, formulaire: MessageForm, message: str) -> dict:
    collectivite = violation.collectivite
    informer = violation.decisions.filter(courante=True, question=Question.INFORMER).first()
    publique = informer is not None and informer.moyen in PUBLICS
    ouverte = violation.pages_publiques.filter(fermee_le=None).first()
    lu = formulaire["message"].value() or ""
    tient = request.acces.peut(Capacite.TENIR_VIOLATIONS, collectivite)
    return {
        "onglet_actif": "violations",
        "chemin": (
            (collectivite.nom, reverse("pilotage:collectivite", args=[collectivite.siren])),
            ("Violations", reverse("violations:liste", args=[collectivite.siren])),
            (f"Violation {violation.numero}", adresse_du_dossier(violation)),
        ),
        "violation": violation,
        "formulaire": formulaire,
        # Close entre-temps : la saisie refusée reste sous les yeux.
        "modifiable": tient and (formulaire.is_bound or violation.etat != EtatViolation.CLOSE),
        "tient": tient,
        "manques": manques(lu),
        "a_ecrire": a_ecrire(lu),
        "message": message,
        "supports": [(cle, support.libelle) for cle, support in SUPPORTS.items()],
        "informer": informer,
        "publique": publique,
        "page_ouverte": ouverte,
        "page_adresse": _adresse_publique(request, ouverte) if ouverte else "",
        "page_visible": bool(ouverte and publique),
        "informations": violation.informations_faites.select_related("enregistree_par").order_by("-faite_le"),
    }


def _adresse_publique(request, page) -> str:
    return request.build_absolute_uri(reverse("violations:page_publique", args=[page.jeton]))


@require_GET
def document(request, siren, annee, rang, support):
    """Le message en courrier ou en affiche, à imprimer ; noté au journal comme tout export."""
    collectivite, violation = violation_ou_404(request, siren, annee, rang)
    if support not in SUPPORTS:
        raise Http404(f"Support inconnu\u00a0: {support}")
    choix, maintenant = SUPPORTS[support], timezone.now()
    feuille = imprime(
        collectivite, violation.message_personnes or message_propose(violation), choix, maintenant
    )
    consigner(
        NatureAcces.EXPORT,
        maintenant=maintenant,
        utilisateur=request.user,
        collectivite=collectivite,
        detail=f"violation n°\u00a0{violation.numero}, message aux personnes, {choix.libelle}",
        request=request,
    )
    nom = nom_de_fichier(f"information {support} violation-{violation.numero}", collectivite, maintenant)
    pdf = FORMATS["pdf"]
    return par_fichier(lambda sortie: choix.ecrire(feuille, sortie), pdf.type_mime, nom_sur(nom, "pdf"))


def informees(request, siren, annee, rang):
    """Enregistrer que les personnes ont été informées : moyen, date, nombre, texte exact, preuve."""
    violation = a_tenir(request, siren, annee, rang)
    maintenant = timezone.now()
    formulaire = InformationForm(
        donnees_recues(request),
        request.FILES or None,
        initial={
            "message": violation.message_personnes,
            "faite_le": maintenant.astimezone(violation.collectivite.fuseau).date(),
        },
    )

    def agir() -> str:
        saisie = dict(formulaire.cleaned_data)
        actions.enregistrer_information(
            violation=violation,
            moyen=MoyenInformation(saisie.pop("moyen")),
            message=_a_la_ligne(saisie.pop("message")),
            auteur=request.user,
            maintenant=maintenant,
            **saisie,
        )
        return "L’information des personnes est au registre."

    return derouler(request, violation, FAITE, formulaire, agir)


@require_POST
def publier(request, siren, annee, rang):
    """Ouvrir la page publique, ou y mettre le message enregistré."""
    violation = a_tenir(request, siren, annee, rang)
    try:
        actions.publier_message(violation=violation, auteur=request.user, maintenant=timezone.now())
    except ValidationError as refus:
        messages.error(request, " ".join(refus.messages))
    else:
        messages.success(request, "La page publique montre le message. Donnez son adresse aux personnes.")
    return redirect("violations:personnes", *arguments(violation))


@require_POST
def fermer(request, siren, annee, rang):
    """Fermer la page publique ; son adresse ne répond plus."""
    violation = a_tenir(request, siren, annee, rang)
    actions.fermer_page(violation=violation, auteur=request.user, maintenant=timezone.now())
    messages.success(request, "La page publique est fermée.")
    return redirect("violations:personnes", *arguments(violation))
