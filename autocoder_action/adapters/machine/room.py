"""Room on the disk that nobody but trusted code can use up."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress

CONVERSATION = 128 * 1024 * 1024
"""Bytes for what comes after one: the work that is taken over, clean checkouts, the journal."""
COMMAND = 16 * 1024 * 1024
"""Bytes for what comes after the last check: commits and the journal."""


@contextmanager
def kept_free(size: int) -> Iterator[None]:
    """Hold so many bytes where temporary files lie; whatever others write meanwhile, there is as much room afterwards.

    Where there is less, nothing is held.
    """
    with ExitStack() as stack:
        with suppress(OSError):
            held = stack.enter_context(tempfile.TemporaryFile())
            os.posix_fallocate(held.fileno(), 0, size)
        yield
