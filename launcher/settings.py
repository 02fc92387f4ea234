"""What the environment says about this run, checked before anything starts.

In: environment variables.  Out: Settings, and the environment of the children.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from launcher.errors import BadSettings

YES = {"1", "yes", "true", "on"}
NO = {"0", "no", "false", "off"}


@dataclass(frozen=True)
class Settings:
    """How this run differs from any other."""

    data_dir: Path  # absolute
    host: str  # address the two web roles bind
    collector_port: int
    analyzer_port: int
    sample: bool  # load the sample fair and send its responses

    @classmethod
    def from_env(cls, environ: Mapping[str, str]) -> "Settings":
        """Raises BadSettings with the name, the rule and the value."""
        settings = cls(
            data_dir=Path(environ.get("DATA_DIR") or "var").absolute(),
            host=environ.get("HOST") or "127.0.0.1",
            collector_port=read_port(environ, "COLLECTOR_PORT", 8000),
            analyzer_port=read_port(environ, "ANALYZER_PORT", 8001),
            sample=read_switch(environ, "SAMPLE", True),
        )
        if settings.collector_port == settings.analyzer_port:
            raise BadSettings(
                f"COLLECTOR_PORT and ANALYZER_PORT must differ, both are {settings.collector_port}"
            )
        return settings

    @property
    def near_host(self) -> str:
        """The address on which this machine reaches the web roles."""
        everywhere = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}
        return everywhere.get(self.host, f"[{self.host}]" if ":" in self.host else self.host)

    @property
    def collector_url(self) -> str:
        return f"http://{self.near_host}:{self.collector_port}"

    @property
    def analyzer_url(self) -> str:
        return f"http://{self.near_host}:{self.analyzer_port}"


def read_port(environ: Mapping[str, str], name: str, default: int) -> int:
    value = environ.get(name) or str(default)
    if not (value.isascii() and value.isdigit() and 1 <= int(value) <= 65535):
        raise BadSettings(f"{name} must be a whole number from 1 to 65535, not {value!r}")
    return int(value)


def read_switch(environ: Mapping[str, str], name: str, default: bool) -> bool:
    value = environ.get(name, "").strip().lower()
    if value and value not in YES | NO:
        raise BadSettings(f"{name} must be 1 or 0, not {value!r}")
    return value in YES if value else default


def child_environment(environ: Mapping[str, str], settings: Settings, key_file: Path) -> dict[str, str]:
    """The caller's environment, plus what makes four processes one pair.

    AMQP_URL and DATABASE_URL pass through; a key of the caller's own wins over the file in DATA_DIR.
    """
    ours = {
        "DATA_DIR": str(settings.data_dir),
        "HOST": settings.host,
        "COLLECTOR_PORT": str(settings.collector_port),
        "ANALYZER_PORT": str(settings.analyzer_port),
        "PUBLIC_URL": environ.get("PUBLIC_URL") or settings.collector_url,
        "DIGEST_URL": environ.get("DIGEST_URL") or settings.analyzer_url,
        "PYTHONUNBUFFERED": "1",
    }
    if not environ.get("SECRET_KEY") and not environ.get("SECRET_KEY_FILE"):
        ours["SECRET_KEY_FILE"] = str(key_file)
    return {**environ, **ours}
