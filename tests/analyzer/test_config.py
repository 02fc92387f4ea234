"""Configuration is read once, and what is wrong with it is said in one line."""

from pathlib import Path

import pytest

from analyzer.__main__ import main
from analyzer.config import Config
from analyzer.errors import BadConfig

KEY = "k" * 32


def test_an_empty_environment_is_the_embedded_pair(tmp_path: Path) -> None:
    """A newcomer sets nothing."""
    config = Config.from_env({"DATA_DIR": str(tmp_path)})
    assert config.database_url == f"sqlite:///{tmp_path}/analyzer.sqlite3"
    assert config.amqp_url == f"embedded:///{tmp_path}/queue.sqlite3"
    assert (config.port, config.digest_url) == (8001, "http://127.0.0.1:8001")


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_every_usual_spelling_of_a_postgresql_url_is_taken(scheme: str) -> None:
    """Hosting services hand out different ones."""
    config = Config.from_env({"DATABASE_URL": f"{scheme}://user@host/db"})
    assert config.database_url == "postgresql+psycopg://user@host/db"


def test_a_secret_may_come_as_a_file(tmp_path: Path) -> None:
    """Container secrets are files, with a line break at the end."""
    (tmp_path / "key").write_text(KEY + "\n")
    assert Config.from_env({"SECRET_KEY_FILE": str(tmp_path / "key")}).require_secret_key() == KEY


@pytest.mark.parametrize(
    ("environ", "line"),
    [
        ({"SECRET_KEY": "short"}, "SECRET_KEY is too short: 5 characters, 32 are needed"),
        ({"SECRET_KEY": KEY, "SECRET_KEY_FILE": "/k"}, "SECRET_KEY and SECRET_KEY_FILE are both set"),
        ({"SECRET_KEY_FILE": "/none"}, "SECRET_KEY_FILE: cannot read /none"),
        ({"DATABASE_URL": "mysql://x"}, "DATABASE_URL must start with"),
        ({"DATABASE_URL": "sqlite://"}, "DATABASE_URL must start with"),
        ({"AMQP_URL": "redis://x"}, "AMQP_URL must start with"),
        ({"ANALYZER_PORT": "eighty"}, "ANALYZER_PORT must be a whole number from 1 to 65535, not 'eighty'"),
        ({"WEB_WORKERS": "0"}, "WEB_WORKERS must be a whole number"),
        ({"BATCH_SIZE": "-1"}, "BATCH_SIZE must be a whole number"),
        ({"LOG_FORMAT": "xml"}, "LOG_FORMAT must be one of text, json, not 'xml'"),
        ({"DIGEST_URL": "example.org"}, "DIGEST_URL must start with http"),
        ({"TAXONOMY": "/none.yaml"}, "TAXONOMY: there is no file /none.yaml"),
    ],
)
def test_a_wrong_setting_is_named(environ: dict[str, str], line: str) -> None:
    """Whoever deploys reads one line, not a traceback."""
    with pytest.raises(BadConfig, match="^" + line.replace("(", r"\(")):
        Config.from_env(environ)


def test_a_role_without_its_key_exits_2_with_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """Exit 2 is configuration, on stderr, named."""
    monkeypatch.setenv("DATA_DIR", str(tmp_path))
    monkeypatch.delenv("SECRET_KEY", raising=False)
    assert main(["web"]) == 2
    assert capsys.readouterr().err.startswith("analyzer: CONFIG: SECRET_KEY is missing")
