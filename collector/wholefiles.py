"""What is done with an uploaded file once it is whole or unwanted, whatever it is."""

from collections.abc import Callable
from typing import TypeVar

from collector.database import Database
from collector.photostore import PhotoStore
from collector.uploads import Uploads

Made = TypeVar("Made")


def made(
    database: Database,
    uploads: Uploads,
    file_id: str,
    make: Callable[[bytes], Made],
    unusable: type[Exception],
) -> Made:
    """What `make` makes of it.  Raises `unusable`; that is kept, so that nobody sends the file again."""
    with database.read() as connection:
        content = uploads.content(connection, file_id)
    try:
        return make(content)
    except unusable:
        with database.write() as connection:
            uploads.refuse(connection, file_id)
        raise


def throw_away(database: Database, store: PhotoStore, uploads: Uploads, file_id: str, ending: str) -> None:
    """The file goes before its row, so that one broken off half way is found again."""
    store.delete(file_id, ending)
    with database.write() as connection:
        uploads.forget(connection, file_id)
