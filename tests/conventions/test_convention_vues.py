"""La page de la convention et ses gestes, par qui en a le droit."""

from datetime import date

import pytest
from django.urls import reverse

from dpd.comptes.enums import FonctionContact
from dpd.comptes.models import Contact
from dpd.conventions.actions.convention import deposer_signee
from dpd.conventions.actions.convention_vie import denoncer, renouveler
from dpd.conventions.enums import CauseFin, NatureBareme, Partie
from dpd.conventions.models import Convention, FinConvention, Hausse
from tests.conventions.conftest import (
    DATES_FIXES,
    EXPRESSE,
    GLISSANTE,
    creer_bareme,
    creer_convention,
    creer_modele,
)
from tests.conventions.test_mise_en_place import creer_etape
from tests.pieces.fabriques import PDF, fichier

pytestmark = pytest.mark.django_db
SIGNATURES = {"signee_collectivite_le": "2026-09-01", "signee_structure_le": "2026-10-02"}


@pytest.fixture(autouse=True)
def _ce_jour_la(time_machine, maintenant):
    time_machine.move_to(maintenant, tick=False)


@pytest.fixture
def geste(gestionnaire, maintenant):
    return {"auteur": gestionnaire, "maintenant": maintenant}


def page(collectivite, nom="convention", *args, **query) -> str:
    return reverse(f"conventions:{nom}", args=[collectivite.siren, *args], query=query or None)


def texte(reponse) -> str:
    return " ".join(reponse.content.decode().replace("\u00a0", " ").replace("\u202f", " ").split())


@pytest.mark.parametrize(
    ("qui", "statut"),
    [
        *((qui, 200) for qui in ("referent", "decideur", "lecteur", "dpd", "gestionnaire")),
        ("agent", 403),
        ("etranger", 404),
    ],
)
def test_qui_lit_la_convention(qui, statut, request, connecte, convention, collectivite):
    client = connecte(request.getfixturevalue(qui))
    assert client.get(page(collectivite)).status_code == statut
    assert client.post(page(collectivite)).status_code == 405


def test_la_page_dit_ou_en_est_la_convention(connecte, referent, convention, collectivite, bareme_tranches):
    Contact(
        collectivite=collectivite,
        fonction=FonctionContact.REFERENT,
        nom="Sylvie Delmas",
        depuis=date(2024, 4, 18),
    ).save()
    for rang in range(2):
        creer_etape(convention, f"e{rang}")
    lue = texte(connecte(referent).get(page(collectivite)))
    for attendu in (
        "Reconduite jusqu’à l’échéance du 15 février 2028",
        "15 février 2024, date d’effet",
        "0 action sur 2",
        "depuis le 15 février 2025",
        "15 février 2027, tacite",
        "à nouveau jusqu’au 15 novembre 2027",
        "Le 15 était un dimanche : il fallait agir le vendredi 13 novembre 2026.",
        "l’exemplaire signé n’est pas déposé",
        "Sylvie Delmas",
        "218 201 317",
        "Calcul du tarif 2026",
        '2024 <span class="petit douce">· mise en place',
        '2026 <span class="petit douce">· accompagnement',
    ):
        assert attendu in lue
    assert "Gérer la convention" not in lue


def test_sans_convention_la_page_dit_a_quoi_elle_sert(connecte, gestionnaire, lecteur, collectivite):
    lue = texte(connecte(gestionnaire).get(page(collectivite)))
    assert "Aucune convention n’est enregistrée" in lue
    assert page(collectivite, "projet") in lue
    assert page(collectivite, "projet") not in texte(connecte(lecteur).get(page(collectivite)))


def test_une_convention_eteinte_le_dit_en_clair(connecte, gestionnaire, collectivite, structure):
    creer_convention(collectivite, creer_modele(structure, **EXPRESSE), date(2021, 1, 1))
    lue = texte(connecte(gestionnaire).get(page(collectivite)))
    assert (
        "Éteinte au soir du 31 décembre 2025 : elle demandait un renouvellement exprès au plus tard le "
        "1er juillet 2025 (article 9)." in lue
    )
    assert "Il en faut une nouvelle pour continuer." in lue
    assert "2025 <span" in lue
    assert "2026 <span" not in lue


