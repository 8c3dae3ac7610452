"""Ouvrir un projet, le signer, déposer l’exemplaire, prévoir : les gestes du gestionnaire."""

from functools import partial

from django.db.models import Q
from django.utils import timezone

from dpd.comptes.acces import collectivite_ou_404
from dpd.comptes.gestes import derouler, recus
from dpd.comptes.regles.capacites import Capacite
from dpd.conventions.actions.convention import (
    Signatures,
    abandonner_projet,
    deposer_signee,
    preparer_projet,
    signer,
)
from dpd.conventions.actions.convention_vie import prevoir
from dpd.conventions.forms.convention import (
    AbandonForm,
    PieceSigneeForm,
    PrevisionForm,
    ProjetForm,
    SignatureForm,
)
from dpd.conventions.models import Bareme, Convention, ModeleConvention
from dpd.conventions.regles.en_clair import clauses_en_clair, le_jour
from dpd.conventions.views.convention_commun import (
    Geste,
    adresse_convention,
    chemin_collectivite,
    convention_ou_404,
)

PREVISIONS = ("forfait_code", "jours_mise_en_place", "jours_accompagnement")


def projet(request, siren):
    """Ouvre la convention à signer, ou en change le modèle."""
    collectivite = collectivite_ou_404(request, siren, Capacite.GERER_CONVENTIONS)
    maintenant = timezone.now()
    deja = Convention.objects.projets().filter(collectivite=collectivite).first()
    formulaire = ProjetForm(
        *recus(request),
        modeles=_modeles_proposes(
            collectivite.structure, timezone.localdate(maintenant, collectivite.fuseau)
        ),
        initial={"modele": deja.modele_id, "reference": deja.reference} if deja else None,
    )
    geste = Geste(
        titre="Quelle convention la collectivité va-t-elle signer\u202f?",
        bouton="Enregistrer le projet",
        retour=adresse_convention(collectivite, deja),
        chapo="Une convention signée garde les clauses de son modèle, même si le modèle change ensuite.",
        chemin=chemin_collectivite(collectivite),
    )
    action = partial(preparer_projet, collectivite=collectivite, maintenant=maintenant)
    return derouler(request, geste, formulaire, action, fait=_phrase_de_projet, collectivite=collectivite)


def _phrase_de_projet(convention: Convention) -> str:
    return f"Le projet «\u00a0{convention}\u00a0» est prêt\u00a0: il reste à le signer."


def _modeles_proposes(structure, jour):
    """Ceux que la structure propose ce jour-là."""
    du_jour = Q(en_vigueur_au__isnull=True) | Q(en_vigueur_au__gte=jour)
    return ModeleConvention.objects.filter(du_jour, structure=structure, en_vigueur_du__lte=jour)


def signer_convention(request, siren, pk):
    """Les deux signatures, ensemble ou l’une après l’autre."""
    convention = convention_ou_404(request, siren, pk, Capacite.GERER_CONVENTIONS)
    collectivite, maintenant = convention.collectivite, timezone.now()
    initial = {nom: getattr(convention, nom) for nom in Signatures.__slots__}
    geste = Geste(
        titre="Noter les signatures",
        bouton="Enregistrer les signatures",
        retour=adresse_convention(collectivite, convention),
        chapo="À la seconde signature, elle prend effet et la mise en place s’ouvre. Elle ne change plus.",
        chemin=chemin_collectivite(collectivite),
        reperes=clauses_en_clair(convention.clauses),
    )
    return derouler(
        request,
        geste,
        SignatureForm(*recus(request), initial=initial),
        partial(signer, convention=convention, maintenant=maintenant),
        fait=_phrase_de_signature,
        saisie=_signatures,
        collectivite=collectivite,
    )


def _signatures(saisie: dict) -> dict:
    dites = {nom: saisie[nom] for nom in Signatures.__slots__}
    return {"signatures": Signatures(**dites), "fichier": saisie["fichier"]}


def _phrase_de_signature(convention: Convention) -> str:
    if convention.date_effet is None:
        return "La signature est notée. Il manque celle de l’autre partie."
    return f"La convention est signée\u00a0: elle prend effet le {le_jour(convention.date_effet)}."


def abandonner_convention(request, siren, pk):
    """Renoncer à un projet que les deux parties n’ont pas signé."""
    convention = convention_ou_404(request, siren, pk, Capacite.GERER_CONVENTIONS)
    collectivite, maintenant = convention.collectivite, timezone.now()
    geste = Geste(
        titre="Abandonner ce projet",
        bouton="Abandonner le projet",
        retour=adresse_convention(collectivite, convention),
        chapo=f"«\u00a0{convention}\u00a0» reste lisible, avec votre motif. Vous pourrez en ouvrir un autre.",
        chemin=chemin_collectivite(collectivite),
    )
    return derouler(
        request,
        geste,
        AbandonForm(*recus(request)),
        partial(abandonner_projet, convention=convention, maintenant=maintenant),
        fait=lambda _: "Le projet est abandonné. Il reste lisible, avec son motif.",
        collectivite=collectivite,
    )


def deposer_convention(request, siren, pk):
    """L’exemplaire signé, quand il arrive après les signatures."""
    convention = convention_ou_404(request, siren, pk, Capacite.GERER_CONVENTIONS)
    collectivite, maintenant = convention.collectivite, timezone.now()
    geste = Geste(
        titre="Déposer la convention signée",
        bouton="Déposer",
        retour=adresse_convention(collectivite, convention),
        chemin=chemin_collectivite(collectivite),
    )
    return derouler(
        request,
        geste,
        PieceSigneeForm(*recus(request)),
        partial(deposer_signee, convention=convention, maintenant=maintenant),
        fait=lambda _: "L’exemplaire signé est déposé.",
        collectivite=collectivite,
    )


def prevoir_convention(request, siren, pk):
    """Le forfait choisi et les jours prévus, dont dépend le prix."""
    convention = convention_ou_404(request, siren, pk, Capacite.GERER_CONVENTIONS)
    collectivite, maintenant = convention.collectivite, timezone.now()
    formulaire = PrevisionForm(
        *recus(request),
        forfaits=_forfaits(collectivite.structure, timezone.localdate(maintenant, collectivite.fuseau)),
        initial={nom: getattr(convention, nom) for nom in PREVISIONS},
    )
    geste = Geste(
        titre="Forfait et jours prévus",
        bouton="Enregistrer",
        retour=adresse_convention(collectivite, convention),
        chapo="Ce que la convention prévoit, et dont dépend le prix de l’année.",
        chemin=chemin_collectivite(collectivite),
    )
    action = partial(prevoir, convention=convention, maintenant=maintenant)
    return derouler(
        request, geste, formulaire, action, fait=lambda _: "C’est noté.", collectivite=collectivite
    )


def _forfaits(structure, jour) -> list:
    """Les forfaits du barème en vigueur."""
    bareme = Bareme.objects.applicables(structure, jour).prefetch_related("forfaits").first()
    return list(bareme.forfaits.all()) if bareme else []
