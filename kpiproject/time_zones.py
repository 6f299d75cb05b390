"""The one list of time zones, for every form and every check."""

from functools import lru_cache
from typing import Final
from zoneinfo import available_timezones

# Names that the database of zones has and that are no place: the computer's own, and one that was never set.
_NO_ZONES: Final = frozenset({"localtime", "Factory", "posixrules"})


@lru_cache(maxsize=1)
def _known() -> frozenset[str]:
    return frozenset(available_timezones() - _NO_ZONES)


def is_time_zone(name: str) -> bool:
    """Whether it is a name of the IANA, also an old one such as CET that is no longer offered."""
    return name in _known()


def time_zones(chosen: str = "") -> list[tuple[str, str]]:
    """Choices for places that people know, UTC, and whatever is chosen already."""
    places = {zone for zone in _known() if "/" in zone and not zone.startswith("Etc/")}
    kept = {chosen} if is_time_zone(chosen) else set()
    return [(zone, zone.replace("_", " ")) for zone in sorted(places | kept | {"UTC"})]
