"""Les écrans d’un devis : chacun voit ce qui le regarde et fait ce qui lui revient."""

from datetime import timedelta
from decimal import Decimal
from io import BytesIO

import pikepdf
import pytest
from django.urls import reverse

from dpd.comptes.models import JournalAcces
from dpd.conventions.actions import devis as actions
from dpd.conventions.exports.devis import devis_imprime
from dpd.conventions.models import Devis
from dpd.conventions.regles.devis import EtatDevis
from tests.conventions.test_devis_actions import PROPOSITION

pytestmark = pytest.mark.django_db
SIREN, STRUCTURE = "218201317", "288200017"
ENVOI = {
    "audit": "Douze caméras",
    "plan_actions": "Visiter",
    "ponctuel": "oui",
    "exercice": "2026",
    "jours_mise_en_place": "2,5",
    "prix_jour": "250",
    "valable_jusqu_au": "2027-02-21",
    "geste": "proposer",
}


@pytest.fixture(autouse=True)
def _ce_jour_la(time_machine, maintenant):
    time_machine.move_to(maintenant, tick=False)


def adresse(nom, *args):
    return reverse(f"conventions:{nom}", args=[SIREN, *args])


@pytest.fixture
def demande(collectivite, referent, maintenant):
    return actions.demander(
        collectivite=collectivite,
        objet="Vidéoprotection",
        besoin="Une étude\nsur place",
        auteur=referent,
        maintenant=maintenant,
    )


@pytest.fixture
def etude(demande, dpd, maintenant):
    return actions.etudier(devis=demande, auteur=dpd, maintenant=maintenant)


@pytest.fixture
def propose(etude, dpd, maintenant):
    return actions.proposer(devis=etude, **PROPOSITION, auteur=dpd, maintenant=maintenant)


def test_le_referent_demande_et_retrouve_sa_demande(connecte, referent, collectivite):
    client = connecte(referent)
    assert "Aucun devis" in client.get(adresse("devis_collectivite")).content.decode()
    envoi = {"objet": "Audit", "besoin": "Nos caméras"}
    reponse = client.post(adresse("devis_demander"), envoi)
    devis = Devis.objects.get()
    assert reponse.url == adresse("devis", devis.pk)
    assert "Audit" in client.get(adresse("devis_collectivite")).content.decode()
    encore = client.post(adresse("devis_demander"), envoi)
    assert "Une demande de ce nom est déjà en cours." in encore.content.decode()
    assert Devis.objects.count() == 1


@pytest.mark.parametrize(
    ("change", "champ"),
    [({"objet": ""}, "objet"), ({"besoin": ""}, "besoin"), ({"besoin": "2 84 12 82 131 045 67"}, "besoin")],
)
def test_une_mauvaise_demande_revient_a_sa_place(connecte, referent, collectivite, change, champ):
    envoi = {"objet": "Audit", "besoin": "Nos caméras", **change}
    reponse = connecte(referent).post(adresse("devis_demander"), envoi)
    assert set(reponse.context["formulaire"].errors) == {champ}
    assert not Devis.objects.exists()


# (geste, qui le peut, qui n’a pas ce rôle)
GESTES = [
    ("devis_etudier", "dpd", "referent"),
    ("devis_proposer", "gestionnaire", "decideur"),
    ("devis_reprendre", "dpd", "decideur"),
    ("devis_decliner", "gestionnaire", "referent"),
    ("devis_accepter", "decideur", "dpd"),
    ("devis_refuser", "decideur", "referent"),
    ("devis_retirer", "referent", "dpd"),
]


@pytest.mark.parametrize(("geste", "permis", "refuse"), GESTES)
def test_trois_personnes_devant_chaque_geste(geste, permis, refuse, connecte, request, etranger, demande):
    assert connecte(request.getfixturevalue(refuse)).post(adresse(geste, demande.pk)).status_code == 403
    assert connecte(etranger).post(adresse(geste, demande.pk)).status_code == 404
    statut = connecte(request.getfixturevalue(permis)).post(adresse(geste, demande.pk)).status_code
    assert statut in (302, 422)


