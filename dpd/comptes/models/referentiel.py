"""Le référentiel public des communes et des intercommunalités, commun à toutes les structures.

Il préremplit ; il ne remplace jamais ce qu’une collectivité a déclaré. Une population absente de la
source reste vide : elle se saisit à la main, elle ne s’estime pas.
"""

from django.db import models
from django.db.models import Q

from dpd.comptes.regles.denomination import cle_de_recherche, denomination_epci

PROPOSITIONS_MAX = 10


class ReferentielQuerySet(models.QuerySet):
    def dont_le_nom(self, cle: str):
        """Ceux dont chaque mot cherché commence un mot du nom (clé déjà normalisée)."""
        requete = self
        for mot in cle.split():
            requete = requete.filter(Q(recherche__startswith=mot) | Q(recherche__contains=f" {mot}"))
        return requete


class EntreeReferentiel(models.Model):
    """Ce que communes et intercommunalités partagent : un nom cherchable, une population sourcée."""

    nom = models.CharField("nom", max_length=200)
    recherche = models.CharField("clé de recherche", max_length=400, db_index=True, editable=False)
    population_municipale = models.PositiveIntegerField("population municipale", null=True, blank=True)
    population_totale = models.PositiveIntegerField("population totale", null=True, blank=True)
    millesime = models.PositiveSmallIntegerField("millésime", null=True, blank=True)
    en_vigueur_au = models.DateField("en vigueur au", null=True, blank=True)
    source = models.CharField("source de la population", max_length=200, blank=True)

    objects = ReferentielQuerySet.as_manager()

    class Meta:
        abstract = True
        default_permissions = ()
        ordering = ["nom", "pk"]

    def __str__(self) -> str:
        return self.nom

    def indexer(self) -> None:
        """Recalcule la clé de recherche ; à appeler avant toute écriture du nom."""
        self.recherche = cle_de_recherche(self.nom)


class Commune(EntreeReferentiel):
    code_insee = models.CharField("code INSEE", max_length=5, primary_key=True)
    departement = models.CharField("code du département", max_length=3)
    region = models.CharField("code de la région", max_length=3)
    siren = models.CharField("SIREN", max_length=9, blank=True, db_index=True)
    code_postal = models.CharField("code postal", max_length=5, blank=True, db_index=True)
    epci_siren = models.CharField("SIREN de l’intercommunalité", max_length=9, blank=True, db_index=True)
    epci_nom = models.CharField("intercommunalité", max_length=200, blank=True)

    class Meta(EntreeReferentiel.Meta):
        verbose_name = "commune"
        verbose_name_plural = "communes"
        constraints = [
            models.CheckConstraint(
                condition=Q(population_totale__isnull=True) | Q(millesime__isnull=False),
                name="commune_population_a_un_millesime",
                violation_error_message="Une population va toujours avec son millésime.",
            )
        ]


class Epci(EntreeReferentiel):
    """Établissement public de coopération intercommunale à fiscalité propre."""

    siren = models.CharField("SIREN", max_length=9, primary_key=True)
    type = models.CharField("nature juridique", max_length=6)
    nombre_communes = models.PositiveSmallIntegerField("nombre de communes")

    class Meta(EntreeReferentiel.Meta):
        verbose_name = "intercommunalité du référentiel"
        verbose_name_plural = "intercommunalités du référentiel"

    def indexer(self) -> None:
        """Se cherche par son nom propre, par sa dénomination et par son sigle."""
        denomination, court = denomination_epci(self.type, self.nom)
        self.recherche = cle_de_recherche(f"{court} {denomination} {self.nom}")
