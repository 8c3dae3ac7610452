"""« Je ne sais pas » devient une question en clair."""

from registre.regles.contenu import Duree, Fiche, LigneDonnees
from registre.regles.questions import cellules_inconnues


def test_rien_d_inconnu_rien_a_demander():
    assert cellules_inconnues(Fiche(donnees=(LigneDonnees("identite"),), transferts_reponse="aucun")) == {}


def test_chaque_cellule_inconnue_a_sa_question():
    fiche = Fiche(
        donnees=(
            LigneDonnees("bancaire", "RIB", Duree(inconnue=True), sort_inconnu=True),
            LigneDonnees("bancaire", "", Duree(inconnue=True)),
        ),
        transferts_reponse="inconnu",
    )
    assert cellules_inconnues(fiche) == {
        "donnees.bancaire.1.duree": "Combien de temps garder les coordonnées bancaires (RIB)\u202f?",
        "donnees.bancaire.1.sort": "Que deviennent ensuite les coordonnées bancaires (RIB)\u202f?",
        "donnees.bancaire.2.duree": "Combien de temps garder les coordonnées bancaires\u202f?",
        "transferts": "Des données sortent-elles d’Europe\u202f?",
    }
