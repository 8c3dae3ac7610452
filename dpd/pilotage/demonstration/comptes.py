"""Ouvrir les structures, les comptes et les collectivités de la démonstration, sans jamais les doubler."""

from datetime import datetime
from typing import Any

from dpd.comptes.actions_collectivites import ajouter_contact, creer_collectivite
from dpd.comptes.droits import accorder, personnes_de
from dpd.comptes.enums import FonctionContact, NatureAcces, Role, TypeCollectivite
from dpd.comptes.journal import cible, consigner
from dpd.comptes.models import Collectivite, Commune, Epci, Structure, Utilisateur
from dpd.comptes.preremplissage import depuis_collectivite, depuis_commune, depuis_epci
from dpd.pilotage.demonstration.collectivites import CollectiviteDemo
from dpd.pilotage.demonstration.horloge import Horloge
from dpd.pilotage.demonstration.structures import StructureDemo, courriel, telephone
from dpd.regles.calendrier import Territoire
from registre.bibliotheque.traduction import typographier

ARRIVEE = 520  # les équipes des structures, il y a tant de jours
ELECTION = 250  # l’exécutif en place
FONCTIONS = (
    "Secrétaire générale de mairie",
    "Adjoint administratif",
    "Chargée de l’accueil et des élections",
)


def ouvrir_structure(demo: StructureDemo, maintenant: datetime) -> tuple[Structure, bool]:
    """La structure et son équipe ; vrai si elle vient d’être ouverte."""
    existante = Structure.objects.filter(siren=demo.siren).first()
    if existante is not None:
        return existante, False
    quand = Horloge(maintenant, demo.territoire).instant(ARRIVEE, 9)
    chef = next(membre for membre in demo.equipe if membre.role == Role.DPD)
    structure = Structure(
        nom=demo.nom,
        sigle=demo.sigle,
        siren=demo.siren,
        territoire=demo.territoire.value,
        departement=demo.departement,
        adresse=typographier(demo.adresse),
        dpd_nom=chef.nom,
        dpd_courriel=f"dpd@{demo.domaine}.example",
        dpd_telephone=telephone(demo.telephone, 1),
        dpd_horaires=typographier(demo.horaires),
    )
    structure.full_clean()
    structure._history_date, structure._change_reason = quand, "Structure de démonstration"
    structure.save()
    for membre in demo.equipe:
        compte = ouvrir_compte(membre.nom, demo.domaine, membre.fonction, quand)
        habiliter(compte, membre.role, structure, quand)
    return structure, True


def ouvrir_compte(nom: str, domaine: str, fonction: str, quand: datetime) -> Utilisateur:
    """Le compte de cette personne, sans mot de passe utilisable : la démonstration entre d’un clic."""
    adresse = courriel(nom, domaine)
    existant = Utilisateur.objects.filter(email=adresse).first()
    if existant is not None:
        return existant
    prenom, _, famille = nom.partition(" ")
    return Utilisateur.objects.create_user(
        adresse, None, first_name=prenom, last_name=famille, fonction=fonction, date_joined=quand
    )


def habiliter(compte: Utilisateur, role: Role, portee, quand: datetime) -> None:
    """Donne un rôle et le dit au journal des accès, comme le fait une invitation acceptée."""
    accorder(compte, role, portee)
    detail = f"{compte.email}, {role.label}"
    consigner(NatureAcces.HABILITATION, maintenant=quand, utilisateur=compte, detail=detail, **cible(portee))


def le_dpd(structure: Structure) -> Utilisateur:
    return personnes_de(structure, Role.DPD).order_by("pk").first()


