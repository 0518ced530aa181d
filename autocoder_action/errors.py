"""Everything that can stop a run, sorted by who can fix it.

A spent budget, a failed check or a refused command is a value, never one of these.
"""


class AutocoderError(Exception):
    """A run cannot go on, and somebody can be told what to do about it."""

    title = "The run stopped"

    def __init__(self, cause: str, *, remedy: str) -> None:
        """Say the cause in one sentence, and what to do about it in another."""
        super().__init__(cause)
        self.cause = cause
        self.remedy = remedy

    def __str__(self) -> str:
        """Return cause and remedy on one line, as the log shows them."""
        return f"{self.cause} {self.remedy}".replace("\n", " ")


class ConfigError(AutocoderError):
    """The author of the workflow or of the configuration can fix it."""

    title = "The configuration needs a change"


class BacklogError(AutocoderError):
    """A maintainer of the project can fix it: the backlog, the spec or the journal is at fault."""

    title = "The backlog needs attention"


class OutOfReachError(BacklogError):
    """What the file holds is not in doubt, and an earlier one would be a loss: something keeps us from reading it."""


class UpstreamError(AutocoderError):
    """Nobody here can fix it; a service or the network failed, and running again is safe."""

    title = "A service that the run needs has failed"


class GoneError(UpstreamError):
    """An issue or a comment that the run is about was deleted; there is nothing to fix."""


class LimitedError(UpstreamError):
    """The host wants to be left alone for longer than there is time to wait."""


class MachineError(AutocoderError):
    """Nobody here can fix it: the machine of this run failed, and another one may not."""

    title = "The machine failed"


def machine_failed(error: OSError) -> MachineError:
    """Say what the machine could not do.

    >>> str(machine_failed(OSError(28, "No space left on device", "/tmp/x")))
    'The machine failed: No space left on device (/tmp/x). Free its disk, or give the job a larger machine.'
    """
    where = f" ({error.filename})" if error.filename else ""
    return MachineError(
        f"The machine failed: {error.strerror or error}{where}.",
        remedy="Free its disk, or give the job a larger machine.",
    )
