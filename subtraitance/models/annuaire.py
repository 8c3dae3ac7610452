"""L’annuaire partagé : une fiche par prestataire pour toute la structure, et ses logiciels."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from simple_history.models import HistoricalRecords

from dpd.comptes.champs import ChampSiren
from dpd.comptes.models import ParStructure, ProbantQuerySet
from dpd.regles.texte import normaliser
from dpd.vocabulaire import TypePrestataire
from subtraitance.enums import EtatFiche


class SousTraitantQuerySet(ProbantQuerySet):
    """Le vocabulaire de lecture de l’annuaire."""

    def de_la_structure(self, structure):
        return self.filter(structure=structure)

    def utilisables(self):
        """Celles qui se choisissent : une fiche réunie à une autre ne se choisit plus."""
        return self.exclude(etat=EtatFiche.FUSIONNEE)

    def recherche(self, texte: str):
        requete = self
        for mot in normaliser(texte).split():
            requete = requete.filter(recherche__contains=mot)
        return requete


class SousTraitant(ParStructure):
    """Un prestataire (RGPD art. 28), vu par toutes les collectivités de la structure.

    La fiche ne dit rien des contrats : chaque collectivité garde le sien. ``fusionne_dans`` mène à la
    fiche qui la remplace. ``est_la_structure`` : la structure y est aussi, sous-traitante de celles qu’elle
    sert.
    """

    nom = models.CharField("nom", max_length=200)
    siren = ChampSiren("SIREN", blank=True)
    type = models.CharField("type de prestataire", max_length=40, choices=TypePrestataire, blank=True)
    adresse = models.TextField("adresse", blank=True)
    site = models.URLField("site", blank=True)
    courriel = models.EmailField("courriel", blank=True)
    telephone = models.CharField("téléphone", max_length=30, blank=True)
    securite_courriel = models.EmailField("courriel à prévenir en cas d’incident", blank=True)
    securite_telephone = models.CharField("téléphone en cas d’incident", max_length=30, blank=True)
    dpd_nom = models.CharField("délégué à la protection des données", max_length=200, blank=True)
    dpd_courriel = models.EmailField("courriel de son délégué", blank=True)
    hebergement = models.CharField("lieu d’hébergement", max_length=200, blank=True)
    hebergement_pays = models.CharField("pays d’hébergement", max_length=2, blank=True)
    est_la_structure = models.BooleanField("c’est la structure elle-même", default=False)
    etat = models.CharField("état", max_length=10, choices=EtatFiche, default=EtatFiche.PROPOSEE)
    proposee_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    proposee_pour = models.ForeignKey(
        "comptes.Collectivite", models.PROTECT, null=True, blank=True, related_name="+"
    )
    proposee_le = models.DateTimeField("proposée le")
    verifiee_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    verifiee_le = models.DateTimeField("vérifiée le", null=True, blank=True)
    fusionne_dans = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="fusionnees"
    )
    recherche = models.CharField("clé de recherche", max_length=400, editable=False, default="")

    objects = SousTraitantQuerySet.as_manager()
    history = HistoricalRecords(excluded_fields=["recherche"])

    class Meta:
        verbose_name = "prestataire"
        verbose_name_plural = "prestataires"
        ordering = ["nom", "pk"]
        default_permissions = ()
        indexes = [models.Index(fields=["structure", "nom"], name="annuaire_de_structure")]
        constraints = [
            models.UniqueConstraint(
                fields=["structure", "siren"],
                condition=~Q(siren="") & ~Q(etat="fusionnee"),
                name="un_prestataire_par_siren",
                violation_error_message="Ce prestataire est déjà dans l’annuaire.",
            ),
            models.UniqueConstraint(
                fields=["structure"],
                condition=Q(est_la_structure=True),
                name="une_fiche_de_la_structure",
                violation_error_message="La structure a déjà sa fiche.",
            ),
            models.CheckConstraint(
                condition=Q(etat="fusionnee", fusionne_dans__isnull=False)
                | (~Q(etat="fusionnee") & Q(fusionne_dans__isnull=True)),
                name="fusion_dit_dans_quelle_fiche",
                violation_error_message="Une fiche réunie à une autre dit laquelle.",
            ),
        ]

    def __str__(self) -> str:
        return self.nom

    def enregistrer(self, *, auteur, maintenant, raison):
        self.recherche = normaliser(f"{self.nom} {self.siren}")[:400]
        return super().enregistrer(auteur=auteur, maintenant=maintenant, raison=raison)


class Logiciel(ParStructure):
    """Un logiciel ou un service du prestataire : ce que les communes nomment, plus souvent que l’éditeur."""

    sous_traitant = models.ForeignKey(SousTraitant, models.PROTECT, related_name="logiciels")
    nom = models.CharField("logiciel ou service", max_length=150)
    retire_le = models.DateTimeField("retiré le", null=True, blank=True)

    objects = ProbantQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = "logiciel"
        verbose_name_plural = "logiciels"
        ordering = ["nom", "pk"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["sous_traitant", "nom"],
                condition=Q(retire_le__isnull=True),
                name="logiciel_unique",
                violation_error_message="Ce logiciel est déjà sur la fiche.",
            )
        ]

    def __str__(self) -> str:
        return self.nom


class Certification(ParStructure):
    """Une certification du prestataire, avec ses dates : sans terme, elle ne prouve rien longtemps."""

    sous_traitant = models.ForeignKey(SousTraitant, models.PROTECT, related_name="certifications")
    nom = models.CharField("certification", max_length=150)
    organisme = models.CharField("délivrée par", max_length=150, blank=True)
    numero = models.CharField("numéro", max_length=80, blank=True)
    obtenue_le = models.DateField("obtenue le", null=True, blank=True)
    expire_le = models.DateField("valable jusqu’au", null=True, blank=True)
    piece = models.ForeignKey("pieces.Piece", models.PROTECT, null=True, blank=True, related_name="+")
    retiree_le = models.DateTimeField("retirée le", null=True, blank=True)

    objects = ProbantQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = "certification"
        verbose_name_plural = "certifications"
        ordering = ["sous_traitant_id", "nom", "pk"]
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=Q(expire_le__isnull=True)
                | Q(obtenue_le__isnull=True)
                | Q(expire_le__gte=models.F("obtenue_le")),
                name="certification_expire_apres_obtention",
                violation_error_message="Une certification expire après avoir été obtenue.",
            )
        ]

    def __str__(self) -> str:
        return self.nom


class SousTraitantUlterieur(ParStructure):
    """Un prestataire de ce prestataire (RGPD art. 28-4) ; la chaîne se lit jusqu’au bout."""

    sous_traitant = models.ForeignKey(SousTraitant, models.PROTECT, related_name="ulterieurs")
    ulterieur = models.ForeignKey(SousTraitant, models.PROTECT, related_name="donneurs_d_ordre")
    activite = models.CharField("ce qu’il fait", max_length=300)
    depuis = models.DateField("depuis le", null=True, blank=True)
    retire_le = models.DateTimeField("retiré le", null=True, blank=True)

    objects = ProbantQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = "sous-traitant ultérieur"
        verbose_name_plural = "sous-traitants ultérieurs"
        ordering = ["sous_traitant_id", "ulterieur__nom", "pk"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["sous_traitant", "ulterieur"],
                condition=Q(retire_le__isnull=True),
                name="un_ulterieur_une_fois",
                violation_error_message="Ce sous-traitant ultérieur est déjà noté.",
            ),
            models.CheckConstraint(
                condition=~Q(sous_traitant=models.F("ulterieur")),
                name="ulterieur_est_un_autre",
                violation_error_message="Un prestataire n’est pas son propre sous-traitant.",
            ),
        ]

    def __str__(self) -> str:
        return self.ulterieur.nom
