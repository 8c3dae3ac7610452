"""Le traitement (identité stable) et ses versions (ce qui fut vrai à une date)."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from simple_history.models import HistoricalRecords

from dpd.accompagnement.models import Avis
from dpd.comptes.models import ParCollectivite, PreuveQuerySet
from dpd.regles.texte import normaliser
from registre.enums import ETATS_EN_PREPARATION, EtatVersion


class Traitement(ParCollectivite):
    """Une fiche du registre ; son numéro ne change jamais et n’est jamais réattribué."""

    reference = models.PositiveIntegerField("n° de fiche")
    cree_le = models.DateTimeField("créé le")
    modele = models.ForeignKey(
        "registre.VersionModele", models.PROTECT, null=True, blank=True, related_name="traitements"
    )
    retire_le = models.DateTimeField("retiré le", null=True, blank=True)

    objects = PreuveQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = "traitement"
        verbose_name_plural = "traitements"
        ordering = ["collectivite_id", "reference"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["collectivite", "reference"],
                name="reference_unique_par_collectivite",
                violation_error_message="Ce numéro de fiche existe déjà dans le registre.",
            )
        ]

    def __str__(self) -> str:
        return f"Fiche n° {self.reference}"


class VersionTraitementQuerySet(PreuveQuerySet):
    """Le vocabulaire de lecture du registre."""

    def courantes(self):
        """La version à montrer de chaque fiche : celle en préparation, sinon l’adoptée, sinon l’abrogée."""
        return self.filter(est_courante=True)

    def adoptees(self):
        return self.filter(etat=EtatVersion.ADOPTEE)

    def en_preparation(self):
        return self.filter(etat__in=ETATS_EN_PREPARATION)

    def completes(self):
        return self.filter(manquantes="")

    def incompletes(self):
        return self.exclude(manquantes="")

    def a_relire(self, jour):
        """Adoptées et non relues depuis un an au jour dit."""
        return self.filter(etat=EtatVersion.ADOPTEE, relire_avant__lte=jour)

    def recherche(self, texte: str):
        requete = self
        for mot in normaliser(texte).split():
            requete = requete.filter(recherche__contains=mot)
        return requete

    def pour_lecture(self):
        """Tout ce qu’une fiche affiche ou exporte, en une requête : le contenu est dans la ligne."""
        return self.select_related(
            "traitement__modele__modele",
            "collectivite__structure",
            "avis__rendu_par",
            "avis__suite__decidee_par",
            "adoptee_par",
        )


class VersionTraitement(ParCollectivite):
    """Une version porte tout son contenu ; adoptée, elle est l’instantané opposable et ne bouge plus."""

    traitement = models.ForeignKey(Traitement, models.PROTECT, related_name="versions")
    numero = models.PositiveSmallIntegerField("n° de version")
    etat = models.CharField("état", max_length=12, choices=EtatVersion, default=EtatVersion.BROUILLON)
    est_courante = models.BooleanField("version montrée par défaut", default=True)

    contenu = models.JSONField("contenu", help_text="forme de registre.regles.contenu.Fiche")
    # Tirés du contenu à chaque enregistrement, pour trier, filtrer et compter sans le relire.
    nom = models.CharField("nom de la fiche", max_length=200)
    service = models.CharField("service", max_length=150, blank=True)
    manquantes = models.CharField("éléments manquants de l’article 30", max_length=7, blank=True)
    empreinte = models.CharField("empreinte SHA-256 du contenu", max_length=64)
    recherche = models.TextField("clé de recherche", blank=True, editable=False)
    base_principale = models.CharField("base légale principale", max_length=1, blank=True, editable=False)
    a_donnees_sensibles = models.BooleanField("contient des données sensibles", default=False, editable=False)
    a_nir = models.BooleanField("contient le NIR", default=False, editable=False)
    a_transferts = models.BooleanField("sort d’Europe", default=False, editable=False)
    aipd_conclusion = models.CharField("premier filtre d’analyse d’impact", max_length=20, blank=True)
    revision = models.PositiveIntegerField("nombre d’enregistrements", default=0)

    cree_le = models.DateTimeField("créée le")
    modifie_le = models.DateTimeField("modifiée le")
    modifie_par = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    transmise_le = models.DateTimeField("transmise le", null=True, blank=True)
    avis = models.ForeignKey(Avis, models.PROTECT, null=True, blank=True, related_name="versions")
    # L’instant de la transmission, puis celui de l’avis ; vide dès que personne n’est plus attendu.
    attend_depuis = models.DateTimeField("attend quelqu’un depuis", null=True, blank=True, editable=False)
    adoptee_le = models.DateTimeField("adoptée le", null=True, blank=True)
    adoptee_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    motif_decision = models.TextField("motif de la décision", blank=True)
    motif_abrogation = models.TextField("motif de l’abrogation", blank=True)
    fin_le = models.DateTimeField("remplacée ou abrogée le", null=True, blank=True)
    relire_avant = models.DateField("à relire avant le", null=True, blank=True)
    relue_le = models.DateTimeField("relue le", null=True, blank=True)

    objects = VersionTraitementQuerySet.as_manager()
    history = HistoricalRecords(excluded_fields=["recherche", "attend_depuis"])

    class Meta:
        verbose_name = "version de traitement"
        verbose_name_plural = "versions de traitement"
        ordering = ["collectivite_id", "nom", "pk"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["traitement", "numero"], name="numero_unique_par_traitement"),
            models.UniqueConstraint(
                fields=["traitement"],
                condition=Q(etat="adoptee"),
                name="une_seule_version_adoptee",
                violation_error_message="Une seule version est en vigueur à la fois.",
            ),
            models.UniqueConstraint(
                fields=["traitement"],
                condition=Q(etat__in=["brouillon", "transmise", "avis_rendu"]),
                name="une_seule_version_en_preparation",
                violation_error_message="Une version est déjà en préparation.",
            ),
            models.UniqueConstraint(
                fields=["traitement"], condition=Q(est_courante=True), name="une_seule_version_courante"
            ),
            models.CheckConstraint(
                condition=~Q(etat="adoptee") | Q(adoptee_le__isnull=False, adoptee_par__isnull=False),
                name="adoptee_par_quelqu_un",
                violation_error_message="Une adoption est datée et nominative.",
            ),
            models.CheckConstraint(
                condition=Q(etat__in=["transmise", "avis_rendu"], attend_depuis__isnull=False)
                | (~Q(etat__in=["transmise", "avis_rendu"]) & Q(attend_depuis__isnull=True)),
                name="attente_datee",
                violation_error_message="Une fiche qui attend quelqu’un dit depuis quand.",
            ),
        ]
        indexes = [
            models.Index(
                fields=["collectivite", "nom", "id"],
                condition=Q(est_courante=True),
                name="registre_liste_nom",
            ),
            models.Index(
                fields=["collectivite", "-modifie_le", "id"],
                condition=Q(est_courante=True),
                name="registre_liste_date",
            ),
            # Ce que comptent l’accueil et le portefeuille, sans lire la ligne que son contenu alourdit.
            models.Index(
                fields=["collectivite", "etat", "manquantes", "relire_avant", "id"],
                condition=Q(est_courante=True),
                name="registre_suivi",
            ),
            # Une condition sur un vide, non sur des états : SQLite n’en reconnaît pas derrière un paramètre.
            models.Index(
                fields=["etat", "attend_depuis", "id"],
                condition=Q(attend_depuis__isnull=False),
                name="registre_en_attente",
            ),
        ]

    def __str__(self) -> str:
        return self.nom

    @property
    def est_modifiable(self) -> bool:
        return self.etat == EtatVersion.BROUILLON

    @property
    def lu(self) -> str:
        """Ce qu’une page a montré : un avis ou une décision ne vaut que pour ce qui a été lu."""
        return f"{self.numero}.{self.etat}.{self.avis_id or 0}.{self.empreinte}"

    @property
    def nb_remplis(self) -> int:
        return 7 - len(self.manquantes)
