"""Les gestes sur une collectivité : ouvrir, modifier, dater un contact, mettre à jour les populations."""

from collections.abc import Collection
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction

from dpd.comptes.droits import decideurs_en_conflit
from dpd.comptes.enums import FonctionContact, NatureAcces
from dpd.comptes.journal import consigner
from dpd.comptes.models import Collectivite, Contact, Structure
from dpd.comptes.models.probant import ecrire
from dpd.comptes.populations import Rapport, comparer, mettre_a_jour_referentiel, verifier_millesime
from dpd.comptes.regles.fichier_insee import Lecture
from dpd.regles.typographie import compte, enumeration

POPULATION = ["population_totale", "population_millesime", "population_source"]


def _enregistrer(objet, *, auteur, maintenant: datetime, motif: str):
    objet._history_user = auteur
    objet._history_date = maintenant
    objet._change_reason = motif[:100]
    ecrire(objet, sauf=["recherche"])  # clé calculée à l’écriture, jamais saisie
    return objet


@transaction.atomic
def creer_collectivite(*, structure: Structure, auteur, maintenant: datetime, **champs) -> Collectivite:
    """Ouvre une collectivité dans le portefeuille d’une structure.

    Une personne morale, un SIREN, un registre : un SIREN déjà suivi est refusé.

    :raises ValidationError: par champ, sans rien écrire.
    """
    return _enregistrer(
        Collectivite(structure=structure, **champs),
        auteur=auteur,
        maintenant=maintenant,
        motif="Collectivité ajoutée",
    )


@transaction.atomic
def modifier_collectivite(
    *, collectivite: Collectivite, auteur, maintenant: datetime, motif: str = "", **champs
) -> Collectivite:
    """Remplace les champs donnés ; n’écrit rien, pas même l’historique, si rien ne change.

    :raises ValidationError: par champ, sans rien écrire ; ou si la structure d’arrivée a pour DPD un
        décideur de la collectivité (RGPD art. 38-6).
    """
    actuelle = Collectivite.objects.select_for_update(no_key=True).get(pk=collectivite.pk)
    if all(getattr(actuelle, nom) == valeur for nom, valeur in champs.items()):
        return actuelle
    for nom, valeur in champs.items():
        setattr(actuelle, nom, valeur)
    _refuser_le_cumul(actuelle)
    return _enregistrer(
        actuelle, auteur=auteur, maintenant=maintenant, motif=motif or "Collectivité modifiée"
    )


def _refuser_le_cumul(collectivite: Collectivite) -> None:
    noms = tuple(str(personne) for personne in decideurs_en_conflit(collectivite))
    if noms:
        raise ValidationError(
            f"Un DPD ne décide pas pour une collectivité de sa structure (RGPD, art. 38-6). Retirez d’abord "
            f"l’un de ces deux rôles à\u00a0: {enumeration(noms)}."
        )


@transaction.atomic
def ajouter_contact(*, collectivite: Collectivite, auteur, maintenant: datetime, **champs) -> Contact:
    """Note qui exerce une fonction, depuis quand. Un seul maire ou président à la fois.

    Le même, déjà noté et toujours là, est rendu tel quel.

    :raises ValidationError: si les dates se contredisent ou si la fonction d’exécutif est déjà tenue.
    """
    Collectivite.objects.select_for_update(no_key=True).get(pk=collectivite.pk)
    contact = Contact(collectivite=collectivite, **champs)
    notes = Contact.objects.filter(collectivite=collectivite, jusqu_au=contact.jusqu_au)
    if deja := notes.filter(**champs).first():
        return deja
    if contact.fonction == FonctionContact.EXECUTIF:
        _refuser_deux_executifs(contact)
    return _enregistrer(contact, auteur=auteur, maintenant=maintenant, motif="Contact ajouté")


def _refuser_deux_executifs(contact: Contact) -> None:
    fin = contact.jusqu_au or date.max
    autres = Contact.objects.filter(collectivite=contact.collectivite, fonction=FonctionContact.EXECUTIF)
    for autre in autres:
        if autre.depuis <= fin and contact.depuis <= (autre.jusqu_au or date.max):
            raise ValidationError(
                {"depuis": f"{autre.nom} tient déjà cette fonction à cette date. Notez d’abord sa fin."}
            )


@transaction.atomic
def clore_contact(*, contact: Contact, jusqu_au: date, auteur, maintenant: datetime) -> Contact:
    """Note le dernier jour d’un contact ; il reste lisible.

    :raises ValidationError: si la fin précède le début, ou si le contact est déjà clos.
    """
    actuel = Contact.objects.select_for_update(no_key=True).get(pk=contact.pk)
    if actuel.jusqu_au is not None:
        raise ValidationError({"jusqu_au": "Ce contact est déjà clos."})
    actuel.jusqu_au = jusqu_au
    return _enregistrer(actuel, auteur=auteur, maintenant=maintenant, motif="Contact clos")


@transaction.atomic
def importer_populations(
    *,
    lecture: Lecture,
    millesime: int,
    fichier: str,
    empreinte: str,
    auteur,
    maintenant: datetime,
    structure: Structure | None = None,
    collectivites: Collection[int] = (),
    request=None,
) -> Rapport:
    """Écrit les populations du fichier : celles d’un portefeuille, ou celles du référentiel national.

    Une structure n’écrit que chez elle : avec ``structure``, seules ses collectivités choisies, que
    l’aperçu proposait, sont mises à jour, chacune avec son historique, son millésime et sa source ; une
    clé étrangère au portefeuille est ignorée. Sans ``structure``, c’est l’exploitation qui met à jour le
    référentiel de tous. Tout ou rien : une seule ligne fausse refuse l’import. Rend le rapport.

    :raises ValidationError: si le fichier porte une erreur ou si le millésime ne convient pas.
    """
    if lecture.erreurs:
        raise ValidationError("Le fichier porte des erreurs\u00a0: rien n’est écrit.")
    verifier_millesime(millesime, maintenant.date())
    choisies = Collectivite.objects.filter(structure=structure, pk__in=collectivites)
    list(choisies.select_for_update(no_key=True).order_by("pk"))  # l’historique garde la ligne entière
    rapport = comparer(lecture, millesime, structure)
    rapport.collectivites = [e for e in rapport.collectivites if e.collectivite.pk in set(collectivites)]
    communes = mettre_a_jour_referentiel(lecture, millesime) if structure is None else 0
    for ecart in rapport.collectivites:
        ecart.collectivite.population_totale = ecart.apres
        ecart.collectivite.population_millesime = millesime
        ecart.collectivite.population_source = rapport.source
    Collectivite.objects.modifier_en_masse(
        [ecart.collectivite for ecart in rapport.collectivites],
        POPULATION,
        auteur=auteur,
        maintenant=maintenant,
        raison=f"Import des populations INSEE {millesime}",
    )
    ecrites = (
        compte(communes, "commune du référentiel", "communes du référentiel")
        if structure is None
        else compte(len(rapport.collectivites), "collectivité mise à jour", "collectivités mises à jour")
    )
    consigner(
        NatureAcces.IMPORT,
        maintenant=maintenant,
        utilisateur=auteur,
        structure=structure,
        detail=f"Populations INSEE {millesime} ({fichier[:60]}, SHA-256 {empreinte}) : {ecrites}",
        request=request,
    )
    return rapport
