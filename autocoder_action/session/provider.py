"""Which service answers as the model, and with which credential: exactly one."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from urllib.parse import urlsplit

from autocoder_action.value import Value

OFFICIAL = "https://api.anthropic.com"
_ALIASES = ("ANTHROPIC_DEFAULT_OPUS_MODEL", "ANTHROPIC_DEFAULT_SONNET_MODEL", "ANTHROPIC_DEFAULT_HAIKU_MODEL")


class Credential(StrEnum):
    """The kinds of credential; each travels in its own header."""

    API_KEY = "api_key"
    OAUTH_TOKEN = "oauth_token"  # noqa: S105  # the name of a kind
    AUTH_TOKEN = "auth_token"  # noqa: S105  # the name of a kind
    """A bearer token of a service that is compatible with Anthropic's, at a base URL of its own."""


@dataclass(frozen=True, kw_only=True)
class Provider:
    """A model service that was chosen."""

    kind: Credential
    secret: str = field(repr=False)
    source: str
    """Where the secret was set, as a person would look for it: ``the input anthropic_api_key``."""
    base_url: str = OFFICIAL
    """Without a slash at its end."""
    aliases: Mapping[str, str] = field(default_factory=dict)
    """Environment of the agent that says what ``opus``, ``sonnet`` and ``haiku`` mean at this service."""
    timeout_ms: int = 600_000
    """How long one request may stay without an answer."""
    retries: int = 4
    """How often a request is tried again whose failure may pass; the fourth wait ends after some 10 s."""


class NoProvider(Value, frozen=True, kw_only=True):
    """Why none could be chosen, and what to do about it."""

    cause: str
    remedy: str


# Kind, input, environment variable: the input wins over the variable of its own kind.
_PLACES = (
    (Credential.API_KEY, "anthropic_api_key", "ANTHROPIC_API_KEY"),
    (Credential.OAUTH_TOKEN, "claude_code_oauth_token", "CLAUDE_CODE_OAUTH_TOKEN"),
    (Credential.AUTH_TOKEN, None, "ANTHROPIC_AUTH_TOKEN"),
)
_NOT_YET: Mapping[str, str] = {
    "CLAUDE_CODE_USE_BEDROCK": "Amazon Bedrock",
    "CLAUDE_CODE_USE_VERTEX": "Google Vertex AI",
    "CLAUDE_CODE_USE_FOUNDRY": "Microsoft Foundry",
}
"""The switches of Claude Code for services that are asked in another way."""
_MOST_RETRIES = 10
"""The waits between so many come to three minutes."""
_OFF = frozenset({"", "0", "false", "no", "off"})
_GIVE_ONE = (
    "Set exactly one, from a secret: the input anthropic_api_key, the input claude_code_oauth_token, "
    "or ANTHROPIC_AUTH_TOKEN together with ANTHROPIC_BASE_URL in the step's environment."
)


def choose(inputs: Mapping[str, str], environment: Mapping[str, str]) -> Provider | NoProvider:
    """Choose the one service whose credential is set, or say why there is none.

    >>> choose({"anthropic_api_key": "sk-1"}, {}).kind
    <Credential.API_KEY: 'api_key'>
    >>> choose({"anthropic_api_key": "a", "claude_code_oauth_token": "b"}, {}).cause
    'Two credentials for the model are set: the input anthropic_api_key and the input claude_code_oauth_token.'
    """
    if later := _problem_of_kind(environment):
        return later
    found = [one for place in _PLACES if (one := _look(place, inputs, environment))]
    if not found:
        return NoProvider(cause="No credential for the model is set.", remedy=_GIVE_ONE)
    if len(found) > 1:
        count = {2: "Two", 3: "Three"}[len(found)]
        sources = " and ".join(source for _, source, _ in found)
        return NoProvider(cause=f"{count} credentials for the model are set: {sources}.", remedy=_GIVE_ONE)
    kind, source, secret = found[0]
    base_url = environment.get("ANTHROPIC_BASE_URL", "").strip().rstrip("/")
    timeout, retries = (environment.get(name, "").strip() for name in ("API_TIMEOUT_MS", "CLAUDE_CODE_MAX_RETRIES"))
    problem = _problem_of_secret(source, secret) or _problem_of_address(kind, base_url)
    problem = problem or _problem_of_time(timeout) or _problem_of_retries(retries)
    return problem or Provider(
        kind=kind,
        secret=secret,
        source=source,
        base_url=base_url or OFFICIAL,
        aliases={name: environment[name] for name in _ALIASES if environment.get(name)},
        timeout_ms=int(timeout or 600_000),
        retries=int(retries or 4),
    )


def _problem_of_kind(environment: Mapping[str, str]) -> NoProvider | None:
    """Name the services that are switched on and cannot be asked yet."""
    on = [name for name in _NOT_YET if environment.get(name, "").strip().lower() not in _OFF]
    if not on:
        return None
    are, names, services = "is" if len(on) == 1 else "are", " and ".join(on), " and ".join(_NOT_YET[one] for one in on)
    return NoProvider(
        cause=f"{names} {are} set, and {services} {are} not supported yet.",
        remedy=f"Take {names} out of the step's environment. {_GIVE_ONE}",
    )


def _look(
    place: tuple[Credential, str | None, str], inputs: Mapping[str, str], environment: Mapping[str, str]
) -> tuple[Credential, str, str] | None:
    """Return kind, source and secret where one place holds a credential."""
    kind, name, variable = place
    if name and (secret := inputs.get(name, "").strip()):
        return kind, f"the input {name}", secret
    if secret := environment.get(variable, "").strip():
        return kind, f"the environment's {variable}", secret
    return None


def _problem_of_secret(source: str, secret: str) -> NoProvider | None:
    """A header cannot carry every character; say so without showing the secret."""
    if secret.isascii() and secret.isprintable() and " " not in secret:
        return None
    return NoProvider(
        cause=f"The credential in {source} holds a space, a line break or a letter that no key has.",
        remedy="Save the secret again, without quotes and without a second line.",
    )


def _problem_of_address(kind: Credential, base_url: str) -> NoProvider | None:
    if not base_url:
        return _problem_of_lonely_token(kind)
    parts = urlsplit(base_url)
    if parts.scheme in {"http", "https"} and parts.hostname and not parts.query and not parts.fragment:
        return None
    return NoProvider(
        cause="ANTHROPIC_BASE_URL is no address of a service.",
        remedy="Give it as https://host or https://host/path, or leave it out for Anthropic's own service.",
    )


def _problem_of_lonely_token(kind: Credential) -> NoProvider | None:
    if kind is not Credential.AUTH_TOKEN:
        return None
    return NoProvider(
        cause="ANTHROPIC_AUTH_TOKEN is set without ANTHROPIC_BASE_URL.",
        remedy="Set ANTHROPIC_BASE_URL to the address of the service that this token belongs to.",
    )


def _problem_of_time(timeout: str) -> NoProvider | None:
    if not timeout or (timeout.isdecimal() and int(timeout) > 0):
        return None
    return NoProvider(
        cause="API_TIMEOUT_MS is no number of milliseconds.",
        remedy="Give a whole number such as 600000, or leave it out.",
    )


def _problem_of_retries(retries: str) -> NoProvider | None:
    if not retries or (retries.isdecimal() and int(retries) <= _MOST_RETRIES):
        return None
    return NoProvider(
        cause=f"CLAUDE_CODE_MAX_RETRIES is no whole number from 0 to {_MOST_RETRIES}.",
        remedy="Give how often a request is tried again, such as 4, or leave it out.",
    )
