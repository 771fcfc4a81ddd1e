"""The Space's entry: settings, the system, the page."""

from __future__ import annotations

import sys

from empathy.errors import SettingsError
from empathy.log import start_logging
from empathy.settings import load
from empathy.ui.page import serve


def main() -> int:
    """Serve the page; a setting out of bounds ends it with one sentence."""
    try:
        settings = load()
        start_logging(settings)
        serve(settings)
    except SettingsError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
