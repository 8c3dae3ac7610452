"""Les sources d’un montant se figent en JSON et le recalculent à l’identique."""

import json
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dpd.conventions.enums import NatureBareme, Revision, SensForfait, SerieIndice
from dpd.conventions.regles.calcul import calculer
from dpd.conventions.regles.indices import IndicePublie, Raccord
from dpd.conventions.regles.sources import Complement, Sources, depuis_json, vers_json
from dpd.conventions.regles.tarifs import Phase
from dpd.regles.typographie import MOIS
from tests.conventions.regles.grilles import GRILLE
from tests.conventions.regles.sources_types import en_2024, en_2027, par_journees

TEXTE = st.sampled_from(["", "Grille 2020", "«\u00a0Été\u00a0» d’août", '"\\\n\t', "🙂"])
PRIX = st.decimals(min_value=0, max_value=10_000, places=2)
QUANTITE = st.decimals(min_value=0, max_value=400, places=2)
ANNEE = st.integers(min_value=2013, max_value=2035)
INDICES = st.builds(
    IndicePublie,
    serie=st.sampled_from(list(map(str, SerieIndice.values))),
    annee=ANNEE,
    mois=st.integers(1, 12),
    valeur=st.decimals(min_value=100, max_value=500, places=1),
    publie_le=st.none() | st.dates(date(2013, 1, 1), date(2035, 12, 31)),
    source=TEXTE,
)
RACCORDS = st.builds(
    Raccord,
    de=st.just("ancien"),
    vers=st.just("revise"),
    coefficient=st.decimals(min_value="0.5", max_value="1.5", places=6),
)
COMPLEMENTS = st.builds(
    Complement,
    libelle=TEXTE,
    detail=TEXTE,
    quantite=QUANTITE,
    unite=st.just("jour"),
    prix=PRIX,
    revisable=st.booleans(),
)


@st.composite
def suites(tirer):
    """(suite d’indices, leurs noms), de même longueur."""
    nombre = tirer(st.integers(0, 4))
    suite = tuple(tirer(st.none() | INDICES) for _ in range(nombre))
    noms = tuple(f"{tirer(st.sampled_from(MOIS))} {tirer(ANNEE)}" for _ in range(nombre))
    return suite, noms


@st.composite
def sources(tirer):
    suite, noms = tirer(suites())
    return Sources(
        exercice=tirer(ANNEE),
        nature=tirer(st.sampled_from(list(NatureBareme.values))),
        phase=tirer(st.sampled_from(list(Phase))),
        bareme=tirer(TEXTE),
        source=tirer(TEXTE),
        est_commune=tirer(st.booleans()),
        population=tirer(st.none() | st.integers(0, 20_000)),
        millesime=tirer(st.none() | ANNEE),
        millesime_attendu=tirer(st.none() | ANNEE),
        population_source=tirer(TEXTE),
        communes_seulement=tirer(st.booleans()),
        grille=GRILLE,
        cout_journee=tirer(st.none() | PRIX),
        forfait=tirer(st.none() | PRIX),
        forfait_libelle=tirer(TEXTE),
        sens=tirer(st.sampled_from(["", *SensForfait.values])),
        jours=tirer(st.none() | QUANTITE),
        jours_inclus=tirer(st.none() | QUANTITE),
        revision=tirer(st.sampled_from(list(Revision.values))),
        base=tirer(st.none() | INDICES),
        suite=suite,
        attendus=noms,
        raccord=tirer(st.none() | RACCORDS),
        complements=tuple(tirer(st.lists(COMPLEMENTS, max_size=3))),
    )


def par_le_disque(contenu):
    """Ce qu’une base garde : un texte JSON, sans clé ni type Python."""
    return json.loads(json.dumps(contenu))


# Une machine chargée tire lentement ces trente champs : ce n’est pas un défaut de la règle.
PATIENCE = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


@PATIENCE
@given(sources())
def test_l_aller_retour_par_json_rend_les_memes_sources(une):
    assert depuis_json(par_le_disque(vers_json(une))) == une


@PATIENCE
@given(sources())
def test_le_calcul_rejoue_depuis_le_json_est_identique(une):
    assert calculer(depuis_json(par_le_disque(vers_json(une)))) == calculer(une)


@pytest.mark.parametrize("une", [en_2024(), en_2027(), par_journees("inclus", jours_inclus=Decimal(10))])
def test_les_cas_reels_se_rejouent_au_centime(une):
    rejoue = depuis_json(par_le_disque(vers_json(une)))
    assert rejoue == une
    assert calculer(rejoue).total == calculer(une).total


def test_un_decimal_et_une_date_se_lisent_en_clair():
    contenu = vers_json(en_2024())
    assert contenu["phase"] == "mise_en_place"
    assert contenu["cout_journee"] == "250"
    assert contenu["suite"][0]["valeur"] == "307.0"
    assert contenu["suite"][0]["publie_le"] == "2023-12-29"
    assert contenu["base"]["publie_le"] is None


def test_une_cle_inconnue_est_refusee():
    with pytest.raises(TypeError, match="inconnue"):
        depuis_json({**vers_json(en_2024()), "inconnue": 1})
