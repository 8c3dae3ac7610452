"""La structure mutualisante : centre de gestion, agence technique, agglomération."""

from django.db import models
from guardian.models import UserObjectPermissionBase
from simple_history.models import HistoricalRecords

from dpd.comptes.champs import ChampSiren
from dpd.comptes.models.probant import ProbantQuerySet
from dpd.regles.calendrier import Territoire

TERRITOIRES = [
    (Territoire.METROPOLE.value, "Métropole"),
    (Territoire.ALSACE_MOSELLE.value, "Alsace-Moselle, avec temple protestant ou église mixte"),
    (Territoire.ALSACE_MOSELLE_SANS_TEMPLE.value, "Alsace-Moselle, sans temple"),
    (Territoire.GUADELOUPE.value, "Guadeloupe"),
    (Territoire.MARTINIQUE.value, "Martinique"),
    (Territoire.GUYANE.value, "Guyane"),
    (Territoire.REUNION.value, "La Réunion"),
    (Territoire.MAYOTTE.value, "Mayotte"),
    (Territoire.SAINT_PIERRE_ET_MIQUELON.value, "Saint-Pierre-et-Miquelon"),
    (Territoire.SAINT_BARTHELEMY.value, "Saint-Barthélemy"),
    (Territoire.SAINT_MARTIN.value, "Saint-Martin"),
    (Territoire.NOUVELLE_CALEDONIE.value, "Nouvelle-Calédonie"),
    (Territoire.POLYNESIE.value, "Polynésie française"),
    (Territoire.WALLIS_ET_FUTUNA.value, "Wallis-et-Futuna"),
]


class Structure(models.Model):
    nom = models.CharField("nom", max_length=200)
    sigle = models.CharField("sigle", max_length=30, blank=True)
    siren = ChampSiren("SIREN", unique=True)
    territoire = models.CharField("territoire", max_length=30, choices=TERRITOIRES, default="metropole")
    departement = models.CharField("code du département", max_length=3, blank=True)
    adresse = models.TextField("adresse", blank=True)
    dpd_nom = models.CharField("délégué à la protection des données", max_length=200, blank=True)
    dpd_courriel = models.EmailField("courriel public du DPD", blank=True)
    dpd_telephone = models.CharField("téléphone du DPD", max_length=30, blank=True)
    direction_courriel = models.EmailField(
        "courriel de la direction, prévenue d’une échéance légale sur le point de passer", blank=True
    )
    dpd_horaires = models.CharField("horaires du DPD", max_length=200, blank=True)

    objects = ProbantQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = "structure"
        verbose_name_plural = "structures"
        ordering = ["nom"]
        default_permissions = ()
        permissions = [
            ("role_dpd", "DPD de la structure"),
            ("role_gestionnaire", "Gestionnaire de la structure"),
            ("role_agent", "Agent d’assistance de la structure"),
        ]

    def __str__(self) -> str:
        return self.nom


class StructureUserObjectPermission(UserObjectPermissionBase):
    """Habilitation d’une personne sur une structure ; posée par dpd.comptes.droits seulement."""

    content_object = models.ForeignKey(Structure, models.CASCADE)

    class Meta(UserObjectPermissionBase.Meta):
        abstract = False
        verbose_name = "habilitation de structure"
        verbose_name_plural = "habilitations de structure"
