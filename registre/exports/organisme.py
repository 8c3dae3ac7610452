"""L’organisme en tête d’un export, et ses mots : tels que son compte les dit aujourd’hui."""

from dataclasses import dataclass

from dpd.comptes.enums import TypeCollectivite

FEMININS = frozenset({TypeCollectivite.COMMUNE, TypeCollectivite.EPCI, TypeCollectivite.CAISSE_ECOLES})


@dataclass(frozen=True, slots=True)
class Organisme:
    """``representee`` : accordé à l’organisme (« représentée » pour une commune)."""

    denomination: str
    siren: str
    representant: str
    representee: str
    adresse: str
    telephone: str
    courriel: str
    dpd: str
    dpd_coordonnees: str
    communicable: bool = False


def organisme_de(collectivite) -> Organisme:
    """L’organisme et le DPD tels que le compte les dit."""
    return Organisme(
        denomination=collectivite.denomination,
        siren=collectivite.siren,
        representant=collectivite.representant,
        representee="représentée" if collectivite.type in FEMININS else "représenté",
        adresse=collectivite.adresse.replace("\n", ", "),
        telephone=collectivite.telephone,
        courriel=collectivite.courriel,
        dpd=collectivite.dpd,
        dpd_coordonnees=collectivite.dpd_coordonnees,
    )
