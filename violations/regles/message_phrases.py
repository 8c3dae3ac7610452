"""Les phrases du message aux personnes, selon ce qui est arrivé et à quelles données."""

from collections.abc import Mapping
from types import MappingProxyType

from violations.enums import DonneesTouchees as D
from violations.enums import NatureViolation as N

SURVENUE: Mapping[N, str] = MappingProxyType(
    {
        N.CONFIDENTIALITE: "Des données ont pu être lues par quelqu’un qui n’y avait pas droit.",
        N.INTEGRITE: "Des données ont pu être modifiées par erreur ou sans autorisation.",
        N.DISPONIBILITE: "Des données ont été perdues, ou n’ont plus été accessibles pendant un temps.",
    }
)
# Les données telles qu’on les nomme à la personne ; « inconnues » et « autres » n’ont pas de nom à dire.
NOMS: Mapping[D, str] = MappingProxyType(
    {
        D.ETAT_CIVIL: "votre identité (nom, prénom, date de naissance)",
        D.NIR: "votre numéro de sécurité sociale",
        D.COORDONNEES: "vos coordonnées (adresse, courriel, téléphone)",
        D.ACCES: "votre identifiant ou votre mot de passe",
        D.FINANCIERES: "des informations sur vos revenus ou vos coordonnées bancaires",
        D.DOCUMENTS: "la copie d’une pièce d’identité ou d’un document officiel",
        D.LOCALISATION: "des informations sur vos déplacements ou votre position",
        D.INFRACTIONS: "des informations sur une infraction ou une condamnation",
        D.ORIGINE_ETHNIQUE: "des informations sur votre origine",
        D.POLITIQUES: "des informations sur vos opinions politiques",
        D.RELIGIEUSES: "des informations sur vos convictions ou votre religion",
        D.SYNDICALES: "votre appartenance à un syndicat",
        D.ORIENTATION: "des informations sur votre vie sexuelle",
        D.SANTE: "des informations sur votre santé",
        D.BIOMETRIQUES: "des données biométriques (empreinte, visage)",
        D.GENETIQUES: "des données génétiques",
    }
)
_INTIME = (
    "Des informations de votre vie privée pourraient être connues de personnes à qui vous ne les aviez "
    "pas confiées."
)
_IDENTITE = "Quelqu’un pourrait se faire passer pour vous."
RISQUES: Mapping[D, str] = MappingProxyType(
    {
        D.ETAT_CIVIL: _IDENTITE,
        D.NIR: _IDENTITE,
        D.DOCUMENTS: _IDENTITE,
        D.COORDONNEES: "Vous pourriez recevoir des courriels, des SMS ou des appels trompeurs.",
        D.ACCES: (
            "Quelqu’un pourrait se servir de votre compte, ici ou là où vous employez le même mot de passe."
        ),
        D.FINANCIERES: "Quelqu’un pourrait tenter un prélèvement ou un achat à votre place.",
        D.LOCALISATION: "Quelqu’un pourrait savoir où vous vivez ou quand vous êtes absent.",
        **dict.fromkeys(
            (
                *(D.INFRACTIONS, D.ORIGINE_ETHNIQUE, D.POLITIQUES, D.RELIGIEUSES, D.SYNDICALES),
                *(D.ORIENTATION, D.SANTE, D.BIOMETRIQUES, D.GENETIQUES),
            ),
            _INTIME,
        ),
    }
)
RISQUES_NATURE: Mapping[N, str] = MappingProxyType(
    {
        N.INTEGRITE: "Une information fausse pourrait figurer dans votre dossier.",
        N.DISPONIBILITE: "Une démarche pourrait prendre du retard, ou une pièce vous être redemandée.",
    }
)
_MEFIANCE = (
    "Méfiez-vous de tout message qui vous demande de l’argent, un code ou une pièce d’identité, même s’il "
    "semble venir de nous."
)
_USURPATION = (
    "Si quelqu’un se fait passer pour vous, déposez plainte au commissariat ou à la gendarmerie, et "
    "prévenez-nous."
)
_PREUVE = "Si quelqu’un se sert de ces informations contre vous, gardez-en la preuve et prévenez-nous."
CONSEILS: Mapping[D, str] = MappingProxyType(
    {
        D.ETAT_CIVIL: _USURPATION,
        D.NIR: _USURPATION,
        D.DOCUMENTS: _USURPATION,
        D.COORDONNEES: _MEFIANCE,
        D.ACCES: "Changez votre mot de passe, ici et partout où vous employez le même.",
        D.FINANCIERES: "Surveillez vos comptes, et prévenez votre banque au premier doute.",
        D.INFRACTIONS: _PREUVE,
        D.SANTE: _PREUVE,
    }
)
