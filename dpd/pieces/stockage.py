"""Les pièces sur un stockage S3 que plusieurs machines partagent : privées, jamais écrasées.

Tout ce qui manque ou échoue s’y dit comme sur un disque (``FileNotFoundError``, ``OSError``) : le reste de
l’application ne sait pas où sont les fichiers. Une pièce n’a pas d’adresse publique ; elle se rend par une
vue qui vérifie les droits.
"""

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

from boto3.exceptions import Boto3Error
from boto3.s3.transfer import TransferConfig
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from storages.backends.s3 import S3Storage

EN_MEMOIRE = 1_000_000  # octets d’une pièce qu’on lit ; au-delà, elle passe par un fichier temporaire
SANS_TYPE = {"ContentType": "application/octet-stream"}  # le type vrai est en base, pas celui du navigateur


@contextmanager
def comme_un_disque(nom: str) -> Iterator[None]:
    """:raises OSError: à la place d’une erreur du client S3 ; ``FileNotFoundError`` si le fichier manque."""
    try:
        yield
    except ClientError as erreur:
        if erreur.response["ResponseMetadata"]["HTTPStatusCode"] == 404:
            raise FileNotFoundError(errno.ENOENT, "absent du seau", nom) from erreur
        raise OSError(
            errno.EIO, f"le stockage S3 refuse ({erreur.response['Error']['Code']})", nom
        ) from erreur
    except (BotoCoreError, Boto3Error) as erreur:
        raise OSError(errno.EIO, f"le stockage S3 ne répond pas ({type(erreur).__name__})", nom) from erreur


class StockageS3(S3Storage):
    """Le seau, son adresse, sa région et ses clés viennent des réglages.

    Signature v4, droits privés du seau, adresses en chemin : ce que tous les serveurs compatibles savent.
    """

    def __init__(self, **options) -> None:
        super().__init__(**options)
        self._partage, self._verrou = None, Lock()

    def get_default_settings(self) -> dict:
        return {
            **super().get_default_settings(),
            "file_overwrite": False,
            "default_acl": None,
            "object_parameters": SANS_TYPE,
            "max_memory_size": EN_MEMOIRE,
            "transfer_config": TransferConfig(use_threads=False),
            "client_config": Config(
                signature_version="s3v4",
                s3={"addressing_style": "path"},
                connect_timeout=5,
                read_timeout=30,
                retries={"mode": "standard", "total_max_attempts": 3},
                # Bien des serveurs compatibles refusent les sommes que le client ajoute de lui-même ; la
                # signature porte déjà celle du contenu.
                request_checksum_calculation="when_required",
                response_checksum_validation="when_required",
            ),
        }

    @property
    def connection(self):
        """Une seule pour tous les fils : en ouvrir une lit des mégaoctets de descriptions."""
        with self._verrou:
            if self._partage is None:
                self._partage = super().connection
        return self._partage

    def _open(self, name, mode="rb"):
        with comme_un_disque(name):
            fichier = super()._open(name, mode)
            if "r" in mode:
                fichier.open(mode)  # lu ici : une panne se dit avant que la réponse ait commencé
        return fichier

    def _save(self, name, content):
        with comme_un_disque(name):
            return super()._save(name, content)

    def delete(self, name):
        with comme_un_disque(name):
            super().delete(name)

    def exists(self, name):
        with comme_un_disque(name):
            return super().exists(name)

    def listdir(self, name):
        with comme_un_disque(name):
            return super().listdir(name)

    def size(self, name):
        with comme_un_disque(name):
            return super().size(name)

    def get_modified_time(self, name):
        with comme_un_disque(name):
            return super().get_modified_time(name)

    def url(self, name, parameters=None, expire=None, http_method=None):
        raise ValueError("Une pièce n’a pas d’adresse publique : elle se rend par sa vue.")
