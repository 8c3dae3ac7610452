"""Les lettres types d’une demande de droits, composées de ce que dit le dossier.

Le responsable de traitement répond (RGPD art. 12) : chaque lettre est de la collectivité. Une date est celle
du dossier ou du calendrier ; ce qui manque s’écrit « [à compléter : …] ».
"""

from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType

from dpd.regles.typographie import date_longue
from subtraitance.enums import Droit
from subtraitance.regles.lettres_modeles import MODELES, Faits, TypeLettre
from subtraitance.regles.lettres_texte import manque
from subtraitance.regles.regimes import Regime, recours_de, regime_qualifie, suit_le_rgpd

POLITESSE = "Nous vous prions d’agréer, Madame, Monsieur, l’expression de nos salutations distinguées."


def composer(type_: TypeLettre, faits: Faits) -> str:
    """La lettre entière : destinataire, date, objet, corps, signature."""
    objet = MODELES[type_].objet.format(recue=date_longue(faits.recue_le))
    blocs = [
        _destinataire(type_, faits),
        f"Le {date_longue(faits.jour)}",
        f"Objet\u00a0: {objet}\nNos références\u00a0: demande n°\u00a0{faits.numero}",
        "Madame, Monsieur,",
        *_CORPS[type_](faits),
        POLITESSE,
        _signature(faits),
    ]
    return "\n\n".join(blocs)


def _destinataire(type_: TypeLettre, faits: Faits) -> str:
    if type_ is TypeLettre.DESTINATAIRES:
        return manque("nom et adresse du destinataire des données")
    nom = faits.demandeur or manque("nom du demandeur")
    return f"{nom}\n{faits.adresse or faits.courriel or manque('son adresse')}"


def _signature(faits: Faits) -> str:
    nom = faits.responsable or manque("nom du responsable de traitement")
    titre = faits.titre or manque("son titre")
    return f"Pour {faits.organisme},\n{nom}, {titre}"


def _demande(faits: Faits) -> str:
    """« Vous nous avez saisis le… d’une demande… »."""
    pour = ""
    if faits.personne:
        lien = f" ({faits.lien})" if faits.lien else ""
        pour = f" pour {faits.personne}{lien}"
    if suit_le_rgpd(faits.regime):
        quoi = ", ".join(_minuscule(droit.label) for droit in faits.droits) or manque("le droit invoqué")
    else:
        quoi = manque("ce qui est demandé")
    return (
        f"Nous avons reçu le {date_longue(faits.recue_le)} votre demande{pour}. Elle porte sur\u00a0: {quoi}."
    )


def _minuscule(libelle: str) -> str:
    return libelle[:1].lower() + libelle[1:]


def _contact(faits: Faits) -> str:
    coordonnees = faits.dpd_coordonnees or manque("ses coordonnées")
    return (
        "Pour toute question sur vos données, vous pouvez écrire à notre délégué à la protection des "
        f"données, {faits.dpd or manque('son nom')}\u00a0: {coordonnees}."
    )


def _recours(faits: Faits) -> Iterator[str]:
    recours = recours_de(faits.regime)
    if recours is None:
        voie = manque("la voie de recours et son délai, selon le texte applicable")
        yield f"Pour contester cette réponse\u00a0: {voie}."
        return
    yield "Si cette réponse ne vous convient pas, vous pouvez\u00a0:"
    yield "- " + "\u202f;\n- ".join(recours.lettre) + "."


def _accuse(faits: Faits) -> Iterator[str]:
    yield _demande(faits)
    regime = regime_qualifie(faits.regime)
    if regime and faits.echeance:
        fin = f"Nous vous répondrons au plus tard le {date_longue(faits.echeance)} ({regime.texte})."
        yield fin + _ensuite(regime)
    else:
        yield f"Nous vous répondrons {manque('dans quel délai, selon le texte applicable')}."
    if suit_le_rgpd(faits.regime):
        yield (
            "Si votre demande devait prendre plus de temps, nous vous le dirions avant, avec les raisons. "
            "Vous n’avez pas de pièce d’identité à envoyer, sauf si nous vous la demandons."
        )
        yield _contact(faits)


def _ensuite(regime: Regime) -> str:
    """Ce que vaut l’absence de réponse hors RGPD ; le RGPD, lui, est gratuit et peut se prolonger."""
    if regime.prolongeable:
        return " Cette démarche est gratuite."
    if not (recours := regime.recours):
        return ""
    return (
        f" {recours.silence} Vous pourrez alors saisir {recours.devant} {recours.quand} ({recours.source})."
    )


def _precision(faits: Faits) -> Iterator[str]:
    yield _demande(faits)
    yield (
        "Elle peut porter sur beaucoup de données. Pour vous répondre utilement, nous avons besoin de "
        "savoir ce que vous cherchez (RGPD, cons.\u00a063)\u00a0: "
        f"{faits.motif_suspension or manque('la précision demandée')}."
    )
    yield (
        "Le délai de réponse est suspendu jusqu’à votre réponse, puis reprend (Comité européen de la "
        "protection des données, lignes directrices 01/2022). "
        "Sans précision de votre part, votre demande reste la vôtre\u00a0: dites-nous si vous voulez tout."
    )
    yield _contact(faits)


def _identite(faits: Faits) -> Iterator[str]:
    yield _demande(faits)
    yield (
        "Nous avons un doute sur votre identité, et ne voulons pas remettre vos données à quelqu’un d’autre"
        f"\u00a0: {faits.motif_suspension or manque('la raison de ce doute')}."
    )
    yield (
        "Vous pouvez la justifier par le moyen de votre choix (décret n°\u00a02019-536, art. 77). "
        "Si vous envoyez la copie d’un titre, nous la détruirons aussitôt vérifiée."
    )
    yield "Le délai de réponse est suspendu jusqu’à votre réponse, puis reprend."
    yield _contact(faits)


