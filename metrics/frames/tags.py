"""Tags of tickets: of which a ticket may have several, in one text."""

from collections.abc import Collection
from functools import lru_cache
from typing import Final
from uuid import uuid4

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
    """Tickets with one of these tags; "" stands for those without any. `prefix` leads to them from rows of something
    else."""
    return _tagged(_state(), frozenset(members), prefix)


def all_tags() -> list[str]:
    """Every tag that a ticket has; and "" where one has none."""
    return sorted(set().union(*_combinations(_state()).values()))


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


def _state() -> str:
    """A name for the facts as they are now: as long as it is the same, tickets have the same tags."""
    version = FrameVersion.objects.filter(frame="tickets").values_list("version", flat=True).first()
    if not version:  # nobody ever told of facts
        return uuid4().hex
    return str(cache.get_or_set(f"tags:{version}", lambda: uuid4().hex, _KEPT_SECONDS))


@lru_cache(maxsize=16)
def _tagged(state: str, members: frozenset[str], prefix: str) -> Q:
    """By all combinations that have one of the tags, so that it does not matter how many are asked for. Kept, because
    one question reads many stretches of time."""
    wanted = [text for text, tags in _combinations(state).items() if not members.isdisjoint(tags)]
    return Q(Among(f"{prefix}{TAGS}", wanted))


@lru_cache(maxsize=1)
def _combinations(_state: str) -> dict[str, tuple[str, ...]]:
    """Every text of tags that a ticket has, with the tags in it; the whole table is read for it."""
    found = Ticket.objects.order_by().values_list(TAGS, flat=True).distinct()
    return {text: labels.members(text) for text in found}
