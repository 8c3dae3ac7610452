"""Le registre de l’article 30-1 en un document ; une seule définition pour les cinq formats."""

from collections.abc import Callable, Iterator
from datetime import datetime
from functools import partial
from types import MappingProxyType
from typing import Any

from django.db.models import QuerySet

from dpd.documents.modele import Document, Entete, Feuille, Fiche
from dpd.regles.typographie import compte, instant_court
from registre.exports import communicable as occultation
from registre.exports.cnil import feuilles_cnil
from registre.exports.feuilles import feuilles_registre
from registre.exports.fiche_pdf import mettre_en_page
from registre.exports.instantane import FicheExportee, numero_de_fiche
from registre.exports.lecture import ouvrir, relever
from registre.exports.organisme import Organisme, organisme_de
from registre.exports.releve import Releve, Relevee
from registre.models import VersionTraitement
from registre.regles.contenu import en_dict

INTEGRAL = "Extrait intégral"
TITRE = "Registre des activités de traitement, article 30-1 du RGPD"
META = {"schema": "registre-art30/1"}  # la forme des enregistrements JSON, pour qui les relit

# La forme du classeur suit le format : celle du modèle de la CNIL en ODS, des tableaux ailleurs.
Classeur = Callable[[Releve, Organisme], Iterator[Feuille]]
CLASSEURS: MappingProxyType[str, Classeur] = MappingProxyType({"ods": feuilles_cnil})
# Un tableau ou des données ne montrent ni avis, ni décision, ni versions passées.
SANS_HISTOIRE = frozenset({"csv", "json", "ods", "xlsx"})


def registre_art30(
    collectivite,
    requete: QuerySet,
    *,
    maintenant: datetime,
    nature: str = INTEGRAL,
    communicable: bool = False,
    auteur: str = "",
    format: str = "",
    imprime: bool | None = None,
) -> Document:
    """Le registre que forment les versions de ``requete`` (voir ``registre.exports.selection``).

    ``maintenant`` : instant aware, dit dans le fuseau de la collectivité. ``communicable`` retire la
    sécurité, les avis et les noms d’agents (CRPA, L. 311-5 et L. 311-6), et l’écrit partout.
    ``format`` : celui du fichier voulu, pour la forme du classeur. ``imprime`` : le document s’écrira en
    PDF, il faut donc son histoire (avis, décision, versions) ; par défaut, selon le format. Trois requêtes
    au plus, quel que soit le nombre de fiches ; la base n’est plus lue ensuite.
    """
    histoire = format not in SANS_HISTOIRE if imprime is None else imprime
    organisme, releve = _relever(collectivite, requete, communicable, histoire)
    entete = Entete(
        titre=TITRE,
        organisme=organisme.denomination,
        siren=organisme.siren,
        responsable=organisme.representant,
        dpd=organisme.dpd,
        nature=occultation.NATURE if communicable else nature,
        edite_le=maintenant.astimezone(collectivite.fuseau),
        version=_version_du_registre(releve),
        empreinte=releve.empreinte,
        auteur="" if communicable else auteur,
    )
    return _document(entete, organisme, releve, format, histoire, seule=False)


def fiche_art30(
    collectivite,
    version: VersionTraitement,
    *,
    maintenant: datetime,
    communicable: bool = False,
    auteur: str = "",
    format: str = "",
) -> Document:
    """Une seule version, sans page de garde ; l’empreinte est celle de son contenu intégral."""
    requete = VersionTraitement.objects.filter(pk=version.pk).select_related("traitement__modele")
    histoire = format not in SANS_HISTOIRE
    organisme, releve = _relever(collectivite, requete, communicable, histoire)
    fiche = next(iter(releve))
    entete = Entete(
        titre=TITRE,
        organisme=organisme.denomination,
        siren=organisme.siren,
        responsable=organisme.representant,
        dpd=organisme.dpd,
        nature=occultation.NATURE if communicable else INTEGRAL,
        edite_le=maintenant.astimezone(collectivite.fuseau),
        version=f"Fiche {numero_de_fiche(fiche)}, {_modifiee(fiche.modifie_le)}",
        empreinte=fiche.empreinte,
        auteur="" if communicable else auteur,
    )
    return _document(entete, organisme, releve, format, histoire, seule=True)


def _relever(collectivite, requete: QuerySet, communicable: bool, histoire: bool) -> tuple[Organisme, Releve]:
    organisme = organisme_de(collectivite)
    relevees = relever(collectivite, requete, histoire=histoire)
    if not communicable:
        return organisme, Releve(relevees, ouvrir)
    dpd = occultation.DpdPublic(collectivite.structure.nom, collectivite.denomination)
    return (
        occultation.occulter_organisme(organisme, dpd),
        Releve(relevees, lambda relevee: occultation.occulter(ouvrir(relevee), dpd)),
    )


def _version_du_registre(releve: Releve) -> str:
    fiches = compte(len(releve.reperes), "fiche")
    return f"{fiches}, {_modifiee(releve.modifie_le)}" if releve.modifie_le else fiches


def _modifiee(instant: datetime) -> str:
    return f"dernière modification le {instant_court(instant)}"


def _document(
    entete: Entete, organisme: Organisme, releve: Releve, format: str, histoire: bool, seule: bool
) -> Document:
    return Document(
        entete=entete,
        fiches=partial(_pages, releve, organisme, seule) if histoire else _refuser_d_imprimer,
        feuilles=partial(CLASSEURS.get(format, feuilles_registre), releve, organisme),
        enregistrements=partial(_enregistrements, releve, organisme.communicable),
        sommaire=() if seule else tuple(repere.titre for repere in releve.reperes),
        avertissement=occultation.AVERTISSEMENT if organisme.communicable else "",
        meta=META,
    )


def _refuser_d_imprimer() -> Iterator[Fiche]:
    """Une page dirait « pas d’avis » d’une fiche dont l’avis n’a pas été lu."""
    raise ValueError("Ce registre a été relevé sans son histoire : il ne s’imprime pas.")


def _pages(releve: Releve, organisme: Organisme, seule: bool) -> Iterator[Fiche]:
    for fiche in releve:
        yield mettre_en_page(fiche, organisme, seule=seule)


def _enregistrements(releve: Releve, communicable: bool) -> Iterator[dict[str, Any]]:
    if communicable:
        return (_enregistrement(fiche, en_dict(fiche.contenu)) for fiche in releve)
    return (_enregistrement(relevee, relevee.contenu) for relevee in releve.relevees())


def _enregistrement(fiche: Relevee | FicheExportee, contenu: dict[str, Any]) -> dict[str, Any]:
    return {
        "reference": fiche.reference,
        "version": fiche.numero,
        "etat": fiche.etat,
        "adoptee_le": fiche.adoptee_le,
        "empreinte": fiche.empreinte,
        "contenu": contenu,
    }
