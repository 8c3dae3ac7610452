"""Quelles collectivités un incident touche sans doute, et pourquoi : par contrat, par logiciel, par fiche.

L’application propose, la personne choisit. Le nombre de requêtes ne dépend ni du nombre de collectivités,
ni de celui des fiches.

L’agent ne lit ni contrats ni registres (RGPD art. 38-5) : rien ne lui dit lequel désigne une collectivité,
ni la phrase, ni le rang. Un nom qu’il vient d’ajouter à l’annuaire n’est pas cherché dans les fiches avant
que le DPD ne l’ait vérifié : il lui suffirait de signaler des incidents pour interroger les registres. Reste
ce qu’il faut pour prévenir à temps : qui est concerné, et qui l’est assez sûrement pour être coché.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from dpd.comptes.destinataires import joignables
from dpd.comptes.models import Collectivite
from dpd.regles.typographie import compte
from registre.enums import ETATS_EN_PREPARATION, EtatVersion
from registre.models import Recours, VersionTraitement
from subtraitance.enums import EtatFiche
from subtraitance.models import Contrat, LogicielEmploye
from violations.models import Incident, Violation
from violations.regles.rapprochement import Indice, cite, cle_de

TROUVEES_MAX = 12
ACCOMPAGNEE = "la structure l’accompagne"
FICHES_VIVANTES = (*ETATS_EN_PREPARATION, EtatVersion.ADOPTEE)


@dataclass(frozen=True, slots=True)
class Raison:
    """``precise`` ne se montre qu’au DPD."""

    indice: Indice
    precise: str


@dataclass(frozen=True, slots=True)
class Proposition:
    """Une collectivité et ce qui la désigne, du plus sûr au moins sûr.

    ``joignable`` : quelqu’un peut en recevoir l’avis ; ``deja`` : la violation que l’incident y a ouverte.
    """

    collectivite: Collectivite
    raisons: tuple[Raison, ...]
    joignable: bool
    deja: Violation | None

    @property
    def sure(self) -> bool:
        """Assez sûre pour être cochée d’avance."""
        possible = self.joignable and self.deja is None and self.collectivite.active
        return possible and any(raison.indice.sur for raison in self.raisons)

    def tri(self, detaille: bool) -> tuple:
        plus_sure = self.raisons[0].indice.rang if self.raisons else len(Indice) + 1
        rang = plus_sure if detaille else not self.sure
        return (self.deja is not None, rang, self.collectivite.nom.casefold(), self.collectivite.pk)


def proposer(
    incident: Incident, jour: date, ajoutees: Collection[str] = (), *, detaille: bool
) -> list[Proposition]:
    """Celles que quelque chose désigne et celles que l’on a ajoutées, les plus sûres d’abord.

    Les déjà prévenues viennent à la fin.

    :param jour: celui où un contrat doit valoir.
    :param ajoutees: SIREN de collectivités de la structure que rien ne désigne ; tout autre est ignoré.
    :param detaille: vrai pour qui lit les contrats et les registres.
    """
    toutes = Collectivite.objects.filter(structure=incident.structure_id)
    raisons = _raisons(incident, jour, toutes, detaille)
    deja = {v.collectivite_id: v for v in Violation.objects.filter(incident=incident)}
    a_portee = joignables(incident.structure)
    propositions = [
        Proposition(c, raisons.get(c.pk, ()), c.pk in a_portee, deja.get(c.pk))
        for c in toutes
        if c.pk in raisons or c.pk in deja or c.siren in ajoutees
    ]
    return sorted(propositions, key=lambda proposition: proposition.tri(detaille))


def _raisons(incident: Incident, jour: date, toutes, detaille: bool) -> dict[int, tuple[Raison, ...]]:
    """{collectivité: raisons}, une par indice au plus."""
    if incident.sous_traitant is None:
        raison = (Raison(Indice.STRUCTURE, ACCOMPAGNEE),)
        return {c.pk: raison for c in toutes if c.active}
    trouvees: dict[int, dict[Indice, str]] = defaultdict(dict)
    sources = [_par_contrat(incident, jour)]
    if detaille or incident.sous_traitant.etat != EtatFiche.PROPOSEE:
        sources.append(_par_fiche(incident))
    for source in sources:
        for cle, indice, precise in source:
            trouvees[cle].setdefault(indice, precise)
    for indices in trouvees.values():
        if Indice.LOGICIEL in indices or Indice.CONTRAT in indices:
            # Un contrat en cours dit tout : ce qu’un autre laisse douter n’apprend plus rien.
            indices.pop(Indice.LOGICIEL_NON_NOTE, None)
            indices.pop(Indice.CONTRAT_FINI, None)
    return {
        cle: tuple(Raison(i, indices[i]) for i in sorted(indices, key=lambda i: i.rang))
        for cle, indices in trouvees.items()
    }


def _par_contrat(incident: Incident, jour: date) -> Iterator[tuple[int, Indice, str]]:
    """Les contrats passés avec ce prestataire, ou avec une fiche réunie à la sienne."""
    le_sien = Q(sous_traitant=incident.sous_traitant) | Q(sous_traitant__fusionne_dans=incident.sous_traitant)
    contrats = Contrat.objects.filter(le_sien, collectivite__structure=incident.structure_id)
    employes = _logiciels_employes(incident)
    for contrat in contrats.order_by("pk"):
        if contrat.debut is not None and contrat.debut > jour:
            continue
        cle, dit = contrat.collectivite_id, f"contrat en cours\u00a0: {contrat}"
        if contrat.fin is not None and contrat.fin < jour:
            yield cle, Indice.CONTRAT_FINI, f"contrat terminé\u00a0: {contrat}"
        elif incident.logiciel is None or contrat.pk not in employes:
            # Un contrat qui ne nomme aucun logiciel peut les couvrir tous.
            yield cle, Indice.CONTRAT, dit
        elif incident.logiciel_id in employes[contrat.pk]:
            yield cle, Indice.LOGICIEL, f"{dit}, qui nomme {incident.logiciel.nom}"
        else:
            yield cle, Indice.LOGICIEL_NON_NOTE, f"{dit}, qui nomme d’autres logiciels"


def _logiciels_employes(incident: Incident) -> dict[int, set[int]]:
    """{contrat: logiciels} de ceux qui en nomment ; inutile si l’incident n’en nomme pas."""
    if incident.logiciel is None:
        return {}
    emplois = LogicielEmploye.objects.filter(
        collectivite__structure=incident.structure_id, retire_le__isnull=True
    ).filter(
        Q(contrat__sous_traitant=incident.sous_traitant)
        | Q(contrat__sous_traitant__fusionne_dans=incident.sous_traitant)
    )
    employes: dict[int, set[int]] = defaultdict(set)
    for contrat, logiciel in emplois.values_list("contrat_id", "logiciel_id"):
        employes[contrat].add(logiciel)
    return employes


def _par_fiche(incident: Incident) -> Iterator[tuple[int, Indice, str]]:
    """Les fiches adoptées ou en préparation qui nomment le prestataire, ou l’un de ses logiciels."""
    prestataire = cle_de(incident.sous_traitant.nom)
    logiciels = _logiciels_cherches(incident)
    cherches = [cle for cle in (prestataire, *logiciels) if cle]
    if not cherches:
        return
    filtre = Q()
    for cle in cherches:
        filtre |= Q(recherche__contains=cle)
    fiches = VersionTraitement.objects.filter(
        filtre, collectivite__structure=incident.structure_id, etat__in=FICHES_VIVANTES
    )
    for cle, indice, noms in _citees(fiches, prestataire, logiciels):
        suite = f" et {compte(len(noms) - 1, 'autre')}" if len(noms) > 1 else ""
        quoi = "ce logiciel" if indice == Indice.FICHE_LOGICIEL else "ce prestataire"
        yield cle, indice, f"{quoi} est cité au registre\u00a0: «\u00a0{noms[0]}\u00a0»{suite}"


def _logiciels_cherches(incident: Incident) -> list[str]:
    """Celui que l’incident nomme, à défaut tous ceux du prestataire."""
    if incident.logiciel is not None:
        return [cle_de(incident.logiciel.nom)]
    noms = incident.sous_traitant.logiciels.filter(retire_le=None).values_list("nom", flat=True)
    return [cle_de(nom) for nom in noms]


def _citees(fiches, prestataire: str, logiciels: list[str]) -> Iterator[tuple[int, Indice, list[str]]]:
    """(collectivité, indice, noms des fiches) ; la clé de recherche mêle tout, on relit ce qui compte."""
    declares: dict[int, list[str]] = defaultdict(list)
    versions = fiches.order_by("nom", "pk").values_list("pk", "collectivite", "nom", "contenu__logiciels")
    for version, nom in Recours.objects.filter(version__in=fiches.order_by()).values_list(
        "version_id", "nom"
    ):
        declares[version].append(nom)
    citees: dict[tuple[int, Indice], dict[str, None]] = defaultdict(dict)
    for version, collectivite, nom, employes in versions:
        if any(cite(cle, employes or "") for cle in logiciels):
            citees[collectivite, Indice.FICHE_LOGICIEL][nom] = None
        if any(cite(prestataire, declare) for declare in (*declares[version], employes or "")):
            citees[collectivite, Indice.FICHE_PRESTATAIRE][nom] = None
    for (collectivite, indice), noms in citees.items():
        yield collectivite, indice, list(noms)


def chercher(incident: Incident, texte: str, deja: Collection[str]) -> list[Collectivite]:
    """Les autres collectivités de la structure qui répondent à ce nom, douze au plus."""
    if not texte.strip():
        return []
    toutes = Collectivite.objects.filter(structure=incident.structure_id).recherche(texte)
    return [
        c for c in toutes.order_by("nom", "type", "pk")[: len(deja) + TROUVEES_MAX] if c.siren not in deja
    ][:TROUVEES_MAX]
