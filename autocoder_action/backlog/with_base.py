"""A branch's backlog with what base has by now.

A change of the journal that only the branch contains comes after all that base holds, as it does where the journal is
folded over base. So base is given it before the two are merged, or what base learned later would overrule it; and so is
the backlog from which both came, or it would count as base's own doing.
"""

from dataclasses import replace

from autocoder_action.backlog.feature import Backlog
from autocoder_action.backlog.fold import fold
from autocoder_action.backlog.journal import Added, Journal
from autocoder_action.backlog.merge import merge


def with_base(met: Backlog, held: Backlog, base: Backlog, journal: Journal) -> Backlog:
    """Merge base's backlog into the one that a branch holds; ``met`` is from where they left each other.

    What neither contains of the journal is still to be folded over the result.
    """
    only = held.applied - base.applied
    change = tuple(one for one in journal if one.id in only)
    # A feature that both have anew gets the number that base gives it.
    known = tuple(one for one in change if not isinstance(one, Added) or one.feature in met.by_uid)
    merged = merge(fold(met, known), held, fold(base, change)).backlog
    return replace(merged, applied=held.applied | base.applied)
