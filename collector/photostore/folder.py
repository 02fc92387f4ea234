"""Pictures and voice notes in a folder: one file each, complete or not there."""

import os
import tempfile
from contextlib import suppress
from pathlib import Path

from collector.errors import TryLater


class Folder:
    def __init__(self, root: Path) -> None:
        self._root = root

    def put(self, file_id: str, content: bytes, ending: str = "jpg") -> None:
        place = self._place(file_id, ending)
        try:
            place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            with tempfile.NamedTemporaryFile(dir=place.parent, delete=False) as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            Path(file.name).replace(place)
        except OSError as error:
            raise TryLater(f"photos: {place.parent}: {error.strerror}") from error

    def get(self, file_id: str, ending: str = "jpg") -> bytes | None:
        try:
            return self._place(file_id, ending).read_bytes()
        except FileNotFoundError:
            return None
        except OSError as error:
            raise TryLater(f"photos: {error.strerror}") from error

    def delete(self, file_id: str, ending: str = "jpg") -> None:
        with suppress(FileNotFoundError):
            self._place(file_id, ending).unlink()

    def _place(self, file_id: str, ending: str) -> Path:
        """256 folders, so that none gets slow."""
        return self._root / file_id[:2] / f"{file_id}.{ending}"
