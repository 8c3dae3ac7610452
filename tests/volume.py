"""Porter un petit monde à dix puis à deux cents lignes partout, sans repasser par les gestes."""

from copy import copy
from dataclasses import dataclass, replace
from typing import Any

from django.contrib.auth.models import Permission

from dpd.accompagnement.enums import SensAvis
from dpd.accompagnement.models import Avis, Question, Reserve
from dpd.comptes.enums import FonctionContact, NatureAcces, Role, TypeCollectivite
from dpd.comptes.models import (
    Collectivite,
    CollectiviteUserObjectPermission,
    Commune,
    Contact,
    Invitation,
    JournalAcces,
    Structure,
    StructureUserObjectPermission,
    Utilisateur,
)
from registre import actions
from registre.ecriture import deduire
from registre.enums import EtatVersion
from registre.models import ModeleTraitement, QuestionFiche, Traitement, VersionModele, VersionTraitement
from tests.registre.regles.fiches import CANTINE


def referentiel(rangs):
    """Une commune du référentiel par rang, de code 01000 à 01999."""
    communes = [Commune(code_insee=f"01{r:03}", nom=f"Volumère {r:03}", departement="82") for r in rangs]
    for commune in communes:
        commune.source, commune.millesime, commune.population_totale = "INSEE, essai", 2022, 105
        commune.population_municipale = 100
        commune.indexer()
    Commune.objects.bulk_create(communes)


def collectivites_de(structure, rangs, *, type=TypeCollectivite.SYNDICAT, code_insee="", **trace):
    """Un organisme par rang dans le portefeuille ; ``{}`` dans ``code_insee`` vaut le rang."""
    return Collectivite.objects.creer_en_masse(
        [
            Collectivite(
                structure=structure,
                type=type,
                nom=f"Syndicat {rang:03}",
                denomination=f"Syndicat {rang:03}",
                siren=f"{900000000 + rang}",
                code_insee=code_insee.format(rang),
                recherche=f"syndicat {rang:03}",
            )
            for rang in rangs
        ],
        **trace,
    )


def registres_de(collectivites, *, fiches, modele=None, **trace):
    """Dans chaque collectivité, tant de brouillons, tirés d’un modèle s’il est dit."""
    traitements = Traitement.objects.creer_en_masse(
        [
            Traitement(collectivite=c, reference=rang, cree_le=trace["maintenant"], modele=modele)
            for c in collectivites
            for rang in range(1, fiches + 1)
        ],
        **trace,
    )
    versions = [
        VersionTraitement(
            collectivite=traitement.collectivite,
            traitement=traitement,
            numero=1,
            cree_le=trace["maintenant"],
            modifie_le=trace["maintenant"],
            modifie_par=trace["auteur"],
        )
        for traitement in traitements
    ]
    for version in versions:
        deduire(version, replace(CANTINE, nom=f"Fiche {version.traitement.reference}"))
    return VersionTraitement.objects.creer_en_masse(versions, **trace)


