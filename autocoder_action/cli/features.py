"""``autocoder features``: which function does which command."""

from argparse import Namespace
from collections.abc import Callable, Mapping

from autocoder_action.cli import changing, exchange, git, looking, rebuild

_VERBS: Mapping[str, Callable[[Namespace], int]] = {
    "list": looking.list_features,
    "show": looking.show,
    "check": looking.check,
    "graph": looking.graph,
    "add": changing.add,
    "edit": changing.edit,
    "remove": changing.remove,
    "import": exchange.take,
    "export": exchange.give,
    "rebuild": rebuild.from_issues,
    "merge-driver": git.merge_driver,
    "install-git": git.install,
}


def perform(options: Namespace) -> int:
    """Do what was asked; return the exit code. What cannot be done is raised as an AutocoderError."""
    return _VERBS[options.verb](options)
