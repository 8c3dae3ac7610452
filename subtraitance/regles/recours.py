"""Où contester un refus ou un silence : la voie du texte applicable, et jamais celle d’un autre.

Saisir la CNIL d’un document administratif est irrecevable, et laisse passer le délai de la CADA.
"""

from dataclasses import dataclass

from subtraitance.regles.lettres_texte import manque


@dataclass(frozen=True, slots=True)
class Recours:
    """``devant`` : à qui, ``quand`` : jusqu’à quand une fois le délai passé, ``silence`` : ce qu’il vaut.

    ``condition`` : ce que le demandeur doit savoir d’avance, ou vide. ``resume`` : toute la voie, pour qui
    répond ; ``source`` : le texte qui la dit. ``lettre`` : ce qu’en écrit une réponse.
    """

    devant: str
    quand: str
    silence: str
    condition: str
    resume: str
    source: str
    site: str
    adresse: str
    lettre: tuple[str, ...]

    @property
    def saisir(self) -> str:
        """« Vous pouvez saisir la CADA dans les deux mois… »."""
        return f"Vous pouvez saisir {self.devant} {self.quand}."


CNIL = Recours(
    devant="la CNIL",
    quand="dès maintenant, gratuitement",
    silence="Votre demande reste à traiter.",
    condition="",
    resume="plainte à la CNIL, recours devant le juge",
    source="RGPD, art. 12-4",
    site="https://www.cnil.fr/fr/plaintes",
    adresse="CNIL, service des plaintes, 3 place de Fontenoy, TSA 80715, 75334 Paris Cedex 07",
    lettre=(
        "adresser une réclamation à la CNIL, service des plaintes, 3 place de Fontenoy, TSA 80715, "
        "75334 Paris Cedex 07, ou sur www.cnil.fr/fr/plaintes",
        f"former un recours devant le tribunal administratif de {manque('la ville de ce tribunal')}, "
        "dans les deux mois qui suivent la réception de cette lettre (code de justice administrative, "
        "art. R.421-1)",
    ),
)
CADA = Recours(
    devant="la CADA",
    quand="dans les deux mois qui suivent la fin du délai",
    silence="Un mois de silence vaut refus.",
    condition="Vous avez deux mois (CRPA, art. R.343-1). C’est obligatoire avant tout recours au juge.",
    resume="la CADA dans les deux mois, avant tout recours devant le juge",
    source="CRPA, art. R.343-1",
    site="https://www.cada.fr",
    adresse="",  # pas de source sûre : son site la donne
    lettre=(
        "saisir la Commission d’accès aux documents administratifs (CADA), sur www.cada.fr, dans les deux "
        "mois qui suivent la réception de cette lettre (CRPA, art. R.343-1)\u00a0: c’est obligatoire avant "
        "tout recours devant le juge",
    ),
)
