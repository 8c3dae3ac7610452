"""Les listes qui décident d’une AIPD, dans les mots de leurs auteurs.

Code stable → libellé. Aucune des deux listes de la CNIL n’est exhaustive.
"""

from collections.abc import Mapping
from types import MappingProxyType

# RGPD, art. 35-3 : l’analyse est due dans ces trois cas, quelle que soit la liste nationale.
CAS_ARTICLE_35_3: Mapping[str, str] = MappingProxyType(
    {
        "evaluation-systematique": (
            "Évaluation systématique et approfondie de personnes par un traitement automatisé, fondant des "
            "décisions qui les affectent"
        ),
        "sensibles-grande-echelle": "Données sensibles ou d’infractions traitées à grande échelle",
        "surveillance-zone-publique": (
            "Surveillance systématique à grande échelle d’une zone accessible au public"
        ),
    }
)

# CNIL, délibération n° 2018-327 du 11 octobre 2018, annexe : 14 types (JO du 6 novembre 2018).
TYPES_REQUIS: Mapping[str, str] = MappingProxyType(
    {
        "sante-etablissements": (
            "Traitements de données de santé mis en œuvre par les établissements de santé ou les "
            "établissements médico-sociaux pour la prise en charge des personnes"
        ),
        "genetique-vulnerables": (
            "Traitements portant sur des données génétiques de personnes dites « vulnérables »"
        ),
        "profils-rh": (
            "Traitements établissant des profils de personnes physiques à des fins de gestion des ressources "
            "humaines"
        ),
        "surveillance-employes": (
            "Traitements ayant pour finalité de surveiller de manière constante l’activité des employés "
            "concernés"
        ),
        "alertes-sociales": (
            "Traitements ayant pour finalité la gestion des alertes et des signalements en matière sociale "
            "et sanitaire"
        ),
        "alertes-professionnelles": (
            "Traitements ayant pour finalité la gestion des alertes et des signalements en matière "
            "professionnelle"
        ),
        "entrepots-sante": (
            "Traitements des données de santé nécessaires à la constitution d’un entrepôt de données ou d’un "
            "registre"
        ),
        "profilage-contrat": (
            "Traitements impliquant le profilage des personnes pouvant aboutir à leur exclusion du bénéfice "
            "d’un contrat ou à la suspension voire à la rupture de celui-ci"
        ),
        "manquements-mutualises": (
            "Traitements mutualisés de manquements contractuels constatés, susceptibles d’aboutir à une "
            "décision d’exclusion ou de suspension du bénéfice d’un contrat"
        ),
        "profilage-externe": (
            "Traitements de profilage faisant appel à des données provenant de sources externes"
        ),
        "biometrie-vulnerables": (
            "Traitements de données biométriques aux fins d’identifier une personne physique de manière "
            "unique, parmi lesquelles figurent des personnes dites « vulnérables »"
        ),
        "logement-social": "Instruction des demandes et gestion des logements sociaux",
        "accompagnement-social": (
            "Traitements ayant pour finalité l’accompagnement social ou médico-social des personnes"
        ),
        "localisation": "Traitements de données de localisation à large échelle",
    }
)

# CNIL, délibération n° 2019-118 du 12 septembre 2019, annexe : 12 types (JO du 22 octobre 2019).
TYPES_DISPENSES: Mapping[str, str] = MappingProxyType(
    {
        "rh-moins-250": (
            "Traitements mis en œuvre uniquement à des fins de ressources humaines, pour la seule gestion du "
            "personnel des organismes qui emploient moins de 250 personnes, sauf recours au profilage"
        ),
        "fournisseurs": "Traitements de gestion de la relation fournisseurs",
        "fichier-electoral": (
            "Traitements mis en œuvre dans les conditions prévues par les textes relatifs à la gestion du "
            "fichier électoral des communes"
        ),
        "comites-entreprise": (
            "Traitements destinés à la gestion des activités des comités d’entreprise et d’établissement"
        ),
        "associations": (
            "Traitements d’une association, d’une fondation ou d’une institution sans but lucratif pour la "
            "gestion de ses membres et donateurs, si les données ne sont pas sensibles"
        ),
        "sante-cabinet": (
            "Traitements de données de santé nécessaires à la prise en charge d’un patient par un "
            "professionnel exerçant à titre individuel"
        ),
        "avocats": "Traitements mis en œuvre par les avocats exerçant à titre individuel",
        "greffiers": "Traitements mis en œuvre par les greffiers des tribunaux de commerce",
        "notaires": "Traitements mis en œuvre par les notaires pour leur activité notariale",
        "scolaire-petite-enfance": (
            "Traitements mis en œuvre pour gérer les services en matière d’affaires scolaires, périscolaires "
            "et de la petite enfance"
        ),
        "acces-horaires": (
            "Traitements mis en œuvre aux seules fins de gestion des contrôles d’accès physiques et des "
            "horaires, en dehors de tout dispositif biométrique"
        ),
        "ethylotests": (
            "Traitements relatifs aux éthylotests, strictement encadrés par un texte et mis en œuvre dans "
            "des activités de transport"
        ),
    }
)

# Groupe de l’article 29, WP248 rév. 01 du 4 octobre 2017, III.B.a, repris par la CNIL.
CRITERES_WP248: Mapping[str, str] = MappingProxyType(
    {
        "evaluation": "Évaluation ou notation de personnes",
        "decision-automatisee": "Décision automatisée avec effet juridique ou similaire",
        "surveillance": "Surveillance systématique",
        "sensibles": "Données sensibles ou à caractère hautement personnel",
        "grande-echelle": "Données traitées à grande échelle",
        "croisement": "Croisement ou combinaison de données",
        "vulnerables": "Personnes vulnérables",
        "usage-innovant": "Usage innovant ou nouvelle solution technique",
        "exclusion": "Exclusion possible d’un droit, d’un service ou d’un contrat",
    }
)
