"""The switches of a repository that change how GitHub answers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypedDict


@dataclass(kw_only=True)
class Settings:
    """A repository's switches, with the values that a new repository has."""

    has_issues: bool = True
    archived: bool = False
    draft_pull_requests: bool = True
    allow_actions_create_pull_requests: bool = True
    allow_merge_commit: bool = True
    allow_squash_merge: bool = True
    allow_rebase_merge: bool = True
    delete_branch_on_merge: bool = False


class SettingsParts(TypedDict, total=False):
    """The arguments that make Settings."""

    has_issues: bool
    archived: bool
    draft_pull_requests: bool
    allow_actions_create_pull_requests: bool
    allow_merge_commit: bool
    allow_squash_merge: bool
    allow_rebase_merge: bool
    delete_branch_on_merge: bool
