"""Ce que l’article 30 n’exige pas mais qu’un contrôle demande : droits, AIPD, avis, décision, versions."""

from collections.abc import Iterator

from dpd.documents.modele import AvisDecision, Bloc, Colonne, Paragraphe, Section, Tableau
from dpd.regles.typographie import INSECABLE, compte, date_courte
from registre.exports.communicable import AVIS_RETIRES
from registre.exports.instantane import AvisRendu, Decision, FicheExportee
from registre.lecture import FicheLue


def information(lue: FicheLue) -> Section:
    """Comment les personnes sont prévenues (art. 13 et 14) et où elles exercent leurs droits."""
    droits = (
        f"Droits des personnes (RGPD, art.{INSECABLE}15 à 22)\u00a0: auprès du responsable de traitement ou "
        "du délégué, aux coordonnées du point a\u202f; réclamation possible auprès de la CNIL "
        f"(art.{INSECABLE}77)."
    )
    information = lue.contenu.information or "Information des personnes\u00a0: à préciser."
    return Section("Information et droits des personnes", (Paragraphe(information), Paragraphe(droits)))


def decision_automatisee(lue: FicheLue) -> Section:
    """RGPD art. 22."""
    return Section("Décision automatisée", (Paragraphe(lue.decision),))


def suites(fiche: FicheExportee, lue: FicheLue, seule: bool) -> Iterator[Section]:
    """Analyse d’impact, avis et décision, versions."""
    motif = (Paragraphe(lue.contenu.aipd_motif),) if lue.contenu.aipd_motif else ()
    explication = f"{lue.aipd}. {lue.aipd_explication}" if lue.aipd_explication else f"{lue.aipd}."
    yield Section("Analyse d’impact", (Paragraphe(explication), *motif))
    yield Section("Avis et décision", (_avis_et_decision(fiche),))
    yield Section("Versions", tuple(_versions(fiche, seule)))


def _avis_et_decision(fiche: FicheExportee) -> Bloc:
    if fiche.communicable:
        return Paragraphe(AVIS_RETIRES)
    return AvisDecision(
        ("Le DPD conseille", *_avis(fiche.avis, fiche)),
        ("Le responsable de traitement décide", *_decision(fiche.decision, fiche)),
    )


def _avis(avis: AvisRendu | None, fiche: FicheExportee) -> Iterator[str]:
    if avis is None:
        attendu = (
            "Avis demandé, pas encore rendu." if fiche.etat == "transmise" else "Pas d’avis sur cette fiche."
        )
        yield attendu
        return
    yield f"{avis.par}, {date_courte(avis.le.date())}, sur la version {avis.version}"
    reserves = f", {compte(len(avis.reserves), 'réserve')}" if avis.reserves else ""
    yield f"{avis.sens}{reserves}."
    yield avis.texte
    yield from (f"{rang}. {reserve}" for rang, reserve in enumerate(avis.reserves, 1))


def _decision(decision: Decision | None, fiche: FicheExportee) -> Iterator[str]:
    if decision is None:
        yield "Décision à venir."
        return
    yield f"{decision.par}, {date_courte(decision.le.date())}"
    suite = f", {decision.suite.lower()}" if decision.suite else ""
    suivante = (
        f" La version {fiche.numero} n’est pas encore adoptée." if decision.version != fiche.numero else ""
    )
    yield f"Version {decision.version} adoptée{suite}.{suivante}"
    if decision.abrogee_le:
        yield f"Abrogée le {date_courte(decision.abrogee_le.date())}."
    if decision.motif:
        yield f"Motif\u00a0: {decision.motif}"


def _versions(fiche: FicheExportee, seule: bool) -> Iterator[Bloc]:
    colonnes = (Colonne("Version", 0.6), Colonne("Date", 1), Colonne("Objet", 3))
    lignes = tuple((str(v.numero), date_courte(v.le.date()), v.phrase) for v in fiche.versions)
    yield Tableau(colonnes, lignes)
    if not seule:
        groupes = " ".join(fiche.empreinte[i : i + 8] for i in range(0, len(fiche.empreinte), 8))
        yield Paragraphe(f"Empreinte SHA-256 de la fiche\u00a0: {groupes}", discret=True)
