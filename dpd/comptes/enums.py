"""Valeurs stockées du domaine des comptes ; aucune ne change une fois écrite."""

from django.db import models


class TypeCollectivite(models.TextChoices):
    """Une personne morale, un SIREN, un registre."""

    COMMUNE = "commune", "Commune"
    EPCI = "epci", "Intercommunalité"
    CCAS = "ccas", "CCAS ou CIAS"
    CAISSE_ECOLES = "caisse_ecoles", "Caisse des écoles"
    SYNDICAT = "syndicat", "Syndicat"
    AUTRE = "autre", "Autre organisme public"


class Role(models.TextChoices):
    """Les six rôles ; les trois premiers se donnent sur une collectivité, les autres sur la structure."""

    REFERENT = "referent", "Référent RGPD"
    DECIDEUR = "decideur", "Responsable de traitement ou délégué"
    LECTEUR = "lecteur", "Lecteur"
    DPD = "dpd", "Délégué à la protection des données"
    GESTIONNAIRE = "gestionnaire", "Gestionnaire de la structure"
    AGENT = "agent", "Agent d’assistance"


ROLES_COLLECTIVITE = (Role.REFERENT, Role.DECIDEUR, Role.LECTEUR)
ROLES_STRUCTURE = (Role.DPD, Role.GESTIONNAIRE, Role.AGENT)


class FonctionContact(models.TextChoices):
    EXECUTIF = "executif", "Maire ou président"
    DIRECTION = "direction", "Direction générale"
    REFERENT = "referent", "Référent RGPD"
    INFORMATIQUE = "informatique", "Informatique"


class NatureAcces(models.TextChoices):
    """Ce que retient le journal des accès : le geste, jamais le contenu (CNIL, délib. 2021-122)."""

    CONNEXION = "connexion", "Connexion"
    ECHEC = "echec", "Échec de connexion"
    DEMONSTRATION = "demonstration", "Entrée en démonstration"
    EXPORT = "export", "Export"
    CONSULTATION = "consultation", "Consultation sensible"
    INVITATION = "invitation", "Invitation"
    HABILITATION = "habilitation", "Habilitation accordée"
    REVOCATION = "revocation", "Habilitation retirée"
    DESACTIVATION = "desactivation", "Compte désactivé"
    IMPORT = "import", "Import"


class Theme(models.TextChoices):
    CLAIR = "light", "Clair"
    SOMBRE = "dark", "Sombre"
    AUTOMATIQUE = "auto", "Automatique"
