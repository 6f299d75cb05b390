"""The addresses of the manual."""

from django.urls import URLPattern, path

from manual.views import (
    audiences,
    editing,
    feedback,
    outline,
    publishing,
    questions,
    readers,
    reading,
    reading_list,
    shared,
    sharing,
)

app_name = "manual"
urlpatterns: list[URLPattern] = [
    path("manual/", reading.manual, name="manual"),
    path("manual/draft/", outline.draft, name="draft"),
    path("manual/publish/", publishing.publish, name="publish"),
    path("manual/sections/new/", outline.section_add, name="section_add"),
    path("manual/sections/<slug:slug>/", editing.section_edit, name="section_edit"),
    path("manual/sections/<slug:slug>/preview/", editing.section_preview, name="section_preview"),
    path("manual/sections/<slug:slug>/restore/", editing.section_restore, name="section_restore"),
    path("manual/sections/<slug:slug>/move/", outline.section_move, name="section_move"),
    path("manual/sections/<slug:slug>/show/", outline.section_show, name="section_show"),
    path("manual/sections/<slug:slug>/delete/", outline.section_remove, name="section_remove"),
    path("manual/editions/", reading.edition_list, name="edition_list"),
    path("manual/editions/<int:number>/", reading.edition, name="edition"),
    path("manual/editions/<int:number>/changes/", reading.changes, name="changes"),
    path("manual/editions/<int:number>/plumbline-manual-<int:same>.pdf", reading.edition_pdf, name="edition_pdf"),
    path(
        "manual/editions/<int:number>/plumbline-manual-<int:same>.md", reading.edition_markdown, name="edition_markdown"
    ),
    path("manual/editions/<int:number>/print/", publishing.edition_print, name="edition_print"),
    path("manual/shares/", sharing.share_list, name="share_list"),
    path("manual/shares/<int:pk>/revoke/", sharing.share_revoke, name="share_revoke"),
    path("manual/reading/", reading_list.reading, name="reading"),
    path("manual/reading/confirm/", reading_list.confirm, name="reading_confirm"),
    path("manual/reading/sections/<slug:slug>/", reading_list.section, name="reading_section"),
    path("manual/reading/sections/<slug:slug>/ask/", reading_list.ask, name="reading_ask"),
    path("manual/questions/", questions.question_list, name="question_list"),
    path("manual/questions/<int:pk>/", questions.question, name="question"),
    path("manual/audiences/", audiences.audience_list, name="audience_list"),
    path("manual/audiences/<int:pk>/", audiences.audience, name="audience"),
    path("manual/audiences/<int:pk>/deadline/", audiences.audience_deadline, name="audience_deadline"),
    path("manual/audiences/<int:pk>/delete/", audiences.audience_remove, name="audience_remove"),
    path("manual/checks/<slug:slug>/", audiences.check, name="check"),
    path("manual/readers/", readers.readers, name="readers"),
    path("manual/readers/manual-readers.csv", readers.readers_file, name="readers_file"),
    path("manual/readers/manual-confirmations.csv", readers.confirmations_file, name="confirmations_file"),
    path("manual/feedback/", feedback.listing, name="feedback"),
    path("manual/feedback/<int:pk>/settle/", feedback.settle, name="feedback_settle"),
    path("manual/feedback/give/<slug:slug>/", feedback.give, name="feedback_give"),
    path("manual/<slug:section>/", reading.section, name="section"),
    path("share/<str:token>/", shared.shared, name="shared"),
    path("share/<str:token>/plumbline-manual.pdf", shared.shared_pdf, name="shared_pdf"),
]
