"""Les quatorze rubriques du téléservice de la CNIL, dans son ordre : prêtes à recopier, manques nommés.

L’application n’envoie rien : chaque texte se recopie sur https://notifications.cnil.fr/. Un manque
n’empêche pas l’envoi initial, qui se complète ensuite (RGPD art. 33-4).
"""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime

from dpd.regles.typographie import compte, date_longue, instant_long
from violations.enums import (
    Cause,
    DonneesTouchees,
    InformationPersonnes,
    Origine,
    PersonnesTouchees,
    Prejudice,
    TypeNotification,
)
from violations.regles.faits_cnil import Champ, Faits, Rubrique

TELESERVICE = "https://notifications.cnil.fr/"
EFFECTIF = "Le téléservice demande aussi l’effectif de l’organisme\u00a0: il n’est pas dans ce dossier."
SANS_SOURCE = "comment vous l’avez su"
PIECES = "Joignez là-bas les fichiers eux-mêmes, téléchargés d’ici."


def rubriques(faits: Faits) -> tuple[Rubrique, ...]:
    """Les quatorze, numérotées de 1 à 14 ; le type d’envoi se déduit de ce qui manque aux autres."""
    suite = tuple(replace(contenu(faits), numero=rang) for rang, contenu in enumerate(APRES_LE_TYPE, start=2))
    return (_type(faits, complet=all(rubrique.prete for rubrique in suite)), *suite)


def pretes(lues: Iterable[Rubrique]) -> int:
    """Le nombre de rubriques où rien ne manque."""
    return sum(rubrique.prete for rubrique in lues)


def type_d_envoi(faits: Faits, *, complet: bool) -> TypeNotification:
    """L’envoi à faire : complémentaire une fois l’initial accepté, « à compléter » s’il manque une chose."""
    if faits.type_envoi is not None:
        return faits.type_envoi
    if faits.numero_initial:
        return TypeNotification.COMPLEMENTAIRE
    return TypeNotification.COMPLETE if complet else TypeNotification.INITIALE


def _rubrique(titre: str, champs: Iterable[Champ], manques: Iterable[str] = (), note: str = "") -> Rubrique:
    """Sans les lignes vides ; le numéro vient de l’ordre."""
    return Rubrique(0, titre, tuple(c for c in champs if c.valeur), tuple(m for m in manques if m), note)


def _si(manque: bool, phrase: str) -> str:
    return phrase if manque else ""


def _type(faits: Faits, *, complet: bool) -> Rubrique:
    envoi = type_d_envoi(faits, complet=complet)
    initial = faits.numero_initial if envoi == TypeNotification.COMPLEMENTAIRE else ""
    champs = (
        Champ("Type d’envoi", str(envoi.label)),
        Champ("Numéro de la notification initiale", initial, True),
    )
    return replace(_rubrique("Type d’envoi", champs), numero=1)


def _organisme(faits: Faits) -> Rubrique:
    o = faits.organisme
    contact = ", ".join(t for t in (o.representant, o.courriel, o.telephone) if t)
    champs = (
        Champ("SIREN", o.siren, True),
        Champ("Organisme", o.denomination, True),
        Champ("Type d’organisme", o.type),
        Champ("Contact", contact, True),
        Champ(
            "Délégué à la protection des données", ", ".join(t for t in (o.dpd, o.dpd_coordonnees) if t), True
        ),
        Champ("Numéro de désignation du délégué", o.designation, True),
        Champ("Prestataires impliqués", ", ".join(faits.prestataires), True),
    )
    manques = (
        _si(not o.courriel and not o.telephone, "un courriel ou un téléphone de la collectivité"),
        _si(not o.dpd, "le délégué à la protection des données"),
    )
    return _rubrique("Organisme et contacts", champs, manques, EFFECTIF)


def _dates(faits: Faits) -> Rubrique:
    def dit(instant: datetime | None) -> str:
        return instant_long(instant.astimezone(faits.fuseau)) if instant else ""

    retard = not faits.numero_initial and faits.maintenant > faits.echeance
    champs = (
        Champ("Début", dit(faits.debut), True),
        Champ("Fin", "La violation est encore en cours" if faits.en_cours else dit(faits.fin), True),
        Champ("Détection", dit(faits.detection), True),
        Champ("Connaissance par l’organisme", dit(faits.connaissance), True),
        Champ("Circonstances de la découverte", str(faits.source.label) if faits.source else "", True),
        Champ("Motifs du retard", faits.motif_retard, True),
    )
    manques = (
        _si(faits.debut is None, "le début de la violation"),
        _si(faits.fin is None and not faits.en_cours, "la fin de la violation, ou qu’elle est en cours"),
        _si(faits.source is None, SANS_SOURCE),
        _si(retard and not faits.motif_retard, "les motifs du retard, au-delà de 72 heures"),
    )
    return _rubrique("Dates", champs, manques, faits.fuseau_dit)


def _nature(faits: Faits) -> Rubrique:
    nature = " · ".join(str(n.label) for n in faits.natures)
    return _rubrique("Nature", (Champ("Nature", nature),), (_si(not nature, "la nature de la violation"),))


def _origine(faits: Faits) -> Rubrique:
    champs = (
        Champ("Origine", str(faits.origine.label) if faits.origine else ""),
        Champ("Précision", faits.origine_precision, True),
    )
    a_preciser = faits.origine == Origine.AUTRE and not faits.origine_precision
    manques = (_si(faits.origine is None, "l’origine"), _si(a_preciser, "l’origine, en toutes lettres"))
    return _rubrique("Origine", champs, manques)


