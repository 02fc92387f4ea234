"""Promises about the two places for pictures: a folder and a bucket behave alike."""

import os
import threading
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import boto3
import pytest
from moto.server import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import make_server

from collector.errors import TryLater
from collector.photostore import PhotoStore, open_photo_store

KEY, SECRET = "test key/1", "secret+/="  # characters that a URL must quote


@pytest.fixture(scope="module")
def bucket_url() -> Iterator[str]:
    """An S3 server on a port of this machine, with an empty bucket."""
    server = make_server("127.0.0.1", 0, DomainDispatcherApplication(create_backend_app), threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    host = f"127.0.0.1:{server.server_port}"
    client = boto3.client(
        "s3",
        endpoint_url=f"http://{host}",
        aws_access_key_id="any",
        aws_secret_access_key="any",
        region_name="us-east-1",
    )
    client.create_bucket(Bucket="pictures")
    yield f"s3://test%20key%2F1:secret%2B%2F%3D@{host}/pictures?tls=0"
    server.shutdown()


@pytest.fixture(params=["folder", "bucket"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> PhotoStore:
    if request.param == "folder":
        return open_photo_store(f"folder://{tmp_path}/photos")
    return open_photo_store(request.getfixturevalue("bucket_url"))


def test_what_was_put_is_there(store: PhotoStore) -> None:
    """Byte for byte, and a second time replaces the first."""
    name = str(uuid4())
    store.put(name, b"first")
    store.put(name, b"second")
    assert store.get(name) == b"second"


def test_what_was_never_put_is_not_there(store: PhotoStore) -> None:
    """None, not an error."""
    assert store.get(str(uuid4())) is None


def test_what_was_deleted_is_gone_and_twice_is_fine(store: PhotoStore) -> None:
    """Taking away is safe to repeat."""
    name = str(uuid4())
    store.put(name, b"x")
    store.delete(name)
    store.delete(name)
    assert store.get(name) is None


def test_a_bucket_that_is_away_asks_to_try_later() -> None:
    """And names neither key nor secret."""
    store = open_photo_store("s3://key:topsecret@127.0.0.1:1/pictures?tls=0")
    with pytest.raises(TryLater) as away:
        store.put(str(uuid4()), b"x")
    assert "topsecret" not in str(away.value)


def test_a_bucket_that_does_not_exist_asks_to_try_later(bucket_url: str) -> None:
    """The operator's mistake; the photo waits with its sender."""
    with pytest.raises(TryLater):
        open_photo_store(bucket_url.replace("/pictures", "/nowhere")).put(str(uuid4()), b"x")


@pytest.mark.skipif(os.getuid() == 0, reason="root may write everywhere")
def test_a_folder_without_rights_asks_to_try_later(tmp_path: Path) -> None:
    """Nothing is called stored that is not."""
    tmp_path.chmod(0o500)
    with pytest.raises(TryLater):
        open_photo_store(f"folder://{tmp_path}/photos").put(str(uuid4()), b"x")


def test_a_folder_in_the_way_asks_to_try_later(tmp_path: Path) -> None:
    """A plain file where the folder should be."""
    (tmp_path / "photos").write_text("x")
    with pytest.raises(TryLater):
        open_photo_store(f"folder://{tmp_path}/photos").put(str(uuid4()), b"x")


def test_a_picture_is_whole_or_not_there(tmp_path: Path) -> None:
    """No half-written file under a photo's name, and nothing left over."""
    store = open_photo_store(f"folder://{tmp_path}")
    store.put(str(uuid4()), b"x" * 100_000)
    assert [path.suffix for path in tmp_path.rglob("*") if path.is_file()] == [".jpg"]
