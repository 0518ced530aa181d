"""autocoder-action builds an application from a spec, one bounded agent session per workflow run."""

__version__ = "0.1.0"
