"""L’archive ne dépend que du contenu, se lit en un nombre constant de requêtes, s’écrit au fil de l’eau."""

import tracemalloc
from dataclasses import replace
from datetime import date, timedelta
from io import BytesIO
from tempfile import TemporaryFile

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from dpd.comptes.enums import NatureAcces
from dpd.comptes.models import Contact, JournalAcces
from dpd.conventions.enums import NatureIntervention
from dpd.conventions.models import EtatMensuel, Intervention, LigneEtatMensuel
from dpd.conventions.regles.tarifs import Phase
from dpd.pieces.models import Piece
from dpd.pilotage.depart.archive import ecrire
from registre.actions import creer_fiches
from registre.models import VersionTraitement
from tests.pilotage.depart.conftest import ecrire_archive, lire_archive
from tests.registre.regles.fiches import CANTINE

pytestmark = pytest.mark.django_db


def requetes_de(depart) -> int:
    with CaptureQueriesContext(connection) as requetes:
        ecrire(depart, BytesIO())
    return len(requetes)


class Volume:
    """Ajoute de tout à une collectivité, en gros."""

    def __init__(self, collectivite, convention, auteur, maintenant):
        self.collectivite, self.convention, self.auteur = collectivite, convention, auteur
        self.trace = {"auteur": auteur, "maintenant": maintenant, "raison": "Essai"}
        self.maintenant, self.deja = maintenant, 0

    def porter_a(self, nombre: int) -> None:
        rangs = range(self.deja, nombre)
        fiches = [(replace(CANTINE, nom=f"Fiche {r:03}"), None) for r in rangs]
        creer_fiches(collectivite=self.collectivite, fiches=fiches, **self.trace)
        Contact.objects.creer_en_masse([self._contact(r) for r in rangs], **self.trace)
        Piece.objects.creer_en_masse([self._piece(r) for r in rangs], **self.trace)
        JournalAcces.objects.bulk_create(
            JournalAcces(quand=self.maintenant, nature=NatureAcces.EXPORT, collectivite=self.collectivite)
            for _ in rangs
        )
        self._etats(rangs)
        self.deja = nombre

    def _contact(self, rang):
        return Contact(
            collectivite=self.collectivite, fonction="referent", nom=f"C{rang}", depuis=self.maintenant.date()
        )

    def _piece(self, rang):
        return Piece(
            collectivite=self.collectivite,
            domaine="registre",
            nom=f"p{rang}.pdf",
            fichier=f"c/absente-{rang}",
            taille=1,
            type_mime="application/pdf",
            sha256="0" * 64,
            deposee_par=self.auteur,
            deposee_le=self.maintenant,
        )

    def _etats(self, rangs):
        """Un état mensuel d’une ligne par rang."""
        interventions = Intervention.objects.creer_en_masse(
            [self._intervention() for _ in rangs], **self.trace
        )
        etats = EtatMensuel.objects.creer_en_masse([self._etat(r) for r in rangs], **self.trace)
        lignes = [self._ligne(i, e) for i, e in zip(interventions, etats, strict=True)]
        LigneEtatMensuel.objects.creer_en_masse(lignes, **self.trace)

    def _intervention(self):
        return Intervention(
            collectivite=self.collectivite,
            convention=self.convention,
            nature=NatureIntervention.APPEL,
            le=date(2025, 1, 6),
            minutes=30,
            phase=Phase.MISE_EN_PLACE.value,
            intervenant=self.auteur,
        )

    def _etat(self, rang):
        return EtatMensuel(
            collectivite=self.collectivite,
            convention=self.convention,
            annee=2000 + rang // 12,
            mois=rang % 12 + 1,
            prix_jour="250.00",
            minutes_par_jour=420,
            fige_le=self.maintenant,
            fige_par=self.auteur,
        )

    def _ligne(self, intervention, etat):
        return LigneEtatMensuel(
            collectivite=self.collectivite,
            etat_mensuel=etat,
            intervention=intervention,
            ordre=1,
            le=intervention.le,
            nature=intervention.nature,
            lieu=intervention.lieu,
            minutes=30,
            minutes_initiales=30,
        )


def test_le_nombre_de_requetes_ne_depend_pas_du_volume(depart, eteinte, collectivite, referent, maintenant):
    volume = Volume(collectivite, eteinte, referent, maintenant)
    nombres = []
    for combien in (5, 60):
        volume.porter_a(combien)
        nombres.append(requetes_de(depart))
    assert nombres[0] == nombres[1] < 150  # une table, une lecture ou deux


def test_deux_archives_du_meme_contenu_sont_identiques_a_des_jours_d_ecart(peuplee, time_machine, maintenant):
    premiere = ecrire_archive(peuplee)
    time_machine.move_to(maintenant + timedelta(days=40), tick=False)
    assert ecrire_archive(peuplee) == premiere


def test_un_changement_de_contenu_change_l_archive(peuplee, referent, maintenant):
    avant = ecrire_archive(peuplee)[0]
    version = VersionTraitement.objects.get(nom="Brouillon PARTANTE")
    version.service = "Écoles"
    version.enregistrer(auteur=referent, maintenant=maintenant + timedelta(hours=2), raison="Saisie")
    apres, octets = ecrire_archive(peuplee)
    assert apres.empreinte != avant.empreinte
    assert "lundi 23\u00a0novembre 2026 à 11\u00a0h\u00a040" in lire_archive(octets)["LISEZMOI.txt"].decode()


def test_la_memoire_ne_suit_pas_la_taille_de_l_archive(peuplee):
    """Une pièce de vingt mégaoctets passe par morceaux."""
    piece = Piece.objects.get()
    with piece.fichier.storage.open(piece.fichier.name, "wb") as flux:
        for _ in range(20):
            flux.write(bytes(1_000_000))
    ecrire(peuplee, BytesIO())  # ce qui ne se charge qu’une fois l’est déjà
    with TemporaryFile() as sortie:
        tracemalloc.start()
        bilan = ecrire(peuplee, sortie)
        pic = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    assert bilan.taille > 20_000_000
    assert pic < 15_000_000
