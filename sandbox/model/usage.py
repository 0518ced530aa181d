"""The tokens of one request, as the service tells them."""

from dataclasses import dataclass

from sandbox.model.content import Json


@dataclass(frozen=True, kw_only=True)
class Usage:
    """Tokens of one request: not cached, read from the cache, written to it, and answered."""

    input: int = 0
    cache_read: int = 0
    cache_creation: int = 0
    output: int = 1

    def as_json(self) -> Json:
        """Give the usage object of a message."""
        return {
            "input_tokens": self.input,
            "cache_creation_input_tokens": self.cache_creation,
            "cache_read_input_tokens": self.cache_read,
            "cache_creation": {
                "ephemeral_5m_input_tokens": self.cache_creation,
                "ephemeral_1h_input_tokens": 0,
            },
            "output_tokens": self.output,
            "service_tier": "standard",
        }
