"""Les invariants des modèles et des vocabulaires : ce qu’aucun test d’application ne verrait."""

import re

import pytest
import yaml
from django.apps import apps
from django.core.management import call_command

from dpd import vocabulaire
from tests.projet import PAQUETS, RACINE

# Chaque modèle de la maison dit ici ce qu’il est. Une preuve garde chacun de ses états et refuse les
# écritures en masse, qui n’en laisseraient pas trace.
PROBANTS = {
    "comptes.Structure",
    "comptes.Collectivite",
    "comptes.Contact",
    "comptes.Invitation",
    "pieces.Piece",
    "accompagnement.Avis",
    "accompagnement.Reserve",
    "accompagnement.Suite",
    "accompagnement.Question",
    "conventions.Bareme",
    "conventions.CampagneEtats",
    "conventions.Convention",
    "conventions.Depart",
    "conventions.Designation",
    "conventions.Devis",
    "conventions.EtapeMiseEnPlace",
    "conventions.EtatAnnuel",
    "conventions.EtatMensuel",
    "conventions.FinConvention",
    "conventions.Forfait",
    "conventions.Hausse",
    "conventions.IndiceRevision",
    "conventions.Intervention",
    "conventions.LigneEtatMensuel",
    "conventions.ModeleConvention",
    "conventions.Passation",
    "conventions.RegleRaccord",
    "conventions.ReglagesConventions",
    "conventions.Renouvellement",
    "conventions.SuitePassation",
    "conventions.TranchePopulation",
    "registre.RechercheDonnees",
    "registre.Traitement",
    "registre.TraitementConfie",
    "registre.VersionTraitement",
    "subtraitance.ActiviteSousTraitee",
    "subtraitance.Autorisation",
    "subtraitance.Certification",
    "subtraitance.ClauseControlee",
    "subtraitance.Contrat",
    "subtraitance.DemandeDroits",
    "subtraitance.DonneesDetenues",
    "subtraitance.Instruction",
    "subtraitance.LettreDemande",
    "subtraitance.LieuHebergement",
    "subtraitance.Logiciel",
    "subtraitance.LogicielEmploye",
    "subtraitance.PieceDemande",
    "subtraitance.Prolongation",
    "subtraitance.ReglagesDemandes",
    "subtraitance.RegleDetention",
    "subtraitance.Reponse",
    "subtraitance.ResponsableServi",
    "subtraitance.SousTraitant",
    "subtraitance.SousTraitantUlterieur",
    "subtraitance.SuspensionDemande",
    "subtraitance.Transmission",
    "violations.AvisViolation",
    "violations.DecisionViolation",
    "violations.Evenement",
    "violations.Incident",
    "violations.InformationFaite",
    "violations.InformationIncident",
    "violations.NotificationCnil",
    "violations.PagePublique",
    "violations.PieceIncident",
    "violations.PieceViolation",
    "violations.PrestataireImplique",
    "violations.TraitementTouche",
    "violations.Violation",
}
HISTORISES = {
    "comptes.Utilisateur": "Django écrit lui-même dans la table",
    "registre.ModeleTraitement": "la bibliothèque se recharge en masse, ses versions sont figées",
    "registre.VersionModele": "la bibliothèque se recharge en masse, ses versions sont figées",
}
PROJECTION = "projection de VersionTraitement.contenu, qui est historisé"
SANS_HISTORIQUE = {
    "comptes.StructureUserObjectPermission": "le journal des accès garde qui a donné et retiré le rôle",
    "comptes.CollectiviteUserObjectPermission": "le journal des accès garde qui a donné et retiré le rôle",
    "comptes.JournalAcces": "journal : on y ajoute, on n’y change rien",
    "comptes.Commune": "référentiel public, rechargé en entier",
    "comptes.Epci": "référentiel public, rechargé en entier",
    "messagerie.Message": "preuve écrite une fois",
    "conventions.Numerotation": "compteur ; chaque état annuel garde son numéro",
    "registre.Finalite": PROJECTION,
    "registre.PersonnesConcernees": PROJECTION,
    "registre.DonneesTraitees": PROJECTION,
    "registre.Destinataire": PROJECTION,
    "registre.Recours": PROJECTION,
    "registre.Transfert": PROJECTION,
    "registre.MesureSecurite": PROJECTION,
    "violations.Rappel": "calendrier refait depuis T0 ; le message est la preuve de l’envoi",
    "registre.QuestionFiche": "lien écrit une fois vers une question historisée",
}
ENUMERATIONS_DU_YAML = {
    "categories_donnees": vocabulaire.CategorieDonnees,
    "categories_personnes": vocabulaire.CategoriePersonnes,
    "destinataires": vocabulaire.CategorieDestinataire,
    "sous_traitants": vocabulaire.TypePrestataire,
    "mesures_securite": vocabulaire.MesureSecurite,
}


