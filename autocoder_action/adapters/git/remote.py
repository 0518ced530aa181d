"""The remote: how git reaches it, and what to tell people when it does not answer."""

import base64
import http.client
import re
import urllib.error
import urllib.request
from pathlib import Path
from urllib.parse import urlsplit

from autocoder_action.adapters.git.command import Hurry
from autocoder_action.errors import AutocoderError, ConfigError, UpstreamError

_PROBE_SECONDS = 20
_PROBE_SECONDS_IN_A_HURRY = 1
_RERUN = "Nothing is wrong with the project; run the workflow again."


class Remote:
    """Where the repository lives: an address of http or https with a token, or a local path."""

    def __init__(self, address: str, token: str | None) -> None:
        """Take an address as ``git clone`` does; the token is only ever sent to that server."""
        parts = urlsplit(address)
        self._http = parts.scheme in {"http", "https"}
        self._server = f"{parts.scheme}://{parts.netloc}/"
        self._token = token
        self.hurry = Hurry()
        """Begins when nobody has time for the network any more."""
        self.address = address if self._http or parts.scheme == "file" else str(Path(address).absolute())
        self.protocol = parts.scheme if self._http else "file"
        self.host = parts.hostname or "this machine"
        """For people, without a port or credentials."""
        path = parts.path.rstrip("/").removesuffix(".git")
        self.title = path.strip("/") if self._http else path
        """For people: ``octo/app``, or the local path."""
        self.folder_name = re.sub(r"[^\w.-]", "-", path.rpartition("/")[2]).lstrip(".-") or "project"
        """The repository's own name, as people call its folder."""

    def __repr__(self) -> str:
        """Show the address and never the token."""
        return f"Remote({self.host}: {self.title})"

    def config(self) -> dict[str, str]:
        """Return git's configuration for the network, with the token as a header for this server only."""
        bounds = {"http.lowSpeedLimit": "1000", "http.lowSpeedTime": "30"}
        if not (self._http and self._token):
            return bounds
        return bounds | {f"http.{self._server}.extraheader": f"Authorization: {self._authorization()}"}

    def trouble(self, said: str, *, writing: bool) -> AutocoderError:
        """Ask the server once more, without git, to learn who can mend what git could not do.

        What git said is for people, where the server sees nothing wrong.
        """
        if not self._http:
            return self._local_trouble(said)
        status = self._probe("git-receive-pack" if writing else "git-upload-pack")
        wanted = "write" if writing else "read"
        match status:
            case 401 | 403:
                return ConfigError(
                    f"{self.host} does not let this token {wanted} the repository {self.title} ({status}).",
                    remedy=f"Give the job `permissions: contents: {wanted}`, or a token that may {wanted} it.",
                )
            case 404:
                return ConfigError(
                    f"{self.host} knows no repository {self.title} that this token may see (404).",
                    remedy=f"Check the repository's name, and that the token has `contents: {wanted}` in it.",
                )
            case None:
                return UpstreamError(f"{self.host} cannot be reached.", remedy=_RERUN)
            case _:
                return UpstreamError(f"{self.host} did not serve git ({status}): {said}", remedy=_RERUN)

    def _local_trouble(self, said: str) -> AutocoderError:
        """Tell a path that holds nothing from one that git cannot use."""
        path = Path(urlsplit(self.address).path)
        if path.is_dir():
            return UpstreamError(f"Git cannot use the repository at {path}: {said}", remedy=_RERUN)
        return ConfigError(f"There is no repository at {path}.", remedy="Name a folder that holds one.")

    def _probe(self, service: str) -> int | None:
        """Return the status of git's first request, or None where no server answers."""
        # The scheme was found to be http or https.
        request = urllib.request.Request(f"{self.address}/info/refs?service={service}")  # noqa: S310
        if self._token:
            # Unredirected: another server must not be given the token.
            request.add_unredirected_header("Authorization", self._authorization())
        seconds = _PROBE_SECONDS if self.hurry.begun is None else _PROBE_SECONDS_IN_A_HURRY
        try:
            with urllib.request.urlopen(request, timeout=seconds) as answer:  # noqa: S310 - as above
                return int(answer.status)
        except urllib.error.HTTPError as error:
            with error:
                return error.code
        except (OSError, http.client.HTTPException):
            return None

    def _authorization(self) -> str:
        """Return the header's value, as GitHub wants it for every kind of token."""
        return "Basic " + base64.b64encode(f"x-access-token:{self._token}".encode()).decode()
