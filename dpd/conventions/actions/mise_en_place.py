"""Noter où en est une étape de la mise en place, puis passer en accompagnement."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from django.core.exceptions import ValidationError
from django.core.files import File
from django.db import transaction

from dpd.comptes.droits import Acces
from dpd.comptes.regles.capacites import Capacite
from dpd.conventions.actions.convention_commun import exiger_l_effet, refuser_l_avenir, verrouiller
from dpd.conventions.enums import Acteur
from dpd.conventions.etapes import BILAN
from dpd.conventions.models import Convention, EtapeMiseEnPlace
from dpd.conventions.regles.en_clair import le_jour
from dpd.pieces.actions import deposer
from dpd.pieces.enums import DomainePiece
from dpd.pieces.models import Piece
from dpd.pieces.transaction import transaction_de_depot
from dpd.regles.typographie import compte, enumeration

CHAMPS = ("faite_le", "trace", "sans_objet", "motif", "bloquee_depuis", "blocage", "prevue_le")


class Ou(StrEnum):
    """Où en est une étape."""

    A_FAIRE = "a_faire"
    FAITE = "faite"
    BLOQUEE = "bloquee"
    SANS_OBJET = "sans_objet"


@dataclass(frozen=True, slots=True)
class Note:
    """Ce que l’on note d’une étape ; seul ce qui répond à ``ou`` est gardé."""

    ou: Ou
    prevue_le: date | None = None
    faite_le: date | None = None
    trace: str = ""
    bloquee_depuis: date | None = None
    blocage: str = ""
    motif: str = ""


def ou_en_est(etape: EtapeMiseEnPlace) -> Ou:
    """L’état d’une étape, tel qu’on le choisit."""
    if etape.faite_le is not None:
        return Ou.FAITE
    if etape.sans_objet:
        return Ou.SANS_OBJET
    return Ou.BLOQUEE if etape.bloquee_depuis is not None else Ou.A_FAIRE


@transaction_de_depot()
def noter_etape(
    *, etape: EtapeMiseEnPlace, note: Note, fichier: File | None = None, auteur, maintenant: datetime
) -> EtapeMiseEnPlace:
    """Note où en est une étape, avec sa trace ou sa pièce ; n’écrit rien si rien ne change.

    :raises ValidationError: si la date, la trace ou le motif manque, ou si le DPD décide à la place du
        responsable (RGPD art. 38-6).
    """
    actuelle = (
        EtapeMiseEnPlace.objects.select_for_update(no_key=True, of=("self",))
        .select_related("collectivite__structure")
        .get(pk=etape.pk)
    )
    _laisser_decider_le_responsable(actuelle, auteur)
    avant = [getattr(actuelle, nom) for nom in (*CHAMPS, "piece_id")]
    _controler(note, maintenant.astimezone(actuelle.collectivite.fuseau).date())
    _appliquer(actuelle, note)
    if piece := _joindre(actuelle, note, fichier, auteur, maintenant):
        actuelle.piece = piece
    _exiger_la_trace(actuelle, note)
    if avant == [getattr(actuelle, nom) for nom in (*CHAMPS, "piece_id")]:
        return actuelle
    actuelle.faite_par = auteur if note.ou == Ou.FAITE else None
    return actuelle.enregistrer(auteur=auteur, maintenant=maintenant, raison="Étape de mise en place notée")


def _laisser_decider_le_responsable(etape: EtapeMiseEnPlace, auteur) -> None:
    conseille = Acces(auteur).peut(Capacite.CONDUIRE_MISE_EN_PLACE, etape.collectivite)
    if etape.acteur == Acteur.RESPONSABLE and conseille:
        raise ValidationError("Le DPD conseille, le responsable décide (RGPD, art. 38-6).")


def _controler(note: Note, jour: date) -> None:
    if note.ou == Ou.FAITE:
        if note.faite_le is None:
            raise ValidationError({"faite_le": "Indiquez quand elle a été faite."})
        refuser_l_avenir(note.faite_le, jour, "faite_le")
    if note.ou == Ou.BLOQUEE:
        if note.bloquee_depuis is None:
            raise ValidationError({"bloquee_depuis": "Indiquez depuis quand elle est bloquée."})
        refuser_l_avenir(note.bloquee_depuis, jour, "bloquee_depuis")
        if not note.blocage.strip():
            raise ValidationError({"blocage": "Dites ce qui bloque."})
    if note.ou == Ou.SANS_OBJET and not note.motif.strip():
        raise ValidationError({"motif": "Dites pourquoi cette étape est sans objet."})


def _appliquer(etape: EtapeMiseEnPlace, note: Note) -> None:
    faite, bloquee, sans_objet = (note.ou == ou for ou in (Ou.FAITE, Ou.BLOQUEE, Ou.SANS_OBJET))
    etape.prevue_le = note.prevue_le
    etape.faite_le = note.faite_le if faite else None
    etape.trace = note.trace.strip() if faite else ""
    etape.bloquee_depuis = note.bloquee_depuis if bloquee else None
    etape.blocage = note.blocage.strip() if bloquee else ""
    etape.sans_objet, etape.motif = sans_objet, note.motif.strip() if sans_objet else ""
    if not faite:
        etape.piece = None  # la pièce reste au dossier, avec l’historique de l’étape


def _joindre(etape, note: Note, fichier: File | None, auteur, maintenant: datetime) -> Piece | None:
    if fichier is None or note.ou != Ou.FAITE:
        return None
    return deposer(
        fichier=fichier,
        domaine=DomainePiece.MISE_EN_PLACE,
        collectivite=etape.collectivite,
        auteur=auteur,
        maintenant=maintenant,
        description=etape.trace_attendue,
        parmi=[etape.piece_id],
    )


def _exiger_la_trace(etape: EtapeMiseEnPlace, note: Note) -> None:
    """Une étape faite se prouve : une pièce, ou l’endroit où la trouver."""
    if note.ou == Ou.FAITE and etape.trace_attendue and not etape.trace and etape.piece_id is None:
        raise ValidationError(
            {"trace": f"Dites où se trouve la trace ({etape.trace_attendue}), ou joignez-la."}
        )


@transaction.atomic
def basculer(
    *, convention: Convention, le: date, bilan: str, motif: str = "", auteur, maintenant: datetime
) -> Convention:
    """Passe de la mise en place à l’accompagnement ; le bilan est obligatoire.

    S’il reste des étapes, elles sont nommées et il faut dire pourquoi l’on passe quand même. L’étape du
    bilan, elle, se trouve faite par ce geste.

    :raises ValidationError: sans bilan, sans motif s’il reste des étapes, ou si c’est déjà fait.
    """
    actuelle = verrouiller(convention)
    effet = exiger_l_effet(actuelle)
    if actuelle.bascule_le is not None:
        raise ValidationError(f"L’accompagnement a commencé le {le_jour(actuelle.bascule_le)}.")
    refuser_l_avenir(le, maintenant.astimezone(actuelle.collectivite.fuseau).date(), "le")
    if le < effet:
        raise ValidationError({"le": f"La convention ne prend effet que le {le_jour(effet)}."})
    if not bilan.strip():
        raise ValidationError({"bilan": "Faites le bilan de la mise en place."})
    restantes = etapes_restantes(actuelle)
    if restantes and not motif.strip():
        raise ValidationError({"motif": phrase_des_restantes(restantes)})
    actuelle.bascule_le = le
    actuelle.bilan_mise_en_place = _bilan_ecrit(bilan.strip(), motif.strip(), restantes)
    _cloturer_le_bilan(actuelle, le, auteur, maintenant)
    return actuelle.enregistrer(auteur=auteur, maintenant=maintenant, raison="Passage en accompagnement")


def etapes_restantes(convention: Convention) -> list[EtapeMiseEnPlace]:
    """Les étapes ni faites ni sans objet, celle du bilan exceptée : le passage la fait."""
    return [e for e in convention.etapes.exclude(code=BILAN) if not e.etat.close]


def phrase_des_restantes(restantes: list[EtapeMiseEnPlace]) -> str:
    """Ce qui reste, nommé, et ce qu’il faut pour passer quand même."""
    noms = enumeration(tuple(f"«\u00a0{e.libelle}\u00a0»" for e in restantes))
    combien = compte(len(restantes), "étape n’est pas close", "étapes ne sont pas closes")
    return f"{combien}\u00a0: {noms}. Dites pourquoi vous passez quand même."


def _bilan_ecrit(bilan: str, motif: str, restantes: list[EtapeMiseEnPlace]) -> str:
    if not restantes:
        return bilan
    noms = "\n".join(f"– {e.libelle}" for e in restantes)
    return f"{bilan}\n\nÉtapes restées ouvertes\u00a0:\n{noms}\nPourquoi passer quand même\u00a0: {motif}"


def _cloturer_le_bilan(convention: Convention, le: date, auteur, maintenant: datetime) -> None:
    etapes = convention.etapes.select_for_update(no_key=True)  # elle se réécrit entière : voir noter_etape
    etape = etapes.filter(code=BILAN, faite_le__isnull=True).first()
    if etape is None:
        return
    etape.faite_le, etape.faite_par, etape.trace = le, auteur, "Bilan écrit au passage en accompagnement"
    etape.sans_objet, etape.motif, etape.bloquee_depuis, etape.blocage = False, "", None, ""
    etape.enregistrer(auteur=auteur, maintenant=maintenant, raison="Passage en accompagnement")
