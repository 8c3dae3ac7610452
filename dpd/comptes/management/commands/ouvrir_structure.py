"""Ouvre une structure et le compte de son DPD : le seul pas qui ne se fait pas depuis le site."""

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from dpd.comptes.actions import ouvrir_structure
from dpd.regles.calendrier import Territoire


class Command(BaseCommand):
    help = "Ouvre une structure et le compte de son délégué, qui choisit ensuite son mot de passe."

    def add_arguments(self, parser):
        parser.add_argument("--nom", required=True, help="dénomination de la structure")
        parser.add_argument("--siren", required=True)
        parser.add_argument("--sigle", default="")
        parser.add_argument("--departement", default="")
        parser.add_argument("--territoire", default="metropole", choices=[t.value for t in Territoire])
        parser.add_argument("--courriel", required=True, help="courriel professionnel du délégué")
        parser.add_argument("--prenom", required=True)
        parser.add_argument("--nom-dpd", required=True)

    def handle(self, *args, **options):
        try:
            structure = ouvrir_structure(
                champs={c: options[c] for c in ("nom", "siren", "sigle", "departement", "territoire")},
                courriel=options["courriel"],
                prenom=options["prenom"],
                nom_dpd=options["nom_dpd"],
                maintenant=timezone.now(),
            )
        except ValidationError as erreur:
            raise CommandError(" ".join(erreur.messages)) from erreur
        self.stdout.write(
            f"{structure} est ouverte. {options['prenom']} {options['nom_dpd']} choisit son mot de passe "
            "par « Mot de passe oublié », puis active son double facteur."
        )
