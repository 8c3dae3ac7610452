"""Le jeu de démonstration, une fois semé : complet, crédible, relançable."""

from collections import Counter
from datetime import UTC, date, datetime
from io import StringIO
from itertools import pairwise

import pytest
from django.core import mail
from django.core.management import call_command
from django.db import transaction
from django.db.models import Count
from django.test import override_settings
from post_office.models import Email
from stdnum.fr import siren as stdnum_siren

from dpd.accompagnement.enums import SensAvis, SuiteAvis
from dpd.accompagnement.models import Avis, Question, Reserve, Suite
from dpd.comptes.demonstration import PERSONNES
from dpd.comptes.droits import habilitations_de
from dpd.comptes.enums import ROLES_STRUCTURE, FonctionContact, Role, TypeCollectivite
from dpd.comptes.models import (
    Collectivite,
    Commune,
    Contact,
    JournalAcces,
    Structure,
    Utilisateur,
)
from dpd.messagerie.models import Message
from dpd.pilotage.demonstration.cantine import CODE as CANTINE
from dpd.pilotage.demonstration.decisions import DECISIONS
from dpd.pilotage.demonstration.structures import courriel
from dpd.regles.calendrier import Territoire
from dpd.regles.texte import donnee_interdite
from dpd.vocabulaire import BaseLegale, CategorieDonnees
from registre import models as registre
from registre.enums import EtatModele, EtatVersion
from registre.listes import fiches_courantes
from registre.regles.affichage import ETATS_AFFICHES, etat_affiche
from registre.regles.completude import evaluer, phrase
from registre.regles.contenu import depuis_dict, en_dict
from subtraitance.models import DemandeDroits
from tests.pilotage.referentiel import charger_les_communes_utiles
from violations.models import Violation

MAINTENANT = datetime(2026, 11, 23, 8, 40, tzinfo=UTC)
JOUR = date(2026, 11, 23)
MONTPEZAT = "218201317"
COMPTEES = (
    *(Structure, Collectivite, Contact, Utilisateur, JournalAcces, Message, Email),
    *(Avis, Suite, Reserve, Question),
    *(registre.ModeleTraitement, registre.VersionModele, registre.Traitement, registre.VersionTraitement),
    *(registre.QuestionFiche, *registre.LIGNES),
    *(
        registre.Traitement.history.model,
        registre.VersionTraitement.history.model,
        Collectivite.history.model,
    ),
)


@pytest.fixture(scope="module")
def semee(django_db_setup, django_db_blocker):
    """Semée une fois pour tout le fichier, puis effacée d’un bloc."""
    sortie = StringIO()
    with django_db_blocker.unblock(), transaction.atomic():
        charger_les_communes_utiles()
        with override_settings(DEMONSTRATION=True):
            call_command("demo", maintenant=MAINTENANT, stdout=sortie)
        yield sortie.getvalue()
        transaction.set_rollback(True)


@pytest.fixture
def demo(semee, db):
    return Collectivite.objects.get(siren=MONTPEZAT)


def compter():
    return {modele._meta.label: modele.objects.count() for modele in COMPTEES}


def etats_affiches(collectivite):
    return Counter(
        etat_affiche(v.etat, v.manquantes, v.relire_avant, JOUR).cle for v in fiches_courantes(collectivite)
    )


def test_la_commande_dit_ce_qu_elle_a_cree_et_comment_entrer(demo, semee, settings):
    fiches = registre.Traitement.objects.count()
    collectivites = Collectivite.objects.count()
    bilan = f"4\u00a0structures, {collectivites}\u00a0collectivités, {fiches}\u00a0fiches, {collectivites}"
    dossiers = Violation.objects.count()
    demandes = DemandeDroits.objects.count()
    assert f"{bilan}\u00a0conventions, {dossiers}\u00a0violations, {demandes}\u00a0demandes." in semee
    assert settings.SITE_URL in semee
    assert all(personne.libelle in semee and personne.courriel in semee for personne in PERSONNES)


def test_relancer_la_commande_ne_change_rien(demo, settings, capsys):
    settings.DEMONSTRATION = True
    avant = compter()
    assert avant["registre.VersionTraitement"] > 250
    call_command("demo", maintenant=datetime(2027, 2, 1, 8, tzinfo=UTC))
    assert compter() == avant
    assert "déjà chargée" in capsys.readouterr().out


def test_aucun_courriel_ne_part(demo):
    assert Message.objects.exists()
    assert not Email.objects.exists()
    assert mail.outbox == []
    assert {message.est_envoye for message in Message.objects.avec_etat()} == {False}


def test_les_quatre_structures_ont_leur_equipe(demo):
    assert {s.sigle for s in Structure.objects.all()} == {"CDG 82", "CDG 47", "CACL", "ATDA"}
    for structure in Structure.objects.all():
        assert stdnum_siren.is_valid(structure.siren)
        assert {role for _, role in habilitations_de(structure)} == set(ROLES_STRUCTURE)
        assert "fictifs" in structure.adresse
    assert Structure.objects.get(sigle="CACL").territoire == Territoire.GUYANE


