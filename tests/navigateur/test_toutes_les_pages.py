"""Chaque page du site, ouverte par qui en a le droit : accessible aux deux tailles, sans erreur.

Le plan du site fait la liste : une adresse nouvelle est contrôlée sans qu’on l’y ajoute, et échoue si
personne ici ne peut l’ouvrir. Ce qui n’a pas de page à montrer le dit dans une table, avec sa raison,
vérifiée elle aussi.
"""

import time
from pathlib import Path
from urllib.parse import urlsplit

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from django.urls import reverse

from dpd.comptes.droits import accorder
from dpd.comptes.enums import Role
from tests.comptes.fabriques_referentiel import creer_commune, montpezat
from tests.conftest import creer_personne
from tests.monde import NOMS, TOUTES, remplir_adresse

MOT_DE_PASSE = "Une phrase de passe longue 1!"
DONNEES = Path(__file__).parent.parent / "donnees"
ENVOI, FICHIER, DEMONSTRATION = "envoi seul", "téléchargement", "n’existe qu’en démonstration"
FRAGMENT = "morceau d’une page, à laquelle il renvoie"
SANS_PAGE = {
    "comptes:appliquer_populations": ENVOI,
    "comptes:entrer": DEMONSTRATION,
    "comptes:reactiver": ENVOI,
    "pilotage:retenter_courriel": ENVOI,
    "comptes:renvoyer_invitation": ENVOI,
    "comptes:renvoyer_invitation_structure": ENVOI,
    "comptes:revoquer_invitation": ENVOI,
    "comptes:revoquer_invitation_structure": ENVOI,
    "conventions:noter_suite": ENVOI,
    "mfa_download_recovery_codes": FICHIER,
    "pieces:telecharger": FICHIER,
    "pieces:telecharger_structure": FICHIER,
    "registre:abroger": ENVOI,
    "registre:avis": ENVOI,
    "registre:decider": ENVOI,
    "registre:exporter": FICHIER,
    "registre:exporter_fiche": FICHIER,
    "registre:groupe": ENVOI,
    "registre:importer_confirmer": ENVOI,
    "registre:lever": ENVOI,
    "registre:modele_adapter": ENVOI,
    "registre:modele_publier": ENVOI,
    "registre:modele_retirer": ENVOI,
    "registre:modele_version": ENVOI,
    "registre:modifier": ENVOI,
    "registre:questionner": ENVOI,
    "registre:relire": ENVOI,
    "registre:repondre": ENVOI,
    "registre:reprendre": ENVOI,
    "registre:retirer": ENVOI,
    "registre:transmettre": ENVOI,
    "conventions:figer_mois": ENVOI,
    "conventions:bareme_publier": ENVOI,
    "conventions:bareme_copier": ENVOI,
    "conventions:bareme_retirer": ENVOI,
    "conventions:indices_reprendre": ENVOI,
    "conventions:raccord_deliberer": ENVOI,
    "conventions:devis_etudier": ENVOI,
    "conventions:devis_reprendre": ENVOI,
    "conventions:devis_decliner": ENVOI,
    "conventions:devis_accepter": ENVOI,
    "conventions:devis_refuser": ENVOI,
    "conventions:devis_retirer": ENVOI,
    "conventions:devis_pdf": FICHIER,
    "pilotage:attestation_depart": FICHIER,
    "pilotage:exporter_depart": ENVOI,
    "conventions:valider_etat_mensuel": ENVOI,
    "conventions:decider_ligne": ENVOI,
    "conventions:repondre_ligne": ENVOI,
    "conventions:lancer_campagne": ENVOI,
    "conventions:avancer_campagne": ENVOI,
    "conventions:exporter_interventions": FICHIER,
    "conventions:exporter_etat_mensuel": FICHIER,
    "conventions:exporter_etats_annuels": FICHIER,
    "conventions:exporter_etat_annuel": FICHIER,
    "violations:documentation": FICHIER,
    "violations:exporter": FICHIER,
    "violations:exporter_structure": FICHIER,
    "violations:personnes_document": FICHIER,
    "violations:personnes_fermer": ENVOI,
    "violations:personnes_publier": ENVOI,
    "violations:dossier_pdf": FICHIER,
    "violations:notification_pdf": FICHIER,
    "violations:horloges": FRAGMENT,
    "violations:exporter_incident": FICHIER,
    "violations:piece_incident": FICHIER,
    "subtraitance:affichette_demandes": FICHIER,
    "subtraitance:documentation": FICHIER,
    "subtraitance:exporter_annuaire": FICHIER,
    "subtraitance:exporter_contrats": FICHIER,
    "subtraitance:exporter_demandes": FICHIER,
    "subtraitance:exporter_demandes_structure": FICHIER,
    "subtraitance:exporter_detention": FICHIER,
    "subtraitance:exporter_fiche_30_2": FICHIER,
    "subtraitance:fiche_30_2": FICHIER,
    "subtraitance:exporter_registre_30_2": FICHIER,
    "subtraitance:justificatif": FICHIER,
    "subtraitance:justificatif_structure": FICHIER,
    "subtraitance:lettre_fichier": FICHIER,
    "subtraitance:proces_verbal": FICHIER,
    "subtraitance:proces_verbal_recu": FICHIER,
    "registre:exporter_avenant": FICHIER,
    "subtraitance:retirer_responsables": ENVOI,  # la page de l’activité porte le formulaire
    "subtraitance:demander_autorisation": ENVOI,
    "subtraitance:inscrire_la_structure": ENVOI,
    "subtraitance:verifier_prestataire": ENVOI,
}
# Qui ouvre quoi ; sinon, une structure s’ouvre au DPD et tout le reste à la référente.
DE_L_ANONYME = {
    "account_inactive",
    "account_login",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key",
    "account_reset_password_from_key_done",
    "comptes:accepter",
    "conventions:simulateur",
    "violations:page_publique",
    "subtraitance:formulaire_public",
    "subtraitance:suivi",
}
DE_LA_PROTEGEE = {
    "mfa_deactivate_totp",
    "mfa_download_recovery_codes",
    "mfa_generate_recovery_codes",
    "mfa_index",
    "mfa_reauthenticate",
    "mfa_view_recovery_codes",
}
RENVOYEES = {"account_reset_password_from_key"}  # la clé quitte l’adresse dès qu’elle est lue
EN_SE_CONNECTANT = "mfa_authenticate"
DU_DPD = {
    "comptes:ajouter_contact",
    "comptes:clore_contact",
    "comptes:modifier_collectivite",
    "conventions:basculer",
    "conventions:changer_executif",
    "violations:declarer_ici",  # une référente est conduite droit chez elle
    "pilotage:abandonner_depart",
    "violations:avis",
    "subtraitance:transmettre",
    *(f"pilotage:{geste}_depart" for geste in ("ouvrir", "viser", "detruire", "clore")),
}
DU_GESTIONNAIRE = {
    "conventions:clore_modele",
    "conventions:creer_modele",
    "conventions:denoncer",
    "conventions:deposer_signee",
    "conventions:modifier_modele",
    "conventions:prevoir",
    "conventions:projet",
    "conventions:remplacer_modele",
    "conventions:renouveler",
    "conventions:retirer_fin",
    "conventions:abandonner_projet",
    "conventions:signer",
    "conventions:bareme_modifier",
    "conventions:bareme_nouveau",
    "conventions:bareme_prix",
    "conventions:indice_corriger",
    "conventions:simulateur_regler",
    "conventions:devis_proposer",
    "conventions:campagne",
}
DEMANDES = {"comptes:communes": "?q=mont", "comptes:creer_collectivite": "?type=ccas"}
LOTS = "subtraitance:detruire_lots"


