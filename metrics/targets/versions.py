"""Targets as they are and as they were: of each, every version with the time in which it was in force."""

from dataclasses import dataclass
from datetime import datetime

import numpy as np

from kpiproject.lib.periods import MISSING, epoch
from metrics.models import EarlierTarget, ServiceTarget
from metrics.models.target import Promise


@dataclass(frozen=True, kw_only=True)
class Version:
    """Counts for tickets that came in from `start` on and before `end`, in epoch seconds."""

    target: int
    number: int
    metric: str
    start: int
    end: int
    promise: Promise


def versions() -> dict[str, list[Version]]:
    """By metric, in the order in which they are tried."""
    targets = ServiceTarget.objects.all()
    found = [_version(target, target.metric, target.pk, until=None) for target in targets]
    found += [
        _version(earlier, earlier.target.metric, earlier.target_id, until=earlier.valid_until)
        for earlier in EarlierTarget.objects.select_related("target")
    ]
    counting = sorted(
        (one for one in found if one.promise.is_active), key=lambda one: (one.promise.position, one.target, one.number)
    )
    return {metric: [one for one in counting if one.metric == metric] for metric in ServiceTarget.Metric.values}


def _version(promise: ServiceTarget | EarlierTarget, metric: str, target: int, *, until: datetime | None) -> Version:
    return Version(
        target=target,
        number=promise.version,
        metric=metric,
        start=MISSING if promise.valid_from is None else epoch(promise.valid_from),
        end=int(np.iinfo(np.int64).max) if until is None else epoch(until),
        promise=promise,
    )
