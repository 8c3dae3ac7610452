"""Ce que tout gabarit sait : où je suis, dans quel rôle, et où je peux aller."""

from dpd.comptes.enums import Role
from dpd.comptes.models import Collectivite, Structure
from dpd.comptes.regles.capacites import EXPLICATIONS, Capacite
from dpd.comptes.regles.onglets import onglets_collectivite, onglets_structure

ORDRE = list(Role)
CHANGER_MAX = 12


def _role(roles) -> dict | None:
    if not roles:
        return None
    principal = min(roles, key=ORDRE.index)
    return {"libelle": principal.label, "explication": EXPLICATIONS[principal], "tous": roles}


def _voisines(request, collectivite) -> list[Collectivite]:
    """Les autres collectivités de la personne, pour « Changer » ; vide pour qui suit tout un portefeuille."""
    pks = sorted(request.acces.par_collectivite)[: CHANGER_MAX + 1]
    if len(pks) < 2:
        return []
    return list(Collectivite.objects.filter(pk__in=pks).only("pk", "siren", "denomination", "type"))


def _peut_declarer(acces) -> bool:
    """Vrai de qui peut, quelque part, déclarer une violation ou signaler un incident."""
    tenir, signaler = Capacite.TENIR_VIOLATIONS, Capacite.SIGNALER_INCIDENT
    return bool(acces.directes(tenir) or acces.structures(tenir) or acces.structures(signaler))


def contexte(request) -> dict:
    acces = getattr(request, "acces", None)
    if acces is None or not request.user.is_authenticated:
        return {"theme": "auto"}
    collectivite, structure = request.collectivite, request.structure
    donnees = {
        "theme": request.user.theme,
        "collectivite": collectivite,
        "peut_declarer": _peut_declarer(acces),
    }
    if collectivite is not None:
        capacites = {c.value for c in Capacite if acces.peut(c, collectivite)}
        donnees |= {
            "structure": collectivite.structure,
            "equipe": acces.peut_structure(Capacite.VOIR_STRUCTURE, collectivite.structure),
            "role": _role(acces.roles(collectivite)),
            "voisines": _voisines(request, collectivite),
            "portefeuille": acces.roles_structure(collectivite.structure),
            "onglets": onglets_collectivite(capacites, collectivite.siren),
            "peut": capacites,
        }
    elif structure is not None:
        capacites = {c.value for c in Capacite if acces.peut_structure(c, structure)}
        donnees |= {
            "structure": structure,
            "equipe": acces.peut_structure(Capacite.VOIR_STRUCTURE, structure),
            "role": _role(acces.roles_structure(structure)),
            "onglets": onglets_structure(capacites, structure.siren),
            "peut": capacites,
        }
    else:
        donnees["structure"] = Structure.objects.filter(pk__in=acces.par_structure).first()
        donnees["equipe"] = donnees["structure"] is not None
    return donnees
