"""La chronologie, les prestataires, les fiches touchées et les pièces : chacun sa page, rien en double."""

from datetime import UTC, datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from dpd.pieces.regles.fichier import TAILLE_MAXIMALE
from registre import actions as registre
from tests.pieces.fabriques import fichier
from tests.violations.fabriques import T0, creer_prestataire
from violations import actions
from violations.enums import EtatViolation, NatureEvenement
from violations.models import TraitementTouche

pytestmark = pytest.mark.django_db
PRESTATAIRE = {
    "prestataire": "Logi-Quercy",
    "connaissance_date": "2026-11-19",
    "connaissance_heure": "15:00",
    "prevenu_le_date": "2026-11-20",
    "prevenu_le_heure": "17:25",
}


@pytest.fixture(autouse=True)
def _ce_jour_la(time_machine, maintenant):
    time_machine.move_to(maintenant, tick=False)


def adresse(violation, nom, *suite):
    return reverse(f"violations:{nom}", args=[violation.collectivite.siren, 2026, 1, *suite])


def erreurs(reponse):
    return reponse.context["formulaire"].errors


def textes(violation, nature=NatureEvenement.SAISIE):
    return list(violation.evenements.filter(nature=nature).values_list("texte", flat=True))


def test_un_evenement_se_range_a_l_heure_des_faits(connecte, referent, violation):
    envoi = {"texte": "Portail fermé", "instant_date": "2026-11-19", "instant_heure": "16:30"}
    reponse = connecte(referent).post(adresse(violation, "note"), envoi)
    assert reponse.url == adresse(violation, "violation")
    note = violation.evenements.get(nature=NatureEvenement.NOTE)
    assert (note.texte, note.instant) == ("Portail fermé", datetime(2026, 11, 19, 15, 30, tzinfo=UTC))


def test_un_evenement_envoye_deux_fois_n_y_est_qu_une_fois(connecte, referent, violation):
    envoi = {"texte": "Portail fermé", "instant_date": "2026-11-19", "instant_heure": "16:30"}
    for _ in range(2):
        connecte(referent).post(adresse(violation, "note"), envoi)
    assert textes(violation, NatureEvenement.NOTE) == ["Portail fermé"]


@pytest.mark.parametrize(
    ("champs", "champ", "phrase"),
    [
        ({"texte": " "}, "texte", "Dites ce qui s’est passé."),
        ({"texte": "1 84 12 76 451 089 46"}, "texte", "numéro de sécurité sociale"),
        ({"instant_date": "2026-11-24"}, "instant", "dans le futur"),
        ({"instant_date": "2026-03-29", "instant_heure": "02:30"}, "instant", "n’existe pas"),
    ],
)
def test_un_evenement_refuse_se_dit_sous_son_champ(connecte, referent, violation, champs, champ, phrase):
    envoi = {"texte": "Portail fermé", "instant_date": "2026-11-19", "instant_heure": "16:30"} | champs
    assert phrase in erreurs(connecte(referent).post(adresse(violation, "note"), envoi))[champ][0]


def test_le_prestataire_de_l_annuaire_a_son_horloge(connecte, referent, structure, violation):
    prestataire = creer_prestataire(structure)
    client = connecte(referent)
    assert (
        "dans les meilleurs délais (RGPD, art. 33-2)"
        in client.get(adresse(violation, "impliquer")).content.decode()
    )
    client.post(adresse(violation, "impliquer"), PRESTATAIRE)
    implique = violation.prestataires.get()
    assert (implique.sous_traitant, implique.delai, implique.prevenu_le) == (prestataire, 24, T0)
    assert implique.echeance == datetime(2026, 11, 20, 14, tzinfo=UTC)
    assert textes(violation) == ["Prestataire noté en cause\u00a0: Logi-Quercy"]


def test_hors_annuaire_un_nom_suffit(connecte, referent, violation):
    connecte(referent).post(adresse(violation, "impliquer"), {"prestataire": "Chez Paul"})
    implique = violation.prestataires.get()
    assert (str(implique), implique.connaissance, implique.echeance) == ("Chez Paul", None, None)


