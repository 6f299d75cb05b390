"""The addresses of goals, reviews, reports and alerts."""

from django.urls import URLPattern, path

from goals.views import (
    actions,
    alarms,
    alerts,
    boards,
    calendar_feeds,
    check_ins,
    closing,
    reports,
    reviews,
    unsubscribing,
)

app_name = "goals"
urlpatterns: list[URLPattern] = [
    path("goals/", boards.board, name="board"),
    path("goals/<int:pk>/", boards.goal, name="goal"),
    path("goals/<int:pk>/check-in/", check_ins.check_in, name="check_in"),
    path("goals/<int:pk>/close/", closing.close, name="close"),
    path("goals/<int:pk>/next/", closing.seed_next, name="seed_next"),
    path("reviews/", reviews.review_list, name="review_list"),
    path("reviews/<int:pk>/", reviews.review, name="review"),
    path("reviews/<int:pk>/cancel/", reviews.cancel, name="review_cancel"),
    path("reviews/<int:pk>/decisions/", actions.decide, name="decide"),
    path("reviews/<int:pk>/actions/", actions.add, name="action_add"),
    path("reviews/actions/", actions.listing, name="action_list"),
    path("reviews/actions/<int:pk>/", actions.action, name="action"),
    path("reviews/actions/<int:pk>/state/", actions.state, name="action_state"),
    path("reviews/calendar/", calendar_feeds.renew, name="calendar_renew"),
    path("reviews/calendar/<str:token>.ics", calendar_feeds.feed, name="calendar"),
    path("reports/", reports.report_list, name="report_list"),
    path("reports/<int:pk>/", reports.report, name="report"),
    path("reports/<int:pk>/preview/", reports.preview, name="report_preview"),
    path("reports/<int:pk>/preview/mail/", reports.preview_mail, name="report_preview_mail"),
    path("reports/<int:pk>/test-mail/", reports.test_mail, name="report_test"),
    path("reports/<int:pk>/send/", reports.send_now, name="report_send"),
    path("reports/<int:pk>/readmit/", reports.readmit, name="report_readmit"),
    path("reports/runs/<int:pk>/", reports.run, name="report_run"),
    path("reports/runs/<int:pk>/send-again/", reports.send_again, name="report_send_again"),
    path("reports/unsubscribe/<str:token>/", unsubscribing.unsubscribe, name="report_unsubscribe"),
    path("alerts/", alerts.alert_list, name="alert_list"),
    path("alerts/<int:pk>/", alarms.alarm, name="alarm"),
    path("alerts/<int:pk>/answer/", alarms.alarm_answer, name="alarm_answer"),
    path("alerts/rules/<int:pk>/answer/", alarms.rule_answer, name="rule_answer"),
    path("alerts/mail/<str:signed>/", alarms.alarm_mail, name="alarm_mail"),
]
