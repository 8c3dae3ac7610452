"""L’avis du DPD, et les deux réponses du responsable de traitement."""

from typing import Any

from django import forms

from dpd.comptes.forms_collectivites import ChampDate, Formulaire
from violations.actions import Reponse
from violations.actions.decisions import PUBLICS
from violations.enums import (
    GraviteCnil,
    MotifSansInformation,
    MoyenInformation,
    Question,
    Risque,
)
from violations.forms.saisie_commun import ChampTexte

OUI, NON = "oui", "non"
OUI_NON = ((OUI, "Oui"), (NON, "Non"))
SANS_CHANGEMENT = "Rien ne change\u00a0: vos réponses sont déjà celles-là."
MOTIF_ATTENDU = "Dites pourquoi\u00a0: ce motif reste au registre des violations."


class ChampOuiNon(forms.ChoiceField):
    """Oui ou non, jamais supposé."""

    def __init__(self, **options):
        options.setdefault("error_messages", {"invalid_choice": "Répondez par oui ou par non."})
        super().__init__(choices=OUI_NON, widget=forms.RadioSelect, **options)


class AvisForm(Formulaire, forms.Form):
    """Le conseil du DPD ; ``apres_decision`` : le responsable a tranché, un nouvel avis se motive."""

    risque = forms.ChoiceField(
        label="Quel est le risque pour les personnes\u202f?", choices=Risque.choices, widget=forms.RadioSelect
    )
    gravite = forms.ChoiceField(
        label="Quelle en est la gravité\u202f?",
        choices=GraviteCnil.choices,
        widget=forms.RadioSelect,
        help_text="L’échelle de la CNIL. Elle éclaire la décision, elle ne la remplace pas.",
    )
    conseil_notifier = ChampOuiNon(label="Conseillez-vous de notifier la CNIL\u202f?")
    conseil_informer = ChampOuiNon(label="Conseillez-vous d’informer les personnes\u202f?")
    raisons = ChampTexte(
        label="Pourquoi\u202f?", required=True, lignes=5, max_length=4000, help_text="Une raison par ligne."
    )
    sait = ChampTexte(label="Ce que l’on sait", lignes=3, max_length=2000)
    ignore = ChampTexte(label="Ce que l’on ignore encore", lignes=3, max_length=2000)
    motif = ChampTexte(
        label="Pourquoi un nouvel avis\u202f?",
        required=True,
        max_length=100,
        help_text="Le responsable a déjà décidé\u00a0: votre nouvel avis lui rend la question.",
    )

    def __init__(self, *args, apres_decision: bool, **kwargs):
        super().__init__(*args, **kwargs)
        if not apres_decision:
            del self.fields["motif"]

    def saisie(self) -> dict[str, Any]:
        """Les champs tels que l’action les attend."""
        dits = self.cleaned_data
        return dits | {nom: dits[nom] == OUI for nom in ("conseil_notifier", "conseil_informer")}


