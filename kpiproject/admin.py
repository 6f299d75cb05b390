"""The organisation's settings and records in the administration."""

from typing import Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape, format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from kpiproject import logos, mail, webhooks
from kpiproject.admin_base import RecordedAdmin, SwitchedAdmin
from kpiproject.front import admin as front_admin  # noqa: F401 - registers itself; it belongs to no single app
from kpiproject.lib import colours
from kpiproject.models import Agent, Mail, Organisation, Team, User, WebhookDelivery, WebhookTarget
from kpiproject.queue import nudge
from kpiproject.tasks import sweep_mail, sweep_webhooks
from kpiproject.webhooks import RefusedError


class OrganisationForm(forms.ModelForm):
    pause_statuses = forms.CharField(
        label=gettext_lazy("Statuses that stop the clock"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy(
            "One a line, as imported, for example Pending. Their time is left out of the resolution time."
        ),
    )

    class Meta:
        model = Organisation
        fields = [
            *("name", "time_zone", "week_start", "currency"),
            *("brand_colour", "logo", "pause_statuses", "schedule_at_end", "postal_address"),
        ]
        widgets = {"brand_colour": forms.TextInput(attrs={"type": "color"})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["pause_statuses"] = "\n".join(self.instance.pause_statuses)

    def clean_logo(self) -> Any:
        """A new one is named by its content; whoever wants none ticks the box, and then this is False."""
        sent = self.cleaned_data["logo"]
        if not isinstance(sent, UploadedFile):
            return sent
        try:
            logo = logos.read(sent.read())
        except logos.LogoError as error:
            raise forms.ValidationError(str(error)) from error
        return ContentFile(logo.content, name=logo.name)

    def clean_pause_statuses(self) -> list[str]:
        lines = (line.strip() for line in self.cleaned_data["pause_statuses"].splitlines())
        return list(dict.fromkeys(line for line in lines if line))


@admin.register(Organisation)
class OrganisationAdmin(RecordedAdmin):
    form = OrganisationForm
    help_texts: ClassVar = {
        "name": gettext_lazy("As customers know you: it stands in surveys, mails and the manual."),
        "week_start": gettext_lazy("The first day of the weeks in every figure."),
        "brand_colour": gettext_lazy("Of buttons and lines on survey pages and in mails."),
    }
    list_display = ["name", "time_zone", "currency"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Organisation | None = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Organisation, form: forms.ModelForm, change: bool) -> None:  # noqa: FBT001 (Django's signature)
        super().save_model(request, obj, form, change)
        shown = colours.readable(obj.brand_colour, colours.WHITE)
        if shown != obj.brand_colour.lower():
            least = colours.contrast(obj.brand_colour, colours.WHITE)
            sentence = _(
                "%(colour)s has a contrast of only %(contrast)s : 1 to white; 4.5 : 1 can be read by everybody. Lines "
                "and links on survey pages therefore have %(shown)s. Buttons keep your colour, with words that fit it."
            )
            told = {"colour": obj.brand_colour, "contrast": f"{least:.1f}", "shown": shown}
            messages.warning(request, sentence % told)


@admin.register(Team)
class TeamAdmin(RecordedAdmin):
    help_texts: ClassVar = {
        "source": gettext_lazy("The system it comes from, as in its imports."),
        "external_id": gettext_lazy("What that system calls it; imports find it by that."),
        "name": gettext_lazy("As figures and reports call it."),
    }
    list_display = ["name", "people", "source", "external_id"]
    list_filter = ["source"]
    search_fields = ["name", "external_id"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Team]:
        found: QuerySet[Team] = super().get_queryset(request).annotate(agents=Count("agent"))
        return found

    @admin.display(description=gettext_lazy("agents"), ordering="agents")
    def people(self, team: Team) -> int:
        return int(getattr(team, "agents", 0))

    def has_delete_permission(self, request: HttpRequest, obj: Team | None = None) -> bool:
        return False  # its tickets would forget it, and no import would bring it back to them


@admin.register(Agent)
class AgentAdmin(RecordedAdmin):
    unrecorded = ("name", "email")
    help_texts: ClassVar = {
        "source": gettext_lazy("The system they come from, as in its imports."),
        "external_id": gettext_lazy("What that system calls them; imports find them by that."),
        "name": gettext_lazy("As colleagues know them."),
        "email": gettext_lazy("If an account here has the same address, praise and thanks find the person."),
        "team": gettext_lazy("Where they work now; tickets keep the team that they had."),
    }
    list_display = ["name", "team", "email", "source", "external_id"]
    list_select_related = ["team"]
    list_filter = ["team", "source"]
    search_fields = ["name", "email", "external_id"]

    def has_delete_permission(self, request: HttpRequest, obj: Agent | None = None) -> bool:
        return False  # as with teams


@admin.register(User)
class UserAdmin(RecordedAdmin):
    """Names and zones; role, invitation and access have their own pages with their own rules."""

    list_display = ["name", "email", "role", "is_active", "last_login"]
    list_filter = ["is_active", "is_staff"]
    search_fields = ["name", "email"]
    unrecorded = ("name",)
    help_texts: ClassVar = {"name": gettext_lazy("As colleagues know them.")}
    fields = ["name", "email", "time_zone", "access"]
    readonly_fields = ["email", "access"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return False

    @admin.display(description=gettext_lazy("role"))
    def role(self, user: User) -> str:
        return _("Manager") if user.is_staff else _("Staff")

    @admin.display(description=gettext_lazy("role and access"))
    def access(self, user: User) -> str:
        url = reverse("people:person", args=[user.pk])
        return format_html('<a href="{}">{}</a>', url, _("Change role or access"))


@admin.register(Mail)
class MailAdmin(admin.ModelAdmin):
    """The outbox: what went out, what waits, and what failed. Nothing can be changed, a failed mail can be resent."""

    list_display = ["subject", "recipient", "kind", "state", "attempts", "created_at", "sent_at"]
    list_filter = ["state", "kind"]
    search_fields = ["recipient", "subject"]
    show_full_result_count = False
    list_per_page = 50
    fields = ["subject", "sender", "recipient", "state", "error", "attempts", "created_at"]
    fields += ["next_attempt_at", "sent_at", "kind", "message_id", "file_names", "readable_text"]
    readonly_fields = tuple(fields)  # type: ignore[arg-type]  # fields may hold groups, ours are names
    actions = ["send_again"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Mail | None = None) -> bool:
        return obj is None and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Mail | None = None) -> bool:
        return False

    @admin.display(description=gettext_lazy("text"))
    def readable_text(self, letter: Mail) -> str:
        if letter.kind in mail.SECRET_KINDS:
            return _("Not shown: it holds a personal link.")
        return letter.text

    @admin.display(description=gettext_lazy("files"))
    def file_names(self, letter: Mail) -> str:
        return ", ".join(letter.files.order_by("pk").values_list("name", flat=True)) or "-"

    @admin.action(description=gettext_lazy("Send again"), permissions=["change"])
    def send_again(self, request: HttpRequest, queryset: QuerySet[Mail]) -> None:
        count = 0
        for letter in queryset:
            try:
                mail.resend(letter)
            except ValueError as error:
                self.message_user(request, f"{letter}: {error}", messages.WARNING)
            else:
                count += 1
        if count:
            nudge(sweep_mail)
            sentence = ngettext("%d mail is on its way again.", "%d mails are on their way again.", count)
            self.message_user(request, sentence % count, messages.SUCCESS)


def _how_it_is_signed() -> str:
    """How a receiver tells that a message is ours, and that it has had it already."""
    return escape(
        _(
            "A signed message has the header X-Plumbline-Signature: t=<seconds>,v1=<code>. The code is the HMAC-SHA256 "
            "of “<seconds>.<body>” with the secret, as hexadecimal digits. X-Plumbline-Delivery is the same for every "
            "attempt at one message."
        )
    )


class WebhookTargetForm(forms.ModelForm):
    class Meta:
        model = WebhookTarget
        fields = ["name", "kind", "url", "is_active"]

    def clean_url(self) -> str:
        """Looked up only when it is another one, so that everything else can be changed without a network."""
        url: str = self.cleaned_data["url"]
        if url != self.instance.url:
            try:
                webhooks.check(url)
            except RefusedError as error:
                raise forms.ValidationError(str(error)) from error
        return url


@admin.register(WebhookTarget)
class WebhookTargetAdmin(SwitchedAdmin):
    form = WebhookTargetForm
    list_display = ["name", "kind", "is_active", "last_message"]
    list_filter = ["kind", "is_active"]
    search_fields = ["name"]
    readonly_fields = ["key"]
    actions = ["send_test", "switch_on", "switch_off"]
    unrecorded = ("url",)
    help_texts: ClassVar = {
        "name": gettext_lazy("As rules choose it, for example: chat of the team."),
        "kind": gettext_lazy("Signed JSON for programs; the other kind for a chat that takes Slack’s messages."),
        "is_active": gettext_lazy("Switched off, nothing is sent to it; rules keep it."),
    }

    def get_fieldsets(self, request: HttpRequest, obj: WebhookTarget | None = None) -> Any:
        return [
            (None, {"fields": ["name", "kind", "url", "is_active"]}),
            (_("For whoever receives it"), {"fields": ["key"], "description": _how_it_is_signed()}),
        ]

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:  # noqa: FBT001, FBT002 (Django's signature)
        return super().get_form(request, obj, change=change, **kwargs | {"fields": WebhookTargetForm.Meta.fields})

    def get_queryset(self, request: HttpRequest) -> QuerySet[WebhookTarget]:
        last = WebhookDelivery.objects.filter(target=OuterRef("pk")).order_by("-pk").values("state")[:1]
        found: QuerySet[WebhookTarget] = super().get_queryset(request).annotate(last_state=Subquery(last))
        return found

    @admin.display(description=gettext_lazy("secret of the signature"))
    def key(self, target: WebhookTarget) -> str:
        if target.pk is None or target.kind != WebhookTarget.Kind.SIGNED:
            return _("Only messages of the kind “JSON, signed” have one; it is made when the webhook is saved.")
        return target.secret

    @admin.display(description=gettext_lazy("last message"))
    def last_message(self, target: WebhookTarget) -> str:
        state = getattr(target, "last_state", None)
        return str(WebhookDelivery.State(state).label) if state else "-"

    @admin.action(description=gettext_lazy("Send a test message"), permissions=["change"])
    def send_test(self, request: HttpRequest, queryset: QuerySet[WebhookTarget]) -> None:
        now = timezone.now()
        for target in queryset:
            text = _("This is a test from Plumbline. Alarms will look like this.")
            webhooks.put(target, key=f"test:{target.pk}:{now.isoformat()}", text=text, data={"event": "test"})
        nudge(sweep_webhooks)
        self.message_user(request, _("The test is on its way; see the messages to webhooks."), messages.SUCCESS)


@admin.register(WebhookDelivery)
class WebhookDeliveryAdmin(admin.ModelAdmin):
    """What was posted, what waits and what failed. Nothing can be changed, a failed message can be sent again."""

    list_display = ["target", "state", "attempts", "error", "created_at", "sent_at"]
    list_filter = ["state", "target"]
    search_fields = ["target__name", "error"]
    list_select_related = ["target"]
    show_full_result_count = False
    list_per_page = 50
    fields = ["target", "state", "error", "attempts", "created_at", "next_attempt_at", "sent_at", "payload"]
    readonly_fields = tuple(fields)  # type: ignore[arg-type]  # fields may hold groups, ours are names
    actions = ["send_again"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: WebhookDelivery | None = None) -> bool:
        return obj is None and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: WebhookDelivery | None = None) -> bool:
        return False

    @admin.action(description=gettext_lazy("Send again"), permissions=["change"])
    def send_again(self, request: HttpRequest, queryset: QuerySet[WebhookDelivery]) -> None:
        count = 0
        for delivery in queryset:
            try:
                webhooks.resend(delivery)
            except ValueError as error:
                self.message_user(request, f"{delivery}: {error}", messages.WARNING)
            else:
                count += 1
        if count:
            nudge(sweep_webhooks)
            sentence = ngettext("%d message is on its way again.", "%d messages are on their way again.", count)
            self.message_user(request, sentence % count, messages.SUCCESS)
