"""The demo application's spec, as a user would write it."""

from pathlib import Path

_SPEC = Path(__file__).parent / "app_spec.txt"


def spec_text() -> str:
    """Give the text that belongs at `prompts/app_spec.txt` of the demo's repository."""
    return _SPEC.read_text(encoding="utf-8")
