"""Du dossier d’une violation au message que l’on propose aux personnes (RGPD art. 34)."""

from violations.enums import DonneesTouchees, NatureViolation, PersonnesTouchees
from violations.models import Violation
from violations.regles.message_personnes import Dossier, proposer


def message_propose(violation: Violation) -> str:
    """Le texte proposé, à relire ; ce que le dossier ne sait pas y reste entre crochets."""
    return proposer(dossier_de(violation))


def dossier_de(violation: Violation) -> Dossier:
    """:param violation: sa collectivité et sa structure déjà lues."""
    collectivite = violation.collectivite
    survenue = violation.debut or violation.detection
    return Dossier(
        organisme=collectivite.denomination,
        fait=violation.titre,
        le=survenue.astimezone(collectivite.fuseau).date() if survenue else None,
        en_cours=violation.en_cours,
        natures=tuple(NatureViolation(nature) for nature in violation.natures),
        donnees=tuple(DonneesTouchees(donnee) for donnee in violation.donnees),
        donnees_precision=violation.donnees_precision,
        personnes=tuple(PersonnesTouchees(personne) for personne in violation.personnes),
        consequences=violation.consequences,
        mesures=violation.mesures_apres,
        dpd=collectivite.dpd,
        joindre=tuple(coordonnees(collectivite)),
    )


def coordonnees(collectivite) -> list[str]:
    """Où joindre le DPD : celui de la collectivité si elle a le sien, sinon celui de la structure."""
    structure = collectivite.structure
    if collectivite.dpd_propre_nom:
        connues = (collectivite.dpd_propre_courriel,)
    else:
        connues = (structure.dpd_courriel, structure.dpd_telephone)
    return [coordonnee for coordonnee in connues if coordonnee]
