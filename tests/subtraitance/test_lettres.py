"""Les lettres d’un dossier : composées, retouchées, gardées, téléchargées telles quelles."""

from datetime import date
from io import BytesIO

import docx
import pikepdf
import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from dpd.comptes.models import JournalAcces
from subtraitance.actions.demandes_delais import prolonger, suspendre
from subtraitance.actions.lettres import ecrire_lettre
from subtraitance.enums import EtatDemande, SensReponse
from subtraitance.lettres import lettre_proposee
from subtraitance.models import LettreDemande, Reponse
from subtraitance.regles.lettres_modeles import TypeLettre
from tests.documents.lecture_pdf import Arbre
from tests.subtraitance.fabriques_demandes import creer_demande

pytestmark = pytest.mark.django_db
PIEGE = "Zoé & <script>alert(1)</script> « 5 € »"


@pytest.fixture(autouse=True)
def _ce_jour_la(time_machine, maintenant):
    time_machine.move_to(maintenant, tick=False)


@pytest.fixture
def demande(collectivite, referent, maintenant):
    return creer_demande(
        collectivite,
        referent,
        maintenant,
        par_la_structure=False,
        regime="rgpd",
        demandeur_adresse="1 rue Haute\r\nLauzerte",
    )


@pytest.fixture
def geste(demande, referent, maintenant):
    return {"demande": demande, "auteur": referent, "maintenant": maintenant}


def adresse(demande, type_="accuse"):
    return reverse(
        "subtraitance:lettre", args=[demande.collectivite.siren, demande.annee, demande.rang, type_]
    )


def fichier(demande, pk, sortie):
    arguments = [demande.collectivite.siren, demande.annee, demande.rang, pk, sortie]
    return reverse("subtraitance:lettre_fichier", args=arguments)


def lire(reponse):
    assert reponse.status_code == 200
    return reponse.content.decode().replace("\u00a0", " ").replace("\u202f", " ")


def octets(reponse):
    assert reponse.status_code == 200
    return b"".join(reponse.streaming_content)


@pytest.mark.parametrize(
    ("qui", "statut"),
    [
        *(("referent", 200), ("decideur", 200), ("dpd", 200)),
        *(("lecteur", 403), ("agent", 403), ("gestionnaire", 403), ("etranger", 404)),
    ],
)
def test_qui_ouvre_une_lettre_et_qui_l_ecrit(connecte, request, demande, qui, statut):
    client = connecte(request.getfixturevalue(qui))
    assert client.get(adresse(demande)).status_code == statut
    ecrit = client.post(adresse(demande), {"texte": "Bonjour"})
    assert ecrit.status_code == (302 if statut == 200 else statut)
    assert LettreDemande.objects.exists() is (statut == 200)


def test_un_type_ou_une_demande_inconnus_n_existent_pas(connecte, referent, demande, collectivite):
    client = connecte(referent)
    assert client.get(adresse(demande, "poeme")).status_code == 404
    assert (
        client.get(reverse("subtraitance:lettre", args=[collectivite.siren, 2026, 99, "accuse"])).status_code
        == 404
    )


@pytest.mark.parametrize("type_", TypeLettre)
def test_chaque_courrier_type_se_propose(connecte, referent, demande, type_):
    page = lire(connecte(referent).get(adresse(demande, type_)))
    assert "Gérard Fauré" in page
    assert "Courriers types" in page
    assert "À compléter" in page
    assert "Aucune encore" in page
    assert f" : demande {demande.numero} –" in page.partition("</title>")[0]


def test_la_lettre_dit_ce_que_sait_le_dossier(demande, decideur, referent, geste, maintenant):
    suspendre(motif="Deux homonymes.", debut=date(2026, 11, 21), **geste)
    texte = lettre_proposee(demande, TypeLettre.IDENTITE, maintenant)
    assert "quelqu’un d’autre\u00a0: Deux homonymes." in texte
    assert "1 rue Haute\nLauzerte" in texte
    assert "vendredi 20\u00a0novembre 2026" in texte


def test_la_prolongation_reprend_les_motifs_et_la_date(demande, decideur, maintenant):
    prolonger(
        demande=demande,
        motif="Trois services.",
        informe_le=date(2026, 11, 23),
        auteur=decideur,
        maintenant=maintenant,
    )
    texte = lettre_proposee(demande, TypeLettre.PROLONGATION, maintenant)
    assert "pour cette raison\u00a0: Trois services." in texte
    assert "lundi 22\u00a0février 2027" in texte


def test_un_regime_qui_ne_se_prolonge_pas_n_a_pas_de_date(demande, maintenant):
    demande.regime = "cada"
    assert "[à compléter\u00a0: la nouvelle date]" in lettre_proposee(
        demande, TypeLettre.PROLONGATION, maintenant
    )


