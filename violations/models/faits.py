"""Ce que l’on sait des faits : les mêmes champs pour une violation et pour l’incident qui la cause."""

from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q

from violations.enums import Cause, DonneesTouchees, NatureViolation, Origine, PersonnesTouchees, Prejudice


def codes_connus(valeurs: object, liste: type[models.TextChoices]) -> bool:
    """Vrai d’une liste de codes de cette énumération, sans répétition."""
    return (
        isinstance(valeurs, list) and len(valeurs) == len(set(valeurs)) and set(valeurs) <= set(liste.values)
    )


class Faits(models.Model):
    """Rubriques 3 à 10 du téléservice. Les listes de codes suivent ``violations.enums``.

    Les instants portent leur fuseau ; ``fin`` est vide tant que l’on ne sait pas, ou que cela dure.
    """

    titre = models.CharField("en une phrase", max_length=200)
    recit = models.TextField("ce qui s’est passé")
    debut = models.DateTimeField("début", null=True, blank=True)
    fin = models.DateTimeField("fin", null=True, blank=True)
    en_cours = models.BooleanField("encore en cours", default=False)
    detection = models.DateTimeField("détectée le", null=True, blank=True)
    confidentialite = models.BooleanField("perte de la confidentialité", default=False)
    integrite = models.BooleanField("perte de l’intégrité", default=False)
    disponibilite = models.BooleanField("perte de la disponibilité", default=False)
    origine = models.CharField("origine", max_length=20, choices=Origine, blank=True)
    origine_precision = models.CharField("précision sur l’origine", max_length=300, blank=True)
    cause = models.CharField("cause", max_length=20, choices=Cause, blank=True)
    cause_precision = models.CharField("précision sur la cause", max_length=300, blank=True)
    donnees = models.JSONField("données touchées", default=list, blank=True)
    donnees_precision = models.CharField("précision sur les données", max_length=600, blank=True)
    personnes = models.JSONField("personnes touchées", default=list, blank=True)
    personnes_precision = models.CharField("précision sur les personnes", max_length=600, blank=True)
    mesures_avant = models.TextField("mesures en place avant", blank=True)
    consequences = models.TextField("conséquences probables", blank=True)
    prejudices = models.JSONField("préjudices possibles", default=list, blank=True)
    mesures_apres = models.TextField("mesures prises depuis", blank=True)

    LISTES = (("donnees", DonneesTouchees), ("personnes", PersonnesTouchees), ("prejudices", Prejudice))

    class Meta:
        abstract = True

    def clean(self):
        super().clean()
        erreurs = {
            champ: "Choisissez dans la liste."
            for champ, liste in self.LISTES
            if not codes_connus(getattr(self, champ), liste)
        }
        if self.en_cours and self.fin:
            erreurs["fin"] = "Une violation en cours n’a pas encore de fin."
        if erreurs:
            raise ValidationError(erreurs)

    @property
    def natures(self) -> Sequence[str]:
        """Les codes des natures cochées (``NatureViolation``)."""
        return [nature.value for nature in NatureViolation if getattr(self, nature.value)]


def contraintes_des_faits(prefixe: str) -> list[models.BaseConstraint]:
    """Ce que la base refuse d’elle-même ; le nom d’une contrainte est unique par table."""
    return [
        models.CheckConstraint(
            condition=Q(fin__isnull=True) | Q(debut__isnull=True) | Q(fin__gte=F("debut")),
            name=f"{prefixe}_fin_apres_debut",
            violation_error_message="La violation ne peut pas finir avant de commencer.",
        ),
        models.CheckConstraint(
            condition=Q(en_cours=False) | Q(fin__isnull=True),
            name=f"{prefixe}_en_cours_sans_fin",
            violation_error_message="Une violation en cours n’a pas encore de fin.",
        ),
    ]
