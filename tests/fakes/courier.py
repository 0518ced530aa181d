"""A courier that does each errand at once, or keeps it until a test lets it arrive."""

from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass
class FakeCourier:
    """A Courier for tests."""

    slow: bool = False
    """Set it to have an errand take until somebody waits patiently, or `arrive` is called."""
    under_way: list[Callable[[], None]] = field(default_factory=list)

    def send(self, errand: Callable[[], None]) -> bool:
        """Do an errand, or begin it where none is under way."""
        if self.under_way:
            return False
        self.under_way.append(errand)
        if not self.slow:
            self.arrive()
        return True

    def arrive(self) -> None:
        """Do what is under way."""
        for errand in self.under_way:
            errand()
        self.under_way.clear()

    def wait(self, impatient: Callable[[], bool]) -> bool:
        """Wait for what is under way, as long as nobody is impatient."""
        if self.under_way and not impatient():
            self.arrive()
        return not self.under_way
