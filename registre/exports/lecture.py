"""De la base aux fiches à exporter : une requête pour tout un registre, deux de plus pour son histoire."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from django.db.models import TextField
from django.db.models.functions import Cast

from dpd.accompagnement.models import Reserve
from registre.ecriture import responsable_de
from registre.enums import EtatVersion
from registre.exports.instantane import AvisRendu, Decision, FicheExportee, VersionResumee
from registre.exports.releve import Relevee
from registre.models import VersionTraitement
from registre.regles.completude import evaluer
from registre.regles.contenu import depuis_dict, en_dict

SUITES = {EtatVersion.REMPLACEE: ", remplacée depuis", EtatVersion.ABROGEE: ", abrogée depuis"}
PAR_PAQUET = 200  # versions tenues ensemble en mémoire
COLONNES = (
    "traitement_id",
    "traitement__reference",
    "traitement__cree_le",
    "numero",
    "nom",
    "etat",
    "brut",
    "empreinte",
    "modifie_le",
    "adoptee_le",
)
# Un modèle porte un contenu et des sources : pour son seul nom, ils ne se lisent pas à chaque version.
INUTILES = (
    "contenu",
    "recherche",
    *(
        f"traitement__modele__{nom}"
        for nom in ("contenu", "durees", "sources", "vigilance", "recherche", "note_de_version")
    ),
)


@dataclass(frozen=True, slots=True)
class Entourage:
    """Ce qui accompagne les versions, par traitement, de la plus récente à la plus ancienne."""

    resumes: Mapping[int, tuple[VersionResumee, ...]] = field(default_factory=dict)
    avis: Mapping[int, tuple[AvisRendu, ...]] = field(default_factory=dict)
    decisions: Mapping[int, tuple[Decision, ...]] = field(default_factory=dict)


def relever(collectivite, requete, *, histoire: bool) -> Iterator[Relevee]:
    """Chaque version de la requête, telle qu’en base ; jamais plus d’un paquet en mémoire.

    ``histoire`` : avec l’avis, la décision et les versions, que seule une page imprimée montre. Une fiche
    en préparation porte le responsable d’aujourd’hui ; une fiche adoptée, celui de son adoption.
    """
    entourage = _entourage(collectivite, requete) if histoire else Entourage()
    responsable, fuseau = en_dict(responsable_de(collectivite)), collectivite.fuseau
    requete = requete.annotate(brut=Cast("contenu", TextField()))
    for (
        cle, reference, cree_le, numero, titre, etat, brut, empreinte, modifie_le, adoptee_le,
    ) in requete.values_list(*COLONNES).iterator(chunk_size=PAR_PAQUET):  # fmt: skip
        yield Relevee(
            reference=reference,
            numero=numero,
            titre=titre,
            etat=etat,
            brut=brut,
            responsable=responsable if etat == EtatVersion.BROUILLON else None,
            empreinte=empreinte,
            cree_le=cree_le.astimezone(fuseau),
            modifie_le=modifie_le.astimezone(fuseau),
            adoptee_le=adoptee_le.astimezone(fuseau) if adoptee_le else None,
            avis=_derniere(entourage.avis.get(cle, ()), numero),
            decision=_derniere(entourage.decisions.get(cle, ()), numero),
            versions=tuple(v for v in entourage.resumes.get(cle, ()) if v.numero <= numero),
        )


def ouvrir(relevee: Relevee) -> FicheExportee:
    """La fiche qui a été relevée, en objets du domaine."""
    contenu = depuis_dict(relevee.contenu)
    return FicheExportee(
        reference=relevee.reference,
        numero=relevee.numero,
        etat=relevee.etat,
        contenu=contenu,
        manquants=evaluer(contenu).manquants,
        empreinte=relevee.empreinte,
        cree_le=relevee.cree_le,
        modifie_le=relevee.modifie_le,
        adoptee_le=relevee.adoptee_le,
        avis=relevee.avis,
        decision=relevee.decision,
        versions=relevee.versions,
    )


def _entourage(collectivite, requete) -> Entourage:
    versions = (
        VersionTraitement.objects.filter(
            collectivite=collectivite, traitement_id__in=requete.order_by().values("traitement_id")
        )
        .exclude(etat=EtatVersion.RETIREE)
        .select_related("adoptee_par", "avis__rendu_par", "avis__suite", "traitement__modele")
        .defer(*INUTILES)
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
