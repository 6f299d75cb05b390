"""What managers fill in who ask people."""

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Submit
from django import forms
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from kpiproject.lib.tokens import is_token, new_token
from surveys import address_lists
from surveys.invitations import Invitee

MOST_INVITEES = 1000


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
    gaps = forms.BooleanField(required=False, help_text=_("Open it although texts are missing in a language."))
