"""Une fiche prête à lire : les codes en toutes lettres, les durées en phrases, les manques signalés."""

from dataclasses import dataclass

from dpd.vocabulaire import SENSIBLE
from registre.libelles import libelle
from registre.regles.aipd import AUCUN_TYPE, evaluer_aipd
from registre.regles.conservation import est_definie, libelle_duree
from registre.regles.contenu import Fiche, LigneDonnees


@dataclass(frozen=True, slots=True)
class DonneesLues:
    nom: str
    precision: str
    sensible: bool
    exception: str
    nir: bool
    alinea_nir: str
    duree: str
    duree_manque: bool
    archivage: str
    sort: str
    sort_manque: bool
    source: str


@dataclass(frozen=True, slots=True)
class FicheLue:
    """Ce que montrent l’écran et les exports ; ``contenu`` reste accessible pour le reste."""

    contenu: Fiche
    finalites: tuple[tuple[str, str, str], ...]
    personnes: tuple[tuple[str, str, bool], ...]
    donnees: tuple[DonneesLues, ...]
    internes: tuple[str, ...]
    externes: tuple[str, ...]
    prestataires: tuple[str, ...]
    transferts: tuple[tuple[str, str, str, str], ...]
    transferts_phrase: str
    mesures: tuple[str, ...]
    coresponsables: str
    decision: str
    aipd: str
    aipd_explication: str


TRANSFERTS = {
    "aucun": "Aucun transfert hors de l’Espace économique européen.",
    "oui": "",
    "inconnu": "À déterminer\u00a0: la question est posée au DPD.",
    "": "À déterminer.",
}
CORESPONSABLES = {"aucun": "Aucun", "oui": "", "": "À préciser"}
DECISIONS = {"non": "Aucune décision automatisée.", "oui": "Décision automatisée", "": "À préciser"}


def _avec(nom: str, precision: str) -> str:
    return f"{nom}\u00a0: {precision}" if nom and precision else nom or precision


def _donnees(ligne: LigneDonnees) -> DonneesLues:
    return DonneesLues(
        nom=libelle("categories_donnees", ligne.categorie),
        precision=ligne.description,
        sensible=ligne.categorie in SENSIBLE,
        exception=libelle("exceptions_art9", ligne.exception_art9) if ligne.exception_art9 else "",
        nir=ligne.categorie == "nir",
        alinea_nir=ligne.alinea_nir,
        duree=libelle_duree(ligne.duree),
        duree_manque=not est_definie(ligne.duree),
        archivage=ligne.archivage,
        sort=libelle("sorts_finaux", ligne.sort_final) if ligne.sort_final else "à déterminer",
        sort_manque=not ligne.sort_final,
        source=ligne.source,
    )


def _destinataires(fiche: Fiche, nature: str) -> tuple[str, ...]:
    return tuple(
        _avec(libelle("destinataires", d.categorie), d.precision)
        for d in fiche.destinataires
        if d.nature == nature
    )


def aipd_dite(fiche: Fiche) -> tuple[str, str]:
    """La conclusion sur l’analyse d’impact, et ce qui la fonde."""
    repondu = bool(fiche.aipd_type or fiche.aipd_criteres)
    try:
        conclusion = evaluer_aipd(
            fiche.aipd_type or (AUCUN_TYPE if repondu else ""), fiche.aipd_criteres, repondu=repondu
        )
    except ValueError:
        return "À déterminer", ""
    return conclusion.libelle, f"{conclusion.explication} ({conclusion.source})"


def coresponsables_dits(fiche: Fiche) -> str:
    return fiche.coresponsables or CORESPONSABLES.get(fiche.coresponsables_reponse, "")


def presenter(fiche: Fiche) -> FicheLue:
    """La fiche en toutes lettres."""
    aipd, explication = aipd_dite(fiche)
    return FicheLue(
        contenu=fiche,
        finalites=tuple(
            (f.libelle, libelle("bases_legales", f.base_legale) if f.base_legale else "", f.texte)
            for f in fiche.finalites
        ),
        personnes=tuple(
            (libelle("categories_personnes", p.categorie), p.precision, p.vulnerables)
            for p in fiche.personnes
        ),
        donnees=tuple(_donnees(ligne) for ligne in fiche.donnees),
        internes=_destinataires(fiche, "interne"),
        externes=_destinataires(fiche, "externe"),
        prestataires=tuple(
            _avec(p.nom, libelle("sous_traitants", p.type)) if p.nom else libelle("sous_traitants", p.type)
            for p in fiche.prestataires
        ),
        transferts=tuple(
            (
                t.destinataire,
                libelle("pays", t.pays),
                libelle("outils_transfert", t.outil) if t.outil else "",
                t.lien,
            )
            for t in fiche.transferts
        ),
        transferts_phrase=TRANSFERTS.get(fiche.transferts_reponse, ""),
        mesures=tuple(_avec(libelle("mesures_securite", m.mesure), m.precision) for m in fiche.mesures),
        coresponsables=coresponsables_dits(fiche),
        decision=_avec(DECISIONS.get(fiche.decision_automatisee, ""), fiche.decision_logique),
        aipd=aipd,
        aipd_explication=explication,
    )
