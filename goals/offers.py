"""Usual targets that a goal can begin with. They are starting points, not advice, and say where they come from."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from goals import baseline, scopes, written
from metrics import presentation, presets, queries
from metrics.kpi import Kpi
from metrics.presets import KpiPreset, TargetPreset
from metrics.queries import CATALOGUE

Text = str | Promise

_REPLIES: Final = "first_response_time"
_CALLS: Final = "speed_of_answer"


@dataclass(frozen=True, kw_only=True)
class Offer:
    """A target for a KPI in its unit, or a range up to `target_high`, and for whom; `scope` is empty where it is for
    everything."""

    code: str
    kpi: Kpi
    target: float
    name: str
    source: Text
    note: str
    scope: str = ""
    target_high: float | None = None

    @property
    def amount(self) -> str:
        low = presentation.value(self.target, self.kpi, baseline.clock_of(self.kpi))
        if self.target_high is None:
            return low
        high = presentation.value(self.target_high, self.kpi, baseline.clock_of(self.kpi))
        return _("%(low)s to %(high)s") % {"low": low, "high": high}

    def values(self) -> dict[str, str]:
        """What the form of a goal is filled with."""
        high = "" if self.target_high is None else written.write(self.target_high, self.kpi)
        filled = {"kpi": self.kpi.code, "target": written.write(self.target, self.kpi), "target_high": high}
        return filled | ({"only_for": self.scope} if self.scope else {})


def offers() -> list[Offer]:
    """All there are, those of one KPI after each other."""
    return [*_first_answers(), *(_range(code, preset) for code, preset in presets.KPIS.items())]


def find(code: str) -> Offer | None:
    return next((offer for offer in offers() if offer.code == code), None)


def _first_answers() -> Iterator[Offer]:
    """Promises about channels. A goal is judged by the median, where a promise is made to everybody."""
    channels = queries.members(CATALOGUE[_REPLIES], "channel")
    found = [preset for preset in presets.TARGETS if preset.dimension == "channel"]
    for preset in sorted(found, key=lambda one: one.is_in_rings):
        yield _call(preset) if preset.is_in_rings else _reply(preset, channels)


def _reply(preset: TargetPreset, channels: list[str]) -> Offer:
    member = next((one for one in channels if one.lower() in preset.usual), "")
    note = _("A goal is judged by the median: half of the tickets are answered sooner.")
    if not member:
        note += " " + _("No channel of yours is known by a usual name for it, so choose one under “Only for”.")
    return Offer(
        code=preset.code,
        kpi=CATALOGUE[_REPLIES],
        target=preset.terms["seconds"],
        name=str(preset.name),
        source=preset.source,
        note=note,
        scope=scopes.code("channel", member) if member else "",
    )


def _call(preset: TargetPreset) -> Offer:
    note = _("An assumption: %(rings)d rings of %(seconds)d seconds. A goal is judged by the median of the calls.")
    return Offer(
        code=preset.code,
        kpi=CATALOGUE[_CALLS],
        target=preset.terms["seconds"],
        name=str(preset.name),
        source=_("usual practice in customer service; no standard says how long a ring lasts"),
        note=note % {"rings": presets.RINGS, "seconds": presets.SECONDS_PER_RING},
    )


def _range(code: str, preset: KpiPreset) -> Offer:
    kpi = CATALOGUE[code]
    words = {"kpi": kpi.name, "low": presentation.value(preset.low, kpi), "high": presentation.value(preset.high, kpi)}
    return Offer(
        code=code,
        kpi=kpi,
        target=preset.low,
        target_high=preset.high,
        name=_("%(kpi)s between %(low)s and %(high)s") % words,
        source=preset.source,
        note=_("A range: less than %(low)s is too little, and more than %(high)s is not better.") % words,
    )
