"""Les pièces sur un vrai serveur S3 : mêmes preuves, mêmes refus, même ménage que sur un disque."""

import hashlib
import os
import threading
from datetime import timedelta
from io import StringIO
from urllib.parse import quote

import boto3
import pytest
from botocore.exceptions import ClientError
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.db import transaction
from django.utils import timezone

from dpd.messagerie.file import Jointe, joindre_a_tous, preparer
from dpd.pieces import actions, verification
from dpd.pieces.enums import DomainePiece
from dpd.pieces.models import Piece
from dpd.pieces.stockage import EN_MEMOIRE
from dpd.pieces.transaction import transaction_de_depot
from outils import s3
from tests.pieces.fabriques import PDF, PNG, fichier

pytestmark = pytest.mark.django_db
GROSSE = PDF + os.urandom(9_000_000) + b"\n%%EOF\n"  # plus que le seuil d’un envoi en plusieurs parties


class Annulation(Exception):
    pass


def annuler(*gestes):
    """Une transaction de dépôt qui fait ces gestes, puis s’annule."""
    with transaction_de_depot():
        for geste in gestes:
            geste()
        raise Annulation


class Seau:
    """Ce que le serveur garde vraiment, lu par un client qui n’est pas celui de l’application."""

    def __init__(self, variables):
        self.nom = variables["S3_SEAU"]
        self.client = boto3.client(
            "s3",
            endpoint_url=variables["S3_ADRESSE"],
            region_name=variables["S3_REGION"],
            aws_access_key_id=variables["S3_CLE"],
            aws_secret_access_key=variables["S3_SECRET"],
        )

    def cles(self):
        return sorted(o["Key"] for o in self.client.list_objects_v2(Bucket=self.nom).get("Contents", []))

    def lire(self, cle):
        return self.client.get_object(Bucket=self.nom, Key=cle)["Body"].read()

    def poser(self, cle, octets):
        self.client.put_object(Bucket=self.nom, Key=cle, Body=octets)

    def effacer(self, cle):
        self.client.delete_object(Bucket=self.nom, Key=cle)


@pytest.fixture(scope="module")
def serveur(tmp_path_factory):
    with s3.serveur(tmp_path_factory.mktemp("s3")) as variables:
        yield variables


def reglage(variables, **autres):
    options = {
        "bucket_name": variables["S3_SEAU"],
        "endpoint_url": variables["S3_ADRESSE"],
        "region_name": variables["S3_REGION"],
        "access_key": variables["S3_CLE"],
        "secret_key": variables["S3_SECRET"],
    }
    return {"BACKEND": "dpd.pieces.stockage.StockageS3", "OPTIONS": {**options, **autres}}


@pytest.fixture(autouse=True)
def seau(serveur, settings):
    settings.STORAGES = {**settings.STORAGES, "default": reglage(serveur)}
    seau = Seau(serveur)
    yield seau
    for cle in seau.cles():
        seau.effacer(cle)


@pytest.fixture
def en_panne(serveur, settings):
    """``en_panne()`` : plus personne n’écoute à l’adresse du stockage."""

    def _couper():
        ailleurs = f"http://127.0.0.1:{s3.port_libre()}"
        settings.STORAGES = {**settings.STORAGES, "default": reglage(serveur, endpoint_url=ailleurs)}

    return _couper


def verifier(**options):
    sortie, erreurs = StringIO(), StringIO()
    try:
        call_command("verifier_pieces", stdout=sortie, stderr=erreurs, **options)
    except CommandError as echec:
        return sortie.getvalue(), erreurs.getvalue(), str(echec)
    return sortie.getvalue(), erreurs.getvalue(), ""


def test_une_piece_deposee_est_dans_le_seau_et_rien_sur_le_disque(deposer, seau, stockage):
    piece = deposer(fichier("Délibération du 12 août.pdf"))
    assert seau.cles() == [piece.fichier.name]
    assert seau.lire(piece.fichier.name) == PDF
    assert not stockage.exists()
    assert piece.sha256 == hashlib.sha256(PDF).hexdigest()


