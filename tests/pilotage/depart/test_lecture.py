"""Ce que montre la page d’un départ : étapes, gestes qui restent, comptes, changements depuis l’archive."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from dpd.comptes.droits import Acces, accorder
from dpd.comptes.enums import Role
from dpd.comptes.models import CollectiviteUserObjectPermission, Utilisateur
from dpd.conventions.actions import depart as actions
from dpd.conventions.enums import SortDonnees
from dpd.conventions.regles.depart import FaitsDuDepart
from dpd.pieces import actions as pieces
from dpd.pieces.enums import DomainePiece
from dpd.pieces.models import Piece
from dpd.pilotage.depart.lecture import comptes_a_fermer, constatee_par, contenu_change, gestes, jalons
from registre import actions as registre
from tests.pieces.fabriques import fichier

pytestmark = pytest.mark.django_db
RECU = FaitsDuDepart(finie=True, exporte=True, recu_le=date(2026, 11, 20))
A_DETRUIRE = replace(RECU, sort=SortDonnees.DESTRUCTION)


def test_le_visa_n_est_une_etape_que_si_l_on_ne_rend_rien(depart):
    sans = [jalon.titre for jalon in jalons(depart, RECU)]
    avec = [jalon.titre for jalon in jalons(depart, A_DETRUIRE)]
    assert set(avec) - set(sans) == {"Visa des archives"}
    assert "Destruction constatée" in sans
    assert [jalon.classe for jalon in jalons(depart, FaitsDuDepart())[:2]] == ["faite", "encours"]
    assert jalons(depart, FaitsDuDepart())[0].detail == "23\u00a0novembre 2026"


@pytest.mark.parametrize(
    ("faits", "restent", "principal"),
    [
        (FaitsDuDepart(), ["recevoir", "sort", "clore"], []),
        (RECU, ["sort", "clore"], ["sort"]),
        (A_DETRUIRE, ["viser", "detruire", "clore"], ["viser"]),
        (replace(A_DETRUIRE, detruit_le=date(2026, 11, 22)), ["clore"], []),
        (replace(RECU, clos=True), [], []),
    ],
)
def test_ne_restent_que_les_gestes_a_faire(depart, gestionnaire, faits, restent, principal):
    montres = gestes(depart, faits, Acces(gestionnaire), change=False)
    courts = [geste.vue.removeprefix("pilotage:").removesuffix("_depart") for geste in montres]
    assert courts == restent
    assert [court for court, geste in zip(courts, montres, strict=True) if geste.principal] == principal


def test_chaque_geste_dit_qui_le_fait(depart, gestionnaire, decideur):
    permis = {
        qui.email: {g.vue for g in gestes(depart, A_DETRUIRE, Acces(qui), change=False) if g.permis}
        for qui in (gestionnaire, decideur)
    }
    assert permis[decideur.email] == {"pilotage:sort_depart"}
    assert permis[gestionnaire.email] == {
        *("pilotage:viser_depart", "pilotage:detruire_depart", "pilotage:clore_depart"),
    }


def test_un_choix_ou_un_visa_deja_note_ne_se_montre_qu_a_qui_le_corrige(depart, gestionnaire, decideur):
    vise = replace(A_DETRUIRE, vise_le=date(2026, 11, 21))
    dits = {
        qui: [geste.libelle for geste in gestes(depart, vise, Acces(qui), change=False)]
        for qui in (gestionnaire, decideur)
    }
    assert dits[gestionnaire] == ["Corriger le visa", "Constater la destruction", "Clore le départ"]
    assert dits[decideur] == ["Changer le sort des données", "Constater la destruction", "Clore le départ"]


def test_un_contenu_change_empeche_d_attester_et_de_detruire(depart, gestionnaire):
    vise = replace(A_DETRUIRE, recu_le=None, vise_le=date(2026, 11, 21))
    montres = gestes(depart, vise, Acces(gestionnaire), change=True)
    empeches = {geste.vue for geste in montres if actions.CHANGE in geste.refus}
    assert empeches == {"pilotage:recevoir_depart", "pilotage:detruire_depart"}


def test_un_compte_qui_sert_ailleurs_ne_se_ferme_pas(collectivite, voisine, referent, decideur, lecteur):
    accorder(decideur, Role.DECIDEUR, voisine)
    accorder(referent, Role.LECTEUR, collectivite)
    lecteur.is_active = False
    lecteur.save()
    lus = {(c.personne, c.roles, c.ailleurs) for c in comptes_a_fermer(collectivite)}
    assert lus == {
        (referent, (Role.LECTEUR, Role.REFERENT), False),
        (decideur, (Role.DECIDEUR,), True),
    }


@pytest.fixture
def remis(depart, dpd, maintenant):
    return actions.remettre(
        depart=depart, empreinte="a" * 64, taille=1, change=False, auteur=dpd, maintenant=maintenant
    )


def deposer(depart, auteur, instant, domaine=DomainePiece.REGISTRE):
    return pieces.deposer(
        fichier=fichier(),
        domaine=domaine,
        collectivite=depart.collectivite,
        auteur=auteur,
        maintenant=instant,
    )


def test_sans_archive_remise_rien_n_a_change(depart, referent, maintenant):
    deposer(depart, referent, maintenant)
    assert not contenu_change(depart)


@pytest.mark.parametrize("quoi", ["fiche", "question", "piece", "retrait"])
def test_une_fiche_une_question_ou_une_piece_posterieure_change_le_contenu(
    quoi,
    brouillon,
    remis,
    referent,
    decideur,
    maintenant,
):
    instant = maintenant + timedelta(minutes=1)
    trace = {"auteur": referent, "maintenant": instant}
    deposee = deposer(remis, referent, maintenant)
    assert not contenu_change(remis)
    {
        "fiche": lambda: registre.creer(collectivite=remis.collectivite, nom="Neuve", **trace),
        "question": lambda: registre.poser(version=brouillon, texte="?", **trace),
        "piece": lambda: deposer(remis, decideur, instant),
        "retrait": lambda: pieces.retirer(piece=deposee, motif="x", **trace),
    }[quoi]()
    assert contenu_change(remis)


def test_le_bordereau_du_depart_ne_change_pas_le_contenu(remis, dpd, maintenant):
    deposer(remis, dpd, maintenant + timedelta(minutes=1), DomainePiece.DEPART)
    assert not contenu_change(remis)


def test_on_sait_qui_a_constate_la_destruction(remis, decideur, dpd, gestionnaire, maintenant):
    assert constatee_par(remis) == ""
    trace = {"depart": remis, "maintenant": maintenant}
    actions.attester_reception(empreinte_lue="a" * 64, change=False, auteur=decideur, **trace)
    actions.choisir_le_sort(sort=SortDonnees.DESTRUCTION, auteur=decideur, **trace)
    actions.viser(visa="V", vise_le=maintenant.date(), auteur=dpd, **trace)
    actions.constater_destruction(
        detruit_le=maintenant.date(), detruit_comment="Tout.", change=False, auteur=gestionnaire, **trace
    )
    actions.clore(auteur=dpd, **trace)
    assert constatee_par(remis) == "Gilles Comptable"


def test_la_page_ne_coute_pas_plus_avec_deux_cents_comptes_et_pieces(
    connecte, remis, dpd, collectivite, maintenant
):
    client, page = connecte(dpd), reverse("pilotage:depart", args=[collectivite.siren])
    client.get(page)
    nombres = []
    for combien in (10, 190):
        _remplir(collectivite, dpd, maintenant, combien)
        with CaptureQueriesContext(connection) as requetes:
            assert client.get(page).status_code == 200
        nombres.append(len(requetes))
    assert nombres[0] == nombres[1] < 30


def _remplir(collectivite, auteur, maintenant, combien):
    gens = Utilisateur.objects.bulk_create(
        Utilisateur(email=f"p{combien}-{rang}@depart.example") for rang in range(combien)
    )
    droit = Permission.objects.get(codename="role_lecteur")
    CollectiviteUserObjectPermission.objects.bulk_create(
        CollectiviteUserObjectPermission(user=p, permission=droit, content_object=collectivite) for p in gens
    )
    trace = {"auteur": auteur, "maintenant": maintenant, "raison": "x"}
    Piece.objects.creer_en_masse(
        [
            Piece(
                collectivite=collectivite,
                domaine=DomainePiece.DEPART,
                nom=f"p{rang}.pdf",
                fichier=f"c/{combien}-{rang}",
                taille=1,
                type_mime="application/pdf",
                sha256="0" * 64,
                deposee_par=auteur,
                deposee_le=maintenant,
            )
            for rang in range(combien)
        ],
        **trace,
    )
