"""« Je ne sais pas » : la question part au DPD, et se retire si la personne finit par répondre."""

from datetime import datetime

from django.db import transaction

from dpd.accompagnement.models import Question
from dpd.regles.renvois import DOUBLE_ENVOI
from registre import emails
from registre.models import QuestionFiche, VersionTraitement
from registre.regles.contenu import Fiche
from registre.regles.questions import cellules_inconnues

LIBRE = "libre."  # le champ d’une question posée à la main, que rien ne retire de soi


def accorder_questions(*, version: VersionTraitement, fiche: Fiche, auteur, maintenant: datetime) -> None:
    """Ouvre une question par cellule inconnue nouvelle ; retire celles dont la cellule est renseignée."""
    inconnues = cellules_inconnues(fiche)
    ouvertes = {
        lien.champ: lien
        for lien in version.questions.select_related("question").filter(question__retiree_le__isnull=True)
    }
    for champ, texte in inconnues.items():
        if champ not in ouvertes:
            _ouvrir(version, champ, texte, auteur, maintenant)
    for champ, lien in ouvertes.items():
        if not champ.startswith(LIBRE) and champ not in inconnues and lien.question.repondue_le is None:
            lien.question.retiree_le = maintenant
            lien.question.enregistrer(
                auteur=auteur, maintenant=maintenant, raison="Réponse trouvée par la collectivité"
            )


def _ouvrir(version, champ, texte, auteur, maintenant) -> Question:
    question = Question(
        collectivite=version.collectivite,
        objet=f"Fiche «\u00a0{version.nom}\u00a0»"[:200],
        texte=texte,
        posee_par=auteur,
        posee_le=maintenant,
    )
    question.enregistrer(auteur=auteur, maintenant=maintenant, raison="Question posée")
    QuestionFiche.objects.update_or_create(
        version=version, champ=champ, defaults={"question": question, "collectivite": version.collectivite}
    )
    return question


@transaction.atomic
def poser(*, version: VersionTraitement, texte: str, auteur, maintenant: datetime) -> Question:
    """Une question libre du référent sur une fiche ; le DPD en est averti par courriel.

    Renvoyée dans la minute, elle n’est posée qu’une fois.
    """
    VersionTraitement.objects.select_for_update(no_key=True).get(pk=version.pk)
    renvoyee = Question.objects.filter(
        fiches__version=version,
        fiches__champ__startswith=LIBRE,
        texte=texte,
        posee_par=auteur,
        posee_le__gt=maintenant - DOUBLE_ENVOI,
        repondue_le__isnull=True,
    )
    if deja := renvoyee.first():
        return deja
    question = _ouvrir(version, f"{LIBRE}{maintenant.isoformat()}", texte, auteur, maintenant)
    emails.question_posee(version=version, question=question, maintenant=maintenant)
    return question


@transaction.atomic
def repondre(*, question: Question, reponse: str, auteur, maintenant: datetime) -> Question:
    """Réponse du DPD ; la personne qui a demandé en est avertie.

    :raises ValueError: si la question a déjà une réponse ou a été retirée.
    """
    question = Question.objects.select_for_update(no_key=True).get(pk=question.pk)
    if question.repondue_le is not None:
        raise ValueError("Cette question a déjà une réponse.")
    if question.retiree_le is not None:
        raise ValueError("La collectivité a trouvé la réponse\u00a0: cette question est retirée.")
    question.reponse, question.repondue_par, question.repondue_le = reponse, auteur, maintenant
    question.enregistrer(auteur=auteur, maintenant=maintenant, raison="Réponse du DPD")
    emails.question_repondue(question=question, maintenant=maintenant)
    return question
