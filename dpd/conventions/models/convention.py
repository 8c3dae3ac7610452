"""La convention d’une collectivité : ses signatures, ses renouvellements, sa fin."""

from dataclasses import replace
from datetime import date

from django.db import models
from django.db.models import Q
from simple_history.models import HistoricalRecords

from dpd.comptes.models import ParCollectivite, PreuveQuerySet
from dpd.conventions.enums import CauseFin, Partie, ReglePhase
from dpd.conventions.models.modele import ModeleConvention
from dpd.conventions.regles import vie
from dpd.conventions.regles.clauses import Clauses, prochaine_echeance
from dpd.regles.calendrier import Territoire


class ConventionQuerySet(PreuveQuerySet):
    def en_vigueur(self, jour: date):
        """Celles qui valent ce jour-là, dénoncées ou non."""
        return self.filter(date_effet__lte=jour).filter(Q(fin__isnull=True) | Q(fin__gte=jour))

    def de_l_exercice(self, exercice: int):
        """Celles qui touchent une année civile : un exercice entamé est dû en entier."""
        return self.filter(date_effet__year__lte=exercice).filter(
            Q(fin__isnull=True) | Q(fin__year__gte=exercice)
        )

    def retenues(self):
        """Toutes, sauf les projets abandonnés avant d’être signés."""
        return self.filter(abandonnee_le__isnull=True)

    def projets(self):
        """Celles qui attendent une signature."""
        return self.retenues().filter(date_effet__isnull=True)

    def de_la_structure(self, structure):
        return self.filter(collectivite__structure=structure)


class Convention(ParCollectivite):
    """``date_effet`` et ``fin`` sont calculées depuis les signatures et les clauses, par une action.

    ``fin`` : le dernier jour en vigueur ; vide tant que rien n’y met fin.
    """

    modele = models.ForeignKey(ModeleConvention, models.PROTECT, related_name="+", verbose_name="modèle")
    reference = models.CharField("référence", max_length=60, blank=True)
    deliberation = models.CharField("délibération de la collectivité", max_length=120, blank=True)
    deliberee_le = models.DateField("délibérée le", null=True, blank=True)
    signee_collectivite_le = models.DateField("signée par la collectivité le", null=True, blank=True)
    signee_structure_le = models.DateField("signée par la structure le", null=True, blank=True)
    piece = models.ForeignKey(
        "pieces.Piece",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="convention signée",
    )
    date_effet = models.DateField("date d’effet", null=True, blank=True)
    fin = models.DateField("dernier jour en vigueur", null=True, blank=True)
    abandonnee_le = models.DateField("projet abandonné le", null=True, blank=True)
    motif_abandon = models.CharField("motif de l’abandon", max_length=300, blank=True)
    bascule_le = models.DateField("passée en accompagnement le", null=True, blank=True)
    bilan_mise_en_place = models.TextField("bilan de la mise en place", blank=True)
    forfait_code = models.CharField("forfait choisi", max_length=40, blank=True)
    jours_mise_en_place = models.DecimalField(
        "jours prévus pour la mise en place", max_digits=6, decimal_places=2, null=True, blank=True
    )
    jours_accompagnement = models.DecimalField(
        "jours estimés par an ensuite", max_digits=6, decimal_places=2, null=True, blank=True
    )

    objects = ConventionQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = "convention"
        verbose_name_plural = "conventions"
        ordering = ["collectivite_id", "-date_effet", "-pk"]
        default_permissions = ()
        indexes = [
            models.Index(fields=["collectivite", "date_effet"], name="convention_de_collectivite"),
            models.Index(fields=["date_effet", "fin"], name="convention_en_vigueur"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(fin__isnull=True) | Q(date_effet__isnull=False),
                name="convention_fin_apres_effet",
                violation_error_message="Une convention qui n’a pas pris effet n’a pas de fin.",
            ),
            models.CheckConstraint(
                condition=Q(date_effet__isnull=True)
                | Q(signee_collectivite_le__isnull=False, signee_structure_le__isnull=False),
                name="convention_signee_par_les_deux",
                violation_error_message="Une convention prend effet une fois signée par les deux parties.",
            ),
            models.CheckConstraint(
                condition=Q(abandonnee_le__isnull=True) | (Q(date_effet__isnull=True) & ~Q(motif_abandon="")),
                name="convention_abandonnee_avant_effet",
                violation_error_message="Seul un projet s’abandonne, en disant pourquoi.",
            ),
            models.CheckConstraint(
                condition=Q(bascule_le__isnull=True) | Q(bascule_le__gte=models.F("date_effet")),
                name="convention_bascule_apres_effet",
                violation_error_message="La bascule ne peut pas précéder la date d’effet.",
            ),
        ]

    def __str__(self) -> str:
        return self.reference or self.modele.nom

    @property
    def clauses(self) -> Clauses:
        """Celles de son modèle, aux jours fériés de la collectivité."""
        return replace(self.modele.clauses, territoire=Territoire(self.collectivite.territoire))

    def etat(self, jour: date, fin_anticipee: date | None = None) -> vie.EtatConvention:
        """Son état à une date ; ``fin_anticipee`` : le dernier jour que donne sa dénonciation."""
        if self.abandonnee_le is not None:
            return vie.EtatConvention.ABANDONNEE
        return vie.etat(self.date_effet, self.fin, fin_anticipee, jour)

    def echeance_apres(self, jour: date) -> date | None:
        """La prochaine échéance, ou rien si elle n’a pas pris effet ou n’a pas de durée."""
        return prochaine_echeance(self.clauses, self.date_effet, jour) if self.date_effet else None

    def phase(self, jour: date) -> vie.Phase | None:
        """La phase du jour, ou rien si la convention ne vaut pas ce jour-là."""
        if self.date_effet is None or jour < self.date_effet or (self.fin and jour > self.fin):
            return None
        return vie.phase_au_jour(
            jour,
            effet=self.date_effet,
            bascule_le=self.bascule_le,
            regle=ReglePhase(self.modele.regle_phase),
        )


