"""L’avenant proposé, à imprimer ou à retoucher dans un traitement de texte."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import BinaryIO

from dpd.comptes.entete import de_la_collectivite
from dpd.documents import docx_
from dpd.documents.imprime import Imprime, ecrire_courrier
from dpd.documents.modele import Paragraphe, Section
from dpd.documents.reponse import FORMATS as FORMATS_DE_REGISTRE
from dpd.regles.empreintes import empreinte_du_contenu
from dpd.regles.typographie import compte
from subtraitance.avenant import Avenant
from subtraitance.models import Contrat

AVERTISSEMENT = (
    "Projet à relire, compléter et négocier\u00a0: il n’engage personne tant qu’il n’est pas signé. "
    "Remplissez ce qui est entre crochets."
)
RIEN = "Aucune clause ne manque\u00a0: ce contrat n’appelle pas d’avenant."


@dataclass(frozen=True, slots=True)
class FormatDAvenant:
    libelle: str
    extension: str
    type_mime: str
    ecrire: Callable[[Imprime, BinaryIO], None]


FORMATS = MappingProxyType(
    {
        "pdf": FormatDAvenant("PDF", "pdf", FORMATS_DE_REGISTRE["pdf"].type_mime, ecrire_courrier),
        "docx": FormatDAvenant("DOCX", "docx", docx_.TYPE_MIME, docx_.ecrire),
    }
)


def avenant_en_document(contrat: Contrat, avenant: Avenant, maintenant: datetime) -> Imprime:
    """Le préambule, un article par clause, la place des signatures."""
    entete = de_la_collectivite(
        contrat.collectivite,
        titre="Avenant proposé",
        nature="Projet à négocier",
        version=compte(len(avenant.clauses), "clause"),
        empreinte=empreinte_du_contenu({"texte": avenant.texte}),
        maintenant=maintenant,
    )
    articles = tuple(
        Section(
            f"Article {clause.numero}\u00a0: {clause.titre}",
            (Paragraphe(clause.texte), Paragraphe(f"RGPD, art. {clause.article}", discret=True)),
        )
        for clause in avenant.clauses
    )
    corps = articles or (Section("Objet", (Paragraphe(RIEN),)),)
    signatures = (
        Paragraphe("Fait en deux exemplaires, le"),
        Paragraphe(f"Pour {contrat.collectivite.denomination}\u00a0:"),
        Paragraphe(f"Pour {contrat.sous_traitant.nom}\u00a0:"),
    )
    return Imprime(
        entete=entete,
        titre=avenant.titre,
        tete=(contrat.collectivite.denomination,),
        sections=(
            Section("", (Paragraphe(AVERTISSEMENT), Paragraphe(avenant.preambule))),
            *corps,
            *((Section("Signatures", signatures),) if articles else ()),
        ),
    )
