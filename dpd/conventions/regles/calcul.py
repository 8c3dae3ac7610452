"""Le montant d’un exercice, ligne à ligne, pour les quatre natures de barème : un seul calcul.

Toujours l’exercice entier : un prorata, si la convention en veut un, se règle hors de l’application. Ce qui
manque est nommé et le total attend ; rien n’est estimé à la place.
"""

from dataclasses import dataclass
from decimal import Decimal

from dpd.conventions.enums import NatureBareme, Revision, SensForfait
from dpd.conventions.regles.indices import (
    IndicePublie,
    reviser_base_fixe,
    reviser_en_chaine,
    serie_publiee,
)
from dpd.conventions.regles.sources import Complement, Sources
from dpd.conventions.regles.tarifs import Indice, Phase, Tranche, arrondir, tranche_de
from dpd.regles.typographie import MOIS, nombre
from dpd.regles.typographie import de as de_

DEVIS_ATTENDU = "Cette collectivité n’est pas dans la grille\u00a0: il faut un devis accepté."
RACCORD_ATTENDU = (
    "L’indice a changé de série\u00a0: le calcul reste bloqué tant qu’une règle de raccord n’est pas "
    "délibérée et enregistrée."
)
BASE_ATTENDUE = "L’indice d’origine du barème n’est pas choisi."
_UN = Decimal(1)


@dataclass(frozen=True, slots=True)
class Terme:
    """Un morceau de la formule montrée : « × 307,0, indice de novembre 2023 ». Valeur nulle : attendue."""

    operateur: str
    valeur: Decimal | None
    libelle: str


@dataclass(frozen=True, slots=True)
class Ligne:
    """Une prestation : quantité × prix révisé, ou × prix de base sans révision. Prix en euros."""

    libelle: str
    detail: str
    quantite: Decimal
    unite: str
    prix_base: Decimal
    prix_revise: Decimal | None
    formule: tuple[Terme, ...] = ()

    @property
    def montant(self) -> Decimal | None:
        return None if self.prix_revise is None else arrondir(self.quantite * self.prix_revise)

    @property
    def montant_de_base(self) -> Decimal:
        return arrondir(self.quantite * self.prix_base)


@dataclass(frozen=True, slots=True)
class Marge:
    """Combien d’habitants de moins, ou de plus, pour changer de tranche ; ``None`` aux bouts."""

    moins: int | None
    plus: int


@dataclass(frozen=True, slots=True)
class Calcul:
    lignes: tuple[Ligne, ...]
    manques: tuple[str, ...]
    tranche: Tranche | None = None
    marge: Marge | None = None
    sur_devis: bool = False

    @property
    def total(self) -> Decimal | None:
        """``None`` tant qu’il manque quelque chose."""
        montants = [ligne.montant for ligne in self.lignes]
        if self.manques or any(m is None for m in montants):
            return None
        return sum((m for m in montants if m is not None), Decimal("0.00"))


def marge(tranche: Tranche, population: int) -> Marge:
    """La distance aux tranches voisines."""
    moins = population - tranche.minimum + 1 if tranche.minimum > 0 else None
    return Marge(moins=moins, plus=tranche.maximum + 1 - population)


def calculer(sources: Sources) -> Calcul:
    """Le montant de l’exercice et sa démonstration.

    :raises ValueError: si la grille est mal formée ou la population négative.
    """
    principale = {
        str(NatureBareme.TRANCHES): _par_tranches,
        str(NatureBareme.FORFAIT_JOURNEES): _par_journees,
        str(NatureBareme.FORFAIT_DEVIS): _au_forfait,
        str(NatureBareme.GRATUIT): _gratuit,
    }[sources.nature](sources)
    lignes = [*principale.lignes, *(_complement(sources, c) for c in sources.complements)]
    manques = [*principale.manques, *_indices_manquants(sources, lignes)]
    return Calcul(tuple(lignes), tuple(manques), principale.tranche, principale.marge, principale.sur_devis)


