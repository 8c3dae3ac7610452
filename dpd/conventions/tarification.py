"""De la base au calcul : ce qu’une structure facture, rassemblé une fois pour toutes ses conventions.

Le nombre de requêtes ne dépend pas du nombre de conventions.
"""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from functools import cached_property

from django.db.models import Q, Sum

from dpd.comptes.enums import TypeCollectivite
from dpd.comptes.regles.millesime import millesime_en_vigueur
from dpd.conventions.enums import LectureIndice, NatureBareme, ReglePhase, Revision
from dpd.conventions.models import (
    Bareme,
    Convention,
    Devis,
    EtatMensuel,
    IndiceRevision,
    Intervention,
    LigneEtatMensuel,
    RegleRaccord,
)
from dpd.conventions.regles.calcul import Calcul, calculer
from dpd.conventions.regles.devis import EtatDevis
from dpd.conventions.regles.indices import IndicePublie, Raccord, indice_de_reference
from dpd.conventions.regles.mensuel import EtatLigne, jours
from dpd.conventions.regles.sources import Complement, Sources
from dpd.conventions.regles.tarifs import Phase
from dpd.conventions.regles.vie import phase_de_l_exercice
from dpd.regles.typographie import MOIS, date_courte, date_longue


class SansBareme(ValueError):
    """La structure n’a pas publié de barème pour cet exercice."""


