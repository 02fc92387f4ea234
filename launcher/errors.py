"""Why a start ends early; `launch` turns each into one line and an exit status."""


class LauncherError(Exception):
    """The pair cannot run.  The message is the line to print; status is the exit status."""

    status = 1


class BadSettings(LauncherError):
    """The environment or the Procfile says something that cannot be meant."""

    status = 2


class StopRequested(Exception):
    """Ctrl-C, SIGTERM, or the terminal was closed."""
