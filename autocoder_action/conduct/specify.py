"""A spec that was talked about: on a branch of its own, with a pull request that is kept current."""

from dataclasses import dataclass, replace

from autocoder_action.backlog.board import Pull, Refused
from autocoder_action.conduct.assist import footer
from autocoder_action.conduct.deliver import by_hand
from autocoder_action.conduct.hall import Hall
from autocoder_action.conduct.talk_brief import spec_path
from autocoder_action.conduct.talk_desk import TalkDesk
from autocoder_action.conduct.upshot import Upshot
from autocoder_action.conduct.write import Writer
from autocoder_action.errors import AutocoderError
from autocoder_action.publish.effects import EditPull, OpenPull
from autocoder_action.publish.talks import Delivered, Footer, question_words, spec_pull, spec_words
from autocoder_action.session.handed import Questions, Written
from autocoder_action.session.outcome import Usage


@dataclass(frozen=True, kw_only=True)
class Draft:
    """The spec that a conversation is about, and where it lies."""

    issue: int
    text: str
    start: str
    """The commit that a new text is laid upon."""
    branch: str = ""
    """The conversation's own branch, by the number of its issue."""
    head: str | None = None
    """Where that branch is; None while there is none."""
    pull: Pull | None = None
    """The open pull request, with whose text the conversation goes on."""


def present(hall: Hall, issue: int) -> Draft:
    """Return the spec as base holds it; nothing is asked of the host."""
    situation = hall.situation
    return Draft(issue=issue, text=situation.spec.text if situation.spec else "", start=situation.base.commit)


def current(hall: Hall, issue: int) -> Draft:
    """Return the spec as the issue's open pull request holds it, or as base does where there is none."""
    world, situation = hall.world, hall.situation
    branch = f"{situation.settings.branches.removesuffix('session-')}spec-{issue}"
    head = world.workspace.branches(branch).get(branch)
    pulls = world.tracker.pulls(prefix=branch, base=situation.base.branch) if head else ()
    pull = next((one for one in pulls if one.branch == branch), None)
    draft = replace(present(hall, issue), branch=branch, head=head, pull=pull)
    if head is None or pull is None:
        return draft
    content = world.workspace.read(head, spec_path(situation))
    return replace(draft, start=head, text=draft.text if content is None else content.decode(errors="replace"))


def specified(hall: Hall, desk: TalkDesk, draft: Draft, usage: Usage, writer: Writer) -> Upshot:
    """Ask what the agent asks, or deliver the text that it handed over."""
    words = footer(hall, usage)
    match desk.handed:
        case Questions(questions=questions, decided=decided):
            asked = question_words(questions, decided, words)
            return Upshot(tell=lambda _: asked)
        case Written():
            try:
                return _deliver(hall, desk.handed, draft, words, writer)
            except AutocoderError as error:
                return Upshot(trouble=f"The spec could not be delivered. {error}")
        case _:
            return Upshot(trouble="The agent ended without a question and without a spec. Say more, and ask again.")


def _deliver(hall: Hall, written: Written, draft: Draft, words: Footer, writer: Writer) -> Upshot:
    """Commit the text alone, push it, and show it in a pull request."""
    workspace, path = hall.world.workspace, spec_path(hall.situation)
    before = workspace.tree(draft.start)
    tree = workspace.graft(before, {path: f"{written.text}\n".encode()})
    delivered = Delivered(
        path=path,
        branch=draft.branch,
        pull=draft.pull.number if draft.pull else None,
        decided=written.decided,
        new=tree != before,
    )
    if tree == before:
        same = spec_words(delivered, words)
        return Upshot(tell=lambda _: same, pull=draft.pull)
    message = f"docs(spec): write what was talked about\n\nAutocoder-Session: {hall.plan.name}\n"
    commit = workspace.commit(tree, parents=[draft.start], message=message)
    rejected = workspace.push(draft.branch, commit, expected=draft.head)
    if rejected:
        return Upshot(trouble=f"The branch {draft.branch} did not take the spec: {rejected.reason.rstrip('.')}.")
    pull, notes = _show(hall, delivered, draft, writer)
    told = spec_words(replace(delivered, pull=pull.number if pull else None), words)
    return Upshot(tell=lambda _: told, pull=pull, commits=(commit,), notes=notes)


def _show(hall: Hall, delivered: Delivered, draft: Draft, writer: Writer) -> tuple[Pull | None, tuple[str, ...]]:
    """Open the pull request, or bring it up to date; return what a person has to know where that is not allowed."""
    title, body = spec_pull(delivered, draft.issue, run_url=hall.world.request.run_url)
    if draft.pull:
        receipt = writer.do(EditPull(number=draft.pull.number, title=draft.pull.title, body=body))
    else:
        base = hall.situation.base.branch
        receipt = writer.do(OpenPull(branch=draft.branch, base=base, title=title, body=body))
    if isinstance(receipt, Refused):
        return None, (by_hand(hall, draft.branch, receipt),)
    return receipt if isinstance(receipt, Pull) else draft.pull, ()
