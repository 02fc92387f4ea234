"""What nobody will finish or see is thrown away; what somebody may still want stays."""

import json
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest

from collector import housekeeping, tables
from collector.__main__ import main
from collector.errors import TryLater
from collector.housekeeping import Purged, purge
from collector.photostore import PhotoStore, open_photo_store
from tests.collector.house import DEADLINE, SECRET, House, build, good
from tests.collector.test_photos import JPEG, PHOTO, begin, patch, see, upload

DAY = timedelta(days=1)
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


@pytest.fixture
def store(tmp_path: Path) -> PhotoStore:
    return open_photo_store(f"folder://{tmp_path / 'photos'}")


def test_photos_that_somebody_may_see_stay(house: House, store: PhotoStore) -> None:
    """However long the visit is over."""
    upload(house)
    assert purge(house.database, store, DEADLINE + 400 * DAY) == Purged(0, 0, 0)
    assert see(house).status_code == 200


def test_photos_of_withdrawn_answers_go(house: House, store: PhotoStore) -> None:
    """File and row, within the hour after the withdrawal."""
    upload(house)
    house.client.post(f"/f/{house.token()}/withdraw")
    assert purge(house.database, store, house.now + DAY, dry_run=True) == Purged(1, 0, 0)
    assert store.get(PHOTO) is not None
    assert purge(house.database, store, house.now + DAY) == Purged(1, 0, 0)
    assert store.get(PHOTO) is None
    assert house.rows(tables.photo) == []
    assert purge(house.database, store, house.now + DAY) == Purged(0, 0, 0)


def test_photos_that_an_amendment_left_out_go(house: House, store: PhotoStore) -> None:
    """Taken away in the form rather than on the receipt."""
    upload(house)
    house.post({**good(overall=2), "photos": []})
    assert purge(house.database, store, house.now + DAY) == Purged(1, 0, 0)


def test_an_upload_that_came_to_nothing_goes(house: House, store: PhotoStore) -> None:
    """A week after the deadline nothing more is taken; its pieces would lie there for ever."""
    begin(house, upload_text(house))
    patch(house, upload_text(house), 0, JPEG[:1000])
    assert purge(house.database, store, DEADLINE + 6 * DAY) == Purged(0, 0, 0)
    assert purge(house.database, store, DEADLINE + 8 * DAY) == Purged(0, 0, 1)
    assert house.rows(tables.photo_chunk) == []


def upload_text(house: House) -> str:
    rows = house.rows(tables.response)
    return str(rows[0].id if rows else house.post(good()).json["response_id"])


def test_a_photo_that_has_just_begun_is_left_alone(house: House, store: PhotoStore) -> None:
    """Without script the file is stored a moment before its response names it."""
    response_id = upload_text(house)
    with house.database.write() as connection:
        row = {"id": str(uuid4()), "response_id": response_id, "size": 9, "state": "stored"}
        connection.execute(tables.photo.insert().values({**row, "begun_at": house.now}))
    assert purge(house.database, store, house.now + timedelta(minutes=59)) == Purged(0, 0, 0)
    assert purge(house.database, store, house.now + timedelta(minutes=61)) == Purged(1, 0, 0)


def test_a_store_that_is_away_loses_no_row(house: House) -> None:
    """Or the file would lie there for ever, known to nobody."""

    class Away:
        def delete(self, file_id: str, ending: str) -> None:
            raise TryLater("away")

    upload(house)
    house.client.post(f"/f/{house.token()}/withdraw")
    with pytest.raises(TryLater):
        purge(house.database, Away(), house.now + DAY)  # type: ignore[arg-type]
    assert len(house.rows(tables.photo)) == 1


def test_the_relay_s_side_thread_looks_by_itself_and_outlives_a_fault(house: House) -> None:
    """Once at the start; a fault is logged and tried again."""
    looked = threading.Event()

    class Odd:
        def delete(self, file_id: str, ending: str) -> None:
            looked.set()
            raise RuntimeError("odd")

    upload(house)
    house.client.post(f"/f/{house.token()}/withdraw")
    with housekeeping.housekeeping(house.database, Odd(), lambda: house.now + DAY):  # type: ignore[arg-type]
        assert looked.wait(10)
    assert len(house.rows(tables.photo)) == 1


def test_the_chore_says_what_there_is_and_what_went(tmp_path: Path, capsys: pytest.CaptureFixture) -> None:
    """For people and for scripts; purging twice finds nothing the second time."""
    url = f"sqlite:///{tmp_path / 'c.sqlite3'}"
    house = build(url, tmp_path)
    environ = {"DATABASE_URL": url, "DATA_DIR": str(tmp_path), "SECRET_KEY": SECRET}
    upload(house)
    house.client.post(f"/f/{house.token()}/withdraw")
    with house.database.write() as connection:  # the chore looks at the real clock
        connection.execute(tables.photo.update().values(begun_at=LONG_AGO))
    house.database.close()
    assert main(["photos"], environ) == 0
    assert main(["photos", "purge", "--dry-run"], environ) == 0
    assert main(["photos", "purge", "--json"], environ) == 0
    assert main(["photos", "--json"], environ) == 0
    first, _, second, *rest = capsys.readouterr().out.splitlines()
    assert first == "photos: 1 stored, 0 uploading, 0 refused"
    assert second == "Would go: pictures 1, recordings 0, unfinished 0"
    purged, left = "".join(rest).split("}{")
    assert json.loads(purged + "}") == {"pictures": 1, "recordings": 0, "uploads": 0}
    assert json.loads("{" + left)["photos"]["stored"] == 0
