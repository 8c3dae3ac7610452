"""Le départ d’une collectivité : où il en est, son archive, son attestation."""

import tempfile

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import FileResponse, Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST, require_safe

from dpd.comptes.acces import collectivite_ou_404
from dpd.comptes.entete import nom_de_fichier
from dpd.comptes.regles.capacites import Capacite
from dpd.comptes.sortie import rendre
from dpd.conventions.actions.depart import AU_JOURNAL, remettre
from dpd.conventions.departs import (
    departs_abandonnes,
    departs_de,
    derniere_convention,
    empechement,
    faits_de,
)
from dpd.conventions.exports.attestation import TITRE, attestation_de_restitution
from dpd.conventions.models import Depart
from dpd.conventions.regles.depart import GesteDepart, prochain, refus
from dpd.documents.reponse import SEUIL_EN_MEMOIRE
from dpd.documents.surete import nom_de_fichier as nom_sur
from dpd.pieces.enums import DomainePiece
from dpd.pieces.models import Piece
from dpd.pieces.regles.fichier import taille_lisible
from dpd.pilotage.depart.acces import collectivite_exportee, depart_ou_404, peut_conduire, peut_exporter
from dpd.pilotage.depart.archive import ecrire
from dpd.pilotage.depart.lecture import comptes_a_fermer, constatee_par, contenu_change, gestes, jalons
from dpd.regles.etiquette import Etiquette
from dpd.regles.typographie import compte

ONGLET = "convention"


@require_safe
def depart(request, siren):
    """Le départ en cours ou le dernier clos ; à défaut, de quoi l’ouvrir."""
    collectivite = collectivite_ou_404(request, siren, Capacite.LIRE_CONVENTION)
    jour = timezone.localdate(timezone.now(), collectivite.fuseau)
    convention = derniere_convention(collectivite)
    en_cours = departs_de(collectivite).first()
    a_ouvrir = en_cours is None or (convention is not None and convention.date_effet > _effet(en_cours))
    contexte = {
        "collectivite": collectivite,
        "onglet_actif": ONGLET,
        "convention": convention,
        "depart": en_cours,
        "jour": jour,
        "conduit": peut_conduire(request.acces, collectivite),
        "a_ouvrir": a_ouvrir,
        "empechement": empechement(convention, jour) if a_ouvrir else "",
        "abandonnes": departs_abandonnes(collectivite),
    }
    if en_cours is not None:
        contexte |= _detail(request, en_cours, jour)
    return render(request, "pilotage/depart.html", contexte)


def _effet(depart: Depart):
    return depart.convention.date_effet


def _detail(request, depart: Depart, jour) -> dict:
    collectivite, faits = depart.collectivite, faits_de(depart, jour)
    conduit, change = peut_conduire(request.acces, collectivite), contenu_change(depart)
    return {
        "faits": faits,
        "jalons": jalons(depart, faits),
        "gestes": gestes(depart, faits, request.acces, change=change),
        "abandonnable": conduit and not refus(GesteDepart.ABANDONNER, faits),
        "exporte": peut_exporter(request.acces, collectivite),
        "a_exporter": prochain(faits) == GesteDepart.EXPORTER,
        "change": change,
        "etat_change": Etiquette("Archive à refaire", "attention", "exclamation-octagon"),
        "taille": taille_lisible(depart.export_taille or 0),
        "constatee_par": constatee_par(depart) if depart.detruit_le else "",
        "pieces": Piece.objects.de(collectivite)
        .presentes()
        .filter(domaine=DomainePiece.DEPART)
        .pour_affichage(),
        "comptes": comptes_a_fermer(collectivite)
        if conduit or request.acces.peut(Capacite.GERER_COMPTES, collectivite)
        else [],
    }


@require_POST
def exporter(request, siren):
    """L’archive complète : écrite d’abord, notée, puis rendue ; jamais un fichier tronqué."""
    collectivite = collectivite_exportee(request, siren)
    actuel, maintenant = depart_ou_404(collectivite), timezone.now()
    jour = timezone.localdate(maintenant, collectivite.fuseau)
    if phrases := refus(GesteDepart.EXPORTER, faits_de(actuel, jour)):
        messages.error(request, " ".join(phrases))
        return redirect("pilotage:depart", siren)
    change = contenu_change(actuel)
    tampon = tempfile.SpooledTemporaryFile(SEUIL_EN_MEMOIRE)  # noqa: SIM115 — fermé par la réponse
    try:
        bilan = ecrire(actuel, tampon)
        remettre(
            depart=actuel,
            empreinte=bilan.empreinte,
            taille=bilan.taille,
            change=change,
            auteur=request.user,
            maintenant=maintenant,
            request=request,
        )
    except ValidationError as refus_tardif:
        tampon.close()
        messages.error(request, " ".join(refus_tardif.messages))
        return redirect("pilotage:depart", siren)
    except BaseException:
        tampon.close()
        raise
    if bilan.perdues:
        manquent = compte(bilan.perdues, "pièce manque", "pièces manquent")
        messages.warning(
            request, f"{manquent} à l’archive, ou n’y est plus intacte\u00a0: lisez LISEZMOI.txt."
        )
    nom = nom_sur(nom_de_fichier("archive", collectivite, maintenant), "zip")
    return FileResponse(tampon, as_attachment=True, filename=nom, content_type="application/zip")


@require_GET
def attestation(request, siren):
    """L’attestation de restitution, en PDF ; elle ne dit rien du contenu du registre."""
    collectivite = collectivite_ou_404(request, siren, Capacite.LIRE_CONVENTION)
    actuel, maintenant = depart_ou_404(collectivite), timezone.now()
    if actuel.exporte_le is None:
        raise Http404
    par = constatee_par(actuel) if actuel.detruit_le else ""
    return rendre(
        request,
        collectivite,
        attestation_de_restitution(actuel, constatee_par=par, maintenant=maintenant),
        "pdf",
        nom=nom_de_fichier(TITRE, collectivite, maintenant),
        detail=f"{AU_JOURNAL}attestation de restitution",
        maintenant=maintenant,
    )
