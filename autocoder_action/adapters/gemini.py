"""Questions are answered by Gemini, or whatever else speaks OpenAI's chat completions."""

import json
import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import httpx

from autocoder_action.errors import ConfigError, UpstreamError
from autocoder_action.session.answers import Answer, Answerer, NoAnswer, Question
from autocoder_action.session.outcome import Usage

_SECONDS = 120.0
"""How long one attempt may take in all."""
_TIMEOUT = httpx.Timeout(_SECONDS, connect=15.0)
_MOST_BYTES = 4 * 1024 * 1024
_LONGEST_WAIT = 30.0
"""Seconds that a service may have us wait before the second attempt."""
_USUAL_WAIT = 2.0
_NOT_CONNECTED = 0
_AGAIN = frozenset({_NOT_CONNECTED, 408, 429, *range(500, 600)})


@dataclass(frozen=True, kw_only=True)
class _Told:
    """What came back: a status, headers, and the body as JSON (None where it is none)."""

    status: int
    headers: Mapping[str, str]
    body: Any

    @property
    def error(self) -> dict[str, Any]:
        """The error's object; Google's endpoint puts it into a list, other services do not."""
        body = self.body[0] if isinstance(self.body, list) and self.body else self.body
        found = body.get("error") if isinstance(body, dict) else None
        return found if isinstance(found, dict) else {}

    @property
    def wait(self) -> float:
        """Seconds to wait before another attempt, as the header or Google's details say."""
        for text in (self.headers.get("retry-after", ""), *re.findall(r'"retryDelay": "(\d+)', json.dumps(self.error))):
            if re.fullmatch(r"\d{1,9}", text):
                return float(text)
        return _USUAL_WAIT


class _BrokenOffError(BaseException):
    """A signal came while the service was waited for; no handler of errors may keep it."""


class Gemini:
    """An Answers adapter; making it sends nothing."""

    def __init__(self, service: Answerer, *, pause: Callable[[float], None] = time.sleep) -> None:
        """Take the service, and how to wait."""
        self._service = service
        self._pause = pause
        self._asking = self._cancelled = False

    def cancel(self) -> None:
        """Break off the question that is asked, and any later one at once.

        It is for a signal's handler in the thread that asks: nothing but an exception ends a wait for the network.
        """
        self._cancelled = True
        asking, self._asking = self._asking, False
        if asking:  # a second signal finds nothing to break off
            raise _BrokenOffError

    def answer(self, question: Question) -> Answer | NoAnswer:
        """Ask once, and a second time where the service is busy or was not reached."""
        try:
            return self._unless_cancelled(question)
        except _BrokenOffError:
            return NoAnswer(cause="The question was cancelled.", remedy="Ask again.", cancelled=True)

    def _unless_cancelled(self, question: Question) -> Answer | NoAnswer:
        try:
            self._asking = True
            if self._cancelled:
                raise _BrokenOffError
            return self._answered(question)
        finally:
            self._asking = False

    def _answered(self, question: Question) -> Answer | NoAnswer:
        told = self._ask(question)
        if told.status in _AGAIN and told.wait <= _LONGEST_WAIT:
            self._pause(told.wait)
            told = self._ask(question)
        return self._meaning(told)

    def _ask(self, question: Question) -> _Told:
        """Send the question; one that may have arrived is not sent again."""
        service = self._service
        body = {
            "model": service.model,
            "messages": [
                {"role": "system", "content": question.system},
                {"role": "user", "content": question.prompt},
            ],
            "max_tokens": question.most_tokens,
        }
        headers = {"Authorization": f"Bearer {service.secret}", "User-Agent": "autocoder-action"}
        try:
            with (
                httpx.Client(timeout=_TIMEOUT, follow_redirects=False) as client,
                client.stream("POST", f"{service.base_url}/chat/completions", json=body, headers=headers) as answer,
            ):
                return _told(answer)
        except (httpx.ConnectError, httpx.ConnectTimeout):
            return _Told(status=_NOT_CONNECTED, headers={}, body=None)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise self._unreached(type(error).__name__) from None

    def _unreached(self, what: str) -> UpstreamError:
        """Name the kind of failure alone: its text and its request could tell more than is good."""
        return UpstreamError(
            f"{self._host} did not answer the question: {what}.",
            remedy="Ask again later, or see whether gemini_base_url is right and the runner may reach it.",
        )

    @property
    def _host(self) -> str:
        return httpx.URL(self._service.base_url).host

    def _meaning(self, told: _Told) -> Answer | NoAnswer:
        if told.status == 200:
            return self._read(told.body)
        if _is_about_key(told):
            raise ConfigError(
                f"{self._host} does not accept the key in the input gemini_api_key ({told.status}).",
                remedy="Save a key that is valid for this service and may use it as the secret again.",
            )
        if told.status == 404:
            raise ConfigError(
                f"{self._host} knows no model {self._service.model} at this address.",
                remedy="Give another gemini_model or gemini_base_url, or leave both out.",
            )
        if 300 <= told.status < 400:
            raise ConfigError(
                f"{self._host} sends elsewhere ({told.status}), where the key is not sent.",
                remedy="Give the address that answers itself as gemini_base_url.",
            )
        return self._refused(told)

    def _refused(self, told: _Told) -> NoAnswer:
        if told.status == 429:
            return NoAnswer(
                cause=f"The quota of the key at {self._host} is used up for now.",
                remedy="Ask again later, or look at the limits and the billing of the key's project.",
            )
        if told.status == _NOT_CONNECTED:
            raise self._unreached("no connection")
        if told.status in _AGAIN:
            raise UpstreamError(f"{self._host} failed twice ({told.status}).", remedy="Ask again later.")
        reason = " ".join(str(told.error.get("message") or "no reason given").split())[:200]
        return NoAnswer(
            cause=f"{self._host} refused the question ({told.status}): {self._hidden(reason)}",
            remedy="Ask a shorter or another question.",
        )

    def _hidden(self, text: str) -> str:
        return text.replace(self._service.secret, "***")

    def _read(self, body: object) -> Answer | NoAnswer:
        try:
            return _answer(body, self._service.model)
        except (AttributeError, IndexError, KeyError, TypeError, ValueError):
            raise UpstreamError(
                f"{self._host} answered with something that is no chat completion.",
                remedy="See whether gemini_base_url is the address of an OpenAI-compatible service.",
            ) from None


