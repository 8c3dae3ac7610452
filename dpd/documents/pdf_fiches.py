"""Une fiche : titre, résumé, cartouche, puis ses sections avec la lettre de l’article 30 en marge."""

from collections.abc import Iterator

from dpd.documents import pdf_styles as style
from dpd.documents.cesure import Lettrage, Suite, couper_mixte
from dpd.documents.modele import Entete, Fiche, Section
from dpd.documents.pdf_balises import Balises, Element, chaine
from dpd.documents.pdf_bandes import Bande, Cadre, Colonne, Filet, Texte, rangee
from dpd.documents.pdf_blocs import bandes
from dpd.documents.pdf_encadres import avertissement, cartouche
from dpd.documents.pdf_pages import Pages, Tete
from dpd.documents.pdf_styles import (
    CAPACITE,
    CORPS_GAUCHE,
    CORPS_PLACE,
    DROITE,
    GAUCHE,
    HAUT_TITRE,
    MM,
    PLACE,
)

# Une section plus courte passe entière à la page suivante plutôt que d’être coupée.
SECTION_COURTE = CAPACITE * 0.4
MARGE = 2.7 * MM
CASE = 7 * MM


def ecrire_fiche(pages: Pages, fiche: Fiche, alinea: str, derniere: bool) -> int:
    """Écrit une fiche sur autant de pages qu’il faut ; rend le numéro d’objet de la première.

    ``alinea`` : l’avertissement à rappeler sous le titre. La dernière fiche finit par l’authenticité.
    """
    balises = pages.toile.balises
    article = balises.creer(b"Sect", balises.document, b"/T%b" % chaine(fiche.titre))
    premiere = pages.ouvrir(pages.garde(), Tete(fiche.reference, fiche.titre), HAUT_TITRE)
    pages.couler(_titre(fiche, alinea, balises, article))
    for section in fiche.sections:
        pages.couler_ensemble(list(_section(section, balises, article)), SECTION_COURTE)
        pages.descendre(MARGE)
    if derniere:
        pages.couler_ensemble(list(_authenticite(pages.entete, balises, article)), SECTION_COURTE)
    pages.fermer()
    balises.ecrire()
    return premiere.numero


def _titre(fiche: Fiche, alinea: str, balises: Balises, article: Element) -> Iterator[Bande]:
    titre = Colonne(GAUCHE, PLACE, fiche.titre, style.TITRE_1, balises.creer(b"H1", article))
    yield from rangee((titre,), CAPACITE / 2, apres=1.5 * MM)
    if fiche.sous_titre.strip():
        resume = Colonne(GAUCHE, PLACE, fiche.sous_titre, style.TEXTE_DOUX, balises.creer(b"P", article))
        yield from rangee((resume,), CAPACITE / 2)
    yield Bande(5 * MM)
    yield from avertissement(alinea, balises, article)
    yield from cartouche(fiche.cartouche, balises, article)


def _section(section: Section, balises: Balises, article: Element) -> Iterator[Bande]:
    titre = _titre_de_section(section, balises, article)
    corps = [bande for bloc in section.blocs for bande in bandes(bloc, balises, article)]
    if not corps:
        titre.hauteur = max(titre.hauteur, MARGE + CASE)
        titre.solidaire = False
    yield titre
    yield from corps


def _authenticite(entete: Entete, balises: Balises, article: Element) -> Iterator[Bande]:
    """Ce qui permet de vérifier, longtemps après, que le contenu n’a pas changé."""
    yield _titre_de_section(Section("Authenticité", ()), balises, article)
    groupes = " ".join(entete.empreinte[i : i + 8] for i in range(0, len(entete.empreinte), 8))
    parties = (("Empreinte SHA-256 du contenu\u00a0:", style.TEXTE), (groupes, style.EMPREINTE))
    element = balises.creer(b"P", article)
    for ligne in couper_mixte(parties, CORPS_PLACE):
        yield Bande(style.TEXTE.interligne, list(_sur_la_ligne(ligne, 0.0, style.TEXTE, element)))
    precisions = " · ".join(
        f"{libelle}\u00a0: {valeur}"
        for libelle, valeur in (
            ("Contenu", entete.version),
            ("Délégué à la protection des données", entete.dpd),
        )
        if valeur
    )
    if precisions:
        colonne = Colonne(CORPS_GAUCHE, CORPS_PLACE, precisions, style.NOTE, balises.creer(b"P", article))
        yield from rangee((colonne,), SECTION_COURTE, avant=1 * MM)


def _titre_de_section(section: Section, balises: Balises, article: Element) -> Bande:
    element = balises.creer(b"H2", article)
    bande = Bande(0.0, solidaire=True, separation=Filet(GAUCHE, 0.0, DROITE, 0.0, style.FILET))
    if section.repere:
        plume = style.CASE_MANQUE if section.manque else style.CASE
        bande.traits.append(Cadre(GAUCHE + 0.5, MARGE + 0.5, CASE - 1, CASE - 1, 0.6 * MM, plume))
        bande.textes.append(_lettre(section, balises.creer(b"Span", element, _dit(section))))
    haut = MARGE + 0.7 * MM
    parties = [(section.titre, style.TITRE_2)]
    if section.note:
        parties.append((section.note, style.NOTE))
    for ligne in couper_mixte(parties, CORPS_PLACE):
        bande.textes.extend(_sur_la_ligne(ligne, haut, style.TITRE_2, element))
        haut += style.TITRE_2.interligne
    bande.hauteur = haut + 1.5 * MM
    return bande


def _dit(section: Section) -> bytes:
    """Ce qu’un lecteur d’écran dit de la case en marge."""
    etat = "incomplète" if section.manque else "complète"
    return b"/Alt%b" % chaine(f"Rubrique {section.repere}, {etat}. ")


def _sur_la_ligne(ligne: tuple[Suite, ...], haut: float, base: Lettrage, element: Element) -> Iterator[Texte]:
    """Des textes de corps différents, posés sur la même ligne de base."""
    for x, texte, lettrage in ligne:
        ecart = base.base - lettrage.base
        yield Texte(CORPS_GAUCHE + x, haut + ecart, (texte,), lettrage, element)


def _lettre(section: Section, element: Element) -> Texte:
    lettrage = style.LETTRE_MANQUE if section.manque else style.LETTRE
    x = GAUCHE + (CASE - lettrage.mesure(section.repere)) / 2
    return Texte(x, MARGE + (CASE - lettrage.interligne) / 2, (section.repere,), lettrage, element)
