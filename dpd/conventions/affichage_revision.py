"""Les derniers pas : comment le prix se révise, ce qu’on attend, le montant."""

from datetime import date

from dpd.conventions.affichage_formules import formule
from dpd.conventions.affichage_modele import Contexte, Etape
from dpd.conventions.enums import LectureIndice, Revision
from dpd.conventions.regles.calcul import BASE_ATTENDUE, RACCORD_ATTENDU, Calcul
from dpd.conventions.regles.indices import IndicePublie
from dpd.conventions.regles.sources import Sources
from dpd.regles.mois import meme_quantieme
from dpd.regles.typographie import MOIS, de, enumeration, euros

EN_ATTENTE = "En attente"
BLOQUE = "Bloqué"
# Ce que les pas précédents ont déjà dit, chacun à sa place.
DEJA_DITS = ("L’indice", "La population")
SUR_INDICE = (str(Revision.BASE_FIXE), str(Revision.CHAINEE))
POURQUOI_RACCORD = (
    "L’indice d’origine s’est arrêté avec celui de juillet 2022. Un coefficient publié prolonge l’ancienne "
    "série\u00a0: on divise par lui l’indice de la série révisée. La règle appliquée est celle que la "
    "structure a délibérée\u202f; sans délibération, le calcul reste bloqué."
)


def de_la_revision(sources: Sources, calcul: Calcul, autour: Contexte) -> list[Etape]:
    if sources.revision == str(Revision.DECISION):
        return [_par_decision(autour)]
    revisee = next((ligne for ligne in calcul.lignes if ligne.formule), None)
    if sources.revision not in SUR_INDICE or revisee is None:
        return []
    attente = ""
    if revisee.prix_revise is None:
        attente = BLOQUE if RACCORD_ATTENDU in calcul.manques else EN_ATTENTE
    raccorde = any(t.libelle == "raccord des séries" for t in revisee.formule) or attente == BLOQUE
    return [
        Etape(
            "Révision annuelle Syntec",
            tuple(_dire_la_revision(sources, calcul, autour)),
            euros(revisee.prix_revise) if revisee.prix_revise is not None else "",
            attente,
            formule=formule(revisee, "prix de base"),
            pourquoi=" ".join(t for t in (POURQUOI_RACCORD, autour.raccord) if t) if raccorde else "",
        )
    ]


def _par_decision(autour: Contexte) -> Etape:
    phrase = "Les prix changent par décision de la structure."
    if autour.hausse_mois:
        article = f" ({autour.article_hausse})" if autour.article_hausse else ""
        phrase += f" Une hausse ouvre {autour.hausse_mois} mois pour dénoncer la convention{article}."
    return Etape("Évolution des prix", (phrase,), "par décision")


def _dire_la_revision(sources: Sources, calcul: Calcul, autour: Contexte) -> list[str]:
    manquants = [nom for i, nom in zip(sources.suite, sources.attendus, strict=True) if i is None]
    phrases = [m for m in calcul.manques if m in (RACCORD_ATTENDU, BASE_ATTENDUE)]
    if phrases and not manquants:
        return phrases
    if not sources.suite:
        return ["Premier exercice du barème\u00a0: le prix est celui d’origine."]
    if manquants:
        phrases += [_dire_l_attente(manquants, autour), "L’application n’invente pas de valeur."]
    elif sources.revision == str(Revision.CHAINEE):
        phrases.append("Chaque année se révise depuis la précédente, au centime.")
    else:
        phrases.append(f"Depuis le prix d’origine, en une fois, sur l’indice {de(_nom(sources.suite[-1]))}.")
    return phrases


def _dire_l_attente(manquants: list[str], autour: Contexte) -> str:
    if len(manquants) > 1:
        return f"Les indices {enumeration(tuple(de(m) for m in manquants))} ne sont pas saisis."
    nom = manquants[0]
    if autour.lecture == LectureIndice.DERNIER_PUBLIE:
        return f"Aucun indice publié avant la fin {de(nom)}, de ce mois ou des deux précédents, n’est saisi."
    if est_paru(nom, autour.jour):
        return f"L’indice {de(nom)}, paru {parution(nom)}, n’est pas encore saisi."
    return f"L’indice {de(nom)} paraît {parution(nom)}."


def _nom(indice: IndicePublie) -> str:
    """Le mois qu’il décrit : le dernier publié n’est pas celui du mois attendu."""
    return f"{MOIS[indice.mois - 1]} {indice.annee}"


def parution(nom: str) -> str:
    """Un indice paraît vers la fin du mois qui suit celui qu’il décrit : « fin décembre 2026 »."""
    mois = _mois_de_parution(nom)
    return f"fin {MOIS[mois.month - 1]} {mois.year}"


def est_paru(nom: str, jour: date | None) -> bool:
    """Vrai une fois passé le mois où il devait paraître ; sans date, on ne sait pas."""
    return jour is not None and jour >= meme_quantieme(_mois_de_parution(nom), 1)


def _mois_de_parution(nom: str) -> date:
    mois, annee = nom.split(" ")
    return meme_quantieme(date(int(annee), MOIS.index(mois) + 1, 1), 1)


def du_montant(sources: Sources, calcul: Calcul, autour: Contexte) -> Etape:
    titre = f"Montant {sources.exercice}"
    textes = [f"Toutes taxes comprises, pour l’exercice entier. {_du_prorata(autour)}"]
    if calcul.total is not None:
        return Etape(titre, tuple(textes), euros(calcul.total))
    textes += [m for m in calcul.manques if not m.startswith(DEJA_DITS)]
    return Etape(titre, tuple(textes), attente=_quand(sources, calcul, autour))


def _du_prorata(autour: Contexte) -> str:
    """L’application compte toujours l’exercice entier ; seule la convention peut dire que c’est dû."""
    if autour.article_prorata:
        return f"La convention écarte le prorata ({autour.article_prorata})."
    return "Le modèle de la convention ne cite pas d’article qui écarte le prorata."


def _quand(sources: Sources, calcul: Calcul, autour: Contexte) -> str:
    """« Fin décembre 2026 » si tout ce qui manque paraît alors ; sinon, on ne promet rien."""
    manquants = [nom for i, nom in zip(sources.suite, sources.attendus, strict=True) if i is None]
    du_mois = autour.lecture == LectureIndice.DU_MOIS
    attendus = {"" if est_paru(nom, autour.jour) else parution(nom) for nom in manquants}
    attendus |= set() if du_mois else {""}
    attendu, connu = sources.millesime_attendu, sources.millesime
    millesime = attendu is not None and connu is not None and connu < attendu
    if millesime:
        passe = autour.jour is not None and autour.jour.year >= sources.exercice
        attendus.add("" if passe else f"fin décembre {sources.exercice - 1}")
    connus = len(manquants) + (1 if millesime else 0)
    if len(attendus) == 1 and "" not in attendus and connus == len(calcul.manques):
        return attendus.pop().capitalize()
    return EN_ATTENTE
