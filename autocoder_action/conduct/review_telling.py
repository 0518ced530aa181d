"""What the agent is told that addresses a review: the remarks, and what the pull request is about."""

from autocoder_action.backlog.feature import Feature
from autocoder_action.conduct.hall import Hall
from autocoder_action.conduct.sessions import GENERATED
from autocoder_action.session.prompts import describe
from autocoder_action.session.remarks import show_files, show_remarks


def shown_remarks(hall: Hall) -> tuple[str, ...]:
    """Return the open remarks that fit into what an agent is told, in their order."""
    review = hall.situation.review
    return show_remarks(review.open) if review else ()


def reviewed_features(hall: Hall) -> tuple[Feature, ...]:
    """Return the features whose standing the pull request changes."""
    approved = hall.situation.backlog.by_uid

    def changed(one: Feature) -> bool:
        base = approved.get(one.uid)
        return base is None or (base.status, base.proof, base.built) != (one.status, one.proof, one.built)

    return tuple(one for one in hall.backlog.features if changed(one))


def review_slots(hall: Hall) -> dict[str, str]:
    """Return what the prompt is filled with, besides what every prompt is."""
    review = hall.situation.review
    features = reviewed_features(hall)
    return {
        "pull": str(review.pull if review else 0),
        "remarks": "\n\n".join(shown_remarks(hall)),
        "features": describe(features) if features else "It changes the standing of none.",
        "files": _files(hall),
        "turns": str(hall.plan.caps.turns),
        "minutes": hall.minutes,
    }


def _files(hall: Hall) -> str:
    workspace, settings, base = hall.world.workspace, hall.situation.settings, hall.situation.base
    met = workspace.meeting(hall.plan.start, base.commit) or base.commit
    generated = set(map(settings.path, GENERATED))
    changes = workspace.differences(met, hall.plan.start)
    return show_files([one for one in changes if one.path not in generated])
