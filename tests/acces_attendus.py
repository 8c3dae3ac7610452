"""Qui lit quoi, déclaré adresse par adresse : ce qui n’est pas écrit ici est refusé.

Une adresse nouvelle fait donc échouer le balayage jusqu’à ce qu’on ait dit, ici, à qui elle s’ouvre.
Chaque couple donne le statut attendu de la lecture (GET) puis d’un envoi vide (POST).
"""

from typing import NamedTuple

CONNEXION = -302  # renvoi vers la page de connexion
LECTURE = (200, 405)
FORMULAIRE = (200, 200)  # un envoi vide revient avec ses erreurs
ENVOI = (405, 302)
MOTIF = (405, 422)  # un envoi vide revient avec la page et ce qui manque
NULLE_PART = (404, 404)
FERMEE = (CONNEXION, CONNEXION)
INEXISTANTE = (404, 405)  # un 403 dirait qu’elle existe


class Libre(NamedTuple):
    """Une adresse qui n’est d’aucun locataire : pour qui n’a pas de compte, puis pour qui en a un."""

    anonyme: tuple[int, int]
    connecte: tuple[int, int]
    raison: str


def _ouverte(raison):
    return Libre(LECTURE, LECTURE, raison)


def _personnelle(connecte, raison):
    return Libre(FERMEE, connecte, raison)


HORS_LOCATAIRE = {
    "aide": _ouverte("dire qui joindre"),
    "accessibilite": _ouverte("mention obligatoire"),
    "donnees_personnelles": _ouverte("information des personnes (art. 13)"),
    "mentions_legales": _ouverte("mention obligatoire"),
    "plan": _ouverte("aide à la navigation"),
    "account_login": Libre((200, 200), (302, 302), "se connecter"),
    "account_inactive": _ouverte("dire qu’un compte est fermé"),
    "account_reset_password": Libre(FORMULAIRE, FORMULAIRE, "mot de passe oublié"),
    "account_reset_password_done": _ouverte("mot de passe oublié"),
    "account_reset_password_from_key": Libre(FORMULAIRE, FORMULAIRE, "la clé reçue fait foi"),
    "account_reset_password_from_key_done": _ouverte("mot de passe oublié"),
    "conventions:simulateur": _ouverte("simuler son tarif, si la structure l’ouvre"),
    "comptes:accepter": Libre(NULLE_PART, NULLE_PART, "le jeton de l’invitation fait foi ; ici il est faux"),
    "violations:page_publique": Libre((404, 405), (404, 405), "le jeton fait foi ; ici il est faux"),
    "subtraitance:formulaire_public": Libre(
        NULLE_PART, NULLE_PART, "seulement si la mairie l’a ouvert ; ici ce n’en est pas une"
    ),
    "subtraitance:suivi": Libre((404, 405), (404, 405), "le jeton fait foi ; ici il est faux"),
    "comptes:entrer": Libre(NULLE_PART, NULLE_PART, "démonstration ; n’existe pas autrement"),
    "mfa_authenticate": Libre(FERMEE, (302, 302), "second facteur, après le mot de passe"),
    "account_logout": _personnelle((200, CONNEXION), "se déconnecter"),
    "violations:declarer_ici": _personnelle((302, 405), "mener chacun là où il peut déclarer"),
    "accueil": _personnelle((302, 405), "mener chacun là où il a à faire"),
    "subtraitance:calculateur": _personnelle(LECTURE, "compter un délai ; rien d’un locataire"),
    "account_change_password": _personnelle(FORMULAIRE, "son mot de passe"),
    "account_reauthenticate": _personnelle(FORMULAIRE, "confirmer que c’est bien soi"),
    "comptes:profil": _personnelle(FORMULAIRE, "son compte"),
    "comptes:affichage": _personnelle(FORMULAIRE, "son écran"),
    "mfa_index": _personnelle(LECTURE, "son double facteur"),
    "mfa_activate_totp": _personnelle((302, 302), "son double facteur, mot de passe redemandé"),
    "mfa_reauthenticate": _personnelle((302, 302), "confirmer que c’est bien soi"),
    "mfa_generate_recovery_codes": _personnelle((302, 302), "ses codes, mot de passe redemandé"),
    "mfa_deactivate_totp": _personnelle(NULLE_PART, "son double facteur, s’il l’a activé"),
    "mfa_download_recovery_codes": _personnelle(NULLE_PART, "ses codes, s’il en a"),
    "mfa_view_recovery_codes": _personnelle((404, 405), "ses codes, s’il en a"),
}

