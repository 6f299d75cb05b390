"""What managers fill in when they write a survey. Names of fields are those of the models."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, cast

from django import forms
from django.db.models import CharField
from django.forms import BoundField
from django.forms.models import fields_for_model
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from kpiproject.lib.numbers import small_number
from kpiproject.models import User
from surveys import readiness, scales, writing
from surveys.content import TEXTS
from surveys.forms_new import check_slug
from surveys.languages import LANGUAGES, direction
from surveys.models import Survey, Translation
from surveys.scales import Scale

GROUPS: Final = (
    (_("On the page"), ("question", "low_label", "high_label", "comment_label")),
    (_("Afterwards"), ("thanks", "thanks_link", "privacy_note")),
    (_("The mail that asks"), ("mail_subject", "mail_intro")),
    (_("The reminder"), ("reminder_subject", "reminder_intro")),
)
_LINES: Final = {"question": 2, "privacy_note": 3, "mail_intro": 3, "reminder_intro": 3, "thanks": 2}
_HELP: Final = {
    "low_label": _("Stands beneath the lowest score, such as “Very dissatisfied”."),
    "comment_label": _("Empty: the usual words, in the reader's language."),
    "thanks": _("Shown when the answer is saved. Empty: the usual words."),
    "thanks_link": _("Its address is one of the rules. Empty: no link."),
    "privacy_note": _("Stands at the foot of the page. Empty: none."),
    "mail_subject": _("Empty: the usual words, in the reader's language."),
    "mail_intro": _("One or two sentences are enough. Empty: the usual words."),
    "reminder_intro": _("Other words than the first time. Empty: the usual words."),
}


def _most(name: str) -> int | None:
    """How many letters the column of a survey has room for."""
    return cast("CharField[str, str]", Survey._meta.get_field(name)).max_length


@dataclass
class Line:
    """A field; beside it what the main language says, beneath it what somebody else has saved meanwhile."""

    field: BoundField
    reference: str = ""
    theirs: str | None = None


@dataclass
class Group:
    title: str
    lines: list[Line] = field(default_factory=list)


class SeenForm(forms.Form):
    """A part of a survey; `seen` is the fingerprint of what its writer has read."""

    seen = forms.CharField(widget=forms.HiddenInput, max_length=16)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.theirs: Mapping[str, Any] = {}
        self.has_conflict = False

    def wanted(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if name != "seen"}

    def keep_both(self, conflict: writing.ChangedMeanwhileError) -> None:
        """Show what was typed and, beneath, what is stored; the next press of the button is meant to overwrite it."""
        self.theirs, self.has_conflict = conflict.theirs, True
        sent = cast("QueryDict", self.data).copy()
        sent["seen"] = writing.fingerprint(conflict.theirs)
        self.data = sent
        self.add_error(None, str(conflict))

    def their(self, bound: BoundField) -> str | None:
        """What somebody else has saved in this field, if it is not what stands in it."""
        if bound.name not in self.theirs or self.cleaned_data.get(bound.name) == self.theirs[bound.name]:
            return None
        return self.shown(bound.name, self.theirs[bound.name])

    def shown(self, name: str, value: Any) -> str:
        choices = dict(getattr(self.fields[name], "choices", None) or ())
        return str(choices.get(value, value))

    def lines(self) -> list[Line]:
        return [Line(bound, theirs=self.their(bound)) for bound in self.visible_fields()]


class WordsForm(SeenForm):
    """All texts of a survey in one language; the inputs know the language and its direction."""

    def __init__(self, *args: Any, survey: Survey, language: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        is_main = language == survey.language
        self.main = survey.language
        self.reference = {} if is_main else {name: getattr(survey, name) for name in TEXTS}
        for name, made in fields_for_model(Survey if is_main else Translation, TEXTS).items():
            lines = _LINES.get(name)
            made.widget = forms.Textarea(attrs={"rows": lines}) if lines else forms.TextInput()
            made.widget.attrs |= {"lang": language, "dir": direction(language), "maxlength": made.max_length}
            made.help_text = _HELP.get(name, "") if is_main and name != "question" else ""
            made.error_messages = made.error_messages | {"required": _("Please write the question.")}
            made.label = str(made.label)[:1].upper() + str(made.label)[1:]
            self.fields[name] = made

    def clean(self) -> dict[str, Any]:
        """Line breaks as everybody counts them."""
        cleaned = super().clean() or {}
        return {name: value.replace("\r\n", "\n") for name, value in cleaned.items()}

    def groups(self) -> list[Group]:
        return [Group(str(title), [self._line(name) for name in names]) for title, names in GROUPS]

    def _line(self, name: str) -> Line:
        bound = self[name]
        return Line(bound, reference=self.reference.get(name, ""), theirs=self.their(bound))


class ScaleForm(SeenForm):
    """Kind, points, direction and look; once the survey was open, only the look."""

    kind = forms.ChoiceField(label=_("Kind"), choices=Survey.Kind.choices)
    points = forms.TypedChoiceField(
        label=_("Points"),
        coerce=int,
        choices=[(points, str(points)) for points in (2, 3, 4, 5, 7, 10, 11)],
        help_text=_("NPS always has 11, from 0 to 10. Effort has 5 or 7."),
    )
    look = forms.ChoiceField(
        label=_("Scores look like"),
        choices=Survey.Look.choices,
        help_text=_("Smileys up to 7 points, stars from 3 to 10, thumbs for 2."),
    )
    lower_is_better = forms.BooleanField(
        label=_("Low scores are good, as for “How much effort did it take?”"), required=False
    )

    def __init__(self, *args: Any, survey: Survey, **kwargs: Any) -> None:
        initial = {
            "kind": survey.kind,
            "points": survey.scale.points,
            "look": survey.look,
            "lower_is_better": survey.lower_is_better,
            "seen": writing.fingerprint(writing.scale(survey)),
        }
        super().__init__(*args, initial=initial, **kwargs)
        self.survey = survey
        if survey.opened_at is not None:
            for name in ("kind", "points", "lower_is_better"):
                self.fields[name].disabled = True
                self.fields[name].help_text = ""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        kind, points, look = (cleaned.get(name) for name in ("kind", "points", "look"))
        if kind and points:
            if points not in scales.points_of(kind):
                possible = ", ".join(str(count) for count in scales.points_of(kind))
                self.add_error("points", _("A survey of this kind can have: %(possible)s.") % {"possible": possible})
            elif look and points not in scales.LOOKS[look]:
                self.add_error("look", _("Scores cannot look like this on %(points)s points.") % {"points": points})
            if cleaned.get("lower_is_better") and scales.KINDS[kind].groups != scales.EFFORT:
                self.add_error("lower_is_better", _("Only effort can be asked so that a low score is good."))
        return cleaned

    def wanted(self) -> dict[str, Any]:
        """As the model stores it: 11 points begin at 0, all others at 1, unless they begin elsewhere already."""
        given = super().wanted()
        points = given.pop("points")
        low = self.survey.scale_min if points == self.survey.scale.points else int(points != 11)
        return {**given, "scale_min": low, "scale_max": low + points - 1}

    def keep_both(self, conflict: writing.ChangedMeanwhileError) -> None:
        super().keep_both(conflict)
        points = conflict.theirs["scale_max"] - conflict.theirs["scale_min"] + 1
        self.theirs = {**conflict.theirs, "points": points}


class ThresholdsForm(SeenForm):
    """From which score on an answer is middling, and from which it is good."""

    middle_from = forms.TypedChoiceField(coerce=int)
    good_from = forms.TypedChoiceField(coerce=int)

    def __init__(self, *args: Any, survey: Survey, **kwargs: Any) -> None:
        current = writing.thresholds(survey)
        super().__init__(*args, initial={**current, "seen": writing.fingerprint(current)}, **kwargs)
        self.scale = survey.scale
        good, middle, _bad = (scales.GROUP_NAMES[name] for name in self.scale.groups)
        order = reversed(self.scale.scores) if self.scale.lower_is_better else self.scale.scores
        numbers = [(score, str(score)) for score in order]
        side = _("and below") if self.scale.lower_is_better else _("and above")
        for name, group in (("middle_from", middle), ("good_from", good)):
            self.fields[name].choices = [(score, f"{text} {side}") for score, text in numbers]  # type: ignore[attr-defined]  # a TypedChoiceField
            self.fields[name].label = str(group)[:1].upper() + str(group)[1:]
            self.fields[name].disabled = self.scale.is_recommendation or survey.opened_at is not None

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if "middle_from" in cleaned and "good_from" in cleaned:
            try:
                writing.check_thresholds(self.scale, cleaned["middle_from"], cleaned["good_from"])
            except writing.NotPossibleError as refusal:
                self.add_error(None, str(refusal))
        return cleaned

    def shown_scale(self) -> Scale:
        """With the thresholds that stand in the form, if they are possible."""
        middle, good = (small_number(self[name].value()) for name in ("middle_from", "good_from"))
        if middle is None or good is None:
            return self.scale
        if not readiness.steps_fit(self.scale, middle, good):
            return self.scale
        return Scale(
            kind=self.scale.kind,
            low=self.scale.low,
            high=self.scale.high,
            lower_is_better=self.scale.lower_is_better,
            middle_from=middle,
            good_from=good,
        )


class RulesForm(SeenForm):
    """How people are asked. Takes effect at once; only name, owner and the like, nothing that a version keeps."""

    name = forms.CharField(label=_("Name"), max_length=150, help_text=_("For your own people; customers never see it."))
    slug = forms.SlugField(label=_("Address"), max_length=50, help_text=_("Part of the public address."))
    purpose = forms.ChoiceField(
        label=_("About"),
        choices=Survey.Purpose.choices,
        help_text=_("Answers about service and relationship count in the KPI of the kind; others only here."),
    )
    owner = forms.ModelChoiceField(
        label=_("Owner"),
        queryset=User.objects.none(),
        required=False,
        empty_label=_("nobody yet"),
        help_text=_("Hears of unhappy answers first."),
    )
    expires_after_days = forms.IntegerField(
        label=_("An invitation can be answered for (days)"), min_value=1, max_value=365
    )
    lock_after_days = forms.IntegerField(
        label=_("An answer can be changed for (days)"),
        min_value=0,
        max_value=365,
        help_text=_("0: not at all, apart from a double click."),
    )
    first_reminder = forms.IntegerField(
        label=_("First reminder after (days)"), required=False, min_value=1, max_value=364
    )
    second_reminder = forms.IntegerField(
        label=_("Second reminder after (days)"), required=False, min_value=2, max_value=364
    )
    respects_quiet_time = forms.BooleanField(
        label=_("Leave people alone who were asked lately"),
        required=False,
        help_text=_("Off only where somebody expects the question, as after a complaint was settled."),
    )
    reply_to = forms.EmailField(
        label=_("Replies go to"),
        required=False,
        max_length=_most("reply_to"),
        help_text=_("Where an answer to the mail itself goes. Empty: to the address the mail comes from."),
    )
    thanks_url = forms.URLField(
        label=_("Address of the link beneath the thanks"),
        required=False,
        max_length=_most("thanks_url"),
        assume_scheme="https",
        help_text=_("Such as a page for reviews. Its words stand with the other words."),
    )

    def __init__(self, *args: Any, survey: Survey, **kwargs: Any) -> None:
        reminders = [*survey.reminder_days, None, None]
        initial = {
            **writing.rules(survey),
            "owner": survey.owner_id,
            "first_reminder": reminders[0],
            "second_reminder": reminders[1],
            "seen": writing.fingerprint(writing.rules(survey)),
        }
        super().__init__(*args, initial=initial, **kwargs)
        self.survey = survey
        owners = User.objects.filter(is_active=True) | User.objects.filter(pk=survey.owner_id or 0)
        self.fields["owner"].queryset = owners.order_by("name", "email")  # type: ignore[attr-defined]  # a ModelChoiceField
        if survey.opened_at is not None:
            self.fields["slug"].disabled = self.fields["purpose"].disabled = True
            self.fields["slug"].help_text = _("It stands in mails and printed codes, so it stays.")
            self.fields["purpose"].help_text = _("Figures are counted by it, so it stays as it was when it opened.")

    def clean_slug(self) -> str:
        slug: str = self.cleaned_data["slug"]
        if slug != self.survey.slug:
            check_slug(slug)
        return slug

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        first, second = cleaned.get("first_reminder"), cleaned.get("second_reminder")
        if second and not first:
            self.add_error("first_reminder", _("Without a first reminder there is no second."))
        elif first and second and second <= first:
            self.add_error("second_reminder", _("The second reminder must come after the first."))
        last, expires = second or first, cleaned.get("expires_after_days")
        if last and expires and last >= expires:
            self.add_error("expires_after_days", _("The last reminder would come when nobody can answer any more."))
        return cleaned

    def wanted(self) -> dict[str, Any]:
        given = super().wanted()
        owner = given.pop("owner")
        reminders = [given.pop("first_reminder"), given.pop("second_reminder")]
        return {
            **given,
            "owner_id": owner.pk if owner else None,
            "reminder_days": [days for days in reminders if days],
        }

    def keep_both(self, conflict: writing.ChangedMeanwhileError) -> None:
        super().keep_both(conflict)
        theirs = dict(conflict.theirs)
        owner = User.objects.filter(pk=theirs.pop("owner_id")).first()
        first, second = [*theirs.pop("reminder_days"), None, None][:2]
        self.theirs = {**theirs, "owner": owner, "first_reminder": first, "second_reminder": second}

    def shown(self, name: str, value: Any) -> str:
        if value is None:
            return ""
        if isinstance(value, bool):
            return str(_("yes") if value else _("no"))
        return str(value) if name == "owner" else super().shown(name, value)


class LanguageForm(forms.Form):
    """What is done with a language at the press of a button."""

    language = forms.ChoiceField(choices=list(LANGUAGES.items()))
    action = forms.ChoiceField(choices=[("add", _("Add")), ("drop", _("Take away")), ("main", _("Make main"))])


class MoveForm(forms.Form):
    direction = forms.ChoiceField(choices=[("up", _("up")), ("down", _("down"))])


class AskAnewForm(forms.Form):
    """`digest` names what the person has read and agrees to; `gaps` that missing texts are accepted."""

    digest = forms.CharField(max_length=64)
    gaps = forms.BooleanField(required=False)


class RestoreForm(forms.Form):
    number = forms.IntegerField(min_value=1)
