"""Claude Code as the agent: its SDK, the program that the SDK brings, and the relay that holds the key."""

import sys

# httpx loads a command line of its own, a tenth of a second, wherever click and rich are installed; here they are not.
sys.modules.setdefault("httpx._main", None)  # type: ignore[arg-type]  # Python knows no such module
