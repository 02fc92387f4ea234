"""Pictures in a folder: one file each, complete or not there."""

import os
import tempfile
from contextlib import suppress
from pathlib import Path

from collector.errors import TryLater


class Folder:
    def __init__(self, root: Path) -> None:
        self._root = root

    def put(self, photo_id: str, jpeg: bytes) -> None:
        place = self._place(photo_id)
        try:
            place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            with tempfile.NamedTemporaryFile(dir=place.parent, delete=False) as file:
                file.write(jpeg)
                file.flush()
                os.fsync(file.fileno())
            Path(file.name).replace(place)
        except OSError as error:
            raise TryLater(f"photos: {place.parent}: {error.strerror}") from error

    def get(self, photo_id: str) -> bytes | None:
        try:
            return self._place(photo_id).read_bytes()
        except FileNotFoundError:
            return None
        except OSError as error:
            raise TryLater(f"photos: {error.strerror}") from error

    def delete(self, photo_id: str) -> None:
        with suppress(FileNotFoundError):
            self._place(photo_id).unlink()

    def _place(self, photo_id: str) -> Path:
        """256 folders, so that none gets slow."""
        return self._root / photo_id[:2] / f"{photo_id}.jpg"
