"""The data folder: made once, held by one launcher at a time, with a secret key of its own."""

import fcntl
import os
import secrets
import socket
from pathlib import Path

from launcher.errors import LauncherError
from launcher.settings import Settings


def hold(data_dir: Path) -> int:
    """Make the folder and lock it.  The lock lives as long as the returned descriptor: as we do."""
    try:
        (data_dir / "log").mkdir(parents=True, exist_ok=True)
        lock = os.open(data_dir / "run.lock", os.O_RDWR | os.O_CREAT, 0o644)
    except OSError as error:
        raise LauncherError(f"the data folder cannot be used: {error}") from error
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        owner = os.read(lock, 32).decode("ascii", "replace").strip()
        os.close(lock)
        raise LauncherError(
            f"Debrief already runs on {data_dir} (process {owner}); stop it or set DATA_DIR"
        ) from None
    os.truncate(lock, 0)
    os.write(lock, f"{os.getpid()}\n".encode())
    return lock


def secret_key_file(data_dir: Path) -> Path:
    """The key that signs every link, made at the first start, readable by its owner only.

    Written aside and renamed: a crash in between must not leave an empty key behind.
    """
    path = data_dir / "secret_key"
    if not path.exists():
        fresh = data_dir / "secret_key.new"
        fresh.unlink(missing_ok=True)
        handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(secrets.token_urlsafe(48) + "\n")
            file.flush()
            os.fsync(handle)
        fresh.rename(path)
    return path


def check_ports(settings: Settings) -> None:
    """Raises LauncherError for the first port that somebody else listens on."""
    check_port(settings, "COLLECTOR_PORT", settings.collector_port)
    check_port(settings, "ANALYZER_PORT", settings.analyzer_port)


def check_port(settings: Settings, name: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        # As the servers do: connections of a run that just ended (TIME_WAIT) are not in the way.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, port))
        except OSError as error:
            raise LauncherError(
                f"cannot use port {port} on {settings.host} ({error.strerror or error}); "
                f"free it or choose another: make run {name}={port + 100}"
            ) from error
