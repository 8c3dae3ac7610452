"""Joindre une pièce, vérifier l’identité, répondre, rouvrir."""

from decimal import Decimal

from django import forms

from dpd.comptes.forms_gestes import ChampDate, ChampTexte, FormulaireDeGeste
from dpd.pieces.forms import ChampPiece
from subtraitance.actions.demandes_reponse import RESTREIGNENT, SANS_REPONSE, sans_recours
from subtraitance.enums import CanalDemande, Droit, SensReponse
from subtraitance.models import DemandeDroits
from subtraitance.regles.regimes import recours_de, suit_le_rgpd

A_INFORMER = frozenset({Droit.RECTIFICATION, Droit.EFFACEMENT, Droit.LIMITATION})
DONNE = frozenset({SensReponse.FAVORABLE, SensReponse.PARTIELLE})
OUI, NON, PERSONNE = "oui", "non", "personne"
HORS_LISTE = "Choisissez dans la liste."
SANS_PREUVE = "La charge de la preuve est à vous\u00a0: dites pourquoi (art. 12-5)."
SANS_MOTIF = "Un refus se motive\u00a0: dites pourquoi."
CONTESTER = "La réponse dit comment la contester"
SANS_ARTICLE_19 = "Répondez\u00a0: l’article 19 demande de prévenir ceux qui ont reçu ces données."


class PieceForm(FormulaireDeGeste):
    fichier = ChampPiece()
    libelle = ChampTexte(
        label="Ce que c’est",
        max_length=200,
        help_text="Sans nommer personne\u00a0: le registre garde ces mots, pas le nom du fichier.",
    )
    identite = forms.BooleanField(
        label="C’est une pièce d’identité.",
        required=False,
        help_text=(
            "Évitez d’en garder\u00a0: l’identité se prouve par tout moyen. Elle perd son nom ici, et sera "
            "détruite dès la vérification."
        ),
    )


class IdentiteForm(FormulaireDeGeste):
    oublis = {"comment": "Dites comment vous l’avez vérifiée."}

    le = ChampDate(label="Vérifiée le")
    comment = ChampTexte(
        label="Comment\u202f?",
        required=True,
        max_length=300,
        help_text="Par exemple\u00a0: rappel au numéro connu, réponse de son adresse habituelle, au guichet.",
    )


