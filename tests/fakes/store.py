"""A store that keeps a backlog as JSON text, with the promises of the real one."""

from itertools import islice

from msgspec import DecodeError, json

from autocoder_action.backlog.feature import Backlog
from autocoder_action.backlog.soundness import problems
from autocoder_action.errors import BacklogError

_read = json.Decoder(Backlog).decode
_write = json.Encoder(order="deterministic").encode
_MAGIC = b"backlog 1\n"


class FakeStore:
    """A Store for tests whose bytes a person can read."""

    def decode(self, data: bytes) -> Backlog:
        """Read what ``encode`` wrote; raise BacklogError for anything else."""
        magic, _, text = data.partition(b"\n")
        if magic + b"\n" != _MAGIC:
            raise BacklogError("These bytes are no backlog.", remedy="Restore them from an earlier commit.")
        try:
            backlog = _read(text)
        except (DecodeError, UnicodeDecodeError) as error:
            raise BacklogError("These bytes are no backlog.", remedy="Restore an earlier commit.") from error
        return _sound(backlog)

    def encode(self, backlog: Backlog, previous: bytes | None = None) -> bytes:
        """Write a backlog; return ``previous`` itself where it holds the same."""
        if previous is not None and self.decode(previous) == backlog:
            return previous
        return _MAGIC + _write(_sound(backlog))


def _sound(backlog: Backlog) -> Backlog:
    if wrong := list(islice(problems(backlog), 3)):
        raise BacklogError(" ".join(wrong), remedy="Restore features.db from an earlier commit.")
    return backlog
