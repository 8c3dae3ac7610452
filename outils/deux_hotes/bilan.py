"""Juger l’essai : ce qu’on a promis contre ce qui est. Rien ici ne touche à la base ni au réseau."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

MONTRES = 10  # écarts détaillés ; au-delà, leur nombre suffit


@dataclass(frozen=True, slots=True)
class Ecart:
    nature: str
    cle: str
    quoi: str

    def __str__(self) -> str:
        return f"{self.quoi} : {self.nature} « {self.cle} »"


def comparer(
    nature: str,
    promis: Mapping[str, int],
    constates: Mapping[str, int],
    *,
    incertains: Collection[str] = (),
) -> list[Ecart]:
    """Un écart par effet perdu, doublé ou que personne n’a demandé.

    :param incertains: ce que le client a fini par abandonner sans savoir : un effet ou aucun, jamais deux.
    """
    ecarts = []
    for cle in sorted(promis.keys() | constates.keys()):
        attendu, vu = promis.get(cle, 0), constates.get(cle, 0)
        plafond = attendu + (cle in incertains)
        if vu < attendu:
            ecarts.append(Ecart(nature, cle, f"perdu ({vu} sur {attendu})"))
        elif vu > plafond:
            ecarts.append(
                Ecart(nature, cle, f"doublé ({vu} au lieu de {attendu})" if plafond else "inattendu")
            )
    return ecarts


def courriels(confies: Iterable[str], recus: Mapping[str, int], *, coupures: int) -> tuple[list[Ecart], int]:
    """Les écarts entre la file et ce que le serveur a reçu, par Message-ID, et le nombre de répétés.

    Un processus tué entre l’accusé du serveur et son écriture en base envoie de nouveau le courriel, sous le
    même identifiant, que le serveur reconnaît : un par coupure au plus, sinon c’est un écart.
    """
    ecarts = comparer("courriel", dict.fromkeys(confies, 1), recus)
    repetes = [ecart for ecart in ecarts if ecart.quoi.startswith("doublé")]
    en_trop = sum(recus[ecart.cle] - 1 for ecart in repetes)
    if en_trop <= coupures:
        ecarts = [ecart for ecart in ecarts if ecart not in repetes]
    return ecarts, en_trop


@dataclass(slots=True)
class Bilan:
    """``lignes`` : ce qui a été compté ; ``ecarts`` : ce qui fait échouer l’essai."""

    lignes: list[tuple[str, str]] = field(default_factory=list)
    ecarts: list[Ecart] = field(default_factory=list)

    def compter(self, quoi: str, combien: object) -> None:
        self.lignes.append((quoi, str(combien)))

    def exiger(self, condition: object, nature: str, cle: str, quoi: str) -> None:
        if not condition:
            self.ecarts.append(Ecart(nature, cle, quoi))

    def __str__(self) -> str:
        largeur = max((len(quoi) for quoi, _ in self.lignes), default=0)
        textes = [f"  {quoi:<{largeur}}  {combien}" for quoi, combien in self.lignes]
        textes += [f"  ÉCART {ecart}" for ecart in self.ecarts[:MONTRES]]
        if len(self.ecarts) > MONTRES:
            reste = Counter(ecart.nature for ecart in self.ecarts[MONTRES:])
            textes.append(f"  … et {', '.join(f'{n} {nature}' for nature, n in reste.items())}")
        verdict = "rien de perdu, rien de doublé" if not self.ecarts else f"{len(self.ecarts)} écart(s)"
        return "\n".join([*textes, f"Verdict : {verdict}."])
