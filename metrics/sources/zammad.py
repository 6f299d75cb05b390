"""Zammad: the download of its ticket report (XLSX) and the tickets of its API (JSON)."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from metrics.sources import helpdesks
from metrics.sources.reader import Layout
from metrics.sources.reported import BUSINESS, MINUTE, Duration
from metrics.sources.rows import Row

# `close_at` is the first close and stays; only newer versions tell the last one. The API names what it refers to when
# it is asked with expand=true; otherwise there are only numbers.
_ALIASES: Final[Mapping[str, Sequence[str]]] = {
    "external_id": ("#", "number"),
    "customer": ("customer", "customer_id"),
    "subject": ("title",),
    "channel": ("create channel", "create_article_type", "create_article_type_id"),
    "priority": ("priority", "priority_id"),
    "status": ("state", "state_id"),
    "team": ("group", "group_id"),
    "agent": ("owner", "owner_id"),
    "tags": ("tags", "tag_list"),
    "first_agent_reply_at": ("first response at",),
    "first_solved_at": ("close_at", "closed at"),
    "solved_at": ("last_close_at", "last closed at"),
    "due_at": ("close escalation at",),
}
_MEASURES: Final = {
    "first response": "first_response_time",
    "close": "first_resolution_time",
    "update": "update_time",
}


def _durations() -> Iterator[tuple[str, Duration]]:
    """Business minutes under the target of the ticket, and how many of them were left in the end."""
    for name, measure in _MEASURES.items():
        yield f"{name} in min", Duration(measure, BUSINESS, MINUTE)
        yield f"{name} diff in min", Duration(f"{measure}_left", BUSINESS, MINUTE)


# What these numbers mean in every installation, as far as nobody has changed it.
_STATES: Final = {"1": "new", "2": "open", "3": "pending reminder", "4": "closed", "5": "merged"}
_PRIORITIES: Final = {"1": "1 low", "2": "2 normal", "3": "3 high"}
_CHANNELS: Final = {"1": "email", "2": "sms", "3": "chat", "4": "fax", "5": "phone", "10": "note", "11": "web"}
_NOBODY: Final = {"1": ""}  # the owner of tickets that nobody owns
_AGENT: Final = frozenset({"agent", "1"})
_SENDERS: Final = ("sender", "create_article_sender", "create_article_sender_id")
_TELLING: Final = frozenset(
    {"closeinmin", "firstresponseinmin", "closeescalationat", "lastcontactagentat", "createchannel", "lastcloseat"}
    | {"createarticletypeid", "createarticlesenderid", "articlecount", "firstresponseat", "stateid"}
)
_MOST_IN_A_REPORT: Final = 6_000


def recognises_tickets(names: frozenset[str]) -> bool:
    is_ticket = "createdat" in names and not names.isdisjoint({"#", "number"})
    return is_ticket and len(names & _TELLING) >= 2


class Tickets(helpdesks.Tickets):
    layout = Layout(
        format="zammad",
        kind="tickets",
        makes="tickets",
        columns=helpdesks.COLUMNS_WITH_PHRASES,
        aliases=_ALIASES,
        durations=dict(_durations()),
        words={"status": _STATES, "priority": _PRIORITIES, "channel": _CHANNELS, "agent": _NOBODY},
    )
    open_statuses = frozenset({"new", "open", "pending reminder", "pending close"})

    def survey(self, most: int | None = None) -> None:
        super().survey(most)
        if self.table.form == "xlsx" and self.rows == _MOST_IN_A_REPORT:
            self.notes.add("report_may_be_cut", f"{_MOST_IN_A_REPORT:,}")

    def derive(self, row: Row) -> Mapping[str, Any]:
        values = row.values
        status = (values.get("status") or "").casefold()
        found: dict[str, Any] = {
            "merged_into": helpdesks.MERGED_SOMEWHERE if status == "merged" else "",
            "is_deleted": status == "removed",
        }
        if sender := next((name for name in _SENDERS if self.has(name)), ""):
            found["is_outbound"] = self.text(row, sender).casefold() in _AGENT
        if "first_solved_at" in values:
            found |= self._solves(row)
            if "closed_at" in values:
                found["closed_at"] = found["solved_at"]
        return found

    def _solves(self, row: Row) -> Mapping[str, Any]:
        """Without the last close, that of a closed ticket is taken to be the first."""
        first, last = row.values["first_solved_at"], row.values.get("solved_at")
        if self.is_open(row):
            return {"solved_at": None, "reopens": int(first is not None)}
        reopens = None if first is None or last is None else int(last > first)
        return {"solved_at": last or first, "reopens": reopens}
