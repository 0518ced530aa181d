"""Every power over the outside world, a page for each thing outside.

A stage decides with values; whatever touches the world goes through one of these. Each has a real
adapter in ``adapters/`` and a stateful fake in the tests, and both pass the same contract suite.
Every method may raise ``UpstreamError`` where a service or the network fails.
"""

from autocoder_action.ports.agent import Agent, Desk
from autocoder_action.ports.answers import Answers
from autocoder_action.ports.machine import Checks, Clock, Courier, Runner
from autocoder_action.ports.repository import JournalStore, Store, Workspace
from autocoder_action.ports.tracker import Tracker

__all__ = [
    "Agent",
    "Answers",
    "Checks",
    "Clock",
    "Courier",
    "Desk",
    "JournalStore",
    "Runner",
    "Store",
    "Tracker",
    "Workspace",
]