def ouvrir_collectivite(
    demo: CollectiviteDemo, *, structure: Structure, bloc: str, rang: int, maintenant: datetime
) -> Collectivite | None:
    """Ouvre la collectivité, ses contacts et ses comptes ; None si son SIREN est déjà suivi.

    :raises LookupError: si le référentiel ne connaît pas la commune ou l’intercommunalité.
    """
    champs = _identite(demo)
    if Collectivite.objects.filter(siren=champs["siren"]).exists():
        return None
    horloge = Horloge(maintenant, Territoire(champs.get("territoire", Territoire.METROPOLE)))
    quand, dpd = horloge.instant(500, 10), le_dpd(structure)
    if demo.designee:
        champs |= {
            "designation_numero": f"DPO-demo-{rang:05}",
            "designation_date": horloge.jour(490),
        }
    if demo.dpd_propre:
        champs |= {
            "dpd_propre_nom": demo.dpd_propre,
            "dpd_propre_courriel": courriel(demo.dpd_propre, demo.domaine),
        }
    collectivite = creer_collectivite(
        structure=structure,
        auteur=dpd,
        maintenant=quand,
        **champs,
        responsable_nom=demo.responsable,
        responsable_titre=demo.titre,
        courriel=f"accueil@{demo.domaine}.example",
        telephone=telephone(bloc, 100 + rang),
    )
    _habiliter_les_personnes(demo, collectivite, rang, quand)
    _noter_les_contacts(demo, collectivite, horloge, {"auteur": dpd, "maintenant": quand}, bloc, rang)
    return collectivite


def _identite(demo: CollectiviteDemo) -> dict[str, Any]:
    """Ce que disent le référentiel et la table : type, nom, SIREN, population, intercommunalité."""
    if demo.type == TypeCollectivite.SYNDICAT:
        return {
            "type": demo.type.value,
            "nom": demo.nom,
            "denomination": demo.nom,
            "siren": demo.siren_fictif,
        }
    if demo.type == TypeCollectivite.EPCI:
        champs = depuis_epci(_trouver(Epci, demo.code))
    elif demo.type == TypeCollectivite.CCAS:
        commune = Collectivite.objects.get(type=TypeCollectivite.COMMUNE, code_insee=demo.code)
        champs = depuis_collectivite(commune, demo.type.value) | {
            "siren": demo.siren_fictif,
            "epci_nom": commune.epci_nom,
        }
    else:
        commune = _trouver(Commune, demo.code)
        champs = depuis_commune(commune) | {
            "epci_nom": commune.epci_nom,
            "adresse": f"Mairie\n{commune.code_postal} {commune.nom}",
        }
    champs.pop("responsable_nom", None)
    return champs


def _trouver(modele, code: str):
    entree = modele.objects.filter(pk=code).first()
    if entree is None:
        raise LookupError(f"{modele._meta.verbose_name} absente du référentiel : {code}.")
    return entree


def _habiliter_les_personnes(demo: CollectiviteDemo, collectivite, rang: int, quand: datetime) -> None:
    if demo.referent:
        fonction = FONCTIONS[rang % len(FONCTIONS)]
        referent = ouvrir_compte(demo.referent, demo.domaine.removeprefix("ccas-"), fonction, quand)
        habiliter(referent, Role.REFERENT, collectivite, quand)
        decideur = ouvrir_compte(
            demo.responsable, demo.domaine.removeprefix("ccas-"), demo.titre.capitalize(), quand
        )
        habiliter(decideur, Role.DECIDEUR, collectivite, quand)
    if demo.lecteur:
        lecteur = ouvrir_compte(demo.lecteur, demo.domaine, "Adjoint au maire", quand)
        habiliter(lecteur, Role.LECTEUR, collectivite, quand)


def _noter_les_contacts(demo, collectivite, horloge: Horloge, trace: dict, bloc: str, rang: int) -> None:
    contacts = [(FonctionContact.EXECUTIF, demo.responsable, ELECTION, None)]
    if demo.ancien_responsable:
        contacts.append((FonctionContact.EXECUTIF, demo.ancien_responsable, 2400, ELECTION + 5))
    if demo.referent:
        contacts.append((FonctionContact.REFERENT, demo.referent, 495, None))
    if demo.direction:
        contacts.append((FonctionContact.DIRECTION, demo.direction, 900, None))
    for position, (fonction, nom, depuis, jusqu_au) in enumerate(contacts):
        ajouter_contact(
            collectivite=collectivite,
            fonction=fonction,
            nom=nom,
            courriel="" if jusqu_au else courriel(nom, demo.domaine.removeprefix("ccas-")),
            telephone="" if jusqu_au else telephone(bloc, 1000 + 10 * rang + position),
            depuis=horloge.jour(depuis),
            jusqu_au=horloge.jour(jusqu_au) if jusqu_au else None,
            **trace,
        )
