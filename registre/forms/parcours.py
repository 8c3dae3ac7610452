"""Les gestes du parcours : avis, décision, question, relecture."""

from django import forms

from dpd.accompagnement.enums import SensAvis, SuiteAvis
from registre.forms.commun import FormulaireSobre, TexteSur


class NouvelleFicheForm(FormulaireSobre):
    nom = TexteSur(label="Comment appelez-vous ce fichier\u202f?", required=True, max_length=200)


class AvisForm(FormulaireSobre):
    sens = forms.ChoiceField(label="Votre avis", choices=SensAvis.choices, widget=forms.RadioSelect)
    texte = TexteSur(label="Votre conseil", required=True, max_length=4000, lignes=5)
    reserves = TexteSur(
        label="Réserves",
        help_text="Une par ligne\u202f; seulement pour un avis favorable avec réserves.",
        max_length=4000,
        lignes=4,
    )

    def clean(self):
        donnees = super().clean()
        lignes = [ligne.strip() for ligne in donnees.get("reserves", "").splitlines() if ligne.strip()]
        donnees["reserves"] = lignes
        if donnees.get("sens") == SensAvis.RESERVES and not lignes:
            self.add_error("reserves", "Énoncez au moins une réserve, ou choisissez un avis favorable.")
        elif donnees.get("sens") and donnees["sens"] != SensAvis.RESERVES and lignes:
            self.add_error("reserves", "Ces réserves demandent l’avis «\u00a0Favorable avec réserves\u00a0».")
        return donnees


class DecisionForm(FormulaireSobre):
    """``geste`` : adopter ou renvoyer ; le motif s’impose quand l’avis manque ou n’est pas suivi."""

    geste = forms.ChoiceField(
        label="Votre décision",
        choices=[("adopter", "J’adopte cette fiche"), ("renvoyer", "Je la renvoie à compléter")],
        widget=forms.RadioSelect,
    )
    suite = forms.ChoiceField(
        label="Suivez-vous l’avis du DPD\u202f?",
        choices=[
            ("", "Choisir"),
            (SuiteAvis.SUIVI.value, "Oui, je suis l’avis"),
            (SuiteAvis.PARTIEL.value, "En partie"),
            (SuiteAvis.NON_SUIVI.value, "Non, je ne le suis pas"),
        ],
        required=False,
    )
    motif = TexteSur(
        label="Motif",
        help_text="Nécessaire pour ne pas suivre tout l’avis, ne pas l’attendre, ou renvoyer la fiche.",
        max_length=2000,
        lignes=3,
    )

    def __init__(self, *args, avec_avis: bool, complete: bool, attendu: bool = False, **kwargs):
        self.avec_avis, self.complete, self.attendu = avec_avis, complete, attendu
        super().__init__(*args, **kwargs)
        if not avec_avis:
            del self.fields["suite"]

    def clean(self):
        donnees = super().clean()
        motif = donnees.get("motif", "").strip()
        if donnees.get("geste") == "renvoyer":
            if not motif:
                self.add_error("motif", "Dites ce qu’il faut reprendre.")
            return donnees
        if self.avec_avis and not donnees.get("suite"):
            self.add_error("suite", "Dites si vous suivez l’avis du DPD.")
        if not motif and donnees.get("suite") in (SuiteAvis.PARTIEL, SuiteAvis.NON_SUIVI):
            self.add_error("motif", "Expliquez pourquoi vous ne suivez pas tout l’avis.")
        if not motif and (self.attendu or not self.avec_avis):
            self.add_error(
                "motif", "Le DPD n’a pas encore rendu son avis\u00a0: dites pourquoi vous n’attendez pas."
            )
        if not motif and not self.complete:
            self.add_error("motif", "La fiche est incomplète\u00a0: dites pourquoi vous l’adoptez ainsi.")
        return donnees


class MotifForm(FormulaireSobre):
    motif = TexteSur(label="Motif", required=True, max_length=1000, lignes=3)


class QuestionForm(FormulaireSobre):
    texte = TexteSur(label="Votre question au DPD", required=True, max_length=2000, lignes=3)


class ReponseForm(FormulaireSobre):
    reponse = TexteSur(label="Votre réponse", required=True, max_length=4000, lignes=4)


class ReserveForm(FormulaireSobre):
    comment = TexteSur(label="Ce qui a été fait", required=True, max_length=300)
