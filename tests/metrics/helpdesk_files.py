"""Made-up files under the real column names of each help desk: three tickets, and what else a system exports."""

import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from tests.metrics.importing import workbook, written

ZENDESK: Final = (
    (
        "Summation column,Id,Requester,Requester id,Requester external id,Requester email,Requester domain,Submitter,"
        "Assignee,Group,Subject,Tags,Status,Priority,Via,Ticket type,Created at,Updated at,Assigned at,Organization,"
        "Due date,Initially assigned at,Solved at,Resolution time,Satisfaction Score,Group stations,Assignee stations,"
        "Reopens,Replies,First reply time in minutes,First reply time in minutes within business hours,"
        "First resolution time in minutes,Full resolution time in minutes,"
        "Full resolution time in minutes within business hours,Shop [list]"
    ),
    (
        "1,11,Ann,901,,ann@example.com,example.com,Ann,Bo,First line,Printer,vip printer,Solved,High,Mail,Problem,"
        "2026-03-02 09:00,2026-03-03 10:00,2026-03-02 09:05,ACME,,2026-03-02 09:05,2026-03-03 10:00,25,Good,1,1,0,2,"
        "30,25,1500,1500,600,North"
    ),
    (
        "1,12,Cem,902,,cem@example.com,example.com,Cem,Bo,First line,Broken,closed_by_merge,Closed,Normal,Web,Question,"
        "2026-03-02 10:00,2026-03-04 10:00,2026-03-02 11:00,ACME,,2026-03-02 11:00,2026-03-04 10:00,48,Offered,2,3,1,1,"
        "15,15,60,2880,1000,South"
    ),
    (
        "1,13,Dee,903,,dee@example.com,example.com,Dee,-,First line,Back again,,Open,Low,Chat,Question,"
        "2026-03-05 10:00,2026-03-06 10:00,,ACME,,,2026-03-05 12:00,2,Bad,0,0,1,0,,,120,120,120,"
    ),
)
FRESHDESK: Final = (
    (
        "Ticket ID,Subject,Status,Priority,Source,Type,Agent,Group,Created time,Due by Time,Resolved time,Closed time,"
        "Last update time,Initial response time,Time tracked,First response time (in hrs),Resolution time (in hrs),"
        "Agent interactions,Customer interactions,Resolution status,First response status,Tags,Survey results,"
        "Association type,Full name,Email,Contact ID,Region"
    ),
    (
        "21,Invoice,Closed,High,Email,Question,Bo,Billing,2026-03-02 09:00:00,2026-03-04 09:00:00,2026-03-03 09:30:00,"
        "2026-03-05 09:30:00,2026-03-05 09:30:00,2026-03-02 10:00:00,00:30:00,01:00:00,08:30:00,1,1,Within SLA,"
        "Within SLA,vip,Very Happy,,Ann,ann@example.com,901,North"
    ),
    (
        "22,Twice,Closed,Low,Portal,Question,No Agent,Billing,2026-03-02 10:00:00,2026-03-04 10:00:00,"
        "2026-03-02 11:00:00,2026-03-02 11:00:00,2026-03-02 11:00:00,,,,00:59:59,0,0,Within SLA,,,,"
        "Merged,Ann,ann@example.com,901,"
    ),
    (
        "23,We wrote,Open,Low,Outbound Email,,Bo,Billing,2026-03-05 10:00:00,2026-03-07 10:00:00,2026-03-05 12:00:00,,"
        "2026-03-06 10:00:00,2026-03-05 10:30:00,,120:00:00,,2,1,SLA Violated,,,Unhappy,,Cem,cem@example.com,902,"
    ),
)
HUBSPOT: Final = (
    (
        "Ticket ID,Ticket name,Ticket status,Pipeline,Priority,Category,Source,Ticket owner,HubSpot team,Create date,"
        "Close date,Last Closed Date,Ticket Reopen Date,First agent email response date,Time to close (HH:mm:ss),"
        "Time to first agent email reply (HH:mm:ss),Last customer reply date,Associated Contact IDs"
    ),
    (
        "31,Login,Closed,Support Pipeline,HIGH,Access,EMAIL,Bo,First line,2026-03-02 09:00,2026-03-03 09:00,"
        "2026-03-03 09:00,,2026-03-02 09:30,24:00:00,00:30:00,2026-03-02 09:00,901;902"
    ),
    (
        "32,Twice solved,Closed,Support Pipeline,LOW,Access,CHAT,Bo,First line,2026-03-02 10:00,2026-03-04 10:00,"
        "2026-03-04 10:00,2026-03-03 08:00,,48:00:00,,2026-03-02 09:00,903"
    ),
    (
        "33,Came back,Waiting on us,Support Pipeline,LOW,,FORM,,,2026-03-05 10:00,2026-03-05 12:00,2026-03-05 12:00,"
        "2026-03-06 08:00,2026-03-05 11:00,02:00:00,01:00:00,,"
    ),
)


