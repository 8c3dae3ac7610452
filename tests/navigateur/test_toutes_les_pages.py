"""Chaque page du site, ouverte par qui en a le droit : accessible aux deux tailles, sans erreur."""

from django.core.management import call_command

from dpd.comptes.droits import accorder
from dpd.comptes.enums import Role
from tests.monde import NOMS, TOUTES, remplir_adresse

# Sans page à regarder : fichiers, fragments, envois seuls.
SANS_PAGE = {
    "registre:exporter",
    "registre:exporter_fiche",
    "mfa_download_recovery_codes",
    "account_logout",
    "account_inactive",
    "comptes:accepter",
    "comptes:entrer",
    "account_reset_password_from_key",
    "account_reset_password_from_key_done",
}


def test_chaque_page_est_accessible(monde, entrer, verifier, decideur, referent, dpd, collectivite, settings):
    call_command("charger_modeles", verbosity=0)
    accorder(referent, Role.DECIDEUR, collectivite)  # une seule personne voit ainsi tous les formulaires
    ouvertes = {}
    for personne, prefixes in ((referent, ("c/", "")), (dpd, ("s/",))):
        page = entrer(personne)
        for nom, (_, chemin) in TOUTES:
            if nom in SANS_PAGE or nom in ouvertes or not chemin.startswith(prefixes):
                continue
            adresse = remplir_adresse(nom, monde)
            essai = page.request.get(adresse)
            if essai.status == 200 and "text/html" in essai.headers["content-type"]:
                page.goto(adresse)
                ouvertes[nom] = True
                verifier(page, nom.replace(":", "-"))
    assert len(ouvertes) > len(NOMS) // 3
