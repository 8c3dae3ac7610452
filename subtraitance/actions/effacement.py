"""Effacer les données du demandeur à leur terme : jamais seul, jamais sans l’accord des Archives.

Une demande de droits est aussi une archive publique (code du patrimoine, art. L.212-2) : on dit le visa
qui permet d’en détruire, ou pourquoi on s’en passe. Ce qui prouve reste : les instants, les étapes,
les décisions ; ni le nom, ni les mots, ni les pièces.
"""

from collections.abc import Iterable
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction

from dpd.comptes.droits import Acces
from dpd.comptes.enums import Role
from dpd.comptes.models import Collectivite
from dpd.comptes.regles.capacites import Capacite
from dpd.messagerie.models import Message
from dpd.pieces.actions import detruire
from dpd.regles.mois import meme_quantieme
from subtraitance import emails_publics
from subtraitance.actions.demandes_commun import jour_de, prendre
from subtraitance.enums import EtatDemande
from subtraitance.models import DemandeDroits, LettreDemande, ReglagesDemandes
from subtraitance.models.demande import DU_DEMANDEUR

RAISON = "Données du demandeur effacées"
PAS_CLOSE = "Une demande s’efface une fois close."
DEJA = "Les données du demandeur sont déjà effacées."
SANS_TERME = "Aucune durée n’est fixée\u00a0: le responsable la choisit dans les réglages des demandes."
TROP_TOT = "Leur durée de conservation n’est pas passée."
SANS_ACCORD = "Dites le visa des Archives, ou pourquoi vous vous en passez."
PAS_VOUS = "Effacer appartient à la collectivité\u00a0: son référent ou son responsable."
ADRESSE_EFFACEE = "demandeur@efface.invalid"


def poser_l_effacement(demande: DemandeDroits, jour: date) -> None:
    """Le dernier jour où garder le demandeur, compté de la clôture ; vide si la durée n’est pas fixée.

    N’enregistre pas : c’est la clôture qui le fait.
    """
    reglages = ReglagesDemandes.objects.filter(collectivite=demande.collectivite_id).first()
    demande.effacer_apres = terme(jour, reglages.conservation_mois if reglages else None)


def terme(cloture: date, mois: int | None) -> date | None:
    """Le même quantième, tant de mois après la clôture."""
    return None if mois is None else meme_quantieme(cloture, mois)


def peut_effacer(acces: Acces, collectivite: Collectivite) -> bool:
    """Vrai du référent et du décideur ; qui conseille n’efface pas, même s’il a aussi un de ces rôles."""
    if acces.peut(Capacite.RENDRE_AVIS, collectivite):
        return False
    return not {Role.REFERENT, Role.DECIDEUR}.isdisjoint(acces.roles(collectivite))


@transaction.atomic
def effacer_le_demandeur(*, demande: DemandeDroits, accord: str, auteur, maintenant: datetime):
    """Vide le demandeur et ses mots, ses lettres, l’adresse de l’accusé, et détruit les pièces du dossier.

    L’historique n’a jamais rien gardé de tout cela.

    :raises ValidationError: sans l’accord, sans le rôle, si elle n’est pas close, si le terme n’est pas
        passé ou si c’est déjà fait ; rien n’est alors écrit.
    """
    demande = prendre(demande)
    _verifier(demande, accord, auteur, maintenant)
    geste = {"auteur": auteur, "maintenant": maintenant}
    _detruire_les_pieces(demande, geste)
    _vider_les_lettres(demande, geste)
    _oublier_l_accuse(demande)
    for champ in DU_DEMANDEUR:
        setattr(demande, champ, "")
    demande.efface_le, demande.effacement_accord = maintenant, accord.strip()
    return demande.enregistrer(raison=RAISON, **geste)


@transaction.atomic
def effacer_les_demandeurs(
    *, demandes: Iterable[DemandeDroits], accord: str, auteur, maintenant: datetime
) -> int:
    """Efface toutes ces demandes, ou aucune ; rend combien l’ont été.

    Une demande effacée entre-temps est passée : l’envoyer deux fois n’y change rien.

    :raises ValidationError: comme :func:`effacer_le_demandeur`.
    """
    faites = 0
    for demande in sorted(demandes, key=lambda demande: demande.pk):
        if prendre(demande).efface_le is None:
            effacer_le_demandeur(demande=demande, accord=accord, auteur=auteur, maintenant=maintenant)
            faites += 1
    return faites


def _verifier(demande: DemandeDroits, accord: str, auteur, maintenant: datetime) -> None:
    if not peut_effacer(Acces(auteur), demande.collectivite):
        raise ValidationError(PAS_VOUS)
    if demande.efface_le is not None:
        raise ValidationError(DEJA)
    if demande.etat != EtatDemande.CLOSE:
        raise ValidationError(PAS_CLOSE)
    if demande.effacer_apres is None:
        raise ValidationError(SANS_TERME)
    if jour_de(demande, maintenant) <= demande.effacer_apres:
        raise ValidationError(TROP_TOT)
    if not accord.strip():
        raise ValidationError({"accord": SANS_ACCORD})


def _detruire_les_pieces(demande: DemandeDroits, geste: dict) -> None:
    for lien in demande.pieces.select_related("piece"):
        if not lien.piece.est_detruite:
            detruire(piece=lien.piece, motif=RAISON, **geste)


def _vider_les_lettres(demande: DemandeDroits, geste: dict) -> None:
    lettres = list(demande.lettres.select_for_update(no_key=True))
    for lettre in lettres:
        lettre.texte = ""
    LettreDemande.objects.modifier_en_masse(lettres, ["texte"], raison=RAISON, **geste)


def _oublier_l_accuse(demande: DemandeDroits) -> None:
    """La preuve de l’accusé reste, sans l’adresse ; le courriel gardé par la file s’en va."""
    accuses = Message.objects.sur(demande).filter(nature=emails_publics.ACCUSE)
    for accuse in accuses.select_related("courriel"):
        if accuse.courriel is not None:
            accuse.courriel.delete()
    accuses.update(destinataire=ADRESSE_EFFACEE)
