"""Le registre des contrats de sous-traitance d’une collectivité (RGPD art. 28)."""

from collections.abc import Iterator
from datetime import date, datetime

from django.db.models import Prefetch

from dpd.comptes.entete import de_la_collectivite
from dpd.comptes.models import Collectivite
from dpd.documents.modele import Document
from dpd.regles.empreintes import empreinte_du_contenu
from dpd.regles.typographie import compte, date_courte
from subtraitance import contrats_lus
from subtraitance.annuaire_pays import lieu_dit
from subtraitance.exports.contrats_commun import registre_en_document
from subtraitance.models import Autorisation, Contrat
from subtraitance.regles.article_28 import manquants

TITRE = "Registre des contrats de sous-traitance"
VIDE = "Aucun contrat n’est noté."
COLONNES = (
    *(("Prestataire", 34), ("SIREN", 14), ("Objet", 44), ("Référence", 18), ("Début", 14), ("Terme", 14)),
    *(("État", 18), ("Clauses manquantes", 60), ("Sort des données", 18), ("Sous-traitance ultérieure", 34)),
    *(("Heures pour prévenir d’une violation", 16), ("Logiciels", 34), ("Fiches confiées", 30)),
    *(("Hébergement", 30), ("Autorisations", 60), ("Contrat signé", 30), ("Clos", 40)),
)


def contrats_en_document(collectivite: Collectivite, maintenant: datetime) -> Document:
    """Un nombre constant de requêtes."""
    jour = maintenant.astimezone(collectivite.fuseau).date()
    lignes = [tuple(_ligne(contrat, jour)) for contrat in _lire(collectivite)]
    entete = de_la_collectivite(
        collectivite,
        titre=TITRE,
        nature="Registre intégral",
        version=compte(len(lignes), "contrat"),
        empreinte=empreinte_du_contenu({"contrats": lignes}),
        maintenant=maintenant,
    )
    return registre_en_document(
        entete=entete,
        feuille="Contrats",
        colonnes=COLONNES,
        lignes=lignes,
        vide=VIDE,
        schema="contrats-sous-traitance/1",
    )


def _lire(collectivite: Collectivite):
    autorisations = Autorisation.objects.select_related("ulterieur__ulterieur").order_by("demandee_le", "pk")
    requete = contrats_lus.pour_page(collectivite).prefetch_related(
        "traitements__traitement", Prefetch("autorisations", queryset=autorisations)
    )
    return requete.order_by("sous_traitant__nom", "pk")


def _ligne(contrat: Contrat, jour: date) -> Iterator[str]:
    prestataire = contrat.sous_traitant
    reponses = contrats_lus.reponses_de(contrat)
    yield prestataire.nom
    yield prestataire.siren
    yield contrat.objet
    yield contrat.reference
    yield _dit(contrat.debut)
    yield _dit(contrat.fin)
    yield contrats_lus.terme_de(contrat, jour).etat.libelle
    yield "; ".join(p.libelle for p in manquants(reponses)) if reponses else "Jamais vérifiées"
    yield contrat.get_sort_choisi_display() if contrat.sort_choisi else ""
    yield contrat.get_autorisation_display()
    yield str(contrat.delai_violation or "")
    yield "; ".join(logiciel.nom for logiciel in contrats_lus.logiciels_de(contrat))
    yield "; ".join(str(t) for t in contrat.traitements.all() if t.retire_le is None)
    yield lieu_dit(prestataire.hebergement, prestataire.hebergement_pays)
    yield "; ".join(
        f"{a.ulterieur.ulterieur.nom}\u00a0: {a.get_decision_display().lower()}"
        for a in contrat.autorisations.all()
    )
    yield contrat.piece.nom if contrat.piece and not contrat.piece.est_retiree else ""
    yield contrat.motif_cloture


def _dit(jour: date | None) -> str:
    return date_courte(jour) if jour else ""
