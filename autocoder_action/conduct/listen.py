"""What people did on the issues, taken into the journal before anything is decided."""

from dataclasses import replace

from autocoder_action.backlog.board import Issue, Listing
from autocoder_action.backlog.issue_labels import PAUSED, project_label
from autocoder_action.backlog.journal import Change, Paused, Resumed
from autocoder_action.backlog.ledger import numbers, paused, synced, tracked, unseen
from autocoder_action.backlog.recognise import bears_a_sign, in_question, people, replaced
from autocoder_action.backlog.reconcile import take_in
from autocoder_action.backlog.sighting import Kin, Scene, with_ids
from autocoder_action.conduct.heard import Heard
from autocoder_action.conduct.proposed import board_of
from autocoder_action.conduct.read import Reading, read
from autocoder_action.conduct.write import Writer
from autocoder_action.intake.settings import Settings, project_name
from autocoder_action.publish.board import tracking_issue

_FRESH = 20
"""Seconds after which the board is listed once more before anything is written on it."""


def listen(reading: Reading, writer: Writer) -> Reading:
    """Return the reading with what people decided on the issues; the journal has it then, too.

    It costs one request for each hundred issues that changed since the board was last seen, one for each fifty of
    which it has to be known who changed them, and one for each person who did.
    """
    if not reading.repository.has_issues or writer.at_gate or not _is_old(reading.heard, writer):
        return reading
    began, listing = writer.world.clock.elapsed(), _listed(reading, writer)
    if reading.heard and listing.issues == reading.heard.scene.issues:
        return replace(reading, heard=replace(reading.heard, at=began))
    heard, changes = _hear(reading, writer, listing)
    heard = _after(reading.heard, replace(heard, at=began))
    world, situation = writer.world, reading.situation
    for line in heard.notes:
        world.runner.say(line)
    if not changes:
        return replace(reading, heard=heard)
    if writer.dry:
        for change in changes:
            world.runner.say(f"dry run: would take over from the issues: {change.kind} ({change.id})")
        board = board_of(situation, heard.scene.synced)
        after = replace(situation, backlog=board.without(heard.taken.backlog))
        return replace(reading, heard=heard, situation=after)
    world.runner.say(f"Board: {len(changes)} decision{'s' * (len(changes) != 1)} of people taken over.")
    writer.changes += changes
    writer.remember(situation.settings.project_path)
    return replace(read(world, situation.wish, reading.ground), heard=heard)


def _is_old(heard: Heard | None, writer: Writer) -> bool:
    """Return whether people may have done something meanwhile, as during a session that talks or a long check."""
    return heard is None or writer.world.clock.elapsed() - heard.at >= _FRESH


def _listed(reading: Reading, writer: Writer) -> Listing:
    last, journal = tracked(reading.journal), reading.journal
    return writer.world.tracker.issues(since=(last.seen if last else 0) or None, known=unseen(journal))


def _after(before: Heard | None, heard: Heard) -> Heard:
    """Return what was heard with what is still to be told of what was heard before."""
    if before is None:
        return heard
    said = {one.key: one for one in before.taken.remarks}
    remarks = tuple(said.get(one.key, one) for one in heard.taken.remarks)
    conflicts = (*before.taken.conflicts, *heard.taken.conflicts)
    taken = replace(heard.taken, conflicts=conflicts, remarks=remarks)
    return replace(heard, taken=taken, checked=before.checked, blocked=before.blocked)


def _hear(reading: Reading, writer: Writer, listing: Listing) -> tuple[Heard, list[Change]]:
    world, last, scene = writer.world, tracked(reading.journal), _scene(reading, writer, listing.issues)
    mark = last.seen if last else 0
    ours = {record.issue for record in scene.synced.values()} | numbers(last)
    if any(issue.number not in ours and bears_a_sign(issue) for issue in scene.issues) or in_question(scene):
        scene = replace(scene, me=world.tracker.me())  # it costs a request: only where somebody has to be told apart
    scene = replace(scene, gone=frozenset(one for one in replaced(scene) if world.tracker.issue(one) is None))
    tracking = _tracking(scene, last.issue if last else 0, writer)
    switched = tracking is not None and _is_paused(tracking) != (last is not None and last.paused)
    asked = {*in_question(scene), *({tracking.number} if tracking and switched else ())}
    scene = replace(scene, histories=world.tracker.histories(sorted(asked), since=mark) if asked else {})
    scene = replace(scene, writers=frozenset(one for one in people(scene) if world.tracker.permission(one).may_steer))
    untold = tuple(sorted(asked - scene.histories.keys()))
    taken = take_in(scene)
    pause = _pause(tracking, scene) if tracking and switched else None
    heard = Heard(
        scene=with_ids(scene, taken),
        taken=taken,
        # Whose label stands on it is not known: it is left alone, as if nobody had touched it.
        tracking=None if last and last.issue in untold else tracking,
        paused=isinstance(pause, Paused) if pause else paused(reading.journal) is not None,
        mark=mark if untold else max(mark, listing.seen),
        entries=listing.entries,
        untold=untold,
    )
    return heard, [*taken.changes, *([pause] if pause else [])]


def _scene(reading: Reading, writer: Writer, issues: tuple[Issue, ...]) -> Scene:
    """Return both sides as they are known before anybody is asked who did what."""
    world, records = writer.world, synced(reading.journal)
    board = board_of(reading.situation, records)
    return Scene(
        backlog=board.backlog,
        proposed=board.proposed,
        project=reading.situation.settings.project,
        me="",
        synced=records,
        issues=issues,
        histories={},
        writers=frozenset(),
        done={change.id for change in reading.journal} | reading.situation.backlog.applied,
        now=world.clock.now(),
        run=world.request.run,
        kin=_kin(reading.situation.settings),
        prefix=reading.situation.settings.file.command_prefix,
    )


def _kin(settings: Settings) -> Kin:
    if not settings.name:
        return Kin()
    projects = settings.file.projects
    return Kin(
        label=project_label(settings.name),
        labels=tuple(map(project_label, projects)),
        others=frozenset(project_name(path) for name, path in projects.items() if name != settings.name),
    )


def _tracking(scene: Scene, known: int, writer: Writer) -> Issue | None:
    """Return the tracking issue where it changed; where somebody deleted it, the one that a dead run opened anew."""
    found = next((issue for issue in scene.issues if issue.number == known), None)
    later = [issue for issue in scene.issues if issue.number > known]
    other = tracking_issue(later, scene.project, scene.me) if scene.me and not found else None
    return None if other and known and writer.world.tracker.issue(known) else found or other


def _is_paused(issue: Issue) -> bool:
    return any(label.casefold() == PAUSED for label in issue.labels)


def _pause(issue: Issue, scene: Scene) -> Paused | Resumed | None:
    """Return what a person asks for who put the label on the tracking issue, or took it off."""
    history = scene.histories.get(issue.number)
    acts = history.labels.items() if history else ()
    act = next((act for label, act in acts if label.casefold() == PAUSED), None)
    if act is None or act.by not in scene.writers or f"board/{issue.number}/paused/{act.at}" in scene.done:
        return None
    name = f"board/{issue.number}/paused/{act.at}"
    if _is_paused(issue):
        reason = f"{act.by} put the label {PAUSED} on the tracking issue; take it off to go on."
        return Paused(id=name, at=scene.now, run=scene.run, by=act.by, reason=reason)
    return Resumed(id=name, at=scene.now, run=scene.run, by=act.by)
