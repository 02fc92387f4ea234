"""Where pictures lie: under an id, outside everything that a web server serves by itself.

In: a URL, folder:///absolute/path or s3://key:secret@host/bucket.  Out: a PhotoStore.
"""

from pathlib import Path
from typing import Protocol
from urllib.parse import urlsplit


class PhotoStore(Protocol):
    """Ids are UUIDs in their usual spelling.  Every method raises TryLater when the store is away."""

    def put(self, photo_id: str, jpeg: bytes) -> None:
        """Durable when it returns; the same id again replaces."""

    def get(self, photo_id: str) -> bytes | None: ...

    def delete(self, photo_id: str) -> None:
        """One that is not there is fine."""


def open_photo_store(url: str) -> PhotoStore:
    """Opens nothing yet."""
    if url.startswith("s3://"):
        from collector.photostore.bucket import Bucket

        return Bucket.at(url)
    from collector.photostore.folder import Folder

    return Folder(Path(urlsplit(url).path))
