"""What people fill in: respondents, and the managers who ask them."""

from dataclasses import dataclass
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Submit
from django import forms
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from kpiproject.lib.tokens import is_token, new_token
from surveys import address_lists
from surveys.answers import COMMENT_MAX
from surveys.invitations import Invitee

MOST_INVITEES = 1000


@dataclass(frozen=True)
class Cell:
    """One score on the page; `described_by` is the id of the words at that end of the scale."""

    score: int
    is_chosen: bool
    described_by: str


class CommentField(forms.CharField):
    """Counts characters as the writer sees them: browsers send two for every line break."""

    def to_python(self, value: Any) -> str:
        text = "" if value is None else str(value)
        return super().to_python(text.replace("\r\n", "\n").replace("\x00", "")) or ""


class AnswerForm(forms.Form):
    """A score on the scale that was asked, and a comment of which nothing is lost when it is too long."""

    score = forms.TypedChoiceField(
        coerce=int,
        error_messages={
            "required": _("Please choose a number."),
            "invalid_choice": _("“%(value)s” is not on this scale. Please choose one of the numbers."),
        },
    )
    comment = CommentField(
        required=False,
        max_length=COMMENT_MAX,
        error_messages={
            "max_length": ngettext_lazy(
                "Your comment has %(show_value)d characters, and at most %(limit_value)d can be sent. "
                "Nothing is lost: please shorten it and send it again.",
                "Your comment has %(show_value)d characters, and at most %(limit_value)d can be sent. "
                "Nothing is lost: please shorten it and send it again.",
                "limit_value",
            )
        },
    )

    def __init__(self, *args: Any, low: int, high: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.low, self.high = low, high
        self.fields["score"].choices = [(str(score), score) for score in range(low, high + 1)]  # type: ignore[attr-defined]  # it is the TypedChoiceField above

    def cells(self) -> list[Cell]:
        chosen = str(self["score"].value())
        ends = {self.low: "low-end", self.high: "high-end"}
        return [
            Cell(score, is_chosen=str(score) == chosen, described_by=ends.get(score, ""))
            for score in range(self.low, self.high + 1)
        ]


class PublicAnswerForm(AnswerForm):
    """The form of the public link. `form_key` makes a form that is sent twice one answer; robots fill in `website`."""

    form_key = forms.CharField(required=False)
    website = forms.CharField(required=False)

    def clean_form_key(self) -> str:
        key: str = self.cleaned_data["form_key"]
        return key if is_token(key) else new_token()

    def key(self) -> str:
        """The key to print into the page: the one that was sent, so that a corrected form stays the same form."""
        sent = str(self["form_key"].value() or "")
        return sent if is_token(sent) else new_token()


def chosen_score(text: str | None, *, low: int, high: int) -> int | None:
    """The score a link asks to choose; None for anything that is not on the scale."""
    choices = {str(score): score for score in range(low, high + 1)}
    return choices.get(text or "")


class InviteForm(forms.Form):
    """Addresses as people paste them. `key` names this mailing, so that a second press of the button asks nobody
    twice."""

    addresses = forms.CharField(
        label=_("E-mail addresses"),
        widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "false", "autocapitalize": "none"}),
        help_text=_("One a line. A name may stand before the address, which is then put in angle brackets."),
        error_messages={"required": _("Please enter at least one e-mail address.")},
    )
    key = forms.CharField(widget=forms.HiddenInput, required=False)

    def clean_addresses(self) -> list[Invitee]:
        found = address_lists.from_text(self.cleaned_data["addresses"])
        if len(found) > MOST_INVITEES:
            raise forms.ValidationError(
                _(
                    "These are %(count)s addresses; at most %(most)s can be asked at once here. "
                    "For more use manage.py invite."
                ),
                params={"count": len(found), "most": MOST_INVITEES},
                code="too_many",
            )
        return found

    def clean_key(self) -> str:
        key: str = self.cleaned_data["key"]
        return key if is_token(key) else new_token()

    @cached_property
    def helper(self) -> FormHelper:
        helper = FormHelper()
        helper.add_input(Submit("show", _("Show who will be asked")))
        return helper


class StatusForm(forms.Form):
    """What a manager does with a survey at the press of a button."""

    action = forms.ChoiceField(
        choices=[
            ("open", _("Open")),
            ("close", _("Close")),
            ("publish", _("Switch the public link on")),
            ("withdraw", _("Switch the public link off")),
        ]
    )