@pytest.mark.parametrize(
    ("champs", "champ", "phrase"),
    [
        ({"prestataire": ""}, "prestataire", "son nom suffit"),
        ({"connaissance_date": "2026-11-21"}, "prevenu_le", "avant de le savoir"),
        ({"prevenu_le_date": "2026-11-24"}, "prevenu_le", "dans le futur"),
        ({"connaissance_heure": "25:00"}, "connaissance", "n’existe pas"),
        ({"connaissance_date": "2016-11-19"}, "connaissance", "Vérifiez l’année"),
    ],
)
def test_un_prestataire_refuse_se_dit_sous_son_champ(connecte, referent, violation, champs, champ, phrase):
    reponse = connecte(referent).post(adresse(violation, "impliquer"), PRESTATAIRE | champs)
    assert phrase in erreurs(reponse)[champ][0]
    assert not violation.prestataires.exists()


def test_le_meme_prestataire_ne_se_note_pas_deux_fois(connecte, referent, violation):
    client = connecte(referent)
    client.post(adresse(violation, "impliquer"), PRESTATAIRE)
    reponse = client.post(adresse(violation, "impliquer"), PRESTATAIRE | {"prestataire": "LOGI-quercy"})
    assert "déjà noté" in erreurs(reponse)["prestataire"][0]
    assert violation.prestataires.count() == 1


def test_les_propositions_viennent_de_l_annuaire(connecte, referent, structure, violation):
    creer_prestataire(structure)
    chemin = adresse(violation, "impliquer")
    entetes = {"HX-Request": "true"}
    page = connecte(referent).get(chemin, {"proposer": "1", "prestataire": "logi"}, headers=entetes)
    assert 'value="Logi-Quercy"' in page.content.decode()


def test_retirer_un_prestataire_se_confirme_et_se_rejoue(connecte, referent, violation, maintenant):
    implique = actions.impliquer(violation=violation, auteur=referent, maintenant=maintenant, nom="Chez Paul")
    client, chemin = connecte(referent), adresse(violation, "retirer_prestataire", implique.pk)
    assert "Retirer Chez Paul" in client.get(chemin).content.decode()
    for _ in range(2):
        assert client.post(chemin).url == adresse(violation, "violation")
    implique.refresh_from_db()
    assert implique.retire_le == maintenant
    assert textes(violation)[1:] == ["Chez Paul n’est plus noté en cause"]


def test_le_prestataire_d_un_autre_dossier_ne_se_retire_pas_d_ici(
    connecte, referent, violation, voisine, maintenant
):
    ailleurs = actions.declarer(
        collectivite=voisine, titre="x", recit="x", connaissance=T0, auteur=referent, maintenant=maintenant
    )
    implique = actions.impliquer(violation=ailleurs, auteur=referent, maintenant=maintenant, nom="Paul")
    chemin = adresse(violation, "retirer_prestataire", implique.pk)
    assert connecte(referent).post(chemin).status_code == 404


@pytest.fixture
def fiches(collectivite, referent, maintenant):
    return [
        registre.creer(collectivite=collectivite, nom=nom, auteur=referent, maintenant=maintenant).traitement
        for nom in ("Cantine", "Paie", "État civil")
    ]


def touches(violation):
    return set(violation.traitements.filter(retire_le=None).values_list("traitement_id", flat=True))


def test_les_fiches_touchees_se_choisissent_dans_le_registre(connecte, referent, violation, fiches):
    client, chemin = connecte(referent), adresse(violation, "traitements")
    page = client.get(chemin).content.decode()
    assert "Cantine (fiche n°\u00a01)" in page
    client.post(chemin, {"traitements": [fiches[0].pk, fiches[1].pk], "lus": ""})
    assert touches(violation) == {fiches[0].pk, fiches[1].pk}
    lus = client.get(chemin).context["formulaire"]["lus"].value()
    client.post(chemin, {"traitements": [fiches[1].pk], "lus": lus})
    assert touches(violation) == {fiches[1].pk}
    assert textes(violation)[-1] == "Traitements touchés\u00a0: Fiche n° 2"