@pytest.mark.parametrize("nom", ["devis", "devis_pdf", "devis_proposer", "devis_accepter"])
def test_le_devis_de_la_commune_voisine_n_existe_pas_ici(
    nom, connecte, dpd, decideur, referent, voisine, maintenant
):
    chez_elle = actions.demander(
        collectivite=voisine, objet="Autre", besoin="x", auteur=referent, maintenant=maintenant
    )
    qui = decideur if nom == "devis_accepter" else dpd
    verbe = "post" if nom == "devis_accepter" else "get"
    assert getattr(connecte(qui), verbe)(adresse(nom, chez_elle.pk)).status_code == 404


def test_l_agent_ne_lit_pas_les_devis(connecte, agent, demande):
    for nom, args in (("devis_collectivite", []), ("devis", [demande.pk]), ("devis_pdf", [demande.pk])):
        assert connecte(agent).get(adresse(nom, *args)).status_code == 403


def test_chacun_ne_voit_que_ses_gestes(connecte, decideur, dpd, referent, lecteur, propose):
    lus = {
        nom: set(connecte(qui).get(adresse("devis", propose.pk)).context["gestes"])
        for nom, qui in (("dpd", dpd), ("referent", referent), ("decideur", decideur), ("lecteur", lecteur))
    }
    assert lus == {
        "dpd": {"reprendre"},
        "referent": set(),
        "decideur": {"accepter", "refuser"},
        "lecteur": set(),
    }


def test_la_structure_etudie_prepare_puis_propose(connecte, dpd, demande, structure):
    client = connecte(dpd)
    client.post(adresse("devis_etudier", demande.pk))
    assert Devis.objects.get().etape is EtatDevis.DEMANDE
    client.post(adresse("devis_etudier", demande.pk), {"geste": "etudier"})
    rediger = adresse("devis_proposer", demande.pk)
    client.post(rediger, {"geste": "preparer", "audit": "En cours", "ponctuel": "oui"})
    demande.refresh_from_db()
    assert (demande.etape, demande.audit) == (EtatDevis.AUDIT, "En cours")
    assert "En cours" in client.get(rediger).content.decode()
    page = client.post(rediger, ENVOI, follow=True).content.decode()
    demande.refresh_from_db()
    assert demande.etape is EtatDevis.PROPOSE
    assert "La proposition est envoyée" in page
    assert "625,00\u00a0€" in page
    assert "Rien à proposer" in client.get(rediger, follow=True).content.decode()


def test_le_prix_du_bareme_est_propose(connecte, dpd, etude, bareme_tranches):
    page = connecte(dpd).get(adresse("devis_proposer", etude.pk)).content.decode()
    assert 'value="250,00"' in page
    assert 'value="2027-02-21"' in page


@pytest.mark.parametrize(
    ("change", "champ"),
    [
        ({"audit": ""}, "audit"),
        ({"plan_actions": ""}, "plan_actions"),
        ({"prix_jour": ""}, "prix_jour"),
        ({"jours_mise_en_place": "0"}, "jours_mise_en_place"),
        ({"ponctuel": "non"}, "jours_accompagnement"),
        ({"valable_jusqu_au": "2026-11-22"}, "valable_jusqu_au"),
        ({"exercice": "1999"}, "exercice"),
    ],
)
def test_une_proposition_refusee_garde_la_saisie(connecte, dpd, etude, change, champ):
    reponse = connecte(dpd).post(adresse("devis_proposer", etude.pk), {**ENVOI, **change})
    assert set(reponse.context["formulaire"].errors) == {champ}
    etude.refresh_from_db()
    assert etude.etape is EtatDevis.AUDIT


def test_un_geste_concurrent_se_dit_dans_le_formulaire(connecte, dpd, etude, monkeypatch):
    def trop_tard(**_):
        raise ValueError("Ce geste n’est pas permis.")

    monkeypatch.setattr(actions, "proposer", trop_tard)
    reponse = connecte(dpd).post(adresse("devis_proposer", etude.pk), ENVOI)
    assert reponse.context["formulaire"].non_field_errors() == ["Ce geste n’est pas permis."]