def test_le_portefeuille_compte_assez_de_vraies_collectivites(demo):
    nombres = Counter(Collectivite.objects.values_list("structure__sigle", "type"))
    commune = TypeCollectivite.COMMUNE
    assert nombres["CDG 82", commune] >= 12
    assert all(nombres[sigle, commune] >= 6 for sigle in ("CDG 47", "CACL", "ATDA"))
    types = Counter(Collectivite.objects.values_list("type", flat=True))
    assert types[TypeCollectivite.CCAS] >= 2
    assert types[TypeCollectivite.EPCI] >= 2
    assert types[TypeCollectivite.SYNDICAT] >= 1
    for collectivite in Collectivite.objects.filter(type=commune):
        source = Commune.objects.get(pk=collectivite.code_insee)
        assert (collectivite.siren, collectivite.nom) == (source.siren, source.nom)
        assert collectivite.population_totale == source.population_totale
    cayenne = Collectivite.objects.get(code_insee="97302")
    assert (cayenne.structure.sigle, cayenne.territoire) == ("CACL", Territoire.GUYANE)


def test_un_siren_invente_ne_peut_pas_etre_celui_d_un_autre(demo):
    inventes = Collectivite.objects.filter(type__in=[TypeCollectivite.CCAS, TypeCollectivite.SYNDICAT])
    for collectivite in inventes:
        assert collectivite.siren.startswith("00")
        assert stdnum_siren.is_valid(collectivite.siren)
    assert all(
        "démonstration" in nom
        for nom in inventes.filter(type=TypeCollectivite.SYNDICAT).values_list("nom", flat=True)
    )


def test_les_noms_difficiles_sont_la(demo):
    denominations = set(Collectivite.objects.values_list("denomination", flat=True))
    assert {"Commune de Penne-d’Agenais", "Commune du Passage", "Commune des Barthes"} <= denominations
    assert Collectivite.objects.filter(responsable_nom__contains="L’Hermitte").exists()
    assert courriel("Jean-Noël L’Hermitte", "auvillar") == "jean-noel.l-hermitte@auvillar.example"


def test_les_cinq_entrees_existent_sans_mot_de_passe(demo):
    for personne in PERSONNES:
        compte = Utilisateur.objects.get(email=personne.courriel)
        assert str(compte) == personne.libelle.split(",")[0]
    assert not any(compte.has_usable_password() for compte in Utilisateur.objects.all())
    assert all(
        adresse.endswith(".example") for adresse in Utilisateur.objects.values_list("email", flat=True)
    )


def test_la_referente_tient_aussi_le_registre_du_ccas(demo):
    sylvie = Utilisateur.objects.get(email="sylvie.delmas@montpezat.example")
    ccas = Collectivite.objects.get(type=TypeCollectivite.CCAS, code_insee="82131")
    for collectivite in (demo, ccas):
        assert (sylvie, Role.REFERENT) in habilitations_de(collectivite)
    assert {role for _, role in habilitations_de(demo)} == {Role.REFERENT, Role.DECIDEUR, Role.LECTEUR}


def test_les_contacts_sont_dates_et_une_designation_manque_a_deux_collectivites(demo):
    fonctions = set(demo.contacts.filter(jusqu_au=None).values_list("fonction", flat=True))
    assert fonctions == {FonctionContact.EXECUTIF, FonctionContact.REFERENT, FonctionContact.DIRECTION}
    assert demo.contacts.filter(fonction=FonctionContact.EXECUTIF).count() == 2
    assert Collectivite.objects.filter(designation_numero="").count() == 2
    numeros = Collectivite.objects.exclude(designation_numero="").values_list("designation_numero", flat=True)
    assert all(numero.startswith("DPO-demo-") for numero in numeros)


def test_tous_les_etats_se_rencontrent(demo):
    assert set(registre.VersionTraitement.objects.values_list("etat", flat=True)) == set(EtatVersion.values)
    assert set(etats_affiches(demo)) == {etat.cle for etat in ETATS_AFFICHES}


def test_les_registres_ont_la_taille_dite(demo):
    tailles = Counter()
    for collectivite in Collectivite.objects.all():
        tailles[collectivite.denomination] = fiches_courantes(collectivite).count()
    grands = [nom for nom, taille in tailles.items() if taille >= 20]
    assert {"Commune de Montpezat-de-Quercy", "Commune de Cayenne", "Commune de Bellerive-sur-Allier"} <= set(
        grands
    )
    assert sum(taille == 0 for taille in tailles.values()) == 2
    assert all(3 <= taille <= 12 for nom, taille in tailles.items() if taille and nom not in grands)


def test_la_fiche_cantine_n_attend_que_la_duree_des_rib(demo):
    fiche = registre.VersionTraitement.objects.courantes().get(collectivite=demo, nom__startswith="Cantine")
    assert (fiche.numero, fiche.etat, fiche.manquantes) == (3, EtatVersion.BROUILLON, "f")
    dit = phrase(evaluer(depuis_dict(fiche.contenu)))
    assert "une seule chose" in dit
    assert "les coordonnées bancaires" in dit
    avant = list(fiche.traitement.versions.order_by("numero").values_list("etat", flat=True))
    assert avant == [EtatVersion.REMPLACEE, EtatVersion.ADOPTEE, EtatVersion.BROUILLON]