@dataclass
class Volume:
    """``porter_a(n)`` complète chaque liste jusqu’à ``n`` lignes ; ``n`` ne fait que croître.

    ``fiche`` est une version adoptée, ``modele`` une version de modèle publiée : leurs propres lignes
    (réserves, questions, historique, versions) croissent aussi.
    """

    collectivite: Any
    structure: Any
    auteur: Any
    maintenant: Any
    fiche: Any
    modele: Any
    deja: int = 0

    @property
    def trace(self):
        return {"auteur": self.auteur, "maintenant": self.maintenant, "raison": "Essai"}

    def porter_a(self, n: int) -> None:
        rangs = range(self.deja, n)
        self._registre(rangs)
        self._une_fiche(rangs)
        self._personnes(rangs)
        self._portefeuille(rangs)
        self._modeles(rangs)
        self.deja = n

    def _registre(self, rangs):
        """Des fiches dans quatre états, chacune avec une question ouverte."""
        fiches = [(replace(CANTINE, nom=f"Fiche {r:03}", service=f"Service {r}"), None) for r in rangs]
        versions = actions.creer_fiches(collectivite=self.collectivite, fiches=fiches, **self.trace)
        avis = self._creer(Avis, [self._avis() for _ in versions])
        for rang, (version, sien) in enumerate(zip(versions, avis, strict=True)):
            _avancer(version, rang % 4, sien, self)
        champs = ["etat", "transmise_le", "avis", "attend_depuis", "adoptee_le", "adoptee_par"]
        champs += ["relire_avant", "manquantes"]
        VersionTraitement.objects.modifier_en_masse(versions, champs, **self.trace)
        self._questions(versions)

    def _avis(self):
        return Avis(
            collectivite=self.collectivite,
            sens=SensAvis.FAVORABLE,
            texte="x",
            rendu_par=self.auteur,
            rendu_le=self.maintenant,
        )

    def _creer(self, modele, objets):
        return modele.objects.creer_en_masse(objets, **self.trace)

    def _questions(self, versions, champ="libre.0", **reponse):
        questions = self._creer(
            Question,
            [
                Question(
                    collectivite=self.collectivite,
                    objet=f"Question {rang}",
                    texte="Combien de temps ?",
                    posee_par=self.auteur,
                    posee_le=self.maintenant,
                    **reponse,
                )
                for rang, _ in enumerate(versions)
            ],
        )
        QuestionFiche.objects.bulk_create(
            QuestionFiche(
                collectivite=self.collectivite,
                version=version,
                champ=f"{champ}.{question.pk}",
                question=question,
            )
            for version, question in zip(versions, questions, strict=True)
        )

    def _une_fiche(self, rangs):
        """Sur une même fiche : réserves levées, questions répondues, versions remplacées, historique."""
        fiche = self.fiche
        reserves = [
            Reserve(
                collectivite=self.collectivite,
                avis=fiche.avis,
                ordre=100 + r,
                texte=f"Réserve {r}",
                levee_le=self.maintenant.date(),
                levee_par=self.auteur,
            )
            for r in rangs
        ]
        self._creer(Reserve, reserves)
        reponse = {"reponse": "Cinq ans.", "repondue_par": self.auteur, "repondue_le": self.maintenant}
        self._questions([fiche] * len(rangs), champ="libre.1", **reponse)
        anciennes = [
            VersionTraitement(
                collectivite=self.collectivite,
                traitement=fiche.traitement,
                numero=100 + r,
                etat=EtatVersion.REMPLACEE,
                est_courante=False,
                contenu={**fiche.contenu, "service": f"Service {r}"},
                nom=fiche.nom,
                empreinte="0" * 64,
                adoptee_par=self.auteur,
                adoptee_le=self.maintenant,
                cree_le=self.maintenant,
                modifie_le=self.maintenant,
                modifie_par=self.auteur,
            )
            for r in rangs
        ]
        self._creer(VersionTraitement, anciennes)

    def _personnes(self, rangs):
        """Comptes habilités partout, invitations, contacts, journal et historique des deux lieux."""
        gens = Utilisateur.objects.bulk_create(
            Utilisateur(email=f"v{r}@volume.example", first_name="Vol", last_name=f"Ume {r}") for r in rangs
        )
        for table, lieu, role in (
            (CollectiviteUserObjectPermission, self.collectivite, Role.DECIDEUR),
            (StructureUserObjectPermission, self.structure, Role.AGENT),
        ):
            droit = Permission.objects.get(codename=f"role_{role.value}")
            table.objects.bulk_create(table(user=p, permission=droit, content_object=lieu) for p in gens)
        portees = (("collectivite", self.collectivite), ("structure", self.structure))
        self._creer(Invitation, [self._invitation(r, **{nom: lieu}) for r in rangs for nom, lieu in portees])
        self._creer(Contact, [self._contact(r) for r in rangs])
        JournalAcces.objects.bulk_create(
            JournalAcces(quand=self.maintenant, nature=NatureAcces.EXPORT, utilisateur=p, **{nom: lieu})
            for p in gens
            for nom, lieu in portees
        )
        etats = [copy(self.collectivite) for _ in rangs]
        for rang, etat in zip(rangs, etats, strict=True):
            etat.telephone = f"05 {rang}"
        Collectivite.history.bulk_history_create(etats, default_user=self.auteur, update=True)

    def _invitation(self, rang, **portee):
        role = Role.LECTEUR if "collectivite" in portee else Role.AGENT
        return Invitation(
            courriel=f"i{rang}@volume.example",
            role=role,
            condensat=f"{rang}{role.value}",
            invite_par=self.auteur,
            cree_le=self.maintenant,
            expire_le=self.maintenant,
            **portee,
        )

    def _contact(self, rang):
        return Contact(
            collectivite=self.collectivite,
            fonction=FonctionContact.INFORMATIQUE,
            nom=f"Contact {rang}",
            depuis=self.maintenant.date(),
        )

    def _portefeuille(self, rangs):
        """Des organismes de la même commune, une fiche dans chacun, l’auteur lecteur de tous."""
        code = self.collectivite.code_insee
        communes = collectivites_de(self.structure, rangs, code_insee=code, **self.trace)
        droit = Permission.objects.get(codename="role_lecteur")
        CollectiviteUserObjectPermission.objects.bulk_create(
            CollectiviteUserObjectPermission(user=self.auteur, permission=droit, content_object=c)
            for c in communes
        )
        registres_de(communes, fiches=1, modele=self.modele, **self.trace)
        self._creer(Structure, [Structure(nom=f"Maison {r}", siren=f"{800000000 + r}") for r in rangs])
        referentiel(rangs)

    def _modeles(self, rangs):
        """Des modèles publiés ; et, pour un même modèle, des versions dépassées."""
        modeles = ModeleTraitement.objects.bulk_create(
            ModeleTraitement(
                structure=self.structure, code=f"volume-{r}", domaine=f"Domaine {r}", entites="|commune|"
            )
            for r in rangs
        )
        VersionModele.objects.bulk_create(
            [self._version_de(m, 1, f"Modèle {m.pk}", True) for m in modeles]
            + [self._version_de(self.modele.modele, 100 + r, f"Ancienne {r}", False) for r in rangs]
        )

    def _version_de(self, modele, numero, nom, courante):
        source = self.modele
        return VersionModele(
            modele=modele,
            numero=numero,
            nom=nom,
            etat="publie",
            est_courante=courante,
            publiee_par=self.auteur,
            publiee_le=self.maintenant,
            contenu=source.contenu,
            durees=source.durees,
            sources=source.sources,
        )


def _avancer(version, pas, avis, volume):
    """Brouillon incomplet, transmise, avis rendu ou adoptée à relire."""
    if pas == 0:
        version.manquantes = "f"
        return
    version.etat, version.transmise_le = EtatVersion.TRANSMISE, volume.maintenant
    version.attend_depuis = volume.maintenant if pas < 3 else None
    if pas >= 2:
        version.etat, version.avis = EtatVersion.AVIS_RENDU, avis
    if pas == 3:
        version.etat, version.relire_avant = EtatVersion.ADOPTEE, volume.maintenant.date()
        version.adoptee_le, version.adoptee_par = volume.maintenant, volume.auteur
