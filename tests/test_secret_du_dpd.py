"""Le gestionnaire et l’agent ne voient le contenu d’aucun registre, d’aucun avis, d’aucune mise en place.

RGPD art. 38-5 : le DPD est tenu au secret, y compris devant sa propre structure. Des marques sont semées
dans tout ce qui relève du secret ; chacun ouvre ensuite toutes les adresses du site. Le DPD, lui, doit
toutes les rencontrer : sans quoi ne rien voir ne prouverait rien.

Un sujet nouveau s’ajoute à ``SEMIS`` : de quoi le semer, rien d’autre.
"""

import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from io import BytesIO
from typing import Any

import pikepdf
import pytest
from django.urls import reverse

from dpd.comptes.enums import Role
from dpd.comptes.regles.capacites import CAPACITES
from dpd.conventions.models import Convention, EtapeMiseEnPlace
from dpd.documents.reponse import FORMATS
from dpd.pieces.acces import LECTURE
from dpd.pieces.actions import deposer
from dpd.pieces.enums import DomainePiece
from registre import actions
from registre.ecriture import fiche_de
from subtraitance.actions.contrats import Lecture, controler_clauses
from subtraitance.actions.demandes_delais import suspendre
from subtraitance.actions.demandes_reception import recevoir, transmettre
from subtraitance.enums import CanalDemande, Droit, RegimeDemande, Reponse28
from tests import acces_attendus
from tests.documents.lecture_pdf import Arbre
from tests.monde import NOMS, TOUTES, remplir_adresse
from tests.pieces.fabriques import PDF as FAUX_PDF
from tests.pieces.fabriques import fichier
from tests.registre.conftest import remplir
from tests.subtraitance.fabriques_annuaire import creer_fiche, noter_contrat
from tests.violations.fabriques import creer_violation, rendre_avis
from violations import actions as violations
from violations.actions import Reponse
from violations.enums import MotifSansInformation, Question

# Un balayage : long, et ce qu’il traverse est couvert ailleurs.
pytestmark = [pytest.mark.django_db, pytest.mark.no_cover, pytest.mark.un_moteur]
RACINE_DES_MARQUES = "zqx"  # ne se trouve dans aucun mot


@dataclass
class Terrain:
    """Le petit monde où l’on sème. ``marques`` : ce qui a été caché ; ``adresses`` : celles en plus."""

    monde: dict[str, Any]
    gens: dict[str, Any]
    maintenant: Any
    marques: set[str] = field(default_factory=set)
    adresses: list[str] = field(default_factory=list)

    def marque(self, nom: str) -> str:
        marque = f"{RACINE_DES_MARQUES}{nom}"
        self.marques.add(marque)
        return marque


def semer_une_fiche(terrain: Terrain) -> None:
    """Une fiche avec avis, réserve, question, réponse et décision ; puis sa suivante, en préparation."""
    referent, dpd, quand = terrain.gens["referent"], terrain.gens["dpd"], terrain.maintenant
    version = actions.creer(
        collectivite=terrain.monde["collectivite"],
        nom=terrain.marque("nom"),
        auteur=referent,
        maintenant=quand,
    )
    contenu = replace(
        remplir(fiche_de(version)),
        description=terrain.marque("description"),
        service=terrain.marque("service"),
        logiciels=terrain.marque("logiciels"),
    )
    version = actions.enregistrer_contenu(
        version=version, fiche=contenu, auteur=referent, maintenant=quand, raison="x"
    )
    question = actions.poser(
        version=version, texte=terrain.marque("question"), auteur=referent, maintenant=quand
    )
    actions.repondre(question=question, reponse=terrain.marque("reponse"), auteur=dpd, maintenant=quand)
    version = actions.transmettre(version=version, auteur=referent, maintenant=quand)
    version = actions.rendre_avis(
        version=version,
        sens="reserves",
        texte=terrain.marque("avis"),
        reserves=[terrain.marque("reserve")],
        auteur=dpd,
        maintenant=quand,
    )
    adoptee = actions.adopter(
        version=version,
        auteur=terrain.gens["decideur"],
        maintenant=quand,
        suite="non_suivi",
        motif=terrain.marque("decision"),
    )
    terrain.monde["reference"] = adoptee.traitement.reference


def semer_la_mise_en_place(terrain: Terrain) -> None:
    """Ce qui a été noté d’une étape, ce qui la bloque, le bilan."""
    etapes = EtapeMiseEnPlace.objects.filter(collectivite=terrain.monde["collectivite"])
    modele = etapes.first()
    champs = {"collectivite": modele.collectivite, "convention": modele.convention, "acteur": modele.acteur}
    suite = {"auteur": terrain.gens["dpd"], "maintenant": terrain.maintenant, "raison": "x"}
    jour = date(2026, 2, 3)
    for rang, details in enumerate(
        (
            {"faite_le": jour, "trace": terrain.marque("trace")},
            {"bloquee_depuis": jour, "blocage": terrain.marque("blocage")},
            {"sans_objet": True, "motif": terrain.marque("motif")},
        )
    ):
        etape = EtapeMiseEnPlace(**champs, code=f"essai{rang}", ordre=90 + rang, libelle="Essai", **details)
        etape.enregistrer(**suite)
    convention = Convention.objects.get(pk=terrain.monde["convention"])
    convention.bascule_le, convention.bilan_mise_en_place = date(2026, 9, 1), terrain.marque("bilan")
    convention.enregistrer(**suite)


