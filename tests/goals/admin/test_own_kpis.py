import pytest
from django.test import Client

from metrics.models import Adoption, CustomKpi
from tests.factories import GoalFactory, ManagerFactory, ReportItemFactory, StaffFactory, TicketFactory
from tests.measure_factories import CustomKpiFactory

pytestmark = pytest.mark.django_db
ADD = "/admin/metrics/customkpi/add/?table=tickets"
NOW = "2026-03-20T10:00Z"


@pytest.fixture(autouse=True)
def _now(time_machine):
    time_machine.move_to(NOW, tick=False)


@pytest.fixture
def manager(client: Client):
    client.force_login(ManagerFactory())


def form(**words):
    conditions = {
        f"{side}_{n}_operator": "equals" for side, count in (("filter", 6), ("part", 4)) for n in range(1, count + 1)
    }
    usual = {"name": "Late mails", "code": "", "text": "", "shape": "number", "at": "created_at", "unit": "count"}
    return {**usual, "better": "lower", "is_active": "on", **conditions, **words}


def change(kpi) -> str:
    return f"/admin/metrics/customkpi/{kpi.pk}/change/"


def messages(answer) -> list[str]:
    return [str(message) for message in answer.context["messages"]]


def test_a_table_is_chosen_first(client: Client, manager) -> None:
    shown = client.get("/admin/metrics/customkpi/add/").content.decode()
    assert 'href="?table=orders"' in shown
    assert 'name="filter_1_column"' in client.get(ADD).content.decode()


def test_a_definition_is_saved_with_a_code_of_its_own(client: Client, manager) -> None:
    TicketFactory(channel="email", created_at="2026-03-02T10:00Z")
    TicketFactory(channel="chat", created_at="2026-03-02T10:00Z")
    answer = client.post(ADD, form(filter_1_column="channel", filter_1_value="E-mail"), follow=True)
    found = CustomKpi.objects.get()
    assert (found.code, found.frame, found.revision) == ("custom_late_mails", "tickets", 1)
    assert found.filters == [{"column": "channel", "operator": "equals", "value": "E-mail"}]
    assert messages(answer)[0] == "Matches 0 of 2 rows of the last 90 days at present."


def test_trying_shows_the_figure_and_saves_nothing(client: Client, manager) -> None:
    TicketFactory(channel="email", created_at="2026-03-02T10:00Z")
    TicketFactory(channel="chat", created_at="2026-03-02T10:00Z")
    answer = client.post(ADD, form(filter_1_column="channel", filter_1_value="email", _try="Try it"))
    shown = " ".join(answer.content.decode().split())
    assert "Over the last 90 days with data it rests on 1 ticket, of 2 rows in this time." in shown
    assert 'value="email"' in shown
    assert not CustomKpi.objects.exists()


def test_a_share_that_no_row_is_in_is_pointed_out(client: Client, manager) -> None:
    TicketFactory(channel="email", created_at="2026-03-02T10:00Z")
    sentence = "Of 1 ticket none is in the share at present: look at its conditions again."
    share = {"shape": "share", "unit": "percent", "part_1_column": "channel"}
    shown = client.post(ADD, form(**share, part_1_value="E-mail", _try="Try it")).content.decode()
    assert sentence in shown
    assert sentence in messages(client.post(ADD, form(**share, part_1_value="E-mail"), follow=True))
    assert (
        "none is in the share" not in client.post(ADD, form(**share, part_1_value="email", _try="Try")).content.decode()
    )
    answer = client.post(ADD, form(**share, name="Mails", part_1_value="email"), follow=True)
    assert not [one for one in messages(answer) if "share" in one]


