"""La bibliothèque : des modèles de fiches, versionnés, que les collectivités copient puis suivent."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from simple_history.models import HistoricalRecords

from dpd.comptes.models import Structure
from dpd.regles.texte import normaliser
from registre.enums import EtatModele


class ModeleQuerySet(models.QuerySet):
    def pour_structure(self, structure):
        """La bibliothèque commune et les modèles propres à la structure."""
        return self.filter(Q(structure__isnull=True) | Q(structure=structure))

    def pour_type(self, type_organisme: str):
        return self.filter(entites__contains=f"|{type_organisme}|")


class ModeleTraitement(models.Model):
    """``structure`` vide : bibliothèque commune, chargée avec l’application."""

    structure = models.ForeignKey(
        Structure, models.PROTECT, null=True, blank=True, related_name="modeles_traitements"
    )
    code = models.SlugField("code", max_length=80)
    domaine = models.CharField("domaine", max_length=80)
    entites = models.CharField("types d’organismes", max_length=120, help_text="|commune|ccas|")

    objects = ModeleQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = "modèle de traitement"
        verbose_name_plural = "modèles de traitement"
        ordering = ["domaine", "code"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["structure", "code"], name="code_unique_par_structure"),
            models.UniqueConstraint(
                fields=["code"], condition=Q(structure__isnull=True), name="code_unique_en_commun"
            ),
        ]

    def __str__(self) -> str:
        return self.code


class VersionModele(models.Model):
    """``contenu`` a la forme de ``registre.regles.contenu.Fiche`` : un modèle et une fiche se comparent."""

    modele = models.ForeignKey(ModeleTraitement, models.PROTECT, related_name="versions")
    numero = models.PositiveSmallIntegerField("n° de version")
    etat = models.CharField("état", max_length=10, choices=EtatModele, default=EtatModele.BROUILLON)
    nom = models.CharField("nom", max_length=200)
    contenu = models.JSONField("contenu")
    durees = models.JSONField("durées proposées", default=list, blank=True)
    sources = models.JSONField("sources et statuts de preuve", default=dict, blank=True)
    vigilance = models.JSONField("points de vigilance", default=list, blank=True)
    recherche = models.TextField("clé de recherche", blank=True, editable=False)
    note_de_version = models.TextField("ce qui change", blank=True)
    publiee_le = models.DateTimeField("publiée le", null=True, blank=True)
    publiee_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    est_courante = models.BooleanField("version proposée", default=False)

    history = HistoricalRecords(excluded_fields=["recherche"])

    class Meta:
        verbose_name = "version de modèle"
        verbose_name_plural = "versions de modèle"
        ordering = ["modele_id", "-numero"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["modele", "numero"], name="numero_unique_par_modele"),
            models.UniqueConstraint(
                fields=["modele"], condition=Q(est_courante=True), name="une_version_de_modele_courante"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.nom}, version {self.numero}"

    def save(self, *args, **kwargs):
        self.recherche = normaliser(f"{self.nom} {self.contenu.get('description', '')} {self.modele.domaine}")
        super().save(*args, **kwargs)

    @property
    def etat_lu(self) -> str:
        """Ce qu’une page renvoie pour dire quelle version elle montrait, et dans quel état."""
        return f"{self.pk}-{self.etat}"
