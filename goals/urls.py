"""The addresses of goals, reviews, reports and alerts."""

from django.urls import URLPattern, path

from goals.views import alerts, boards, calibration, praise, rebases, recognition, reports, reviews, unsubscribing

app_name = "goals"
urlpatterns: list[URLPattern] = [
    path("goals/", boards.board, name="board"),
    path("goals/calibration/", calibration.record, name="calibration"),
    path("goals/<int:pk>/", boards.goal, name="goal"),
    path("goals/<int:pk>/rebase/", rebases.rebase, name="goal_rebase"),
    path("goals/<int:pk>/rebase/<int:rebase>/withdraw/", rebases.withdraw, name="goal_rebase_withdraw"),
    path("reviews/", reviews.review_list, name="review_list"),
    path("reviews/<int:pk>/", reviews.review, name="review"),
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
    path("thanks/", recognition.thanks, name="thanks"),
    path("thanks/<int:pk>/hide/", recognition.hide, name="thanks_hide"),
    path("thanks/<int:pk>/show/", recognition.show, name="thanks_show"),
    path("thanks/praise/<int:pk>/share/", recognition.share, name="praise_share"),
    path("thanks/praise/<int:pk>/keep/", recognition.keep, name="praise_keep"),
    path("thanks/inbox/", praise.inbox, name="praise_inbox"),
    path("thanks/inbox/<int:answer>/", praise.decide, name="praise_decide"),
    path("thanks/inbox/hints/<int:pk>/settle/", praise.settle, name="support_settle"),
    path("alerts/", alerts.alert_list, name="alert_list"),
]
