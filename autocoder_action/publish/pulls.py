"""What a session's pull request says."""

from autocoder_action.backlog.feature import Backlog, CheckProof, Feature
from autocoder_action.backlog.order import stats
from autocoder_action.backlog.words import in_words
from autocoder_action.plan.activity import Activity
from autocoder_action.publish.board import Place
from autocoder_action.publish.wording import dollars, say, session_title
from autocoder_action.session.result import Outcome, waived_words


def pull_text(outcome: Outcome, approved: Backlog, place: Place, *, run_url: str, spec: str) -> tuple[str, str]:
    """Return the title and the body; ``approved`` is base's backlog, whose checks are not new.

    The body covers everything that the branch holds, also from earlier runs of the same session; it is cut where it
    is written.
    """
    backlog, plan = outcome.backlog, outcome.plan
    proved = [one for one in backlog.features if _of_session(one, plan.name)]
    open_ = [one for one in outcome.open if one not in proved and one.id not in outcome.regressed]
    usage, talk = outcome.usage, outcome.conversation
    again = approved.initialized is not None
    words = {
        "session": plan.name,
        "project": place.project,
        "activity": plan.activity.value,
        "features": _new(backlog, approved) if again else backlog.features,
        "again": again,
        "spec": spec,
        "proved": [_proved(one, outcome) for one in proved],
        "proposed": [one for one in proved if one.check and not _approved(one, approved)],
        "built": [one for one in backlog.features if one.built],
        "open": open_,
        "ended": f"{talk.detail} {talk.remedy}".strip() if talk else "",
        "unfinished": outcome.unfinished,
        "waived": waived_words(outcome.waived) if outcome.waived else "",
        "held": [one.code for one in outcome.features(outcome.again)],
        "head": outcome.commits[-1] if outcome.commits else plan.start,
        "untold": outcome.untold,
        "marks": outcome.marks,
        "regressed": outcome.features(outcome.regressed),
        "pictures": [one.name for one in talk.pictures] if talk else (),
        "trouble": outcome.trouble if plan.activity is Activity.REVIEW else "",
        "summary": in_words(stats(backlog)),
        "turns": usage.turns,
        "tokens": f"{usage.input_tokens + usage.output_tokens:,}",
        "cost": dollars(usage.cost_micro),
        "run_url": run_url,
    }
    session = f"{place.name} {plan.name}".strip()
    return _title(session, outcome, proved, again=again), say("pull", words)


def _new(backlog: Backlog, approved: Backlog) -> tuple[Feature, ...]:
    return tuple(one for one in backlog.features if one.uid not in approved.by_uid)


def _title(session: str, outcome: Outcome, proved: list[Feature], *, again: bool) -> str:
    if outcome.plan.activity is Activity.INITIALIZE and again:
        return f"{session}: the plan grows by {outcome.planned}"
    if outcome.plan.activity is Activity.INITIALIZE:
        return f"{session}: the plan, {len(outcome.backlog.features)} features"
    names = tuple(one.name for one in proved) or ("work in progress",)
    return session_title(session, names)


def _of_session(feature: Feature, session: str) -> bool:
    return isinstance(feature.proof, CheckProof) and feature.proof.session == session


def _approved(feature: Feature, approved: Backlog) -> bool:
    known = approved.by_uid.get(feature.uid)
    return known is not None and known.check == feature.check


def _proved(feature: Feature, outcome: Outcome) -> dict[str, object]:
    proof = feature.proof
    now = {one.feature: one for one in outcome.proved}.get(feature.id)
    command = proof.command if isinstance(proof, CheckProof) else ""
    return {
        "code": feature.code,
        "name": feature.name,
        "check": command,
        "verified": ", ".join(now.verified) if now and feature.check else "",
        "duration_ms": proof.duration_ms if isinstance(proof, CheckProof) else 0,
        "commit": now.commit if now else "",
    }
