"""« Je ne sais pas » est une réponse : elle part en question au DPD, rattachée à sa cellule."""

from django.db import models

from dpd.accompagnement.models import Question
from dpd.comptes.models import ParCollectivite
from registre.models.traitement import VersionTraitement


class QuestionFiche(ParCollectivite):
    """``champ`` : la cellule visée, par exemple « donnees.bancaire.duree »."""

    version = models.ForeignKey(VersionTraitement, models.PROTECT, related_name="questions")
    champ = models.CharField("cellule", max_length=120)
    question = models.ForeignKey(Question, models.PROTECT, related_name="fiches")

    class Meta:
        verbose_name = "question sur une fiche"
        verbose_name_plural = "questions sur les fiches"
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["version", "champ"], name="une_question_par_cellule")]

    def __str__(self) -> str:
        return self.champ
