"""Everything that the sandbox's GitHub knows, behind one lock."""

from __future__ import annotations

import threading
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from sandbox.github.clock import Clock
from sandbox.github.state import Account, Actor, Token

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from sandbox.github.repository import Repo

ACTIONS_BOT = Account(id=41898282, login="github-actions[bot]", type="Bot")
_FIRST_ID = {"user": 1001, "repo": 500001, "issue": 900001, "pull": 700001, "comment": 3000001, "run": 8000001}


@dataclass(kw_only=True, eq=False, repr=False)
class World:
    """Accounts, repositories, tokens, ids and the clock.

    `lock` is held by whoever reads or changes anything here: the server's threads and people's acts.
    """

    folder: Path | None = None
    clock: Clock = field(default_factory=Clock)
    server_url: str = "http://127.0.0.1:0"
    accounts: dict[str, Account] = field(default_factory=dict)
    repos: dict[str, Repo] = field(default_factory=dict)
    tokens: dict[str, Token] = field(default_factory=dict)
    withheld: set[str] = field(default_factory=set)
    """What this server, being of an older version, lacks: `sub_issues`, `dependencies`, `histories`, `threads`."""
    departed: set[int] = field(default_factory=set)
    """The ids of accounts that were deleted."""
    lock: threading.RLock = field(default_factory=threading.RLock)
    _counted: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self.accounts[ACTIONS_BOT.login.lower()] = ACTIONS_BOT

    @property
    def api_url(self) -> str:
        """Return the root of the REST API, where GitHub Enterprise Server has it."""
        return f"{self.server_url}/api/v3"

    def next_id(self, kind: str) -> int:
        """Count up the ids of one kind; the first of a kind is always the same."""
        self._counted[kind] += 1
        return _FIRST_ID.get(kind, 1) + self._counted[kind] - 1

    def add_account(self, login: str, kind: Literal["User", "Organization", "Bot"] = "User") -> Account:
        """Register somebody, or return who is registered under that name."""
        known = self.accounts.get(login.lower())
        if known:
            return known
        account = Account(id=self.next_id("user"), login=login, type=kind)
        self.accounts[login.lower()] = account
        return account

    def account(self, login: str) -> Account:
        """Return a registered account; raises KeyError with the remedy."""
        try:
            return self.accounts[login.lower()]
        except KeyError:
            raise KeyError(f"The sandbox knows no {login!r}: call hub.add_user({login!r}) first.") from None

    def person(self, login: str) -> Actor:
        """Return somebody who acts on the web page, without a token."""
        return Actor(account=self.account(login))

    def find_repo(self, owner: str, name: str) -> Repo | None:
        """Return a repository by its name, whose case does not matter."""
        return self.repos.get(f"{owner}/{name}".lower())

    def add_token(self, account: Account, repo: str | None, permissions: Mapping[str, str]) -> str:
        """Make a credential and return its text, which is unique and tells what it is for."""
        serial = self.next_id("token")
        value = f"ghs_workflow{serial:028d}" if repo else f"ghp_person{serial:030d}"
        self.tokens[value] = Token(value=value, account=account, repo=repo, permissions=dict(permissions))
        return value


def permission_level(permissions: Mapping[str, str], scope: str) -> int:
    """Return how far a token's permission goes: 0 none, 1 read, 2 write.

    >>> permission_level({"issues": "write"}, "issues"), permission_level({}, "issues")
    (2, 0)
    """
    if scope == "metadata":
        return 1
    return {"read": 1, "write": 2}.get(permissions.get(scope, ""), 0)