def epoch(day: int, hour: int, minute: int = 0) -> int:
    """In March 2026, UTC."""
    return 1_772_323_200 + (day - 1) * 86_400 + hour * 3_600 + minute * 60


ZENDESK_METRICS: Final = tuple(
    {
        "id": 7_000 + number,
        "ticket_id": number,
        "created_at": "2026-03-02T08:59:59Z",
        "updated_at": "2026-03-06T09:00:00Z",
        "group_stations": 1,
        "assignee_stations": 2,
        "reopens": 0,
        "replies": 3,
        "initially_assigned_at": "2026-03-02T09:05:00Z",
        "solved_at": "2026-03-03T10:00:00Z",
        "reply_time_in_minutes": {"calendar": 30, "business": 25},
        "full_resolution_time_in_minutes": {"calendar": 1500, "business": None},
        "on_hold_time_in_minutes": {"calendar": 0, "business": 0},
    }
    for number in (11, 14)
)


def _metric_event(number: int, metric: str, what: str, at: str, **more: Any) -> dict[str, Any]:
    return {"id": number, "ticket_id": 11, "metric": metric, "instance_id": 1, "type": what, "time": at, **more}


ZENDESK_EVENTS: Final = (
    _metric_event(1, "agent_work_time", "activate", "2026-03-02T09:00:00Z"),
    _metric_event(2, "requester_wait_time", "activate", "2026-03-02T09:00:00Z"),
    _metric_event(3, "reply_time", "fulfill", "2026-03-02T09:30:00Z"),
    _metric_event(4, "agent_work_time", "pause", "2026-03-02T10:00:00Z"),
    _metric_event(5, "requester_wait_time", "pause", "2026-03-02T10:00:00Z"),
    _metric_event(6, "agent_work_time", "activate", "2026-03-02T12:00:00Z"),
    _metric_event(7, "agent_work_time", "pause", "2026-03-02T13:00:00Z"),
    _metric_event(8, "requester_wait_time", "pause", "2026-03-02T14:00:00Z"),
    _metric_event(9, "reply_time", "apply_sla", "2026-03-02T09:00:00Z", sla={"target": 60}),
    _metric_event(10, "agent_work_time", "fulfill", "2026-03-03T10:00:00Z"),
)
HUBSPOT_OBJECTS: Final = (
    {
        "id": "31",
        "properties": {
            "hs_object_id": "31",
            "subject": "Login",
            "createdate": "2026-03-02T09:00:00.000Z",
            "closed_date": "2026-03-03T09:00:00.000Z",
            "hs_pipeline": "0",
            "hs_pipeline_stage": "4",
            "hs_ticket_priority": "HIGH",
            "hs_is_closed": "true",
            "hs_is_one_touch_ticket": "true",
            "first_agent_reply_date": "2026-03-02T09:45:00Z",
            "hs_first_agent_message_sent_at": "1772442600000",
            "hs_time_to_close_sla_status": "3",
            "hs_outbound_ticket": "false",
            "hs_last_csat_rating": "4",
            "time_to_close": "86400000",
            "time_to_first_agent_reply": "1800500",
        },
        "createdAt": "2026-03-02T09:00:00.000Z",
        "updatedAt": "2026-03-03T09:00:00.000Z",
        "archived": False,
    },
    {
        "id": "34",
        "properties": {
            "hs_object_id": "34",
            "subject": "Open again",
            "createdate": "2026-03-04T09:00:00Z",
            "closed_date": "2026-03-05T09:00:00Z",
            "hs_pipeline_stage": "77",
            "hs_is_closed": "false",
            "hs_time_to_close_sla_status": "1",
        },
        "createdAt": "2026-03-04T09:00:00Z",
        "archived": True,
    },
)
CHATWOOT: Final = (
    {
        "id": 41,
        "uuid": "aaaa-41",
        "inbox_id": 3,
        "status": "resolved",
        "priority": None,
        "labels": ["vip", "billing"],
        "created_at": epoch(2, 9),
        "updated_at": epoch(3, 9) + 0.25,
        "first_reply_created_at": epoch(2, 9, 20),
        "waiting_since": 0,
        "can_reply": True,
        "additional_attributes": {"mail_subject": "Invoice"},
        "messages": [{"id": 1, "content": "Hello"}],
        "meta": {
            "sender": {"id": 901, "email": "ann@example.com", "name": "Ann"},
            "channel": "Channel::Email",
            "assignee": {"id": 5, "email": "bo@example.com", "name": "Bo"},
            "assignee_type": "User",
            "team": {"id": 2, "name": "billing"},
        },
    },
    {
        "id": 42,
        "uuid": "aaaa-42",
        "inbox_id": 4,
        "status": "pending",
        "created_at": epoch(5, 9),
        "updated_at": epoch(5, 10) + 0.5,
        "first_reply_created_at": 0,
        "waiting_since": epoch(5, 9),
        "meta": {
            "sender": {"id": 902, "email": None},
            "channel": "Channel::WebWidget",
            "assignee": {"id": 9, "name": "Helper"},
            "assignee_type": "AgentBot",
        },
    },
)