def test_ce_que_la_structure_prepare_ne_se_montre_pas(connecte, dpd, referent, etude):
    connecte(dpd).post(
        adresse("devis_proposer", etude.pk), {"geste": "preparer", "audit": "Confidentiel", "ponctuel": "oui"}
    )
    page = connecte(referent).get(adresse("devis", etude.pk)).content.decode()
    assert "Vos besoins sont à l’étude" in page
    assert "Confidentiel" not in page
    assert "Confidentiel" not in texte_du_pdf(connecte(referent), etude)


def test_le_decideur_accepte_ce_qu_il_a_lu(connecte, decideur, propose):
    client = connecte(decideur)
    page = client.get(adresse("devis", propose.pk))
    assert "Accepter le devis" in page.content.decode()
    client.post(adresse("devis_accepter", propose.pk), {"lu": page.context["version_lue"], "relu": "on"})
    propose.refresh_from_db()
    assert propose.etape is EtatDevis.ACCEPTE
    encore = client.post(adresse("devis_accepter", propose.pk), {"lu": "", "relu": "on"}, follow=True)
    assert "n’est pas permis" in encore.content.decode()


def test_accepter_sans_avoir_lu_est_refuse(connecte, decideur, propose):
    envoi = {"relu": "on"}
    page = connecte(decideur).post(adresse("devis_accepter", propose.pk), envoi, follow=True).content.decode()
    assert "relisez-la d’abord" in page
    propose.refresh_from_db()
    assert propose.etape is EtatDevis.PROPOSE


def test_un_devis_ne_s_accepte_pas_d_un_seul_clic(connecte, decideur, propose):
    envoi = {"lu": actions.version_lue(propose)}
    page = connecte(decideur).post(adresse("devis_accepter", propose.pk), envoi, follow=True).content.decode()
    assert "puis cochez la case" in page
    propose.refresh_from_db()
    assert propose.etape is EtatDevis.PROPOSE


def test_une_proposition_expiree_ne_s_accepte_plus(
    connecte, decideur, dpd, propose, time_machine, maintenant
):
    time_machine.move_to(maintenant + timedelta(days=120), tick=False)
    client = connecte(decideur)
    page = client.get(adresse("devis", propose.pk)).content.decode()
    assert "Cette proposition a expiré le dimanche 21\u00a0février 2027." in page
    assert "Accepter le devis" not in page
    envoi = {"lu": actions.version_lue(propose), "relu": "on"}
    refus = client.post(adresse("devis_accepter", propose.pk), envoi, follow=True).content.decode()
    assert "elle ne peut plus être acceptée" in refus
    assert "Expiré le" in connecte(dpd).get(liste()).content.decode()


@pytest.mark.parametrize(
    ("geste", "qui", "etat"),
    [("refuser", "decideur", EtatDevis.REFUSE), ("reprendre", "dpd", EtatDevis.AUDIT)],
)
def test_un_motif_manquant_rouvre_le_formulaire(geste, qui, etat, request, connecte, propose):
    client = connecte(request.getfixturevalue(qui))
    refus = client.post(adresse(f"devis_{geste}", propose.pk), {f"{geste}-motif": " "})
    assert refus.status_code == 422
    assert "Dites pourquoi" in refus.content.decode()
    client.post(adresse(f"devis_{geste}", propose.pk), {f"{geste}-motif": "Trop cher"})
    propose.refresh_from_db()
    assert (propose.etape, propose.motif) == (etat, "Trop cher")


@pytest.mark.parametrize(("geste", "qui"), [("decliner", "gestionnaire"), ("retirer", "decideur")])
def test_une_demande_s_arrete_avant_toute_proposition(geste, qui, request, connecte, etude):
    client = connecte(request.getfixturevalue(qui))
    page = client.post(
        adresse(f"devis_{geste}", etude.pk), {f"{geste}-motif": "Faute de moyens"}, follow=True
    ).content.decode()
    assert "Faute de moyens" in page
    etude.refresh_from_db()
    assert etude.etape in (EtatDevis.DECLINE, EtatDevis.RETIRE)


def liste(**demande):
    return reverse("conventions:devis_structure", args=[STRUCTURE], query=demande or None)


