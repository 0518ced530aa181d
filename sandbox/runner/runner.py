"""Starts the action from an event, as GitHub's runner does, on this machine."""

import itertools
import time
import uuid
from pathlib import Path
from typing import Unpack

from sandbox.runner.checkout import check_out
from sandbox.runner.engine import CHECKOUT, Image
from sandbox.runner.environment import DECOY_RUNTIME_TOKEN, Numbers, github_context, step_environment
from sandbox.runner.image import ensure_image
from sandbox.runner.job import Asked, Job
from sandbox.runner.launch import Launched, launch_container, launch_fork, launch_process
from sandbox.runner.masks import Masker
from sandbox.runner.metadata import ActionFile, read_action
from sandbox.runner.place import Place
from sandbox.runner.step import Finished, Grace, Limits, Started
from sandbox.runner.workflow_commands import Annotation, LogReader

NO_COMMIT = "0" * 40
"""The commit of a run without a checkout where none was given."""


class Runner:
    """Runs the action of a checkout, each time in folders of its own under one root.

    Args:
        workspace_root: where the runs' folders go; made where it is missing.
        action_file: the metadata that says which inputs there are.
        grace: how long a cancelled step may take to end.
    """

    def __init__(
        self, workspace_root: Path, *, action_file: Path = CHECKOUT / "action.yml", grace: Grace | None = None
    ) -> None:
        self._root = workspace_root
        self._action_file = action_file
        self._grace = grace or Grace()
        self._numbers = itertools.count(1)
        # Ids grow from run to run, as GitHub's do, also from one runner to the next on the same repository.
        self._ids = itertools.count(time.time_ns() // 1_000_000)

    @property
    def root(self) -> Path:
        """Where the runs' folders go."""
        return self._root

    def run(self, **asked: Unpack[Asked]) -> Finished:
        """Run the action once and return what it left; `Job` explains the keywords."""
        return self.start(**asked).wait()

    def start(self, **asked: Unpack[Asked]) -> Started:
        """Start the action and return at once; `Job` explains the keywords.

        Raises:
            CheckoutError: the workspace could not be filled, so that the step never began.
        EngineError: the image could not be built.
        """
        job = Job(**asked)
        action = read_action(self._action_file)
        numbers = Numbers(run_id=job.run_id or next(self._ids), run_number=next(self._numbers))
        place = self._make_place(job, numbers)
        sha = check_out(job, place) if job.checkout else job.sha or NO_COMMIT
        place.hand_over()
        github = github_context(job, numbers, job.sha or sha) | {"workspace": str(place.workspace)}
        environment = step_environment(job, action, github, place)
        reader = _reader(job, action)
        launched = _launch(job, environment, place)
        return Started(launched, reader, place, numbers, Limits(timeout=job.timeout, grace=self._grace))

    def _make_place(self, job: Job, numbers: Numbers) -> Place:
        root = (self._root / f"{numbers.run_id}-{job.attempt}-{job.job}").absolute()
        place = Place(root=root, repository=job.repository, step_id=str(uuid.uuid4()))
        place.make(job.payload)
        return place


def _launch(job: Job, environment: dict[str, str], place: Place) -> Launched:
    if job.how == "forked" and not job.command:
        return launch_fork(environment, place)
    if job.how != "container":
        return launch_process(job.command, environment, place)
    image = Image(name=job.image) if job.image else ensure_image()
    return launch_container(image, job.command, environment, place)


def _reader(job: Job, action: ActionFile) -> LogReader:
    masker = Masker()
    for secret in (DECOY_RUNTIME_TOKEN, *job.all_secrets()):
        masker.add(secret)
    reader = LogReader(masker=masker, show=job.on_line)
    unexpected = action.unexpected(job.inputs)
    if unexpected:
        names = ", ".join(f"'{name}'" for name in unexpected)
        valid = ", ".join(f"'{name}'" for name in action.defaults)
        reader.annotate(Annotation(level="warning", message=f"Unexpected input(s) {names}, valid inputs are [{valid}]"))
    return reader
