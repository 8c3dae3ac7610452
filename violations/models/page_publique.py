"""La page publique d’une violation : le message, à une adresse que seul connaît qui la reçoit."""

import secrets

from django.conf import settings
from django.db import models
from django.db.models import Q
from simple_history.models import HistoricalRecords

from dpd.comptes.models import ParCollectivite, PreuveQuerySet
from violations.enums import MoyenInformation, Question
from violations.models.violation import Violation

OCTETS = 32  # 256 bits : une adresse qui ne se devine pas
PUBLICS = (MoyenInformation.AFFICHE, MoyenInformation.PUBLICATION)


def nouveau_jeton() -> str:
    return secrets.token_urlsafe(OCTETS)


class PagePubliqueQuerySet(PreuveQuerySet):
    def ouvertes(self):
        """Celles que le responsable n’a pas refermées, et dont la décision vaut encore (art. 34-3 c)."""
        decidees = Violation.objects.filter(communication_publique()).values("pk")
        return self.filter(fermee_le__isnull=True, violation__in=decidees)


def communication_publique() -> Q:
    """Les violations dont le responsable a décidé une communication publique."""
    return Q(decisions__courante=True, decisions__question=Question.INFORMER, decisions__moyen__in=PUBLICS)


class PagePublique(ParCollectivite):
    """``message`` est figé à la publication : le brouillon du dossier ne paraît pas de lui-même."""

    violation = models.ForeignKey(Violation, models.PROTECT, related_name="pages_publiques")
    jeton = models.CharField("jeton", max_length=64, unique=True, default=nouveau_jeton)
    message = models.TextField("message publié")
    publiee_par = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    publiee_le = models.DateTimeField("publiée le")
    fermee_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    fermee_le = models.DateTimeField("fermée le", null=True, blank=True)

    objects = PagePubliqueQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = "page publique"
        verbose_name_plural = "pages publiques"
        ordering = ["violation_id", "-publiee_le", "-pk"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["violation"],
                condition=Q(fermee_le__isnull=True),
                name="une_page_publique_ouverte",
                violation_error_message="Cette page est déjà publiée.",
            )
        ]

    def __str__(self) -> str:
        return f"Page publique de la violation {self.violation_id}"
