"""Pull requests from forks: who offers them, where their branch lies, and that they follow it."""

import httpx
import pytest

from sandbox.github import GitHub, Repo


@pytest.fixture
def repo(hub: GitHub) -> Repo:
    """Return a repository that eve has forked; a branch of her fork has one commit more."""
    made = hub.add_repo("octo", "app", files={"README.md": "# App\n"})
    hub.add_user("eve")
    hub.fork(made, by="eve").commit({"a.txt": "a\n"}, by="eve", message="feat: a", branch="topic")
    return made


def shown(hub: GitHub, repo: Repo, number: int) -> dict[str, object]:
    """Return a pull request as the API shows it."""
    body: dict[str, object] = httpx.get(f"{hub.api_url}/repos/{repo.full_name}/pulls/{number}").json()
    return body


def test_a_stranger_offers_a_branch_of_a_fork(hub: GitHub, repo: Repo) -> None:
    number = repo.open_pull(by="eve", head="eve:topic", title="A").number
    head = shown(hub, repo, number)["head"]
    assert isinstance(head, dict)
    assert (head["label"], head["ref"], head["repo"]["full_name"], head["repo"]["fork"]) == (
        "eve:topic",
        "topic",
        "eve/app",
        True,
    )
    assert repo.head("topic") is None
    assert repo.git.resolve(f"refs/pull/{number}/head") == head["sha"]
    event = repo.deliveries[-1]
    assert event.payload["pull_request"]["head"]["repo"]["full_name"] == "eve/app"


def test_it_follows_the_forks_branch_and_no_other_of_its_name(hub: GitHub, repo: Repo) -> None:
    number = repo.open_pull(by="eve", head="eve:topic", title="A").number
    repo.commit({"b.txt": "b\n"}, by="octo", message="feat: b", branch="topic")
    own = repo.open_pull(by="octo", head="topic", title="B").number
    later = hub.repo("eve/app").commit({"a.txt": "A\n"}, by="eve", message="fix: a", branch="topic")
    assert [one["sha"] for one in (shown(hub, repo, number)["head"], shown(hub, repo, own)["head"])] == [  # type: ignore[index]  # JSON
        later,
        repo.head("topic"),
    ]
    listed = httpx.get(f"{hub.api_url}/repos/octo/app/pulls", params={"head": "eve:topic"}).json()
    assert [one["number"] for one in listed] == [number]


def test_it_can_be_merged_and_leaves_a_branch_of_its_name_alone(repo: Repo) -> None:
    repo.settings.delete_branch_on_merge = True
    number = repo.open_pull(by="eve", head="eve:topic", title="A").number
    repo.commit({"b.txt": "b\n"}, by="octo", message="feat: b", branch="topic")
    repo.merge_pull(number, by="octo")
    assert "from eve/topic" in repo.git.run("log", "-1", "--format=%s", "main")
    assert repo.git.run("show", "main:a.txt") == "a\n"
    assert repo.head("topic")


def test_a_repository_that_is_no_fork_offers_nothing(hub: GitHub, repo: Repo) -> None:
    hub.add_repo("bob", "app", files={"README.md": "# Other\n"})
    with pytest.raises(Exception, match="head"):
        repo.open_pull(by="bob", head="bob:main", title="B")
