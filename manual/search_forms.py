"""What somebody looks for in the manual, and in which edition."""

from typing import Final

from django import forms
from django.utils.translation import gettext as _

from manual import queries
from manual.models import Edition

EVERYWHERE: Final = "all"


class SearchForm(forms.Form):
    """Without an edition, what is looked for is looked for in the one in force."""

    q = forms.CharField(max_length=200, required=False)
    edition = forms.CharField(max_length=9, required=False)

    def clean_edition(self) -> Edition | str:
        given: str = self.cleaned_data["edition"]
        if not given or given == EVERYWHERE:
            return given
        found = queries.editions().filter(number=int(given)).first() if given.isascii() and given.isdigit() else None
        if found is None:
            raise forms.ValidationError(_("There is no edition “%(edition)s”.") % {"edition": given})
        return found

    @property
    def typed(self) -> str:
        return str(self.cleaned_data.get("q", ""))

    @property
    def asked(self) -> Edition | None:
        """An edition that was named."""
        found = self.cleaned_data.get("edition")
        return found if isinstance(found, Edition) else None

    @property
    def is_everywhere(self) -> bool:
        return self.cleaned_data.get("edition") == EVERYWHERE
