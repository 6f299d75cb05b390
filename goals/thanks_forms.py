"""What is written about good work."""

from collections.abc import Collection
from typing import Any, Final

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Field, Layout
from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from goals import praise, praise_words
from goals.models import Praise
from kpiproject.models import Team, User
from kpiproject.queries import people

LEAST_WORDS: Final = 4
_PERSON, _TEAM = "person", "team"


class ThanksForm(forms.Form):
    """For a person or a team, naming what was done; with a customer's words where they fit."""

    whom = forms.ChoiceField(label=gettext_lazy("Whom do you thank?"))
    what = forms.CharField(
        label=gettext_lazy("For what?"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Name what was done, for example: you stayed until the parcel was found."),
    )
    praise = forms.ModelChoiceField(
        label=gettext_lazy("With a customer's words"), queryset=Praise.objects.none(), required=False
    )

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        colleagues = people().exclude(pk=by.pk)
        teams = Team.objects.order_by("name", "pk")
        groups: list[tuple[str, Any]] = [("", "---------")]
        groups += _group(_("People"), _PERSON, colleagues)
        groups += _group(_("Teams"), _TEAM, teams)
        self.fields["whom"].choices = groups  # type: ignore[attr-defined]  # a ChoiceField above
        self._known: dict[str, User | Team] = {f"{_PERSON}-{one.pk}": one for one in colleagues}
        self._known |= {f"{_TEAM}-{one.pk}": one for one in teams}
        self.fields["praise"].queryset = praise.shared()  # type: ignore[attr-defined]  # a ModelChoiceField above
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True
        self.helper.layout = Layout(*(Field(name) for name in self.fields))

    def clean_what(self) -> str:
        what = " ".join(str(self.cleaned_data["what"]).split())
        if len(what.split()) < LEAST_WORDS:
            raise forms.ValidationError(_("Name what was done: a few words more, so that it is clear what was good."))
        return what

    def to(self) -> dict[str, Any]:
        """The person or the team, as goals.recognition wants it."""
        chosen = self._known[self.cleaned_data["whom"]]
        return {_TEAM if isinstance(chosen, Team) else _PERSON: chosen}


class PraiseForm(forms.Form):
    """What of a customer's words is passed on."""

    text = forms.CharField(
        label=gettext_lazy("What is passed on"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=gettext_lazy(
            "Names, addresses and numbers are taken out as a proposal. Read it: nothing in it may say who wrote it."
        ),
    )

    def __init__(self, *args: Any, names: Collection[str] = (), keep: Collection[str] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._names, self._keep = names, keep
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True
        self.helper.layout = Layout(Field("text"))

    def clean_text(self) -> str:
        text = str(self.cleaned_data["text"]).replace("\r\n", "\n").replace("\r", "\n").strip()
        if found := praise_words.still_named(text, self._names, self._keep):
            message = _("This still says who wrote it: %(found)s. Take it out.")
            raise forms.ValidationError(message % {"found": ", ".join(found)})
        if not text.replace(praise_words.BLANK, "").strip():
            raise forms.ValidationError(_("Nothing is left of the words."))
        return text


class ConsentForm(forms.Form):
    """Whether the team may read it."""

    answer = forms.ChoiceField(
        choices=[("share", gettext_lazy("The team may read it")), ("keep", gettext_lazy("Keep it for me"))],
        error_messages={
            "required": gettext_lazy("Choose one of the two."),
            "invalid_choice": gettext_lazy("Choose one of the two."),
        },
    )


def _group(name: str, kind: str, found: Any) -> list[tuple[str, list[tuple[str, str]]]]:
    members = [(f"{kind}-{one.pk}", str(one)) for one in found]
    return [(name, members)] if members else []
