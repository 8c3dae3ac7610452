"""L’annuaire tel qu’on le lit : la liste, la fiche, la chaîne de ses sous-traitants.

Qui travaille avec qui est du secret de chaque collectivité : hors du DPD, la structure n’en voit que le
nombre (RGPD art. 38-5), et une collectivité rien des autres.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Exists, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from dpd.comptes.models import Structure
from dpd.messagerie.models import Message
from dpd.regles.etiquette import Etiquette
from dpd.regles.texte import normaliser
from dpd.vocabulaire import TypePrestataire
from subtraitance.annuaire_pays import NOMS, hors_europe, lieu_dit
from subtraitance.contrats_lus import vivants
from subtraitance.emails_annuaire import CHANGEMENT
from subtraitance.enums import EtatFiche
from subtraitance.models import Certification, Logiciel, SousTraitant, SousTraitantUlterieur

ETATS = {EtatFiche.PROPOSEE.value: "À vérifier", EtatFiche.VERIFIEE.value: "Vérifiées"}
LONGUEUR_MAX = 150
LIES_MAX = 200
EXPIREE = Etiquette("Expirée", "attention", "hourglass-split")


@dataclass(frozen=True, slots=True)
class Filtres:
    """Ce que demande l’adresse ; toute valeur inconnue est ignorée."""

    q: str = ""
    etat: str = ""
    type: str = ""
    pays: str = ""

    @classmethod
    def lire(cls, demande: Mapping[str, str]) -> "Filtres":
        def parmi(nom: str, valeurs) -> str:
            valeur = demande.get(nom, "")
            return valeur if valeur in valeurs else ""

        return cls(
            q=demande.get("q", "").strip()[:LONGUEUR_MAX],
            etat=parmi("etat", ETATS),
            type=parmi("type", TypePrestataire.values),
            pays=parmi("pays", NOMS),
        )

    @property
    def actifs(self) -> bool:
        return any((self.q, self.etat, self.type, self.pays))


def annuaire(structure: Structure) -> QuerySet:
    """Les fiches qui se choisissent, par nom."""
    return SousTraitant.objects.de_la_structure(structure).utilisables().order_by("nom", "pk")


def chercher(requete: QuerySet, texte: str) -> QuerySet:
    """Chaque mot se trouve dans le nom, le SIREN ou le nom d’un logiciel."""
    siren = "".join(texte.split())
    if siren.isdigit():
        return requete.filter(siren__startswith=siren)
    for mot in normaliser(texte).split():
        logiciels = Logiciel.objects.filter(
            sous_traitant=OuterRef("pk"), nom__icontains=mot, retire_le__isnull=True
        )
        requete = requete.filter(Q(recherche__contains=mot) | Exists(logiciels))
    return requete


def filtrer(requete: QuerySet, filtres: Filtres) -> QuerySet:
    exacts = {"etat": filtres.etat, "type": filtres.type, "hebergement_pays": filtres.pays}
    requete = requete.filter(**{nom: valeur for nom, valeur in exacts.items() if valeur})
    return chercher(requete, filtres.q) if filtres.q else requete


def avec_le_nombre(requete: QuerySet, jour: date) -> QuerySet:
    """``liees`` : combien de collectivités ont un contrat en cours ; jamais lesquelles."""
    siens = vivants(jour).filter(sous_traitant=OuterRef("pk")).order_by().values("sous_traitant")
    nombre = siens.annotate(n=Count("collectivite", distinct=True)).values("n")
    return requete.annotate(liees=Coalesce(Subquery(nombre, output_field=IntegerField()), 0))


def compter(structure: Structure) -> dict[str, int]:
    """Une requête."""
    return annuaire(structure).aggregate(
        total=Count("pk"), a_verifier=Count("pk", filter=Q(etat=EtatFiche.PROPOSEE))
    )


def pays_presents(structure: Structure) -> list[tuple[str, str]]:
    """Les pays d’hébergement de l’annuaire, par nom."""
    codes = annuaire(structure).exclude(hebergement_pays="").order_by()
    trouves = set(codes.values_list("hebergement_pays", flat=True).distinct())
    return sorted(((code, NOMS.get(code, code)) for code in trouves), key=lambda c: normaliser(c[1]))


def etat_de(fiche: SousTraitant) -> Etiquette:
    """D’une fiche qui se choisit encore ; une fiche réunie mène à l’autre et ne se montre pas."""
    if fiche.etat == EtatFiche.VERIFIEE:
        return Etiquette("Vérifiée", "fait", "check-circle-fill")
    return Etiquette("À vérifier", "attention", "hourglass-split")


@dataclass(frozen=True, slots=True)
class CertificationVue:
    certification: Certification
    etat: Etiquette


def certifications_de(fiche: SousTraitant, jour: date) -> list[CertificationVue]:
    """Celles qui valent encore d’abord ; une requête."""
    siennes = fiche.certifications.filter(retiree_le__isnull=True).select_related("piece")
    vues = [CertificationVue(c, validite(c, jour)) for c in siennes.order_by("nom", "pk")]
    return sorted(vues, key=lambda vue: vue.etat is EXPIREE)


def validite(certification: Certification, jour: date) -> Etiquette:
    if certification.expire_le is None:
        return Etiquette("Sans terme connu", "attention", "question-circle")
    if certification.expire_le < jour:
        return EXPIREE
    return Etiquette("Valable", "fait", "check-circle-fill")


@dataclass(frozen=True, slots=True)
class Maillon:
    """Un sous-traitant de la chaîne, dans l’ordre où elle se lit.

    ``chemin`` : les noms traversés depuis le prestataire, lui compris. ``deja`` : il figure plus haut, sa
    propre suite s’y lit.
    """

    lien: SousTraitantUlterieur
    rang: int
    chemin: tuple[str, ...]
    deja: bool


def chaine(fiche: SousTraitant) -> list[Maillon]:
    """Les sous-traitants de ce prestataire, puis les leurs, jusqu’au bout (RGPD art. 28-4).

    Une requête, quelle que soit la profondeur ; chaque prestataire ne se déplie qu’une fois : une boucle
    s’arrête d’elle-même.
    """
    suites: dict[int, list[SousTraitantUlterieur]] = defaultdict(list)
    liens = SousTraitantUlterieur.objects.filter(structure=fiche.structure_id, retire_le__isnull=True)
    for lien in liens.select_related("ulterieur").order_by("-ulterieur__nom", "-pk"):
        suites[lien.sous_traitant_id].append(lien)
    depliees = {fiche.pk}
    maillons: list[Maillon] = []
    pile = [(lien, (fiche.nom,)) for lien in suites[fiche.pk]]
    while pile:
        lien, chemin = pile.pop()
        deja = lien.ulterieur_id in depliees
        maillons.append(Maillon(lien, len(chemin), chemin, deja))
        if not deja:
            depliees.add(lien.ulterieur_id)
            pile += [(suite, (*chemin, lien.ulterieur.nom)) for suite in suites[lien.ulterieur_id]]
    return maillons


@dataclass(frozen=True, slots=True)
class Trace:
    """Un changement annoncé : quand, et à combien de collectivités."""

    quand: datetime
    sujet: str
    collectivites: int


def annonces(fiche: SousTraitant, collectivite=None) -> list[Trace]:
    """Les changements dont les collectivités ont été prévenues ; celle-ci seulement, si on la donne."""
    messages = Message.objects.sur(fiche).filter(nature=CHANGEMENT, collectivite__isnull=False)
    if collectivite is not None:
        messages = messages.filter(collectivite=collectivite)
    groupes = messages.order_by().values("cree_le", "sujet").annotate(n=Count("collectivite", distinct=True))
    par_instant: dict[datetime, Trace] = {}
    for groupe in groupes.order_by("-cree_le")[:200]:
        deja = par_instant.get(groupe["cree_le"])
        nombre = groupe["n"] + (deja.collectivites if deja else 0)
        par_instant[groupe["cree_le"]] = Trace(groupe["cree_le"], groupe["sujet"], nombre)
    return list(par_instant.values())


def contrats_lies(fiche: SousTraitant, jour: date) -> QuerySet:
    """Ceux qui courent, pour le DPD seul : par collectivité."""
    return (
        vivants(jour)
        .filter(sous_traitant=fiche)
        .select_related("collectivite", "sous_traitant")
        .order_by("collectivite__nom", "pk")
    )


def combien_liees(fiche: SousTraitant, jour: date) -> int:
    """Combien de collectivités ont un contrat en cours avec ce prestataire."""
    return vivants(jour).filter(sous_traitant=fiche).values("collectivite").distinct().count()


def a_la_structure(structure: Structure) -> bool:
    """Vrai si la structure a sa propre fiche."""
    return annuaire(structure).filter(est_la_structure=True).exists()


def homonymes(fiche: SousTraitant) -> list[SousTraitant]:
    """Les fiches dont le premier mot du nom est le même : peut-être ce prestataire, deux fois."""
    mot = next((m for m in normaliser(fiche.nom).split() if len(m) > 2), "")
    if not mot:
        return []
    proches = annuaire(fiche.structure).filter(recherche__startswith=mot).exclude(pk=fiche.pk)
    return list(proches.filter(est_la_structure=False)[:5])


@dataclass(frozen=True, slots=True)
class LignePrestataire:
    """``liees`` n’existe que sur une fiche lue par ``avec_le_nombre``."""

    fiche: SousTraitant
    etat: Etiquette
    lieu: str
    hors_europe: bool


def ligne(fiche: SousTraitant) -> LignePrestataire:
    lieu = lieu_dit(fiche.hebergement, fiche.hebergement_pays)
    return LignePrestataire(fiche, etat_de(fiche), lieu, hors_europe(fiche.hebergement_pays))