def _par_tranches(sources: Sources) -> Calcul:
    # Un CCAS ou un syndicat n’a pas de population : la grille ne lui parle pas.
    hors_grille = sources.communes_seulement and not sources.est_commune
    if sources.population is None and not hors_grille:
        return Calcul((), ("La population totale n’est pas connue.",))
    tranche = tranche_de(sources.grille, None if hors_grille else sources.population)
    if tranche is None or sources.population is None:
        # Le millésime décide aussi qu’une commune sort de la grille.
        manques = () if hors_grille else _millesime(sources)
        return Calcul((), manques if sources.complements else (*manques, DEVIS_ATTENDU), sur_devis=True)
    bornes = f"{nombre(tranche.minimum)} à {nombre(tranche.maximum)}"
    detail = f"Tranche de {bornes} habitants, population totale"
    ligne = _annuelle(sources, sources.phase.label, detail, tranche.prix(sources.phase))
    return Calcul((ligne,), _millesime(sources), tranche, marge(tranche, sources.population))


def _millesime(sources: Sources) -> tuple[str, ...]:
    """La population doit être celle qui est en vigueur au 1er janvier de l’exercice."""
    if sources.millesime_attendu is None or sources.millesime == sources.millesime_attendu:
        return ()
    return (
        f"La population est du millésime {sources.millesime or 'inconnu'}\u00a0: l’exercice "
        f"{sources.exercice} attend le millésime {sources.millesime_attendu}.",
    )


def _par_journees(sources: Sources) -> Calcul:
    manques = []
    if sources.cout_journee is None:
        manques.append("Le prix de la journée n’est pas saisi.")
    if sources.forfait is None and sources.sens != str(SensForfait.ESTIME):
        manques.append("Le forfait annuel n’est pas saisi.")
    if sources.jours is None:
        passees = sources.phase is Phase.MISE_EN_PLACE
        manques.append(
            "Des états mensuels restent à valider."
            if passees
            else "Le nombre de jours estimés pour l’année n’est pas convenu."
        )
    if not sources.sens:
        manques.append("Le sens du forfait n’est pas réglé dans le barème.")
    if manques:
        return Calcul((), tuple(manques))
    return Calcul(tuple(_forfait_et_journees(sources)), ())


def _forfait_et_journees(sources: Sources) -> list[Ligne]:
    """Le forfait s’il est dû, puis les journées qu’il ne comprend pas."""
    lignes, jours = [], sources.jours or Decimal(0)
    if sources.sens != str(SensForfait.ESTIME) and sources.forfait is not None:
        lignes.append(
            _annuelle(sources, sources.forfait_libelle or "Forfait annuel", "Forfait", sources.forfait)
        )
    if sources.sens == str(SensForfait.INCLUS):
        jours = max(Decimal(0), jours - (sources.jours_inclus or Decimal(0)))
    detail = "Journées passées et validées" if sources.phase is Phase.MISE_EN_PLACE else "Journées estimées"
    journees = Complement(sources.phase.label, detail, jours, "jour", sources.cout_journee or Decimal(0))
    return [*lignes, _complement(sources, journees)]


def _au_forfait(sources: Sources) -> Calcul:
    if sources.forfait is None:
        return Calcul((), ("Le montant du forfait choisi n’est pas saisi.",))
    libelle = sources.forfait_libelle or "Forfait annuel"
    return Calcul((_annuelle(sources, libelle, "Forfait choisi", sources.forfait),), ())


def _gratuit(sources: Sources) -> Calcul:
    return Calcul((_annuelle(sources, sources.bareme, "Sans prix propre", Decimal("0.00")),), ())


def _annuelle(sources: Sources, libelle: str, detail: str, prix: Decimal) -> Ligne:
    return _complement(sources, Complement(libelle, detail, _UN, "an", prix))


def _sur_indice(sources: Sources) -> bool:
    return sources.revision in (str(Revision.BASE_FIXE), str(Revision.CHAINEE))


def _complement(sources: Sources, c: Complement) -> Ligne:
    if not c.revisable or not _sur_indice(sources) or c.prix == 0:
        return Ligne(c.libelle, c.detail, c.quantite, c.unite, c.prix, c.prix)
    return Ligne(
        c.libelle, c.detail, c.quantite, c.unite, c.prix, _revise(sources, c.prix), _formule(sources, c.prix)
    )