def domaines_secrets() -> list[DomainePiece]:
    """Ceux dont rien n’ouvre une pièce au gestionnaire."""
    return [d for d in DomainePiece if not LECTURE[d] & CAPACITES[Role.GESTIONNAIRE]]


def semer_les_pieces(terrain: Terrain) -> None:
    """Une pièce de chaque domaine secret, à la collectivité et à la structure."""
    portees = (("collectivite", "pieces:telecharger"), ("structure", "pieces:telecharger_structure"))
    for domaine in domaines_secrets():
        for portee, route in portees:
            marque = terrain.marque(f"piece{domaine.value}{portee}")
            piece = deposer(
                fichier=fichier(f"{marque}.txt", f"{marque}contenu".encode()),
                description=f"{marque}description",
                domaine=domaine,
                auteur=terrain.gens["dpd"],
                maintenant=terrain.maintenant,
                **{portee: terrain.monde[portee]},
            )
            terrain.adresses.append(reverse(route, args=[terrain.monde[portee].siren, piece.pk]))


TEXTES_DE_VIOLATION = (
    *("origine_precision", "cause_precision", "donnees_precision", "personnes_precision"),
    *("mesures_avant", "consequences", "mesures_apres", "autres_autorites", "lecon"),
)


def semer_une_violation(terrain: Terrain) -> None:
    """Un dossier entier : faits, chronologie, avis, décisions, message aux personnes."""
    gens, quand = terrain.gens, terrain.maintenant
    violation = creer_violation(
        terrain.monde["collectivite"],
        gens["referent"],
        quand,
        titre=terrain.marque("violation"),
        recit=terrain.marque("recit"),
        donnees=["autres"],
        personnes=["autres"],
        **{champ: terrain.marque(champ) for champ in TEXTES_DE_VIOLATION},
    )
    geste = {"violation": violation, "maintenant": quand}
    violations.ajouter_note(texte=terrain.marque("note"), auteur=gens["dpd"], **geste)
    avis = rendre_avis(
        violation,
        gens["dpd"],
        quand,
        **{champ: terrain.marque(f"avis{champ}") for champ in ("raisons", "sait", "ignore")},
    )
    non = MotifSansInformation.RISQUE_NON_ELEVE
    violations.decider(
        reponses={
            Question.NOTIFIER: Reponse(False, terrain.marque("motifnotifier")),
            Question.INFORMER: Reponse(False, terrain.marque("motifinformer"), non),
        },
        avis_lu=avis.pk,
        auteur=gens["decideur"],
        **geste,
    )
    violations.rediger_message(message=terrain.marque("message"), auteur=gens["referent"], **geste)
    lieu = [violation.collectivite.siren, violation.annee, violation.rang]
    terrain.adresses += [reverse(f"violations:{nom}", args=lieu) for nom in ("violation", "personnes")]
    terrain.adresses.append(reverse("violations:dossier_pdf", args=lieu))


def semer_une_demande(terrain: Terrain) -> None:
    """Une demande de droits confiée à la collectivité : qui l’a faite, ses mots, ce qu’on en a fait."""
    gens, quand = terrain.gens, terrain.maintenant
    demande = recevoir(
        collectivite=terrain.monde["collectivite"],
        droits=[Droit.ACCES],
        regime=RegimeDemande.RGPD,
        canal=CanalDemande.COURRIER,
        recue_le=quand,
        maintenant=quand,
        auteur=gens["dpd"],
        par_la_structure=True,
        demandeur_nom=terrain.marque("demandeur"),
        personne_nom=terrain.marque("personne"),
        texte=terrain.marque("mots"),
    ).demande
    geste = {"demande": demande, "maintenant": quand}
    transmettre(destinataires=[gens["referent"]], message=terrain.marque("mot"), auteur=gens["dpd"], **geste)
    suspendre(motif=terrain.marque("doute"), debut=quand.date(), auteur=gens["referent"], **geste)
    lieu = [demande.collectivite.siren, demande.annee, demande.rang]
    terrain.adresses += [
        reverse("registre:demande", args=lieu),
        reverse("subtraitance:transmettre", args=lieu),
    ]


def semer_un_contrat(terrain: Terrain) -> None:
    """Un contrat de la collectivité, et ce qu’elle y a lu."""
    gens, quand = terrain.gens, terrain.maintenant
    collectivite = terrain.monde["collectivite"]
    fiche = creer_fiche(collectivite.structure, gens["dpd"], "Prestataire connu de tous", quand)
    contrat = noter_contrat(
        collectivite,
        fiche,
        gens["referent"],
        quand,
        objet=terrain.marque("objet"),
        reference=terrain.marque("contrat"),
    )
    lectures = {"objet": Lecture(Reponse28.PRESENTE, terrain.marque("clause"), terrain.marque("ou"))}
    controler_clauses(contrat=contrat, lectures=lectures, auteur=gens["referent"], maintenant=quand)
    lieu = [collectivite.siren, contrat.pk]
    terrain.adresses += [reverse(f"registre:{nom}", args=lieu) for nom in ("contrat", "clauses_contrat")]


