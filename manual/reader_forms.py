"""What is filled in about reading: who reads what, confirmations, questions, checks and feedback."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, ClassVar, Final

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout, Submit
from django import forms
from django.contrib.auth.models import Group
from django.db.models import Q
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from goals.day_input import DayInput
from kpiproject.lib.tokens import new_token
from kpiproject.models import Team, User
from kpiproject.people import ROLES
from manual import checks
from manual.checks import BadQuestionError, Written
from manual.models import Audience, CheckQuestion
from manual.models.acknowledgement import MOST_CHOICES, MOST_DAYS
from manual.reading_list import State

_ALL, _CHOSEN = "all", "chosen"
STATES: Final = {
    "": gettext_lazy("everybody"),
    "waiting": gettext_lazy("has to confirm"),
    State.OVERDUE.value: gettext_lazy("is late"),
    State.ASKED.value: gettext_lazy("has asked"),
    State.DONE.value: gettext_lazy("has confirmed all"),
}


class PlainText(forms.CharField):
    """Browsers send two characters for the end of a line."""

    def to_python(self, value: Any) -> str:
        text = "" if value is None else str(value)
        return super().to_python(text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "")) or ""


class _RoleField(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]  # generic for the checker only
    def label_from_instance(self, obj: Any) -> str:
        return _("Managers") if obj.name == ROLES[1] else _("Staff")


class AudienceForm(forms.ModelForm):  # type: ignore[type-arg]  # generic for the checker only
    """`titles` are the sections that may be chosen, by short name; chosen ones that are gone can only be let go."""

    groups = _RoleField(
        label=gettext_lazy("Roles"),
        queryset=Group.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Also whoever gets the role later."),
    )
    teams = forms.ModelMultipleChoiceField(
        label=gettext_lazy("Teams"),
        queryset=Team.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Their agents who have an account under the same e-mail address."),
    )
    people = forms.ModelMultipleChoiceField(
        label=gettext_lazy("Single people"),
        queryset=User.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    has_all = forms.ChoiceField(
        label=gettext_lazy("What they read"),
        choices=[
            (_ALL, gettext_lazy("every section, also those that are added later")),
            (_CHOSEN, gettext_lazy("chosen sections")),
        ],
        widget=forms.RadioSelect,
    )
    slugs = forms.MultipleChoiceField(
        label=gettext_lazy("Chosen sections"), required=False, widget=forms.CheckboxSelectMultiple
    )

    class Meta:
        model = Audience
        fields: ClassVar = ["name", "groups", "teams", "people", "has_all", "slugs", "days"]
        labels: ClassVar = {"name": gettext_lazy("Name"), "days": gettext_lazy("Days for reading")}
        help_texts: ClassVar = {
            "days": gettext_lazy("Counted from the day on which an edition takes effect, or somebody joins.")
        }

    def __init__(self, *args: Any, titles: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        old = self.instance.pk is not None
        active = Q(is_active=True) | Q(pk__in=self.instance.people.all()) if old else Q(is_active=True)
        self._offer("groups", Group.objects.filter(name__in=ROLES).order_by("-name"))
        self._offer("teams", Team.objects.order_by("name", "pk"))
        self._offer("people", User.objects.filter(active).order_by("name", "email"))
        gone = {slug: slug for slug in self.instance.slugs if slug not in titles}
        no_longer = _("%(slug)s (no longer part of the manual)")
        labels = {**titles, **{slug: no_longer % {"slug": slug} for slug in gone}}
        self.fields["slugs"].choices = list(labels.items())  # type: ignore[attr-defined]  # a choice field above
        self.initial["has_all"] = _ALL if self.instance.has_all else _CHOSEN
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True
        self.helper.layout = Layout(*self.fields)

    def clean_name(self) -> str:
        return " ".join(str(self.cleaned_data["name"]).split())

    def clean_has_all(self) -> bool:
        return bool(self.cleaned_data["has_all"] == _ALL)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if not any(given.get(name) for name in ("groups", "teams", "people")):
            self.add_error(None, _("Choose at least one role, team or person."))
        if given.get("has_all") is False and not given.get("slugs"):
            self.add_error("slugs", _("Choose at least one section, or every section."))
        return given

    def _offer(self, name: str, rows: Any) -> None:
        self.fields[name].queryset = rows  # type: ignore[attr-defined]  # it chooses among rows


class DeadlineForm(forms.Form):
    """For one edition; empty for the usual number of days."""

    number = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
    on = forms.DateField(label=gettext_lazy("To be confirmed by"), required=False, widget=DayInput)

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._today = today

    def clean_on(self) -> date | None:
        on: date | None = self.cleaned_data["on"]
        if on is not None and not 0 <= (on - self._today).days <= MOST_DAYS:
            raise forms.ValidationError(_("Choose today or a day of the next year."))
        return on


class ConfirmForm(forms.Form):
    """The edition that the person has read, and a choice for every question of the check."""

    number = forms.IntegerField(min_value=1, widget=forms.HiddenInput)

    def __init__(self, *args: Any, questions: Sequence[CheckQuestion] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._questions = questions
        for question in questions:
            self.fields[_name(question)] = forms.TypedChoiceField(
                label=question.text,
                choices=list(enumerate(question.choices, start=1)),
                coerce=int,
                widget=forms.RadioSelect,
                error_messages={"required": gettext_lazy("Choose one of the answers.")},
            )
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True
        self.helper.layout = Layout(*self.fields)

    @property
    def answers(self) -> dict[int, int]:
        return {question.pk: self.cleaned_data[_name(question)] for question in self._questions}


class AskForm(forms.Form):
    text = PlainText(
        label=gettext_lazy("Your question"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3, "id": "id_ask"})
    )
    number = forms.IntegerField(min_value=1, widget=forms.HiddenInput(attrs={"id": "id_ask_number"}))
    form_key = forms.CharField(
        max_length=22, min_length=22, widget=forms.HiddenInput(attrs={"id": "id_ask_key"}), initial=new_token
    )


class AnswerForm(forms.Form):
    answer = PlainText(
        label=gettext_lazy("Your answer"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=gettext_lazy("Whoever asked gets it by mail. If the section should say it, mend the section, too."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True
        self.helper.layout = Layout("answer")


class CheckForm(forms.Form):
    """One question; all empty for none."""

    text = forms.CharField(label=gettext_lazy("Question"), max_length=300, required=False)
    choices = PlainText(
        label=gettext_lazy("Choices"),
        max_length=1500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("One on each line, two to five."),
    )
    right = forms.TypedChoiceField(
        label=gettext_lazy("The right one is"),
        required=False,
        coerce=int,
        empty_value=None,
        choices=[("", gettext_lazy("choose")), *((n, f"{n}.") for n in range(1, MOST_CHOICES + 1))],
    )
    place = forms.ChoiceField(
        label=gettext_lazy("Where it is explained"),
        required=False,
        help_text=gettext_lazy("Whoever is wrong is led there to read it again."),
    )

    def __init__(self, *args: Any, places: Iterable[tuple[str, str]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = [("", _("the section as a whole")), *places]
        was = str(self.initial.get("place", ""))
        if was and was not in dict(known):
            known.append((was, _("%(place)s (no longer there)") % {"place": was}))
        self.fields["place"].choices = known  # type: ignore[attr-defined]  # a choice field above
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True
        self.helper.layout = Layout(*self.fields)

    @property
    def written(self) -> Written | None:
        given = self.cleaned_data
        choices = _lines(given["choices"])
        if not given["text"] and not choices:
            return None
        return Written(text=given["text"], choices=choices, right=given["right"] or 0, place=given["place"])

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if self.errors or not (given.get("text") or given.get("choices")):
            return given
        if not given.get("text"):
            self.add_error("text", _("Write the question."))
        if not given.get("right"):
            self.add_error("right", _("Say which choice is right."))
        if not self.errors:
            self._check(given)
        return given

    def _check(self, given: Mapping[str, Any]) -> None:
        try:
            checks.check(Written(text=given["text"], choices=_lines(given["choices"]), right=given["right"]))
        except BadQuestionError as error:
            self.add_error("choices", str(error))


class FeedbackForm(forms.Form):
    """Which of the two buttons was pressed, and why something is not clear."""

    clear = forms.ChoiceField(choices=[("yes", gettext_lazy("yes")), ("no", gettext_lazy("no"))])
    why = PlainText(required=False, max_length=1000)
    number = forms.IntegerField(min_value=1)
    form_key = forms.CharField(required=False, max_length=22)


class OutsideFeedbackForm(forms.Form):
    """The same of somebody who reads under a share link; which edition that shows, they need not say."""

    clear = forms.ChoiceField(choices=[("yes", gettext_lazy("yes")), ("no", gettext_lazy("no"))])
    why = PlainText(
        required=False,
        max_length=1000,
        error_messages={"max_length": gettext_lazy("Please say it in at most %(limit_value)d characters.")},
    )
    form_key = forms.CharField(required=False, max_length=22)


class SettleForm(forms.Form):
    reply = PlainText(label=gettext_lazy("A word back"), required=False, max_length=1000)


class ReadersFilter(forms.Form):
    """Which readers are listed; anything may stay open."""

    audience = forms.TypedChoiceField(label=gettext_lazy("Audience"), required=False, coerce=int, empty_value=None)
    state = forms.ChoiceField(label=gettext_lazy("Who"), required=False, choices=list(STATES.items()))

    def __init__(self, data: QueryDict, *, audiences: Sequence[Audience], **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        field = self.fields["audience"]
        field.choices = [("", _("all audiences")), *((one.pk, one.name) for one in audiences)]  # type: ignore[attr-defined]  # a choice field
        for each in self.fields.values():
            each.error_messages["invalid_choice"] = _("There are no readers to choose by “%(value)s”.")
        self.helper = FormHelper()
        self.helper.form_method = "get"
        self.helper.form_class = "filters"
        self.helper.disable_csrf = True
        self.helper.form_error_title = _("This cannot be shown:")
        self.helper.layout = Layout(*self.fields)
        self.helper.add_input(Submit("submit", _("Show")))


def _name(question: CheckQuestion) -> str:
    return f"check_{question.pk}"


def _lines(text: str) -> list[str]:
    return [line for line in (" ".join(line.split()) for line in text.split("\n")) if line]
