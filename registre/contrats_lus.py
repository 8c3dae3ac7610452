"""Les fiches du registre qu’un contrat confie, et celles qui semblent l’être."""

from collections.abc import Mapping
from dataclasses import dataclass

from dpd.regles.texte import normaliser
from registre.models import Recours, Traitement, TraitementConfie, VersionTraitement
from subtraitance.models import Contrat


@dataclass(frozen=True, slots=True)
class FicheConfiee:
    traitement: Traitement
    nom: str


def fiches_confiees(contrat: Contrat) -> list[FicheConfiee]:
    """Celles rattachées aujourd’hui, sous leur nom courant ; deux requêtes."""
    liens = TraitementConfie.objects.filter(contrat=contrat, retire_le__isnull=True)
    traitements = [lien.traitement for lien in liens.select_related("traitement").order_by("traitement")]
    noms = noms_de(contrat.collectivite_id, [t.pk for t in traitements])
    return [FicheConfiee(t, noms.get(t.pk, str(t))) for t in traitements]


def noms_de(collectivite_id: int, traitements=None) -> dict[int, str]:
    """{traitement: nom courant} de la collectivité, ou de ceux-là seulement."""
    courantes = VersionTraitement.objects.courantes().filter(collectivite=collectivite_id)
    if traitements is not None:
        courantes = courantes.filter(traitement__in=traitements)
    return dict(courantes.values_list("traitement_id", "nom"))


def propositions(contrat: Contrat) -> Mapping[int, str]:
    """{traitement: pourquoi} : les fiches qui nomment ce prestataire, ou un prestataire de son type.

    D’après ce que dit la version courante de chaque fiche ; une proposition, que quelqu’un coche.
    """
    fiche = contrat.sous_traitant
    noms = {normaliser(fiche.nom), *(normaliser(logiciel.nom) for logiciel in fiche.logiciels.all())}
    recours = Recours.objects.filter(
        collectivite=contrat.collectivite_id, version__est_courante=True
    ).values_list("version__traitement_id", "nom", "type")
    trouvees: dict[int, str] = {}
    for traitement, nom, type_ in recours:
        if nom and normaliser(nom) in noms:
            trouvees[traitement] = "elle nomme ce prestataire"
        elif not nom and fiche.type and type_ == fiche.type:
            trouvees.setdefault(traitement, "elle cite un prestataire de ce type")
    return trouvees