def test_le_centre_de_gestion_a_son_modele_en_deux_versions(demo):
    modele = registre.ModeleTraitement.objects.get(structure=demo.structure)
    assert modele.code == CANTINE
    versions = modele.versions.order_by("numero")
    assert [(v.etat, v.est_courante) for v in versions] == [
        (EtatModele.PUBLIE, False),
        (EtatModele.PUBLIE, True),
    ]
    suivies = registre.Traitement.objects.filter(collectivite=demo, modele__modele=modele)
    assert [t.modele.numero for t in suivies] == [1]
    assert any(ligne["duree"] == {"nombre": 13, "unite": "mois"} for ligne in versions[1].durees)


def test_les_avis_et_leurs_suites_sont_varies(demo):
    siens = Avis.objects.filter(collectivite=demo)
    assert set(siens.values_list("sens", flat=True)) == set(SensAvis.values)
    assert set(Suite.objects.filter(collectivite=demo).values_list("sens", flat=True)) == set(
        SuiteAvis.values
    )
    partiel = Suite.objects.get(collectivite=demo, sens=SuiteAvis.PARTIEL)
    assert partiel.motif
    levees = Reserve.objects.filter(avis=partiel.avis).values_list("levee_le", flat=True)
    assert sorted(levee is None for levee in levees) == [False, True]
    video = registre.VersionTraitement.objects.get(collectivite=demo, nom__startswith="Vidéoprotection")
    assert (video.etat, video.avis.sens) == (EtatVersion.AVIS_RENDU, SensAvis.RESERVES)


def test_une_fiche_est_adoptee_sans_attendre_l_avis_et_une_autre_renvoyee(demo):
    versions = registre.VersionTraitement.objects.filter(collectivite=demo)
    sans_avis = versions.get(etat=EtatVersion.ADOPTEE, avis=None)
    assert sans_avis.motif_decision
    renvoyee = versions.get(etat=EtatVersion.BROUILLON, transmise_le__isnull=False, numero=1)
    assert renvoyee.motif_decision
    assert versions.get(etat=EtatVersion.ABROGEE).motif_abrogation
    assert versions.filter(etat=EtatVersion.ADOPTEE, relue_le__isnull=False).count() == 1
    en_revision = versions.filter(etat=EtatVersion.BROUILLON, numero__gt=1)
    assert all(v.traitement.versions.adoptees().exists() for v in en_revision)
    assert en_revision.exists()


def test_des_questions_attendent_et_d_autres_ont_leur_reponse(demo):
    siennes = Question.objects.filter(collectivite=demo, retiree_le=None)
    assert siennes.filter(repondue_le=None).count() >= 3
    assert siennes.exclude(repondue_le=None).count() >= 1
    assert all(question.reponse for question in siennes.exclude(repondue_le=None))


def test_le_numero_de_securite_sociale_a_toujours_son_alinea(demo):
    nir = registre.DonneesTraitees.objects.filter(categorie=CategorieDonnees.NIR)
    assert nir.count() > 10
    assert not nir.filter(alinea_nir="").exists()


def test_aucun_interet_legitime_et_une_base_pour_chaque_finalite_adoptee(demo):
    bases = registre.Finalite.objects
    assert not bases.filter(base_legale=BaseLegale.INTERET_LEGITIME).exists()
    assert not bases.filter(version__etat=EtatVersion.ADOPTEE, base_legale="").exists()


def test_une_fiche_adoptee_est_complete_et_les_lignes_disent_le_contenu(demo):
    adoptees = registre.VersionTraitement.objects.filter(etat=EtatVersion.ADOPTEE)
    assert not adoptees.exclude(manquantes="").exists()
    for version in registre.VersionTraitement.objects.annotate(nb=Count("donnees")):
        fiche = depuis_dict(version.contenu)
        assert version.nb == len(fiche.donnees)
        assert not donnee_interdite(str(en_dict(fiche)))


def test_les_faits_sont_passes_et_se_suivent(demo):
    """L’histoire de chaque fiche va du plus ancien au plus récent, jamais après l’instant donné."""
    lignes = registre.VersionTraitement.history.order_by("history_id").values_list(
        "traitement_id", "history_date"
    )
    par_fiche = {}
    for fiche, quand in lignes:
        par_fiche.setdefault(fiche, []).append(quand)
    assert all(avant <= apres for dates in par_fiche.values() for avant, apres in pairwise(dates))
    assert max(max(dates) for dates in par_fiche.values()) < MAINTENANT


def test_chaque_modele_choisi_a_sa_decision(demo):
    codes = set(
        registre.Traitement.objects.exclude(modele=None).values_list("modele__modele__code", flat=True)
    )
    assert codes <= set(DECISIONS)
    connus = set(registre.ModeleTraitement.objects.filter(structure=None).values_list("code", flat=True))
    assert set(DECISIONS) <= connus