def test_le_refus_reprend_les_motifs_decides(demande, decideur, maintenant):
    Reponse(
        collectivite=demande.collectivite,
        demande=demande,
        sens=SensReponse.REFUS,
        motif="Demande répétée dix fois.",
        voies_de_recours=True,
        envoyee_le=date(2026, 11, 23),
        canal="courrier",
        decidee_par=decideur,
        decidee_le=maintenant,
    ).enregistrer(auteur=decideur, maintenant=maintenant, raison="x")
    assert "Demande répétée dix fois." in lettre_proposee(demande, TypeLettre.REFUS, maintenant)


def test_chaque_version_reste(geste, demande):
    un = ecrire_lettre(type_=TypeLettre.ACCUSE, texte=" Un\r\nDeux ", **geste)
    assert un.texte == "Un\nDeux"
    assert ecrire_lettre(type_=TypeLettre.ACCUSE, texte="Un\nDeux", **geste) == un
    ecrire_lettre(type_=TypeLettre.REFUS, texte="Un\nDeux", **geste)
    ecrire_lettre(type_=TypeLettre.ACCUSE, texte="Trois", **geste)
    assert demande.lettres.count() == 3


@pytest.mark.parametrize(
    ("texte", "phrase"), [("  ", "Écrivez la lettre"), ("1 84 12 76 451 089 46", "sécurité sociale")]
)
def test_une_lettre_refusee_ne_laisse_rien(geste, texte, phrase):
    with pytest.raises(ValidationError, match=phrase):
        ecrire_lettre(type_=TypeLettre.ACCUSE, texte=texte, **geste)
    assert not LettreDemande.objects.exists()


def test_un_demandeur_efface_n_a_plus_de_lettre(connecte, referent, geste, demande, maintenant):
    demande.etat, demande.efface_le, demande.demandeur_nom = EtatDemande.CLOSE, maintenant, ""
    demande.enregistrer(auteur=referent, maintenant=maintenant, raison="x")
    with pytest.raises(ValidationError, match="effacées"):
        ecrire_lettre(type_=TypeLettre.ACCUSE, texte="x", **geste)
    client = connecte(referent)
    assert "Les données du demandeur sont effacées" in lire(client.get(adresse(demande)))
    assert "effacées" in lire(client.post(adresse(demande), {"texte": "x"}))


def test_la_page_garde_et_montre_ses_versions(connecte, referent, demande, geste):
    client = connecte(referent)
    page = lire(
        client.post(adresse(demande), {"texte": f"Bonjour {PIEGE} [à compléter : le jour]"}, follow=True)
    )
    assert "Rien n’est envoyé" in page
    assert "Zoé &amp; &lt;script&gt;" in page
    assert "<li>Le jour</li>" in page
    assert "23 nov. 2026, 9 h 40, Sylvie Delmas" in page
    ancienne = LettreDemande.objects.get()
    client.post(adresse(demande), {"texte": "Nouvelle version"})
    assert "Nouvelle version</textarea>" in lire(client.get(adresse(demande)))
    assert "[à compléter : le jour]</textarea>" in lire(
        client.get(f"{adresse(demande)}?version={ancienne.pk}")
    )
    assert "Gérard Fauré" in lire(client.get(f"{adresse(demande)}?reprendre=1"))


@pytest.mark.parametrize(
    ("texte", "phrase"),
    [("", "Écrivez la lettre"), ("x" * 20_001, "20"), ("1 84 12 76 451 089 46", "sécurité sociale")],
)
def test_une_mauvaise_saisie_reste_sous_les_yeux(connecte, referent, demande, texte, phrase):
    reponse = connecte(referent).post(adresse(demande), {"texte": texte})
    assert phrase in str(reponse.context["formulaire"].errors["texte"])
    assert texte[:20] in lire(reponse)


@pytest.mark.parametrize("sortie", ["pdf", "docx"])
def test_un_bouton_enregistre_et_telecharge(connecte, referent, demande, sortie):
    reponse = connecte(referent).post(adresse(demande), {"texte": "Bonjour", "sortie": sortie})
    assert reponse.url == fichier(demande, LettreDemande.objects.get().pk, sortie)


def test_le_pdf_porte_la_lettre_telle_que_retouchee(connecte, referent, demande, geste):
    texte = f"Gérard Fauré\n\nLe 23\n\nObjet : {PIEGE}\n\nMadame,\n\n- un\n- deux\n\nFin."
    ecrite = ecrire_lettre(type_=TypeLettre.REPONSE, texte=texte, **geste)
    reponse = connecte(referent).get(fichier(demande, ecrite.pk, "pdf"))
    with pikepdf.open(BytesIO(octets(reponse))) as pdf:
        lus = [texte for _, _, texte, _ in Arbre(pdf).noeuds if texte]
    assert [li for li in lus if li.strip() and li != "•"] == [
        *("Commune de Montpezat-de-Quercy", "Place de la Mairie", "Gérard Fauré", "Le 23"),
        *(f"Objet : {PIEGE}", "Madame,", "un", "deux", "Fin."),
    ]
    assert "demande-2026-01-reponse-montpezat-de-quercy-2026-11-23.pdf" in reponse["Content-Disposition"]


