"""Promises about the environment: read once, complete by default, and one clear line where it is wrong."""

from pathlib import Path

import pytest

from collector.config import Config
from collector.errors import BadConfig

SECRET = "s" * 32


def problem(**environ: str) -> str:
    with pytest.raises(BadConfig) as caught:
        Config.from_env(environ)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_nothing_needs_to_be_set():
    """The embedded pair runs on an empty environment."""
    config = Config.from_env({})
    here = Path("var").absolute()
    assert config.database_url == f"sqlite:///{here}/collector.sqlite3"
    assert config.amqp_url == f"embedded:///{here}/queue.sqlite3"
    assert (config.host, config.port, config.web_workers, config.web_threads) == ("127.0.0.1", 8000, 2, 16)
    assert config.public_url == "http://127.0.0.1:8000"
    assert config.digest_url == "http://127.0.0.1:8001"
    assert (config.log_format, config.log_level) == ("text", "INFO")


def test_an_empty_value_is_not_set():
    """A blank line in an env file means the default."""
    assert Config.from_env({"COLLECTOR_PORT": "", "DATABASE_URL": "", "HOST": ""}) == Config.from_env({})


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_postgresql_goes_by_each_of_its_names(scheme):
    """Hosting companies write it in three ways."""
    config = Config.from_env({"DATABASE_URL": f"{scheme}://u:p@db/x"})
    assert config.database_url == "postgresql+psycopg://u:p@db/x"


def test_the_public_address_follows_the_port():
    """Moving the port moves the links."""
    assert Config.from_env({"COLLECTOR_PORT": "9000"}).public_url == "http://127.0.0.1:9000"


def test_an_address_loses_its_last_slash():
    """Links are made by appending a path."""
    assert (
        Config.from_env({"PUBLIC_URL": "https://fair.example.org/"}).public_url == "https://fair.example.org"
    )


def test_a_secret_may_stand_in_a_file(tmp_path):
    """Container secrets end in a line break."""
    (tmp_path / "secret").write_text(SECRET + "\n")
    assert Config.from_env({"SECRET_KEY_FILE": str(tmp_path / "secret")}).require_secret() == SECRET


def test_a_url_may_stand_in_a_file(tmp_path):
    """It holds a password too."""
    (tmp_path / "amqp").write_text("amqp://u:p@broker/\n")
    assert Config.from_env({"AMQP_URL_FILE": str(tmp_path / "amqp")}).amqp_url == "amqp://u:p@broker/"


def test_a_missing_secret_is_told_to_whoever_needs_it():
    """The relay runs without one."""
    with pytest.raises(BadConfig, match="SECRET_KEY is not set"):
        Config.from_env({}).require_secret()


def test_secrets_do_not_show():
    """A config in a log or a traceback gives nothing away."""
    config = Config.from_env(
        {"SECRET_KEY": SECRET, "DATABASE_URL": "postgresql://u:pass@db/x", "AMQP_URL": "amqp://u:pass@b/"}
    )
    assert SECRET not in repr(config)
    assert "pass" not in repr(config)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATABASE_URL", "mysql://db/x"),
        ("DATABASE_URL", "collector.sqlite3"),
        ("DATABASE_URL", "sqlite://"),
        ("AMQP_URL", "redis://broker"),
        ("AMQP_URL", "amqp://"),
        ("AMQP_URL", "embedded:///relative.sqlite3"),
        ("SECRET_KEY", "short"),
        ("PUBLIC_URL", "fair.example.org"),
        ("PUBLIC_URL", "http://[broken"),
        ("DIGEST_URL", "ftp://fair.example.org"),
        ("COLLECTOR_PORT", "http"),
        ("COLLECTOR_PORT", "0"),
        ("COLLECTOR_PORT", "65536"),
        ("COLLECTOR_PORT", "８０００"),
        ("WEB_WORKERS", "-1"),
        ("WEB_THREADS", "1.5"),
        ("LOG_FORMAT", "xml"),
        ("LOG_LEVEL", "loud"),
        ("SECRET_KEY_FILE", "/nowhere/secret"),
    ],
)
def test_a_malformed_value_is_named(name, value):
    """One line that says which variable to change."""
    assert problem(**{name: value}).startswith(name)


def test_a_refused_database_url_keeps_its_password():
    """The line ends up in logs."""
    assert "pass" not in problem(DATABASE_URL="mysql://u:pass@db/x")


def test_a_value_given_twice_is_refused(tmp_path):
    """Nobody could tell which of the two is meant."""
    (tmp_path / "secret").write_text(SECRET)
    assert "both set" in problem(SECRET_KEY=SECRET, SECRET_KEY_FILE=str(tmp_path / "secret"))


def test_an_empty_secret_file_is_refused(tmp_path):
    """An empty file is a mount that went wrong, not a wish."""
    (tmp_path / "secret").write_text("\n")
    assert "is empty" in problem(SECRET_KEY_FILE=str(tmp_path / "secret"))
