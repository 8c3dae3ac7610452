"""La base de charge : la même d’une même graine, faite comme une vraie, et qui ne coûte que ses lignes."""

import hashlib
import json
from datetime import UTC, datetime
from io import StringIO
from itertools import islice

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from dpd.accompagnement.models import Question
from dpd.comptes import referentiel
from dpd.comptes.models import Collectivite, Commune, Structure, Utilisateur
from dpd.conventions.models import Convention, Intervention
from dpd.pilotage.charge.hasard import Hasard
from dpd.pilotage.charge.lieux import departements, relire, siren_fictif
from dpd.pilotage.charge.peuplement import Demande, peupler
from registre.bibliotheque import FICHIER, lire_bibliotheque
from registre.chargement_modeles import charger
from registre.models import DonneesTraitees, Traitement, VersionTraitement
from registre.regles.contenu import depuis_dict
from subtraitance.models import Contrat, DemandeDroits
from violations.models import Violation

pytestmark = pytest.mark.django_db
MAINTENANT = datetime(2026, 11, 23, 8, 40, tzinfo=UTC)
# Ce qui se lit d’une base sans dépendre de ses numéros internes.
LUS = {
    Structure: ("siren", "nom", "territoire"),
    Collectivite: ("siren", "nom", "structure__siren", "responsable_nom", "recherche"),
    Utilisateur: ("email", "first_name", "last_name"),
    VersionTraitement: (
        "collectivite__siren",
        "traitement__reference",
        "numero",
        "etat",
        "empreinte",
        "cree_le",
    ),
    DonneesTraitees: ("version__collectivite__siren", "version__traitement__reference", "ordre", "categorie"),
    Convention: ("collectivite__siren", "reference", "date_effet"),
    Intervention: ("collectivite__siren", "le", "minutes", "nature"),
    Violation: ("collectivite__siren", "annee", "rang", "etat", "connaissance", "echeance_notification"),
    DemandeDroits: ("collectivite__siren", "annee", "rang", "etat", "recue_le", "echeance", "demandeur_nom"),
    Contrat: ("collectivite__siren", "sous_traitant__nom", "fin"),
    Question: ("collectivite__siren", "objet", "texte", "posee_le", "repondue_le"),
}


@pytest.fixture
def communes(db):
    """Quarante vraies communes du fichier livré, prises dans deux départements."""
    choisies = [c for c in referentiel._communes() if c.siren and c.code_insee[:2] in ("82", "47")]
    Commune.objects.bulk_create(choisies[:20] + choisies[-20:])


def remplir(collectivites, traitements, graine=1, **options):
    *_, bilan = peupler(Demande(collectivites, traitements, graine, **options), MAINTENANT)
    return bilan


def empreinte() -> dict[str, str]:
    """Un condensat par modèle : deux bases égales ont les mêmes."""
    return {
        modele.__name__: hashlib.sha256(
            json.dumps(sorted(map(list, modele.objects.values_list(*champs)), key=str), default=str).encode()
        ).hexdigest()
        for modele, champs in LUS.items()
    }


def essai(*demande, **options) -> dict[str, str]:
    """L’empreinte d’une base peuplée, puis défaite."""
    with transaction.atomic():
        remplir(*demande, **options)
        lue = empreinte()
        transaction.set_rollback(True)
    return lue


def test_la_meme_graine_donne_la_meme_base_une_autre_une_autre(communes):
    premiere = essai(6, 4, 7)
    assert essai(6, 4, 7) == premiere
    autre = essai(6, 4, 8)
    assert {nom for nom in premiere if premiere[nom] != autre[nom]} >= {"VersionTraitement", "Intervention"}


def test_le_bilan_dit_ce_que_la_base_contient(communes):
    bilan = remplir(30, 5)
    assert bilan.collectivites == Collectivite.objects.count() == 30
    assert bilan.fiches == Traitement.objects.count() == 150
    assert bilan.structures == Structure.objects.count() == 2
    assert bilan.interventions == Intervention.objects.count() > 0
    assert bilan.violations == Violation.objects.count() > 0
    assert bilan.demandes == DemandeDroits.objects.count() > 0
    assert bilan.contrats == Contrat.objects.count() > 0
    assert Convention.objects.count() == 30


def test_elle_ressemble_a_un_portefeuille_en_regime(communes):
    remplir(40, 10)
    courantes = VersionTraitement.objects.filter(est_courante=True)
    etats = {
        etat: courantes.filter(etat=etat).count() / courantes.count()
        for etat in courantes.values_list("etat", flat=True)
    }
    assert 0.4 < etats["adoptee"] < 0.65
    assert 0.2 < etats["brouillon"] < 0.45
    assert {"transmise", "avis_rendu", "abrogee"} <= etats.keys()
    assert VersionTraitement.objects.filter(etat="remplacee").exists()
    assert courantes.filter(etat="brouillon").exclude(manquantes="").exists()
    assert courantes.filter(etat="brouillon", manquantes="").exists()
    assert courantes.filter(a_donnees_sensibles=True).exists()
    assert any("é" in v.contenu["description"] and len(v.contenu["description"]) > 400 for v in courantes)
    assert Violation.objects.filter(etat="close").exists()
    ouvertes = Question.objects.filter(repondue_le=None, fiches__version__etat="brouillon").count()
    assert 0 < ouvertes < Question.objects.count() / 2
    assert DemandeDroits.objects.filter(etat="close").exists()


