"""Les pas d’un calcul, un par fait : d’où vient chaque nombre, et ce qui manque encore."""

from decimal import Decimal

from dpd.comptes.regles.millesime import entree_en_vigueur
from dpd.conventions.affichage_formules import quantite
from dpd.conventions.affichage_frise import frise, ordinal, phrase_de_marge
from dpd.conventions.affichage_modele import Contexte, Etape, citer
from dpd.conventions.affichage_revision import de_la_revision, du_montant
from dpd.conventions.enums import NatureBareme, ReglePhase, SensForfait
from dpd.conventions.regles.calcul import Calcul, marge
from dpd.conventions.regles.sources import Sources
from dpd.conventions.regles.tarifs import Phase, Tranche
from dpd.regles.typographie import compte, euros, nombre


def etapes(sources: Sources, calcul: Calcul, autour: Contexte) -> list[Etape]:
    """Du premier fait au montant, dans l’ordre où on les explique."""
    propres = {
        str(NatureBareme.TRANCHES): _des_tranches,
        str(NatureBareme.FORFAIT_JOURNEES): _des_journees,
        str(NatureBareme.FORFAIT_DEVIS): _du_forfait,
        str(NatureBareme.GRATUIT): _du_gratuit,
    }[sources.nature](sources, calcul, autour)
    return [*propres, *de_la_revision(sources, calcul, autour), du_montant(sources, calcul, autour)]


# --- Tranches ------------------------------------------------------------------------------------


def _des_tranches(sources: Sources, calcul: Calcul, autour: Contexte) -> list[Etape]:
    if sources.communes_seulement and not sources.est_commune:
        phrase = "La grille ne vaut que pour les communes\u202f; les autres organismes sont sur devis."
        return [Etape("Organisme", (phrase, citer(sources)), "sur devis"), *_des_devis(sources)]
    if sources.population is None:
        phrase = "La population totale n’est pas connue\u00a0: elle se saisit sur la page de la collectivité."
        return [Etape("Population de la commune", (phrase,), attente="À saisir")]
    population = _population(sources, autour)
    tranche = calcul.tranche
    if tranche is None:
        dernier = max(t.maximum for t in sources.grille)
        phrase = f"Au-delà de {compte(dernier, 'habitant')}, le tarif est établi sur devis."
        hors = Etape("Tranche de la grille", (phrase, citer(sources)), "sur devis")
        return [population, hors, *_des_devis(sources)]
    return [population, _tranche(sources, tranche), _phase(sources, tranche, autour)]


def _population(sources: Sources, autour: Contexte) -> Etape:
    titre, origine = "Population de la commune", _source_de_population(sources)
    attendu, habitants = sources.millesime_attendu, sources.population or 0
    resultat = f"{nombre(habitants)}\u00a0hab."
    if attendu is None or sources.millesime == attendu:
        return Etape(titre, (f"Population totale{origine}.",), resultat)
    phrase = _attend_le_millesime(sources, attendu, autour)
    if _a_paru(sources, attendu, autour):
        dite = f"{compte(habitants, 'habitant')}, population totale{origine}."
        return Etape(titre, (dite, phrase), attente=f"Millésime {attendu} attendu")
    return Etape(titre, (f"Population totale{origine}.", phrase), resultat)


def _a_paru(sources: Sources, attendu: int, autour: Contexte) -> bool:
    """Vrai si la population de l’exercice est déjà publiée : il ne reste qu’à la saisir."""
    if sources.millesime is not None and sources.millesime > attendu:
        return True
    return autour.jour is not None and autour.jour.year >= sources.exercice


def _source_de_population(sources: Sources) -> str:
    origine = f", {sources.population_source}" if sources.population_source else ""
    if sources.millesime is None:
        return origine
    return f"{origine}, en vigueur au 1er\u00a0janvier {entree_en_vigueur(sources.millesime).year}"


def _attend_le_millesime(sources: Sources, attendu: int, autour: Contexte) -> str:
    exercice = sources.exercice
    if sources.millesime is not None and sources.millesime > attendu:
        return (
            f"L’exercice {exercice} attend le millésime {attendu}\u00a0: une population plus récente ne le "
            "remplace pas."
        )
    if autour.jour is not None and autour.jour.year >= exercice:
        return f"Celle de {exercice} (millésime {attendu}) a paru\u00a0: mettez la population à jour."
    return (
        f"Celle de {exercice} (millésime {attendu}) paraît fin décembre {exercice - 1}\u00a0: la valeur sera "
        "remplacée, puis figée."
    )


