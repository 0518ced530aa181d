"""Writers that die: ``cli_writer.py FOLDER DEATHS PART`` prints how many left the old file, and how many the new.

Each writer is a fork of this process that changes the backlog as the command line does, and kills itself just before
or just after one of its calls into C, which is where system calls are made. What it leaves must be one of two files.
"""

import os
import random
import signal
import sys
from collections.abc import Iterator
from pathlib import Path
from types import FrameType

from autocoder_action.adapters.sqlite_store import SqliteStore, files
from autocoder_action.backlog import creation
from autocoder_action.backlog.creation import Created
from autocoder_action.backlog.draft import Draft
from autocoder_action.backlog.feature import Backlog
from autocoder_action.backlog.features_md import render
from autocoder_action.cli.project import Project


def plan(words: str) -> Backlog:
    """Return a backlog of some pages."""
    drafts = [Draft(name=f"{words} {n}", description=words * 99, steps=("Look.",), uid=f"f-{n}") for n in range(30)]
    created = creation.create(Backlog(), drafts, now=1)
    assert isinstance(created, Created)
    return created.backlog


def write(project: Project, backlog: Backlog, *, death: int | None) -> int:
    """Change the backlog, die at an event; return how many events there were."""
    events = 0

    def hear(_frame: FrameType, event: str, _called: object) -> None:
        nonlocal events
        if event in {"c_call", "c_return"}:
            if events == death:
                os.kill(os.getpid(), signal.SIGKILL)
            events += 1

    sys.setprofile(hear)
    with project.changing() as held:
        held.save(backlog)
    sys.setprofile(None)
    return events


def count(project: Project, backlog: Backlog) -> int:
    """Return how many events a fork of this process has when it writes; it has some that its parent has not."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.write(writing, str(write(project, backlog, death=None)).encode())
        os._exit(0)
    os.waitpid(child, 0)
    os.close(writing)
    with os.fdopen(reading) as answer:
        return int(answer.read())


def die(project: Project, backlog: Backlog, death: int) -> None:
    """Have a fork of this process write and die."""
    child = os.fork()
    if child == 0:
        write(project, backlog, death=death)
        os.kill(os.getpid(), signal.SIGKILL)  # it had fewer events than were counted before
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL


def places(events: int, deaths: int, part: int) -> Iterator[int]:
    """Yield where to die: at every second event of the end, where the files are written, and anywhere."""
    chance = random.Random(part)  # noqa: S311  # a place to die, no secret
    for number in range(deaths):
        last = events - 1 - 2 * number - part
        yield last if last > events * 0.93 else chance.randrange(events)


def main(folder: str, deaths: str, part: str) -> None:
    """Let writers die, and look at what each left."""
    project = Project(Path(folder))
    plans = {SqliteStore().encode(one): one for one in (plan("old"), plan("new"))}
    pages = {render(one).encode() for one in plans.values()}
    for one in (*plans.values(), *plans.values()):  # warm, so that all are alike
        write(project, one, death=None)
    events = count(project, next(iter(plans.values())))
    kept = replaced = 0
    for death in places(events, int(deaths), int(part)):
        before = files.read(project.database)
        after = next(data for data in plans if data != before)
        die(project, plans[after], death)
        found = files.read(project.database)
        assert found in {before, after}, f"at event {death} of {events}: neither the old nor the new file"
        assert files.read(project.page) in pages, f"at event {death} of {events}: neither page"
        kept += found == before
        replaced += found == after
    write(project, next(iter(plans.values())), death=None)
    assert project.leftovers() == []
    print(kept, replaced)  # noqa: T201  # its answer


if __name__ == "__main__":
    main(*sys.argv[1:])
