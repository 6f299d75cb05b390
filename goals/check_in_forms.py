"""What somebody fills in who checks in on a goal. The number is not asked: it is measured."""

from typing import Any, Final

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Field, Layout
from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from goals import confidence
from goals.check_ins import Said
from goals.models import CheckIn, Goal

MOST_CHARACTERS: Final = 2000


def _text(label: Any, help_text: Any, *, rows: int = 3, required: bool = True) -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=help_text,
        required=required,
        max_length=MOST_CHARACTERS,
        widget=forms.Textarea(attrs={"rows": rows}),
    )


class CheckInForm(forms.Form):
    """Three questions and, where the answer differs from the judgement, why."""

    what_changed = _text(gettext_lazy("What has changed"), gettext_lazy("Since the last check-in, in a few sentences."))
    next_step = _text(gettext_lazy("What to try next"), gettext_lazy("One thing, small enough for the next days."))
    confidence = forms.ChoiceField(
        label=gettext_lazy("How you see it yourself"),
        choices=CheckIn.Confidence.choices,
        widget=forms.RadioSelect,
    )
    difference = _text(
        gettext_lazy("Why you see it differently"),
        gettext_lazy("Only if you see it differently from what was judged: one sentence. Both are shown side by side."),
        rows=2,
        required=False,
    )

    def __init__(self, *args: Any, goal: Goal, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.goal = goal
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True
        self.helper.layout = Layout(*(Field(name) for name in self.fields))
        if confidence.apart(CheckIn.Confidence.ON_TRACK, goal.status) is None:
            del self.fields["difference"]  # nothing was judged, so there is nothing to differ from
            self.helper.layout = Layout(*(Field(name) for name in self.fields))
        else:
            status = {"status": goal.get_status_display()}
            self.fields["confidence"].help_text = _("Plumbline judges it “%(status)s”.") % status

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        view = given.get("confidence")
        if view and confidence.apart(view, self.goal.status) and not given.get("difference"):
            message = _("You see it differently from what was judged (“%(status)s”). Say in a sentence why.")
            self.add_error("difference", message % {"status": self.goal.get_status_display()})
        return given

    @property
    def said(self) -> Said:
        return Said(**{name: _lines(text) for name, text in self.cleaned_data.items()})


def _lines(text: str) -> str:
    """Browsers send two characters for the end of a line."""
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()