def _prolongation(faits: Faits) -> Iterator[str]:
    yield _demande(faits)
    nouvelle = date_longue(faits.prolongee_au) if faits.prolongee_au else manque("la nouvelle date")
    yield (
        "Nous devions vous répondre dans le mois. Ce délai est prolongé de deux mois (RGPD, art. 12-3), "
        f"pour cette raison\u00a0: {faits.motif_prolongation or manque('les motifs de la prolongation')}."
    )
    yield f"Nous vous répondrons au plus tard le {nouvelle}."
    yield _contact(faits)


# Ce que la réponse dit avoir fait, droit par droit.
_FAIT: Mapping[Droit, str] = MappingProxyType(
    {
        Droit.RECTIFICATION: f"Nous avons corrigé {manque('ce qui a été corrigé, et le jour')} (art. 16).",
        Droit.EFFACEMENT: f"Nous avons effacé {manque('ce qui a été effacé, et le jour')} (art. 17).",
        Droit.LIMITATION: f"Nous avons gelé {manque('les données gelées, et jusqu’à quand')} (art. 18).",
        Droit.PORTABILITE: "Vos données sont jointes dans un format réutilisable (art. 20).",
        Droit.OPPOSITION: f"Nous avons cessé {manque('l’utilisation qui a cessé, et le jour')} (art. 21).",
        Droit.DECISION_AUTOMATISEE: (
            f"Une personne a revu la décision\u00a0: {manque('le résultat de ce nouvel examen')} (art. 22)."
        ),
        Droit.RETRAIT: (
            f"Votre consentement est retiré. Nous avons cessé {manque('ce qui a cessé')} (art. 7-3)."
        ),
        Droit.POST_MORTEM: (f"Nous avons fait {manque('ce qui a été fait')} (loi n°\u00a078-17, art. 85)."),
    }
)
_ACCES = (
    "Vous trouverez jointe la copie des données que nous détenons sur vous (RGPD, art. 15). "
    "Pour chaque fichier, voici ce que veut l’article 15\u00a0:"
)
_ARTICLE_15 = "\n".join(
    f"- {titre}\u00a0: {manque(quoi)}{fin}"
    for titre, quoi, fin in (
        ("à quoi il sert", "les finalités", "\u202f;"),
        ("les données", "les catégories de données", "\u202f;"),
        ("qui les reçoit", "les destinataires", "\u202f;"),
        ("combien de temps nous les gardons", "les durées", "\u202f;"),
        ("d’où elles viennent", "la source, si ce n’est pas vous", "\u202f;"),
        ("si une décision est automatisée", "oui ou non", "\u202f;"),
        ("si elles partent hors de l’Union", "oui ou non, et les garanties", "."),
    )
)


def _reponse(faits: Faits) -> Iterator[str]:
    yield _demande(faits)
    if Droit.ACCES in faits.droits:
        yield _ACCES
        yield _ARTICLE_15
    yield from (_FAIT[droit] for droit in faits.droits if droit in _FAIT)
    if not faits.droits or faits.droits == (Droit.AUTRE,):
        yield f"Voici notre réponse\u00a0: {manque('la réponse')}."
    yield (
        "Vous pouvez à tout moment demander de corriger, d’effacer ou de geler vos données, ou vous opposer "
        "à leur utilisation, dans les cas que prévoit le règlement."
    )
    yield _contact(faits)
    yield from _recours(faits)


def _rien(faits: Faits) -> Iterator[str]:
    yield _demande(faits)
    yield (
        "Après recherche, nous ne détenons aucune donnée sur "
        f"{faits.personne or 'vous'}, hormis votre demande et cette réponse. "
        f"Nous avons cherché dans {manque('les services et fichiers interrogés')}."
    )
    yield "Si vous pensez le contraire, dites-nous où chercher\u00a0: nous reprendrons."
    yield _contact(faits)
    yield from _recours(faits)


def _refus(faits: Faits) -> Iterator[str]:
    yield _demande(faits)
    motif = faits.motif_refus or manque("les motifs du refus, et le texte qui le permet")
    yield f"Nous ne pouvons pas y donner suite\u00a0: {motif.rstrip('.')}."
    if suit_le_rgpd(faits.regime):
        yield _contact(faits)
    yield from _recours(faits)


def _destinataires(faits: Faits) -> Iterator[str]:
    concernee = faits.personne or faits.demandeur or manque("la personne concernée")
    yield (
        f"Nous vous avons communiqué des données sur {concernee}. À sa demande, nous les avons "
        f"{manque('rectifiées, effacées ou gelées')} le {manque('date')}."
    )
    yield (
        f"L’article 19 du RGPD nous fait obligation de vous en informer. Voici ce qui change\u00a0: "
        f"{manque('les données et ce qui leur arrive')}. Merci de faire de même et de nous le confirmer."
    )
    yield _contact(faits)


_CORPS: Mapping[TypeLettre, Callable[[Faits], Iterator[str]]] = MappingProxyType(
    {
        TypeLettre.ACCUSE: _accuse,
        TypeLettre.PRECISION: _precision,
        TypeLettre.IDENTITE: _identite,
        TypeLettre.PROLONGATION: _prolongation,
        TypeLettre.REPONSE: _reponse,
        TypeLettre.RIEN: _rien,
        TypeLettre.REFUS: _refus,
        TypeLettre.DESTINATAIRES: _destinataires,
    }
)
