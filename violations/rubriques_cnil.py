"""Le dossier d’une violation, dans les quatorze rubriques du téléservice de la CNIL."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from dpd.comptes.models import Collectivite
from violations.affichage import heures_de
from violations.dossier_lu import DossierLu
from violations.enums import (
    Cause,
    DonneesTouchees,
    GraviteCnil,
    InformationPersonnes,
    MotifSansInformation,
    MoyenInformation,
    NatureViolation,
    Origine,
    PersonnesTouchees,
    Prejudice,
    Question,
    SourceConnaissance,
    TypeNotification,
)
from violations.models import NotificationCnil
from violations.regles.faits_cnil import Champ, Faits, Fourchette, Information, Organisme, Rubrique
from violations.regles.rubriques import rubriques

SCHEMA = "dossier-cnil/1"


def rubriques_de(lu: DossierLu, maintenant: datetime) -> tuple[Rubrique, ...]:
    """Les quatorze rubriques telles qu’elles se recopieraient à cet instant."""
    return rubriques(faits_de(lu, maintenant))


def faits_de(lu: DossierLu, maintenant: datetime) -> Faits:
    """Ce que sait le dossier. La gravité est celle du dossier, à défaut celle qu’estime le DPD."""
    v, heures = lu.violation, heures_de(lu.collectivite)
    avis = lu.dernier_avis
    gravite = v.gravite or (avis.gravite if avis else "")
    return Faits(
        organisme=_organisme(lu.collectivite),
        fuseau=heures.fuseau,
        fuseau_dit=heures.legale,
        maintenant=maintenant,
        connaissance=v.connaissance,
        echeance=v.echeance_notification,
        numero_initial=lu.initiale.numero if lu.initiale else "",
        motif_retard=lu.initiale.motif_retard if lu.initiale else "",
        prestataires=tuple(str(p) for p in lu.prestataires),
        debut=v.debut,
        fin=v.fin,
        en_cours=v.en_cours,
        detection=v.detection,
        source=SourceConnaissance(v.source) if v.source else None,
        natures=tuple(NatureViolation(n) for n in v.natures),
        origine=Origine(v.origine) if v.origine else None,
        origine_precision=v.origine_precision,
        cause=Cause(v.cause) if v.cause else None,
        cause_precision=v.cause_precision,
        recit=v.recit,
        donnees=tuple(DonneesTouchees(d) for d in v.donnees),
        donnees_precision=v.donnees_precision,
        enregistrements=Fourchette(v.enregistrements_min, v.enregistrements_max),
        personnes=tuple(PersonnesTouchees(p) for p in v.personnes),
        personnes_precision=v.personnes_precision,
        nombre_personnes=Fourchette(v.personnes_min, v.personnes_max),
        mesures_avant=v.mesures_avant,
        consequences=v.consequences,
        prejudices=tuple(Prejudice(p) for p in v.prejudices),
        gravite=GraviteCnil(gravite) if gravite else None,
        gravite_du_dpd=bool(gravite and not v.gravite),
        mesures_apres=v.mesures_apres,
        information=_information(lu),
        transfrontaliere=v.transfrontaliere,
        autres_autorites=v.autres_autorites,
        pieces=tuple(f"{p} ({p.piece.nom})" for p in lu.pieces if p.pour_la_cnil),
    )


def _organisme(collectivite: Collectivite) -> Organisme:
    return Organisme(
        denomination=collectivite.denomination,
        siren=collectivite.siren,
        type=collectivite.get_type_display(),
        representant=collectivite.representant,
        courriel=collectivite.courriel,
        telephone=collectivite.telephone,
        dpd=collectivite.dpd,
        dpd_coordonnees=collectivite.dpd_coordonnees,
        designation=collectivite.designation_numero,
    )


def _information(lu: DossierLu) -> Information:
    if lu.informations:
        faite = lu.informations[0]
        return Information(
            etat=InformationPersonnes.FAITE,
            quand=faite.faite_le,
            moyen=MoyenInformation(faite.moyen),
            nombre=faite.nombre,
            texte=faite.message,
        )
    decision = lu.decision(Question.INFORMER)
    if decision is None:
        return Information()
    moyen = MoyenInformation(decision.moyen) if decision.moyen else None
    if decision.reponse:
        return Information(
            etat=InformationPersonnes.PREVUE,
            quand=decision.prevue_le,
            moyen=moyen,
            texte=lu.violation.message_personnes,
        )
    return Information(
        etat=InformationPersonnes.ECARTEE,
        moyen=moyen,
        motif=MotifSansInformation(decision.motif_34),
        motif_precision=decision.motif,
    )


def contenu_fige(
    lu: DossierLu, maintenant: datetime, *, type_envoi: TypeNotification, motif_retard: str = ""
) -> dict[str, Any]:
    """Les rubriques au moment d’un envoi, en valeurs simples ; ``NotificationCnil.contenu`` les garde."""
    faits = faits_de(lu, maintenant)
    if type_envoi != TypeNotification.COMPLEMENTAIRE:
        faits = replace(faits, motif_retard=motif_retard.strip())
    lues = rubriques(replace(faits, type_envoi=type_envoi))
    return {
        "schema": SCHEMA,
        "rubriques": [
            {
                "numero": r.numero,
                "titre": r.titre,
                "champs": [[c.libelle, c.valeur, c.copiable] for c in r.champs],
                "manques": list(r.manques),
                "note": r.note,
            }
            for r in lues
        ],
    }


def rubriques_figees(notification: NotificationCnil) -> tuple[Rubrique, ...]:
    """Celles qui ont été envoyées, telles qu’elles étaient."""
    return tuple(
        Rubrique(
            numero=r["numero"],
            titre=r["titre"],
            champs=tuple(Champ(*champ) for champ in r["champs"]),
            manques=tuple(r["manques"]),
            note=r["note"],
        )
        for r in notification.contenu["rubriques"]
    )


def changees(avant: tuple[Rubrique, ...], apres: tuple[Rubrique, ...]) -> frozenset[int]:
    """Les numéros des rubriques qui disent autre chose qu’à l’envoi précédent, la première exceptée."""
    anciens = {r.numero: r.champs for r in avant}
    return frozenset(r.numero for r in apres if r.numero != 1 and anciens.get(r.numero) != r.champs)
