"""The form of one further question: its words in every language, its options, and whom it is asked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Self

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext_lazy as _

from kpiproject.lib.numbers import small_number
from surveys import further, scales, writing
from surveys.content import Prompt
from surveys.forms_editing import SeenForm
from surveys.further import Written
from surveys.languages import LANGUAGES, direction
from surveys.models import Question, Survey
from surveys.readiness import WITH_OPTIONS

MOST_OPTIONS: Final = 30
_SPARE: Final = 2
_FAMILIES: Final = (
    (Question.Kind.CHOICE, Question.Kind.MULTIPLE),
    (Question.Kind.SHORT, Question.Kind.LONG),
    (Question.Kind.SCALE,),
)
Row = Mapping[str, str]
"""An option: its "key", empty for a new one, and its text by language."""


@dataclass
class Option:
    """A row of the form as it is shown."""

    number: int
    key: BoundField
    texts: list[tuple[str, BoundField]]


@dataclass
class Said:
    """The words in one language."""

    code: str
    name: str
    fields: list[BoundField]


class QuestionForm(SeenForm):
    """`rows` are the options; the buttons that add, move and drop one save nothing."""

    seen = forms.CharField(widget=forms.HiddenInput, max_length=16, required=False)
    rows = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=MOST_OPTIONS)
    kind = forms.ChoiceField(label=_("Kind"))
    is_required = forms.BooleanField(label=_("Must be answered"), required=False)
    scale_min = forms.IntegerField(label=_("Lowest score"), min_value=0, max_value=10, required=False)
    scale_max = forms.IntegerField(label=_("Highest score"), min_value=1, max_value=10, required=False)
    standings = forms.TypedMultipleChoiceField(
        label=_("Only asked of"), coerce=int, required=False, widget=forms.CheckboxSelectMultiple
    )
    branch = forms.MultipleChoiceField(
        label=_("Only asked after one of these was chosen"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(
        self, *args: Any, survey: Survey, kind: str, languages: Sequence[str], question: Question | None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.survey, self.asked, self.languages, self.question = survey, kind, languages, question
        family = next(family for family in _FAMILIES if kind in family)
        self.fields["kind"].choices = [(one, one.label) for one in family]  # type: ignore[attr-defined]  # a ChoiceField
        groups = zip((scales.GOOD, scales.MIDDLE, scales.BAD), survey.scale.groups, strict=True)
        self.fields["standings"].choices = [(standing, scales.GROUP_NAMES[name]) for standing, name in groups]  # type: ignore[attr-defined]  # the same
        self.fields["branch"].choices = _branches(survey, question)  # type: ignore[attr-defined]  # the same
        self.has_options = kind in WITH_OPTIONS
        self.saved_now: list[tuple[str, list[str]]] = []
        self._count = self._rows_wanted()
        if kind != Question.Kind.SCALE:
            del self.fields["scale_min"], self.fields["scale_max"]
        for language in languages:
            self._add_words(language)
        for number in range(self._count):
            self._add_option(number)

    @classmethod
    def of(cls, question: Question, *, survey: Survey, languages: Sequence[str]) -> Self:
        branch = [f"{question.after_id}:{key}" for key in question.after_options] if question.after_id else []
        rows = [
            {"key": key, **{code: said["options"].get(key, "") for code, said in question.prompts.items()}}
            for key in question.options
        ]
        initial = {
            **{
                name: getattr(question, name) for name in ("kind", "is_required", "scale_min", "scale_max", "standings")
            },
            "branch": branch,
            "seen": writing.fingerprint(further.values(question)),
            **_words_as_initial(question.prompts),
            **rows_as_initial(rows, spare=0),
        }
        return cls(survey=survey, kind=question.kind, languages=languages, question=question, initial=initial)

    def keep_both(self, conflict: writing.ChangedMeanwhileError) -> None:
        """Options may have other places than those in the form, so theirs are told beside it, all together."""
        super().keep_both(conflict)
        theirs, self.theirs = conflict.theirs, {}
        options = theirs["options"]
        self.saved_now = [
            (LANGUAGES[code], [said["prompt"], *(said["options"].get(key, "–") for key in options)])
            for code, said in theirs["prompts"].items()
            if code in LANGUAGES
        ]

    def posted(self) -> dict[str, Any]:
        """What stands in the fields, to be shown again by a form that is not yet sent."""
        return {name: self[name].value() for name in self.fields}

    def posted_rows(self) -> list[dict[str, str]]:
        return [
            {"key": str(self[f"key_{number}"].value() or "")}
            | {code: str(self[f"option_{number}_{code}"].value() or "") for code in self.languages}
            for number in range(self._count)
        ]

    def words(self) -> list[Said]:
        names = ["prompt", "low_label", "high_label"] if self.asked == Question.Kind.SCALE else ["prompt"]
        return [
            Said(code, LANGUAGES[code], [self[f"{name}_{code}"] for name in names if f"{name}_{code}" in self.fields])
            for code in self.languages
        ]

    def options(self) -> list[Option]:
        return [
            Option(number, self[f"key_{number}"], [(code, self[f"option_{number}_{code}"]) for code in self.languages])
            for number in range(self._count)
        ]

    def clean_branch(self) -> list[str]:
        chosen: list[str] = self.cleaned_data["branch"]
        if len({one.partition(":")[0] for one in chosen}) > 1:
            raise forms.ValidationError(_("Please choose options of one question only."))
        return chosen

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if self.has_options and cleaned.get("rows", self._count) != self._count:
            self.add_error(None, _("The number of options could not be read. Please load the page again."))
        low, high = cleaned.get("scale_min"), cleaned.get("scale_max")
        if self.asked == Question.Kind.SCALE and (low is None or high is None or low >= high):
            self.add_error("scale_max", _("The highest score must be above the lowest."))
        main, seen = self.survey.language, set()
        for row in self.posted_rows() if self.has_options else []:
            text = row.get(main, "").strip()
            if not text and any(row[code].strip() for code in self.languages):
                self.add_error(None, _("An option needs its words in %(language)s.") % {"language": LANGUAGES[main]})
            if text and text in seen:
                self.add_error(None, _("“%(option)s” stands there twice.") % {"option": text})
            seen.add(text)
        return cleaned

    def written(self) -> Written:
        given = self.cleaned_data
        branch = [one.partition(":") for one in given["branch"]]
        return Written(
            kind=given["kind"],
            is_required=given["is_required"],
            scale_min=given.get("scale_min", 1),
            scale_max=given.get("scale_max", 5),
            standings=given["standings"] if len(given["standings"]) < len(self.survey.scale.groups) else (),
            after_id=int(branch[0][0]) if branch else None,
            after_options=[key for _id, _colon, key in branch],
            prompts={code: self._prompt(code) for code in self.languages},
            options=[
                (row["key"], {code: row[code].strip() for code in self.languages})
                for row in self.posted_rows()
                if row[self.survey.language].strip()
            ],
        )

    def _prompt(self, code: str) -> Prompt:
        names = ("prompt", "low_label", "high_label")
        return Prompt(**{name: self.cleaned_data.get(f"{name}_{code}", "") for name in names})

    def _rows_wanted(self) -> int:
        if not self.has_options:
            return 0
        said = self.data.get("rows", "") if self.is_bound else self.initial.get("rows", _SPARE)
        return min(max(small_number(said) or 0, 0), MOST_OPTIONS)

    def _add_words(self, language: str) -> None:
        is_main = language == self.survey.language
        attrs = {"lang": language, "dir": direction(language)}
        self.fields[f"prompt_{language}"] = forms.CharField(
            label=_("Question in %(language)s") % {"language": LANGUAGES[language]},
            max_length=300,
            required=is_main,
            widget=forms.Textarea(attrs=attrs | {"rows": 2}),
            error_messages={"required": _("Please write the question.")},
        )
        if self.asked == Question.Kind.SCALE:
            for name, label in (("low_label", _("Words at the lowest score")), ("high_label", _("… at the highest"))):
                self.fields[f"{name}_{language}"] = forms.CharField(
                    label=label, max_length=60, required=False, widget=forms.TextInput(attrs=attrs)
                )

    def _add_option(self, number: int) -> None:
        self.fields[f"key_{number}"] = forms.CharField(widget=forms.HiddenInput, required=False, max_length=40)
        for language in self.languages:
            self.fields[f"option_{number}_{language}"] = forms.CharField(
                label=_("Option %(number)s in %(language)s") % {"number": number + 1, "language": LANGUAGES[language]},
                max_length=120,
                required=False,
                widget=forms.TextInput(attrs={"lang": language, "dir": direction(language), "class": "input"}),
            )


def rows_as_initial(rows: Sequence[Row], *, spare: int = _SPARE) -> dict[str, Any]:
    """Rows of options, with some empty ones after them, as the initial values of a form."""
    found: dict[str, Any] = {"rows": min(len(rows) + spare, MOST_OPTIONS)}
    for number, row in enumerate([*rows, *[{"key": ""}] * spare][:MOST_OPTIONS]):
        found |= {f"key_{number}": row["key"]}
        found |= {f"option_{number}_{code}": text for code, text in row.items() if code != "key"}
    return found


def _words_as_initial(prompts: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    return {
        f"{name}_{code}": said.get(name, "")
        for code, said in prompts.items()
        for name in ("prompt", "low_label", "high_label")
    }


def _branches(survey: Survey, question: Question | None) -> list[tuple[str, str]]:
    found = []
    for one in writing.earlier(question, survey):
        said = one.prompts.get(survey.language, {})
        found += [
            (f"{one.pk}:{key}", f"{said.get('prompt', '')} → {said.get('options', {}).get(key, key)}")
            for key in one.options
        ]
    return found
