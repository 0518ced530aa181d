"""A runner: starts the action from an event as GitHub does, as a plain process or in its container."""

from sandbox.runner.checkout import CheckoutError
from sandbox.runner.engine import EngineError
from sandbox.runner.job import Job
from sandbox.runner.runner import Runner
from sandbox.runner.step import Finished, Grace, Started
from sandbox.runner.workflow_commands import Annotation

__all__ = ["Annotation", "CheckoutError", "EngineError", "Finished", "Grace", "Job", "Runner", "Started"]
