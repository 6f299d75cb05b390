"""Who reads the manual, in the administration: to look something up, to filter it and to take it away as a file.

Nothing is changed here. Audiences are kept on their own page, and what people have confirmed, asked and said is theirs.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from kpiproject.admin_base import NOTHING, ReadOnlyAdmin
from kpiproject.documents import sheets
from manual import audiences, evidence
from manual.models import Acknowledgement, Audience, Feedback, ReadingQuestion, ReadingReminder

Cells = Mapping[str, Callable[[Any], Any]]


class KeptAdmin(ReadOnlyAdmin):
    """`columns` are the file: what each is called, and how it is read from a row."""

    columns: ClassVar[Cells] = {}
    file_name: ClassVar[str] = ""
    actions = ["as_file"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Without what editions say, which is long and not shown."""
        found = super().get_queryset(request)
        is_of_edition = any(field.name == "edition" for field in self.model._meta.get_fields())
        return found.defer("edition__content", "edition__figures") if is_of_edition else found

    @admin.action(description=gettext_lazy("Download as CSV"), permissions=["view"])
    def as_file(self, request: HttpRequest, queryset: QuerySet[Any]) -> HttpResponseBase:
        joined = self.list_select_related
        rows = queryset.select_related(*joined) if isinstance(joined, list) else queryset
        lines = ([read(row) for read in self.columns.values()] for row in rows)
        return sheets.response("csv", self.file_name, list(self.columns), lines)


