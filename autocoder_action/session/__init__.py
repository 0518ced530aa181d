"""What the agent is told, what it may do, and what it did."""