@pytest.mark.parametrize(("table", "is_said"), [("orders", True), ("costs", True), ("tickets", False)])
def test_a_table_with_one_number_says_what_its_sum_is_divided_by(client: Client, manager, table, is_said) -> None:
    shown = client.get(f"/admin/metrics/customkpi/add/?table={table}").content.decode()
    sentence = "This table has one number, amount, so its sum can only be divided by the number of rows."
    assert (sentence in shown) == is_said
    assert ('value="rate"' in shown) != is_said


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ({"shape": "share", "unit": "percent"}, "Say which rows are in the share."),
        ({"shape": "mean"}, "Choose a number: only numbers can be summed up."),
        ({"shape": "mean", "column": "created_at"}, "Choose a number: only numbers can be summed up."),
        (
            {"shape": "duration", "column": "created_at", "second": "reopens"},
            "Choose a time: a duration goes from one time to another.",
        ),
        (
            {"shape": "rate", "column": "reopens", "second": "reopens"},
            "Choose another column than the first one: this would always be the same.",
        ),
        (
            {"shape": "mean", "column": "reopens", "second": "agent_replies", "unit": "number"},
            "What is computed uses one column only: leave this one empty, or choose something else to compute.",
        ),
        (
            {"column": "reopens"},
            "What is computed uses no column: leave this empty, or choose something else to compute.",
        ),
        (
            {"part_1_column": "channel", "part_1_value": "email"},
            "Only a share has rows in it: choose a share, or leave this empty.",
        ),
        ({"shape": "sql"}, "Select a valid choice. sql is not one of the available choices."),
        ({"at": "password"}, "Select a valid choice. password is not one of the available choices."),
        ({"filter_1_column": "reopens", "filter_1_value": "many"}, "is a number, and “many” is none"),
        ({"filter_2_value": "email"}, "Choose the column that is compared with this."),
        ({"name": "客服"}, "Write a code in Latin letters and digits, for example custom_late_refunds."),
        ({"code": "custom_taken"}, "There is a KPI with the code custom_taken already; choose another one."),
    ],
)
def test_nonsense_is_refused(client: Client, manager, words, sentence) -> None:
    CustomKpiFactory(code="custom_taken")
    answer = client.post(ADD, form(**words))
    assert answer.status_code == 200
    assert sentence in answer.content.decode().replace("&#x27;", "'")
    assert CustomKpi.objects.count() == 1


def test_a_change_of_meaning_raises_the_revision_and_the_code_stays(client: Client, manager) -> None:
    kpi = CustomKpiFactory(code="custom_late", name="Late")
    client.post(change(kpi), form(name="Very late", code="custom_other", filter_1_column="reopens", filter_1_value="2"))
    kpi.refresh_from_db()
    assert (kpi.code, kpi.name, kpi.revision) == ("custom_late", "Very late", 2)


def test_what_a_goal_or_a_report_uses_stays(client: Client, manager) -> None:
    kpi = CustomKpiFactory(name="Late")
    GoalFactory(kpi=kpi.code, statement="Fewer late ones")
    item = ReportItemFactory(kpi=kpi.code)
    data = form(name="Late")
    del data["is_active"]
    answer = client.post(change(kpi), data)
    users = f"the goal “Fewer late ones”, the report “{item.report}”"
    assert f"It is used by {users}. Take it out there first." in answer.content.decode()
    assert client.post(f"/admin/metrics/customkpi/{kpi.pk}/delete/", {"post": "yes"}).status_code == 403
    assert CustomKpi.objects.get().is_active


def test_what_nobody_uses_can_go_with_its_adoption(client: Client, manager) -> None:
    kpi = CustomKpiFactory()
    Adoption.objects.create(kpi=kpi.code)
    Adoption.objects.create(kpi="csat")
    client.post(f"/admin/metrics/customkpi/{kpi.pk}/delete/", {"post": "yes"})
    assert not CustomKpi.objects.exists()
    assert list(Adoption.objects.values_list("kpi", flat=True)) == ["csat"]


def test_a_rate_that_divides_by_nothing_says_so_when_tried(client: Client, manager) -> None:
    TicketFactory(reopens=0, agent_replies=3, created_at="2026-03-02T10:00Z")
    words = {"shape": "rate", "column": "agent_replies", "second": "reopens", "unit": "number", "_try": "1"}
    answer = client.post(ADD, form(**words))
    assert "What it is divided by adds up to nothing, so there is no figure." in answer.content.decode()


def test_staff_may_not_define(client: Client) -> None:
    client.force_login(StaffFactory())
    assert client.post(ADD, form()).status_code == 403
    assert not CustomKpi.objects.exists()