def modeles():
    """Les modèles de la maison, sans leurs tables d’historique."""
    return {
        modele._meta.label: modele
        for modele in apps.get_models()
        if modele.__module__.split(".")[0] in PAQUETS and not hasattr(modele, "instance_type")
    }


def est_en_minuscules(nom: str) -> bool:
    """Vrai pour « fiche » comme pour « SIREN du siège » : un sigle garde ses capitales."""
    premier = re.split(r"[\s’]", nom)[0]
    return premier.islower() or (premier.isupper() and len(premier) > 1)


@pytest.mark.django_db
def test_les_migrations_sont_a_jour():
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_chaque_modele_est_une_preuve_ou_dit_pourquoi_il_n_en_est_pas_une():
    assert PROBANTS | HISTORISES.keys() | SANS_HISTORIQUE.keys() == modeles().keys()
    assert len(PROBANTS) + len(HISTORISES) + len(SANS_HISTORIQUE) == len(modeles())


@pytest.mark.parametrize("label", sorted(PROBANTS | HISTORISES.keys()))
def test_une_preuve_est_historisee(label):
    assert hasattr(apps.get_model(label), "history")


@pytest.mark.parametrize("label", sorted(PROBANTS))
@pytest.mark.parametrize(
    ("geste", "arguments"),
    [
        pytest.param("update", {}, id="update"),
        pytest.param("delete", {}, id="delete"),
        pytest.param("bulk_create", {"objs": []}, id="bulk_create"),
        pytest.param("bulk_update", {"objs": [], "fields": []}, id="bulk_update"),
    ],
)
def test_un_modele_probant_refuse_les_ecritures_en_masse(label, geste, arguments):
    """Elles ne laissent aucune trace dans l’historique."""
    with pytest.raises(TypeError, match="probant"):
        getattr(apps.get_model(label).objects.none(), geste)(**arguments)


@pytest.mark.parametrize("label", sorted(SANS_HISTORIQUE))
def test_un_modele_sans_historique_n_en_a_pas(label):
    assert not hasattr(apps.get_model(label), "history")


def test_les_noms_affiches_des_modeles_sont_ecrits_et_en_minuscules():
    fautifs = [
        label
        for label, modele in modeles().items()
        for nom in ("verbose_name", "verbose_name_plural")
        if not est_en_minuscules(str(modele._meta.original_attrs.get(nom, "Absent")))
    ]
    assert fautifs == []


def test_les_noms_affiches_des_champs_sont_ecrits_et_en_minuscules():
    """Un lien sans libellé prend le nom de son champ, qui est déjà du français."""
    fautifs = [
        f"{label}.{champ.name}"
        for label, modele in modeles().items()
        for champ in modele._meta.local_fields
        if not champ.auto_created and not champ.is_relation
        if champ._verbose_name is None or not est_en_minuscules(str(champ.verbose_name))
    ]
    assert fautifs == []


@pytest.fixture(scope="module")
def bibliotheque():
    return yaml.safe_load((RACINE / "registre" / "donnees" / "modeles-traitements.yaml").read_text("utf-8"))


@pytest.mark.parametrize("nom", ENUMERATIONS_DU_YAML)
def test_le_vocabulaire_de_la_bibliotheque_est_celui_de_l_application(bibliotheque, nom):
    identifiants = [entree["id"] for entree in bibliotheque["vocabulaires"][nom]]
    assert len(identifiants) == len(set(identifiants))
    assert set(identifiants) == set(ENUMERATIONS_DU_YAML[nom].values)


@pytest.mark.parametrize(
    ("nature", "attendues"),
    [
        ("sensible", vocabulaire.SENSIBLE),
        ("vigilance", vocabulaire.VIGILANCE),
        ("encadree", vocabulaire.ENCADREE),
    ],
)
def test_la_nature_des_donnees_est_la_meme_des_deux_cotes(bibliotheque, nature, attendues):
    entrees = bibliotheque["vocabulaires"]["categories_donnees"]
    assert {e["id"] for e in entrees if e.get("nature") == nature} == {
        categorie.value for categorie in attendues
    }


def test_les_fondements_et_les_sorts_de_la_bibliotheque_sont_ceux_de_l_application(bibliotheque):
    assert set(bibliotheque["enumerations"]["art6"]) == set(vocabulaire.BaseLegale.values)
    assert set(bibliotheque["sorts_finaux"]) <= set(vocabulaire.SortFinal.values)


def test_les_niveaux_de_securite_ne_citent_que_des_mesures_connues(bibliotheque):
    niveaux = bibliotheque["vocabulaires"]["niveaux_securite"]
    cites = {mesure for nom, mesures in niveaux.items() if nom != "note" for mesure in mesures}
    assert cites <= set(vocabulaire.MesureSecurite.values)
    assert set(vocabulaire.NIVEAUX_SECURITE) == niveaux.keys() - {"note"}