def _tranche(sources: Sources, tranche: Tranche) -> Etape:
    population = sources.population or 0
    derniere = tranche.maximum == max(t.maximum for t in sources.grille)
    return Etape(
        "Tranche de la grille",
        (),
        f"{nombre(tranche.minimum)} à {nombre(tranche.maximum)}",
        frise=frise(sources.grille, tranche, population),
        marge=phrase_de_marge(marge(tranche, population), derniere),
    )


def _phase(sources: Sources, tranche: Tranche, autour: Contexte) -> Etape:
    autre = Phase.ACCOMPAGNEMENT if sources.phase is Phase.MISE_EN_PLACE else Phase.MISE_EN_PLACE
    suite = _suite_de_phase(sources.phase, autour.regle_phase, euros(tranche.prix(autre)))
    debut = f"{sources.phase.label}, {ordinal(autour.rang)} année de convention. {suite}"
    return Etape("Phase", (debut, citer(sources)), euros(tranche.prix(sources.phase)))


def _suite_de_phase(phase: Phase, regle: str, autre_prix: str) -> str:
    if phase is Phase.MISE_EN_PLACE:
        quand = "suivra" if regle == ReglePhase.PREMIER_EXERCICE else "viendra après la bascule décidée"
        return f"L’accompagnement ({autre_prix}) {quand}."
    if regle == ReglePhase.PREMIER_EXERCICE:
        return f"La mise en place ({autre_prix}) ne concerne que la première."
    return f"La mise en place ({autre_prix}) a pris fin à la bascule."


def _des_devis(sources: Sources) -> list[Etape]:
    if not sources.complements:
        return [Etape("Devis", ("Aucun devis accepté ne touche cet exercice.",), attente="À demander")]
    phrases = tuple(
        f"{c.libelle}\u00a0: {quantite(c.quantite, c.unite)} à {euros(c.prix)}. {c.detail}."
        for c in sources.complements
    )
    total = sum((c.quantite * c.prix for c in sources.complements), Decimal(0))
    return [Etape("Devis", phrases, euros(total))]


# --- Forfaits, journées, gratuité ----------------------------------------------------------------


def _des_journees(sources: Sources, calcul: Calcul, autour: Contexte) -> list[Etape]:
    trouvees = []
    if sources.sens != str(SensForfait.ESTIME):
        trouvees.append(_le_forfait(sources, "Forfait annuel", "À saisir au barème"))
    return [*trouvees, _les_jours(sources), *_devis_en_plus(sources)]


def _les_jours(sources: Sources) -> Etape:
    passees = sources.phase is Phase.MISE_EN_PLACE
    textes = [
        "Mise en place\u00a0: les journées passées, validées dans les états mensuels."
        if passees
        else "Accompagnement\u00a0: les journées estimées pour l’année avec la collectivité."
    ]
    if sources.cout_journee is not None:
        textes.append(f"Prix de la journée\u00a0: {euros(sources.cout_journee)}.")
    if sources.sens == str(SensForfait.INCLUS):
        inclus = quantite(sources.jours_inclus or Decimal(0), "jour")
        textes.append(f"Le forfait en comprend {inclus}\u202f; seules les autres s’ajoutent.")
    if sources.jours is None:
        return Etape("Journées", tuple(textes), attente="À valider" if passees else "À convenir")
    return Etape("Journées", tuple(textes), quantite(sources.jours, "jour"))


def _du_forfait(sources: Sources, calcul: Calcul, autour: Contexte) -> list[Etape]:
    return [_le_forfait(sources, "Forfait choisi", "À choisir"), *_devis_en_plus(sources)]


def _le_forfait(sources: Sources, titre: str, attente: str) -> Etape:
    textes = tuple(t for t in (f"{sources.forfait_libelle}." if sources.forfait_libelle else "",) if t)
    if sources.forfait is None:
        return Etape(titre, (*textes, "Son montant n’est pas encore connu.", citer(sources)), attente=attente)
    return Etape(titre, (*textes, citer(sources)), euros(sources.forfait))


def _devis_en_plus(sources: Sources) -> list[Etape]:
    return _des_devis(sources) if sources.complements else []


def _du_gratuit(sources: Sources, calcul: Calcul, autour: Contexte) -> list[Etape]:
    prix = Etape("Prix du service", ("Le service n’a pas de prix propre.", citer(sources)), euros(Decimal(0)))
    return [prix, *_devis_en_plus(sources)]
