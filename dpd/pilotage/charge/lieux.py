"""Une structure par département, ses communes, et les comptes de chacune."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from stdnum import luhn

from dpd.comptes.droits import accorder, accorder_en_masse
from dpd.comptes.enums import FonctionContact, Role
from dpd.comptes.models import Collectivite, Commune, Contact, Structure, Utilisateur
from dpd.comptes.preremplissage import depuis_commune
from dpd.pilotage.charge.hasard import Hasard
from dpd.regles.territoires import territoire_de
from dpd.regles.texte import normaliser

DOMAINE = "charge.example"
SANS_MOT_DE_PASSE = "!charge"  # aucun hachage ne commence ainsi : le compte ne s’ouvre pas
ARRIVEE = timedelta(days=900)


@dataclass(slots=True)
class Departement:
    """Un département, et ses communes dans l’ordre où on les prend."""

    code: str
    communes: list[Commune]


@dataclass(slots=True)
class Equipe:
    structure: Structure
    dpd: Utilisateur
    gestionnaire: Utilisateur
    agent: Utilisateur


@dataclass(slots=True)
class Lieu:
    """Une collectivité, ceux qui y tiennent la plume, et son tirage : ses voisines n’y changent rien."""

    collectivite: Collectivite
    referent: Utilisateur
    decideur: Utilisateur
    hasard: Hasard


def departements(nombre: int, hasard: Hasard, *, ensemble: bool = False) -> Iterator[Departement]:
    """Des départements entiers, dans un ordre tiré, jusqu’à ``nombre`` communes ; le dernier est coupé.

    ``ensemble`` : les mêmes communes, réunies sous le premier d’entre eux.
    """
    par_code: dict[str, list[Commune]] = {}
    for commune in Commune.objects.exclude(siren="").order_by("code_insee"):
        par_code.setdefault(code_departement(commune.code_insee), []).append(commune)
    choisis, reste = [], nombre
    for code in hasard.melange(sorted(par_code)):
        if reste <= 0:
            break
        choisis.append(Departement(code, par_code[code][:reste]))
        reste -= len(choisis[-1].communes)
    if ensemble and choisis:
        yield Departement(choisis[0].code, [commune for d in choisis for commune in d.communes])
    else:
        yield from choisis


def code_departement(code_insee: str) -> str:
    """« 82 », « 2A », « 973 »."""
    return code_insee[:3] if code_insee.startswith("97") else code_insee[:2]


def siren_fictif(rang: int) -> str:
    """Un SIREN à clé juste que personne ne porte : aucun ne commence par « 00 »."""
    base = f"009{rang:05d}"
    return base + luhn.calc_check_digit(base)


def ouvrir_la_structure(departement: Departement, rang: int, maintenant: datetime) -> Equipe:
    """La structure du département et son équipe de trois comptes."""
    quand = maintenant - ARRIVEE
    structure = Structure(
        nom=f"Structure de charge {departement.code}",
        sigle=f"SC {departement.code}",
        siren=siren_fictif(rang),
        territoire=territoire_de(departement.communes[0].code_insee).value,
        departement=departement.code,
        dpd_nom="Délégué de charge",
        dpd_courriel=f"dpd-{departement.code.lower()}@{DOMAINE}",
    )
    structure._history_date, structure._change_reason = quand, "Base de charge"
    structure.save()
    membres = []
    for role in (Role.DPD, Role.GESTIONNAIRE, Role.AGENT):
        compte = _compte(role.label, departement.code, f"{role.value}-{departement.code.lower()}", quand)
        compte.save()
        accorder(compte, role, structure)
        membres.append(compte)
    return Equipe(structure, *membres)


def ouvrir_les_collectivites(
    equipe: Equipe, communes: list[Commune], graine: int, maintenant: datetime
) -> list[Lieu]:
    """Les collectivités d’un lot, leur maire et leur référent ; nombre de requêtes constant."""
    quand = maintenant - ARRIVEE
    trace = {"auteur": equipe.dpd, "maintenant": quand, "raison": "Base de charge"}
    tirages = [Hasard(graine, commune.siren) for commune in communes]
    neuves = [_collectivite(equipe, *paire) for paire in zip(communes, tirages, strict=True)]
    collectivites = Collectivite.objects.creer_en_masse(neuves, **trace)
    comptes: dict[str, list[Utilisateur]] = {"referent": [], "decideur": []}
    for collectivite, hasard in zip(collectivites, tirages, strict=True):
        for role, liste in comptes.items():
            prenom, nom = hasard.personne()
            liste.append(_compte(prenom, nom, f"{role}.{collectivite.siren}", quand))
    tous = [compte for liste in comptes.values() for compte in liste]
    Utilisateur.objects.bulk_create(tous)
    Utilisateur.history.bulk_history_create(tous, default_date=quand, default_change_reason="Base de charge")
    for role, liste in comptes.items():
        accorder_en_masse(Role(role), zip(liste, collectivites, strict=True))
    Contact.objects.creer_en_masse(
        [
            Contact(
                collectivite=collectivite,
                fonction=fonction,
                nom=str(compte),
                courriel=compte.email,
                depuis=quand.date(),
            )
            for fonction, liste in (
                (FonctionContact.EXECUTIF, comptes["decideur"]),
                (FonctionContact.REFERENT, comptes["referent"]),
            )
            for collectivite, compte in zip(collectivites, liste, strict=True)
        ],
        **trace,
    )
    par_lieu = zip(collectivites, comptes["referent"], comptes["decideur"], tirages, strict=True)
    return [Lieu(*ce_qui_est_la) for ce_qui_est_la in par_lieu]


def relire(structure: Structure) -> tuple[Equipe, list[Lieu]]:
    """L’équipe et les lieux d’une structure de charge déjà peuplée, dans l’ordre de leur création."""
    code = structure.departement.lower()
    comptes = {
        c.email.partition("@")[0]: c for c in Utilisateur.objects.filter(email__endswith=f"@{DOMAINE}")
    }
    equipe = Equipe(
        structure, *(comptes[f"{r.value}-{code}"] for r in (Role.DPD, Role.GESTIONNAIRE, Role.AGENT))
    )
    return equipe, [
        Lieu(c, comptes[f"referent.{c.siren}"], comptes[f"decideur.{c.siren}"], Hasard(0, c.siren))
        for c in Collectivite.objects.filter(structure=structure).order_by("pk")
    ]


def _collectivite(equipe: Equipe, commune: Commune, hasard: Hasard) -> Collectivite:
    champs = depuis_commune(commune)
    prenom, nom = hasard.personne()
    collectivite = Collectivite(
        structure=equipe.structure,
        responsable_nom=f"{prenom} {nom}",
        responsable_titre="maire",
        courriel=f"mairie-{champs['code_insee'].lower()}@{DOMAINE}",
        **champs,
    )
    # ``save`` la calcule d’ordinaire ; une création groupée ne passe pas par lui.
    collectivite.recherche = normaliser(
        f"{collectivite.denomination} {collectivite.nom} {collectivite.epci_nom}"
    )
    return collectivite


def _compte(prenom: str, nom: str, adresse: str, quand: datetime) -> Utilisateur:
    return Utilisateur(
        email=f"{adresse}@{DOMAINE}",
        first_name=prenom,
        last_name=nom,
        password=SANS_MOT_DE_PASSE,
        date_joined=quand,
    )
