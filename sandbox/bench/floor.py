"""The least that the agent's program sends: what a session's first request is measured against."""

import os
import tempfile
from contextlib import nullcontext
from pathlib import Path

from autocoder_action.adapters.claude.agent import ClaudeAgent
from autocoder_action.plan.activity import Activity
from autocoder_action.session.brief import Brief, Caps, Signals
from autocoder_action.session.call import Call, Reply
from autocoder_action.session.outcome import Step
from autocoder_action.session.provider import Credential, Provider
from sandbox.model import Model
from sandbox.model.log import Exchange
from sandbox.model.policies import say
from sandbox.stage import KEY


def asked(model: Model | None) -> list[Exchange]:
    """Return the requests for a message."""
    return [one for one in (model.requests if model else ()) if one.path == "/v1/messages"]


class _Nobody:
    """A desk at which nobody calls."""

    def call(self, _call: Call) -> Reply:
        """Refuse."""
        return Reply(text="There are no tools.", failed=True)

    def hear(self, _step: Step) -> None:
        """Take no note."""


def floor(model: str) -> int:
    """Return the bytes of a first request that says next to nothing, with the tools that every building agent has."""
    brief = Brief(
        activity=Activity.BUILD,
        system="-",
        prompt="-",
        model=model,
        tools=(),
        caps=Caps(turns=1, cost_micro=10_000_000, minutes=5, features=1),
        seconds=300.0,
        signals=Signals(near="-", close="-"),
    )
    with Model(say("."), keys={KEY}) as service, tempfile.TemporaryDirectory(prefix="autocoder-bench-") as folder:
        provider = Provider(kind=Credential.API_KEY, secret=KEY, source="the bench", base_url=service.base_url)
        agent = ClaudeAgent(provider=provider, user=None, path=os.defpath, contain=nullcontext)
        agent.converse(brief, folder=Path(folder), desk=_Nobody())
        return asked(service)[0].bytes
