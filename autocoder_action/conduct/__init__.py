"""The parts of a run that touch the world: read, hold a session, check, write."""
