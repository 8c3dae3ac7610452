"""Rapprocher ce que les clients ont obtenu, ce qui est en base et ce que les boîtes ont reçu."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from outils.deux_hotes.bilan import Bilan, comparer, courriels
from outils.deux_hotes.client import Compte

PREPAREES = "Préparée"


def juger(
    comptes: Mapping[str, Compte],
    lieux: Iterable[Mapping[str, str]],
    constat: Mapping[str, Any],
    recus: Mapping[str, int],
    *,
    echeances: int,
    coupures: int,
) -> Bilan:
    """:param comptes: celui de chaque personne, par SIREN de sa commune."""
    bilan = Bilan()
    _reponses(bilan, comptes)
    _travail(bilan, comptes, constat)
    _etapes(bilan, comptes, {lieu["siren"]: int(lieu["revision"]) for lieu in lieux}, constat)
    _pieces(bilan, comptes, constat)
    _courrier(bilan, constat, recus, echeances, coupures)
    return bilan


def _acquis(comptes: Mapping[str, Compte], nature: str) -> Counter[str]:
    return sum((Counter(compte.acquis.get(nature, {})) for compte in comptes.values()), Counter())


def _incertains(comptes: Mapping[str, Compte]) -> set[str]:
    return set().union(*(compte.incertains for compte in comptes.values()))


def _reponses(bilan: Bilan, comptes: Mapping[str, Compte]) -> None:
    bilan.compter("envois rejoués après une réponse perdue", sum(c.reprises for c in comptes.values()))
    bilan.compter("sessions perdues", sum(c.deconnexions for c in comptes.values()))
    bilan.compter("pièces relues en travaillant", sum(c.lectures for c in comptes.values()))
    for siren, compte in comptes.items():
        bilan.exiger(not compte.deconnexions, "session", siren, "perdue")
        for erreur in compte.erreurs:
            bilan.exiger(False, "réponse", erreur, "refusée")


def _travail(bilan: Bilan, comptes: Mapping[str, Compte], constat: Mapping[str, Any]) -> None:
    for nature, trouves in (("violation déclarée", "violations"), ("pièce déposée", "pieces")):
        promis = _acquis(comptes, nature)
        bilan.compter(
            f"{nature} : acceptées / en base", f"{promis.total()} / {sum(constat[trouves].values())}"
        )
        bilan.ecarts += comparer(nature, promis, constat[trouves], incertains=_incertains(comptes))


def _etapes(bilan: Bilan, comptes, avant: Mapping[str, int], constat: Mapping[str, Any]) -> None:
    """Chaque enregistrement accepté compte pour un, et le dernier est celui qu’on lit."""
    promis = _acquis(comptes, "étape enregistrée")
    faites = {siren: apres - avant[siren] for siren, apres in constat["revisions"].items()}
    bilan.compter("étape enregistrée : acceptées / en base", f"{promis.total()} / {sum(faites.values())}")
    bilan.ecarts += comparer("étape enregistrée", promis, faites, incertains=_incertains(comptes))
    for siren, compte in comptes.items():
        juste = siren in compte.incertains or constat["descriptions"][siren] == compte.derniere_etape
        bilan.exiger(juste, "dernière étape", siren, "perdue")


def _pieces(bilan: Bilan, comptes: Mapping[str, Compte], constat: Mapping[str, Any]) -> None:
    for compte in comptes.values():
        for cle in compte.acquis.get("pièce déposée", {}):
            intacte = constat["empreintes"].get(cle) == compte.empreintes[cle]
            bilan.exiger(intacte, "empreinte de pièce", cle, "différente")
    for abimee in constat["abimees"]:
        bilan.exiger(False, "fichier de pièce", abimee, "perdu")
    bilan.compter("fichiers sans pièce, rattrapés par verifier_pieces", constat["orphelines"])
    en_trop = constat["dans_le_seau"] - constat["lignes_de_pieces"]
    bilan.exiger(en_trop == 0, "fichiers du seau", f"{en_trop:+d}", "autant que de pièces ?")


def _courrier(bilan: Bilan, constat, recus: Mapping[str, int], echeances: int, coupures: int) -> None:
    promis = {f"{PREPAREES} {rang}": 1 for rang in range(echeances)}
    bilan.ecarts += comparer("rappel d’échéance", promis, constat["rappels"])
    bilan.ecarts += comparer(
        "courriel à une personne", dict.fromkeys(constat["preuves"], 1), constat["preuves"]
    )
    ecarts, repetes = courriels(constat["courriels"], recus, coupures=coupures)
    bilan.ecarts += ecarts
    bilan.compter(
        "rappels d’échéance : attendus / partis", f"{echeances} / {sum(constat['rappels'].values())}"
    )
    bilan.compter("courriels : confiés / reçus", f"{len(constat['courriels'])} / {sum(recus.values())}")
    bilan.compter(f"courriels répétés sous le même Message-ID (au plus {coupures})", repetes)
    bilan.exiger(not constat["en_file"], "courriels restés en file", str(constat["en_file"]), "non partis")
    bilan.exiger(not constat["non_notes"], "preuves sans envoi", str(constat["non_notes"]), "non notées")
