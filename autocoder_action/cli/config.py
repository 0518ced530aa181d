"""``autocoder check-config``: what a run would say of a configuration file, without a run."""

from argparse import Namespace
from pathlib import Path

from autocoder_action.cli.say import complain, one_line, say
from autocoder_action.errors import ConfigError
from autocoder_action.intake.document import LARGEST
from autocoder_action.intake.settings import check_file


def perform(options: Namespace) -> int:
    """Say what a file sets where it can be used; else complain of each problem, and return 1."""
    path: Path = options.file
    keys, problems = check_file(_content(path), str(path))
    for one in problems:
        complain(f"{one}. docs/configuration.md names every setting with its default.")
    if problems:
        return 1
    sets = f"It sets {', '.join(keys)}." if keys else "It sets nothing, so every default counts."
    say(one_line(f"{path} can be used. {sets}"))
    return 0


def _content(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(LARGEST + 1)  # what is larger is refused by its size
    except FileNotFoundError as error:
        raise ConfigError(
            f"There is no {path}.",
            remedy="Without one every default counts; for another, name it: `autocoder check-config FILE`.",
        ) from error
    except OSError as error:
        raise ConfigError(
            f"{path} cannot be read: {error.strerror}.", remedy="Name a file that you may read."
        ) from error
