"""What GitHub's refusals mean for people: who can fix what, and how."""

import re
import time

from autocoder_action.errors import AutocoderError, ConfigError, GoneError, LimitedError, UpstreamError
from autocoder_action.value import Value

AGAIN = "Run the workflow again: every run first finishes what an earlier one left."


class Asked(Value, frozen=True, kw_only=True):
    """What was asked of GitHub, in words that fit into a sentence."""

    doing: str
    """The act, as in ``creating an issue``."""
    needs: str
    """The permission that it takes, as a workflow writes it: ``issues: write``."""
    thing: str | None
    """What is gone where the answer is 404 or 410, as in ``issue #5``; None means the repository."""
    repository: str
    host: str


class AnsweredError(Exception):
    """GitHub refused; callers that have a value for this status catch it, and nobody else sees it."""

    def __init__(self, *, status: int, words: str, codes: frozenset[str] = frozenset(), accepted: str = "") -> None:
        """Keep the answer's status, its words, its codes as ``field:code`` and what permission it asks for."""
        super().__init__(words)
        self.status = status
        self.words = words
        self.codes = codes
        self.accepted = accepted


def meaning(asked: Asked, answer: AnsweredError) -> AutocoderError:
    """Return the error that tells people about a refusal."""
    match answer.status:
        case 401:
            return bad_token(asked, answer.words)
        case 403:
            return _forbidden(asked, answer)
        case 301 | 302 | 303 | 307 | 308:
            return UpstreamError(
                f"GitHub says that {asked.thing or 'the repository ' + asked.repository} has moved.",
                remedy="Run the workflow again: a new run is given the new place.",
            )
        case 404 | 410:
            return _missing(asked, answer)
        case status if status >= 500:
            return UpstreamError(f"GitHub at {asked.host} answered {status} to {asked.doing}.", remedy=AGAIN)
        case status:
            return UpstreamError(
                f"GitHub did not accept {asked.doing} in {asked.repository} ({status}): {_sentence(answer.words)}",
                remedy="Run the workflow again; if it says the same again, report it with these words.",
            )


def bad_token(asked: Asked, words: str) -> ConfigError:
    """Return the error about a token that GitHub does not know."""
    return ConfigError(
        f"GitHub does not accept the token for {asked.repository}: {_sentence(words)}",
        remedy="Leave the input `github_token` out to use the workflow's own token, or renew the secret it names.",
    )


def limited(asked: Asked, wait: float) -> LimitedError:
    """Return the error about a rate limit that ends in ``wait`` seconds, more than patience allows."""
    reset = time.strftime("%Y-%m-%d %H:%M:%S UTC", time.gmtime(time.time() + wait))
    return LimitedError(
        f"GitHub's rate limit stopped {asked.doing} in {asked.repository}; it ends at {reset}.",
        remedy="Run the workflow again after that time.",
    )


def no_answer(asked: Asked, why: str) -> UpstreamError:
    """Return the error about a request that got no answer, or none that makes sense."""
    return UpstreamError(
        f"GitHub at {asked.host} gave no usable answer to {asked.doing}: {_sentence(why)}", remedy=AGAIN
    )


def _forbidden(asked: Asked, answer: AnsweredError) -> ConfigError:
    cause = f"GitHub does not allow {asked.doing} in {asked.repository}: {_sentence(answer.words)}"
    if answer.accepted or "not accessible" in answer.words.lower():
        return ConfigError(
            cause, remedy=f"Add {_scopes(answer.accepted) or _code(asked.needs)} to the job's `permissions:`."
        )
    return ConfigError(cause, remedy="A maintainer of the repository can change what its settings forbid.")


def _missing(asked: Asked, answer: AnsweredError) -> AutocoderError:
    if "disabled" in answer.words.lower():
        return ConfigError(
            f"Issues are switched off in {asked.repository}, so {asked.doing} failed.",
            remedy="Switch them on under Settings, General, Features.",
        )
    if asked.thing:
        return GoneError(f"In {asked.repository}, {asked.thing} is gone, so {asked.doing} failed.", remedy=AGAIN)
    return ConfigError(
        f"GitHub at {asked.host} shows this token no repository {asked.repository}.",
        remedy="Check that the token given as `github_token` belongs to this repository and may read it.",
    )


def _sentence(words: str) -> str:
    """End words as a sentence does.

    >>> _sentence("Bad credentials"), _sentence("Repository was archived.")
    ('Bad credentials.', 'Repository was archived.')
    """
    return words if words.endswith((".", "!", "?")) else f"{words}."


def _code(permission: str) -> str:
    return f"`{permission}`"


def _scopes(header: str) -> str:
    """Write GitHub's list of accepted permissions as a workflow does.

    >>> _scopes("issues=write; pull_requests=write")
    '`issues: write` or `pull-requests: write`'
    """
    choices = [choice for choice in re.split(r"\s*;\s*", header) if "=" in choice]
    written = [
        " and ".join(_code(scope.strip().replace("_", "-").replace("=", ": ")) for scope in choice.split(","))
        for choice in choices
    ]
    return " or ".join(written)