class DecisionForm(Formulaire, forms.Form):
    """Les deux questions du responsable. Le motif d’un non, et la raison de l’article 34, s’imposent.

    :param courantes: les décisions en vigueur, par question ; elles pré-remplissent le formulaire.
    :param revenir: il a déjà tranché ; seul ce qui change est repris, avec un motif.
    :param notifiee: la CNIL l’est déjà, la première question ne se pose plus.
    """

    # Un motif ne s’impose qu’à un non : le dire facultatif tromperait qui vient de le choisir.
    tout_facultatif = True

    notifier = ChampOuiNon(label="Notifier cette violation à la CNIL\u202f?")
    notifier_motif = ChampTexte(label="Motif, conservé au registre des violations", lignes=3, max_length=2000)
    informer = ChampOuiNon(label="Informer les personnes\u202f?")
    informer_moyen = forms.ChoiceField(
        label="Par quel moyen\u202f?",
        choices=[("", "À choisir plus tard"), *MoyenInformation.choices],
        required=False,
    )
    prevue_le = ChampDate(label="Quel jour\u202f?", required=False)
    motif_34 = forms.ChoiceField(
        label="Pour quelle raison\u202f?",
        choices=[("", "Choisir"), *MotifSansInformation.choices],
        required=False,
    )
    communication = forms.ChoiceField(
        label="Quelle communication publique\u202f?",
        choices=[("", "Aucune"), *((m.value, m.label) for m in MoyenInformation if m in PUBLICS)],
        required=False,
        help_text="Elle remplace l’information de chacun quand celle-ci demanderait des efforts démesurés.",
    )
    informer_motif = ChampTexte(label="Motif, conservé au registre des violations", lignes=3, max_length=2000)
    motif = ChampTexte(
        label="Pourquoi revenez-vous sur votre décision\u202f?", required=True, lignes=2, max_length=500
    )

    def __init__(self, *args, courantes: dict, revenir: bool = False, notifiee: bool = False, **kwargs):
        self.courantes, self.revenir, self.notifiee = courantes, revenir, notifiee
        kwargs.setdefault("initial", _initiales(courantes))
        super().__init__(*args, **kwargs)
        for nom in ("notifier", "notifier_motif") if notifiee else ():
            del self.fields[nom]
        if not revenir:
            del self.fields["motif"]

    @property
    def suite_notifier_non(self) -> list[forms.BoundField]:
        """Ce que demande un non à la première question."""
        return [self["notifier_motif"]]

    @property
    def suite_informer_oui(self) -> list[forms.BoundField]:
        return [self["informer_moyen"], self["prevue_le"]]

    @property
    def suite_informer_non(self) -> list[forms.BoundField]:
        return [self["motif_34"], self["communication"], self["informer_motif"]]

    def clean(self):
        dits = super().clean()
        if dits.get("notifier") == NON and not dits.get("notifier_motif", "").strip():
            self._refuser("notifier_motif", MOTIF_ATTENDU)
        if dits.get("informer") == NON:
            self._controler_le_refus_d_informer(dits)
        if self.revenir and not self.errors and not self.reponses():
            self.add_error(None, SANS_CHANGEMENT)
        return dits

    def _controler_le_refus_d_informer(self, dits) -> None:
        if not dits.get("motif_34"):
            self._refuser("motif_34", "Choisissez la raison, parmi celles de l’article 34.")
        elif dits["motif_34"] == MotifSansInformation.EFFORTS and not dits.get("communication"):
            self._refuser("communication", "L’article 34-3 c demande alors une communication publique.")
        if not dits.get("informer_motif", "").strip():
            self._refuser("informer_motif", MOTIF_ATTENDU)

    def _refuser(self, nom: str, phrase: str) -> None:
        if nom not in self.errors:
            self.add_error(nom, phrase)

    def reponses(self) -> dict[Question, Reponse]:
        """Ce que l’action attend ; en revenant sur une décision, seulement ce qui change."""
        toutes = {Question.INFORMER: self._informer()}
        if not self.notifiee:
            toutes = {Question.NOTIFIER: self._notifier(), **toutes}
        if not self.revenir:
            return toutes
        return {q: r for q, r in toutes.items() if r != _reponse(self.courantes.get(q))}

    def _notifier(self) -> Reponse:
        dits = self.cleaned_data
        oui = dits["notifier"] == OUI
        return Reponse(oui, "" if oui else dits["notifier_motif"].strip())

    def _informer(self) -> Reponse:
        """Seuls les champs de la réponse choisie comptent : les autres sont ceux d’une carte repliée."""
        dits = self.cleaned_data
        if dits["informer"] == OUI:
            moyen = dits["informer_moyen"]
            return Reponse(
                True, moyen=MoyenInformation(moyen) if moyen else None, prevue_le=dits["prevue_le"]
            )
        motif_34 = MotifSansInformation(dits["motif_34"])
        publique = motif_34 == MotifSansInformation.EFFORTS
        return Reponse(
            False,
            dits["informer_motif"].strip(),
            motif_34,
            MoyenInformation(dits["communication"]) if publique else None,
        )


def _reponse(decision) -> Reponse | None:
    """La réponse qui fut enregistrée, telle qu’on la redirait."""
    if decision is None:
        return None
    return Reponse(
        decision.reponse,
        decision.motif,
        MotifSansInformation(decision.motif_34) if decision.motif_34 else None,
        MoyenInformation(decision.moyen) if decision.moyen else None,
        decision.prevue_le,
    )


def _initiales(courantes: dict) -> dict[str, Any]:
    notifier, informer = courantes.get(Question.NOTIFIER), courantes.get(Question.INFORMER)
    initiales: dict[str, Any] = {}
    if notifier:
        initiales |= {"notifier": OUI if notifier.reponse else NON, "notifier_motif": notifier.motif}
    if informer:
        oui = informer.reponse
        initiales |= {
            "informer": OUI if oui else NON,
            "informer_moyen": informer.moyen if oui else "",
            "prevue_le": informer.prevue_le,
            "motif_34": informer.motif_34,
            "communication": "" if oui else informer.moyen,
            "informer_motif": informer.motif,
        }
    return initiales