class Tarification:
    """Les prix d’une structure pour un exercice ; ``sources`` et ``calculer`` ne lisent plus la base."""

    def __init__(self, structure, exercice: int, conventions: Iterable[Convention]):
        self.structure = structure
        self.exercice = exercice
        self.conventions = list(conventions)

    def de_la_seule(self, convention: Convention) -> "Tarification":
        """Une autre, pour cette convention : ses devis et ses journées se relisent, les prix se partagent."""
        seule = Tarification(self.structure, self.exercice, [convention])
        seule._baremes, seule._indices, seule._raccord = self._baremes, self._indices, self._raccord
        return seule

    @cached_property
    def _baremes(self) -> list[Bareme]:
        fin = date(self.exercice, 12, 31)
        publies = Bareme.objects.filter(structure=self.structure, publie=True, en_vigueur_du__lte=fin)
        return list(
            publies.select_related("indice_base")
            .prefetch_related("tranches", "forfaits")
            .order_by("-en_vigueur_du", "-pk")
        )

    @cached_property
    def _indices(self) -> list[IndicePublie]:
        saisis = IndiceRevision.objects.filter(structure=self.structure, annee__lt=self.exercice)
        return [indice.publie for indice in saisis]

    @cached_property
    def _raccord(self) -> Raccord | None:
        regles = RegleRaccord.objects.filter(structure=self.structure)
        regle = regles.filter(deliberee_le__lte=date(self.exercice, 12, 31)).first()
        return regle.raccord if regle else None

    @cached_property
    def _devis(self) -> dict[int, list[Devis]]:
        """Les devis acceptés qui touchent l’exercice, par collectivité."""
        acceptes = Devis.objects.filter(
            collectivite__in={c.collectivite_id for c in self.conventions}, etat=EtatDevis.ACCEPTE.value
        ).filter(Q(exercice=self.exercice) | Q(exercice__lt=self.exercice, ponctuel=False))
        par_collectivite: dict[int, list[Devis]] = {}
        for devis in acceptes.order_by("pk"):
            par_collectivite.setdefault(devis.collectivite_id, []).append(devis)
        return par_collectivite

    @cached_property
    def _en_suspens(self) -> set[int]:
        """Les conventions dont des journées de l’exercice ne sont pas encore validées, hors devis."""
        nos_conventions = {c.pk for c in self.conventions}
        etats = EtatMensuel.objects.filter(
            convention__in=nos_conventions, annee=self.exercice, valide_le__isnull=True
        )
        libres = Intervention.objects.presentes().filter(
            convention__in=nos_conventions, le__year=self.exercice, phase=Phase.MISE_EN_PLACE.value
        )
        return set(etats.values_list("convention", flat=True)) | set(
            libres.filter(ligne__isnull=True, devis__isnull=True).values_list("convention", flat=True)
        )

    @cached_property
    def _minutes_validees(self) -> dict[int, int]:
        lignes = LigneEtatMensuel.objects.filter(
            etat_mensuel__convention__in={c.pk for c in self.conventions},
            etat_mensuel__annee=self.exercice,
            etat=EtatLigne.VALIDEE.value,
        )
        totaux = lignes.order_by().values_list("etat_mensuel__convention").annotate(Sum("minutes"))
        return dict(totaux)

    def bareme(self, convention: Convention) -> Bareme:
        """Le barème en vigueur au 1er janvier, ou à la date d’effet si elle est dans l’année.

        :raises SansBareme: si la structure n’en a publié aucun pour cette date.
        """
        return self.bareme_au(max(date(self.exercice, 1, 1), convention.date_effet))

    def bareme_au(self, jour: date) -> Bareme:
        """Le barème publié qui vaut un jour de l’exercice. ``SansBareme`` comme :meth:`bareme`."""
        for bareme in self._baremes:
            if bareme.en_vigueur_du <= jour and (
                bareme.en_vigueur_au is None or bareme.en_vigueur_au >= jour
            ):
                return bareme
        raise SansBareme(f"Aucun barème publié ne vaut au {date_longue(jour)}.")

    def phase(self, convention: Convention) -> Phase:
        return phase_de_l_exercice(
            self.exercice,
            effet=convention.date_effet,
            bascule_le=convention.bascule_le,
            regle=ReglePhase(convention.modele.regle_phase),
        )

    def sources(self, convention: Convention) -> Sources:
        """Tout ce dont dépend le montant. ``SansBareme`` comme :meth:`bareme`."""
        bareme, phase = self.bareme(convention), self.phase(convention)
        collectivite = convention.collectivite
        forfait = self._forfait(bareme, convention)
        base, suite, attendus = self._indices_a_appliquer(bareme)
        return Sources(
            exercice=self.exercice,
            nature=bareme.nature,
            phase=phase,
            bareme=bareme.nom,
            source=", ".join(t for t in (bareme.source, bareme.article) if t),
            est_commune=collectivite.type == TypeCollectivite.COMMUNE,
            population=collectivite.population_totale,
            millesime=collectivite.population_millesime,
            millesime_attendu=millesime_en_vigueur(self.exercice),
            population_source=collectivite.population_source,
            communes_seulement=bareme.communes_seulement,
            grille=tuple(t.tranche for t in bareme.tranches.all()),
            cout_journee=bareme.cout_journee,
            forfait=forfait.montant if forfait else None,
            forfait_libelle=forfait.libelle if forfait else "",
            sens=bareme.sens_forfait,
            jours=self._jours(convention, bareme, phase),
            jours_inclus=bareme.jours_inclus,
            revision=bareme.revision,
            base=base,
            suite=suite,
            attendus=attendus,
            raccord=self._raccord,
            complements=tuple(self._complements(convention)),
        )

    def calculer(self, convention: Convention) -> Calcul:
        return calculer(self.sources(convention))

    def simuler(self, bareme: Bareme, population: int | None, phase: Phase) -> Calcul:
        """Ce que paierait une commune de cette population, sans convention ni devis."""
        base, suite, attendus = self._indices_a_appliquer(bareme)
        sources = Sources(
            exercice=self.exercice,
            nature=bareme.nature,
            phase=phase,
            bareme=bareme.nom,
            source=bareme.source,
            population=population,
            grille=tuple(t.tranche for t in bareme.tranches.all()),
            revision=bareme.revision,
            base=base,
            suite=suite,
            attendus=attendus,
            raccord=self._raccord,
        )
        return calculer(sources)

    def _forfait(self, bareme: Bareme, convention: Convention):
        """Le forfait choisi ; un barème qui n’en a qu’un n’a pas à être choisi."""
        forfaits = list(bareme.forfaits.all())
        if len(forfaits) == 1:
            return forfaits[0]
        return next((f for f in forfaits if f.code == convention.forfait_code), None)

    def _jours(self, convention: Convention, bareme: Bareme, phase: Phase) -> Decimal | None:
        if bareme.nature != NatureBareme.FORFAIT_JOURNEES:
            return None
        if phase is Phase.ACCOMPAGNEMENT:
            return convention.jours_accompagnement
        if convention.pk in self._en_suspens or not bareme.minutes_par_jour:
            return None
        return jours(self._minutes_validees.get(convention.pk, 0), bareme.minutes_par_jour)

    def _indices_a_appliquer(self, bareme: Bareme):
        """(indice d’origine, suite, noms) : une révision par exercice en chaîne, une seule en base fixe."""
        if bareme.revision not in (Revision.BASE_FIXE, Revision.CHAINEE) or not bareme.indice_base:
            return None, (), ()
        base = bareme.indice_base.publie
        annees = range(base.annee + 1, self.exercice)
        if bareme.revision == Revision.BASE_FIXE:
            annees = annees[-1:]
        lecture = LectureIndice(bareme.lecture_indice)
        suite = tuple(
            indice_de_reference(self._indices, annee, bareme.mois_indice, lecture, base.serie)
            for annee in annees
        )
        return base, suite, tuple(f"{MOIS[bareme.mois_indice - 1]} {annee}" for annee in annees)

    def _complements(self, convention: Convention):
        fuseau = convention.collectivite.fuseau
        for devis in self._devis.get(convention.collectivite_id, ()):
            premier = devis.exercice == self.exercice
            quantite = devis.jours_mise_en_place if premier else devis.jours_accompagnement
            if quantite:
                yield Complement(
                    devis.objet,
                    f"Devis accepté le {date_courte(devis.decide_le.astimezone(fuseau))}",
                    quantite,
                    "jour",
                    devis.prix_jour,
                    devis.prix_revisable,
                )
