"""The form that shares an edition with people outside."""

from collections.abc import Iterator
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout, Submit
from django import forms
from django.http import QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from goals.models import Stakeholder
from kpiproject.filter_forms import filter_helper
from kpiproject.lib.tokens import new_token
from manual import passphrases
from manual.models import Edition
from manual.rendering import Rendered, of_edition
from manual.shares import LEAST_DAYS, MOST_DAYS, USUAL_DAYS, Terms


class SharesFilter(forms.Form):
    """Which links are listed, and in which order; both may stay open."""

    state = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[("", _("all")), ("open", _("works")), ("expired", _("expired")), ("revoked", _("revoked"))],
        error_messages={"invalid_choice": _("There are no links to choose by “%(value)s”.")},
    )
    order = forms.ChoiceField(
        label=_("Order"),
        required=False,
        choices=[
            ("", _("newest first")),
            ("expires", _("expires first")),
            ("seen", _("opened last")),
            ("views", _("opened most")),
            ("name", _("by name")),
        ],
        error_messages={"invalid_choice": _("Links have no order “%(value)s”.")},
    )

    def __init__(self, data: QueryDict) -> None:
        super().__init__(data)
        self.helper = filter_helper(*self.fields)
        self.helper.add_input(Submit("", _("Show")))


class ShareForm(forms.Form):
    """Who may read what without an account, and until when."""

    stakeholder = forms.ModelChoiceField(
        label=_("Stakeholder"),
        queryset=Stakeholder.objects.none(),
        required=False,
        empty_label=_("somebody else"),
        help_text=_("Whoever you have named under “Set up”; name and address are taken from there."),
    )
    name = forms.CharField(
        label=_("For whom"),
        max_length=150,
        required=False,
        help_text=_("A person or an audience, unless you have chosen a stakeholder."),
    )
    reason = forms.CharField(
        label=_("Why"), max_length=200, required=False, help_text=_("For you; whoever reads does not see it.")
    )
    edition = forms.ModelChoiceField(
        label=_("Edition"), queryset=Edition.objects.none(), to_field_name="number", empty_label=None
    )
    follows_editions = forms.BooleanField(
        label=_("Later editions, too"),
        required=False,
        help_text=_(
            "The link then shows the edition in force, and readers can ask to be told of new ones by mail. Otherwise "
            "it shows the edition above for ever, also when there is a newer one."
        ),
    )
    sections = forms.MultipleChoiceField(
        label=_("Sections"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_(
            "None chosen: all that are meant for people outside. A link with chosen sections never shows one that is "
            "added later; a link with all of them does as soon as it shows a later edition."
        ),
    )
    days = forms.IntegerField(
        label=_("Works for (days)"),
        min_value=LEAST_DAYS,
        max_value=MOST_DAYS,
        initial=USUAL_DAYS,
        help_text=_("At most a year. You can switch it off at any time before."),
    )
    passphrase = forms.CharField(
        label=_("Passphrase"),
        required=False,
        strip=False,
        min_length=passphrases.LEAST_CHARACTERS,
        max_length=passphrases.MOST_CHARACTERS,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text=_("Without one, whoever has the link can read. We keep it hashed: tell it by another way than mail."),
    )
    email = forms.EmailField(label=_("E-mail address"), max_length=254, required=False)
    sends_mail = forms.BooleanField(label=_("Send the link to this address by mail"), required=False)
    form_key = forms.CharField(widget=forms.HiddenInput, required=False, max_length=22, initial=new_token)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        editions = Edition.objects.defer("content", "figures")
        latest = editions.first()
        fields["edition"].queryset, fields["edition"].initial = editions, latest
        fields["stakeholder"].queryset = Stakeholder.objects.filter(is_active=True)
        fields["sections"].choices = list(_sections(of_edition(latest))) if latest else []
        self.helper = FormHelper()
        self.helper.layout = Layout(
            "stakeholder", "name", "email", "sends_mail", "reason", "edition", "follows_editions", "sections", "days",
            "passphrase", "form_key",
        )  # fmt: skip
        self.helper.add_input(Submit("share", _("Make the link")))

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if stakeholder := given.get("stakeholder"):
            given["name"] = given.get("name") or stakeholder.name
            given["email"] = given.get("email") or stakeholder.email
        if not given.get("name") and "name" not in self.errors:
            self.add_error("name", _("Please say for whom the link is, or choose a stakeholder."))
        if given.get("sends_mail") and not given.get("email") and "email" not in self.errors:
            self.add_error("email", _("Please say to which address the link is to be sent."))
        return given

    @property
    def terms(self) -> Terms:
        given = self.cleaned_data
        return Terms(
            name=given["name"],
            email=given["email"],
            reason=given["reason"],
            days=given["days"],
            sections=given["sections"],
            follows_editions=given["follows_editions"],
            passphrase=given["passphrase"],
        )


def _sections(found: Rendered) -> Iterator[tuple[str, str]]:
    """With a word at those that are shared only where somebody chooses them."""
    for anchor, number, title in found.places:
        words = f"{number} {title}".strip()
        yield anchor, _inside(words) if anchor in found.inside else words


def _inside(title: str) -> str:
    return gettext("%(title)s (for people of the house; shared only if you choose it)") % {"title": title}
