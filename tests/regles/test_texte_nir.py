"""Un numéro de sécurité sociale mal recopié reste un numéro de sécurité sociale ; le reste n’en est pas."""

from datetime import date
from itertools import pairwise

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from stdnum import iban as stdnum_iban
from stdnum.fr import nir as stdnum_nir

from dpd.regles.numeros import est_carte, est_siren
from dpd.regles.texte import MESSAGE_NIR, contient_nir, donnee_interdite

# Numéros d’exemple publics ou fabriqués, jamais ceux d’une personne.
CORPS = st.from_regex(
    r"[12][0-9]{2}(0[1-9]|1[0-2])(0[1-9]|1[0-9]|2[1-9]|2A|2B|[3-8][0-9]|9[0-5])[1-9][0-9]{2}[1-9][0-9]{2}",
    fullmatch=True,
)
CLES = st.from_regex(r"[0-9]{2}", fullmatch=True)
SIGNES = st.sampled_from(["", " ", "\u00a0", "\u202f", ".", "-"])
JOURS = st.dates(date(1900, 1, 1), date(2100, 12, 31))
FORMES_DE_DATE = st.sampled_from(["%d/%m/%Y", "%d.%m.%Y", "%d-%m-%Y", "%d %m %Y", "%Y-%m-%d", "%Y%m%d"])
ENTRE_DEUX = st.sampled_from([" ", " - ", "-", " au ", ", ", " et ", ". "])


def couper(numero, signe):
    """« 1 85 05 78 006 084 91 », avec le signe voulu entre les groupes."""
    bornes = (0, 1, 3, 5, 7, 10, 13, 15)
    groupes = (numero[debut:fin] for debut, fin in pairwise(bornes))
    return signe.join(groupe for groupe in groupes if groupe)


@pytest.mark.parametrize(
    "texte",
    [
        "185057800608492",  # un chiffre de la clé
        "185057800608419",  # deux chiffres intervertis
        "1 85 05 78 006 084 92",
        "1 85 05 78 006 084 00",
        "1.85.05.78.006.084.99",
        "185050780060849 puis 2 99 12 971 05 123 11",
        "n° 1 85 05 2A 004 123 98 de l’agent",
        "185052b00412399",
        "2\u00a085\u202f05 2B 033 001 12",
    ],
)
def test_une_cle_fausse_n_innocente_pas(texte):
    assert donnee_interdite(texte) == MESSAGE_NIR


@pytest.mark.parametrize(
    "texte",
    [
        "585057800608493",  # sexe
        "185137800608492",  # mois
        "185050000608492",  # département
        "185057800008492",  # commune
        "185057800600092",  # ordre
        "185052C00412399",  # la Corse n’a que 2A et 2B
        "1850578006084921",  # seize chiffres
        "SIRET 12345678901234",  # quatorze chiffres, clé fausse
        "SIRET 123 456 789 01234",
        "RIB 30006 00001 12345678901 89",
        "IBAN FR76 3000 6000 0112 3456 7890 180",
        "1.12.2026-31.12.2026",  # quinze chiffres
        "1 12 2026 31 12 2026",
        "82131 82179 46012",  # codes de commune
        "82131-82179-46012-46013",
        "12000 31170 82270",
        "+33 1 42 34 56 78 et +33 6 12 34 56 78",
        "06 12 34 56 78 05 63 22 11 00",
        "0612345678 0563221100",
        "123 456 789 012 345",
    ],
)
def test_ce_qui_lui_ressemble_n_est_pas_pris_pour_lui(texte):
    assert not contient_nir(texte)
    assert donnee_interdite(texte) is None


@given(CORPS, CLES, SIGNES)
def test_tout_numero_plausible_est_refuse_quelle_que_soit_sa_cle(corps, cle, signe):
    numero = corps + cle
    assume(not est_carte(numero))
    assert contient_nir(f"agent {couper(numero, signe)}.")
    assert contient_nir(couper(corps, signe))


@given(CORPS.filter(lambda corps: corps.isdigit()), SIGNES)
def test_un_numero_juste_est_refuse_ou_qu_on_le_coupe(corps, signe):
    complet = corps + stdnum_nir.calc_check_digits(corps)
    # Coupé au hasard, il peut contenir un SIREN juste, qui est alors lu comme tel.
    assume(not any(est_siren(complet[rang : rang + 9]) for rang in range(7)))
    assert contient_nir(couper(complet, signe))
    for pas in (3, 4, 5, 6):
        assert contient_nir((signe or " ").join(complet[rang : rang + pas] for rang in range(0, 15, pas)))


@given(st.from_regex(r"[0-9]{14}", fullmatch=True), SIGNES)
def test_un_siret_n_est_jamais_un_nir(siret, signe):
    coupe = signe.join((siret[:3], siret[3:6], siret[6:9], siret[9:]))
    assert not contient_nir(siret)
    assert not contient_nir(f"SIRET {siret}, organisme")
    assert not contient_nir(coupe)


@given(st.lists(st.from_regex(r"0[1-9]([0-9]{2}){4}", fullmatch=True), min_size=1, max_size=4), SIGNES)
def test_des_numeros_de_telephone_ne_sont_jamais_un_nir(numeros, signe):
    coupes = [signe.join(numero[rang : rang + 2] for rang in range(0, 10, 2)) for numero in numeros]
    for entre in (" ", ", ", " et "):
        assert not contient_nir(entre.join(coupes))


@given(st.from_regex(r"[0-9]{10}[0-9A-Z]{11}[0-9]{2}", fullmatch=True), st.integers(0, 98))
def test_un_iban_meme_a_la_cle_fausse_n_est_jamais_un_nir(compte, ecart):
    juste = int(stdnum_iban.calc_check_digits("FR00" + compte))
    numero = f"FR{(juste + ecart) % 97 + 2:02}{compte}"
    assert not contient_nir(numero)
    assert not contient_nir(" ".join(numero[rang : rang + 4] for rang in range(0, len(numero), 4)))


@given(st.lists(st.from_regex(r"[0-9]{5}", fullmatch=True), min_size=1, max_size=2), ENTRE_DEUX)
def test_deux_codes_de_commune_ne_sont_jamais_un_nir(codes, entre):
    assert not contient_nir(entre.join(codes))


@given(st.lists(JOURS, min_size=1, max_size=4), FORMES_DE_DATE, ENTRE_DEUX)
def test_des_dates_ne_sont_jamais_un_nir(jours, forme, entre):
    assert not contient_nir(entre.join(jour.strftime(forme) for jour in jours))
