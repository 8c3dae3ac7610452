"""Chercher sans accents ; refuser un numéro de sécurité sociale ou de carte dans un champ libre."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum import iban as stdnum_iban
from stdnum import luhn
from stdnum.fr import nir as stdnum_nir
from stdnum.fr import siren as stdnum_siren
from stdnum.fr import siret as stdnum_siret

from dpd.regles.numeros import est_carte, est_iban, est_nir, est_siren, est_siret
from dpd.regles.texte import (
    MESSAGE_CARTE,
    MESSAGE_NIR,
    contient_carte_bancaire,
    contient_nir,
    donnee_interdite,
    normaliser,
)

# Numéros d’exemple publics ou fabriqués, jamais ceux d’une personne.
NIR = "185057800608491"
VISA, AMEX, DINERS = "4111111111111111", "378282246310005", "30569309025904"


@pytest.mark.parametrize(
    ("texte", "attendu"),
    [
        ("Éléonore", "eleonore"),
        ("L’Œuvre  sociale", "l oeuvre sociale"),
        ("L'Honor-de-Cos", "l honor de cos"),
        ("Lætitia, n° 5 !", "laetitia n 5"),
        ("ÇA\u00a0VA\u202f?", "ca va"),
        ("Straße", "strasse"),
        ("İstanbul", "istanbul"),
        ("  ", ""),
    ],
)
def test_un_texte_se_cherche_sans_accents_ni_ponctuation(texte, attendu):
    assert normaliser(texte) == attendu


@given(st.text())
def test_normaliser_deux_fois_ne_change_plus_rien(texte):
    une_fois = normaliser(texte)
    assert normaliser(une_fois) == une_fois
    assert une_fois == " ".join(une_fois.split())


@pytest.mark.parametrize(
    "texte",
    [
        NIR,
        "NIR : 1 85 05 78 006 084 91.",
        "1\u00a085\u202f05 78 006 084 91",
        "1.85.05.78.006.084.91",
        "1-85-05-78-006-084 91",
        "185 057 800 608 491",
        "n° 1850578006084 de l’agent",
        "1 85 05 78 006 084",
        "1 85 05 78 006 084 2026",
        "12 1 85 05 78 006 084",
        "1 85 05 2A 004 123 " + str(97 - int("1850519004123") % 97).zfill(2),
        "185052b004123" + str(97 - int("1850518004123") % 97).zfill(2),
        "2 99 12 97105 123",
        "2 99 12 971 05 123",
        "2 62 20 99 350 001",
        "7 85 57 01 001 001",
    ],
)
def test_un_numero_de_securite_sociale_est_reconnu(texte):
    assert contient_nir(texte)
    assert donnee_interdite(texte) == MESSAGE_NIR


@pytest.mark.parametrize(
    "texte",
    [
        "",
        "185 057 800 608 492",  # coupures sans usage : seule une clé juste convainc
        "5850578006084",  # sexe
        "1851378006084",  # mois
        "1854378006084",
        "1850500006084",  # département
        "1850578000084",  # commune
        "1850578006000",  # ordre
        "18505780060841",  # quatorze chiffres
        "A1850578006084",
        "218201317",
        "SIREN 218 201 317, 2026",
        "SIREN 218 201 317 2026",
        "SIRET 218 201 317 00013",
        "21820131700013",
        "IBAN FR76 3000 6000 0112 3456 7890 189",
        "Tél. 05 63 22 11 00 et 06 12 34 56 78",
        "du 1er janvier 2026 au 31 décembre 2026",
    ],
)
def test_un_autre_numero_n_est_pas_un_nir(texte):
    assert not contient_nir(texte)


@pytest.mark.parametrize(
    "texte",
    [
        VISA,
        "carte 4111 1111 1111 1111, 12/27",
        "4111-1111-1111-1111 12 27",
        "5 4111 1111 1111 1111",
        "5555555555554444",
        "2223003122003222",
        "3782 822463 10005",
        AMEX,
        "3056 930902 5904",
        DINERS,
        "6011111111111117",
        "3530111333300000",
        "6759649826438453",
        "4001300000001",
    ],
)
def test_un_numero_de_carte_est_reconnu(texte):
    assert contient_carte_bancaire(texte)
    assert donnee_interdite(texte) == MESSAGE_CARTE


@pytest.mark.parametrize(
    "texte",
    [
        "",
        "4111111111111112",  # Luhn
        "1111111111111117",  # aucun réseau
        "41111111111111111",  # longueur
        "41 11 11 11 11 11 11 11",
        "SIRET 55210055400013",
        "SIRET 356 000 000 00048",
        "SIREN 552 100 554",
        "FR76 3000 6000 0112 3456 7890 189",
        "fr7630006000011234567890189",
        "BE68 5390 0754 7034 BIC",
        "05 63 22 11 00 56 78 05 63 22 11 00",
        "parcelle 0123, section AB",
    ],
)
def test_un_autre_numero_n_est_pas_une_carte(texte):
    assert not contient_carte_bancaire(texte)
    assert donnee_interdite(texte) is None


def test_un_iban_n_efface_pas_la_carte_qui_le_suit():
    assert contient_carte_bancaire(f"BE68 5390 0754 7034 {VISA}")
    assert contient_carte_bancaire(f"XX00 1234 5678 9012 {VISA}")


@given(st.from_regex(r"\d{9}", fullmatch=True))
def test_le_siren_est_celui_d_une_bibliotheque_independante(numero):
    assert est_siren(numero) == stdnum_siren.is_valid(numero)


@given(st.from_regex(r"[0-9]{8}", fullmatch=True), st.from_regex(r"[0-9]{5}", fullmatch=True))
def test_le_siret_est_celui_d_une_bibliotheque_independante(debut, etablissement):
    siren = debut + luhn.calc_check_digit(debut)
    numero = siren + etablissement
    assert est_siret(numero) == stdnum_siret.is_valid(numero)
    assert not est_siret(siren[:-1] + str((int(siren[-1]) + 1) % 10) + etablissement)


@given(st.from_regex(r"[0-9]{4}", fullmatch=True))
def test_le_siret_de_la_poste_suit_sa_propre_cle(fin):
    numero = "3560000000" + fin
    assert est_siret(numero) == stdnum_siret.is_valid(numero)


@given(
    st.from_regex(
        r"[12][0-9]{2}(0[1-9]|1[0-2])(0[1-9]|[1-8][0-9]|9[0-5])[1-9][0-9]{2}[1-9][0-9]{2}", fullmatch=True
    )
)
def test_la_cle_du_nir_est_celle_d_une_bibliotheque_independante(corps):
    complet = corps + stdnum_nir.calc_check_digits(corps)
    assert est_nir(corps)
    assert est_nir(complet)
    assert contient_nir(f"agent {complet}")
    faux = corps + str(int(complet[13:]) % 97 + 1).zfill(2)
    assert not est_nir(faux)


@given(st.from_regex(r"[0-9]{10}[0-9A-Z]{11}[0-9]{2}", fullmatch=True))
def test_l_iban_est_celui_d_une_bibliotheque_independante(compte):
    numero = stdnum_iban.calc_check_digits("FR00" + compte)
    assert est_iban(f"FR{numero}{compte}")
    assert not contient_carte_bancaire(f"FR{numero}{compte}")
    assert not contient_nir(f"FR{numero}{compte}")


@given(st.from_regex(r"4[0-9]{14}", fullmatch=True))
def test_toute_carte_visa_juste_est_reconnue_et_une_fausse_ne_l_est_pas(debut):
    cle = luhn.calc_check_digit(debut)
    assert est_carte(debut + cle)
    assert contient_carte_bancaire(f"payé avec {debut + cle}.")
    assert not est_carte(debut + str((int(cle) + 1) % 10))


@given(st.text(alphabet="0123456789 .-AB\u00a0", max_size=400))
def test_un_texte_quelconque_ne_fait_jamais_d_erreur(texte):
    assert donnee_interdite(texte) in (None, MESSAGE_NIR, MESSAGE_CARTE)