def test_un_nom_accentue_se_retrouve_au_telechargement(connecte, referent, deposer):
    piece = deposer(fichier("Récépissé n° 5.pdf"))
    reponse = connecte(referent).get(piece.get_absolute_url())
    assert reponse.getvalue() == PDF
    assert reponse["Content-Disposition"] == f"attachment; filename*=utf-8''{quote('Récépissé n° 5.pdf')}"
    assert int(reponse["Content-Length"]) == len(PDF)
    assert reponse["Content-Type"] == "application/pdf"


def test_une_grosse_piece_revient_a_l_octet_pres_sans_tenir_en_memoire(connecte, referent, deposer):
    piece = deposer(fichier("annexe.pdf", GROSSE))
    with piece.fichier.open("rb") as flux:
        assert flux.file.file._rolled, "au-delà du seuil, elle passe par un fichier temporaire"
        assert hashlib.file_digest(flux, "sha256").hexdigest() == piece.sha256
    petite = deposer(fichier("petite.pdf"))
    assert petite.taille < EN_MEMOIRE < piece.taille
    reponse = connecte(referent).get(piece.get_absolute_url())
    assert hashlib.sha256(b"".join(reponse)).hexdigest() == piece.sha256


def test_le_type_annonce_par_le_navigateur_n_arrive_pas_dans_le_seau(deposer, seau):
    envoi = fichier()
    envoi.content_type = "text/html"
    piece = deposer(envoi)
    recu = seau.client.head_object(Bucket=seau.nom, Key=piece.fichier.name)
    assert recu["ContentType"] == "application/octet-stream"


def test_rien_ne_s_ecrase(seau):
    premier = default_storage.save("c/218201317/abc", ContentFile(b"un"))
    second = default_storage.save("c/218201317/abc", ContentFile(b"deux"))
    assert premier != second
    assert [seau.lire(premier), seau.lire(second)] == [b"un", b"deux"]


def test_une_piece_n_a_pas_d_adresse_publique(deposer):
    with pytest.raises(ValueError, match="pas d’adresse publique"):
        _ = deposer().fichier.url


def test_une_mauvaise_cle_ne_lit_rien(serveur, settings, deposer):
    piece = deposer()
    settings.STORAGES = {**settings.STORAGES, "default": reglage(serveur, secret_key="faux")}
    with pytest.raises(OSError, match="le stockage S3 refuse"):
        default_storage.open(piece.fichier.name)


def test_sans_signature_le_seau_refuse(serveur, deposer):
    piece = deposer()
    anonyme = boto3.client(
        "s3",
        endpoint_url=serveur["S3_ADRESSE"],
        region_name="us-east-1",
        config=boto3.session.Config(signature_version=boto3.session.botocore.UNSIGNED),
    )
    with pytest.raises(ClientError) as refus:
        anonyme.get_object(Bucket=serveur["S3_SEAU"], Key=piece.fichier.name)
    assert refus.value.response["ResponseMetadata"]["HTTPStatusCode"] in {400, 401, 403}


@pytest.mark.django_db(transaction=True)
def test_detruire_efface_vraiment_du_seau(deposer, seau, decideur, maintenant, connecte, referent):
    piece = deposer()
    actions.detruire(piece=piece, motif="titre d’identité", auteur=decideur, maintenant=maintenant)
    assert seau.cles() == []
    with pytest.raises(FileNotFoundError):
        default_storage.open(piece.fichier.name)


def test_une_transaction_annulee_ne_laisse_rien_dans_le_seau(deposer, seau):
    vues = []
    with pytest.raises(Annulation):
        annuler(deposer, lambda: vues.extend(seau.cles()))
    assert len(vues) == 1
    assert seau.cles() == []
    assert not Piece.objects.exists()


def test_une_panne_du_stockage_pendant_l_annulation_ne_cache_pas_l_erreur(deposer, seau, en_panne, caplog):
    with pytest.raises(Annulation):
        annuler(deposer, en_panne)
    assert "reste à effacer" in caplog.text
    assert len(seau.cles()) == 1


def test_une_panne_du_stockage_ne_garde_aucune_ligne(deposer, en_panne):
    en_panne()
    with pytest.raises(OSError, match="ne répond pas"):
        deposer()
    assert not Piece.objects.exists()