def test_la_structure_voit_d_abord_ce_qui_l_attend(
    connecte, dpd, propose, collectivite, referent, maintenant
):
    actions.demander(
        collectivite=collectivite,
        objet="Audit",
        besoin="x",
        auteur=referent,
        maintenant=maintenant - timedelta(days=9),
    )
    client = connecte(dpd)
    assert [x.devis.objet for x in client.get(liste()).context["lignes"]] == ["Audit", "Vidéoprotection"]
    filtree = client.get(liste(etat="propose"))
    assert [x.devis.objet for x in filtree.context["lignes"]] == ["Vidéoprotection"]
    assert "Proposé, à décider (1)" in filtree.content.decode()
    assert len(client.get(liste(etat="inconnu")).context["lignes"]) == 2
    assert "Aucun devis dans cet état" in client.get(liste(etat="accepte")).content.decode()


def test_l_agent_et_l_etranger_n_ont_pas_la_liste(connecte, agent, etranger, structure):
    assert connecte(agent).get(liste()).status_code == 403
    assert connecte(etranger).get(liste()).status_code == 404


def texte_du_pdf(client, devis):
    reponse = client.get(adresse("devis_pdf", devis.pk))
    assert reponse["Content-Type"] == "application/pdf"
    with pikepdf.open(BytesIO(b"".join(reponse.streaming_content))) as pdf:
        assert str(pdf.docinfo["/Title"])
        return "".join(str(t) for t in textes_balises(pdf))


def textes_balises(pdf):
    """Les textes que le balisage rend lisibles : titres et équivalents."""
    for objet in pdf.objects:
        if isinstance(objet, pikepdf.Dictionary):
            for cle in ("/ActualText", "/Alt", "/T", "/Title"):
                if cle in objet:
                    yield objet[cle]


def test_le_pdf_porte_les_deux_volets_et_se_journalise(connecte, decideur, propose):
    propose = Devis.objects.select_related("collectivite__structure").get(pk=propose.pk)
    (fiche,) = devis_imprime(propose, maintenant=propose.propose_le).fiches()
    assert [s.titre for s in fiche.sections] == [
        "Demande",
        "Étude des besoins",
        "Volet administratif",
        "Plan d’actions",
        "Volet financier",
        "Suite donnée",
    ]
    tableau = fiche.sections[4].blocs[0]
    assert tableau.lignes == (("Exercice 2026", "2,5\u00a0jours", "250,00\u00a0€", "625,00\u00a0€"),)
    assert texte_du_pdf(connecte(decideur), propose)
    assert "devis n°" in JournalAcces.objects.filter(nature="export").get().detail


def test_l_empreinte_du_pdf_suit_ce_que_le_devis_engage(propose, maintenant, decideur):
    def empreinte(quand):
        lu = Devis.objects.select_related("collectivite__structure").get(pk=propose.pk)
        return devis_imprime(lu, maintenant=quand).entete.empreinte

    avant = empreinte(maintenant)
    assert empreinte(maintenant + timedelta(days=1)) == avant
    actions.accepter(devis=propose, auteur=decideur, maintenant=maintenant)
    assert empreinte(maintenant) != avant


@pytest.mark.parametrize(
    ("champs", "titres"),
    [
        ({"etat": "demande"}, ["Demande"]),
        ({"etat": "decline", "motif": "Faute d’agent"}, ["Demande", "Suite donnée"]),
        (
            {
                "etat": "accepte",
                "propose_le": None,
                "valable_jusqu_au": None,
                "prix_revisable": True,
                "prix_jour": Decimal(250),
                "jours_mise_en_place": Decimal(1),
                "exercice": 2026,
            },
            ["Demande", "Volet financier", "Suite donnée"],
        ),
    ],
)
def test_le_pdf_n_ecrit_que_ce_qui_est_dit(demande, maintenant, champs, titres):
    for nom, valeur in champs.items():
        setattr(demande, nom, valeur)
    demande.demande_par = None
    document = devis_imprime(demande, maintenant=maintenant)
    (fiche,) = document.fiches()
    assert [s.titre for s in fiche.sections] == titres
    assert next(document.enregistrements())["siren"] == SIREN
