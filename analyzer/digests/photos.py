"""The photos that a company may see.

In: the rows of responses whose experts may be heard, the Room, the sizes of the photos that have arrived.
Out: Photos, in an order that tells nothing of their experts.  Pure.  What a photo shows has no language,
so it carries a group only where the group may be named in every language.
"""

from collections.abc import Iterable, Iterator, Mapping
from hashlib import sha256
from typing import TypeAlias

from analyzer.digests.anonymity import Room, attribution
from analyzer.digests.model import Photo
from analyzer.rows import Rows

Sizes: TypeAlias = Mapping[str, tuple[int, int]]  # photo id -> (width, height) in pixels


def find_photos(responses: Iterable[Rows], room: Room, arrived: Sizes) -> tuple[Photo, ...]:
    """Those that their experts gave to the company, if a name stands to them or enough may have sent them."""
    found = (photo for rows in responses for photo in _of(rows, room, arrived))
    return tuple(sorted(found, key=lambda photo: sha256(photo.id.encode()).digest()))


def _of(rows: Rows, room: Room, arrived: Sizes) -> Iterator[Photo]:
    if not rows.response["consent"]["use"]:
        return
    who = attribution(rows.response, room, ("en", "zh"))
    if not (who.name or (room.people >= room.text and not room.small)):
        return
    for photo in rows.response["photos"]:
        if photo["readership"] == "quote" and photo["id"] in arrived:
            yield Photo(photo["id"], *arrived[photo["id"]], who)
