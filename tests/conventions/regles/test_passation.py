"""Ce qu’un changement d’exécutif oblige à reprendre."""

from dpd.conventions.regles.passation import Constat, suites


def libelles(constat):
    return {s.code: s.libelle for s in suites(constat)}


def test_rien_de_connu_il_reste_l_essentiel():
    dites = libelles(Constat())
    assert list(dites) == ["designation", "compte_nouveau", "delegations", "decisions", "referent"]
    assert dites["designation"].startswith("Désigner le DPD")
    assert dites["referent"] == "Nommer le référent à la protection des données"


def test_ce_que_l_on_sait_est_nomme():
    dites = libelles(
        Constat(
            designee=True,
            decideurs=("Bernard Lacaze", "Ève Dupuy"),
            referents=("Sylvie Delmas",),
            organismes=("CCAS de Montpezat",),
        )
    )
    assert "nouveau responsable légal" in dites["designation"]
    assert dites["comptes"].endswith("Bernard Lacaze et Ève Dupuy")
    assert dites["referent"].endswith("Sylvie Delmas")
    assert "CCAS de Montpezat" in dites["organismes"]


def test_un_code_ne_sert_qu_une_fois():
    codes = [s.code for s in suites(Constat(decideurs=("x",), organismes=("y",)))]
    assert len(codes) == len(set(codes))
