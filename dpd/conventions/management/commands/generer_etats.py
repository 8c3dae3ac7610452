"""Génère les états annuels d’un exercice ; relancée, elle reprend et n’en crée pas deux."""

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from dpd.comptes.droits import Acces, personnes_de
from dpd.comptes.enums import Role
from dpd.comptes.models import Structure, Utilisateur
from dpd.comptes.regles.capacites import Capacite
from dpd.conventions.acces_etats import jour_de
from dpd.conventions.actions.campagne import LOT, avancer, lancer
from dpd.conventions.models import CampagneEtats, EtatAnnuel
from dpd.conventions.previsions import apercu
from dpd.regles.typographie import compte, euros


class Command(BaseCommand):
    help = "Fige l’état annuel de chaque collectivité d’une structure. Reprend une génération arrêtée."

    def add_arguments(self, parser) -> None:
        parser.add_argument("siren", help="SIREN de la structure")
        parser.add_argument("exercice", type=int, help="année civile, sur quatre chiffres")
        parser.add_argument(
            "--auteur", help="courriel du gestionnaire qui fige ; inutile s’il est le seul de la structure"
        )
        parser.add_argument("--apercu", action="store_true", help="dire ce qui serait fait, sans rien écrire")
        parser.add_argument("--lot", type=int, default=LOT, help="collectivités traitées d’affilée")

    def handle(self, *args, **options) -> None:
        structure, exercice = self._structure(options["siren"]), options["exercice"]
        if options["apercu"]:
            self._apercu(structure, exercice)
            return
        auteur = self._auteur(structure, options["auteur"])
        try:
            campagne = lancer(
                structure=structure, exercice=exercice, auteur=auteur, maintenant=timezone.now()
            )
        except ValidationError as refus:
            raise CommandError(" ".join(refus.messages)) from refus
        while campagne.terminee_le is None:
            campagne = avancer(
                campagne=campagne, auteur=auteur, maintenant=timezone.now(), lot=max(1, options["lot"])
            )
            self.stdout.write(f"{campagne.traitees} / {max(campagne.total, campagne.traitees)}")
            self.stdout.flush()
        self._bilan(campagne)

    def _structure(self, siren: str) -> Structure:
        structure = Structure.objects.filter(siren=siren).first()
        if structure is None:
            raise CommandError(f"Aucune structure n’a le SIREN {siren}.")
        return structure

    def _auteur(self, structure: Structure, courriel: str | None) -> Utilisateur:
        """Un état porte le nom de qui l’a figé : celui d’un gestionnaire de la structure."""
        if courriel is None:
            gestionnaires = list(personnes_de(structure, Role.GESTIONNAIRE)[:2])
            if len(gestionnaires) != 1:
                raise CommandError("Dites quel gestionnaire fige ces états : --auteur son-courriel.")
            return gestionnaires[0]
        auteur = Utilisateur.objects.filter(email__iexact=courriel, is_active=True).first()
        if auteur is None or not Acces(auteur).peut_structure(Capacite.GERER_CONVENTIONS, structure):
            raise CommandError(f"Aucun gestionnaire de cette structure n’a le courriel {courriel}.")
        return auteur

    def _apercu(self, structure: Structure, exercice: int) -> None:
        prevu = apercu(structure, exercice, jour_de(structure, timezone.now()))
        self.stdout.write(
            f"{compte(prevu.a_figer, 'état')} à figer, {euros(prevu.montant)} ; {prevu.deja} déjà figés ; "
            f"{compte(len(prevu.anomalies), 'anomalie')}."
        )
        for prevision in prevu.anomalies:
            self.stdout.write(f"  {prevision.collectivite.nom} : {' '.join(prevision.anomalies)}")

    def _bilan(self, campagne: CampagneEtats) -> None:
        etats = EtatAnnuel.objects.filter(structure=campagne.structure_id, exercice=campagne.exercice)
        self.stdout.write(
            f"{compte(etats.count(), 'état figé', 'états figés')} pour {campagne.exercice} ; "
            f"{compte(len(campagne.anomalies), 'collectivité')} sans état."
        )
        for anomalie in campagne.anomalies:
            self.stdout.write(f"  {anomalie['nom']} : {' '.join(anomalie['motifs'])}")
