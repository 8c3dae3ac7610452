"""Le registre de Montpezat-de-Quercy : tous les états d’une fiche, racontés un par un.

Les faits, les avis et les motifs sont inventés.
"""

from typing import NamedTuple

from dpd.accompagnement.enums import SensAvis, SuiteAvis
from dpd.pilotage.demonstration import cantine
from dpd.pilotage.demonstration.gestes import (
    Avis,
    Geste,
    adopter,
    conseiller,
    retoucher,
    saisir,
    simple,
    transmettre,
)
from dpd.pilotage.demonstration.retouches import (
    avec,
    douter_de_l_europe,
    douter_du_sort,
    preciser_les_personnes,
    puis,
    rester_en_europe,
)

OUVERTURE = 440


class FicheDemo(NamedTuple):
    """``code`` vide : fiche ouverte à la main, sous ce nom. ``ouverture`` : il y a combien de jours."""

    code: str
    gestes: tuple[Geste, ...]
    ouverture: int = OUVERTURE
    nom: str = ""


def _favorable(texte: str = "La fiche est complète et claire. Rien à redire.") -> Avis:
    return Avis(SensAvis.FAVORABLE, texte)


def _adoptee(code: str, jours: int, retouche=None, avis: Avis | None = None) -> FicheDemo:
    """Une fiche adoptée sans histoire, il y a tant de jours."""
    gestes = (
        saisir(jours + 30, retouche),
        transmettre(jours + 26),
        conseiller(jours + 12, avis or _favorable()),
        adopter(jours),
    )
    return FicheDemo(code, gestes)


_VIDEO = Avis(
    SensAvis.RESERVES,
    "Le dispositif est légitime : place de la Mairie, rue de la République, abords de l’école. L’arrêté "
    "préfectoral fixe la durée, et rien n’impose de la porter au maximum. L’analyse d’impact doit être "
    "finie avant la mise en service, pas après. Je reste à votre disposition pour la mener avec vous.",
    (
        "Terminer l’analyse d’impact avant d’allumer les caméras de la place.",
        "Masquer les fenêtres de l’immeuble du 4, place de la Résistance.",
        "Nommer par arrêté les deux personnes qui peuvent voir les images.",
    ),
)
_CANICULE = Avis(
    SensAvis.RESERVES,
    "La liste rend service et la loi la demande. Sa confidentialité repose aujourd’hui sur un classeur "
    "posé à l’accueil.",
    (
        "Ranger le classeur sous clé et n’en garder qu’un exemplaire.",
        "Ne plus transmettre la liste entière aux bénévoles qui font les visites.",
    ),
)
_RESEAUX = Avis(
    SensAvis.DEFAVORABLE,
    "Les photographies d’enfants publiées sur la page de la commune ne peuvent pas y rester sans l’accord "
    "écrit des deux parents. Le réseau les réutilise, et la commune n’y peut plus rien.",
)

