"""What submissions are measured against: a Django view that does one INSERT of an answer, and nothing else."""

from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt

from surveys.models import Answer


@csrf_exempt
def insert(request: HttpRequest) -> HttpResponse:
    score, comment = int(request.POST["score"]), request.POST["comment"]
    Answer.objects.create(survey_id=1, kind="csat", score=score, scale_min=0, scale_max=10, comment=comment)
    return HttpResponse(status=303, headers={"Location": "/"})


urlpatterns = [path("bare/", insert)]