def _told(answer: httpx.Response) -> _Told:
    """Read an answer within its bounds of size and time."""
    end, parts, size = time.monotonic() + _SECONDS, [], 0
    for part in answer.iter_bytes():
        size += len(part)
        if size > _MOST_BYTES or time.monotonic() > end:
            raise httpx.ReadTimeout("too much, or too slow")
        parts.append(part)
    try:
        body = json.loads(b"".join(parts))
    except (ValueError, RecursionError):
        body = None
    return _Told(status=answer.status_code, headers=answer.headers, body=body)


def _is_about_key(told: _Told) -> bool:
    """A key that does not exist is a bad request to Google, and not an unauthorised one."""
    return told.status in {401, 403} or (
        told.status == 400 and "API_KEY" in json.dumps(told.error).replace(" ", "_").upper()
    )


def _answer(body: Any, model: str) -> Answer | NoAnswer:  # noqa: ANN401  # whatever the service sent; a misfit raises
    choice = body["choices"][0]
    text, reason = choice["message"].get("content") or "", choice.get("finish_reason")
    if not isinstance(text, str):
        raise TypeError("content is no text")
    if not text.strip():
        why = {"content_filter": "its filter stopped it", "length": "it thought too long"}.get(reason, "it was empty")
        return NoAnswer(cause=f"There was no answer: {why}.", remedy="Ask in other words.")
    usage = body.get("usage") or {}
    asked, all_ = int(usage.get("prompt_tokens") or 0), int(usage.get("total_tokens") or 0)
    # Google leaves thinking out of the completion's tokens, and has it in the sum.
    said = max(int(usage.get("completion_tokens") or 0), all_ - asked)
    return Answer(
        text=text,
        model=str(body.get("model") or model),
        usage=Usage(turns=1, input_tokens=asked, output_tokens=said),
        whole=reason in {"stop", None},
    )
