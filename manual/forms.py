"""What people fill in: a section, a picture, an edition that is to be published; outside, a passphrase or address."""

from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from manual.sections import MOST_CHARACTERS

TOO_LONG: Final = ngettext_lazy(
    "The text has %(show_value)d characters, and a section can have at most %(limit_value)d. "
    "Nothing is lost: please shorten it, or put a part of it into a section of its own.",
    "The text has %(show_value)d characters, and a section can have at most %(limit_value)d. "
    "Nothing is lost: please shorten it, or put a part of it into a section of its own.",
    "limit_value",
)


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
        error_messages={"max_length": TOO_LONG},
    )
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Browsers must not cut a text that is too long: they do it without a word."""
        super().__init__(*args, **kwargs)
        self.fields["text"].widget.attrs.pop("maxlength", None)


class PictureForm(forms.Form):
    """A picture to be put into a text; `cursor` is where in the text, as the browser counts."""

    picture = forms.FileField(
        label=_("Picture"),
        help_text=_(
            "PNG, JPEG, WebP or GIF, at most 10 MB. It is made smaller, and what the camera wrote is left out."
        ),
        widget=forms.FileInput(attrs={"accept": "image/png,image/jpeg,image/webp,image/gif"}),
    )
    alt = forms.CharField(
        label=_("What is to be seen"),
        max_length=300,
        help_text=_("For whoever cannot see it, and for the print."),
    )
    cursor = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Its fields stand in the form of the text, which can be saved without them."""
        super().__init__(*args, **kwargs)
        self.use_required_attribute = False


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


class PassphraseForm(forms.Form):
    """What a share link may ask for."""

    passphrase = forms.CharField(
        label=_("Passphrase"),
        strip=False,
        max_length=1000,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
    )

    def refuse(self) -> None:
        self.add_error("passphrase", _("This is not the passphrase of this link."))


class FollowForm(forms.Form):
    """Who wants to be told of new editions."""

    email = forms.EmailField(
        label=_("Your e-mail address"), max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "email"})
    )
