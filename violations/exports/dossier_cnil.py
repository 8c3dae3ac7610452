"""Le dossier pour la CNIL sur papier : les quatorze rubriques, dans l’ordre du téléservice."""

from collections.abc import Iterator
from datetime import datetime
from functools import partial
from typing import Any

from dpd.comptes.entete import de_la_collectivite
from dpd.documents.modele import Alerte, Bloc, Document, Fiche, Paires, Paragraphe, Section
from dpd.regles.empreintes import empreinte_du_contenu
from dpd.regles.typographie import enumeration, instant_long
from violations.affichage import heures_de
from violations.dossier_lu import DossierLu
from violations.enums import TypeNotification
from violations.models import NotificationCnil
from violations.regles.faits_cnil import Rubrique
from violations.regles.rubriques import TELESERVICE, pretes, type_d_envoi
from violations.rubriques_cnil import (
    changees,
    contenu_fige,
    faits_de,
    rubriques_de,
    rubriques_figees,
)

A_RECOPIER = (
    "L’application n’envoie rien à la CNIL. Recopiez ces rubriques, dans l’ordre, sur son téléservice"
    f"\u00a0: {TELESERVICE}. Un premier envoi incomplet est permis\u00a0: il se complète ensuite "
    "(RGPD, art. 33-4)."
)
ENVOYE = "Ce qui a été recopié sur le téléservice de la CNIL, tel que le dossier le disait alors."
NATURES = {
    TypeNotification.INITIALE: "Dossier de notification initiale à la CNIL",
    TypeNotification.COMPLETE: "Dossier de notification initiale à la CNIL",
    TypeNotification.COMPLEMENTAIRE: "Dossier de notification complémentaire à la CNIL",
}


def dossier_imprime(lu: DossierLu, *, maintenant: datetime) -> Document:
    """Le dossier à recopier : l’envoi initial, ou le complément une fois l’initial enregistré."""
    lues = rubriques_de(lu, maintenant)
    envoi = type_d_envoi(faits_de(lu, maintenant), complet=pretes(lues) == len(lues))
    initiale = lu.initiale
    nouvelles = changees(rubriques_figees(lu.notifications[-1]), lues) if initiale else frozenset()
    contenu = contenu_fige(lu, maintenant, type_envoi=envoi)
    cartouche = [
        ("Violation", f"n°\u00a0{lu.violation.numero}"),
        ("Rubriques prêtes", f"{pretes(lues)} sur {len(lues)}"),
        *_instants(lu),
    ]
    return _document(lu, NATURES[envoi], lues, cartouche, contenu, A_RECOPIER, maintenant, nouvelles)


def notification_imprimee(lu: DossierLu, notification: NotificationCnil, *, maintenant: datetime) -> Document:
    """Ce qui a été envoyé, figé, avec le numéro et l’heure de l’accusé."""
    fuseau = lu.collectivite.fuseau
    cartouche = [
        ("Violation", f"n°\u00a0{lu.violation.numero}"),
        ("Numéro donné par la CNIL", notification.numero),
        ("Accusé", instant_long(notification.envoyee_le.astimezone(fuseau))),
        *_instants(lu),
    ]
    return _document(
        lu,
        NATURES[TypeNotification(notification.type)],
        rubriques_figees(notification),
        cartouche,
        notification.contenu,
        ENVOYE,
        maintenant,
    )


def _instants(lu: DossierLu) -> list[tuple[str, str]]:
    heures, violation = heures_de(lu.collectivite), lu.violation
    return [
        ("Connue du responsable", instant_long(violation.connaissance.astimezone(heures.fuseau))),
        ("À notifier avant", instant_long(violation.echeance_notification.astimezone(heures.fuseau))),
        ("Heures", heures.legale),
    ]


def _document(
    lu: DossierLu,
    nature: str,
    lues: tuple[Rubrique, ...],
    cartouche: list[tuple[str, str]],
    contenu: dict[str, Any],
    avertissement: str,
    maintenant: datetime,
    nouvelles: frozenset[int] = frozenset(),
) -> Document:
    entete = de_la_collectivite(
        lu.collectivite,
        titre=f"Violation n°\u00a0{lu.violation.numero}\u00a0: {lu.violation.titre}",
        nature=nature,
        version=f"Violation n°\u00a0{lu.violation.numero}",
        empreinte=empreinte_du_contenu(contenu),
        maintenant=maintenant,
    )

    def fiches() -> Iterator[Fiche]:
        yield Fiche(
            titre=lu.violation.titre,
            sous_titre=nature,
            reference=f"violation n°\u00a0{lu.violation.numero}",
            cartouche=tuple(cartouche),
            sections=(
                Section("Avant de recopier", (Paragraphe(avertissement),)),
                *(_section(rubrique, rubrique.numero in nouvelles) for rubrique in lues),
            ),
        )

    return Document(
        entete=entete,
        fiches=fiches,
        feuilles=partial(iter, ()),
        enregistrements=partial(iter, (contenu,)),
        meta={"schema": "dossier-cnil/1"},
    )


def _section(rubrique: Rubrique, nouvelle: bool) -> Section:
    blocs: list[Bloc] = []
    if rubrique.champs:
        blocs.append(Paires(tuple((champ.libelle, champ.valeur) for champ in rubrique.champs)))
    if rubrique.note:
        blocs.append(Paragraphe(rubrique.note, discret=True))
    if rubrique.manques:
        blocs.append(Alerte(f"Il manque\u00a0: {enumeration(rubrique.manques)}."))
    return Section(
        f"{rubrique.numero}. {rubrique.titre}",
        tuple(blocs),
        manque=bool(rubrique.manques),
        note="changée depuis le dernier envoi" if nouvelle else "",
    )
