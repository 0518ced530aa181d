"""A stateful GitHub on loopback: REST, GraphQL and git, held to GitHub's own schemas."""

from sandbox.github.conformance import Violation
from sandbox.github.events import Delivery
from sandbox.github.http.app import Exchange
from sandbox.github.http.faults import Fault
from sandbox.github.repository import Repo
from sandbox.github.server import GitHub
from sandbox.github.settings import Settings
from sandbox.github.world import ACTIONS_BOT

__all__ = ["ACTIONS_BOT", "Delivery", "Exchange", "Fault", "GitHub", "Repo", "Settings", "Violation"]
