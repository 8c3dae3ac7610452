"""Le contrat d’une collectivité avec un prestataire : à elle seule, jamais lu d’une autre."""

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from simple_history.models import HistoricalRecords

from dpd.comptes.models import ParCollectivite, PreuveQuerySet
from subtraitance.enums import RegimeAutorisation, Reponse28, SortDonnees
from subtraitance.models.annuaire import Logiciel, SousTraitant


class ContratQuerySet(PreuveQuerySet):
    def en_cours(self, jour: date):
        """Ceux qui valent ce jour-là ; sans date de fin, un contrat dure."""
        return self.filter(Q(debut__isnull=True) | Q(debut__lte=jour)).filter(
            Q(fin__isnull=True) | Q(fin__gte=jour)
        )


class Contrat(ParCollectivite):
    """RGPD art. 28-3. ``delai_violation`` : heures dont dispose le prestataire pour prévenir (art. 33-2)."""

    sous_traitant = models.ForeignKey(SousTraitant, models.PROTECT, related_name="contrats")
    objet = models.CharField("objet", max_length=300)
    reference = models.CharField("référence", max_length=80, blank=True)
    debut = models.DateField("début", null=True, blank=True)
    fin = models.DateField("terme", null=True, blank=True)
    preavis_mois = models.PositiveSmallIntegerField("mois d’avance de l’alerte avant terme", default=3)
    sort_choisi = models.CharField(
        "sort des données au terme, à votre choix", max_length=12, choices=SortDonnees, blank=True
    )
    autorisation = models.CharField(
        "sous-traitants ultérieurs",
        max_length=12,
        choices=RegimeAutorisation,
        default=RegimeAutorisation.SPECIFIQUE,
    )
    objection_jours = models.PositiveSmallIntegerField("jours pour s’opposer", null=True, blank=True)
    piece = models.ForeignKey(
        "pieces.Piece", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="contrat signé"
    )
    # Vide : plus rien à rappeler. Une relance ne relit ainsi que ce qu’elle a à dire.
    rappel_le = models.DateField("prochain rappel du terme", null=True, blank=True, editable=False)
    clos_le = models.DateTimeField("clos le", null=True, blank=True)
    motif_cloture = models.CharField("pourquoi il est clos", max_length=300, blank=True)
    delai_violation = models.PositiveSmallIntegerField(
        "heures pour nous prévenir d’une violation", null=True, blank=True
    )

    objects = ContratQuerySet.as_manager()
    history = HistoricalRecords(excluded_fields=["rappel_le"])

    class Meta:
        verbose_name = "contrat de sous-traitance"
        verbose_name_plural = "contrats de sous-traitance"
        ordering = ["collectivite_id", "sous_traitant__nom", "-debut", "-pk"]
        default_permissions = ()
        indexes = [
            models.Index(fields=["rappel_le"], condition=Q(clos_le__isnull=True), name="contrat_a_rappeler")
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(fin__isnull=True) | Q(debut__isnull=True) | Q(fin__gte=F("debut")),
                name="contrat_terme_apres_debut",
                violation_error_message="Le terme d’un contrat suit son début.",
            ),
            models.CheckConstraint(
                condition=~Q(autorisation="generale") | Q(objection_jours__isnull=False),
                name="contrat_autorisation_generale_avec_delai",
                violation_error_message="Une autorisation générale fixe un délai pour s’opposer (art. 28-2).",
            ),
        ]

    def __str__(self) -> str:
        return self.reference or self.objet


class ClauseControlee(ParCollectivite):
    """Un point de l’article 28 lu dans ce contrat ; ``code`` : ``subtraitance.regles.article_28.POINTS``.

    La citation et la pièce disent où ; sans elles, « le contrat le prévoit » ne se vérifie pas.
    """

    contrat = models.ForeignKey(Contrat, models.PROTECT, related_name="clauses")
    code = models.CharField("point", max_length=20)
    reponse = models.CharField("ce que dit le contrat", max_length=10, choices=Reponse28)
    citation = models.TextField("citation de la clause", blank=True)
    reperage = models.CharField("où", max_length=120, blank=True)
    controlee_par = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    controlee_le = models.DateTimeField("lue le")

    objects = PreuveQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = "clause lue"
        verbose_name_plural = "clauses lues"
        ordering = ["contrat_id", "pk"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["contrat", "code"], name="une_lecture_par_point"),
            models.CheckConstraint(
                condition=~Q(reponse__in=["presente", "partielle"]) | ~Q(citation=""),
                name="clause_presente_citee",
                violation_error_message="Recopiez la clause qui le prévoit.",
            ),
        ]

    def __str__(self) -> str:
        return self.code


class LogicielEmploye(ParCollectivite):
    """La collectivité se sert de ce logiciel : de quoi la prévenir si un incident le touche."""

    contrat = models.ForeignKey(Contrat, models.PROTECT, related_name="logiciels")
    logiciel = models.ForeignKey(Logiciel, models.PROTECT, related_name="emplois")
    retire_le = models.DateTimeField("plus employé depuis", null=True, blank=True)

    objects = PreuveQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = "logiciel employé"
        verbose_name_plural = "logiciels employés"
        ordering = ["contrat_id", "logiciel__nom", "logiciel_id"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["contrat", "logiciel"],
                condition=Q(retire_le__isnull=True),
                name="un_emploi_par_logiciel",
                violation_error_message="Ce logiciel est déjà noté.",
            )
        ]

    def __str__(self) -> str:
        return self.logiciel.nom
