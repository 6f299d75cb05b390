"""How a KPI of one's own is put together: choices among the columns of one table, never code."""

from collections.abc import Iterator
from typing import Any, ClassVar, Final

from django import forms
from django.utils.text import capfirst, slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from metrics import definitions, presentation
from metrics.kpi import Better, Unit
from metrics.models import CustomKpi
from metrics.own import conditions
from metrics.own.columns import TABLES, Holds, Table
from metrics.own.conditions import OPERATOR_NAMES, BadConditionError, Condition
from metrics.own.definition import PREFIX, UNITS, Definition
from metrics.queries.trials import Trial, trial

FILTERS: Final = 6
PARTS: Final = 4
TRY: Final = "_try"
_NEEDED: Final = {
    CustomKpi.Shape.MEAN: ("column",),
    CustomKpi.Shape.PER_ROW: ("column",),
    CustomKpi.Shape.RATE: ("column", "second"),
    CustomKpi.Shape.DURATION: ("column", "second"),
}
_SIDES: Final = {"filter": FILTERS, "part": PARTS}
Choices = list[tuple[str, Any]]


def names(side: str) -> list[tuple[str, str, str]]:
    """The three fields of each condition."""
    places = range(1, _SIDES[side] + 1)
    return [(f"{side}_{place}_column", f"{side}_{place}_operator", f"{side}_{place}_value") for place in places]


