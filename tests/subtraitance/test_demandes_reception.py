"""Recevoir, qualifier, transmettre : les délais partent de la réception, et rien ne nomme le demandeur."""

from datetime import date, datetime, timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from post_office.models import Email

from dpd.comptes.enums import Role
from subtraitance.actions.demandes_reception import noter_lue, qualifier, recevoir, transmettre
from subtraitance.enums import CanalDemande, Droit, EtatDemande, RegimeDemande
from subtraitance.models import DemandeDroits, Transmission
from tests.conftest import creer_personne
from tests.subtraitance.fabriques_demandes import LUNDI, NOM, PARIS, RECUE, TEXTE, creer_demande

pytestmark = pytest.mark.django_db
ECHEANCE_48H = datetime(2026, 11, 24, 16, 30, tzinfo=PARIS)


def envoyer(demande, auteur, destinataires, maintenant=LUNDI, **dits):
    return transmettre(
        demande=demande, destinataires=destinataires, auteur=auteur, maintenant=maintenant, **dits
    )


def test_une_demande_recue_par_la_structure_a_ses_deux_horloges(collectivite, agent):
    demande = creer_demande(collectivite, agent)
    assert demande.numero == "2026-01"
    assert demande.echeance_transmission == ECHEANCE_48H
    assert (demande.echeance, demande.informer_avant) == (date(2026, 12, 21), date(2026, 12, 20))
    assert creer_demande(collectivite, agent).numero == "2026-02"


def test_recue_par_la_commune_elle_n_a_pas_de_48_heures(collectivite, referent):
    demande = creer_demande(collectivite, referent, par_la_structure=False)
    assert demande.echeance_transmission is None
    assert demande.horloge_transmission is None


def test_une_reception_dans_le_futur_se_refuse(collectivite, agent):
    with pytest.raises(ValidationError, match="futur"):
        creer_demande(collectivite, agent, recue_le=LUNDI + timedelta(minutes=1))
    assert not DemandeDroits.objects.exists()


def test_le_meme_formulaire_envoye_deux_fois_ne_fait_qu_une_demande(collectivite):
    jeton = uuid4()
    champs = {
        "collectivite": collectivite,
        "droits": [Droit.ACCES],
        "canal": CanalDemande.FORMULAIRE,
        "recue_le": RECUE,
        "maintenant": LUNDI,
        "jeton": jeton,
    }
    premiere, seconde = recevoir(**champs), recevoir(**champs)
    assert premiere.demande == seconde.demande
    assert premiere.jeton
    assert seconde.jeton == ""


def test_aucun_courriel_ne_dit_le_demandeur_ni_ses_mots(collectivite, agent, dpd, referent, decideur):
    demande = creer_demande(collectivite, agent)
    envoyer(demande, agent, [referent])
    courriels = list(Email.objects.all())
    assert len(courriels) == 4  # l’agent et le DPD ; puis la référente et le maire
    for courriel in courriels:
        assert NOM not in courriel.message + courriel.subject
        assert TEXTE not in courriel.message
    a_l_agent = Email.objects.get(to=agent.email)
    assert f"/c/{collectivite.siren}/demandes/2026-1/transmettre/" in a_l_agent.message
    assert "21\xa0décembre 2026" in a_l_agent.message
    assert "/demandes/2026-1/\n" in Email.objects.get(to=referent.email).message


def test_recue_par_la_commune_elle_previent_la_commune_et_le_dpd(
    collectivite, referent, decideur, dpd, agent
):
    creer_demande(collectivite, referent, par_la_structure=False)
    assert {courriel.to[0] for courriel in Email.objects.all()} == {referent.email, decideur.email, dpd.email}


@pytest.mark.parametrize(
    ("regime", "echeance"),
    [
        (RegimeDemande.CADA, date(2026, 12, 20)),
        (RegimeDemande.ETAT_CIVIL, None),
        (RegimeDemande.LISTE_ELECTORALE, None),
    ],
)
def test_un_autre_regime_a_son_propre_delai_ou_aucun(collectivite, agent, referent, regime, echeance):
    demande = creer_demande(collectivite, agent)
    qualifiee = qualifier(demande=demande, regime=regime, droits=[], auteur=agent, maintenant=LUNDI)
    assert (qualifiee.echeance, qualifiee.informer_avant, qualifiee.droits) == (echeance, None, [])
    assert qualifiee.etat == EtatDemande.RECUE
    envoyer(qualifiee, agent, [referent])
    message = Email.objects.get(to=referent.email).message
    assert "RGPD" not in message


def test_qualifier_en_rgpd_demande_un_droit(collectivite, agent):
    demande = creer_demande(collectivite, agent)
    with pytest.raises(ValidationError) as refus:
        qualifier(demande=demande, regime=RegimeDemande.RGPD, droits=[], auteur=agent, maintenant=LUNDI)
    assert "droits" in refus.value.error_dict


def test_l_agent_ne_qualifie_plus_une_fois_transmise(collectivite, agent, referent, dpd):
    demande = creer_demande(collectivite, agent)
    envoyer(demande, agent, [referent])
    with pytest.raises(ValidationError, match="rôle"):
        qualifier(
            demande=demande, regime=RegimeDemande.RGPD, droits=[Droit.ACCES], auteur=agent, maintenant=LUNDI
        )
    faite = qualifier(
        demande=demande,
        regime=RegimeDemande.RGPD,
        droits=[Droit.ACCES, Droit.EFFACEMENT],
        precision=" Dossier de cantine ",
        auteur=dpd,
        maintenant=LUNDI,
    )
    assert (faite.droits, faite.precision) == (["acces", "effacement"], "Dossier de cantine")


