"""La preuve de chaque courriel : à qui, quand, quoi, et ce qu’il est devenu."""

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from post_office.models import STATUS

ETATS = {
    STATUS.sent: "envoyé",
    STATUS.failed: "échec définitif",
    STATUS.queued: "en attente",
    STATUS.requeued: "en attente, après un essai manqué",
}
SANS_TRACE = "retiré de la file sans confirmation d’envoi"


class MessageQuerySet(models.QuerySet):
    def delete(self):
        raise TypeError("Un message envoyé est une preuve : il ne s’efface pas en masse.")

    def sur(self, objet):
        """Les messages qui parlent de cet objet, du plus récent au plus ancien."""
        return self.filter(objet_type=ContentType.objects.get_for_model(objet), objet_id=objet.pk)

    def avec_etat(self):
        """Charge l’état d’envoi avec les messages : aucune requête par ligne ensuite."""
        return self.select_related("courriel")

    def en_echec(self):
        """Ceux dont l’envoi est arrêté : le serveur a refusé l’adresse, ou l’on a renoncé."""
        return self.filter(courriel__status=STATUS.failed)


class Message(models.Model):
    """Un courriel confié à la file. La clé, unique, rend une relance rejouable sans doublon."""

    nature = models.CharField("nature", max_length=60, db_index=True)
    objet_type = models.ForeignKey(
        ContentType,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="type de l’objet visé",
    )
    objet_id = models.PositiveBigIntegerField("identifiant de l’objet visé", null=True, blank=True)
    objet = GenericForeignKey("objet_type", "objet_id")
    collectivite = models.ForeignKey(
        "comptes.Collectivite",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="collectivité",
    )
    destinataire = models.EmailField("destinataire")
    utilisateur = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="compte",
    )
    sujet = models.CharField("sujet", max_length=300)
    corps = models.TextField("texte, sans les liens secrets")
    jointes = models.JSONField("pièces jointes", default=list, blank=True, help_text="nom, taille, sha256")
    cree_le = models.DateTimeField("confié à la file le", db_index=True)
    envoye_le = models.DateTimeField("envoyé le", null=True, blank=True)
    cle = models.CharField("clé d’unicité", max_length=200, null=True, blank=True, unique=True)
    courriel = models.OneToOneField(
        "post_office.Email",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="preuve",
        verbose_name="envoi",
    )

    objects = MessageQuerySet.as_manager()

    class Meta:
        verbose_name = "message"
        verbose_name_plural = "messages"
        ordering = ["-cree_le", "-pk"]
        default_permissions = ()
        indexes = [
            models.Index(fields=["objet_type", "objet_id"], name="message_objet"),
            models.Index(fields=["collectivite", "-cree_le"], name="message_collectivite"),
        ]

    def __str__(self) -> str:
        return f"{self.sujet} → {self.destinataire}"

    def delete(self, *args, **kwargs):
        raise TypeError("Un message envoyé est une preuve : il ne s’efface pas.")

    @property
    def est_envoye(self) -> bool:
        return self.envoye_le is not None or (
            self.courriel is not None and self.courriel.status == STATUS.sent
        )

    @property
    def est_en_echec(self) -> bool:
        """Vrai si l’envoi est arrêté : le serveur a refusé l’adresse, ou l’on a renoncé."""
        return self.courriel is not None and self.courriel.status == STATUS.failed

    @property
    def etat(self) -> str:
        """Ce qu’est devenu le courriel, en clair."""
        if self.est_envoye:
            return ETATS[STATUS.sent]
        return SANS_TRACE if self.courriel is None else ETATS[self.courriel.status]

    @property
    def tentatives(self) -> int:
        """Essais d’envoi déjà faits, y compris celui qui a réussi."""
        if self.courriel is None:
            return int(self.est_envoye)
        rates = self.courriel.number_of_retries or 0
        if self.courriel.status == STATUS.queued:
            return rates
        return rates + (self.courriel.status != STATUS.requeued)