def test_ce_qu_un_autre_a_coche_reste_coche(connecte, referent, violation, fiches):
    client, chemin = connecte(referent), adresse(violation, "traitements")
    client.post(chemin, {"traitements": [fiches[0].pk], "lus": ""})
    client.post(chemin, {"traitements": [fiches[2].pk], "lus": "x,"})
    assert touches(violation) == {fiches[0].pk, fiches[2].pk}


def test_une_fiche_d_ailleurs_est_refusee(connecte, referent, violation, voisine, maintenant):
    ailleurs = registre.creer(collectivite=voisine, nom="x", auteur=referent, maintenant=maintenant)
    reponse = connecte(referent).post(
        adresse(violation, "traitements"), {"traitements": [ailleurs.traitement.pk], "lus": ""}
    )
    assert "registre de la collectivité" in erreurs(reponse)["traitements"][0]
    assert not TraitementTouche.objects.exists()


def test_sans_registre_la_page_le_dit(connecte, referent, violation):
    page = connecte(referent).get(adresse(violation, "traitements")).content.decode()
    assert "n’a pas encore de fiche" in page


def test_une_piece_se_joint_avec_ce_qu_elle_est(connecte, referent, violation):
    envoi = {"fichier": fichier(), "libelle": "Journaux d’accès", "pour_la_cnil": "on"}
    reponse = connecte(referent).post(adresse(violation, "joindre"), envoi)
    assert reponse.url == adresse(violation, "violation")
    lien = violation.pieces.get()
    assert (lien.libelle, lien.pour_la_cnil, lien.piece.domaine) == ("Journaux d’accès", True, "violation")
    assert textes(violation) == ["Pièce jointe\u00a0: Journaux d’accès"]


@pytest.mark.parametrize(
    ("contenu", "phrase"),
    [
        (None, "Choisissez un fichier"),
        (SimpleUploadedFile("journal.exe", b"MZ"), "ne se dépose pas ici"),
        (SimpleUploadedFile("journal.pdf", b"PK pas un pdf"), "pdf"),
        (SimpleUploadedFile("vide.pdf", b""), "vide"),
        (SimpleUploadedFile("gros.pdf", b"%PDF-1.7" + b"0" * TAILLE_MAXIMALE), "trop gros"),
    ],
)
def test_une_piece_refusee_se_dit_sous_son_champ_et_le_reste_tient(
    connecte, referent, violation, contenu, phrase
):
    envoi = {"libelle": "Journaux d’accès"} | ({"fichier": contenu} if contenu else {})
    reponse = connecte(referent).post(adresse(violation, "joindre"), envoi)
    assert phrase in erreurs(reponse)["fichier"][0]
    assert "Journaux d’accès" in reponse.content.decode()
    assert not violation.pieces.exists()


@pytest.mark.parametrize("nom", ["note", "impliquer", "traitements", "joindre", "retirer_prestataire"])
def test_seul_qui_tient_les_violations_y_touche(
    connecte, lecteur, agent, etranger, referent, violation, maintenant, nom
):
    implique = actions.impliquer(violation=violation, auteur=referent, maintenant=maintenant, nom="Paul")
    chemin = adresse(violation, nom, *([implique.pk] if nom == "retirer_prestataire" else []))
    for personne, statut in ((lecteur, 403), (agent, 403), (etranger, 404)):
        assert connecte(personne).get(chemin).status_code == statut
        assert connecte(personne).post(chemin).status_code == statut
    implique.refresh_from_db()
    assert implique.retire_le is None


@pytest.mark.parametrize("nom", ["note", "instants"])
def test_close_elle_renvoie_au_dossier_mais_garde_la_saisie_envoyee(
    connecte, referent, violation, maintenant, nom
):
    violation.etat = EtatViolation.CLOSE
    violation.enregistrer(auteur=referent, maintenant=maintenant, raison="x")
    client = connecte(referent)
    assert client.get(adresse(violation, nom)).url == adresse(violation, "violation")
    envoi = {
        "texte": "Portail fermé",
        "motif": "Portail fermé",
        **{f"{champ}_date": "2026-11-19" for champ in ("instant", "connaissance")},
        **{f"{champ}_heure": "16:30" for champ in ("instant", "connaissance")},
    }
    page = client.post(adresse(violation, nom), envoi).content.decode()
    assert "rouvrez-la d’abord" in page
    assert "Portail fermé" in page
