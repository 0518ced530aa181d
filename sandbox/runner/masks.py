"""Secrets become three stars in everything that a person reads, as GitHub's runner does it."""

import base64
import json
import re
import threading
from collections.abc import Iterator
from urllib.parse import quote

STARS = "***"


def encodings(secret: str) -> Iterator[str]:
    """Yield a secret and the encodings of it that the runner recognises too.

    Base64 depends on where the secret starts inside a longer text, so that there are three of them.

    >>> "aGVsbG8=" in set(encodings("hello"))
    True
    """
    raw = secret.encode()
    yield secret
    yield json.dumps(secret)[1:-1]
    yield quote(secret, safe="")
    for shift in range(3):
        yield base64.b64encode(raw[shift:]).decode()


class Masker:
    """What this run must never print; values can be added while it prints."""

    def __init__(self) -> None:
        self._secrets: list[str] = []
        self._needles: set[str] = set()
        self._pattern: re.Pattern[str] | None = None
        self._lock = threading.Lock()

    @property
    def secrets(self) -> tuple[str, ...]:
        """Every value that was added, in order."""
        return tuple(self._secrets)

    def add(self, secret: str) -> None:
        """Mask a value and each of its lines from now on; an empty one is ignored."""
        if not secret.strip():
            return
        with self._lock:
            if secret not in self._secrets:
                self._secrets.append(secret)
            for part in (secret, *secret.splitlines()):
                self._needles.update(text for text in encodings(part.strip("\r")) if len(text) > 1)
            longest_first = sorted(self._needles, key=len, reverse=True)
            self._pattern = re.compile("|".join(map(re.escape, longest_first)))

    def mask(self, text: str) -> str:
        """Return the text with every secret in it replaced.

        >>> masker = Masker()
        >>> masker.add("hunter2")
        >>> masker.mask("password hunter2!")
        'password ***!'
        """
        return self._pattern.sub(STARS, text) if self._pattern else text
