"""Une fiche mise en page : les sections de l’article 30-1, a à g, puis ce qui l’entoure."""

from collections.abc import Iterable

from dpd.documents.modele import (
    Alerte,
    Bloc,
    Colonne,
    Fiche,
    Liste,
    Paires,
    Paragraphe,
    Section,
    Tableau,
)
from dpd.regles.typographie import INSECABLE, date_courte
from registre.exports.communicable import MESURES_RETIREES
from registre.exports.fiche_pdf_suites import decision_automatisee, information, suites
from registre.exports.instantane import FicheExportee, numero_de_fiche
from registre.exports.organisme import Organisme
from registre.exports.resumes import RESUMES, avec
from registre.lecture import DonneesLues, FicheLue, presenter
from registre.regles.contenu import LigneDonnees

A_PRECISER = "À préciser"
COLONNES_DE_TRANSFERT = (
    Colonne("Destinataire", 1.3),
    Colonne("Pays"),
    Colonne("Garanties", 1.4),
    Colonne("Document"),
)
DEMANDE_AU_DPD = "À déterminer, question posée au DPD"


def mettre_en_page(fiche: FicheExportee, organisme: Organisme, *, seule: bool = False) -> Fiche:
    """``seule`` : la fiche est tout le document, qui dit déjà son empreinte."""
    lue = presenter(fiche.contenu)
    return Fiche(
        titre=fiche.titre,
        sous_titre=fiche.contenu.description,
        reference=f"fiche {numero_de_fiche(fiche)}",
        cartouche=(
            ("Fiche", numero_de_fiche(fiche)),
            ("État", fiche.etat_dit),
            ("Dernière modification", date_courte(fiche.modifie_le.date())),
            ("Éléments obligatoires", fiche.elements_dits),
        ),
        sections=(
            _responsable(fiche, lue, organisme),
            _finalites(fiche, lue),
            _personnes(fiche, lue),
            _donnees(fiche, lue),
            _destinataires(fiche, lue),
            _transferts(fiche, lue),
            _mesures(fiche),
            information(lue),
            decision_automatisee(lue),
            *suites(fiche, lue, seule),
        ),
    )


def _section(fiche: FicheExportee, lettre: str, titre: str, blocs: Iterable[Bloc], note: str = "") -> Section:
    """Une section de l’article 30 ; ce qui y manque est nommé dans un encadré."""
    manque = fiche.manque(lettre)
    quand = "À compléter" if fiche.adoptee_le else "À compléter avant adoption"
    alertes = (Alerte(f"{quand}{INSECABLE}: {manque}."),) if manque else ()
    return Section(titre, (*blocs, *alertes), lettre, manque=bool(manque), note=note)


def _paires(lignes: Iterable[tuple[str, str]]) -> tuple[Bloc, ...]:
    remplies = tuple((libelle, valeur) for libelle, valeur in lignes if valeur)
    return (Paires(remplies),) if remplies else ()


def _enumerer(elements: tuple[str, ...]) -> tuple[Bloc, ...]:
    """Une phrase pour un élément, une liste pour plusieurs."""
    if len(elements) > 1:
        return (Liste(elements),)
    return tuple(Paragraphe(f"{element}.") for element in elements)


def _joindre(une: str, autre: str, lien: str = ", ") -> str:
    return lien.join(partie for partie in (une, autre) if partie)


def _responsable(fiche: FicheExportee, lue: FicheLue, organisme: Organisme) -> Section:
    qui = fiche.contenu.responsable
    represente = f"{organisme.representee} par {qui.representant}" if qui.representant else ""
    lignes = (
        (
            "Responsable de traitement",
            _joindre(_joindre(qui.denomination, represente), qui.coordonnees, "\n"),
        ),
        ("Délégué à la protection", _joindre(qui.dpd, qui.dpd_coordonnees, "\n")),
        ("Responsable conjoint", lue.coresponsables),
        ("Service", fiche.contenu.service),
        ("Logiciels et supports", fiche.contenu.logiciels),
    )
    return _section(fiche, "a", "Responsable et contacts", _paires(lignes))


