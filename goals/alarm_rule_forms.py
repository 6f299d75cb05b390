"""How a manager writes an alert rule down: limits in the KPI's own units, quiet hours as a clock shows them."""

from collections.abc import Callable, Mapping
from typing import Any, ClassVar, Final

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from goals import baseline, scopes, targets, written
from goals.alarms import guidance, judging, quiet, readings, sources
from goals.alarms.quiet import BadWindowsError
from goals.models import AlertRule, Goal, Stakeholder
from kpiproject.models import User, WebhookTarget
from metrics.kpi import Kpi, Ratio
from metrics.queries import find
from metrics.queries.imported import members

Kind, Side = AlertRule.Kind, AlertRule.Side
WATCHED: Final = (
    "kind", "kpi", "dimension", "member", "grain", "clock", "goal_id", "danger", "source", "hours", "side",
    "fire_level", "clear_level", "breaches", "of", "clears",
)  # fmt: skip
"""What is no longer the same alarm once it was changed."""
_AGENT: Final = "agent"


class AlertRuleForm(forms.ModelForm):  # type: ignore[type-arg]  # Django's forms take no model at run time
    kpi = forms.ChoiceField(
        label=gettext_lazy("KPI"), required=False, help_text=gettext_lazy("What is watched; not for goals and imports.")
    )
    only_for = forms.ChoiceField(
        label=gettext_lazy("Only for"),
        required=False,
        help_text=gettext_lazy("One channel, team … that the KPI knows, or everything. Never a single agent."),
    )
    limit = forms.CharField(
        label=gettext_lazy("Limit"),
        required=False,
        max_length=40,
        help_text=gettext_lazy(
            "In the unit of the KPI: percentages and points as numbers (85), times with their unit (4 h), numbers of "
            "tickets per day, week or month (120). Of single answers the share that must be good, or may be bad."
        ),
    )
    again = forms.CharField(
        label=gettext_lazy("Over again at"),
        required=False,
        max_length=40,
        help_text=gettext_lazy(
            "A little better than the limit, so that an alarm does not come and go. Empty means the limit."
        ),
    )
    source = forms.ChoiceField(label=gettext_lazy("Imports from"), required=False)
    guidance = forms.ChoiceField(
        label=gettext_lazy("Chapter of the manual"),
        required=False,
        help_text=gettext_lazy("In which it says what to do; linked in every mail about it."),
    )
    quiet_hours = forms.CharField(
        label=gettext_lazy("Quiet hours"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy(
            "One window a line, such as 22:00-07:00. Nobody is told meanwhile; what is still true is told afterwards."
        ),
    )

    class Meta:
        model = AlertRule
        fields: ClassVar = [
            "name", "kind", "severity", "is_active", "grain", "side", "goal", "danger", "hours", "breaches", "of",
            "clears", "owner", "chain", "stakeholders", "lets_outsiders_acknowledge", "webhooks", "advice", "guidance",
            "has_quiet_weekend", "time_zone", "renotify_hours",
        ]  # fmt: skip
        widgets: ClassVar = {
            "name": forms.TextInput(attrs={"class": "vLargeTextField"}),
            "advice": forms.Textarea(attrs={"rows": 4}),
            "webhooks": forms.CheckboxSelectMultiple,
            "stakeholders": forms.CheckboxSelectMultiple,
        }
        help_texts: ClassVar = {
            "severity": gettext_lazy(
                "After a serious alarm the next one of the same rule waits 24 hours, after a warning 7 days."
            ),
            "grain": gettext_lazy("Only complete ones count. A period with fewer than 5 answers says nothing."),
            "side": gettext_lazy("Only where neither more nor less is better, such as for numbers of tickets."),
            "breaches": gettext_lazy("For example 2 of the last 3, so that one odd week is no alarm."),
            "hours": gettext_lazy("Only for imports. Empty means that only failed imports are alarms."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rule = self.instance
        self._choices("kpi", [("", "---------"), *scopes.kpi_choices(rule.kpi)[1:]])
        self._choices("only_for", _without_agents(scopes.choices(scopes.code(rule.dimension, rule.member))))
        known = sorted({*members("source"), *([rule.source] if rule.source else [])})
        self._choices("source", [("", _("any source")), *((name, name) for name in known)])
        self._choices("guidance", _chapters(rule.guidance))
        people = User.objects.filter(Q(is_active=True) | Q(pk=rule.owner_id)).order_by("name", "email")
        running = Q(state__in=[Goal.State.ACTIVE, Goal.State.DRAFT]) | Q(pk=rule.goal_id)
        for name, rows in (("owner", people), ("goal", Goal.objects.filter(running))):
            if name in self.fields:
                self.fields[name].queryset = rows  # type: ignore[attr-defined]  # they choose among rows
        if "webhooks" in self.fields:
            active = Q(is_active=True) | Q(alert_rules=rule if rule.pk else None)
            self.fields["webhooks"].queryset = WebhookTarget.objects.filter(active).distinct()  # type: ignore[attr-defined]  # as above
        if "stakeholders" in self.fields:
            outside_choices(self.fields["stakeholders"], Q(alert_rules=rule if rule.pk else None))
        self._show_values(rule)

    def _choices(self, name: str, choices: list[Any]) -> None:
        if name in self.fields:
            self.fields[name].choices = choices  # type: ignore[attr-defined]  # a choice field

    def _show_values(self, rule: AlertRule) -> None:
        self.initial = {
            **self.initial,
            "kpi": rule.kpi,
            "only_for": scopes.code(rule.dimension, rule.member),
            "source": rule.source,
            "quiet_hours": "\n".join("-".join(window) for window in rule.quiet_windows),
        }
        kpi = find(rule.kpi)
        for name, level in (("limit", rule.fire_level), ("again", rule.clear_level)):
            if level is not None and kpi is not None:
                self.initial[name] = written.write(level, kpi)

    def clean_quiet_hours(self) -> list[list[str]]:
        lines = (line.strip() for line in self.cleaned_data["quiet_hours"].replace("–", "-").splitlines())
        windows = [[clock.strip() for clock in line.split("-")] for line in lines if line]
        try:
            quiet.check(windows)
        except BadWindowsError as error:
            raise ValidationError(str(error)) from error
        return windows

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        kind = given.get("kind")
        if given.get("breaches") and given.get("of") and given["breaches"] > given["of"]:
            words = {"breaches": given["breaches"], "of": given["of"]}
            self.add_error("breaches", _("%(breaches)s of the last %(of)s can never be past the limit.") % words)
        self.instance.quiet_windows = given.get("quiet_hours", self.instance.quiet_windows)
        self._forget()
        if kind in readings.OF_A_KPI:
            self._clean_figure(given, kind)
        elif kind == Kind.IMPORT:
            self.instance.source = given.get("source", "")
        elif kind == Kind.GOAL and not given.get("goal") and "goal" not in self.errors:
            self.add_error("goal", _("Choose the goal that is watched."))
        self._check_outside(given, kind)
        if kind != Kind.GOAL:
            given["goal"] = None
        if kind != Kind.IMPORT:
            given["hours"] = None
        return given

    def _check_outside(self, given: Mapping[str, Any], kind: str | None) -> None:
        """Nobody outside of the house hears of a single answer, or of a single agent."""
        if not given.get("stakeholders"):
            return
        goal = given.get("goal")
        if kind == Kind.ANSWER:
            self.add_error("stakeholders", _("Single answers are nothing for people outside: remove the stakeholders."))
        elif kind == Kind.GOAL and goal is not None and goal.dimension == _AGENT:
            message = _("The goal of a single agent is nothing for people outside: remove the stakeholders.")
            self.add_error("stakeholders", message)

    def _forget(self) -> None:
        """What another kind of rule needed."""
        rule = self.instance
        rule.kpi = rule.dimension = rule.member = rule.clock = rule.source = ""
        rule.fire_level = rule.clear_level = None

    def _clean_figure(self, given: dict[str, Any], kind: str) -> None:
        kpi = find(given.get("kpi", ""))
        if kpi is None:
            if "kpi" not in self.errors:
                self.add_error("kpi", _("Choose the KPI that is watched."))
            return
        rule = self.instance
        rule.kpi, rule.clock = kpi.code, baseline.clock_of(kpi)
        rule.dimension, rule.member = scopes.parts(given.get("only_for", ""))
        self._check_scope(kpi)
        given["side"] = judging.side(kpi) or given.get("side", "")
        if check := _CHECKS.get(kind):
            check(self, given, kpi)

    def _check_scope(self, kpi: Kpi) -> None:
        rule = self.instance
        if rule.dimension == _AGENT:
            self.add_error("only_for", _("Alarms are not set on single people; choose a team or a channel."))
            return
        try:
            scopes.check(kpi, rule.dimension, rule.member)
        except ValidationError as error:
            self.add_error("only_for", error)

    def check_threshold(self, given: dict[str, Any], kpi: Kpi) -> None:
        rule = self.instance
        if not given["side"]:
            self.add_error(
                "side", _("Neither more nor less of “%(kpi)s” is better: say when it is an alarm.") % {"kpi": kpi.name}
            )
        rule.fire_level = self._level("limit", given, kpi)
        if rule.fire_level is None and "limit" not in self.errors:
            self.add_error("limit", _("Enter the limit."))
        rule.clear_level = self._level("again", given, kpi)
        if rule.fire_level is None or rule.clear_level is None or not given["side"]:
            return
        sign = -1 if given["side"] == Side.ABOVE else 1
        if sign * rule.clear_level < sign * rule.fire_level:
            text = {
                Side.BELOW: _("It is an alarm below the limit, so that it can only be over at the limit or above it."),
                Side.ABOVE: _("It is an alarm above the limit, so that it can only be over at the limit or below it."),
            }[Side(given["side"])]
            self.add_error("again", text)

    def check_budget(self, given: dict[str, Any], kpi: Kpi) -> None:
        if kpi.shape is not Ratio or not kpi.has_rows:
            message = _("“%(kpi)s” is no share of single answers or tickets, so that its last ones cannot be counted.")
            self.add_error("kpi", message % {"kpi": kpi.name})
            return
        if not given["side"]:
            self.add_error(
                "kpi", _("Neither more nor less of “%(kpi)s” is better, so that none is bad.") % {"kpi": kpi.name}
            )
            return
        level = self.instance.fire_level = self._level("limit", given, kpi)
        if "limit" not in self.errors and (level is None or not 0 < level < 100):
            self.add_error("limit", _("Enter a percentage between 0 and 100, neither of them included."))

    def check_answer(self, _given: dict[str, Any], kpi: Kpi) -> None:
        if kpi.code not in sources.KINDS:
            names = ", ".join(str(found.name) for code in sorted(sources.KINDS) if (found := find(code)))
            message = _("Single answers are only watched of surveys of customers: %(names)s.")
            self.add_error("kpi", message % {"names": names})

    def _level(self, name: str, given: Mapping[str, Any], kpi: Kpi) -> float | None:
        text = given.get(name, "").strip()
        if not text:
            return None
        try:
            level = written.read(text, kpi, self.instance.clock)
        except ValidationError as error:
            self.add_error(name, error)
            return None
        if sentence := targets.beyond(kpi, level, text):
            self.add_error(name, sentence)
            return None
        return level


def outside_choices(field: forms.Field, chosen: Q) -> None:
    """The stakeholders who may be chosen, and who of them has left by themselves."""
    rows = Stakeholder.objects.filter(Q(is_active=True) | chosen).distinct()
    field.queryset = rows  # type: ignore[attr-defined]  # it chooses among rows
    if left := ", ".join(str(one) for one in rows.filter(left_alarms__isnull=False)):
        field.help_text = (
            f"{field.help_text} {_('Have unsubscribed from alarms by themselves: %(names)s.') % {'names': left}}"
        )


def _chapters(kept: str) -> list[tuple[str, str]]:
    """What the manual offers; a chapter that is gone stays in the form that has it."""
    found = [(chapter.code, chapter.title) for chapter in guidance.chapters() if not chapter.kpi]
    gone = [(kept, _("%(chapter)s (no longer there)") % {"chapter": kept})] if kept not in ("", *dict(found)) else []
    return [("", _("what it says about the KPI")), *found, *gone]


def _without_agents(choices: list[Any]) -> list[Any]:
    """Groups of members, without those of single people."""
    return [
        (name, members_)
        for name, members_ in choices
        if not isinstance(members_, list) or not str(members_[0][0]).startswith(f"{_AGENT}=")
    ]


_CHECKS: Final[Mapping[str, Callable[[AlertRuleForm, dict[str, Any], Kpi], None]]] = {
    Kind.THRESHOLD: AlertRuleForm.check_threshold,
    Kind.BUDGET: AlertRuleForm.check_budget,
    Kind.ANSWER: AlertRuleForm.check_answer,
}