SEMIS: tuple[Callable[[Terrain], None], ...] = (
    semer_une_fiche,
    semer_la_mise_en_place,
    semer_les_pieces,
    semer_une_violation,
    semer_une_demande,
    semer_un_contrat,
)


@pytest.fixture
def terrain(monde, referent, dpd, decideur, maintenant):
    terrain = Terrain(dict(monde), {"referent": referent, "dpd": dpd, "decideur": decideur}, maintenant)
    for semer in SEMIS:
        semer(terrain)
    return terrain


@pytest.fixture(autouse=True)
def _journal_tu(caplog, time_machine, maintenant):
    caplog.set_level("ERROR", logger="django.request")  # des centaines de refus attendus
    time_machine.move_to(maintenant, tick=False)


def lisible(octets: bytes) -> str:
    """Tout ce qu’un fichier donne à lire : archives et classeurs dépliés, PDF tel qu’on l’entend."""
    if octets.startswith(b"PK"):
        with zipfile.ZipFile(BytesIO(octets)) as archive:
            return "\n".join(f"{nom}\n{lisible(archive.read(nom))}" for nom in archive.namelist())
    if octets.startswith(b"%PDF") and octets != FAUX_PDF:
        with pikepdf.open(BytesIO(octets)) as pdf:
            return "\n".join(texte for _, _, texte, _ in Arbre(pdf).noeuds)
    return octets.decode(errors="replace")


def adresses(terrain: Terrain) -> Iterator[str]:
    """Toutes celles du site, une fois par format d’export, puis celles que les semis ajoutent."""
    chemins = {nom: chemin for nom, (_, chemin) in TOUTES}
    for nom in NOMS:
        formats = FORMATS if "<str:format>" in chemins[nom] else ("",)
        for format in formats:
            yield remplir_adresse(nom, terrain.monde | ({"format": format} if format else {}))
    yield from terrain.adresses


def lire(reponse) -> str:
    octets = b"".join(reponse.streaming_content) if reponse.streaming else reponse.content
    entetes = "\n".join(f"{nom}: {valeur}" for nom, valeur in reponse.items())
    return f"{entetes}\n{lisible(octets)}"


def rencontrees(client, terrain: Terrain) -> tuple[dict[str, set[str]], set[str]]:
    """{marque: adresses qui la montrent}, et les adresses qui ont répondu 200 ; page puis fragment."""
    vues: dict[str, set[str]] = {}
    ouvertes: set[str] = set()
    for adresse in adresses(terrain):
        for entetes in ({}, {"hx-request": "true"}):
            reponse = client.get(adresse, headers=entetes)
            texte = lire(reponse)
            if reponse.status_code == 200:
                ouvertes.add(adresse)
            for marque in terrain.marques:
                if marque in texte:
                    vues.setdefault(marque, set()).add(adresse)
    return vues, ouvertes


def test_le_dpd_rencontre_toutes_les_marques(connecte, dpd, terrain):
    """Le contrôle : une marque que personne ne peut lire ne prouverait rien."""
    vues, _ = rencontrees(connecte(dpd), terrain)
    assert terrain.marques - vues.keys() == set()
    assert len(terrain.marques) > len(SEMIS)


@pytest.mark.parametrize(
    ("qui", "table"),
    [("gestionnaire", acces_attendus.DU_GESTIONNAIRE), ("agent", acces_attendus.DE_L_AGENT)],
)
def test_ni_le_gestionnaire_ni_l_agent_n_en_rencontrent_une_seule(qui, table, request, connecte, terrain):
    vues, ouvertes = rencontrees(connecte(request.getfixturevalue(qui)), terrain)
    assert vues == {}
    attendues = {remplir_adresse(nom, terrain.monde) for nom, (lecture, _) in table.items() if lecture == 200}
    assert attendues <= ouvertes, "il a bien ouvert tout ce qui lui est ouvert"


@pytest.mark.parametrize("format", ["xlsx", "ods", "pdf"])
def test_une_marque_se_trouve_meme_dans_un_fichier_compresse(format, connecte, dpd, terrain):
    adresse = reverse("registre:exporter", args=[terrain.monde["collectivite"].siren, format])
    reponse = connecte(dpd).get(adresse)
    octets = b"".join(reponse.streaming_content)
    assert f"{RACINE_DES_MARQUES}service".encode() not in octets
    assert f"{RACINE_DES_MARQUES}service" in lisible(octets)


def test_une_piece_du_registre_est_secrete_celle_d_un_devis_ne_l_est_pas():
    assert {DomainePiece.REGISTRE, DomainePiece.VIOLATION, DomainePiece.MISE_EN_PLACE} <= set(
        domaines_secrets()
    )
    assert DomainePiece.DEVIS not in domaines_secrets()