# Ce que chaque rôle peut ouvrir chez un locataire où il l’exerce.
DU_LECTEUR = {
    "pilotage:collectivite": LECTURE,
    "comptes:collectivite": LECTURE,
    "registre:liste": LECTURE,
    "registre:fiche": LECTURE,
    "registre:version": LECTURE,
    "registre:historique": LECTURE,
    "registre:exporter": LECTURE,
    "registre:exporter_fiche": LECTURE,
    "registre:groupe": ENVOI,  # exporter un choix ; sans fiche cochée, la liste le rappelle
    "conventions:convention": LECTURE,
    "conventions:mise_en_place": LECTURE,
    "conventions:designation": LECTURE,
    "conventions:passations": LECTURE,
    "conventions:tarif": LECTURE,
    "conventions:devis_collectivite": LECTURE,
    "conventions:devis": LECTURE,
    "conventions:devis_pdf": LECTURE,
    "pilotage:depart": LECTURE,
    "pilotage:attestation_depart": LECTURE,
    "conventions:interventions": LECTURE,
    "conventions:exporter_interventions": LECTURE,
    "conventions:etat_mensuel": LECTURE,
    "conventions:exporter_etat_mensuel": LECTURE,
    "conventions:exporter_etat_annuel": LECTURE,
    **{
        f"subtraitance:{nom}": LECTURE
        for nom in (
            *("prestataires", "prestataire", "justificatif", "exporter_contrats"),
            *("notre_sous_traitant", "fiche_30_2", "exporter_fiche_30_2", "documentation"),
            *("proces_verbal_recu", "instructions", "instruction"),
        )
    },
    "subtraitance:autorisation": (200, 403),
    **{f"registre:{nom}": LECTURE for nom in ("contrat", "avenant", "exporter_avenant")},
    "pieces:telecharger": INEXISTANTE,
}
DE_LA_STRUCTURE = {
    "pieces:telecharger": INEXISTANTE,
    "pieces:telecharger_structure": INEXISTANTE,
    "pilotage:collectivite": LECTURE,
    "comptes:collectivite": LECTURE,
    "pilotage:structure": LECTURE,
    "pilotage:portefeuille": LECTURE,
    "comptes:structure": (200, 200),  # une page de lecture : ce qu’on y envoie est ignoré
    "conventions:interventions_structure": FORMULAIRE,
    "conventions:annuler_intervention": FORMULAIRE,
    "conventions:interventions": LECTURE,
    "conventions:exporter_interventions": LECTURE,
    "conventions:etat_mensuel": LECTURE,
    "conventions:exporter_etat_mensuel": LECTURE,
}
INCIDENTS_DE_L_AGENT = {
    "violations:incidents": LECTURE,
    "violations:signaler": FORMULAIRE,
    "violations:incident": LECTURE,  # qui est prévenu et qui a lu, jamais qui a décidé
    "violations:exporter_incident": LECTURE,
    "violations:ouvrir_incident": FORMULAIRE,
    "violations:diffuser": FORMULAIRE,
    "violations:clore_incident": FORMULAIRE,
    "violations:rouvrir_incident": FORMULAIRE,
    "violations:joindre_incident": FORMULAIRE,
    "violations:piece_incident": LECTURE,
    "violations:retirer_piece_incident": FORMULAIRE,
}
LECTURES_30_2 = {
    f"subtraitance:{nom}": LECTURE
    for nom in (
        *("annuaire", "fiche_annuaire", "exporter_annuaire", "justificatif_structure"),
        *("registre_30_2", "exporter_registre_30_2", "activite", "hebergement"),
        *("donnees_detenues", "exporter_detention", "durees_detention", "proces_verbal"),
        *("instructions_recues", "instruction_recue"),
    )
}
DEMANDES_DE_L_AGENT = {
    "subtraitance:demandes_structure": LECTURE,
    "subtraitance:enregistrer_demande_structure": FORMULAIRE,
    "subtraitance:transmettre": FORMULAIRE,
    "subtraitance:qualifier": FORMULAIRE,
}
DETENTION_DE_L_AGENT = {
    "subtraitance:enregistrer_lot": FORMULAIRE,
    "subtraitance:alerter_instruction": FORMULAIRE,
    "subtraitance:accuser_instruction": FORMULAIRE,
    "subtraitance:executer_instruction": FORMULAIRE,
    "subtraitance:detruire_lots": (302, 302),  # sans lot coché, la liste le rappelle
}
DE_L_AGENT = {
    **DE_LA_STRUCTURE,
    **INCIDENTS_DE_L_AGENT,
    **LECTURES_30_2,
    **DEMANDES_DE_L_AGENT,
    **DETENTION_DE_L_AGENT,
}
DU_GESTIONNAIRE = {
    **DE_LA_STRUCTURE,
    **LECTURES_30_2,
    **{
        f"subtraitance:{nom}": FORMULAIRE
        for nom in (
            *("creer_activite", "modifier_activite", "arreter_activite", "rattacher"),
            *("ajouter_hebergement", "terminer_hebergement", "regler_detention"),
        )
    },
    "subtraitance:reprendre_activite": FORMULAIRE,
    "subtraitance:retirer_responsables": (302, 200),
    "comptes:ajouter_contact": FORMULAIRE,
    "comptes:clore_contact": FORMULAIRE,
    "comptes:modifier_collectivite": FORMULAIRE,
    "comptes:creer_collectivite": FORMULAIRE,
    "comptes:communes": LECTURE,
    "comptes:populations": FORMULAIRE,
    "comptes:appliquer_populations": ENVOI,  # sans aperçu valable, rien n’est écrit
    "conventions:conventions": LECTURE,
    "conventions:mises_en_place": LECTURE,  # le nombre d’étapes, jamais ce qui bloque
    "conventions:modeles": LECTURE,
    "conventions:modele": LECTURE,
    "conventions:creer_modele": FORMULAIRE,
    "conventions:modifier_modele": FORMULAIRE,
    "conventions:remplacer_modele": FORMULAIRE,
    "conventions:clore_modele": FORMULAIRE,
    "conventions:convention": LECTURE,
    "conventions:projet": FORMULAIRE,
    "conventions:signer": FORMULAIRE,
    "conventions:abandonner_projet": FORMULAIRE,
    "conventions:deposer_signee": FORMULAIRE,
    "conventions:prevoir": (200, 302),  # rien de prévu est une réponse ; inchangée, elle n’écrit rien
    "conventions:renouveler": FORMULAIRE,
    "conventions:denoncer": FORMULAIRE,
    "conventions:retirer_fin": FORMULAIRE,
    "conventions:passations": LECTURE,
    "conventions:changer_executif": FORMULAIRE,
    "conventions:tarif": LECTURE,
    "conventions:tarifs": LECTURE,
    "conventions:bareme": LECTURE,
    "conventions:bareme_nouveau": FORMULAIRE,
    "conventions:bareme_modifier": FORMULAIRE,
    "conventions:bareme_prix": FORMULAIRE,
    "conventions:bareme_publier": ENVOI,  # sans la case cochée, rien n’est publié
    "conventions:bareme_copier": ENVOI,
    "conventions:bareme_retirer": ENVOI,  # sans le geste, rien n’est retiré
    "conventions:indices": FORMULAIRE,
    "conventions:indices_reprendre": ENVOI,
    "conventions:indice_corriger": FORMULAIRE,
    "conventions:raccord_deliberer": (405, 200),
    "conventions:hausses": LECTURE,
    "conventions:hausse": FORMULAIRE,
    "conventions:simulateur_regler": FORMULAIRE,
    "conventions:devis_structure": LECTURE,
    "conventions:devis_collectivite": LECTURE,
    "conventions:devis": LECTURE,
    "conventions:devis_pdf": LECTURE,
    "conventions:devis_etudier": ENVOI,
    "conventions:devis_proposer": FORMULAIRE,
    "conventions:devis_decliner": MOTIF,
    "conventions:devis_reprendre": MOTIF,
    "pilotage:depart": LECTURE,
    "pilotage:attestation_depart": LECTURE,
    **{f"pilotage:{geste}_depart": FORMULAIRE for geste in ("ouvrir", "viser", "detruire", "clore")},
    "pilotage:abandonner_depart": FORMULAIRE,
    "conventions:interventions_structure": (200, 403),  # il lit ce que d’autres tracent
    "conventions:annuler_intervention": (403, 403),
    "conventions:repondre_ligne": (405, 200),  # un envoi vide revient avec ses erreurs
    "conventions:etats_mensuels": LECTURE,
    "conventions:figer_mois": ENVOI,  # sans mois choisi, rien n’est figé
    "conventions:etats_annuels": LECTURE,
    "conventions:exporter_etats_annuels": LECTURE,
    "conventions:exporter_etat_annuel": LECTURE,
    "conventions:campagne": LECTURE,
    "conventions:lancer_campagne": ENVOI,  # sans aperçu lu, rien n’est lancé
    "conventions:avancer_campagne": ENVOI,  # sans dire d’où, rien n’avance
}
