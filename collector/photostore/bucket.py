"""Pictures and voice notes in an S3-compatible bucket."""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import parse_qs, unquote, urlsplit

import urllib3
from minio import Minio
from minio.error import MinioException, S3Error

from collector.errors import TryLater
from collector.photostore import TYPES

CONNECT, READ = 3.0, 10.0  # seconds
MISSING = ("NoSuchKey", "NoSuchObject")


class Bucket:
    def __init__(self, client: Minio, name: str) -> None:
        self._client, self._name = client, name

    @classmethod
    def at(cls, url: str) -> "Bucket":
        """s3://key:secret@host[:port]/bucket[?region=…][&tls=0]; the bucket must exist."""
        parts = urlsplit(url)
        options = parse_qs(parts.query)
        client = Minio(
            parts.netloc.rpartition("@")[2],
            access_key=unquote(parts.username or ""),
            secret_key=unquote(parts.password or ""),
            secure=options.get("tls") != ["0"],
            region=options.get("region", ["us-east-1"])[0],
            http_client=urllib3.PoolManager(timeout=urllib3.Timeout(CONNECT, READ), retries=1),
        )
        return cls(client, parts.path.strip("/"))

    def put(self, file_id: str, content: bytes, ending: str = "jpg") -> None:
        with _fate():
            self._client.put_object(
                self._name,
                f"{file_id}.{ending}",
                io.BytesIO(content),
                len(content),
                content_type=TYPES[ending],
            )

    def get(self, file_id: str, ending: str = "jpg") -> bytes | None:
        try:
            with _fate():
                answer = self._client.get_object(self._name, f"{file_id}.{ending}")
                try:
                    return bytes(answer.read())
                finally:
                    answer.close()
                    answer.release_conn()
        except _Missing:
            return None

    def delete(self, file_id: str, ending: str = "jpg") -> None:
        with _fate():
            self._client.remove_object(self._name, f"{file_id}.{ending}")


class _Missing(Exception):
    pass


@contextmanager
def _fate() -> Iterator[None]:
    try:
        yield
    except S3Error as error:
        if error.code in MISSING:
            raise _Missing from error
        raise TryLater(f"photos: {error.code}") from error  # its text may repeat the request with its key
    except (MinioException, urllib3.exceptions.HTTPError) as error:
        raise TryLater(f"photos: the bucket cannot be reached: {type(error).__name__}") from error
