"""Words to a terminal or a pipe."""

import sys
from io import TextIOWrapper


def accept_all() -> None:
    """Have the standard streams write what their encoding lacks as an escape: no name may end a command."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def say_to_program(text: str) -> None:
    """Write text for a program to the standard output: in UTF-8, which it expects, whatever a person here can read."""
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8", errors="backslashreplace")
    say(text)


def say(text: str) -> None:
    """Write text and the end of its line to the standard output."""
    sys.stdout.write(text if text.endswith("\n") else f"{text}\n")


def complain(text: str) -> None:
    """Write one line to the standard error, whatever the text holds."""
    sys.stderr.write(f"autocoder: {one_line(text)}\n")


def one_line(text: str, most: int = 2_000) -> str:
    r"""Fold a text into one printable line; what is too long is cut.

    >>> one_line("a\n\x1b[31mb  c")
    'a [31mb c'
    >>> one_line("abcdef", 4)
    'abc…'
    """
    plain = " ".join("".join(char if char.isprintable() else " " for char in text).split())
    return plain if len(plain) <= most else f"{plain[: most - 1]}…"
