"""De la base aux fiches à exporter : trois requêtes pour tout un registre, une version à la fois."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from dpd.accompagnement.models import Reserve
from registre.ecriture import responsable_de
from registre.enums import EtatVersion
from registre.exports.instantane import AvisRendu, Decision, FicheExportee, VersionResumee
from registre.models import VersionTraitement
from registre.regles.completude import evaluer
from registre.regles.contenu import depuis_dict

SUITES = {EtatVersion.REMPLACEE: ", remplacée depuis", EtatVersion.ABROGEE: ", abrogée depuis"}
PAR_PAQUET = 200  # versions tenues ensemble en mémoire


@dataclass(frozen=True, slots=True)
class Entourage:
    """Ce qui accompagne les versions, par traitement, de la plus récente à la plus ancienne."""

    resumes: Mapping[int, tuple[VersionResumee, ...]]
    avis: Mapping[int, tuple[AvisRendu, ...]]
    decisions: Mapping[int, tuple[Decision, ...]]


def lire_fiches(collectivite, requete) -> Iterator[FicheExportee]:
    """Chaque version de la requête, prête à exporter ; jamais plus d’un paquet en mémoire."""
    entourage = _entourage(collectivite, requete)
    responsable = responsable_de(collectivite)
    for version in requete.iterator(chunk_size=PAR_PAQUET):
        yield _fiche(version, entourage, responsable, collectivite.fuseau)


def _entourage(collectivite, requete) -> Entourage:
    versions = (
        VersionTraitement.objects.filter(
            collectivite=collectivite, traitement_id__in=requete.order_by().values("traitement_id")
        )
        .exclude(etat=EtatVersion.RETIREE)
        .defer("contenu", "recherche")
        .select_related("adoptee_par", "avis__rendu_par", "avis__suite", "traitement__modele")
        .order_by("-numero")
    )
    reserves = _reserves(collectivite)
    resumes, avis, decisions = defaultdict(list), defaultdict(list), defaultdict(list)
    for version in versions.iterator(chunk_size=PAR_PAQUET):
        cle, fuseau = version.traitement_id, collectivite.fuseau
        resumes[cle].append(_resume(version, fuseau))
        if version.avis is not None:
            avis[cle].append(_avis(version, reserves, fuseau))
        if version.adoptee_le is not None:
            decisions[cle].append(_decision(version, fuseau))
    return Entourage(
        *({cle: tuple(lignes) for cle, lignes in table.items()} for table in (resumes, avis, decisions))
    )


def _reserves(collectivite) -> dict[int, list[str]]:
    lignes = Reserve.objects.filter(collectivite=collectivite).order_by("avis_id", "ordre")
    reserves = defaultdict(list)
    for avis, texte in lignes.values_list("avis_id", "texte"):
        reserves[avis].append(texte)
    return reserves


def _avis(version, reserves, fuseau) -> AvisRendu:
    avis = version.avis
    return AvisRendu(
        version=version.numero,
        sens=avis.get_sens_display(),
        texte=avis.texte,
        reserves=tuple(reserves.get(avis.pk, ())),
        par=str(avis.rendu_par),
        le=avis.rendu_le.astimezone(fuseau),
    )


def _decision(version, fuseau) -> Decision:
    suite = getattr(version.avis, "suite", None)
    abrogee = version.etat == EtatVersion.ABROGEE and version.fin_le
    return Decision(
        version=version.numero,
        par=str(version.adoptee_par),
        le=version.adoptee_le.astimezone(fuseau),
        suite=suite.get_sens_display() if suite else "",
        motif=version.motif_abrogation or version.motif_decision,
        abrogee_le=version.fin_le.astimezone(fuseau) if abrogee else None,
    )


def _resume(version, fuseau) -> VersionResumee:
    modele = version.traitement.modele if version.numero == 1 else None
    suite = f", créée depuis le modèle «\u00a0{modele.nom}\u00a0»" if modele else ""
    if version.adoptee_le:
        le, objet, par = version.adoptee_le, "Adoptée", str(version.adoptee_par)
        suite += SUITES.get(version.etat, "")
    elif version.etat == EtatVersion.BROUILLON or version.transmise_le is None:
        le, objet, par = version.modifie_le, "Brouillon, non adopté", ""
    else:
        le, objet, par = version.transmise_le, "Transmise au DPD, non adoptée", ""
    return VersionResumee(version.numero, le.astimezone(fuseau), objet, par, suite)


def _derniere(lignes, numero: int):
    """La plus récente qui ne dépasse pas la version exportée."""
    return next((ligne for ligne in lignes if ligne.version <= numero), None)


def _fiche(version, entourage: Entourage, responsable, fuseau) -> FicheExportee:
    contenu = depuis_dict(version.contenu)
    if version.est_modifiable:
        contenu = replace(contenu, responsable=responsable)
    cle = version.traitement_id
    return FicheExportee(
        reference=version.traitement.reference,
        numero=version.numero,
        etat=version.etat,
        contenu=contenu,
        manquants=evaluer(contenu).manquants,
        empreinte=version.empreinte,
        cree_le=version.traitement.cree_le.astimezone(fuseau),
        modifie_le=version.modifie_le.astimezone(fuseau),
        adoptee_le=version.adoptee_le.astimezone(fuseau) if version.adoptee_le else None,
        avis=_derniere(entourage.avis.get(cle, ()), version.numero),
        decision=_derniere(entourage.decisions.get(cle, ()), version.numero),
        versions=tuple(v for v in entourage.resumes.get(cle, ()) if v.numero <= version.numero),
    )
