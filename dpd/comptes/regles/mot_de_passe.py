"""La force d’un mot de passe : 80 bits par la composition, sans renouvellement périodique.

Source : CNIL, délibération n° 2022-100 du 21 juillet 2022. À 80 bits, le mot de passe se suffit ; la
restriction d’accès après des échecs (dpd.comptes.regles.tentatives), que la délibération n’exige qu’en
dessous, est posée en plus.
"""

QUATRE_CLASSES_MIN = 12  # minuscule, majuscule, chiffre et signe
TROIS_CLASSES_MIN = 14
MOTS_MIN = 7
LETTRES_PAR_MOT_MIN = 2

CLASSES = {
    "minuscule": "une minuscule",
    "majuscule": "une majuscule",
    "chiffre": "un chiffre",
    "signe": "un signe (ponctuation, espace)",
}
AIDE = (
    "Au moins 12 caractères avec une minuscule, une majuscule, un chiffre et un signe, "
    "ou une phrase de 7 mots différents."
)


def manque(mot_de_passe: str) -> str | None:
    """Ce qu’il faut ajouter pour atteindre 80 bits, en une phrase ; ``None`` si c’est assez."""
    if len(_mots(mot_de_passe)) >= MOTS_MIN:
        return None
    absentes = [libelle for classe, libelle in CLASSES.items() if classe not in _classes(mot_de_passe)]
    if not absentes:
        return _allonger(QUATRE_CLASSES_MIN - len(mot_de_passe))
    if len(absentes) == 1:
        return _une_classe_absente(len(mot_de_passe), absentes[0])
    return _plusieurs_classes_absentes(len(mot_de_passe), absentes)


def _classe(caractere: str) -> str:
    if caractere.isdigit():
        return "chiffre"
    if caractere.isalpha():
        return "majuscule" if caractere.isupper() else "minuscule"
    return "signe"


def _classes(texte: str) -> set[str]:
    return {_classe(caractere) for caractere in texte}


def _mots(texte: str) -> set[str]:
    """Les mots différents : répéter le même mot n’ajoute rien."""
    lettres = "".join(c if c.isalpha() else " " for c in texte.casefold())
    return {mot for mot in lettres.split() if len(mot) >= LETTRES_PAR_MOT_MIN}


def _allonger(nombre: int) -> str | None:
    return f"Ajoutez {_caracteres(nombre)}." if nombre > 0 else None


def _une_classe_absente(longueur: int, absente: str) -> str | None:
    if longueur >= TROIS_CLASSES_MIN:
        return None
    if longueur >= QUATRE_CLASSES_MIN:
        return f"Ajoutez {absente}, ou {_caracteres(TROIS_CLASSES_MIN - longueur)}."
    return f"Ajoutez {_caracteres(QUATRE_CLASSES_MIN - longueur)}, dont {absente}."


def _plusieurs_classes_absentes(longueur: int, absentes: list[str]) -> str:
    """Il faut trois classes sur quatre : il en manque une de moins que d’absentes."""
    combien = len(absentes) - 1
    choix = f"{', '.join(absentes[:-1])} ou {absentes[-1]}"
    parmi = f"{choix}" if combien == 1 else f"au moins {combien} de ces éléments\u00a0: {choix}"
    reste = TROIS_CLASSES_MIN - longueur
    return f"Ajoutez {_caracteres(reste)}, dont {parmi}." if reste > 0 else f"Ajoutez {parmi}."


def _caracteres(nombre: int) -> str:
    return f"{nombre} caractère{'s' if nombre > 1 else ''}"
