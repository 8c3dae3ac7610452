"""L’identité d’un PDF : catalogue, titre, auteur, langue, dates, métadonnées XMP."""

from datetime import datetime
from xml.sax.saxutils import escape

from dpd.documents.modele import Entete
from dpd.documents.pdf_balises import chaine
from dpd.documents.pdf_flux import DocumentEnFlux
from dpd.documents.surete import sans_controle

LANGUE = "fr-FR"
LOGICIEL = "DPD mutualisé"

_XMP = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:pdf="http://ns.adobe.com/pdf/1.3/">
<dc:format>application/pdf</dc:format>
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{titre}</rdf:li></rdf:Alt></dc:title>
<dc:creator><rdf:Seq><rdf:li>{auteur}</rdf:li></rdf:Seq></dc:creator>
<dc:description><rdf:Alt><rdf:li xml:lang="x-default">{sujet}</rdf:li></rdf:Alt></dc:description>
<dc:language><rdf:Bag><rdf:li>{langue}</rdf:li></rdf:Bag></dc:language>
<dc:identifier>sha256:{empreinte}</dc:identifier>
<xmp:CreateDate>{date}</xmp:CreateDate><xmp:ModifyDate>{date}</xmp:ModifyDate>
<xmp:CreatorTool>{logiciel}</xmp:CreatorTool><pdf:Producer>{logiciel}</pdf:Producer>
</rdf:Description></rdf:RDF></x:xmpmeta>
<?xpacket end="r"?>"""


def date_pdf(instant: datetime) -> bytes:
    """``D:20261123094500+01'00'`` (ISO 32000-1 §7.9.4)."""
    decalage = instant.strftime("%z") or "+0000"
    return f"(D:{instant:%Y%m%d%H%M%S}{decalage[:3]}'{decalage[3:5]}')".encode()


def ecrire_identite(
    flux: DocumentEnFlux, entete: Entete, titre: str, balises: int, signets: int
) -> tuple[int, int]:
    """Écrit le catalogue et les informations ; rend leurs numéros d’objets.

    ``balises`` et ``signets`` : les numéros de leurs racines.
    """
    auteur, date = entete.auteur or entete.organisme, date_pdf(entete.edite_le)
    sujet = ", ".join(texte for texte in (entete.organisme, entete.nature, entete.version) if texte)
    metadonnees = flux.reserver()
    xmp = _XMP.format(
        titre=_xml(titre),
        auteur=_xml(auteur),
        sujet=_xml(sujet),
        langue=LANGUE,
        empreinte=_xml(entete.empreinte),
        date=entete.edite_le.isoformat(timespec="seconds"),
        logiciel=LOGICIEL,
    ).encode("utf-8")
    # Non compressées : un outil qui ne sait pas lire le PDF doit pouvoir les lire (§14.3.2).
    tete = b"<</Type/Metadata/Subtype/XML/Length %d>>" % len(xmp)
    flux.fichier.isole(metadonnees, tete + b"\nstream\n" + xmp + b"\nendstream")
    info = flux.objet(
        b"<</Title%b/Author%b/Subject%b/Creator%b/Producer%b/CreationDate%b/ModDate%b>>"
        % (chaine(titre), chaine(auteur), chaine(sujet), chaine(LOGICIEL), chaine(LOGICIEL), date, date)
    )
    racine = flux.objet(
        b"<</Type/Catalog/Pages %d 0 R/Lang(%b)/MarkInfo<</Marked true>>/StructTreeRoot %d 0 R"
        b"/Outlines %d 0 R/PageMode/UseOutlines/ViewerPreferences<</DisplayDocTitle true>>/Metadata %d 0 R>>"
        % (flux.arbre, LANGUE.encode(), balises, signets, metadonnees)
    )
    return racine, info


def _xml(texte: str) -> str:
    return escape(sans_controle(texte))
