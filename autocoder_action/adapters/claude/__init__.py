"""Claude Code as the agent: its SDK, the program that the SDK brings, and the relay that holds the key."""