class SectionFilter(admin.AllValuesFieldListFilter):
    """By section, under the short names that also hold when a title changes."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.title = _("section")


@admin.register(Audience)
class AudienceAdmin(KeptAdmin):
    list_display = ["name", "who", "reads", "days"]
    search_fields = ["name"]
    list_filter = ["has_all", "groups", "teams"]
    fields = ["name", "who", "readers_now", "reads", "days", "created_at", "created_by"]
    file_name = "manual-audiences"
    columns: ClassVar = {
        "name": lambda row: row.name,
        "who": lambda row: ", ".join(_who(row)),
        "sections": lambda row: "all" if row.has_all else " ".join(row.slugs),
        "days": lambda row: row.days,
        "created_at": lambda row: row.created_at,
    }

    def get_queryset(self, request: HttpRequest) -> QuerySet[Audience]:
        return super().get_queryset(request).prefetch_related("groups", "teams", "people")

    @admin.display(description=gettext_lazy("who"))
    def who(self, audience: Audience) -> str:
        return ", ".join(_who(audience)) or NOTHING

    @admin.display(description=gettext_lazy("people with an account"))
    def readers_now(self, audience: Audience) -> int:
        return len(audiences.members([audience]).get(audience.pk, ()))

    @admin.display(description=gettext_lazy("reads"))
    def reads(self, audience: Audience) -> str:
        if audience.has_all:
            return _("every section")
        count = len(audience.slugs)
        return ngettext("%d section", "%d sections", count) % count

    def view_on_site(self, obj: Audience) -> str:
        return reverse("manual:audience", args=[obj.pk])


def _who(audience: Audience) -> Iterable[str]:
    return [str(one) for many in (audience.groups, audience.teams, audience.people) for one in many.all()]


@admin.register(Acknowledgement)
class AcknowledgementAdmin(KeptAdmin):
    list_display = ["title", "reader", "edition", "at", "check_of_it"]
    list_filter = ["edition__number", "has_passed", ("slug", SectionFilter)]
    list_select_related = ["edition", "person"]
    search_fields = ["title", "slug", "person__name", "person__email"]
    date_hierarchy = "at"
    fields = ["title", "reader", "edition", "at", "check_of_it", "answers", "edition_digest", "section_digest"]
    file_name = "manual-confirmations"
    columns = evidence.COLUMNS

    @admin.display(description=gettext_lazy("person"), ordering="person__name")
    def reader(self, row: Acknowledgement) -> str:
        return evidence.name(row)

    @admin.display(description=gettext_lazy("check"), ordering="has_passed")
    def check_of_it(self, row: Acknowledgement) -> str:
        """Nothing where there was none: it is not something that somebody failed."""
        return _("passed") if row.has_passed else NOTHING

    @admin.display(description=gettext_lazy("answers of the check"))
    def answers(self, row: Acknowledgement) -> str:
        return format_html_join("", "<p>{}</p>", ((each,) for each in evidence.answers(row))) or NOTHING


@admin.register(ReadingQuestion)
class ReadingQuestionAdmin(KeptAdmin):
    list_display = ["shortly", "title", "reader", "edition", "at", "answered_at"]
    list_filter = [("answered_at", admin.EmptyFieldListFilter), "edition__number", ("slug", SectionFilter)]
    list_select_related = ["edition", "person", "answered_by"]
    search_fields = ["text", "answer", "title", "person__name", "person__email"]
    date_hierarchy = "at"
    fields = ["title", "reader", "edition", "at", "text", "answer", "answered_at", "answered_by"]
    file_name = "manual-questions"
    columns: ClassVar = {
        "name": evidence.name,
        "email": evidence.email,
        "edition": lambda row: row.edition.number,
        "section": lambda row: row.slug,
        "title": lambda row: row.title,
        "question": lambda row: row.text,
        "at": lambda row: row.at,
        "answer": lambda row: row.answer,
        "answered_by": lambda row: str(row.answered_by or ""),
        "answered_at": lambda row: row.answered_at,
    }

    @admin.display(description=gettext_lazy("question"))
    def shortly(self, row: ReadingQuestion) -> str:
        return str(row)

    @admin.display(description=gettext_lazy("asked by"), ordering="person__name")
    def reader(self, row: ReadingQuestion) -> str:
        return evidence.name(row)

    def view_on_site(self, obj: ReadingQuestion) -> str:
        return reverse("manual:question", args=[obj.pk])


def _from(row: Feedback) -> str:
    return _("a reader without an account") if row.is_outside else evidence.name(row)


@admin.register(Feedback)
class FeedbackAdmin(KeptAdmin):
    list_display = ["title", "is_clear", "why", "reader", "edition", "at", "resolved_at"]
    list_filter = [
        "is_clear",
        ("resolved_at", admin.EmptyFieldListFilter),
        "is_outside",
        "edition__number",
        ("slug", SectionFilter),
    ]
    list_select_related = ["edition", "person", "resolved_by"]
    search_fields = ["title", "why", "reply"]
    date_hierarchy = "at"
    fields = ["title", "is_clear", "why", "reader", "edition", "at", "resolved_at", "resolved_by", "reply"]
    file_name = "manual-feedback"
    columns: ClassVar = {
        "from": _from,
        "edition": lambda row: row.edition.number,
        "section": lambda row: row.slug,
        "title": lambda row: row.title,
        "clear": lambda row: "yes" if row.is_clear else "no",
        "why": lambda row: row.why,
        "at": lambda row: row.at,
        "settled_by": lambda row: str(row.resolved_by or ""),
        "settled_at": lambda row: row.resolved_at,
        "reply": lambda row: row.reply,
    }

    @admin.display(description=gettext_lazy("said by"), ordering="person__name")
    def reader(self, row: Feedback) -> str:
        return _from(row)


@admin.register(ReadingReminder)
class ReadingReminderAdmin(KeptAdmin):
    list_display = ["person", "edition", "kind", "recipient", "when", "has_mail"]
    list_filter = ["kind", "edition__number"]
    list_select_related = ["edition", "person", "recipient"]
    search_fields = ["person__name", "person__email", "recipient__name", "recipient__email"]
    date_hierarchy = "at"
    fields = ["person", "edition", "kind", "recipient", "when", "has_mail"]
    file_name = "manual-reminders"
    columns: ClassVar = {
        "name": evidence.name,
        "email": evidence.email,
        "edition": lambda row: row.edition.number,
        "moment": lambda row: row.kind,
        "told": lambda row: str(row.recipient),
        "at": lambda row: row.at,
    }

    @admin.display(description=gettext_lazy("when"), ordering="at")
    def when(self, row: ReadingReminder) -> Any:
        return timezone.localtime(row.at)

    @admin.display(description=gettext_lazy("by mail"), boolean=True)
    def has_mail(self, row: ReadingReminder) -> bool:
        return row.mail_id is not None
