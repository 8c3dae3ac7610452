"""Les étapes dans l’ordre où on les parcourt ; la septième relit et transmet."""

from registre.forms.destinataires import EtapeDestinataires
from registre.forms.donnees import EtapeDonnees
from registre.forms.personnes import EtapePersonnes
from registre.forms.pourquoi import EtapePourquoi
from registre.forms.securite import EtapeSecurite
from registre.forms.transferts import EtapeTransferts

ETAPES = {
    etape.numero: etape
    for etape in (
        EtapePourquoi,
        EtapePersonnes,
        EtapeDonnees,
        EtapeDestinataires,
        EtapeTransferts,
        EtapeSecurite,
    )
}
RELECTURE = 7
# Ce que chaque étape remplit de l’article 30-1.
LETTRES = {1: "ab", 2: "c", 3: "cf", 4: "d", 5: "e", 6: "g"}
TITRES = {numero: etape.court for numero, etape in ETAPES.items()} | {RELECTURE: "Relire et transmettre"}
