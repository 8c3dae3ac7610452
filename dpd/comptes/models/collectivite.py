"""Le locataire : une personne morale, un SIREN, un registre."""

from django.db import models
from django.db.models import Q
from guardian.models import UserObjectPermissionBase
from simple_history.models import HistoricalRecords

from dpd.comptes.champs import ChampSiren, ChampSiret
from dpd.comptes.enums import FonctionContact, TypeCollectivite
from dpd.comptes.models.probant import ProbantQuerySet
from dpd.comptes.models.structure import TERRITOIRES, Structure
from dpd.regles.calendrier import Territoire, fuseau
from dpd.regles.texte import normaliser


class CollectiviteQuerySet(ProbantQuerySet):
    def actives(self):
        return self.filter(active=True)

    def recherche(self, texte: str):
        """Nom ou SIREN, sans accents ni casse."""
        cle = normaliser(texte)
        return (
            self.filter(Q(recherche__contains=cle) | Q(siren__startswith=texte.replace(" ", "")))
            if cle
            else self
        )


class Collectivite(models.Model):
    structure = models.ForeignKey(Structure, models.PROTECT, related_name="collectivites")
    type = models.CharField("type d’organisme", max_length=20, choices=TypeCollectivite)
    nom = models.CharField("nom court", max_length=150)
    denomination = models.CharField("dénomination", max_length=200)
    siren = ChampSiren("SIREN", unique=True)
    siret = ChampSiret("SIRET du siège", blank=True)
    code_insee = models.CharField("code INSEE", max_length=5, blank=True, db_index=True)
    code_postal = models.CharField("code postal", max_length=5, blank=True)
    adresse = models.TextField("adresse", blank=True)
    territoire = models.CharField("territoire", max_length=30, choices=TERRITOIRES, default="metropole")
    epci_siren = models.CharField("SIREN de l’intercommunalité", max_length=9, blank=True)
    epci_nom = models.CharField("intercommunalité", max_length=200, blank=True)
    population_totale = models.PositiveIntegerField("population totale", null=True, blank=True)
    population_millesime = models.PositiveSmallIntegerField(
        "millésime de la population", null=True, blank=True
    )
    population_source = models.CharField("source de la population", max_length=200, blank=True)
    responsable_titre = models.CharField("titre du responsable de traitement", max_length=80, blank=True)
    responsable_nom = models.CharField("nom du responsable de traitement", max_length=150, blank=True)
    courriel = models.EmailField("courriel de contact", blank=True)
    telephone = models.CharField("téléphone", max_length=30, blank=True)
    dpd_propre_nom = models.CharField(
        "DPD propre, s’il n’est pas celui de la structure", max_length=200, blank=True
    )
    dpd_propre_courriel = models.EmailField("courriel du DPD propre", blank=True)
    designation_numero = models.CharField("n° de désignation à la CNIL", max_length=40, blank=True)
    designation_date = models.DateField("date de désignation à la CNIL", null=True, blank=True)
    active = models.BooleanField("suivie", default=True)
    recherche = models.CharField("clé de recherche", max_length=400, editable=False, default="")

    objects = CollectiviteQuerySet.as_manager()
    history = HistoricalRecords(excluded_fields=["recherche"])

    class Meta:
        verbose_name = "collectivité"
        verbose_name_plural = "collectivités"
        ordering = ["nom", "type", "pk"]
        default_permissions = ()
        permissions = [
            ("role_referent", "Référent RGPD de la collectivité"),
            ("role_decideur", "Décideur de la collectivité"),
            ("role_lecteur", "Lecteur de la collectivité"),
        ]
        indexes = [models.Index(fields=["structure", "nom", "id"], name="collectivite_portefeuille")]
        constraints = [
            models.CheckConstraint(
                condition=Q(population_totale__isnull=True) | Q(population_millesime__isnull=False),
                name="population_a_un_millesime",
                violation_error_message="Une population va toujours avec son millésime.",
            ),
        ]

    def __str__(self) -> str:
        return self.denomination

    def save(self, *args, **kwargs):
        self.recherche = normaliser(f"{self.denomination} {self.nom} {self.epci_nom}")
        super().save(*args, **kwargs)

    @property
    def fuseau(self):
        return fuseau(Territoire(self.territoire))

    @property
    def representant(self) -> str:
        return ", ".join(t for t in (self.responsable_nom, self.responsable_titre) if t)

    @property
    def dpd(self) -> str:
        return self.dpd_propre_nom or self.structure.dpd_nom or self.structure.nom

    @property
    def dpd_coordonnees(self) -> str:
        if self.dpd_propre_nom:
            return self.dpd_propre_courriel
        s = self.structure
        return ", ".join(t for t in (s.nom, s.adresse.replace("\n", ", "), s.dpd_courriel) if t)


class CollectiviteUserObjectPermission(UserObjectPermissionBase):
    """Habilitation d’une personne sur une collectivité ; posée par dpd.comptes.droits seulement."""

    content_object = models.ForeignKey(Collectivite, models.CASCADE)

    class Meta(UserObjectPermissionBase.Meta):
        abstract = False
        verbose_name = "habilitation de collectivité"
        verbose_name_plural = "habilitations de collectivité"


class Contact(models.Model):
    """Un contact daté : on sait qui était maire ou référent à une date."""

    collectivite = models.ForeignKey(Collectivite, models.CASCADE, related_name="contacts")
    fonction = models.CharField("fonction", max_length=20, choices=FonctionContact)
    nom = models.CharField("nom", max_length=150)
    courriel = models.EmailField("courriel", blank=True)
    telephone = models.CharField("téléphone", max_length=30, blank=True)
    depuis = models.DateField("depuis le")
    jusqu_au = models.DateField("jusqu’au", null=True, blank=True)

    objects = ProbantQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = "contact"
        verbose_name_plural = "contacts"
        ordering = ["fonction", "-depuis", "pk"]
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=Q(jusqu_au__isnull=True) | Q(jusqu_au__gte=models.F("depuis")),
                name="contact_dates_ordonnees",
                violation_error_message="La fin ne peut pas précéder le début.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.nom} ({self.get_fonction_display()})"
