"""Git: the repository's remote, a private clone for trusted code, the agent's clone and the journal."""

from autocoder_action.adapters.git.command import Hurry
from autocoder_action.adapters.git.journal import GitJournal
from autocoder_action.adapters.git.workspace import GitWorkspace

__all__ = ["GitJournal", "GitWorkspace", "Hurry"]
