"""Les lignes d’une version, pour interroger le registre : qui traite le NIR, qui recourt à tel prestataire.

Elles sont la projection de ``VersionTraitement.contenu``, récrite par ``registre.ecriture`` dans la même
transaction ; c’est la version qui est historisée. Un test vérifie que les deux disent la même chose.
"""

from django.db import models

from dpd import vocabulaire
from dpd.comptes.models import ParCollectivite
from registre.models.traitement import VersionTraitement


class Ligne(ParCollectivite):
    ordre = models.PositiveSmallIntegerField("ordre", default=0)

    class Meta:
        abstract = True
        ordering = ["version_id", "ordre", "pk"]
        default_permissions = ()


class Finalite(Ligne):
    """RGPD art. 30-1 b ; une seule base légale par finalité, et le texte qui la fonde."""

    version = models.ForeignKey(VersionTraitement, models.CASCADE, related_name="finalites")
    libelle = models.CharField("pourquoi", max_length=400)
    base_legale = models.CharField(
        "ce qui le permet", max_length=1, choices=vocabulaire.BaseLegale, blank=True
    )
    texte = models.CharField("texte", max_length=400, blank=True)
    principale = models.BooleanField("finalité principale", default=False)

    class Meta(Ligne.Meta):
        verbose_name = "finalité"
        verbose_name_plural = "finalités"

    def __str__(self) -> str:
        return self.libelle


class PersonnesConcernees(Ligne):
    version = models.ForeignKey(VersionTraitement, models.CASCADE, related_name="personnes")
    categorie = models.CharField("qui", max_length=40, choices=vocabulaire.CategoriePersonnes)
    precision = models.CharField("précision", max_length=300, blank=True)
    vulnerables = models.BooleanField("personnes vulnérables", default=False)

    class Meta(Ligne.Meta):
        verbose_name = "personnes concernées"
        verbose_name_plural = "personnes concernées"

    def __str__(self) -> str:
        return self.get_categorie_display()


class DonneesTraitees(Ligne):
    """RGPD art. 30-1 c et f : la donnée, sa durée, puis son sort final, trois notions séparées."""

    version = models.ForeignKey(VersionTraitement, models.CASCADE, related_name="donnees")
    categorie = models.CharField("donnée", max_length=40, choices=vocabulaire.CategorieDonnees)
    description = models.CharField("précision", max_length=400, blank=True)
    source = models.CharField("d’où elle vient", max_length=200, blank=True)
    exception_art9 = models.CharField(
        "raison de noter une donnée sensible", max_length=1, choices=vocabulaire.ExceptionArt9, blank=True
    )
    alinea_nir = models.CharField("alinéa du décret 2019-341", max_length=200, blank=True)
    duree_nombre = models.PositiveSmallIntegerField("durée", null=True, blank=True)
    duree_unite = models.CharField("unité", max_length=12, choices=vocabulaire.UniteDuree, blank=True)
    duree_evenement = models.CharField("à compter de", max_length=200, blank=True)
    duree_inconnue = models.BooleanField("durée à demander au DPD", default=False)
    archivage = models.CharField("archivage intermédiaire", max_length=300, blank=True)
    sort_final = models.CharField("et ensuite", max_length=1, choices=vocabulaire.SortFinal, blank=True)
    sort_inconnu = models.BooleanField("sort final à demander au DPD", default=False)

    class Meta(Ligne.Meta):
        verbose_name = "données traitées"
        verbose_name_plural = "données traitées"

    def __str__(self) -> str:
        return self.get_categorie_display()


class Destinataire(Ligne):
    version = models.ForeignKey(VersionTraitement, models.CASCADE, related_name="destinataires")
    nature = models.CharField("nature", max_length=10, choices=vocabulaire.NatureDestinataire)
    categorie = models.CharField("qui", max_length=40, choices=vocabulaire.CategorieDestinataire)
    precision = models.CharField("précision", max_length=300, blank=True)

    class Meta(Ligne.Meta):
        verbose_name = "destinataire"
        verbose_name_plural = "destinataires"

    def __str__(self) -> str:
        return self.get_categorie_display()


class Recours(Ligne):
    """Le recours à un sous-traitant (art. 28) ; distinct d’un destinataire."""

    version = models.ForeignKey(VersionTraitement, models.CASCADE, related_name="recours")
    type = models.CharField("type de prestataire", max_length=40, choices=vocabulaire.TypePrestataire)
    nom = models.CharField("nom", max_length=200, blank=True)

    class Meta(Ligne.Meta):
        verbose_name = "recours à un prestataire"
        verbose_name_plural = "recours à des prestataires"

    def __str__(self) -> str:
        return self.nom or self.get_type_display()


class Transfert(Ligne):
    """RGPD art. 30-1 e et 44 à 49."""

    version = models.ForeignKey(VersionTraitement, models.CASCADE, related_name="transferts")
    destinataire = models.CharField("à qui", max_length=200)
    pays = models.CharField("pays", max_length=2, choices=vocabulaire.Pays)
    outil = models.CharField(
        "ce qui encadre l’envoi", max_length=20, choices=vocabulaire.OutilTransfert, blank=True
    )
    lien = models.CharField("document ou lien", max_length=400, blank=True)

    class Meta(Ligne.Meta):
        verbose_name = "transfert hors d’Europe"
        verbose_name_plural = "transferts hors d’Europe"

    def __str__(self) -> str:
        return f"{self.destinataire} ({self.get_pays_display()})"


class MesureSecurite(Ligne):
    """RGPD art. 30-1 g et 32-1 ; retirée de la version communicable."""

    version = models.ForeignKey(VersionTraitement, models.CASCADE, related_name="mesures")
    mesure = models.CharField("mesure", max_length=40, choices=vocabulaire.MesureSecurite)
    precision = models.CharField("précision", max_length=300, blank=True)

    class Meta(Ligne.Meta):
        verbose_name = "mesure de sécurité"
        verbose_name_plural = "mesures de sécurité"

    def __str__(self) -> str:
        return self.get_mesure_display()


LIGNES: tuple[type[Ligne], ...] = (
    Finalite,
    PersonnesConcernees,
    DonneesTraitees,
    Destinataire,
    Recours,
    Transfert,
    MesureSecurite,
)