def _cause(faits: Faits) -> Rubrique:
    champs = (
        Champ("Cause", str(faits.cause.label) if faits.cause else ""),
        Champ("Précision", faits.cause_precision, True),
        Champ("Ce qui s’est passé", faits.recit, True),
    )
    a_preciser = faits.cause == Cause.AUTRE and not faits.cause_precision
    manques = (
        _si(faits.cause is None, "la cause"),
        _si(a_preciser, "la cause, en toutes lettres"),
        _si(not faits.recit, "ce qui s’est passé"),
    )
    return _rubrique("Cause", champs, manques)


def _donnees(faits: Faits) -> Rubrique:
    combien = faits.enregistrements.dite("enregistrement")
    champs = (
        Champ("Données touchées", " · ".join(str(d.label) for d in faits.donnees)),
        Champ("Précision", faits.donnees_precision, True),
        Champ("Nombre approximatif d’enregistrements", combien, True),
    )
    inconnues = not faits.donnees or DonneesTouchees.INCONNUES in faits.donnees
    a_preciser = DonneesTouchees.AUTRES in faits.donnees and not faits.donnees_precision
    manques = (
        _si(inconnues, "les données touchées"),
        _si(a_preciser, "les autres données, en toutes lettres"),
        _si(not combien, "le nombre d’enregistrements"),
    )
    return _rubrique("Données", champs, manques)


def _personnes(faits: Faits) -> Rubrique:
    combien = faits.nombre_personnes.dite("personne")
    champs = (
        Champ("Personnes touchées", " · ".join(str(p.label) for p in faits.personnes)),
        Champ("Précision", faits.personnes_precision, True),
        Champ("Nombre approximatif de personnes", combien, True),
    )
    inconnues = not faits.personnes or PersonnesTouchees.INDETERMINE in faits.personnes
    a_preciser = PersonnesTouchees.AUTRES in faits.personnes and not faits.personnes_precision
    manques = (
        _si(inconnues, "les personnes touchées"),
        _si(a_preciser, "les autres personnes, en toutes lettres"),
        _si(not combien, "le nombre de personnes"),
    )
    return _rubrique("Personnes", champs, manques)


def _mesures_avant(faits: Faits) -> Rubrique:
    champs = (Champ("Mesures en place avant la violation", faits.mesures_avant, True),)
    return _rubrique("Mesures avant", champs, (_si(not faits.mesures_avant, "les mesures en place avant"),))


def _consequences(faits: Faits) -> Rubrique:
    champs = (
        Champ("Conséquences probables", faits.consequences, True),
        Champ("Préjudices possibles", " · ".join(str(p.label) for p in faits.prejudices)),
        Champ("Gravité", str(faits.gravite.label) if faits.gravite else ""),
    )
    autre = Prejudice.AUTRE in faits.prejudices and not faits.consequences
    manques = (
        _si(not faits.consequences and not autre, "les conséquences probables"),
        _si(autre, "l’autre préjudice, en toutes lettres"),
        _si(not faits.prejudices, "les préjudices possibles"),
        _si(faits.gravite is None, "la gravité"),
    )
    note = "Gravité estimée par le délégué à la protection des données." if faits.gravite_du_dpd else ""
    return _rubrique("Conséquences", champs, manques, note)


def _mesures_apres(faits: Faits) -> Rubrique:
    champs = (Champ("Mesures prises depuis", faits.mesures_apres, True),)
    return _rubrique("Mesures après", champs, (_si(not faits.mesures_apres, "les mesures prises depuis"),))


def _information(faits: Faits) -> Rubrique:
    i = faits.information
    champs = (
        Champ("Personnes informées", str(i.etat.label)),
        Champ("Date", date_longue(i.quand) if i.quand else "", True),
        Champ("Moyen", str(i.moyen.label) if i.moyen else ""),
        Champ(
            "Nombre de personnes informées", "" if i.nombre is None else compte(i.nombre, "personne"), True
        ),
        Champ("Texte de l’information", i.texte, True),
        Champ("Raison de ne pas les informer", str(i.motif.label) if i.motif else ""),
        Champ("Précision", i.motif_precision, True),
    )
    indecise = i.etat == InformationPersonnes.INDETERMINEE
    sans_date = i.etat == InformationPersonnes.PREVUE and i.quand is None
    manques = (
        _si(indecise, "la décision du responsable sur l’information des personnes"),
        _si(sans_date, "la date où les personnes seront informées"),
    )
    return _rubrique("Information des personnes", champs, manques)


def _autres(faits: Faits) -> Rubrique:
    oui_non = {True: "Oui", False: "Non", None: ""}[faits.transfrontaliere]
    champs = (
        Champ("Personnes touchées dans d’autres pays de l’Union", oui_non),
        Champ("Autres autorités prévenues", faits.autres_autorites or (oui_non and "Aucune"), True),
    )
    manque = _si(faits.transfrontaliere is None, "si d’autres pays de l’Union sont touchés")
    return _rubrique("Autres pays, autres autorités", champs, (manque,))


def _pieces(faits: Faits) -> Rubrique:
    liste = "\n".join(faits.pieces) or "Aucune pièce à joindre"
    return _rubrique("Pièces jointes", (Champ("Pièces", liste),), note=PIECES if faits.pieces else "")


APRES_LE_TYPE: tuple[Callable[[Faits], Rubrique], ...] = (
    *(_organisme, _dates, _nature, _origine, _cause, _donnees, _personnes),
    *(_mesures_avant, _consequences, _mesures_apres, _information, _autres, _pieces),
)