class RepondreForm(FormulaireDeGeste):
    """La réponse ; ``decide`` : le responsable, seul à refuser ou à réclamer des frais.

    Les champs d’un refus se déplient avec lui ; ce qui ne concerne pas le sens choisi est ignoré.
    """

    oublis = {"sens": "Dites ce que vous répondez.", "canal": "Dites par où elle est partie."}

    sens = forms.ChoiceField(
        label="Que répondez-vous\u202f?",
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": HORS_LISTE},
    )
    motif = ChampTexte(
        label="Motifs",
        lignes=3,
        max_length=4000,
        help_text="Pour un refus, même partiel, un excès ou des frais\u00a0: ceux que lit le demandeur.",
    )
    voies_de_recours = forms.BooleanField(label=CONTESTER, required=False)
    excessive = forms.BooleanField(
        label="La demande est manifestement infondée ou excessive.",
        required=False,
        help_text="La charge de la preuve est à vous (art. 12-5)\u00a0: motivez-le ci-dessus.",
    )
    frais = forms.DecimalField(
        label="Frais demandés, en euros",
        required=False,
        min_value=Decimal("0.01"),
        max_digits=7,
        decimal_places=2,
        localize=True,
        error_messages={
            "min_value": "Des frais ne sont ni nuls ni négatifs.",
            "invalid": "Écrivez un montant.",
        },
        help_text="C’est gratuit, sauf excès ou copie supplémentaire.",
    )
    texte = ChampTexte(
        label="La réponse, dans vos mots",
        lignes=8,
        max_length=20000,
        help_text="Elle est gardée au dossier telle quelle. Écrivez-la ici, ou joignez-la.",
    )
    fichier = ChampPiece(label="La réponse envoyée", required=False)
    envoyee_le = ChampDate(label="Envoyée le")
    canal = forms.ChoiceField(
        label="Par où\u202f?",
        choices=[(c, c.label) for c in CanalDemande if c != CanalDemande.FORMULAIRE],
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": HORS_LISTE},
    )
    informes = forms.ChoiceField(
        label="Ceux à qui ces données ont été données sont-ils prévenus\u202f?",
        choices=[
            (OUI, "Oui"),
            (PERSONNE, "Personne ne les avait reçues"),
            (NON, "Non\u00a0: impossible, ou trop d’efforts"),
        ],
        required=False,
        widget=forms.RadioSelect,
        help_text="À dire si vous rectifiez, effacez ou limitez (RGPD, art. 19).",
        error_messages={"invalid_choice": HORS_LISTE},
    )

    def __init__(self, *args, demande: DemandeDroits, decide: bool, **kwargs):
        self.decide, self.encore = decide, demande.repondue_le is not None
        self.rgpd, self.recours = suit_le_rgpd(demande.regime), recours_de(demande.regime)
        self.informe = self.rgpd and bool(A_INFORMER & set(demande.droits))
        self.sans_recours = sans_recours(demande)
        super().__init__(*args, **kwargs)
        permis = [s for s in SensReponse if decide or s not in RESTREIGNENT]
        self.fields["sens"].choices = [(s, s.label) for s in permis]
        for nom in self._interdits():
            del self.fields[nom]
        if decide and self.recours:
            self.fields["voies_de_recours"].label = f"{CONTESTER}\u00a0: {self.recours.resume}"
        self.fields["informes"].exige_parfois = True  # selon la suite donnée : ni exigé, ni facultatif
        if not self.informe:
            del self.fields["informes"]
        if not decide:
            self.fields[
                "motif"
            ].help_text = "Pour compléter une réponse, ou répondre malgré une question posée."

    def _interdits(self) -> tuple[str, ...]:
        """Seul le responsable refuse ; l’excès et les frais de l’article 12-5 sont du RGPD."""
        if not self.decide:
            return ("voies_de_recours", "excessive", "frais")
        return () if self.rgpd else ("excessive", "frais")

    def clean(self):
        dits = super().clean()
        sens, motif = dits.get("sens"), dits.get("motif", "").strip()
        if sens in RESTREIGNENT:
            self._refuser("motif", SANS_MOTIF, not motif)
            self._refuser("voies_de_recours", self.sans_recours, not dits.get("voies_de_recours"))
        elif dits.get("excessive") or dits.get("frais") is not None:
            self._refuser("motif", SANS_PREUVE, not motif)
        vide = not dits.get("texte", "").strip() and dits.get("fichier") is None
        self._refuser("texte", SANS_REPONSE, vide and "fichier" not in self.errors)
        if self.informe and sens in DONNE:
            self._refuser("informes", SANS_ARTICLE_19, not dits.get("informes"))
        return dits

    def _refuser(self, nom: str, phrase: str, manque: bool) -> None:
        if manque and nom not in self.errors:
            self.add_error(nom, phrase)

    def saisie(self) -> dict:
        """Ce que l’action attend."""
        dits = self.cleaned_data
        sens, informes = SensReponse(dits["sens"]), dits.get("informes", "")
        return {
            "sens": sens,
            "motif": dits["motif"],
            "voies_de_recours": bool(dits.get("voies_de_recours")),
            "excessive": bool(dits.get("excessive")),
            "frais": dits.get("frais"),
            "texte": dits["texte"],
            "fichier": dits["fichier"],
            "envoyee_le": dits["envoyee_le"],
            "canal": CanalDemande(dits["canal"]),
            "destinataires_informes": informes == OUI if informes in (OUI, NON) and sens in DONNE else None,
            "sans_destinataire": informes == PERSONNE and sens in DONNE,
        }


class CloreForm(FormulaireDeGeste):
    """Rien à saisir : on confirme."""


class RouvrirForm(FormulaireDeGeste):
    oublis = {"motif": "Dites pourquoi vous la rouvrez."}

    motif = ChampTexte(
        label="Pourquoi la rouvrir\u202f?",
        required=True,
        lignes=3,
        max_length=100,
        help_text="Ce motif reste dans la chronologie.",
    )
