"""L’annuaire des prestataires d’une structure ; leur nombre de collectivités, jamais leur nom."""

from collections.abc import Iterator
from datetime import date, datetime

from django.db.models import Prefetch

from dpd.comptes.entete import de_la_structure
from dpd.comptes.models import Structure
from dpd.documents.modele import Document
from dpd.regles.empreintes import empreinte_du_contenu
from dpd.regles.typographie import compte, date_courte
from subtraitance import annuaire_lu
from subtraitance.actions.annuaire_commun import jour_de
from subtraitance.annuaire_pays import lieu_dit
from subtraitance.exports.contrats_commun import registre_en_document
from subtraitance.models import Certification, Logiciel, SousTraitant, SousTraitantUlterieur

TITRE = "Annuaire des prestataires"
VIDE = "L’annuaire est vide."
COLONNES = (
    *(("Prestataire", 34), ("SIREN", 14), ("État", 14), ("Type", 34), ("Adresse", 34), ("Site", 28)),
    *(("Courriel", 28), ("Téléphone", 18), ("Courriel en cas d’incident", 28)),
    *(("Téléphone en cas d’incident", 18), ("Délégué", 28), ("Courriel du délégué", 28)),
    *(("Hébergement", 34), ("Logiciels", 40), ("Certifications", 50), ("Sous-traitants", 50)),
    ("Collectivités liées", 12),
)


def annuaire_en_document(structure: Structure, maintenant: datetime) -> Document:
    """Quatre requêtes, quelle que soit la longueur de l’annuaire."""
    jour = jour_de(structure, maintenant)
    lignes = [tuple(_ligne(fiche, jour)) for fiche in _lire(structure, jour)]
    entete = de_la_structure(
        structure,
        titre=TITRE,
        nature="Annuaire intégral",
        version=compte(len(lignes), "prestataire"),
        empreinte=empreinte_du_contenu({"prestataires": lignes}),
        maintenant=maintenant,
    )
    return registre_en_document(
        entete=entete,
        feuille="Prestataires",
        colonnes=COLONNES,
        lignes=lignes,
        vide=VIDE,
        schema="annuaire-prestataires/1",
    )


def _lire(structure: Structure, jour: date):
    ulterieurs = SousTraitantUlterieur.objects.filter(retire_le__isnull=True).select_related("ulterieur")
    return annuaire_lu.avec_le_nombre(annuaire_lu.annuaire(structure), jour).prefetch_related(
        Prefetch("logiciels", queryset=Logiciel.objects.filter(retire_le__isnull=True)),
        Prefetch("certifications", queryset=Certification.objects.filter(retiree_le__isnull=True)),
        Prefetch("ulterieurs", queryset=ulterieurs),
    )


def _ligne(fiche: SousTraitant, jour: date) -> Iterator[str]:
    yield fiche.nom
    yield fiche.siren
    yield annuaire_lu.etat_de(fiche).libelle
    yield fiche.get_type_display() if fiche.type else ""
    yield fiche.adresse.replace("\n", ", ")
    yield from (fiche.site, fiche.courriel, fiche.telephone)
    yield from (fiche.securite_courriel, fiche.securite_telephone, fiche.dpd_nom, fiche.dpd_courriel)
    yield lieu_dit(fiche.hebergement, fiche.hebergement_pays)
    yield "; ".join(logiciel.nom for logiciel in fiche.logiciels.all())
    yield "; ".join(_certification(certification, jour) for certification in fiche.certifications.all())
    yield "; ".join(f"{lien.ulterieur.nom} ({lien.activite})" for lien in fiche.ulterieurs.all())
    yield str(fiche.liees)


def _certification(certification: Certification, jour: date) -> str:
    if certification.expire_le is None:
        return f"{certification.nom}, sans terme connu"
    mot = "expirée le" if certification.expire_le < jour else "jusqu’au"
    return f"{certification.nom}, {mot} {date_courte(certification.expire_le)}"
