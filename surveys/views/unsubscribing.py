"""Leaving the list: GET shows a button, POST acts. Mail programs post by themselves (RFC 8058)."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from surveys import unsubscribe as unsubscribing
from surveys.invitation_finding import find_invitation
from surveys.views import guesses, pages


@pages.respondents_page
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """RFC 8058 forbids a redirect as the answer to the post, so the page itself says that it is done."""
    invitation = find_invitation(token)
    if invitation is None:
        return guesses.refuse(request)
    if request.method == "POST":
        unsubscribing.unsubscribe(invitation.contact)
        is_done = True
    else:
        is_done = unsubscribing.is_suppressed(invitation.contact)
    context = {"contact": invitation.contact, "is_done": is_done}
    return pages.show(request, "unsubscribe_page", context, language=invitation.language)
