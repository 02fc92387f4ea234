"""Where pictures and voice notes lie: under an id, outside everything that a web server serves by itself.

In: a URL, folder:///absolute/path or s3://key:secret@host/bucket.  Out: a PhotoStore.
"""

from pathlib import Path
from typing import Protocol
from urllib.parse import urlsplit

JPEG, SPEECH = "jpg", "m4a"  # endings, which name the kind
TYPES = {JPEG: "image/jpeg", SPEECH: "audio/mp4"}


class PhotoStore(Protocol):
    """Ids are UUIDs in their usual spelling.  Every method raises TryLater when the store is away."""

    def put(self, file_id: str, content: bytes, ending: str = JPEG) -> None:
        """Durable when it returns; the same id again replaces."""

    def get(self, file_id: str, ending: str = JPEG) -> bytes | None: ...

    def delete(self, file_id: str, ending: str = JPEG) -> None:
        """One that is not there is fine."""


def open_photo_store(url: str) -> PhotoStore:
    """Opens nothing yet."""
    if url.startswith("s3://"):
        from collector.photostore.bucket import Bucket

        return Bucket.at(url)
    from collector.photostore.folder import Folder

    return Folder(Path(urlsplit(url).path))
