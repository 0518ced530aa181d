"""Writing the state as the JSON bodies of GitHub, complete enough for its own schemas."""