def _reporting_event(number: int, name: str, value: float, end: int, **more: Any) -> dict[str, Any]:
    said = {"id": number, "name": name, "value": value, "value_in_business_hours": value / 2, "display_id": 41}
    return {
        **said,
        "event_start_time": end - value,
        "event_end_time": end,
        "conversation_id": 9041,
        "user_id": 5,
        **more,
    }


CHATWOOT_EVENTS: Final = (
    _reporting_event(1, "first_response", 1_200.0, epoch(2, 9, 20)),
    _reporting_event(2, "conversation_resolved", 7_200.0, epoch(2, 11)),
    _reporting_event(3, "conversation_opened", 3_600.0, epoch(2, 12)),
    _reporting_event(4, "reply_time", 600.0, epoch(2, 12, 10)),
    _reporting_event(5, "conversation_resolved", 86_400.0, epoch(3, 9)),
    _reporting_event(6, "conversation_bot_handoff", 60.0, epoch(2, 9, 1)),
    _reporting_event(7, "something_new", 1.0, epoch(2, 9, 2)),
)
CHATWOOT_RATINGS: Final = (
    (
        "Agent Name,Rating,Feedback Comment,Contact Name,Contact Email Address,Contact Phone Number,"
        "Link to the conversation,Recorded date"
    ),
    "Bo,5,Great,Ann,ann@example.com,,https://desk.example.com/a/1/conversations/41,2026-03-02 11:05:00 UTC",
    "Bo,2,Slow,Ann,ann@example.com,,https://desk.example.com/a/1/conversations/41,2026-03-03 09:05:00 UTC",
)
_REPORT: Final = (
    (
        "#|Title|State|Priority|Group|Owner|Customer|Organization|Create Channel|Sender|Tags|Time Units Total|"
        "Created At|Updated At|Closed At|Close Escalation At|Close In Min|Close Diff In Min|First Response At|"
        "First Response In Min|First Response Diff In Min|Article Count"
    ),
    (
        "51001|Printer|closed|2 normal|Users|Bo|ann@example.com|ACME|email|Customer|vip||2026-03-02 09:00:00|"
        "2026-03-03 09:00:00|2026-03-03 09:00:00||480|-60|2026-03-02 09:40:00|40|20|3"
    ),
    (
        "51002|Part of it|merged|2 normal|Users|-|ann@example.com||phone|Agent|||2026-03-02 10:00:00|"
        "2026-03-02 11:00:00|2026-03-02 11:00:00|||||||1"
    ),
    (
        "51003|Back|open|1 low|Users|Bo|cem@example.com||web|Customer|||2026-03-05 10:00:00|2026-03-06 10:00:00|"
        "2026-03-05 12:00:00||||2026-03-05 11:00:00|||4"
    ),
)
ZAMMAD_REPORT: Final = tuple(
    tuple(int(cell) if cell.isdecimal() else cell for cell in line.split("|")) for line in _REPORT
)
ZAMMAD_TICKETS: Final = tuple(
    {
        "id": 900 + number,
        "number": str(51_000 + number),
        "title": "Printer",
        "state_id": state,
        "priority_id": 2,
        "group_id": 1,
        "owner_id": owner,
        "customer_id": 77,
        "create_article_type_id": 5,
        "create_article_sender_id": sender,
        "created_at": "2026-03-02T09:00:00.000Z",
        "close_at": "2026-03-03T09:00:00.000Z",
        "last_close_at": last,
        "first_response_at": "2026-03-02T09:40:00.000Z",
        "first_response_in_min": 40,
        "article_count": 3,
    }
    for number, state, owner, sender, last in (
        (1, 4, 6, 2, "2026-03-03T09:00:00.000Z"),
        (2, 4, 1, 1, "2026-03-04T09:00:00.000Z"),
        (3, 2, 6, 2, "2026-03-03T09:00:00.000Z"),
    )
)


