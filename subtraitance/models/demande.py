"""Une demande de droits : qui demande quoi, quand elle est arrivée, transmise, répondue (RGPD art. 12 à 22).

L’historique ne garde ni le demandeur, ni ses mots : effacées à leur terme, ces données doivent l’être
vraiment. Ce qui prouve (instants, étapes, décisions) y reste.
"""

from datetime import datetime

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from simple_history.models import HistoricalRecords

from dpd.comptes.models import ParCollectivite, PreuveQuerySet
from subtraitance.enums import CanalDemande, Droit, EtatDemande, RegimeDemande
from subtraitance.regles.horloges import Transmission as HorlogeTransmission

DU_DEMANDEUR = (
    *("demandeur_nom", "demandeur_courriel", "demandeur_adresse", "demandeur_telephone"),
    *("personne_nom", "personne_lien", "texte"),
)
SANS_SUITE = frozenset({EtatDemande.REPONDUE, EtatDemande.CLOSE})
# Reçue par la structure, et pas encore confiée ; une fois la réponse partie, il n’y a plus rien à confier.
# Pour une demande déjà lue, la même règle est ``DemandeDroits.a_transmettre``.
# Répondue puis rouverte, elle est à la collectivité : ce qu’elle y a versé depuis ne regarde plus l’agent.
A_TRANSMETTRE = Q(
    echeance_transmission__isnull=False, transmise_le__isnull=True, repondue_le__isnull=True
) & ~Q(etat__in=SANS_SUITE)


class DemandeQuerySet(PreuveQuerySet):
    """Le vocabulaire de lecture des demandes."""

    def ouvertes(self):
        return self.exclude(etat=EtatDemande.CLOSE)

    def a_transmettre(self):
        """Reçues par la structure et pas encore confiées à la collectivité."""
        return self.filter(A_TRANSMETTRE)

    def pour_lecture(self):
        """Ce qui ne se fait qu’une fois vient avec la demande : transmission et prolongation."""
        return self.select_related(
            "collectivite__structure",
            "enregistree_par",
            "transmission__transmise_par",
            "prolongation__decidee_par",
        )


