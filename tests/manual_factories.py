"""Objects of the manual for tests, beside those of tests.factories."""

from io import BytesIO

import factory
from factory.django import DjangoModelFactory
from PIL import Image

from manual import pictures
from manual.models import Edition, Follower, Picture
from tests.factories import ShareFactory


class FollowerFactory(DjangoModelFactory):
    """Asked to follow under a link that shows new editions; not confirmed yet."""

    class Meta:
        model = Follower

    share = factory.SubFactory(ShareFactory, follows_editions=True)
    email = factory.Sequence(lambda number: f"reader{number}@example.net")
    told = factory.SelfAttribute("share.edition")


def picture(*, width: int = 40, height: int = 30, kind: str = "PNG", colour: str = "red") -> Picture:
    """A rectangle, as it was uploaded and written anew."""
    drawn = BytesIO()
    Image.new("RGB", (width, height), colour).save(drawn, kind)
    return pictures.add(drawn.getvalue(), by=None)


def card(edition: Edition) -> str:
    """An edition that has measured a KPI; as its address names it."""
    said = {"label": "CSAT", "words": "84 %", "kind": "value", "section": "our-promise"}
    Edition.objects.filter(pk=edition.pk).update(figures={"kpi:csat.value": said})
    return "csat"
