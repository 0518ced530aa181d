"""Talks to the real Claude Code CLI, which talks to the sandbox's model."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from claude_agent_sdk import (
    AssistantMessage,
    ClaudeAgentOptions,
    ClaudeSDKClient,
    Message,
    ResultMessage,
    SystemMessage,
    TextBlock,
)

from sandbox.model import Model

KEY = "sk-test"
_T = TypeVar("_T")


@dataclass(frozen=True)
class Talk:
    """Everything that one query brought, ending with its result."""

    messages: list[Message]

    @property
    def result(self) -> ResultMessage:
        """The last message."""
        last = self.messages[-1]
        assert isinstance(last, ResultMessage)
        return last

    @property
    def texts(self) -> list[str]:
        """What the assistant said."""
        said = (message.content for message in self.messages if isinstance(message, AssistantMessage))
        return [block.text for content in said for block in content if isinstance(block, TextBlock)]

    @property
    def retries(self) -> list[int | None]:
        """The statuses that the CLI tried again after; none where the connection broke."""
        return [
            message.data["error_status"]
            for message in self.messages
            if isinstance(message, SystemMessage) and message.subtype == "api_retry"
        ]


def with_client(
    model: Model, home: Path, act: Callable[[ClaudeSDKClient], Awaitable[_T]], *, retries: int = 0, **more: object
) -> _T:
    """Start the CLI in an empty home, do something with it and end it."""

    async def run() -> _T:
        async with _client(model, home, retries, more) as client:
            return await act(client)

    return asyncio.run(run())


def talk(model: Model, home: Path, *prompts: str, retries: int = 0, **more: object) -> Talk:
    """Ask one prompt after the other in one conversation, and give what the last one brought."""

    async def act(client: ClaudeSDKClient) -> Talk:
        for prompt in prompts:
            last = await ask(client, prompt)
        return last

    return with_client(model, home, act, retries=retries, **more)


async def ask(client: ClaudeSDKClient, prompt: str) -> Talk:
    """Send one prompt and collect the answer."""
    await client.query(prompt)
    return Talk([message async for message in client.receive_response()])


@asynccontextmanager
async def _client(model: Model, home: Path, retries: int, more: dict[str, object]) -> AsyncIterator[ClaudeSDKClient]:
    work = home / "work"
    work.mkdir(exist_ok=True)
    settings: dict[str, Any] = {
        "model": "claude-sonnet-4-5",
        "system_prompt": "You are under test.",
        "tools": ["Bash", "Read", "Write", "Edit"],
        "permission_mode": "bypassPermissions",
        "cwd": work,
        "setting_sources": [],
        "strict_mcp_config": True,
        "env": {
            "HOME": str(home),
            "ANTHROPIC_BASE_URL": model.base_url,
            "ANTHROPIC_API_KEY": KEY,
            "CLAUDE_CODE_MAX_RETRIES": str(retries),
            "CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC": "1",
            "CLAUDE_CODE_DISABLE_GIT_INSTRUCTIONS": "1",
            "CLAUDE_CODE_DISABLE_BACKGROUND_TASKS": "1",
            "NO_PROXY": "127.0.0.1,localhost",
            "IS_SANDBOX": "1",
        },
        **more,
    }
    options = ClaudeAgentOptions(**settings)
    async with ClaudeSDKClient(options=options) as client:
        yield client
