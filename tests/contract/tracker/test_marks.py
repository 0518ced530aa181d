"""What every Tracker tells of what people did to comments."""

from autocoder_action.backlog.board import Marked
from tests.contract.tracker.world import World


def test_a_comment_tells_who_edited_it_last_and_whose_thumb_is_up(world: World) -> None:
    world.person("bob", "read")
    number = world.issue("One")
    quiet = world.tracker.create_comment(number, "Quiet.")
    loud = world.tracker.create_comment(number, "- [ ] A")
    assert quiet.node
    world.reword_comment(loud.id, "- [x] A", by="ann")
    world.thumb(loud.id, by="bob")
    world.thumb(loud.id, by="ann")
    world.thumb(quiet.id, by="ann", content="heart")
    assert world.tracker.marked([quiet.node, loud.node]) == {
        quiet.node: Marked(body="Quiet.", editor="", thumbs=()),
        loud.node: Marked(body="- [x] A", editor="ann", thumbs=("bob", "ann")),
    }


def test_our_own_edit_has_our_own_name(world: World) -> None:
    said = world.tracker.create_comment(world.issue("One"), "Started.")
    world.tracker.update_comment(said.id, "Done.")
    assert world.tracker.marked([said.node])[said.node].editor == world.tracker.me()


def test_a_comment_that_is_gone_is_left_out_and_so_are_people_who_are(world: World) -> None:
    world.person("bob", "write")
    number = world.issue("One")
    gone, kept = (world.tracker.create_comment(number, words) for words in ("Gone.", "Kept."))
    world.delete_comment(gone.id)
    world.reword_comment(kept.id, "Kept on.", by="bob")
    world.thumb(kept.id, by="bob")
    world.leave("bob")
    (marked,) = world.tracker.marked([gone.node, kept.node]).values()
    assert marked.body == "Kept on."
    assert not world.tracker.permission(marked.editor or "ghost").may_steer
    assert marked.thumbs == ()


def test_nothing_is_asked_about_no_comment(world: World) -> None:
    assert world.tracker.marked([]) == {}