def as_list(folder: Path, records: Sequence[Mapping[str, Any]], name: str = "records.json") -> Path:
    return written(folder, json.dumps(records), name)


def as_page(folder: Path, records: Sequence[Mapping[str, Any]], key: str, name: str = "page.json") -> Path:
    """As an interface answers: a list among other things, over several lines."""
    return written(folder, json.dumps({"count": len(records), key: list(records), "next_page": None}, indent=2), name)


def as_lines(folder: Path, records: Sequence[Mapping[str, Any]], name: str = "records.jsonl") -> Path:
    return written(folder, [json.dumps(record) for record in records], name)


Maker = Callable[[Path], Path]

# By format and kind of file: how it is made, and the kind it is imported as.
FILES: Final[Mapping[str, tuple[str, str, Maker]]] = {
    "zendesk csv": ("zendesk", "tickets", lambda folder: written(folder, ZENDESK, "zendesk.csv")),
    "zendesk xlsx": (
        "zendesk",
        "tickets",
        lambda folder: workbook(folder, {"Tickets": [line.split(",") for line in ZENDESK]}),
    ),
    "zendesk metrics": ("zendesk", "tickets", lambda folder: as_page(folder, ZENDESK_METRICS, "ticket_metrics")),
    "zendesk metrics lines": ("zendesk", "tickets", lambda folder: as_lines(folder, ZENDESK_METRICS)),
    "freshdesk csv": ("freshdesk", "tickets", lambda folder: written(folder, FRESHDESK, "freshdesk.csv")),
    "hubspot csv": ("hubspot", "tickets", lambda folder: written(folder, HUBSPOT, "hubspot.csv")),
    "hubspot json": ("hubspot", "tickets", lambda folder: as_page(folder, HUBSPOT_OBJECTS, "results")),
    "chatwoot json": ("chatwoot", "tickets", lambda folder: as_page(folder, CHATWOOT, "payload")),
    "zammad xlsx": ("zammad", "tickets", lambda folder: workbook(folder, {"Report": ZAMMAD_REPORT})),
    "zammad json": ("zammad", "tickets", lambda folder: as_list(folder, ZAMMAD_TICKETS)),
}