def _finalites(fiche: FicheExportee, lue: FicheLue) -> Section:
    lignes = tuple(
        (but or A_PRECISER, base or A_PRECISER, texte or "–") for but, base, texte in lue.finalites
    )
    colonnes = (Colonne("Pourquoi", 1.9), Colonne("Base légale"), Colonne("Texte", 1.4))
    blocs = (Tableau(colonnes, lignes),) if lignes else ()
    return _section(fiche, "b", "Finalités", blocs, "et base légale de chacune")


def _personnes(fiche: FicheExportee, lue: FicheLue) -> Section:
    elements = tuple(
        avec(nom, precision) + (" (personnes vulnérables)" if fragiles else "")
        for nom, precision, fragiles in lue.personnes
    )
    return _section(fiche, "c", "Personnes concernées", _enumerer(elements))


def _donnees(fiche: FicheExportee, lue: FicheLue) -> Section:
    lignes = tuple(
        (_nom(ligne), _duree(ligne, brute), _sort(ligne, brute))
        for ligne, brute in zip(lue.donnees, fiche.contenu.donnees, strict=True)
    )
    colonnes = (Colonne("Données", 1.9), Colonne("Durée", 1.1), Colonne("Sort final", 1.1))
    blocs = (Tableau(colonnes, lignes),) if lignes else ()
    return _section(fiche, "f", "Données (c) et durées de conservation (f)", blocs)


def _nom(ligne: DonneesLues) -> str:
    suites = (
        f"Donnée sensible{INSECABLE}: {ligne.exception or 'exception à préciser'}" if ligne.sensible else "",
        f"Décret n°{INSECABLE}2019-341{INSECABLE}: {ligne.alinea_nir or 'alinéa à préciser'}"
        if ligne.nir
        else "",
        f"Source{INSECABLE}: {ligne.source}" if ligne.source else "",
    )
    nom = avec(ligne.nom, ligne.precision) or A_PRECISER
    return "\n".join((nom, *(suite for suite in suites if suite)))


def _duree(ligne: DonneesLues, brute: LigneDonnees) -> str:
    duree = ligne.duree[:1].upper() + ligne.duree[1:]
    if ligne.duree_manque:
        duree = DEMANDE_AU_DPD if brute.duree.inconnue else A_PRECISER
    return f"{duree}\nArchivage{INSECABLE}: {ligne.archivage}" if ligne.archivage else duree


def _sort(ligne: DonneesLues, brute: LigneDonnees) -> str:
    if brute.sort_inconnu:
        return DEMANDE_AU_DPD
    return A_PRECISER if ligne.sort_manque else ligne.sort


def _destinataires(fiche: FicheExportee, lue: FicheLue) -> Section:
    lignes = (
        ("Dans l’organisme", "\n".join(lue.internes)),
        ("Sous-traitants" if len(lue.prestataires) > 1 else "Sous-traitant", "\n".join(lue.prestataires)),
        ("Hors de l’organisme", "\n".join(lue.externes)),
    )
    return _section(fiche, "d", "Destinataires", _paires(lignes))


def _transferts(fiche: FicheExportee, lue: FicheLue) -> Section:
    blocs: list[Bloc] = [Paragraphe(lue.transferts_phrase)] if lue.transferts_phrase else []
    if lue.transferts:
        lignes = tuple(
            (qui or A_PRECISER, pays or A_PRECISER, outil or A_PRECISER, lien or "–")
            for qui, pays, outil, lien in lue.transferts
        )
        blocs.append(Tableau(COLONNES_DE_TRANSFERT, lignes))
    return _section(fiche, "e", "Transferts hors de l’Union européenne", blocs)


def _mesures(fiche: FicheExportee) -> Section:
    if fiche.communicable:
        return _section(fiche, "g", "Mesures de sécurité", (Paragraphe(MESURES_RETIREES),))
    note = "retirées de la version communicable"
    return _section(
        fiche, "g", "Mesures de sécurité", _enumerer(tuple(RESUMES["mesures"](fiche.contenu))), note
    )