def test_une_convention_denoncee_dit_sa_fin_et_sa_regle(
    connecte, gestionnaire, convention, collectivite, geste
):
    fin = {"cause": CauseFin.DENONCIATION, "par": Partie.COLLECTIVITE, "notifiee_le": date(2026, 11, 13)}
    denoncer(convention=convention, motif="Choix d’un autre service", fichier=fichier(), **fin, **geste)
    lue = texte(connecte(gestionnaire).get(page(collectivite)))
    assert "Dénoncée, en vigueur jusqu’au 14 février 2027" in lue
    assert "article 6.4" in lue
    assert "Choix d’un autre service" in lue
    assert page(collectivite, "retirer_fin", convention.pk) in lue
    assert page(collectivite, "denoncer", convention.pk) not in lue


def test_un_projet_dit_qui_n_a_pas_signe(connecte, gestionnaire, collectivite, modele_tranches):
    projet = creer_convention(collectivite, modele_tranches, None, signee_structure_le=date(2026, 10, 2))
    lue = texte(connecte(gestionnaire).get(page(collectivite)))
    assert "la collectivité n’a pas signé, la structure a signé le 2 octobre 2026" in lue
    assert page(collectivite, "signer", projet.pk) in lue
    assert "Calcul du tarif" not in lue


@pytest.mark.parametrize(
    ("champs", "effet", "phrases"),
    [
        (GLISSANTE, date(2026, 3, 1), ("à tout moment, préavis de 2 mois", "quand le bilan")),
        (DATES_FIXES, date(2026, 3, 1), ("Sans terme", "jusqu’au 30 octobre 2027")),
        (GLISSANTE, date(2027, 1, 1), ("Prend effet le 1er janvier 2027",)),
        (
            EXPRESSE | {"date_fixe": date(2024, 1, 1)},
            date(2024, 1, 1),
            ("à présenter au plus tard le 1er juillet 2028",),
        ),
        (
            EXPRESSE | {"reconduction": "aucune", "date_fixe": date(2026, 6, 1)},
            date(2026, 6, 1),
            ("Terme", "1er juin 2031, sans reconduction", "à partir du 1er juin 2027"),
        ),
        (
            EXPRESSE | {"reconduction": "aucune", "duree_mois": 6, "date_fixe": date(2026, 8, 1)},
            date(2026, 8, 1),
            ("elle finit avant",),
        ),
    ],
)
def test_chaque_sorte_de_convention_a_ses_jalons(
    champs, effet, phrases, connecte, lecteur, collectivite, structure
):
    creer_convention(collectivite, creer_modele(structure, **champs), effet)
    lue = texte(connecte(lecteur).get(page(collectivite)))
    assert [p for p in phrases if p not in lue] == []


def test_les_autres_conventions_restent_a_un_clic(
    connecte, lecteur, convention, collectivite, voisine, structure, geste
):
    ancienne = creer_convention(
        collectivite,
        creer_modele(structure, **EXPRESSE),
        date(2016, 1, 1),
        reference="2016-1",
        fin=date(2020, 12, 31),
    )
    client = connecte(lecteur)
    assert page(collectivite, convention=ancienne.pk) in texte(client.get(page(collectivite)))
    lue = texte(client.get(page(collectivite, convention=ancienne.pk)))
    assert "Éteinte au soir du 31 décembre 2020" in lue
    ailleurs = creer_convention(voisine, convention.modele, date(2024, 2, 15))
    for cle in (ailleurs.pk, "x", 0):
        assert client.get(page(collectivite, convention=cle)).status_code == 404


def test_les_pieces_les_renouvellements_et_les_jours_prevus_se_lisent(
    connecte, lecteur, collectivite, structure, geste
):
    modele = creer_modele(structure, **(EXPRESSE | {"date_fixe": date(2022, 1, 1), "duree_mois": 48}))
    convention = creer_convention(
        collectivite,
        modele,
        date(2022, 1, 1),
        forfait_code="premier",
        jours_mise_en_place="2.5",
        jours_accompagnement="1",
    )
    deposer_signee(convention=convention, fichier=fichier("signee.pdf"), **geste)
    renouveler(
        convention=convention,
        notifie_le=date(2025, 5, 1),
        par=Partie.COLLECTIVITE,
        fichier=fichier("lettre.pdf", PDF + b"2"),
        **geste,
    )
    lue = texte(connecte(lecteur).get(page(collectivite)))
    for attendu in (
        "signee.pdf",
        "lettre.pdf",
        "Forfait premier",
        "2,5 jours",
        "1 jour par an",
        "présentée le",
    ):
        assert attendu in lue
    assert "À renouveler expressément au plus tard le 1er juillet 2029" in lue


