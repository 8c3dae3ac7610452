"""Importe un fichier de populations communales de l’INSEE ; aperçu seul sans ``--appliquer``."""

import hashlib
from pathlib import Path

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from dpd.comptes.actions_collectivites import importer_populations
from dpd.comptes.models import Structure
from dpd.comptes.populations import Rapport, comparer, verifier_millesime
from dpd.comptes.regles.fichier_insee import FichierIllisible, Lecture, lire

MONTREES = 20


class Command(BaseCommand):
    help = "Importe le fichier « donnees_communes.csv » de l’INSEE. Sans --appliquer, rien n’est écrit."

    def add_arguments(self, parser) -> None:
        parser.add_argument("fichier", type=Path)
        parser.add_argument("--millesime", type=int, required=True, help="l’année que décrit la population")
        parser.add_argument("--total", type=int, help="population municipale totale annoncée par l’INSEE")
        parser.add_argument(
            "--structure",
            help="SIREN de la structure dont les communes sont mises à jour, au lieu du référentiel",
        )
        parser.add_argument("--appliquer", action="store_true", help="écrire après contrôle")

    def handle(self, *args, **options) -> None:
        maintenant = timezone.now()
        octets, lecture = self._lire(options["fichier"], options["total"])
        structure = self._structure(options["structure"])
        try:
            verifier_millesime(options["millesime"], timezone.localdate(maintenant))
        except ValidationError as refus:
            raise CommandError(" ".join(refus.messages)) from refus
        rapport = comparer(lecture, options["millesime"], structure)
        self._montrer(rapport)
        if not options["appliquer"]:
            self.stdout.write("Aperçu seulement : relancez avec --appliquer pour écrire.")
            return
        importer_populations(
            lecture=lecture,
            millesime=options["millesime"],
            fichier=options["fichier"].name,
            empreinte=hashlib.sha256(octets).hexdigest(),
            auteur=None,
            maintenant=maintenant,
            structure=structure,
            collectivites=[ecart.collectivite.pk for ecart in rapport.collectivites],
        )
        self.stdout.write("Les populations sont en place.")

    def _lire(self, chemin: Path, total: int | None) -> tuple[bytes, Lecture]:
        try:
            octets = chemin.read_bytes()
            lecture = lire(octets, municipale_publiee=total)
        except (OSError, FichierIllisible) as refus:
            raise CommandError(str(refus)) from refus
        if lecture.erreurs:
            lignes = [f"ligne {erreur.ligne} : {erreur.message}" for erreur in lecture.erreurs]
            raise CommandError(f"Rien n’est écrit, {lecture.nb_erreurs} erreur(s).\n" + "\n".join(lignes))
        return octets, lecture

    def _structure(self, siren: str | None) -> Structure | None:
        if not siren:
            return None
        structure = Structure.objects.filter(siren=siren).first()
        if structure is None:
            raise CommandError(f"Aucune structure n’a le SIREN {siren}.")
        return structure

    def _montrer(self, rapport: Rapport) -> None:
        self.stdout.write(
            f"{len(rapport.lecture.communes)} communes lues : {len(rapport.changent)} changent, "
            f"{rapport.identiques} identiques, {len(rapport.absentes)} absentes du fichier, "
            f"{len(rapport.inconnues)} inconnues, {rapport.arrondissements} arrondissements ignorés ; "
            f"{len(rapport.collectivites)} collectivités à mettre à jour."
        )
        for ecart in rapport.changent[:MONTREES]:
            self.stdout.write(f"  {ecart.code} {ecart.nom} : {ecart.avant} → {ecart.apres}")
        for ligne in rapport.inconnues[:MONTREES]:
            self.stdout.write(f"  inconnue : {ligne.code} {ligne.nom}")
