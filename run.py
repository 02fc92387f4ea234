"""Starts the pair on this machine: the roles of the Procfile as children, until Ctrl-C.

This file stays readable for Python 3.6, so that an old interpreter gets one clear line and not a
syntax error; everything else is in launcher/, which imports nothing of the two services.
"""

import sys

OLDEST = (3, 11)


def main() -> int:
    if tuple(sys.version_info[:2]) < OLDEST:
        found = ".".join(str(part) for part in sys.version_info[:3])
        print(f"run: Debrief needs Python 3.11 or newer, this is {found}.", file=sys.stderr)
        return 2
    from launcher.main import launch

    return launch()


if __name__ == "__main__":
    sys.exit(main())
