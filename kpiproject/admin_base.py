"""What every page of the administration has: help at its fields, and a history that says what something was before."""

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, time
from typing import Any, ClassVar, Final

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.models import LogEntry
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.formats import date_format, time_format
from django.utils.functional import Promise
from django.utils.text import Truncator, capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from kpiproject import admin_asking

NOTHING: Final = "–"
MOST_CHARACTERS: Final = 300
VALUES: Final = "values"
"""Where Django's own message of a change holds ours; Django leaves it alone."""


class HelpTexts:
    """For an admin or an inline: help for fields whose models and forms have none."""

    help_texts: ClassVar[Mapping[str, str | Promise]] = {}

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_dbfield(db_field, request, **kwargs)  # type: ignore[misc]  # of an admin
        if field is not None and not field.help_text and db_field.name in self.help_texts:
            field.help_text = self.help_texts[db_field.name]
        return field


class RecordedAdmin(HelpTexts, admin.ModelAdmin):
    """`unrecorded` fields are only named in the history: they are secret, or must be gone once it is deleted."""

    object_history_template = "admin/history.html"
    unrecorded: ClassVar[tuple[str, ...]] = ()

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:  # noqa: FBT001, FBT002 - Django calls it so
        """With help also at fields that the form itself has."""
        found: Any = super().get_form(request, obj, change=change, **kwargs)
        for name, text in self.help_texts.items():
            field = found.base_fields.get(name)
            if field is not None and not field.help_text:
                field.help_text = text
        return found

    def construct_change_message(self, request: HttpRequest, form: Any, formsets: Any, add: bool = False) -> Any:  # noqa: FBT001, FBT002 - Django calls it so
        message = super().construct_change_message(request, form, formsets, add)
        if not isinstance(message, list):
            return message
        changed: list[dict[str, Any]] = [part["changed"] for part in message if "changed" in part]
        forms_changed = [] if add or not form.changed_data else [form]
        rows = [one for formset in formsets or () for one in _changed_rows(formset)]
        for part, one in zip(changed, [*forms_changed, *rows], strict=False):
            part[VALUES] = list(self._before_and_after(one))
        return message

    def _before_and_after(self, form: Any) -> Iterator[tuple[str, str, str]]:
        for name in form.changed_data:
            field = form.fields.get(name)
            if field is None or name in self.unrecorded:
                continue
            before = self.told(form, name, form.get_initial_for_field(field, name))
            after = self.told(form, name, form.cleaned_data.get(name))
            if before != after:
                yield str(capfirst(field.label or name.replace("_", " "))), before, after

    def told(self, form: Any, name: str, value: Any) -> str:
        """A value of a field in words."""
        return in_words(form.fields[name], value)

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        response = super().history_view(request, object_id, extra_context)
        if isinstance(response, TemplateResponse):
            for entry in (response.context_data or {})["action_list"]:
                entry.before_and_after = before_and_after(entry)
        return response


class SwitchedAdmin(RecordedAdmin):
    """Of what is switched on and off by its `is_active`: several at once, each noted in its history."""

    actions = ["switch_on", "switch_off"]

    @admin.action(description=gettext_lazy("Switch on"), permissions=["change"])
    def switch_on(self, request: HttpRequest, queryset: "QuerySet[Any]") -> None:
        self.switch(request, queryset, is_active=True)

    @admin.action(description=gettext_lazy("Switch off"), permissions=["change"])
    def switch_off(self, request: HttpRequest, queryset: "QuerySet[Any]") -> None:
        self.switch(request, queryset, is_active=False)

    def switch(self, request: HttpRequest, queryset: "QuerySet[Any]", *, is_active: bool) -> None:
        """Those that stand the other way, and only what `set_active` does not refuse."""
        done = []
        for row in queryset.filter(is_active=not is_active):
            if reason := self.set_active(request, row, is_active=is_active):
                messages.warning(request, f"{row}: {reason}")
            else:
                done.append(row)
        admin_asking.note(request, done, _("Switched on.") if is_active else _("Switched off."))
        text = (
            ngettext("%d is switched on.", "%d are switched on.", len(done))
            if is_active
            else ngettext("%d is switched off.", "%d are switched off.", len(done))
        )
        messages.success(request, text % len(done))

    def set_active(self, request: HttpRequest, row: Any, *, is_active: bool) -> str:
        """Switch one; else why not, in a sentence."""
        row.is_active = is_active
        row.save(update_fields=["is_active"])
        return ""


class ReadOnlyAdmin(RecordedAdmin):
    """Nothing is made, changed or deleted here."""

    list_per_page = 50
    show_full_result_count = False

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return [str(name) for name in self.fields or ()]

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


def before_and_after(entry: LogEntry) -> list[list[str]]:
    """Of each field that was changed: its name, what it was, what it became. Empty where nobody wrote that down."""
    try:
        found = json.loads(entry.change_message)
    except ValueError:
        return []
    parts = found if isinstance(found, list) else []
    told: list[list[str]] = []
    for part in parts:
        changed = part.get("changed", {}) if isinstance(part, dict) else {}
        of = f"{changed['object']}: " if "object" in changed else ""
        told += [[f"{of}{name}", before, after] for name, before, after in changed.get(VALUES, [])]
    return told


def in_words(field: forms.Field, value: Any) -> str:
    """As a reader would say it."""
    if value is None or value in ("", []):
        return NOTHING
    if isinstance(field, forms.ModelMultipleChoiceField):
        names = sorted(map(str, _rows(field, value)))
    elif isinstance(field, forms.ModelChoiceField):
        names = list(map(str, _rows(field, [value])))
    elif isinstance(field, forms.ChoiceField):
        names = [_label(field, one) for one in (value if isinstance(value, list) else [value])]
    else:
        return _plain(value)
    return _short(", ".join(names)) or NOTHING


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, datetime):
        value = timezone.localtime(value) if timezone.is_aware(value) else value
    if isinstance(value, date):
        return date_format(value, "DATETIME_FORMAT" if isinstance(value, datetime) else "DATE_FORMAT")
    return time_format(value, "TIME_FORMAT") if isinstance(value, time) else _short(str(value))


def _rows(field: Any, value: Iterable[Any]) -> list[Model]:
    """The rows that are meant, also those that cannot be chosen any more."""
    given = list(value)
    rows = [one for one in given if isinstance(one, Model)]
    keys = [one for one in given if not isinstance(one, Model)]
    return rows + (list(field.queryset.model.objects.filter(pk__in=keys)) if keys else [])


def _label(field: Any, value: Any) -> str:
    for code, label in _flat(field.choices):
        if str(code) == str(value):
            return str(label)
    return str(value)


def _flat(choices: Iterable[Any]) -> Iterator[tuple[Any, Any]]:
    for code, label in choices:
        if isinstance(label, list | tuple):
            yield from _flat(label)
        else:
            yield code, label


def _short(text: str) -> str:
    return Truncator(text).chars(MOST_CHARACTERS)


def _changed_rows(formset: Any) -> list[Any]:
    """The forms of the rows that were changed, in the order in which Django tells of them."""
    changed = [row for row, _names in getattr(formset, "changed_objects", [])]
    by_row = {form.instance: form for form in formset.initial_forms}
    return [by_row[row] for row in changed if row in by_row]
