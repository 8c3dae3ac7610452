"""Un répartiteur TCP : chaque connexion va à l’hôte suivant, ou à l’autre si celui-là ne répond pas.

Il ne rejoue rien : une connexion coupée en plein travail l’est aussi pour le client, comme derrière un vrai
répartiteur, qui ne peut pas savoir si un envoi a eu son effet.
"""

import asyncio
import threading
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from itertools import count

MORCEAU = 65_536  # octets
ATTENTE = 2.0  # secondes pour joindre un hôte
MUET = b"HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


class Repartiteur:
    """``ports`` : ceux des hôtes. ``actives``, ``servies`` : les connexions ouvertes et faites vers eux."""

    def __init__(self, ports: Sequence[int]) -> None:
        self.ports = list(ports)
        self.port = 0
        self.actives: Counter[int] = Counter()
        self.servies: Counter[int] = Counter()
        self._tour = count()
        self._taches: set[asyncio.Task[None]] = set()

    async def ouvrir(self) -> asyncio.Server:
        serveur = await asyncio.start_server(self._accueillir, "127.0.0.1", 0)
        self.port = serveur.sockets[0].getsockname()[1]
        return serveur

    def _accueillir(self, client: asyncio.StreamReader, retour: asyncio.StreamWriter) -> None:
        tache = asyncio.get_running_loop().create_task(self._relayer(client, retour))
        self._taches.add(tache)  # la boucle ne tient pas ses tâches : le ramasse-miettes les prendrait
        tache.add_done_callback(self._taches.discard)

    async def _relayer(self, client: asyncio.StreamReader, retour: asyncio.StreamWriter) -> None:
        trouve = await self._joindre()
        if trouve is None:
            retour.write(MUET)
            await fermer(retour)
            return
        port, hote, envoi = trouve
        self.actives[port] += 1
        self.servies[port] += 1
        try:
            await asyncio.gather(_copier(client, envoi), _copier(hote, retour))
        finally:
            self.actives[port] -= 1
            await fermer(envoi)
            await fermer(retour)

    async def _joindre(self) -> tuple[int, asyncio.StreamReader, asyncio.StreamWriter] | None:
        """L’hôte dont c’est le tour, sinon le premier qui répond ; rien si aucun ne répond."""
        premier = next(self._tour)
        for rang in range(len(self.ports)):
            port = self.ports[(premier + rang) % len(self.ports)]
            with suppress(OSError, asyncio.TimeoutError):
                return port, *await asyncio.wait_for(asyncio.open_connection("127.0.0.1", port), ATTENTE)
        return None


async def _copier(source: asyncio.StreamReader, but: asyncio.StreamWriter) -> None:
    """Jusqu’à la fin de la source, dont la fermeture se transmet ; une coupure coupe les deux sens."""
    try:
        while morceau := await source.read(MORCEAU):
            but.write(morceau)
            await but.drain()
        if but.can_write_eof():
            but.write_eof()
    except OSError:
        but.transport.abort()


async def fermer(flux: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        flux.close()
        await flux.wait_closed()


@contextmanager
def en_service(ports: Sequence[int]) -> Iterator[Repartiteur]:
    """Un répartiteur qui écoute sur cette machine, dans son propre fil, le temps du bloc."""
    repartiteur, boucle = Repartiteur(ports), asyncio.new_event_loop()
    serveur = boucle.run_until_complete(repartiteur.ouvrir())
    fil = threading.Thread(target=boucle.run_forever, daemon=True)
    fil.start()
    try:
        yield repartiteur
    finally:
        boucle.call_soon_threadsafe(serveur.close)
        boucle.call_soon_threadsafe(boucle.stop)
        fil.join(5)
        _abandonner(boucle)


def _abandonner(boucle: asyncio.AbstractEventLoop) -> None:
    restes = asyncio.all_tasks(boucle)
    for tache in restes:
        tache.cancel()
    if restes:
        boucle.run_until_complete(asyncio.wait(restes))
    boucle.close()
