"""Whether a plan is made from the spec: the first one, or what an existing one lacks."""

from autocoder_action.errors import BacklogError
from autocoder_action.plan.activity import Activity
from autocoder_action.plan.conclusion import Conclusion
from autocoder_action.plan.fresh import fresh
from autocoder_action.plan.plan import Plan, Rest
from autocoder_action.plan.situation import NoSpec, Situation, Spec


def initialize(situation: Situation) -> Plan:
    """Hold a session that turns the spec into features, where one is wanted; raise BacklogError without a spec."""
    if situation.backlog.initialized is not None:
        return _again(situation)
    if situation.rejected_plan and not situation.wish.commanded:
        return Rest(
            conclusion=Conclusion.SKIPPED,
            reason=f"The plan was turned down in pull request #{situation.rejected_plan.number}; change the spec, or "
            "comment `/autocoder init` to have another one.",
        )
    return fresh(situation, Activity.INITIALIZE, f"The spec {_spec(situation).path} has no features yet.", ())


def _again(situation: Situation) -> Plan:
    """Propose what the plan lacks where somebody asks for it; nothing that waits for review is in the way."""
    if not situation.wish.arguments.again:
        return Rest(
            conclusion=Conclusion.SKIPPED,
            reason="The project is initialized: its backlog is on base. `/autocoder init --again` proposes what the "
            "plan lacks.",
        )
    waiting = next((one for one in reversed(situation.open_sessions) if not one.shelved), None)
    if waiting:
        where = f"pull request #{waiting.pull.number}" if waiting.pull else f"branch {waiting.branch}"
        return Rest(
            conclusion=Conclusion.SKIPPED,
            reason=f"{waiting.name} waits for review in {where}; merge or close it before the plan is looked at again.",
            pull=waiting.pull,
        )
    count = len(situation.backlog.features)
    reason = f"The spec {_spec(situation).path} is compared with the plan's {count} features."
    return fresh(situation, Activity.INITIALIZE, reason, ())


def _spec(situation: Situation) -> Spec:
    """Return the spec; raise BacklogError where it cannot be read."""
    if situation.spec is None:
        missing = situation.no_spec or NoSpec(cause="There is no spec.", remedy="Name one in `spec:`.")
        raise BacklogError(missing.cause, remedy=missing.remedy)
    return situation.spec
