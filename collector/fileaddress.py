"""The signed address under which one person looks at a file for a while.  Runs inside a request."""

from datetime import timedelta

from flask import url_for

from collector.desk import desk
from collector.links import Sight, photo_token

LOOK_FOR = timedelta(hours=2)  # that a link to a file on a page works, at most


def file_address(file_id: str, audience: str, view: str = "photos.show") -> str:
    """`audience`: SENDER or ORGANISER, for whom the page is made."""
    here = desk()
    # To the full hour, so that a reload finds the file in the browser's cache.
    now = here.clock().replace(minute=0, second=0, microsecond=0)
    return url_for(view, token=photo_token(here.secret, Sight(file_id, audience, now + LOOK_FOR)))
