"""Le modèle de convention d’une structure : ses clauses, datées et sourcées, sans nom de collectivité."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from simple_history.models import HistoricalRecords

from dpd.comptes.models import ParStructure, ProbantQuerySet
from dpd.conventions.enums import Depart, Forme, Preavis, Reconduction, ReglePhase
from dpd.conventions.regles.clauses import Clauses, JourMois, manques_par_champ


def lire_jour_mois(texte: str) -> JourMois | None:
    """« 10-31 » donne (10, 31) ; une chaîne vide ne donne rien. ``ValueError`` si le jour n’existe pas."""
    if not texte:
        return None
    jour = date.fromisoformat(f"2001-{texte}")  # une année commune : le 29 février n’est pas une limite
    return jour.month, jour.day


def verifier_jour_mois(texte: str) -> None:
    """:raises ValidationError: si « mois-jour » n’est pas un jour de chaque année."""
    try:
        lire_jour_mois(texte)
    except ValueError as erreur:
        raise ValidationError("Ce jour n’existe pas chaque année.") from erreur


def _jour_mois(libelle: str) -> models.CharField:
    return models.CharField(libelle, max_length=5, blank=True, validators=[verifier_jour_mois])


class ModeleConvention(ParStructure):
    """Une convention signée ne change plus : son modèle se remplace, il ne se corrige pas."""

    nom = models.CharField("nom", max_length=200)
    source = models.CharField("texte d’où viennent ces clauses", max_length=300)
    en_vigueur_du = models.DateField("proposé depuis le")
    en_vigueur_au = models.DateField("proposé jusqu’au", null=True, blank=True)
    depart = models.CharField("point de départ", max_length=12, choices=Depart)
    date_fixe = models.DateField("date fixée", null=True, blank=True)
    duree_mois = models.PositiveSmallIntegerField("durée, en mois", null=True, blank=True)
    reconduction = models.CharField("reconduction", max_length=10, choices=Reconduction)
    renouvellement_mois = models.PositiveSmallIntegerField(
        "renouvellement exprès à notifier, en mois avant l’échéance", null=True, blank=True
    )
    preavis = models.CharField("dénonciation", max_length=15, choices=Preavis)
    preavis_mois = models.PositiveSmallIntegerField("préavis, en mois", null=True, blank=True)
    limite_collectivite = _jour_mois("la collectivité dénonce avant le")
    limite_structure = _jour_mois("la structure dénonce avant le")
    fin_annuelle = _jour_mois("la dénonciation prend effet le")
    forme = models.CharField("forme de la dénonciation", max_length=15, choices=Forme)
    hausse_mois = models.PositiveSmallIntegerField(
        "délai pour dénoncer après une hausse, en mois", null=True, blank=True
    )
    regle_phase = models.CharField(
        "passage à l’accompagnement", max_length=20, choices=ReglePhase, default=ReglePhase.PREMIER_EXERCICE
    )
    etat_mensuel = models.BooleanField("état mensuel des journées, à valider", default=False)
    evaluation_mois = models.PositiveSmallIntegerField(
        "évaluation, en mois après la signature", null=True, blank=True
    )
    sort_des_donnees = models.TextField("sort des données à la fin", blank=True)
    article_duree = models.CharField("article de la durée", max_length=60, blank=True)
    article_denonciation = models.CharField("article de la dénonciation", max_length=60, blank=True)
    article_hausse = models.CharField("article de la hausse", max_length=60, blank=True)
    article_tarif = models.CharField("article du tarif", max_length=60, blank=True)
    article_prorata = models.CharField("article qui écarte le prorata", max_length=60, blank=True)
    etapes = models.JSONField("étapes de la mise en place retenues", default=list, blank=True)

    objects = ProbantQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = "modèle de convention"
        verbose_name_plural = "modèles de convention"
        ordering = ["structure_id", "-en_vigueur_du", "pk"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["structure", "nom"], name="modele_convention_nom_unique"),
            models.CheckConstraint(
                condition=Q(en_vigueur_au__isnull=True) | Q(en_vigueur_au__gte=models.F("en_vigueur_du")),
                name="modele_convention_dates_ordonnees",
                violation_error_message="La fin ne peut pas précéder le début.",
            ),
        ]

    def __str__(self) -> str:
        return self.nom

    def clean(self):
        try:
            lues = self.clauses
        except ValueError:  # une valeur illisible est déjà dite, sous son champ
            return
        erreurs: dict[str, list[str]] = {}
        for champ, phrase in manques_par_champ(lues):
            erreurs.setdefault(champ, []).append(phrase)
        if erreurs:
            raise ValidationError(erreurs)

    @property
    def clauses(self) -> Clauses:
        """Les clauses, telles que les lisent les règles."""
        return Clauses(
            depart=Depart(self.depart),
            reconduction=Reconduction(self.reconduction),
            preavis=Preavis(self.preavis),
            forme=Forme(self.forme),
            duree_mois=self.duree_mois,
            date_fixe=self.date_fixe,
            renouvellement_mois=self.renouvellement_mois,
            preavis_mois=self.preavis_mois,
            limite_collectivite=lire_jour_mois(self.limite_collectivite),
            limite_structure=lire_jour_mois(self.limite_structure),
            fin_annuelle=lire_jour_mois(self.fin_annuelle),
            hausse_mois=self.hausse_mois,
            article_duree=self.article_duree,
            article_denonciation=self.article_denonciation,
            article_hausse=self.article_hausse,
        )