def qui(nom, chemin) -> str:
    if nom in DE_L_ANONYME:
        return "anonyme"
    if nom in DE_LA_PROTEGEE:
        return "protegee"
    if nom in DU_GESTIONNAIRE:
        return "gestionnaire"
    return "dpd" if chemin.startswith("s/") or nom in DU_DPD else "referente"


def se_connecter(page, personne):
    page.goto(reverse("account_login"))
    page.fill("[name=login]", personne.email)
    page.fill("[name=password]", MOT_DE_PASSE)
    page.locator("main form button[type=submit]").first.click()


def proteger(personne) -> str:
    """Active l’application de codes d’une personne et rend son secret."""
    secret = generate_totp_secret()
    TOTP.activate(personne, secret)
    RecoveryCodes.activate(personne)
    return secret


def dire_le_code(page, secret):
    page.fill("[name=code]", format_hotp_value(hotp_value(secret, int(time.time()) // 30)))
    page.locator("main form button[type=submit]").first.click()
    page.wait_for_url("**/")


def adresse_de(nom, monde, oublieuse):
    if nom == "account_reset_password_from_key":
        cle = default_token_generator.make_token(oublieuse)
        return reverse(nom, kwargs={"uidb36": user_pk_to_url_str(oublieuse), "key": cle})
    if nom == "subtraitance:formulaire_public":
        return reverse(nom, args=[monde["collectivite"].siren])
    if nom == LOTS:
        return reverse(nom, args=[monde["structure"].siren], query={"lots": monde["lot"]})
    return remplir_adresse(nom, monde) + DEMANDES.get(nom, "")


def ouvrir(page, adresse, nom, verifier) -> str:
    """Ouvre une page et la contrôle ; rend ce qui l’en a empêché, ou rien."""
    reponse = page.goto(adresse)
    ailleurs = urlsplit(page.url).path != urlsplit(adresse).path and nom not in RENVOYEES
    if reponse.status != 200 or ailleurs:
        page.erreurs.clear()
        return f"{nom} : {reponse.status} {page.url}"
    verifier(page, nom.replace(":", "-"))
    return ""


def sans_page(page, adresse, raison) -> bool:
    """Ce qu’une lecture répond est bien la raison de n’avoir pas de page."""
    reponse = page.request.get(adresse, max_redirects=0)
    if raison == FICHIER:
        return reponse.status == 200 and reponse.headers["content-disposition"].startswith("attachment")
    return reponse.status in ((302, 405) if raison in (ENVOI, FRAGMENT) else (404,))


def deposer(page, adresse, fichier, verifier, **champs):
    """L’aperçu d’un fichier : une page qui ne s’ouvre qu’en envoyant."""
    page.goto(adresse)
    for nom, valeur in champs.items():
        page.fill(f"[name={nom}]", valeur)
    page.set_input_files("[name=fichier]", DONNEES / fichier)
    page.locator("main form button[type=submit]").first.click()
    page.locator("[name=apercu], [name=jeton]").first.wait_for(state="attached")
    verifier(page, f"apercu-{Path(fichier).parent}")


def test_chaque_page_est_accessible(
    monde, entrer, verifier, referent, dpd, gestionnaire, collectivite, voisine
):
    montpezat()
    creer_commune("01001", "L’Abergement-Clémenciat")
    accorder(referent, Role.DECIDEUR, collectivite)  # une seule personne voit ainsi tous les formulaires
    accorder(referent, Role.LECTEUR, voisine)  # l’accueil demande alors où aller
    protegee = creer_personne("protegee@montpezat.example", "Prune", "Protégée")
    secret = proteger(protegee)
    pages = {"anonyme": entrer(), "referente": entrer(), "dpd": entrer(dpd), "protegee": entrer()}
    pages["gestionnaire"] = entrer(gestionnaire)
    se_connecter(pages["referente"], referent)
    se_connecter(pages["protegee"], protegee)
    verifier(pages["protegee"], EN_SE_CONNECTANT)
    dire_le_code(pages["protegee"], secret)

    controlees, refus = {EN_SE_CONNECTANT}, []
    for nom, (_, chemin) in TOUTES:
        page, adresse = pages[qui(nom, chemin)], adresse_de(nom, monde, protegee)
        if nom in SANS_PAGE:
            refus.append("" if sans_page(page, adresse, SANS_PAGE[nom]) else f"{nom} : {SANS_PAGE[nom]} ?")
        elif nom != EN_SE_CONNECTANT:
            refus.append(ouvrir(page, adresse, nom, verifier))
            controlees.add(nom)
    importer = reverse("registre:importer", args=[collectivite.siren])
    deposer(pages["referente"], importer, "imports/bon.json", verifier)
    populations = reverse("comptes:populations", args=[monde["structure"].siren])
    deposer(pages["dpd"], populations, "insee/recent.csv", verifier, millesime="2022")
    assert [ecart for ecart in refus if ecart] == []
    assert controlees == set(NOMS) - set(SANS_PAGE)
