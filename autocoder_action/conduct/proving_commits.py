"""The commits on base with which features were proved, found by the trailers that they bear."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from autocoder_action.backlog.feature import CheckProof, Feature
from autocoder_action.conduct.sessions import DATABASE
from autocoder_action.conduct.world import World
from autocoder_action.conduct.write import place_of
from autocoder_action.plan.situation import Situation
from autocoder_action.publish.board import Place

_TRAILERS = re.compile(r"^Autocoder-Feature: (F\d{1,9})\r?\nAutocoder-Session: (session-\d{1,9})\r?$", re.MULTILINE)


@dataclass
class Places:
    """Where a feature's issue leads to; the history is read once, and only where something on base was proved."""

    world: World
    situation: Situation

    def of(self, feature: Feature) -> Place:
        """Return the project's place, with the commits if the feature's issue names one."""
        place = place_of(self.world, self.situation.settings)
        named = isinstance(feature.proof, CheckProof) and feature.proof.session
        return replace(place, commits=self._commits) if named else place

    @cached_property
    def _commits(self) -> Mapping[tuple[str, str], str]:
        """Return the newest commit for each feature and session; a squashed branch has one, if it kept the trailers."""
        base, host = self.situation.base, self.world.request.host
        told = self.world.workspace.messages(base.commit, self.situation.settings.path(DATABASE)) if base.commit else ()
        return {
            (feature, session): f"{host.server_url}/{host.repository}/commit/{name}"
            for name, message in reversed(told)
            for feature, session in _TRAILERS.findall(message)
        }