def test_le_gestionnaire_voit_le_nombre_d_etapes_jamais_le_bilan(
    connecte, gestionnaire, dpd, convention, collectivite
):
    convention.bascule_le, convention.bilan_mise_en_place = date(2025, 2, 1), "Réseau sans pare-feu."
    convention.save()
    creer_etape(convention, bloquee_depuis=date(2026, 6, 1), blocage="Le maire ne répond pas")
    lue = texte(connecte(gestionnaire).get(page(collectivite)))
    assert "0 étape faite sur 1, 1 bloquée" in lue
    for tu in ("pare-feu", "ne répond pas", page(collectivite, "mise_en_place")):
        assert tu not in lue
    assert "pare-feu" in texte(connecte(dpd).get(page(collectivite)))


GESTES = ("signer", "deposer_signee", "prevoir", "renouveler", "denoncer", "retirer_fin")


@pytest.mark.parametrize("nom", [*GESTES, "projet"])
@pytest.mark.parametrize(
    ("qui", "statut"), [("gestionnaire", 200), ("dpd", 403), ("referent", 403), ("etranger", 404)]
)
def test_seul_le_gestionnaire_tient_la_convention(
    nom, qui, statut, request, connecte, convention, collectivite
):
    client = connecte(request.getfixturevalue(qui))
    adresse = page(collectivite, nom, *([] if nom == "projet" else [convention.pk]))
    assert (client.get(adresse).status_code, client.post(adresse).status_code)[0] == statut
    assert Convention.objects.get().history.count() == 1


@pytest.mark.parametrize("nom", GESTES)
def test_une_convention_d_ailleurs_est_introuvable(nom, connecte, gestionnaire, convention, voisine):
    assert connecte(gestionnaire).get(page(voisine, nom, convention.pk)).status_code == 404


def test_du_projet_a_la_signature(connecte, gestionnaire, collectivite, modele_tranches):
    client = connecte(gestionnaire)
    reponse = client.post(
        page(collectivite, "projet"), {"modele": modele_tranches.pk, "reference": "R1"}, follow=True
    )
    projet = Convention.objects.get()
    assert "Le projet « R1 » est prêt" in texte(reponse)
    reponse = client.post(
        page(collectivite, "signer", projet.pk),
        SIGNATURES | {"reference": "R1", "fichier": fichier()},
        follow=True,
    )
    assert "elle prend effet le 2 octobre 2026" in texte(reponse)
    projet.refresh_from_db()
    assert (projet.etapes.count(), projet.piece.nom) == (19, "convention.pdf")
    encore = client.post(page(collectivite, "signer", projet.pk), SIGNATURES)
    assert "ne change plus" in texte(encore)


def test_une_signature_seule_se_dit(connecte, gestionnaire, collectivite, modele_tranches):
    projet = creer_convention(collectivite, modele_tranches, None)
    reponse = connecte(gestionnaire).post(
        page(collectivite, "signer", projet.pk), {"signee_structure_le": "2026-10-02"}, follow=True
    )
    assert "Il manque celle de l’autre partie" in texte(reponse)


def test_les_erreurs_d_une_signature_sont_a_leur_place(connecte, gestionnaire, collectivite, modele_tranches):
    projet = creer_convention(collectivite, modele_tranches, None)
    reponse = connecte(gestionnaire).post(
        page(collectivite, "signer", projet.pk),
        SIGNATURES | {"deliberee_le": "2026-12-31", "deliberation": "1 84 12 82 131 001 66"},
    )
    erreurs = reponse.context["formulaire"].errors
    assert "numéro de sécurité sociale" in str(erreurs["deliberation"])
    reponse = connecte(gestionnaire).post(
        page(collectivite, "signer", projet.pk), SIGNATURES | {"deliberee_le": "2026-12-31"}
    )
    assert list(reponse.context["formulaire"].errors) == ["deliberee_le"]
    assert "à venir" in texte(reponse)
    assert 'value="2026-09-01"' in texte(reponse)  # rien n’est perdu


def test_un_projet_se_refuse_sans_modele_ou_avec_celui_d_ailleurs(
    connecte, gestionnaire, collectivite, modele_tranches, autre_structure
):
    client, adresse = connecte(gestionnaire), page(collectivite, "projet")
    assert "Choisissez un modèle." in texte(client.post(adresse))
    ailleurs = creer_modele(autre_structure)
    assert "proposé par votre structure" in texte(client.post(adresse, {"modele": ailleurs.pk}))
    assert not Convention.objects.exists()