class DemandeDroits(ParCollectivite):
    """``recue_le`` fait courir le mois de l’article 12-3, où qu’elle soit arrivée.

    ``echeance_transmission`` : 48 heures ouvrées si la structure l’a reçue, vide si c’est la collectivité.
    ``echeance`` : le dernier jour pour répondre, calculé avec les suspensions et la prolongation ; vide si
    l’application ne connaît pas le délai de ce régime.
    ``effacer_apres`` : le dernier jour où garder le demandeur, une fois la demande close.
    ``suivi`` : l’empreinte du jeton remis au demandeur ; le jeton lui-même n’est gardé nulle part.
    """

    annee = models.PositiveSmallIntegerField("année")
    rang = models.PositiveSmallIntegerField("rang dans l’année")
    etat = models.CharField("état", max_length=10, choices=EtatDemande, default=EtatDemande.RECUE)
    regime = models.CharField("de quoi il s’agit", max_length=20, choices=RegimeDemande, blank=True)
    droits = models.JSONField("droits invoqués", default=list, blank=True)
    precision = models.CharField("précision", max_length=300, blank=True)
    canal = models.CharField("canal", max_length=12, choices=CanalDemande)
    recue_le = models.DateTimeField("reçue le")
    enregistree_le = models.DateTimeField("enregistrée le")
    enregistree_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    demandeur_nom = models.CharField("demandeur", max_length=200, blank=True)
    demandeur_courriel = models.EmailField("courriel", blank=True)
    demandeur_adresse = models.TextField("adresse postale", blank=True)
    demandeur_telephone = models.CharField("téléphone", max_length=30, blank=True)
    personne_nom = models.CharField("personne concernée, si c’est une autre", max_length=200, blank=True)
    personne_lien = models.CharField("à quel titre il la représente", max_length=200, blank=True)
    texte = models.TextField("la demande, dans ses mots", blank=True)
    efface_le = models.DateTimeField("données du demandeur effacées le", null=True, blank=True)
    echeance_transmission = models.DateTimeField("à transmettre avant le", null=True, blank=True)
    transmise_le = models.DateTimeField("transmise le", null=True, blank=True)
    echeance = models.DateField("répondre au plus tard le", null=True, blank=True)
    informer_avant = models.DateField("dire au plus tard le que l’on prolonge", null=True, blank=True)
    prolongee = models.BooleanField("prolongée", default=False)
    repondue_le = models.DateField("répondue le", null=True, blank=True)
    identite_verifiee_le = models.DateField("identité vérifiée le", null=True, blank=True)
    identite_comment = models.CharField("comment", max_length=300, blank=True)
    suivi = models.CharField("empreinte du jeton de suivi", max_length=64, blank=True)
    effacer_apres = models.DateField("à effacer après le", null=True, blank=True)
    effacement_accord = models.CharField(
        "accord des Archives, ou pourquoi il n’en faut pas", max_length=300, blank=True
    )
    lue_le = models.DateTimeField("lue par la collectivité le", null=True, blank=True)
    jeton = models.UUIDField("jeton du formulaire, contre le double envoi", null=True, blank=True)

    objects = DemandeQuerySet.as_manager()
    history = HistoricalRecords(excluded_fields=list(DU_DEMANDEUR))

    class Meta:
        verbose_name = "demande de droits"
        verbose_name_plural = "demandes de droits"
        ordering = ["collectivite_id", "-annee", "-rang"]
        default_permissions = ()
        indexes = [
            models.Index(fields=["collectivite", "-recue_le"], name="demande_de_collectivite"),
            models.Index(
                fields=["echeance"], condition=Q(repondue_le__isnull=True), name="demande_a_repondre"
            ),
            models.Index(
                fields=["effacer_apres"], condition=Q(efface_le__isnull=True), name="demande_a_effacer"
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["collectivite", "annee", "rang"], name="demande_numero_unique"),
            models.UniqueConstraint(
                fields=["collectivite", "jeton"],
                name="une_demande_par_envoi",
                violation_error_message="Cette demande est déjà enregistrée.",
            ),
            models.UniqueConstraint(fields=["suivi"], condition=~Q(suivi=""), name="demande_suivi_unique"),
            models.CheckConstraint(
                condition=Q(transmise_le__isnull=True) | Q(transmise_le__gte=F("recue_le")),
                name="demande_transmise_apres_reception",
                violation_error_message="Une demande se transmet après avoir été reçue.",
            ),
        ]

    def __str__(self) -> str:
        return f"Demande n°\u00a0{self.numero}"

    def clean(self):
        super().clean()
        droits = self.droits
        if not isinstance(droits, list) or not set(droits) <= set(Droit.values):
            raise ValidationError({"droits": "Choisissez dans la liste."})
        if not droits and self.regime in ("", RegimeDemande.RGPD):
            raise ValidationError({"droits": "Dites au moins un droit."})

    @property
    def numero(self) -> str:
        """« 2026-04 » : l’année de réception, puis le rang dans la collectivité."""
        return f"{self.annee}-{self.rang:02d}"

    @property
    def a_transmettre(self) -> bool:
        """Vrai tant que la structure doit encore la confier, et que l’agent la lit."""
        recue = self.echeance_transmission is not None and self.transmise_le is None
        return recue and self.repondue_le is None and self.etat not in SANS_SUITE

    @property
    def horloge_transmission(self) -> HorlogeTransmission | None:
        """Les 48 heures de la structure ; vide si la collectivité l’a reçue elle-même."""
        if self.echeance_transmission is None:
            return None
        return HorlogeTransmission(self.recue_le, self.echeance_transmission, self.transmise_le)

    @property
    def nom_montre(self) -> str:
        """Le demandeur, ou ce qu’il en reste."""
        return self.demandeur_nom or ("Demandeur effacé" if self.efface_le else "Demandeur inconnu")

    def dernier_instant(self) -> datetime:
        return self.transmise_le or self.recue_le
