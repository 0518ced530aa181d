"""Choose the real adapter for each port; nothing is decided here that a person would notice."""

from collections.abc import Mapping

_SECRETS = ("INPUT_ANTHROPIC_API_KEY", "INPUT_CLAUDE_CODE_OAUTH_TOKEN", "INPUT_GITHUB_TOKEN", "ANTHROPIC_API_KEY")
_MORE_SECRETS = (
    "INPUT_GEMINI_API_KEY",
    "CLAUDE_CODE_OAUTH_TOKEN",
    "ANTHROPIC_AUTH_TOKEN",
    "ACTIONS_RUNTIME_TOKEN",
    "GITHUB_TOKEN",
)


def secrets(environment: Mapping[str, str]) -> frozenset[str]:
    """Return the values that may never leave; what is shorter than eight characters would hide plain words."""
    values = (environment.get(name, "").strip() for name in _SECRETS + _MORE_SECRETS)
    return frozenset(value for value in values if len(value) >= 8)
