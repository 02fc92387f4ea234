"""The data folder, its key, and the ports."""

import os
import socket
import stat
from pathlib import Path

import pytest

from launcher import folder
from launcher.errors import LauncherError
from launcher.settings import Settings


def test_the_key_is_long_private_and_kept(tmp_path: Path) -> None:
    """Links that were sent out must work after the next start, and nobody else may forge one."""
    path = folder.secret_key_file(tmp_path)
    key = path.read_text()
    assert len(key.strip()) >= 32
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert folder.secret_key_file(tmp_path).read_text() == key


def test_a_start_that_was_cut_off_leaves_no_half_key(tmp_path: Path) -> None:
    """An empty key would refuse every later start."""
    (tmp_path / "secret_key.new").touch()
    assert len(folder.secret_key_file(tmp_path).read_text()) > 32


def test_a_folder_is_held_by_one_launcher(tmp_path: Path) -> None:
    """Two pairs on one folder would start every role twice."""
    lock = folder.hold(tmp_path)
    with pytest.raises(LauncherError, match=f"already runs on .* \\(process {os.getpid()}\\)"):
        folder.hold(tmp_path)
    os.close(lock)
    os.close(folder.hold(tmp_path))


def test_a_folder_that_cannot_be_made_is_one_line(tmp_path: Path) -> None:
    """DATA_DIR may be mistyped."""
    (tmp_path / "file").touch()
    with pytest.raises(LauncherError, match="the data folder cannot be used"):
        folder.hold(tmp_path / "file" / "below")


def test_a_busy_port_names_the_way_out() -> None:
    """Port 8000 is taken on half of all machines."""
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        settings = Settings.from_env({"COLLECTOR_PORT": str(port), "ANALYZER_PORT": "1"})
        with pytest.raises(LauncherError, match=f"port {port} .* make run COLLECTOR_PORT="):
            folder.check_ports(settings)
