"""Answers to surveys that somebody else sent, in our own columns."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final, NamedTuple

from django.utils.translation import gettext as _

from metrics.sources import synonyms
from metrics.sources.columns import SURVEY_RESPONSES
from metrics.sources.faults import BadValue, Notes, UnknownScale, short
from metrics.sources.reader import Layout, Reader
from metrics.sources.rows import Fault, Row, RowReader, Superseded
from metrics.sources.scoring import Misplaced, Placed, Span, Told, fitting, place, proven
from metrics.sources.table import Line
from surveys import scales

_TOLD: Final = ("survey_kind", "survey", "score", "scale_min", "scale_max")
BETWEEN_COMMENTS: Final = "\n\n"
_MOST_SEEN: Final = 2_000
_PERSONAL: Final = ("customer", "customer_email")
_SAME: Final = ("survey", "survey_kind", "scale_min", "scale_max", "score")

Seen = tuple[str, ...]  # the cells of _TOLD as they are written


class Counted(NamedTuple):
    """A score as it is written, how often, and what becomes of it: its place, or why it has none."""

    text: str
    times: int
    kind: str
    placed: Placed | None
    message: str
    is_open: bool = False  # it can be told on which scale it is, or what was asked


class SurveyResponses(Reader):
    """One row an answer. Several rows of one answer say the same score; their comments are put together."""

    layout = Layout(
        format="generic",
        kind="survey_responses",
        makes="responses",
        columns=SURVEY_RESPONSES,
        synonyms=synonyms.SURVEY_RESPONSES,
    )
    preview_lines = 50_000
    _seen: "Counter[Seen]"
    _found: Mapping[str, Span]

    def survey(self, most: int | None = None) -> None:
        self._seen = Counter()
        super().survey(most)
        self._is_without_kind = False
        self._open: dict[str, set[int]] = {}
        self._found = self._proven()

    def row_reader(self, notes: Notes) -> RowReader:
        """What a row needs depends on whether anybody answered, so here nothing but its id is required."""
        columns = [replace(column, required=column.name == self.identity) for column in self.layout.columns]
        return RowReader(self.table, columns, self.used, options=self.worded_options(), notes=notes)

    def refuse_open_scales(self) -> None:
        if self._is_without_kind:
            message = _("%(name)s does not say what was asked: which kind of survey its scores belong to.")
            raise UnknownScale(message % {"name": self.table.name}, _("pass --survey-kind, for example csat"))
        for kind, scores in sorted(self._open.items()):
            spans = fitting(kind, scores)
            fits = _("which fits the scales %(scales)s") % {"scales": ", ".join(map(str, spans))}
            message = _(
                "Nothing in %(name)s proves on which scale its %(kind)s scores are: they go from %(low)s to %(high)s, "
                "%(fits)s."
            )
            values = {"name": self.table.name, "kind": kind, "low": min(scores), "high": max(scores)}
            values["fits"] = fits if spans else _("which fits none of the usual scales")
            raise UnknownScale(message % values, _("pass --scale LOW-HIGH, for example --scale 1-5"))

    def scores(self) -> list[Counted]:
        """What is seen under the scores, the usual order first: by kind, then by number."""
        found: Counter[Counted] = Counter()
        for cells, count in self._seen.items():
            found[self._judged(cells)] += count
        rows = [one._replace(times=count) for one, count in found.items()]
        return sorted(rows, key=lambda row: (row.kind, _order(row.text), row.message))

    def found_scale(self, kind: str) -> Span | None:
        """The scale that scores without one are taken to be on."""
        return self.options.scoring.scale_of(kind) or self._found.get(kind)

    def shown_scales(self) -> dict[str, str]:
        """The scales that the file itself has proven, as they may be told when its rejected rows return."""
        return {kind: str(span) for kind, span in self._found.items()}

    def items(self) -> Iterator[Row | Fault | Superseded]:
        pending: dict[str, _Gathered] = {}
        for line, is_last in zip(self.table.records(), self._latest, strict=True):
            name, row = self._key(line), self._read(line)
            if isinstance(row, Fault):
                yield row
            elif name not in pending:
                pending[name] = _Gathered(self.complete(row))
            elif fault := pending[name].add(self.complete(row)):
                yield fault
            else:
                self.notes.add("rows_joined", f"line {line.number}")
            if is_last and name in pending:
                yield pending.pop(name).row()

    def keepable(self, fault: Fault) -> Fault:
        """One of employees without who they are, as an answer of theirs that is taken in."""
        if not self._is_of_employees(fault.cells):
            return fault
        if len(fault.cells) != len(self.table.header):  # nobody can tell which cell is which
            return replace(fault, cells=[""] * len(fault.cells))
        cells, message = list(fault.cells), fault.message
        for position in (self.used[name] for name in _PERSONAL if name in self.used):
            if text := cells[position].strip():
                message = message.replace(short(text), "…").replace(text, "…")
            cells[position] = ""
        return replace(fault, cells=cells, message=message)

    def _is_of_employees(self, cells: Sequence[str]) -> bool:
        """By the kind or the survey that its row names, else by the kind that was told for all."""
        scoring = self.options.scoring
        if len(cells) == len(self.table.header):
            kind, survey = (self._cell(name, cells) for name in ("survey_kind", "survey"))
            found = {kind, scoring.surveys[survey].kind if survey in scoring.surveys else ""} - {""}
        else:
            texts = {cell.strip() for cell in cells}
            found = {text.casefold() for text in texts if text.casefold() in scales.KINDS}
            found |= {scoring.surveys[text].kind for text in texts if text in scoring.surveys}
        return any(scales.KINDS[kind].is_about_employees for kind in found or {scoring.kind} - {""})

    def _cell(self, name: str, cells: Sequence[str]) -> str:
        try:
            return self._reader.cell(name, cells[self.used[name]].strip()) or "" if name in self.used else ""
        except BadValue:
            return ""

    def _noted(self, lines: Iterator[Line], dates: set[str]) -> Iterator[Line]:
        return super()._noted(self._counted(lines), dates)

    def _counted(self, lines: Iterator[Line]) -> Iterator[Line]:
        positions = [self.used.get(name, -1) for name in _TOLD]
        seen = self._seen
        for line in lines:
            cells = line.cells
            told = tuple(cells[place].strip() if 0 <= place < len(cells) else "" for place in positions)
            if told[1] and told[1] not in self.options.scoring.surveys:
                told = (told[0], "", *told[2:])  # a survey that is not known here says nothing about a score
            if len(seen) < _MOST_SEEN or told in seen:
                seen[told] += 1
            yield line

    def _proven(self) -> dict[str, Span]:
        """The scales of scores whose rows do not name one, by kind."""
        scores: dict[str, set[int]] = {}
        scoring = self.options.scoring
        for cells in self._seen:
            told = self._told(cells)
            if told is None or told.score is None or told.survey in scoring.surveys:
                continue
            kind = told.kind or scoring.kind
            self._is_without_kind |= not kind
            if kind and told.scale_max is None and not scoring.scale_of(kind):
                scores.setdefault(kind, set()).add(told.score)
        found = {kind: span for kind, seen in scores.items() if (span := proven(kind, seen))}
        self._open = {kind: seen for kind, seen in scores.items() if kind not in found}
        return found

    def _told(self, cells: Seen) -> Told | None:
        try:
            kind, survey, score, low, high = (
                self._reader.cell(name, text) for name, text in zip(_TOLD, cells, strict=True)
            )
        except BadValue:
            return None
        return Told(kind or "", survey or "", score, low, high)

    def _judged(self, cells: Seen) -> Counted:
        """What becomes of a score as it is written, not yet counted."""
        text = cells[_TOLD.index("score")]
        try:
            values = {name: self._reader.cell(name, cell) for name, cell in zip(_TOLD, cells, strict=True)}
            placed = self._place(values)
        except BadValue as fault:
            kind = cells[0].lower() if cells[0].lower() in scales.KINDS else self.options.scoring.kind
            is_open = isinstance(fault, Misplaced) and (fault.reason == "unknown_scale" or not kind)
            return Counted(text, 0, kind, None, str(fault), is_open)
        return Counted(text, 0, placed.kind, placed, _no_score() if placed.score is None else "")

    def _read(self, line: Line) -> Row | Fault:
        row = super()._read(line)
        if isinstance(row, Fault):
            return row
        try:
            self._check(row.values)
            placed = self._place(row.values)
        except Misplaced as fault:
            return Fault(row.line, row.cells, fault.column, fault.reason, str(fault))
        self._remark(row, placed)
        row.values |= {
            "survey": placed.survey,
            "survey_kind": placed.kind,
            "score": placed.score,
            "scale_min": placed.span.low,
            "scale_max": placed.span.high,
        }
        return row

    def _check(self, values: Mapping[str, Any]) -> None:
        if values["score"] is None:
            if values.get("invited_at") is None:
                raise Misplaced("score", "no_score", _no_score())
        elif values["answered_at"] is None:
            raise Misplaced("answered_at", "missing_value", _("%(column)s is missing.") % {"column": "answered_at"})

    def _place(self, values: Mapping[str, Any]) -> Placed:
        kind, survey = values.get("survey_kind") or "", values.get("survey") or ""
        told = Told(kind, survey, values["score"], values.get("scale_min"), values.get("scale_max"))
        return place(told, self.options.scoring, self._found)

    def _remark(self, row: Row, placed: Placed) -> None:
        said = row.values
        if said.get("survey") and not placed.survey:
            self.notes.add("unknown_survey", said["survey"])
        if placed.is_turned and placed.score is not None:
            self.notes.add("score_turned", f"{said['score']} → {placed.score}")
        if not placed.survey and scales.steps(placed.kind, *placed.span) is None:
            self.notes.add("scale_without_thresholds", f"{placed.kind} {placed.span}")


@dataclass(slots=True)
class _Gathered:
    """The rows of one answer as far as they have been read."""

    first: Row
    others: list[Line] = field(default_factory=list)
    comments: list[str] = field(init=False)

    def __post_init__(self) -> None:
        self.comments = [text] if (text := self.first.values.get("comment")) else []

    def add(self, row: Row) -> Fault | None:
        """Take another row in, unless it contradicts the first."""
        said = self.first.values
        if any(row.values[name] != said[name] for name in _SAME):
            message = _("Line %(line)s has the same id and says another score, scale or survey.")
            return Fault(row.line, row.cells, "score", "other_score", message % {"line": self.first.line})
        comment = row.values.get("comment")
        if comment and comment not in self.comments:
            self.comments.append(comment)
        for name in ("answered_at", "invited_at"):
            said[name] = min((at for at in (said.get(name), row.values.get(name)) if at), default=None)
        extra = row.values.pop("extra", {})
        if extra:
            said["extra"] = together(said.get("extra", {}), extra)
        for name, value in row.values.items():
            said[name] = value if said.get(name) in (None, "") else said[name]
        self.others.append(Line(row.line, row.cells))
        return None

    def row(self) -> Row:
        if self.others:
            self.first.others = tuple(self.others)
            self.first.values["comment"] = BETWEEN_COMMENTS.join(self.comments)
        return self.first


def together(one: Mapping[str, Any], other: Mapping[str, Any]) -> dict[str, Any]:
    """Columns that nobody asked for: where rows differ, everything that they say."""
    found = dict(one)
    for name, value in other.items():
        before = found.get(name, [])
        listed = before if isinstance(before, list) else [before]
        if value not in listed:
            found[name] = [*listed, value] if listed else value
    return found


def _order(text: str) -> tuple[float, str]:
    try:
        return float(text), text
    except ValueError:
        return float("inf"), text


def _no_score() -> str:
    return _("The score is empty: nobody answered here.")
