"""Promises about the settings that name places: photos, mails, the analyzer."""

import pytest

from collector.config import Config
from collector.errors import BadConfig


def read(**environ: str) -> Config:
    return Config.from_env({"DATA_DIR": "/data", **environ})


def test_without_settings_everything_lies_in_the_data_folder() -> None:
    """A small fair needs neither a bucket nor a mail server."""
    config = read(PUBLIC_URL="https://feedback.example.org", DIGEST_URL="https://digest.example.org")
    assert config.photo_store_url == "folder:///data/photos"
    assert config.smtp_url == ""
    assert config.mail_from == "debrief@feedback.example.org"
    assert config.analyzer_url == "https://digest.example.org"
    assert config.trusted_proxies == 0


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PHOTO_STORE_URL", "ftp://host/x"),
        ("PHOTO_STORE_URL", "folder://relative"),
        ("PHOTO_STORE_URL", "s3://host/bucket"),
        ("PHOTO_STORE_URL", "s3://key:secret@host"),
        ("SMTP_URL", "http://host"),
        ("SMTP_URL", "smtp://"),
        ("SMTP_URL", "smtp://host:port"),
        ("MAIL_FROM", "nobody"),
        ("MAIL_FROM", "a@b.c\r\nBcc: d@e.f"),
        ("ANALYZER_URL", "analyzer:8001"),
        ("TRUSTED_PROXIES", "-1"),
    ],
)
def test_a_malformed_place_is_named(name: str, value: str) -> None:
    """One clear line, without the secret that may stand in it."""
    with pytest.raises(BadConfig, match=name):
        read(**{name: value})


def test_keys_stay_out_of_what_is_printed() -> None:
    """A Config that ends up in a log shows no password."""
    config = read(PHOTO_STORE_URL="s3://key:hushhush@host/b", SMTP_URL="smtp://me:hushhush@host")
    assert "hushhush" not in repr(config)