FICHES: tuple[FicheDemo, ...] = (
    _adoptee("etat-civil", 121, preciser_les_personnes("une trentaine d’actes par an")),
    FicheDemo(  # à relire : adoptée il y a plus d’un an
        "listes-electorales",
        (
            saisir(425, preciser_les_personnes("environ 1 250 électeurs")),
            transmettre(421),
            conseiller(406, _favorable("Le répertoire électoral unique fixe tout : la fiche le dit bien.")),
            adopter(398),
        ),
    ),
    FicheDemo(  # relue sans changement
        "cimetiere",
        (
            saisir(428, preciser_les_personnes("410 concessions", "défunts inhumés depuis 1871")),
            transmettre(424),
            conseiller(412, _favorable()),
            adopter(405),
            simple("relire", 38),
        ),
    ),
    _adoptee("inscriptions-scolaires", 96, preciser_les_personnes("132 élèves, deux écoles")),
    FicheDemo(cantine.CODE, cantine.GESTES, ouverture=360),
    _adoptee("paie", 84, preciser_les_personnes("24 agents", "19 élus")),
    _adoptee("rh-carriere", 77, preciser_les_personnes("24 agents")),
    FicheDemo(  # avis rendu, adoption attendue
        "videoprotection",
        (
            saisir(34, avec(nom="Vidéoprotection du centre-bourg")),
            transmettre(28),
            conseiller(13, _VIDEO),
        ),
        ouverture=41,
    ),
    FicheDemo("comptabilite", (saisir(33), transmettre(9))),
    FicheDemo("recensement-citoyen", (saisir(12, preciser_les_personnes("une quinzaine de jeunes par an")),)),
    FicheDemo(  # avis partiellement suivi, une réserve levée sur deux
        "registre-canicule",
        (
            saisir(
                190,
                puis(
                    preciser_les_personnes("46 personnes inscrites"),
                    avec(
                        coresponsables_reponse="oui",
                        coresponsables="CCAS de Montpezat-de-Quercy, en mairie : la commune tient la liste, "
                        "le CCAS appelle et rend visite.",
                    ),
                ),
            ),
            transmettre(186),
            conseiller(172, _CANICULE),
            adopter(
                165,
                SuiteAvis.PARTIEL,
                "Le classeur est mis sous clé. Pendant une alerte, les bénévoles garderont la liste de leur "
                "quartier : sans elle, aucune visite n’est possible.",
            ),
            simple("lever", 158, "Un seul classeur, dans l’armoire du secrétariat."),
        ),
    ),
    FicheDemo(  # adoptée sans attendre l’avis
        "plan-communal-sauvegarde",
        (
            saisir(68),
            transmettre(66),
            adopter(
                65,
                None,
                "Le Lemboulas est en crue : il faut pouvoir appeler les habitants dès cette nuit. L’avis de "
                "la déléguée sera pris en compte dès qu’il sera rendu.",
            ),
        ),
    ),
    FicheDemo(  # renvoyée par la maire
        "salles",
        (
            saisir(52, preciser_les_personnes("environ 160 locations par an")),
            transmettre(47),
            conseiller(40, _favorable()),
            simple(
                "renvoyer",
                35,
                "Les associations ne paient plus de caution depuis la délibération de juin : reprenez les "
                "chèques et la durée.",
            ),
            simple(
                "poser",
                16,
                "Faut-il garder les attestations d’assurance des associations, et combien de temps ?",
            ),
        ),
    ),
    FicheDemo(  # adoptée, et une version 2 en préparation
        "bibliotheque",
        (
            saisir(240, avec(nom="Médiathèque : prêts et abonnés")),
            transmettre(236),
            conseiller(221, _favorable()),
            adopter(215),
            simple("modifier", 24),
            retoucher(
                23,
                avec(description="Inscrire, prêter, relancer, et réserver en ligne depuis le catalogue."),
                "Finalités et base légale",
            ),
            simple("poser", 21, "La réservation en ligne garde-t-elle trace de ce que chacun a lu ?"),
            simple(
                "repondre",
                15,
                "Oui, et c’est ce qu’il faut borner : effacez le lien entre l’abonné et le titre quatre mois "
                "après le retour. L’éditeur sait le faire, demandez-lui d’activer le réglage.",
            ),
        ),
    ),
    FicheDemo(
        "geolocalisation",
        (
            saisir(330),
            transmettre(326),
            conseiller(310, _favorable()),
            adopter(300),
            simple(
                "abroger",
                58,
                "Les boîtiers du tracteur et des fourgons sont démontés ; les tournées se notent de nouveau "
                "sur papier.",
            ),
        ),
    ),
    FicheDemo("debits-boissons", (simple("retirer", 210),)),
    FicheDemo(  # avis défavorable, non suivi
        "reseaux-sociaux",
        (
            saisir(150),
            transmettre(147),
            conseiller(133, _RESEAUX),
            adopter(
                126,
                SuiteAvis.NON_SUIVI,
                "Les photographies de la fête de l’école restent en ligne jusqu’à la rentrée : les parents "
                "présents ont donné leur accord de vive voix. L’accord écrit sera demandé à l’inscription.",
            ),
        ),
    ),
    _adoptee("conseil-municipal", 61),
    _adoptee("elus", 58, preciser_les_personnes("19 élus")),
    _adoptee("marches-publics", 180),
    _adoptee("associations-subventions", 202, preciser_les_personnes("31 associations")),
    FicheDemo("eau-assainissement", (saisir(18, douter_du_sort),)),  # deux questions ouvertes
    FicheDemo(  # « je ne sais pas », puis la réponse
        "site-internet",
        (
            saisir(90, douter_de_l_europe),
            simple(
                "repondre",
                83,
                "Non : l’hébergeur est à Toulouse et la mesure d’audience reste sur son serveur. Vous pouvez "
                "répondre « rien ne sort d’Europe ».",
            ),
            retoucher(81, rester_en_europe, "Hors d’Europe"),
            transmettre(80),
            conseiller(62, _favorable("Pensez à retirer le lecteur vidéo de la page d’accueil.")),
            adopter(55),
        ),
    ),
    FicheDemo(  # réponse « je ne sais pas » encore ouverte
        "messagerie", (saisir(27, douter_de_l_europe),), ouverture=60
    ),
    _adoptee("ads", 143),
    _adoptee("courrier", 111),
    _adoptee("archives", 268),
    _adoptee("droits-rgpd", 232),
    FicheDemo(
        "bulletin-newsletter",
        (
            retoucher(
                6, avec(nom="Alertes SMS et bulletin municipal", destinataires=()), "Finalités et base légale"
            ),
        ),
        ouverture=7,
    ),
    FicheDemo(  # ouverte à la main, presque vide
        "",
        (
            retoucher(
                2,
                avec(
                    description="Correspondre avec la ville jumelle et loger ses visiteurs chez l’habitant."
                ),
                "Fiche ouverte",
            ),
        ),
        ouverture=3,
        nom="Comité de jumelage : familles d’accueil",
    ),
)