def _indices_connus(sources: Sources) -> list[Indice] | None:
    """La suite des indices ; ``None`` si l’un d’eux, ou celui d’origine, manque encore."""
    connus = [i.indice for i in sources.suite if i is not None]
    return connus if sources.base is not None and len(connus) == len(sources.suite) else None


def _revise(sources: Sources, prix: Decimal) -> Decimal | None:
    connus = _indices_connus(sources)
    if connus is None or sources.base is None or _raccord_manquant(sources):
        return None
    if not connus:  # l’exercice de référence de la grille
        return prix
    if sources.revision == str(Revision.CHAINEE):
        return reviser_en_chaine(prix, sources.base.indice, connus, sources.raccord)[-1]
    return reviser_base_fixe(prix, sources.base.indice, connus[-1], sources.raccord)


def _raccord_manquant(sources: Sources) -> bool:
    """Vrai si les indices changent de série sans qu’une règle délibérée relie ces deux-là."""
    raccord = sources.raccord
    return any(
        i is not None and de.serie != i.serie and not (raccord and raccord.relie(de.serie, i.serie))
        for de, i in _passages(sources)
    )


def _passages(sources: Sources) -> list[tuple[IndicePublie, IndicePublie | None]]:
    """(indice de départ, indice d’arrivée) de chaque révision ; une seule en base fixe.

    En chaîne, une révision qui part d’un indice manquant n’y est pas : on ne sait pas d’où elle part.
    """
    if sources.revision == str(Revision.CHAINEE):
        departs: list[IndicePublie | None] = [sources.base, *sources.suite[:-1]]
    else:
        departs = [sources.base] * len(sources.suite)
    return [(de, vers) for de, vers in zip(departs, sources.suite, strict=False) if de is not None]


def _formule(sources: Sources, prix: Decimal) -> tuple[Terme, ...]:
    """Prix × indice [÷ raccord] ÷ indice de base ; en chaîne, une multiplication par année.

    Un indice attendu annonce déjà le raccord qu’il demandera : sa série se connaît à son mois.
    """
    raccord, enchaine = sources.raccord, sources.revision == str(Revision.CHAINEE)
    termes, precedent, son_nom = [Terme("", prix, "prix de base")], sources.base, ""
    for indice, nom in zip(sources.suite, sources.attendus, strict=True):
        termes.append(Terme("×", indice.valeur if indice else None, f"indice {de_(_nom(indice, nom))}"))
        de = precedent.serie if precedent else _serie_attendue(son_nom)
        vers = indice.serie if indice else _serie_attendue(nom)
        if raccord and raccord.relie(de, vers):
            termes.append(Terme("÷", raccord.coefficient, "raccord des séries"))
        valeur = precedent.valeur if precedent else None
        termes.append(Terme("÷", valeur, f"indice {de_(_nom(precedent, son_nom))}"))
        if enchaine:
            precedent, son_nom = indice, nom
    return tuple(termes)


def _nom(indice: IndicePublie | None, attendu: str) -> str:
    """Le mois qu’un indice décrit : le dernier publié en novembre est celui de septembre."""
    return f"{MOIS[indice.mois - 1]} {indice.annee}" if indice else attendu


def _serie_attendue(nom: str) -> str:
    """La série d’un indice nommé « novembre 2026 » ; aucune si rien n’est nommé."""
    if not nom:
        return ""
    mois, annee = nom.split(" ")
    return serie_publiee(int(annee), MOIS.index(mois) + 1)


def _indices_manquants(sources: Sources, lignes: list[Ligne]) -> list[str]:
    if all(ligne.prix_revise is not None for ligne in lignes):
        return []
    manques = [] if sources.base else [BASE_ATTENDUE]
    if _raccord_manquant(sources):
        manques.append(RACCORD_ATTENDU)
    attendus = zip(sources.suite, sources.attendus, strict=True)
    return manques + [f"L’indice {de_(nom)} n’est pas encore saisi." for i, nom in attendus if i is None]
