"""What a workflow gives to the steps that use this action, and where a run's two halves are given different things."""

from collections.abc import Iterator, Mapping

from autocoder_action.intake.document import read_document
from autocoder_action.intake.inputs import INPUTS
from autocoder_action.intake.settings import Part

ACTION = "autocoder-action"
"""Part of what a step uses that is this action, by its usual name."""
WHERE = ("project_path", "config_file", "base_branch", "branch_prefix")
"""The inputs that say where a run looks, so that both of its halves need them."""
BOTH = (*WHERE, "github_token")
"""These, and who a run writes as; that may differ, and then answers and the board are by two authors."""
_DEFAULTS = {one.name: one.default or "" for one in INPUTS}
_Step = Mapping[str, str]


def at_odds(workflow: str) -> tuple[str, ...]:
    """Return the inputs that a session's step is given otherwise than the gate's that it waits for.

    Two expressions count as equal: what they come to is only known in a run.

    >>> at_odds('''
    ... jobs:
    ...   gate: {steps: [{uses: autocoder-action/autocoder-action@v1, with: {part: gate}}]}
    ...   session: {needs: gate, steps: [{uses: autocoder-action/autocoder-action@v1, with: {part: session,
    ...     project_path: apps/web}}]}
    ... ''')
    ('project_path',)
    """
    document, _ = read_document(workflow.encode(), "the workflow")
    jobs = _mapping(document.get("jobs"))
    pairs = [
        (gate, session)
        for job in jobs.values()
        for session in _steps(job, Part.SESSION)
        for needed in _needs(job)
        for gate in _steps(jobs.get(needed), Part.GATE)
    ]
    return tuple(name for name in BOTH if any(_differ(name, *pair) for pair in pairs))


def _steps(job: object, part: Part) -> Iterator[_Step]:
    """Yield what each step of a job is given that is this half of a run."""
    steps = _mapping(job).get("steps")
    for step in steps if isinstance(steps, list) else ():
        given = {name: str(value) for name, value in _mapping(_mapping(step).get("with")).items()}
        if ACTION in str(_mapping(step).get("uses")) and given.get("part") == part.value:
            yield given


def _needs(job: object) -> tuple[str, ...]:
    needs = _mapping(job).get("needs")
    return tuple(map(str, needs)) if isinstance(needs, list) else (str(needs),)


def _differ(name: str, gate: _Step, session: _Step) -> bool:
    one, other = gate.get(name, ""), session.get(name, "")
    if one and other and ("${{" in one or "${{" in other):
        return False
    return (one or _DEFAULTS[name]) != (other or _DEFAULTS[name])


def _mapping(value: object) -> Mapping[str, object]:
    """Return what should be a mapping, and nothing where the file has something else there."""
    return {str(key): one for key, one in value.items()} if isinstance(value, dict) else {}
