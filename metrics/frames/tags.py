"""Tags of tickets: of which a ticket may have several, in one text."""

from collections.abc import Collection
from typing import Final

import numpy as np
import pandas as pd
from django.core.cache import cache
from django.db.models import Q

from metrics import labels
from metrics.frames.columns import fetch, texts
from metrics.frames.tickets import counted
from metrics.kpi import Frame
from metrics.models import Among, FrameVersion, Ticket

TAGS: Final = "tags"
_KEPT_SECONDS: Final = 24 * 3600


def tagged(members: Collection[str], prefix: str = "") -> Q:
    """Tickets with one of these tags; "" stands for those without any. Which combinations of tags have one is found
    out here, so that it does not matter how many are asked for."""
    wanted = frozenset(members)
    return Q(
        Among(f"{prefix}{TAGS}", [text for text in _combinations() if not wanted.isdisjoint(labels.members(text))])
    )


def all_tags() -> list[str]:
    """Every tag that a ticket has; and "" where one has none."""
    return sorted({tag for text in _combinations() for tag in labels.members(text)})


def with_tags(frame: Frame) -> Frame:
    """A frame made of tickets with a row for each tag of each row's ticket, so that it counts once in every one."""
    rows = counted().filter(Among("pk", frame["id"].unique().tolist()))
    said = dict(fetch(rows, ["pk", TAGS]))
    codes, combinations = pd.factorize(texts([said.get(pk) or "" for pk in frame["id"].tolist()]))
    parts = [labels.members(text) for text in combinations]
    names = sorted({tag for part in parts for tag in part})
    places = {tag: place for place, tag in enumerate(names)}
    flat = np.array([places[tag] for part in parts for tag in part], dtype=np.int64)
    sizes = np.array([len(part) for part in parts], dtype=np.int64)
    starts = np.cumsum(sizes) - sizes
    # Row by row the tags of its combination: where they start, and one more each time.
    often = sizes[codes]
    of_row = np.repeat(np.arange(len(codes)), often)
    nth = np.arange(len(of_row)) - np.repeat(np.cumsum(often) - often, often)
    found = flat[starts[codes][of_row] + nth]
    tags = pd.Categorical.from_codes(found, categories=pd.Index(names, dtype=object))
    return frame.take(of_row).reset_index(drop=True).assign(**{TAGS: tags})


def _combinations() -> list[str]:
    """Every text of tags that a ticket has. The whole table is read for it, so it is kept until its facts change."""
    version = FrameVersion.objects.filter(frame="tickets").values_list("version", flat=True).first()
    key = f"tags:{version}"
    found: list[str] | None = cache.get(key)
    if found is None:
        found = sorted(Ticket.objects.order_by().values_list(TAGS, flat=True).distinct())
        if version:  # else nobody ever told of facts
            cache.set(key, found, _KEPT_SECONDS)
    return found
