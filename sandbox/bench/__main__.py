"""One benchmark from the command line: a table for people, or figures for programs."""

import argparse
import json
import os
import platform
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence

from sandbox.bench import backlog, board, run, session
from sandbox.bench.figures import Figure, Scale, table

BENCHMARKS: Mapping[str, Callable[[Scale], Iterator[Figure]]] = {
    "backlog": backlog.figures,
    "board": board.figures,
    "run": run.figures,
    "session": session.figures,
}
"""All benchmarks; the first line of a module's docstring says what it measures."""
_WORDS = {"backlog": backlog.__doc__, "board": board.__doc__, "run": run.__doc__, "session": session.__doc__}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one benchmark; return 0 whatever its figures are."""
    options = _parser().parse_args(arguments)
    before = os.getloadavg()[0]
    figures = list(BENCHMARKS[options.name](_scale(options)))
    if options.json:
        print(json.dumps({"figures": [figure.as_json() for figure in figures]}, ensure_ascii=False))
        return 0
    print(table(figures))
    machine = f"Python {platform.python_version()}, {os.cpu_count()} processors"
    print(f"\n{machine}, load {before:.1f} before and {os.getloadavg()[0]:.1f} after. Times are medians.")
    if any(figure.plain is not None for figure in figures):
        print("plain: an ordinary program with an ORM that does the same, just now on this machine; ratio: it to ours.")
    if any("AutoCoder" in figure.beside for figure in figures):
        print("AutoCoder: its own code, measured once on such a machine; not measured again here.")
    return 0


def _scale(options: argparse.Namespace) -> Scale:
    usual = Scale()
    return Scale(
        sizes=tuple(sorted(options.sizes or usual.sizes)),
        repeats=options.repeats or usual.repeats,
        container=options.container,
    )


def _parser() -> argparse.ArgumentParser:
    names = "\n".join(f"  {name:9} {(words or '').splitlines()[0]}" for name, words in _WORDS.items())
    parser = argparse.ArgumentParser(
        prog="script/bench",
        description=f"Runs one benchmark and prints its table.\n\nbenchmarks:\n{names}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("name", choices=BENCHMARKS, metavar="NAME", help="one of the above")
    parser.add_argument("--json", action="store_true", help="print the figures as JSON instead of a table")
    parser.add_argument("--sizes", type=int, nargs="+", metavar="N", help="features in a backlog (200 2000 10000)")
    parser.add_argument("--repeats", type=int, metavar="N", help="measurements for each figure (7)")
    parser.add_argument("--container", action="store_true", help="measure a session in the action's image, too")
    return parser


if __name__ == "__main__":
    sys.exit(main())