class OwnKpiForm(forms.ModelForm):  # type: ignore[type-arg]  # generic for the checker only
    """`is_valid` is false for a mere trial, so that nothing is saved; what it gave is in `tried`."""

    class Meta:
        model = CustomKpi
        fields: ClassVar = [
            "name",
            "code",
            "text",
            "gaming",
            "shape",
            "at",
            "column",
            "second",
            "unit",
            "better",
            "is_active",
        ]
        widgets: ClassVar = {
            "text": forms.Textarea(attrs={"rows": 3}),
            "gaming": forms.Textarea(attrs={"rows": 2}),
            "code": forms.TextInput(),
        }
        help_texts: ClassVar = {
            "code": gettext_lazy("Begins with custom_; left empty, it is made from the name. It stays for good."),
            "at": gettext_lazy("On which day a row is counted. Rows without it are in no figure."),
            "column": gettext_lazy(
                "For a mean or a sum: the number. For a duration: where it begins. Leave it empty otherwise."
            ),
            "second": gettext_lazy("What is divided by, or where the duration ends."),
            "unit": gettext_lazy("Shares are in percent and durations in time, whatever is chosen here."),
        }

    def __init__(self, *args: Any, table: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.table: Table = TABLES[table]
        self.tried: Trial | None = None
        self.was_tried = False
        self._offer()
        for side, stored in (("filter", self.instance.filters), ("part", self.instance.part)):
            self._offer_conditions(side, stored)

    @property
    def is_trial(self) -> bool:
        return TRY in self.data

    def is_valid(self) -> bool:
        is_good = super().is_valid()
        if is_good and self.is_trial and not self.was_tried:
            self.tried, self.was_tried = trial(self.definition()), True
        return is_good and not self.is_trial

    def definition(self) -> Definition:
        """What was chosen, as it would be kept."""
        return definitions.definition_of(self.instance)

    def clean_code(self) -> str:
        if self.instance.pk:
            return str(self.instance.code)
        given = self.cleaned_data.get("code", "").strip().lower() or str(self.cleaned_data.get("name", ""))
        code = PREFIX + slugify(given.removeprefix(PREFIX)).replace("-", "_")[:40].strip("_")
        if code == PREFIX:
            raise forms.ValidationError(_("Write a code in Latin letters and digits, for example custom_late_refunds."))
        if CustomKpi.objects.filter(code=code).exists():
            message = _("There is a KPI with the code %(code)s already; choose another one.")
            raise forms.ValidationError(message % {"code": code})
        return code

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        self.instance.frame = self.table.frame
        self._check_columns(given)
        for side, field in (("filter", "filters"), ("part", "part")):
            is_asked = side == "filter" or given.get("shape") == CustomKpi.Shape.SHARE
            if not is_asked and given.get("shape") and any(given.get(column) for column, *_rest in names(side)):
                self.add_error(
                    names(side)[0][0], _("Only a share has rows in it: choose a share, or leave this empty.")
                )
            found = [one.stored() for one in self._conditions(given, side)] if is_asked else []
            setattr(self.instance, field, found)
        if given.get("shape") == CustomKpi.Shape.SHARE and not self.instance.part and not self.errors:
            self.add_error(names("part")[0][0], _("Say which rows are in the share."))
        units = [unit.value for unit in UNITS.get(given.get("shape", ""), ())]
        if units and given.get("unit") not in units:
            given["unit"] = units[0]
        return given

    def _check_columns(self, given: dict[str, Any]) -> None:
        shape = given.get("shape", "")
        needed = _NEEDED.get(shape, ())
        holds = Holds.INSTANT if shape == CustomKpi.Shape.DURATION else Holds.NUMBER
        for name in ("column", "second"):
            chosen = self.table.columns.get(given.get(name) or "")
            if name not in needed:
                if shape and given.get(name):
                    self.add_error(name, _unneeded(name, needed))
                given[name] = ""
            elif chosen is None or chosen.holds is not holds:
                self.add_error(name, _must_be(holds))
        if shape in (CustomKpi.Shape.RATE, CustomKpi.Shape.DURATION) and given.get("column") == given.get("second"):
            self.add_error("second", _("Choose another column than the first one: this would always be the same."))

    def _conditions(self, given: dict[str, Any], side: str) -> Iterator[Condition]:
        for column, operator, value in names(side):
            if not given.get(column):
                if given.get(value):
                    self.add_error(column, _("Choose the column that is compared with this."))
                continue
            told = {"column": given[column], "operator": given.get(operator, ""), "value": given.get(value, "")}
            try:
                yield conditions.read(self.table.frame, told)
            except BadConditionError as error:
                self.add_error(value, str(error))

    def _offer(self) -> None:
        table, fields = self.table, self.fields
        instants, numbers = table.of(Holds.INSTANT), table.of(Holds.NUMBER)
        shapes = [one for one in CustomKpi.Shape.choices if _is_possible(one[0], len(instants), len(numbers))]
        fields["shape"] = _choice(fields["shape"], shapes)
        if len(numbers) == 1:
            fields["shape"].help_text = _(
                "This table has one number, %(column)s, so its sum can only be divided by the number of rows."
            ) % {"column": numbers[0].label}
        fields["at"] = _choice(fields["at"], [(one.name, one.label) for one in table.days])
        groups: Choices = [("", "---------")]
        for title, members in ((_("Numbers"), numbers), (_("Times"), instants)):
            if members:
                groups.append((title, [(one.name, one.label) for one in members]))
        for name in ("column", "second"):
            fields[name] = _choice(fields[name], groups)
        fields["unit"] = _choice(fields["unit"], list(_units()))
        fields["better"] = _choice(fields["better"], [(one.value, presentation.BETTER_NAMES[one]) for one in Better])
        fields["code"].required = False
        if self.instance.pk:
            fields["code"].disabled = True

    def _offer_conditions(self, side: str, stored: list[dict[str, Any]]) -> None:
        columns: Choices = [("", "---------"), *((one.name, one.label) for one in self.table.columns.values())]
        operators = [(one.value, str(label)) for one, label in OPERATOR_NAMES.items()]
        for place, (column, operator, value) in enumerate(names(side)):
            kept = stored[place] if place < len(stored) else {}
            words = {"place": place + 1}
            label = _("%(place)s. Where") % words
            self.fields[column] = forms.ChoiceField(label=label, required=False, choices=columns)
            self.fields[operator] = forms.ChoiceField(label=_("Comparison"), required=False, choices=operators)
            self.fields[value] = forms.CharField(label=_("Value"), required=False, max_length=2000)
            self.initial.update({column: kept.get("column", ""), value: kept.get("value", "")})
            self.initial[operator] = kept.get("operator", operators[0][0])


def _choice(field: Any, choices: Choices) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=field.label,
        required=field.required,
        choices=choices,
        help_text=field.help_text,
        initial=field.initial,
    )


def _units() -> Iterator[tuple[str, str]]:
    for unit in dict.fromkeys(unit for units in UNITS.values() for unit in units):
        name = _("plain number") if unit is Unit.NUMBER else str(presentation.UNIT_NAMES[unit])
        yield unit.value, capfirst(name)


def _is_possible(shape: str, instants: int, numbers: int) -> bool:
    least = {CustomKpi.Shape.MEAN: 1, CustomKpi.Shape.PER_ROW: 1, CustomKpi.Shape.RATE: 2}
    if shape == CustomKpi.Shape.DURATION:
        return instants > 1
    return numbers >= least.get(CustomKpi.Shape(shape), 0)


def _unneeded(name: str, needed: tuple[str, ...]) -> str:
    if name == "second" and needed:
        return _("What is computed uses one column only: leave this one empty, or choose something else to compute.")
    return _("What is computed uses no column: leave this empty, or choose something else to compute.")


def _must_be(holds: Holds) -> str:
    if holds is Holds.INSTANT:
        return _("Choose a time: a duration goes from one time to another.")
    return _("Choose a number: only numbers can be summed up.")
