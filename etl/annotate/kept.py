"""What is worked out once and kept: a look-up in a dict, where a cache of calls would keep an order as well."""

from collections.abc import Callable, Hashable
from typing import TypeVar

_MOST = 1 << 16

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Kept(dict[K, V]):
    """Key → what `make` makes of it, for the keys met last; a class because a dict asks its own for what it lacks."""

    def __init__(self, make: Callable[[K], V]) -> None:
        """Empty; `make` is called for each key that is asked for and not there."""
        super().__init__()
        self._make = make

    def __missing__(self, key: K) -> V:
        """Make it and keep it; once there are very many, begin anew."""
        if len(self) == _MOST:
            self.clear()
        found = self[key] = self._make(key)
        return found
