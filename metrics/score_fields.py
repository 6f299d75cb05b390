"""What the preview of an import asks about scores: what was asked, on which scale, and what each score means."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django import forms
from django.forms.boundfield import BoundField
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from metrics.ingest import Request, ScoreLine, Scores
from metrics.sources.scoring import EVERY_KIND, HIGH, LOW
from metrics.sources.values import MISSING
from surveys import scales
from surveys.models import Survey

SURVEY_KIND: Final = "survey_kind"
SCALE, BEST, MEANS = "scale-", "best-", "means-"
MOST_MEANINGS: Final = 40
_SCALES: Final = (
    *("0-1", "1-2", "0-2", "1-3", "0-3", "1-4", "0-4", "1-5", "0-5", "1-6", "1-7", "0-7", "1-10", "0-10"),
    *("1-100", "0-100"),
)


@dataclass(frozen=True)
class ShownScore:
    """A line of the table: what is seen, what somebody says it means, and what becomes of it."""

    line: ScoreLine
    meaning: BoundField | None

    @property
    def kind(self) -> str | Promise:
        return Survey.Kind(self.line.seen.kind).label if self.line.seen.kind else ""

    @property
    def stored(self) -> str:
        placed = self.line.seen.placed
        return "" if placed is None or placed.score is None else str(placed.score)

    @property
    def scale(self) -> str:
        placed = self.line.seen.placed
        return f"({placed.span.low}–{placed.span.high})" if placed and self.stored else ""

    @property
    def group(self) -> str | Promise:
        return scales.GROUP_NAMES.get(self.line.group, "")

    @property
    def badge(self) -> str:
        good, middle, bad = scales.KINDS[self.line.seen.kind].groups
        return {good: "badge-good", middle: "badge-warn", bad: "badge-bad"}.get(self.line.group, "")


@dataclass(frozen=True)
class KindFields:
    """The choices for the scores of one kind of survey."""

    name: str | Promise
    scale: BoundField
    best: BoundField


class _Meaning(forms.CharField):
    """Empty means that nobody answered; not sent at all, it is None and changes nothing."""

    def clean(self, value: Any) -> Any:
        return None if value is None else super().clean(value)


class ScoreFields:
    """Without scores there is nothing to ask, and what was told before stays."""

    def __init__(self, scores: Scores | None, asked: Request) -> None:
        self._scores = scores
        self._asked = asked
        self._texts = self._meant_texts()

    def fields(self) -> dict[str, forms.Field]:
        if self._scores is None:
            return {}
        found: dict[str, forms.Field] = {SURVEY_KIND: self._kind_field()}
        for kind in self._scores.kinds:
            found |= {f"{SCALE}{kind}": self._scale_field(kind), f"{BEST}{kind}": self._best_field(kind)}
        for number, text in enumerate(self._texts):
            label = _("What %(score)s means") % {"score": text}
            found[f"{MEANS}{number}"] = _Meaning(
                label=label, required=False, max_length=20, initial=self._meaning(text)
            )
        return found

    def told(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """What a request keeps of it."""
        asked = self._asked
        if self._scores is None:
            found = {"survey_kind": asked.survey_kind, "scales": asked.scales, "best": asked.best}
            return {**found, "value_map": asked.value_map}
        chosen = {kind: given[f"{SCALE}{kind}"] for kind in self._scores.kinds}
        best = {kind: given[f"{BEST}{kind}"] for kind in self._scores.kinds}
        return {
            "survey_kind": given[SURVEY_KIND],
            "scales": {kind: scale for kind, scale in chosen.items() if scale},
            "best": {kind: end for kind, end in best.items() if end},
            "value_map": self._value_map(given),
        }

    def kinds(self, form: forms.Form) -> list[KindFields]:
        kinds = self._scores.kinds if self._scores else ()
        return [KindFields(Survey.Kind(kind).label, form[f"{SCALE}{kind}"], form[f"{BEST}{kind}"]) for kind in kinds]

    def lines(self, form: forms.Form) -> Iterator[ShownScore]:
        """A score that is seen on several scales can be said to mean something else only once."""
        places = {text: number for number, text in enumerate(self._texts)}
        for line in self._scores.lines if self._scores else ():
            number = places.pop(line.seen.text, None)
            yield ShownScore(line, None if number is None else form[f"{MEANS}{number}"])

    def _meant_texts(self) -> list[str]:
        lines = self._scores.lines if self._scores else ()
        return [text for text in dict.fromkeys(line.seen.text for line in lines) if text not in MISSING][:MOST_MEANINGS]

    def _meanings(self) -> dict[str, str]:
        return {seen.strip().casefold(): meant for seen, meant in self._asked.value_map.get("score", {}).items()}

    def _meaning(self, text: str) -> str:
        return self._meanings().get(text.casefold(), text)

    def _value_map(self, given: Mapping[str, Any]) -> dict[str, Mapping[str, str]]:
        meant = {text: self._given_meaning(given, number, text) for number, text in enumerate(self._texts)}
        shown = {text.casefold() for text in meant}
        others = {
            seen: means
            for seen, means in self._asked.value_map.get("score", {}).items()
            if seen.strip().casefold() not in shown
        }
        scores = others | {text: means for text, means in meant.items() if means != text}
        rest = {name: seen for name, seen in self._asked.value_map.items() if name != "score"}
        return {**rest, "score": scores} if scores else rest

    def _given_meaning(self, given: Mapping[str, Any], number: int, text: str) -> str:
        meant: str | None = given[f"{MEANS}{number}"]
        return self._meaning(text) if meant is None else meant.strip()

    def _kind_field(self) -> forms.ChoiceField:
        choices = [("", _("As each row says")), *((kind, kind.label) for kind in Survey.Kind)]
        return forms.ChoiceField(
            label=gettext_lazy("What was asked, where a row does not say it"),
            choices=choices,
            required=False,
            initial=self._asked.survey_kind,
        )

    def _scale_field(self, kind: str) -> forms.ChoiceField:
        """What the file proves is chosen already, so that what is confirmed is what is seen."""
        found = self._scores.kinds[kind] if self._scores else None
        chosen = str(found) if found else ""
        names = dict.fromkeys([*_SCALES, *([chosen] if chosen else [])])
        first = _("– please choose –") if self._scores and self._scores.is_open and not found else _("As each row says")
        return forms.ChoiceField(
            label=gettext_lazy("Scale, where a row does not say it"),
            choices=[("", first), *((name, name.replace("-", "–")) for name in names)],
            required=False,
            initial=chosen,
        )

    def _best_field(self, kind: str) -> forms.ChoiceField:
        best = self._asked.best
        return forms.ChoiceField(
            label=gettext_lazy("Which end is best"),
            choices=[
                ("", _("The highest score, or as its row or its survey says")),
                (HIGH, _("The highest score")),
                (LOW, _("The lowest score: turn them round")),
            ],
            required=False,
            initial=best.get(kind) or best.get(EVERY_KIND, ""),
        )
