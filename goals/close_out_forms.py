"""What a person says when a goal ends."""

from typing import Any, Final

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Field, Layout
from django import forms
from django.utils.translation import gettext_lazy

from goals import milestones
from goals.close_out import WORDS, Ending, Learned
from goals.models import Goal

MOST_CHARACTERS: Final = 5000
CLOSE, CANCEL = "close", "cancel"


def _text(label: Any, help_text: Any = "") -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=help_text,
        required=False,
        max_length=MOST_CHARACTERS,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class RetrospectiveForm(forms.Form):
    """What was learned. All of it may follow later."""

    worked = _text(gettext_lazy("What worked"))
    did_not_work = _text(gettext_lazy("What did not work"))
    next_time = _text(gettext_lazy("What we do next"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True
        self.helper.layout = Layout(*(Field(name) for name in self.fields))

    @property
    def learned(self) -> Learned:
        return Learned(**{name: _lines(self.cleaned_data[name]) for name in WORDS})


class WrittenForm(RetrospectiveForm):
    """The same for a goal that is closed: with the version of the words that the writer saw."""

    version = forms.CharField(max_length=16, widget=forms.HiddenInput)


class CloseForm(RetrospectiveForm):
    """For a goal whose time is over; the result is computed and not asked."""

    seeds_next = forms.BooleanField(
        label=gettext_lazy("Set up the next goal as a draft"),
        required=False,
        help_text=gettext_lazy("With the same figure and a baseline measured now. You can change everything in it."),
    )

    def __init__(self, *args: Any, goal: Goal, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not goal.has_kpi:
            self._speak_of_milestones(goal)

    def _speak_of_milestones(self, goal: Goal) -> None:
        """Where all of them are done, nothing is left for a next goal."""
        if all(one.done_on for one in milestones.of(goal)):
            self.initial["seeds_next"] = False
            self.fields["seeds_next"].widget = forms.HiddenInput()
        help_text = gettext_lazy("With the milestones that are still open, on later days. You can change all of it.")
        self.fields["seeds_next"].help_text = help_text

    @property
    def ending(self) -> Ending:
        return Ending(learned=self.learned)


class EarlyForm(CloseForm):
    """For a goal whose time is not over: how, and why."""

    how = forms.ChoiceField(
        label=gettext_lazy("How it ends"),
        choices=[
            (CLOSE, gettext_lazy("Close it: it is judged by its last complete period")),
            (CANCEL, gettext_lazy("Cancel it: it is no longer wanted, and is not judged")),
        ],
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label=gettext_lazy("Why it ends before it is due"),
        max_length=MOST_CHARACTERS,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    MILESTONES = gettext_lazy("Close it: it is judged by the milestones that are done by now")
    field_order = ("how", "reason", "worked", "did_not_work", "next_time", "seeds_next")

    def _speak_of_milestones(self, goal: Goal) -> None:
        super()._speak_of_milestones(goal)
        how = self.fields["how"]
        how.choices = [(CLOSE, self.MILESTONES), *how.choices[1:]]  # type: ignore[attr-defined]  # a choice field

    @property
    def ending(self) -> Ending:
        return Ending(
            is_cancelled=self.cleaned_data["how"] == CANCEL,
            reason=_lines(self.cleaned_data["reason"]),
            learned=self.learned,
        )


def _lines(text: str) -> str:
    """Browsers send two characters for the end of a line."""
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()
