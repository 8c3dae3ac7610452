"""Ce que le téléservice de la CNIL demande d’une violation, en valeurs simples."""

from dataclasses import dataclass
from datetime import date, datetime, tzinfo

from dpd.regles.typographie import compte, nombre
from violations.enums import (
    Cause,
    DonneesTouchees,
    GraviteCnil,
    InformationPersonnes,
    MotifSansInformation,
    MoyenInformation,
    NatureViolation,
    Origine,
    PersonnesTouchees,
    Prejudice,
    SourceConnaissance,
    TypeNotification,
)


@dataclass(frozen=True, slots=True)
class Champ:
    """Une ligne d’une rubrique. ``copiable`` : un texte à coller ; sinon un choix à cocher là-bas."""

    libelle: str
    valeur: str
    copiable: bool = False


@dataclass(frozen=True, slots=True)
class Rubrique:
    """``manques`` : ce qui n’est pas encore au dossier, nommé ; ``note`` : ce qu’il faut savoir d’autre."""

    numero: int
    titre: str
    champs: tuple[Champ, ...]
    manques: tuple[str, ...] = ()
    note: str = ""

    @property
    def prete(self) -> bool:
        return not self.manques


@dataclass(frozen=True, slots=True)
class Fourchette:
    """Un nombre approximatif, de ``au_moins`` à ``au_plus`` ; l’un ou l’autre peut manquer."""

    au_moins: int | None = None
    au_plus: int | None = None

    def dite(self, mot: str) -> str:
        """« 95 personnes », « de 80 à 95 personnes », « au moins 80 personnes » ; vide si rien n’est su."""
        moins, plus = self.au_moins, self.au_plus
        if moins is not None and plus is not None:
            return compte(plus, mot) if moins == plus else f"de {nombre(moins)} à {compte(plus, mot)}"
        if moins is not None:
            return f"au moins {compte(moins, mot)}"
        return "" if plus is None else f"au plus {compte(plus, mot)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Organisme:
    denomination: str
    siren: str
    type: str = ""
    representant: str = ""
    courriel: str = ""
    telephone: str = ""
    dpd: str = ""
    dpd_coordonnees: str = ""
    designation: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Information:
    """L’information des personnes (RGPD art. 34) : faite, prévue, écartée, ou pas encore décidée."""

    etat: InformationPersonnes = InformationPersonnes.INDETERMINEE
    quand: date | None = None
    moyen: MoyenInformation | None = None
    nombre: int | None = None
    texte: str = ""
    motif: MotifSansInformation | None = None
    motif_precision: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Faits:
    """``fuseau`` : celui où se lisent les instants ; ``fuseau_dit`` : son nom, écrit avec les dates.

    ``numero_initial`` : celui que la CNIL a donné à l’envoi initial, s’il est fait. ``type_envoi`` : celui
    que l’on s’apprête à faire, à déduire s’il est vide.
    """

    organisme: Organisme
    fuseau: tzinfo
    fuseau_dit: str
    maintenant: datetime
    connaissance: datetime
    echeance: datetime
    type_envoi: TypeNotification | None = None
    numero_initial: str = ""
    prestataires: tuple[str, ...] = ()
    debut: datetime | None = None
    fin: datetime | None = None
    en_cours: bool = False
    detection: datetime | None = None
    source: SourceConnaissance | None = None
    motif_retard: str = ""
    natures: tuple[NatureViolation, ...] = ()
    origine: Origine | None = None
    origine_precision: str = ""
    cause: Cause | None = None
    cause_precision: str = ""
    recit: str = ""
    donnees: tuple[DonneesTouchees, ...] = ()
    donnees_precision: str = ""
    enregistrements: Fourchette = Fourchette()
    personnes: tuple[PersonnesTouchees, ...] = ()
    personnes_precision: str = ""
    nombre_personnes: Fourchette = Fourchette()
    mesures_avant: str = ""
    consequences: str = ""
    prejudices: tuple[Prejudice, ...] = ()
    gravite: GraviteCnil | None = None
    gravite_du_dpd: bool = False
    mesures_apres: str = ""
    information: Information = Information()
    transfrontaliere: bool | None = None
    autres_autorites: str = ""
    pieces: tuple[str, ...] = ()
