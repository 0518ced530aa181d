"""GitHub's REST API through PyGithub: the tracker, and what stands between it and the vendor."""

from autocoder_action.adapters.github_api.tracker import GithubTracker

__all__ = ["GithubTracker"]