def test_les_empreintes_se_relisent(deposer, seau):
    deposer(fichier("plan.png", PNG))
    changee, perdue = deposer(), deposer(domaine=DomainePiece.DEVIS)
    seau.poser(changee.fichier.name, PDF.replace(b"1.7", b"1.4"))
    seau.effacer(perdue.fichier.name)
    sortie, erreurs, echec = verifier()
    assert sortie == "3\u00a0pièces relues.\n"
    assert erreurs.splitlines() == [
        f"Pièce {changee.pk} : empreinte différente.",
        f"Pièce {perdue.pk} : illisible (FileNotFoundError).",
    ]
    assert echec == "2\u00a0écarts : restaurez ces pièces."


def test_une_panne_se_dit_pour_chaque_piece(deposer, en_panne):
    piece = deposer()
    en_panne()
    assert [ecart.quoi for ecart in verification.ecarts()] == ["illisible (OSError)"]
    assert piece.pk


def test_une_piece_perdue_se_dit_a_qui_la_demande(connecte, referent, deposer, seau):
    piece = deposer()
    seau.effacer(piece.fichier.name)
    assert connecte(referent).get(piece.get_absolute_url()).status_code == 404


def test_les_restes_se_trouvent_et_s_effacent_apres_un_jour(deposer, seau):
    piece = deposer()
    seau.poser("c/218201317/abandonne", b"x")
    seau.poser("s/288200017/abandonne", b"x")
    seau.poser("autre/chose", b"x")
    assert verification.restes(timezone.now()) == [], "peut-être un dépôt en cours"
    noms = verification.restes(timezone.now() + timedelta(days=2))
    assert noms == ["c/218201317/abandonne", "s/288200017/abandonne"]
    verification.effacer(noms)
    assert seau.cles() == sorted(["autre/chose", piece.fichier.name])
    assert verifier()[0] == "1\u00a0pièce relue.\n"


def test_un_reste_efface_par_un_autre_entre_temps_ne_gene_pas(seau, monkeypatch):
    seau.poser("c/218201317/abandonne", b"x")
    lister = default_storage.listdir

    def lister_puis_effacer(nom):
        trouve = lister(nom)
        if trouve[1]:
            seau.effacer("c/218201317/abandonne")
        return trouve

    monkeypatch.setattr(default_storage._wrapped, "listdir", lister_puis_effacer)
    assert verification.restes(timezone.now() + timedelta(days=2)) == []


def test_une_piece_jointe_part_avec_le_courriel_depuis_le_seau(deposer, structure):
    piece = deposer(fichier("Délibération.pdf"))
    jointe = Jointe("Délibération.pdf", piece.type_mime, piece.taille, piece.sha256, piece.fichier.name)
    message = type("M", (), {"from_email": "a@b.example", "to": ["c@d.example"], "cc": [], "bcc": []})
    message.subject, message.body, message.extra_headers = "x", "y", {}
    courriel = preparer(message)
    courriel.save()
    joindre_a_tous([courriel], [jointe])
    ((nom, contenu, _),) = courriel.prepare_email_message().attachments
    assert (nom, contenu) == ("Délibération.pdf", PDF)


def test_quatre_fils_partagent_la_meme_connexion(seau):
    lus, debut = [], threading.Barrier(4)

    def travailler(rang):
        debut.wait()
        nom = default_storage.save(f"c/218201317/{rang}", ContentFile(b"%d" % rang * 1000))
        lus.append((rang, default_storage.open(nom).read() == b"%d" % rang * 1000))

    fils = [threading.Thread(target=travailler, args=(rang,)) for rang in range(4)]
    for fil in fils:
        fil.start()
    for fil in fils:
        fil.join()
    assert sorted(lus) == [(rang, True) for rang in range(4)]
    assert len(seau.cles()) == 4


def test_un_retrait_garde_le_fichier(deposer, seau, decideur, maintenant):
    piece = deposer()
    with transaction.atomic():
        actions.retirer(piece=piece, motif="erreur de dépôt", auteur=decideur, maintenant=maintenant)
    assert seau.cles() == [piece.fichier.name]
