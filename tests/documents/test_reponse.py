"""Rendre un document par HTTP."""

import pytest
from django.http import Http404

from dpd.documents.reponse import FORMATS, reponse
from tests.documents.exemples import registre

pytestmark = pytest.mark.django_db  # fermer une réponse signale la fin de la requête à la base

DEBUTS = {"pdf": b"%PDF-1.7", "ods": b"PK", "xlsx": b"PK", "csv": b"\xef\xbb\xbf", "json": b'{"document"'}


@pytest.mark.parametrize("format_", FORMATS)
def test_chaque_format_se_telecharge_sous_un_nom_sur(format_):
    rendue = reponse(registre(2), format_, "Registre de l’été / 2026")
    contenu = b"".join(rendue.streaming_content)
    rendue.close()
    assert contenu.startswith(DEBUTS[format_])
    assert rendue["Content-Type"] == FORMATS[format_].type_mime
    assert rendue["Content-Disposition"] == f'attachment; filename="2026.{format_}"'


def test_le_csv_et_le_json_partent_en_flux():
    for format_ in ("csv", "json"):
        assert "Content-Length" not in reponse(registre(1), format_, "x")
    assert int(reponse(registre(1), "pdf", "x")["Content-Length"]) > 10_000


def test_un_format_inconnu_est_une_page_introuvable():
    with pytest.raises(Http404, match="docx"):
        reponse(registre(1), "docx", "x")


def test_une_erreur_d_ecriture_n_envoie_rien():
    def fiches():
        yield from ()
        raise RuntimeError("base coupée")

    with pytest.raises(RuntimeError, match="base coupée"):
        reponse(registre(1, fiches=fiches), "pdf", "x")
