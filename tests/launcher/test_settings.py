"""The environment of `make run`: understood, or refused in one line."""

from pathlib import Path

import pytest

from launcher.errors import BadSettings
from launcher.settings import Settings, child_environment


def test_an_empty_environment_gives_the_documented_defaults() -> None:
    """`make run` needs no settings at all."""
    settings = Settings.from_env({})
    assert settings == Settings(Path("var").absolute(), "127.0.0.1", 8000, 8001, sample=True)


def test_every_setting_can_be_moved() -> None:
    """Two pairs can run on one machine."""
    settings = Settings.from_env(
        {"DATA_DIR": "/elsewhere", "COLLECTOR_PORT": "8100", "ANALYZER_PORT": "8101", "SAMPLE": "0"}
    )
    assert settings == Settings(Path("/elsewhere"), "127.0.0.1", 8100, 8101, sample=False)


@pytest.mark.parametrize(
    ("environ", "said"),
    [
        ({"COLLECTOR_PORT": "eighty"}, "COLLECTOR_PORT must be a whole number from 1 to 65535, not 'eighty'"),
        ({"ANALYZER_PORT": "70000"}, "ANALYZER_PORT must be a whole number from 1 to 65535, not '70000'"),
        ({"COLLECTOR_PORT": "٨٠"}, "COLLECTOR_PORT must be a whole number from 1 to 65535, not '٨٠'"),
        ({"COLLECTOR_PORT": "8001"}, "COLLECTOR_PORT and ANALYZER_PORT must differ, both are 8001"),
        ({"SAMPLE": "maybe"}, "SAMPLE must be 1 or 0, not 'maybe'"),
    ],
)
def test_a_setting_that_cannot_be_meant_is_named(environ: dict[str, str], said: str) -> None:
    """The line says which variable, which rule, which value."""
    with pytest.raises(BadSettings) as caught:
        Settings.from_env(environ)
    assert str(caught.value) == said


def test_the_children_learn_where_the_other_half_is() -> None:
    """Links that the collector prints lead to the analyzer that was started with it."""
    settings = Settings.from_env({"COLLECTOR_PORT": "8100", "ANALYZER_PORT": "8101"})
    found = child_environment({}, settings, Path("/key"))
    assert found["PUBLIC_URL"] == "http://127.0.0.1:8100"
    assert found["DIGEST_URL"] == "http://127.0.0.1:8101"
    assert found["SECRET_KEY_FILE"] == "/key"


def test_urls_and_keys_of_the_caller_pass_through() -> None:
    """`make run` on RabbitMQ and PostgreSQL is the same command with two variables."""
    environ = {
        "AMQP_URL": "amqp://broker",
        "DATABASE_URL": "postgresql://database",
        "SECRET_KEY": "mine",
        "PUBLIC_URL": "https://example.org",
    }
    found = child_environment(environ, Settings.from_env(environ), Path("/key"))
    assert environ.items() <= found.items()
    assert "SECRET_KEY_FILE" not in found


@pytest.mark.parametrize(
    ("host", "near"), [("0.0.0.0", "127.0.0.1"), ("::", "[::1]"), ("192.0.2.7", "192.0.2.7")]
)
def test_a_server_for_everybody_is_still_asked_from_here(host: str, near: str) -> None:
    """0.0.0.0 is an address to bind, not one to call."""
    assert Settings.from_env({"HOST": host}).collector_url == f"http://{near}:8000"