class Renouvellement(ParCollectivite):
    """Un renouvellement exprès, notifié à temps : la convention repart pour la même durée."""

    convention = models.ForeignKey(Convention, models.PROTECT, related_name="renouvellements")
    echeance = models.DateField("échéance renouvelée")
    notifie_le = models.DateField("présenté le")
    par = models.CharField("à l’initiative de", max_length=15, choices=Partie)
    piece = models.ForeignKey("pieces.Piece", models.PROTECT, null=True, blank=True, related_name="+")

    objects = PreuveQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = "renouvellement"
        verbose_name_plural = "renouvellements"
        ordering = ["convention_id", "echeance"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["convention", "echeance"], name="renouvellement_unique"),
            models.CheckConstraint(
                condition=Q(notifie_le__lt=models.F("echeance")),
                name="renouvellement_avant_echeance",
                violation_error_message="Un renouvellement se notifie avant l’échéance.",
            ),
        ]

    def __str__(self) -> str:
        return f"Renouvellement à l’échéance du {self.echeance:%d/%m/%Y}"


class FinConvention(ParCollectivite):
    """Dénonciation ou résiliation ; une dénonciation retirée reste lisible."""

    convention = models.ForeignKey(Convention, models.PROTECT, related_name="fins")
    cause = models.CharField("cause", max_length=15, choices=CauseFin)
    par = models.CharField("à l’initiative de", max_length=15, choices=Partie)
    notifiee_le = models.DateField("présentée le")
    deliberation = models.CharField("délibération", max_length=120, blank=True)
    motif = models.TextField("motif", blank=True)
    fin = models.DateField("dernier jour en vigueur")
    regle = models.CharField("règle appliquée", max_length=300)
    piece = models.ForeignKey("pieces.Piece", models.PROTECT, null=True, blank=True, related_name="+")
    retiree_le = models.DateField("retirée le", null=True, blank=True)
    motif_retrait = models.CharField("motif du retrait", max_length=300, blank=True)

    objects = PreuveQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = "fin de convention"
        verbose_name_plural = "fins de convention"
        ordering = ["convention_id", "-notifiee_le", "-pk"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["convention"],
                condition=Q(retiree_le__isnull=True),
                name="une_seule_fin_par_convention",
                violation_error_message="Cette convention est déjà dénoncée.",
            ),
            models.CheckConstraint(
                condition=Q(retiree_le__isnull=True) | ~Q(motif_retrait=""),
                name="fin_retiree_avec_motif",
                violation_error_message="Un retrait se motive.",
            ),
        ]

    def __str__(self) -> str:
        return self.get_cause_display()
