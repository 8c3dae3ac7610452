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
    """Les six rôles ; les trois premiers se donnent sur une collectivité, les autres sur la structure.

    Le libellé est court : il tient dans une barre, une liste, un tableau. :data:`FORMES_LONGUES` le dit
    en toutes lettres à qui donne ou reçoit le rôle.
    """

    REFERENT = "referent", "Référent RGPD"
    DECIDEUR = "decideur", "Décideur"
    LECTEUR = "lecteur", "Lecteur"
    DPD = "dpd", "DPD"
    GESTIONNAIRE = "gestionnaire", "Gestionnaire"
    AGENT = "agent", "Agent"


ROLES_COLLECTIVITE = (Role.REFERENT, Role.DECIDEUR, Role.LECTEUR)
ROLES_STRUCTURE = (Role.DPD, Role.GESTIONNAIRE, Role.AGENT)
FORMES_LONGUES = {
    Role.REFERENT: "référent à la protection des données",
    Role.DECIDEUR: "responsable de traitement (maire, président) ou son délégué",
    Role.LECTEUR: "lecteur du registre",
    Role.DPD: "délégué à la protection des données",
    Role.GESTIONNAIRE: "gestionnaire de la structure",
    Role.AGENT: "agent d’assistance de la structure",
}


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
