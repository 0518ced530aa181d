"""The feature tools as a build session has them, small: a list of features, and checks that are really run."""

import json
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from claude_agent_sdk import McpSdkServerConfig, SdkMcpTool, create_sdk_mcp_server, tool

_ID = {"type": "object", "properties": {"id": {"type": "integer"}}, "required": ["id"]}
_ANYTHING = {"type": "object", "properties": {}}
_LIST = {"type": "object", "properties": {"features": {"type": "array"}}, "required": ["features"]}

INITIALIZE = ("create_bulk", "get_stats")
BUILD = ("get_next", "get", "mark_passing", "mark_failing", "skip", "get_stats")
Reply = dict[str, Any]


@dataclass
class Board:
    """The features, what a session has claimed of them, and every call of a tool that changes something."""

    folder: Path
    features: dict[int, dict[str, Any]] = field(default_factory=dict)
    claimed: list[int] = field(default_factory=list)
    calls: list[tuple[str, dict[str, Any], bool]] = field(default_factory=list)
    refuse_plans: int = 0

    def claim(self, count: int) -> list[int]:
        """Give the next session its features: pending ones with met dependencies, in the order of the plan."""
        self.claimed = []
        passing = {one["uid"] for one in self.features.values() if one["status"] == "passing"}
        for number, one in self.features.items():
            if len(self.claimed) < count and one["status"] == "pending" and passing.issuperset(one["depends_on"]):
                self.claimed.append(number)
                passing.add(one["uid"])
        return self.claimed

    def server(self, names: Iterable[str]) -> dict[str, Any]:
        """Give the client's options for a session with these tools."""
        names = tuple(names)
        config: McpSdkServerConfig = create_sdk_mcp_server("features", tools=[self._tool(name) for name in names])
        return {
            "mcp_servers": {"features": config},
            "allowed_tools": [f"mcp__features__feature_{name}" for name in names],
        }

    def statuses(self) -> list[str]:
        """Give the features' statuses, in order."""
        return [one["status"] for one in self.features.values()]

    def _tool(self, name: str) -> SdkMcpTool[Any]:
        schema = _LIST if name == "create_bulk" else _ANYTHING if name in {"get_next", "get_stats"} else _ID

        async def call(arguments: dict[str, Any]) -> Reply:
            failed, value = getattr(self, f"_{name}")(arguments)
            self.calls.append((name, arguments, failed))
            return {"content": [{"type": "text", "text": json.dumps(value)}], "is_error": failed}

        return tool(f"feature_{name}", f"Do {name}.", schema)(call)

    def _create_bulk(self, arguments: dict[str, Any]) -> tuple[bool, object]:
        if self.refuse_plans:
            self.refuse_plans -= 1
            return True, "depends_on of feature 2 names nothing that is known"
        names = {one["name"]: one.get("uid", one["name"]) for one in arguments["features"]}
        for number, one in enumerate(arguments["features"], 1):
            needed = [names.get(other, other) for other in one["depends_on"]]
            more = {"id": number, "status": "pending", "uid": names[one["name"]], "depends_on": needed}
            self.features[number] = {**one, **more}
        return False, {"ids": list(self.features)}

    def _get_next(self, _arguments: dict[str, Any]) -> tuple[bool, object]:
        open_ones = (number for number in self.claimed if self.features[number]["status"] == "pending")
        number = next(open_ones, None)
        return False, {"feature": None if number is None else self.features[number]}

    def _get(self, arguments: dict[str, Any]) -> tuple[bool, object]:
        return False, self.features[arguments["id"]]

    def _get_stats(self, _arguments: dict[str, Any]) -> tuple[bool, object]:
        return False, {"total": len(self.features), "passing": self.statuses().count("passing")}

    def _mark_passing(self, arguments: dict[str, Any]) -> tuple[bool, object]:
        check = arguments["check"]
        ran = subprocess.run(check, shell=True, cwd=self.folder, capture_output=True, text=True, check=False)  # noqa: S602  # a check is a shell command
        if ran.returncode:
            return True, {"error": f"The check ended with {ran.returncode}.", "output": ran.stderr[-600:]}
        self.features[arguments["id"]]["status"] = "passing"
        return False, {"id": arguments["id"], "status": "passing"}

    def _mark_failing(self, arguments: dict[str, Any]) -> tuple[bool, object]:
        self.features[arguments["id"]]["status"] = "failing"
        return False, {"id": arguments["id"]}

    def _skip(self, arguments: dict[str, Any]) -> tuple[bool, object]:
        self.features[arguments["id"]]["status"] = "skipped"
        return False, {"id": arguments["id"]}