def test_transmettre_arrete_les_48_heures_et_met_le_maire_en_copie(collectivite, agent, referent, decideur):
    demande = creer_demande(collectivite, agent)
    transmission = envoyer(demande, agent, [referent], message=" Bonjour ")
    demande.refresh_from_db()
    assert (demande.etat, demande.transmise_le) == (EtatDemande.TRANSMISE, LUNDI)
    assert set(transmission.a) == {referent.email, decideur.email}
    assert (transmission.message, transmission.motif_retard) == ("Bonjour", "")


def test_renvoyee_dans_la_minute_elle_ne_part_qu_une_fois(collectivite, agent, dpd, referent):
    demande = creer_demande(collectivite, agent)
    premiere = envoyer(demande, agent, [referent])
    assert envoyer(demande, agent, [referent], LUNDI + timedelta(seconds=20)) == premiere
    with pytest.raises(ValidationError, match="déjà transmise"):
        envoyer(demande, dpd, [referent], LUNDI + timedelta(seconds=30))
    assert Transmission.objects.count() == 1
    assert Email.objects.filter(to=referent.email).count() == 1


def test_suspendue_avant_d_etre_transmise_elle_ne_l_est_qu_une_fois(collectivite, dpd, referent):
    demande = creer_demande(collectivite, dpd)
    DemandeDroits.objects.get(pk=demande.pk)
    demande.etat = EtatDemande.RECHERCHE
    demande.enregistrer(auteur=dpd, maintenant=LUNDI, raison="x")
    envoyer(demande, dpd, [referent])
    with pytest.raises(ValidationError, match="déjà transmise"):
        envoyer(demande, dpd, [referent], LUNDI + timedelta(hours=1))


def test_transmettre_avant_la_reception_se_refuse(collectivite, agent, referent):
    demande = creer_demande(collectivite, agent)
    with pytest.raises(ValidationError, match="après avoir été reçue"):
        envoyer(demande, agent, [referent], RECUE - timedelta(minutes=1))


def test_transmettre_demande_quelqu_un_de_la_collectivite(collectivite, voisine, agent, referent):
    demande = creer_demande(collectivite, agent)
    ailleurs = creer_personne("a@septfonds.example", "Aline", "Ailleurs", Role.REFERENT, voisine)
    for choisis, phrase in (([], "à qui"), ([ailleurs], "parmi"), ([referent, agent], "parmi")):
        with pytest.raises(ValidationError, match=phrase) as refus:
            envoyer(demande, agent, choisis)
        assert "destinataires" in refus.value.error_dict
    assert not Transmission.objects.exists()


def test_un_retard_se_motive_et_reste_ecrit(collectivite, agent, referent):
    demande = creer_demande(collectivite, agent)
    tard = ECHEANCE_48H + timedelta(minutes=1)
    with pytest.raises(ValidationError, match="48 heures") as refus:
        envoyer(demande, agent, [referent], tard, motif_retard=" ")
    assert "motif_retard" in refus.value.error_dict
    transmission = envoyer(demande, agent, [referent], tard, motif_retard="Absence de l’agent")
    assert transmission.motif_retard == "Absence de l’agent"


def test_ni_la_referente_ni_l_etranger_ne_transmettent(collectivite, agent, referent, etranger):
    demande = creer_demande(collectivite, agent)
    for personne in (referent, etranger):
        with pytest.raises(ValidationError, match="rôle"):
            envoyer(demande, personne, [referent])


def test_la_premiere_lecture_se_note_une_seule_fois(collectivite, agent, referent, decideur):
    demande = creer_demande(collectivite, agent)
    assert noter_lue(demande=demande, auteur=referent, maintenant=LUNDI).lue_le == LUNDI
    plus_tard = noter_lue(demande=demande, auteur=decideur, maintenant=LUNDI + timedelta(hours=1))
    assert plus_tard.lue_le == LUNDI
    assert demande.history.filter(history_change_reason="Demande lue").count() == 1


def test_une_demande_arrivee_un_vendredi_soir_en_guyane(structure, collectivite, agent):
    structure.territoire = collectivite.territoire = "guyane"
    structure.save()
    collectivite.save()
    cayenne = collectivite.fuseau
    recue = datetime(2026, 6, 5, 19, tzinfo=cayenne)
    demande = creer_demande(collectivite, agent, recue + timedelta(hours=1), recue_le=recue)
    assert demande.echeance_transmission == datetime(2026, 6, 9, 19, tzinfo=cayenne)


def test_une_demande_arrivee_le_jeudi_de_l_ascension(collectivite, agent):
    recue = datetime(2026, 5, 14, 11, tzinfo=PARIS)
    demande = creer_demande(collectivite, agent, recue + timedelta(hours=1), recue_le=recue)
    assert demande.echeance_transmission == datetime(2026, 5, 19, 0, 0, tzinfo=PARIS)
    assert demande.echeance == date(2026, 6, 15)
