"""Answers as the contract writes them: plain values for JSON and tables."""

from datetime import date, datetime
from typing import Any, Final

from kpiproject.lib.periods import zone_info
from metrics.dimensions import askable
from metrics.kpi import Kpi
from metrics.queries.questions import Figures, Point

POINT_KEYS: Final = (
    "start", "end", "complete", "member", "value", "n", "part", "whole", "low", "high", "mean", "median", "p90",
    "excluded", "approximate", "provisional", "provisional_n", "beside", "notes", "withheld",
)  # fmt: skip
_FEW: Final = "fewer_than_30_answers_about_one_person"
TABLE_KEYS: Final = ("kpi", "unit", "calendar", "revision", "better", "time_zone", "as_of")


def as_document(found: Figures) -> dict[str, Any]:
    """The whole answer. Instants are in the organisation's time zone, with their offset."""
    return {
        "kpi": found.kpi.code,
        "revision": found.kpi.revision,
        "unit": found.kpi.unit.value,
        "better": found.kpi.better.value,
        "calendar": found.clock,
        "time_zone": found.zone,
        "as_of": in_zone(found.as_of, found.zone),
        "parts_overlap": found.parts_overlap,
        "points": [_point(point, found.zone) for point in found.points],
    }


def as_table(document: dict[str, Any]) -> list[list[Any]]:
    """The points of a document under a header, with every value as the JSON has it, and what they are at the end."""
    about = [document[key] for key in TABLE_KEYS]
    lines = ([*(_cell(value) for value in point.values()), *about] for point in document["points"])
    return [[*POINT_KEYS, *TABLE_KEYS], *lines]


def as_entry(kpi: Kpi) -> dict[str, Any]:
    """A KPI as the catalogue lists it."""
    return {
        "code": kpi.code,
        "name": str(kpi.name),
        "family": kpi.family.value,
        "unit": kpi.unit.value,
        "better": kpi.better.value,
        "shape": kpi.shape.name,
        "formula": str(kpi.formula),
        "source": str(kpi.source),
        "dimensions": list(askable(kpi)),
        "revision": kpi.revision,
        "text": str(kpi.text),
        "gaming": str(kpi.gaming),
    }


def in_zone(at: datetime, zone: str) -> str:
    return at.astimezone(zone_info(zone)).isoformat(timespec="seconds")


def _point(point: Point, zone: str) -> dict[str, Any]:
    """`withheld` is why a value is null though there is something to measure; null where that is not so."""
    plain = {key: _plain(getattr(point, key), zone) for key in POINT_KEYS if key != "withheld"}
    return plain | {"withheld": _FEW if point.is_withheld else None}


def _cell(value: Any) -> Any:
    if isinstance(value, dict):
        return "; ".join(f"{name}={'' if amount is None else amount}" for name, amount in value.items())
    return " ".join(value) if isinstance(value, list) else value


def _plain(value: Any, zone: str) -> Any:
    if isinstance(value, date):
        return in_zone(value, zone) if isinstance(value, datetime) else value.isoformat()
    if isinstance(value, dict):
        return {name: _whole(amount) for name, amount in value.items()}
    return list(value) if isinstance(value, tuple) else _whole(value)


def _whole(value: Any) -> Any:
    return int(value) if isinstance(value, float) and value.is_integer() else value
