"""What managers fill in: a section, an edition that is to be published, a link that is to be shared."""

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout, Submit
from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from kpiproject.lib.tokens import new_token
from manual.models import Edition
from manual.sections import MOST_CHARACTERS
from manual.shares import LEAST_DAYS, MOST_DAYS, USUAL_DAYS


class ProseField(forms.CharField):
    """Counts characters as the writer sees them: browsers send two for every line break."""

    def to_python(self, value: Any) -> str:
        text = "" if value is None else str(value)
        return super().to_python(text.replace("\r\n", "\n").replace("\x00", "")) or ""


class SectionForm(forms.Form):
    """`version` is the one whose text the person saw."""

    title = forms.CharField(label=_("Title"), max_length=120)
    text = ProseField(
        label=_("Text"),
        required=False,
        strip=False,
        max_length=MOST_CHARACTERS,
        widget=forms.Textarea(attrs={"rows": 18, "class": "prose-input"}),
        error_messages={
            "max_length": ngettext_lazy(
                "The text has %(show_value)d characters, and a section can have at most %(limit_value)d. "
                "Nothing is lost: please shorten it, or put a part of it into a section of its own.",
                "The text has %(show_value)d characters, and a section can have at most %(limit_value)d. "
                "Nothing is lost: please shorten it, or put a part of it into a section of its own.",
                "limit_value",
            )
        },
    )
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)


class VersionForm(forms.Form):
    """Which version of a section a button means."""

    version = forms.IntegerField(min_value=1)


class NewSectionForm(forms.Form):
    title = forms.CharField(
        label=_("Title of the new section"), max_length=120, help_text=_("Its address is made from this.")
    )


class MoveForm(forms.Form):
    direction = forms.ChoiceField(choices=[("up", _("up")), ("down", _("down"))])


class ShowForm(forms.Form):
    shown = forms.ChoiceField(choices=[("yes", _("part of the manual")), ("no", _("left out"))])


class ShareForm(forms.Form):
    """Who may read which edition without an account, and until when."""

    name = forms.CharField(
        label=_("For whom"), max_length=150, help_text=_("A person or an audience, so that you know later whose it is.")
    )
    edition = forms.ModelChoiceField(
        label=_("Edition"), queryset=Edition.objects.none(), to_field_name="number", empty_label=None
    )
    days = forms.IntegerField(
        label=_("Works for (days)"),
        min_value=LEAST_DAYS,
        max_value=MOST_DAYS,
        initial=USUAL_DAYS,
        help_text=_("At most a year. You can switch it off at any time before."),
    )
    email = forms.EmailField(label=_("E-mail address"), max_length=254, required=False)
    sends_mail = forms.BooleanField(label=_("Send the link to this address by mail"), required=False)
    form_key = forms.CharField(widget=forms.HiddenInput, required=False, max_length=22, initial=new_token)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        editions = Edition.objects.only("number", "published_at")
        self.fields["edition"].queryset = editions  # type: ignore[attr-defined]  # it is the ModelChoiceField above
        self.fields["edition"].initial = editions.first()
        self.helper = FormHelper()
        self.helper.layout = Layout("name", "edition", "days", "email", "sends_mail", "form_key")
        self.helper.add_input(Submit("share", _("Make the link")))

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("sends_mail") and not given.get("email") and "email" not in self.errors:
            self.add_error("email", _("Please say to which address the link is to be sent."))
        return given
