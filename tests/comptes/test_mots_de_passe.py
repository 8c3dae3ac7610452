"""80 bits par la composition, et une phrase qui dit quoi ajouter (CNIL, délib. 2022-100)."""

import pytest
from django.contrib.auth.password_validation import password_validators_help_texts, validate_password
from django.core.exceptions import ValidationError

from dpd.comptes.models import Utilisateur
from dpd.comptes.mots_de_passe import exiger_80_bits
from dpd.comptes.regles.mot_de_passe import manque


@pytest.mark.parametrize(
    "mot_de_passe",
    [
        "Azer-8uiop?x",  # 12 caractères, 4 classes
        "Azertyuiop1234",  # 14, 3 classes sans signe
        "azertyuiop-123",  # 14, 3 classes sans majuscule
        "AZERTYUIOP-123",  # 14, 3 classes sans minuscule
        "Azertyuiop-qsd",  # 14, 3 classes sans chiffre
        "le chat noir dort sous une table",  # 7 mots
        "loup renard chien chat souris vache cheval",
        "Éléphant bleu, 9",  # accents : ce sont des lettres
    ],
)
def test_un_mot_de_passe_de_80_bits_suffit(mot_de_passe):
    assert manque(mot_de_passe) is None


@pytest.mark.parametrize(
    ("mot_de_passe", "phrase"),
    [
        ("Azer-8uiop?", "Ajoutez 1 caractère."),
        ("Az-8", "Ajoutez 8 caractères."),
        ("Azertyuiop12", "Ajoutez un signe (ponctuation, espace), ou 2 caractères."),
        ("azertyuiop-12", "Ajoutez une majuscule, ou 1 caractère."),
        ("Azertyu1", "Ajoutez 4 caractères, dont un signe (ponctuation, espace)."),
        ("azertyuiop123", "Ajoutez 1 caractère, dont une majuscule ou un signe (ponctuation, espace)."),
        ("azertyuiopqsdfg1", "Ajoutez une majuscule ou un signe (ponctuation, espace)."),
        (
            "azertyuiopqsdfg",
            "Ajoutez au moins 2 de ces éléments\u00a0: "
            "une majuscule, un chiffre ou un signe (ponctuation, espace).",
        ),
        (
            "azerty",
            "Ajoutez 8 caractères, dont au moins 2 de ces éléments\u00a0: "
            "une majuscule, un chiffre ou un signe (ponctuation, espace).",
        ),
        (
            "",
            "Ajoutez 14 caractères, dont au moins 3 de ces éléments\u00a0: "
            "une minuscule, une majuscule, un chiffre ou un signe (ponctuation, espace).",
        ),
    ],
)
def test_la_phrase_dit_ce_qui_manque(mot_de_passe, phrase):
    assert manque(mot_de_passe) == phrase


@pytest.mark.parametrize(
    "phrase",
    ["le chat noir dort sous une", "chat chat chat chat chat chat chat", "a b c d e f g h"],
)
def test_six_mots_des_mots_repetes_ou_des_lettres_isolees_ne_font_pas_une_phrase(phrase):
    assert manque(phrase) is not None


def test_ce_qu_on_ajoute_suffit_toujours():
    """Suivre la phrase une fois mène à un mot de passe accepté."""
    assert manque("Azertyuiop12" + "!") is None
    assert manque("Azertyuiop12" + "ab") is None
    assert manque("Azertyu1" + "abc!") is None
    assert manque("azertyuiop123" + "A") is None
    assert manque("azerty" + "A1bcdefg") is None


def test_le_validateur_refuse_et_dit_pourquoi():
    with pytest.raises(ValidationError, match="Ajoutez 4 caractères"):
        validate_password("Azertyu1")
    assert "phrase de 7 mots" in " ".join(password_validators_help_texts())


def test_une_seule_phrase_a_la_fois():
    with pytest.raises(ValidationError) as erreur:
        exiger_80_bits("azerty", Utilisateur(email="sylvie@mairie.example"))
    assert erreur.value.messages == [manque("azerty")]


def test_le_courriel_ne_sert_pas_de_mot_de_passe():
    with pytest.raises(ValidationError, match="semblable"):
        exiger_80_bits("Sylvie.Delmas-82@mairie", Utilisateur(email="sylvie.delmas-82@mairie.example"))
