"""``doctor``: the set-up is looked at, and nothing is changed."""

from autocoder_action.conduct.read import Reading
from autocoder_action.conduct.write import Writer
from autocoder_action.intake.settings import Part
from autocoder_action.plan.diagnosis import Facts, diagnose
from autocoder_action.plan.workflow_steps import ACTION
from autocoder_action.publish.wording import say

_WORKFLOWS = ".github/workflows/"


def examine(reading: Reading, writer: Writer) -> str:
    """Return what is well and what is not, each with what helps."""
    world, situation = writer.world, reading.situation
    workspace, commit = world.workspace, situation.base.commit
    paths = [path for path in workspace.files(commit) if path.startswith(_WORKFLOWS)]
    texts = {path: (workspace.read(commit, path) or b"").decode(errors="replace") for path in paths}
    facts = Facts(
        has_issues=reading.repository.has_issues,
        login=world.tracker.me(),
        workflows={path: text for path, text in texts.items() if ACTION in text},
        seen_key=bool({"anthropic_api_key", "claude_code_oauth_token"} & world.request.inputs.keys()),
        gate=situation.settings.part is Part.GATE,
    )
    return say("doctor", {"findings": diagnose(situation, facts)})