def test_ce_que_l_on_deduit_d_une_fiche_est_bien_le_sien(communes):
    remplir(3, 6)
    for version in VersionTraitement.objects.select_related("collectivite"):
        fiche = depuis_dict(version.contenu)
        assert version.nom == fiche.nom
        assert fiche.responsable.siren == version.collectivite.siren
        lignes = DonneesTraitees.objects.filter(version=version)
        assert [d.categorie for d in lignes.order_by("ordre")] == [d.categorie for d in fiche.donnees]
        assert {d.collectivite_id for d in lignes} <= {version.collectivite_id}


def test_rien_de_probant_n_est_ecrit_sans_historique(communes):
    remplir(4, 3)
    for modele in (
        Collectivite,
        Traitement,
        VersionTraitement,
        Violation,
        DemandeDroits,
        Convention,
        Contrat,
    ):
        assert modele.history.count() == modele.objects.count() > 0, modele


def test_un_lot_s_ecrit_en_groupe_jamais_ligne_a_ligne(communes):
    """PostgreSQL : autant de requêtes pour deux fois plus de lignes ; SQLite les coupe en paquets."""
    charger(bibliotheque=lire_bibliotheque(FICHIER.read_bytes()), maintenant=MAINTENANT)

    def cout(collectivites, traitements):
        with transaction.atomic(), CaptureQueriesContext(connection) as requetes:
            remplir(collectivites, traitements, ensemble=True)
            lignes = DonneesTraitees.objects.count()
            transaction.set_rollback(True)
        return len(requetes), lignes

    (peu, lignes), (beaucoup, plus) = cout(10, 4), cout(20, 8)
    assert plus > 3 * lignes
    if connection.features.max_query_params is None:
        assert beaucoup == peu
    assert beaucoup - peu < (plus - lignes) / 8


def test_les_comptes_ouvrent_leurs_pages_et_elles_seules(communes, client):
    remplir(2, 3, ensemble=True)
    equipe, (lieu, voisin) = relire(Structure.objects.get())
    client.force_login(lieu.referent, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert client.get(f"/c/{lieu.collectivite.siren}/registre/").status_code == 200
    assert client.get(f"/c/{voisin.collectivite.siren}/registre/").status_code == 404
    client.force_login(equipe.dpd, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert client.get(f"/s/{equipe.structure.siren}/").status_code == 200
    assert client.get(f"/c/{voisin.collectivite.siren}/registre/").status_code == 200


def test_nul_n_entre_avec_un_mot_de_passe(communes):
    remplir(2, 1)
    assert not any(
        compte.has_usable_password() or compte.check_password("") for compte in Utilisateur.objects.all()
    )


def test_un_peuplement_interrompu_se_reprend_departement_par_departement(communes):
    list(islice(peupler(Demande(40, 2, 3), MAINTENANT), 1))  # arrêté après le premier département
    faites = Collectivite.objects.count()
    assert 0 < faites < 40
    assert remplir(40, 2, 3).collectivites == 40 - faites
    assert list(peupler(Demande(40, 2, 3), MAINTENANT)) == []
    assert Collectivite.objects.count() == 40


def test_une_commune_deja_suivie_ne_l_est_pas_deux_fois(communes, structure):
    prise = Commune.objects.order_by("code_insee").first()
    Collectivite.objects.create(
        structure=structure, type="commune", nom=prise.nom, denomination="Déjà", siren=prise.siren
    )
    remplir(40, 1)
    assert Collectivite.objects.filter(siren=prise.siren).get().denomination == "Déjà"
    assert Collectivite.objects.count() == 40


def test_les_communes_viennent_par_departement_ou_toutes_ensemble(communes):
    tous = list(departements(40, Hasard(1, "départements")))
    assert sorted(d.code for d in tous) == ["47", "82"]
    [seul] = departements(30, Hasard(1, "départements"), ensemble=True)
    assert len(seul.communes) == 30
    assert {c.departement for c in seul.communes} == {"47", "82"}


def test_un_siren_fictif_a_une_cle_juste_et_n_appartient_a_personne(communes):
    assert siren_fictif(1) != siren_fictif(2)
    assert all(siren_fictif(n).startswith("009") and len(siren_fictif(n)) == 9 for n in range(1, 101))
    assert (
        sum(int(c) if i % 2 == 0 else sum(divmod(2 * int(c), 10)) for i, c in enumerate(siren_fictif(42)))
        % 10
        == 0
    )


def test_la_commande_dit_ou_elle_en_est_et_refuse_une_vraie_base(communes, settings):
    with pytest.raises(CommandError, match="ne se mêle pas à une vraie"):
        call_command("peupler", collectivites=3)
    settings.DEMONSTRATION = True
    sortie = StringIO()
    call_command("peupler", collectivites=3, traitements=2, maintenant=MAINTENANT, stdout=sortie)
    assert "sur 3, 6\u00a0fiches" in sortie.getvalue()
    assert "1\u00a0structure" in sortie.getvalue()
    call_command("peupler", collectivites=3, traitements=2, maintenant=MAINTENANT, stdout=sortie)
    assert "déjà peuplée" in sortie.getvalue()


@pytest.mark.parametrize("nombre", ["0", "35001", "-3"])
def test_la_commande_refuse_un_nombre_impossible(nombre, settings):
    settings.DEMONSTRATION = True
    with pytest.raises(CommandError, match="de 1 à 35000"):
        call_command("peupler", "--collectivites", nombre)
