"""Builds the action's image on this machine: `python -m sandbox.runner [--browser] [--missing]`."""

import argparse
import sys
import time

from sandbox.runner.engine import EngineError, missing_privileges
from sandbox.runner.image import ensure_image


def main() -> int:
    """Build the image, or say why this machine cannot."""
    parser = argparse.ArgumentParser(prog="python -m sandbox.runner", description=__doc__)
    parser.add_argument("--missing", action="store_true", help="only print what this machine lacks for it, if anything")
    parser.add_argument("--browser", action="store_true", help="build the variant that has a browser")
    asked = parser.parse_args()
    if asked.missing:
        sys.stdout.write(missing_privileges())
        return 0
    started = time.monotonic()
    try:
        image = ensure_image(browser=asked.browser)
    except EngineError as error:
        sys.stderr.write(f"the image was not built: {error}\n")
        return 1
    sys.stdout.write(f"{image.name} is ready after {time.monotonic() - started:.0f} s\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
