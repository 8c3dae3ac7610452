"""Les questions que les référents posent au DPD, sur les fiches qu’ils n’ont pas finies."""

from datetime import datetime

from dpd.accompagnement.models import Question
from dpd.pilotage.charge.lieux import Equipe, Lieu
from registre.actions.questions import LIBRE
from registre.enums import EtatVersion
from registre.models import QuestionFiche, VersionTraitement

PART_INTERROGEE = 0.2  # des brouillons
PART_OUVERTE = 0.3  # des questions
TEXTE = "Combien de temps devons-nous garder ces dossiers une fois l’année scolaire finie ? "


def interroger(equipe: Equipe, versions: list[tuple[Lieu, VersionTraitement]], maintenant: datetime) -> int:
    """Pose les questions d’un lot de versions enregistrées ; combien. Requêtes en nombre constant."""
    interrogees = [
        (lieu, version)
        for lieu, version in versions
        if version.etat == EtatVersion.BROUILLON and lieu.hasard.chance(PART_INTERROGEE)
    ]
    posees = [_question(equipe, lieu, version, maintenant) for lieu, version in interrogees]
    questions = Question.objects.creer_en_masse(
        posees, auteur=equipe.dpd, maintenant=maintenant, raison="Base de charge"
    )
    QuestionFiche.objects.bulk_create(
        QuestionFiche(
            collectivite=version.collectivite,
            version=version,
            question=question,
            champ=f"{LIBRE}{question.posee_le.isoformat()}",
        )
        for (_, version), question in zip(interrogees, questions, strict=True)
    )
    return len(questions)


def _question(equipe: Equipe, lieu: Lieu, version: VersionTraitement, maintenant: datetime) -> Question:
    posee_le = lieu.hasard.passe(maintenant, 300)
    question = Question(
        collectivite=version.collectivite,
        objet=f"Fiche «\u00a0{version.nom}\u00a0»"[:200],
        texte=TEXTE * lieu.hasard.entier(1, 4),
        posee_par=lieu.referent,
        posee_le=posee_le,
    )
    if not lieu.hasard.chance(PART_OUVERTE):
        question.reponse = "La durée d’utilité administrative du modèle, puis les archives."
        question.repondue_par, question.repondue_le = equipe.dpd, posee_le
    return question