def test_denoncer_hors_delai_montre_la_regle_sous_la_date(connecte, gestionnaire, convention, collectivite):
    saisie = {"cause": "denonciation", "par": "collectivite", "notifiee_le": "2026-11-20"}
    adresse = page(collectivite, "denoncer", convention.pk)
    client = connecte(gestionnaire)
    assert "Aujourd’hui" in texte(client.get(adresse))
    reponse = client.post(adresse, saisie | {"fin_voulue": "2027-02-14"})
    assert "article 6.4" in str(reponse.context["formulaire"].errors["fin_voulue"])
    assert not FinConvention.objects.exists()
    reponse = client.post(adresse, saisie, follow=True)
    assert "Dernier jour en vigueur : 14 février 2028" in texte(reponse)
    reponse = client.post(
        page(collectivite, "retirer_fin", convention.pk), {"motif": "Nouveau vote"}, follow=True
    )
    assert "Elle reste lisible" in texte(reponse)
    assert "Retirée le" in texte(reponse)


@pytest.mark.parametrize(
    ("saisie", "champ"),
    [
        ({}, "cause"),
        ({"cause": "accord"}, "fin_voulue"),
        ({"cause": "hausse"}, "cause"),  # cette convention n’ouvre pas ce droit
        ({"cause": "accord", "fin_voulue": "32"}, "fin_voulue"),
    ],
)
def test_une_fin_incomplete_se_dit(saisie, champ, connecte, gestionnaire, convention, collectivite):
    saisie = {"par": "structure", "notifiee_le": "2026-11-20"} | saisie
    reponse = connecte(gestionnaire).post(page(collectivite, "denoncer", convention.pk), saisie)
    assert list(reponse.context["formulaire"].errors) == [champ]


def test_repondre_a_une_hausse(connecte, gestionnaire, collectivite, structure):
    convention = creer_convention(collectivite, creer_modele(structure, **DATES_FIXES), date(2024, 1, 1))
    bareme = creer_bareme(structure, NatureBareme.FORFAIT_DEVIS, forfaits=[("un", "Un", "900")])
    hausse = Hausse(
        collectivite=collectivite,
        convention=convention,
        bareme=bareme,
        deliberation="2026-12",
        notifiee_le=date(2026, 10, 1),
        limite=date(2027, 1, 1),
    )
    hausse.save()
    client, adresse = connecte(gestionnaire), page(collectivite, "denoncer", convention.pk)
    saisie = {
        "cause": "hausse",
        "par": "collectivite",
        "notifiee_le": "2026-11-20",
        "fin_voulue": "2027-06-30",
    }
    assert list(client.post(adresse, saisie).context["formulaire"].errors) == ["hausse"]
    client.post(adresse, saisie | {"hausse": hausse.pk})
    assert FinConvention.objects.get().fin == date(2026, 10, 1)


def test_prevoir_propose_les_forfaits_du_bareme(connecte, gestionnaire, convention, collectivite, structure):
    creer_bareme(structure, NatureBareme.FORFAIT_DEVIS, forfaits=[("un", "Premier niveau", "900")])
    convention.forfait_code = "ancien"
    convention.save()
    client, adresse = connecte(gestionnaire), page(collectivite, "prevoir", convention.pk)
    lue = texte(client.get(adresse))
    assert "Premier niveau" in lue
    assert "ancien (absent du barème en vigueur)" in lue
    reponse = client.post(adresse, {"forfait_code": "un", "jours_mise_en_place": "2,5"}, follow=True)
    assert "C’est noté." in texte(reponse)
    convention.refresh_from_db()
    assert (convention.forfait_code, str(convention.jours_mise_en_place)) == ("un", "2.50")
    assert "2,5" in texte(client.get(adresse))
    reponse = client.post(adresse, {"forfait_code": "un", "jours_accompagnement": "-1"})
    assert list(reponse.context["formulaire"].errors) == ["jours_accompagnement"]


def test_deposer_et_renouveler_par_l_ecran(connecte, gestionnaire, collectivite, structure):
    convention = creer_convention(collectivite, creer_modele(structure, **EXPRESSE), date(2021, 1, 1))
    client = connecte(gestionnaire)
    reponse = client.post(
        page(collectivite, "deposer_signee", convention.pk), {"fichier": fichier()}, follow=True
    )
    assert "L’exemplaire signé est déposé." in texte(reponse)
    reponse = client.post(
        page(collectivite, "renouveler", convention.pk),
        {"notifie_le": "2025-06-15", "par": "structure"},
        follow=True,
    )
    assert "Renouvelée à l’échéance du 1er janvier 2026." in texte(reponse)
