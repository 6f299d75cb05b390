"""What managers fill in about leaving people alone, and the file of people they ask."""

from typing import Any, ClassVar, Final

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Submit
from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from surveys.address_files import MOST_ROWS
from surveys.models import QuietTime, Survey

MOST_BYTES: Final = 10 * 1024 * 1024


class QuietTimeForm(forms.ModelForm):  # type: ignore[type-arg]  # it takes no model at run time
    class Meta:
        model = QuietTime
        fields: ClassVar = ["person_days", "kind_days", "company_most", "company_days"]
        labels: ClassVar = {
            "person_days": gettext_lazy("Nobody is asked anything within so many days"),
            "kind_days": gettext_lazy("Nobody is asked the same kind of question within so many days"),
            "company_most": gettext_lazy("At most so many people of one company"),
            "company_days": gettext_lazy("Within how many days these people of one company are counted"),
        }
        help_texts: ClassVar = {
            "person_days": gettext_lazy("Whatever the survey. 0 switches this rule off."),
            "kind_days": gettext_lazy("Such as two NPS surveys. 0 switches this rule off."),
            "company_most": gettext_lazy("0 switches this rule off."),
        }

    @cached_property
    def helper(self) -> FormHelper:
        helper = FormHelper()
        helper.add_input(Submit("submit", _("Save")))
        return helper


class PeopleFileForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("File"),
        max_length=255,
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,.tsv,.txt,.xlsx"}),
        error_messages={
            "required": gettext_lazy("Please choose a file."),
            "empty": gettext_lazy("This file is empty."),
        },
    )

    def __init__(self, *args: Any, survey: Survey, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._action = reverse("surveys:invite_file", args=[survey.slug])
        self.fields["file"].help_text = _(
            "CSV or Excel (.xlsx) with a column “email”, and if you like name, company, language and time_zone; every "
            "other column, such as team or product, is kept with the answer. At most %(rows)s rows and 10 MB."
        ) % {"rows": MOST_ROWS}

    def clean_file(self) -> "UploadedFile[bytes]":
        file: UploadedFile[bytes] = self.cleaned_data["file"]
        if (file.size or 0) > MOST_BYTES:
            raise ValidationError(_("This file is larger than 10 MB. Split it, or use manage.py invite."), code="size")
        return file

    @cached_property
    def helper(self) -> FormHelper:
        helper = FormHelper()
        helper.form_action = self._action
        helper.add_input(Submit("show", _("Show who will be asked")))
        return helper
