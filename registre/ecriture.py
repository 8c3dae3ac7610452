"""La seule plume du registre : écrire le contenu d’une version et ce qui s’en déduit.

Le contenu (``registre.regles.contenu.Fiche``) fait foi ; les colonnes de tri et les lignes
interrogeables en sont tirées dans la même transaction.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from dpd import vocabulaire
from dpd.regles.empreintes import empreinte_du_contenu
from dpd.regles.texte import normaliser
from registre.enums import EtatVersion
from registre.models import (
    Destinataire,
    DonneesTraitees,
    Finalite,
    MesureSecurite,
    PersonnesConcernees,
    Recours,
    Transfert,
    VersionTraitement,
)
from registre.regles import contenu as pivot
from registre.regles.completude import evaluer, lettres_manquantes

SESSION_DE_SAISIE = timedelta(minutes=15)  # une saisie continue fait une seule ligne d’historique
LONGUEUR_RECHERCHE = 6000


def responsable_de(collectivite) -> pivot.Responsable:
    """RGPD art. 30-1 a, tel que le compte de la collectivité le dit aujourd’hui."""
    return pivot.Responsable(
        denomination=collectivite.denomination,
        siren=collectivite.siren,
        representant=collectivite.representant,
        coordonnees=", ".join(
            t
            for t in (collectivite.adresse.replace("\n", ", "), collectivite.courriel, collectivite.telephone)
            if t
        ),
        dpd=collectivite.dpd,
        dpd_coordonnees=collectivite.dpd_coordonnees,
    )


def fiche_de(version: VersionTraitement) -> pivot.Fiche:
    """Le contenu d’une version ; tant qu’elle se prépare, le responsable est celui d’aujourd’hui."""
    fiche = pivot.depuis_dict(version.contenu)
    return (
        replace(fiche, responsable=responsable_de(version.collectivite)) if version.est_modifiable else fiche
    )


def _finalites(fiche):
    for ligne in fiche.finalites:
        yield Finalite(
            libelle=ligne.libelle,
            base_legale=ligne.base_legale,
            texte=ligne.texte,
            principale=ligne.principale,
        )


def _personnes(fiche):
    for ligne in fiche.personnes:
        yield PersonnesConcernees(
            categorie=ligne.categorie, precision=ligne.precision, vulnerables=ligne.vulnerables
        )


def _donnees(fiche):
    for ligne in fiche.donnees:
        yield DonneesTraitees(
            categorie=ligne.categorie,
            description=ligne.description,
            source=ligne.source,
            exception_art9=ligne.exception_art9,
            alinea_nir=ligne.alinea_nir,
            duree_nombre=ligne.duree.nombre,
            duree_unite=ligne.duree.unite,
            duree_evenement=ligne.duree.evenement,
            duree_inconnue=ligne.duree.inconnue,
            archivage=ligne.archivage,
            sort_final=ligne.sort_final,
            sort_inconnu=ligne.sort_inconnu,
        )


def _destinataires(fiche):
    for ligne in fiche.destinataires:
        yield Destinataire(nature=ligne.nature, categorie=ligne.categorie, precision=ligne.precision)


def _recours(fiche):
    for ligne in fiche.prestataires:
        yield Recours(type=ligne.type, nom=ligne.nom)


def _transferts(fiche):
    for ligne in fiche.transferts:
        yield Transfert(destinataire=ligne.destinataire, pays=ligne.pays, outil=ligne.outil, lien=ligne.lien)


def _mesures(fiche):
    for ligne in fiche.mesures:
        yield MesureSecurite(mesure=ligne.mesure, precision=ligne.precision)


PROJECTIONS = {
    Finalite: ("finalites", _finalites),
    PersonnesConcernees: ("personnes", _personnes),
    DonneesTraitees: ("donnees", _donnees),
    Destinataire: ("destinataires", _destinataires),
    Recours: ("prestataires", _recours),
    Transfert: ("transferts", _transferts),
    MesureSecurite: ("mesures", _mesures),
}


def _base_principale(fiche: pivot.Fiche) -> str:
    principales = [f for f in fiche.finalites if f.principale] or list(fiche.finalites)
    return principales[0].base_legale if principales else ""


def _cle_de_recherche(fiche: pivot.Fiche) -> str:
    morceaux = [fiche.nom, fiche.description, fiche.service, fiche.logiciels]
    morceaux += [f.libelle for f in fiche.finalites]
    morceaux += [vocabulaire.CategoriePersonnes(p.categorie).label for p in fiche.personnes]
    morceaux += [d.description for d in fiche.donnees]
    morceaux += [p.nom for p in fiche.prestataires]
    return normaliser(" ".join(morceaux))[:LONGUEUR_RECHERCHE]


def deduire(version: VersionTraitement, fiche: pivot.Fiche) -> None:
    """Pose sur la version, sans enregistrer, le contenu et toutes les colonnes qui s’en tirent."""
    version.contenu = pivot.en_dict(fiche)
    version.nom = fiche.nom
    version.service = fiche.service
    version.manquantes = lettres_manquantes(evaluer(fiche))
    version.empreinte = empreinte_du_contenu(version.contenu)
    version.recherche = _cle_de_recherche(fiche)
    version.base_principale = _base_principale(fiche)
    version.a_donnees_sensibles = any(d.categorie in vocabulaire.SENSIBLE for d in fiche.donnees)
    version.a_nir = any(d.categorie == vocabulaire.CategorieDonnees.NIR for d in fiche.donnees)
    version.a_transferts = fiche.transferts_reponse == "oui"
    version.aipd_conclusion = fiche.aipd_conclusion


def projeter(version: VersionTraitement, fiche: pivot.Fiche, rubriques: Iterable[str] | None = None) -> None:
    """Récrit les lignes interrogeables des rubriques dites (toutes par défaut)."""
    for modele, (rubrique, lignes) in PROJECTIONS.items():
        if rubriques is not None and rubrique not in rubriques:
            continue
        modele.objects.filter(version=version).delete()
        modele.objects.bulk_create(lignes_de(version, fiche, lignes))


def lignes_de(version: VersionTraitement, fiche: pivot.Fiche, lignes) -> list:
    objets = list(lignes(fiche))
    for ordre, objet in enumerate(objets):
        objet.version, objet.collectivite_id, objet.ordre = version, version.collectivite_id, ordre
    return objets


def rubriques_changees(avant: pivot.Fiche, apres: pivot.Fiche) -> set[str]:
    return {r for r, _ in PROJECTIONS.values() if getattr(avant, r) != getattr(apres, r)}


def _attend_depuis(version: VersionTraitement) -> datetime | None:
    if version.etat == EtatVersion.TRANSMISE:
        return version.transmise_le
    return version.avis.rendu_le if version.etat == EtatVersion.AVIS_RENDU else None


def enregistrer(
    version: VersionTraitement, *, auteur, maintenant: datetime, raison: str, continu: bool = False
) -> None:
    """Enregistre la version et son historique.

    ``continu`` : enregistrement au fil de la saisie. Les retouches d’une même personne, pour la même
    raison, en moins d’un quart d’heure, ne font qu’une ligne d’historique : l’état d’avant et celui d’après.
    """
    version.modifie_le, version.modifie_par = maintenant, auteur
    version.attend_depuis = _attend_depuis(version)
    version.revision += 1
    derniere = version.history.first() if continu else None
    fusion = (
        derniere is not None
        and derniere.history_user_id == auteur.pk
        and derniere.history_change_reason == raison
        and maintenant - derniere.history_date < SESSION_DE_SAISIE
    )
    version._history_user, version._history_date, version._change_reason = auteur, maintenant, raison
    if not fusion:
        version.save()
        return
    version.skip_history_when_saving = True  # la bibliothèque ne regarde que sa présence
    try:
        version.save()
    finally:
        del version.skip_history_when_saving
    for champ in type(derniere).tracked_fields:
        setattr(derniere, champ.attname, getattr(version, champ.attname))
    derniere.save()