def test_le_docx_porte_la_meme_lettre(connecte, referent, demande, geste):
    ecrite = ecrire_lettre(type_=TypeLettre.REPONSE, texte=f"Bonjour,\n{PIEGE}", **geste)
    lu = docx.Document(BytesIO(octets(connecte(referent).get(fichier(demande, ecrite.pk, "docx")))))
    assert [p.text for p in lu.paragraphs] == [
        "Commune de Montpezat-de-Quercy",
        "Place de la Mairie",
        "Réponse, avec copie des données",
        f"Bonjour,\n{PIEGE}",
    ]
    assert lu.core_properties.author == "Commune de Montpezat-de-Quercy"


def test_un_telechargement_est_note_au_journal_sans_le_demandeur(connecte, referent, demande, geste):
    ecrite = ecrire_lettre(type_=TypeLettre.REFUS, texte="x", **geste)
    connecte(referent).get(fichier(demande, ecrite.pk, "pdf"))
    detail = JournalAcces.objects.get().detail
    assert detail == "demande n°\u00a02026-01, lettre «\u00a0Refus motivé\u00a0», PDF"


def test_la_lettre_d_une_autre_demande_ne_se_telecharge_pas(
    connecte, referent, agent, dpd, demande, voisine, geste, maintenant
):
    ecrite = ecrire_lettre(type_=TypeLettre.REFUS, texte="x", **geste)
    ailleurs = creer_demande(voisine, dpd, maintenant)
    sienne = ecrire_lettre(
        demande=ailleurs, type_=TypeLettre.REFUS, texte="y", auteur=dpd, maintenant=maintenant
    )
    client = connecte(referent)
    assert client.get(fichier(demande, sienne.pk, "pdf")).status_code == 404
    assert client.get(fichier(ailleurs, sienne.pk, "pdf")).status_code == 404
    assert client.get(fichier(demande, ecrite.pk, "exe")).status_code == 404
    assert connecte(agent).get(fichier(demande, ecrite.pk, "pdf")).status_code == 403
    assert not JournalAcces.objects.exists()


def test_une_lettre_videe_ne_se_lit_plus(connecte, referent, demande, geste, maintenant):
    ecrite = ecrire_lettre(type_=TypeLettre.REFUS, texte="x", **geste)
    ecrite.texte = ""
    LettreDemande.objects.modifier_en_masse(
        [ecrite], ["texte"], auteur=referent, maintenant=maintenant, raison="x"
    )
    client = connecte(referent)
    assert client.get(fichier(demande, ecrite.pk, "pdf")).status_code == 404
    assert "Aucune encore" in lire(client.get(adresse(demande)))


@pytest.mark.parametrize("regime", ["cada", "etat_civil", ""])
def test_hors_rgpd_seuls_l_accuse_et_le_refus_s_ouvrent(
    connecte, collectivite, referent, etranger, maintenant, regime
):
    autre = creer_demande(collectivite, referent, maintenant, par_la_structure=False, regime=regime)
    client = connecte(referent)
    page = lire(client.get(adresse(autre, "refus")))
    assert [mot for mot in ("CNIL", "Prolongation de deux mois", "Demande d’identité") if mot in page] == []
    assert ("CADA" in page) is (regime == "cada")
    assert client.get(adresse(autre, "accuse")).status_code == 200
    for type_ in set(TypeLettre) - {TypeLettre.ACCUSE, TypeLettre.REFUS}:
        assert client.get(adresse(autre, type_)).status_code == 404
        assert client.post(adresse(autre, type_), {"texte": "x"}).status_code == 404
    assert connecte(etranger).get(adresse(autre, "refus")).status_code == 404
    assert not LettreDemande.objects.exists()


@pytest.mark.parametrize("regime", ["cada", ""])
def test_une_lettre_rgpd_ne_s_ecrit_pas_pour_un_autre_regime(collectivite, referent, maintenant, regime):
    autre = creer_demande(collectivite, referent, maintenant, par_la_structure=False, regime=regime)
    with pytest.raises(ValidationError, match="dit le RGPD"):
        ecrire_lettre(
            demande=autre,
            type_=TypeLettre.PROLONGATION,
            texte="x",
            auteur=referent,
            maintenant=maintenant,
        )
    assert not LettreDemande.objects.exists()
