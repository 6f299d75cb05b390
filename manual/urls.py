"""The addresses of the manual."""

from django.urls import URLPattern, path

from manual.views import approving, care, comparing, editing, outline, publishing, reading, shared, sharing

app_name = "manual"
urlpatterns: list[URLPattern] = [
    path("manual/", reading.manual, name="manual"),
    path("manual/draft/", outline.draft, name="draft"),
    path("manual/approval/", approving.approval, name="approval"),
    path("manual/approval/submit/", approving.submit, name="approval_submit"),
    path("manual/approval/withdraw/", approving.withdraw, name="approval_withdraw"),
    path("manual/approval/ask/", approving.ask, name="approval_ask"),
    path("manual/approval/approve/", approving.approve, name="approval_approve"),
    path("manual/approval/answer/", approving.answer, name="approval_answer"),
    path("manual/publish/", publishing.publish, name="publish"),
    path("manual/sections/new/", outline.section_add, name="section_add"),
    path("manual/sections/<slug:slug>/", editing.section_edit, name="section_edit"),
    path("manual/sections/<slug:slug>/preview/", editing.section_preview, name="section_preview"),
    path("manual/sections/<slug:slug>/restore/", editing.section_restore, name="section_restore"),
    path("manual/sections/<slug:slug>/move/", outline.section_move, name="section_move"),
    path("manual/sections/<slug:slug>/show/", outline.section_show, name="section_show"),
    path("manual/sections/<slug:slug>/delete/", outline.section_remove, name="section_remove"),
    path("manual/sections/<slug:slug>/care/", care.care, name="care"),
    path("manual/sections/<slug:slug>/still-right/", care.still_right, name="still_right"),
    path("manual/sections/<slug:slug>/note/", care.note, name="note"),
    path("manual/editions/compare/", comparing.compare, name="compare"),
    path("manual/editions/<int:number>/today/", comparing.today, name="today"),
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
    path("manual/<slug:section>/", reading.section, name="section"),
    path("share/<str:token>/", shared.shared, name="shared"),
    path("share/<str:token>/plumbline-manual.pdf", shared.shared_pdf, name="shared_pdf"),
]
