"""A model service on loopback: Anthropic's Messages API, answered by a policy instead of a model.

A *policy* is a callable that sees the conversation so far and decides the next message. The real Claude Code
CLI talks to this server as it talks to Anthropic's: streams, tools, usage numbers, and errors on demand. Beside it
stands the endpoint of Gemini that takes OpenAI's chat completions, answered by the same policy.
"""

from sandbox.model.conversation import Conversation, Policy, ToolCall, ToolResult, Turn
from sandbox.model.log import Exchange
from sandbox.model.policies import say, script
from sandbox.model.server import Model
from sandbox.model.usage import Usage

__all__ = [
    "Conversation",
    "Exchange",
    "Model",
    "Policy",
    "ToolCall",
    "ToolResult",
    "Turn",
    "Usage",
    "say",
    "script",
]
