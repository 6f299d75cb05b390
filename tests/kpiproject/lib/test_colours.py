import pytest

from kpiproject.lib import colours


@pytest.mark.parametrize(
    ("one", "other", "ratio"), [("#000000", "#ffffff", 21.0), ("#ffffff", "#ffffff", 1.0), ("#777777", "#ffffff", 4.48)]
)
def test_contrast_as_wcag_computes_it(one, other, ratio):
    assert round(colours.contrast(one, other), 2) == ratio
    assert colours.contrast(one, other) == colours.contrast(other, one)


@pytest.mark.parametrize("channel", range(0, 256, 15))
def test_ink_can_be_read_on_any_colour(channel):
    for colour in (f"#{channel:02x}80c0", f"#ff{channel:02x}00", f"#{channel:02x}{channel:02x}{channel:02x}"):
        assert colours.contrast(colours.ink_on(colour), colour) >= 4.5


@pytest.mark.parametrize("background", ["#ffffff", "#181f28"])
@pytest.mark.parametrize("brand", ["#ffee00", "#1f4f8f", "#000000", "#ffffff", "#7fbf7f", "#181f28"])
def test_brand_colour_is_bent_until_it_stands_out(brand, background):
    assert colours.contrast(colours.readable(brand, background), background) >= 4.5


def test_readable_colour_is_left_alone():
    assert colours.readable("#1f4f8f", "#ffffff") == "#1f4f8f"
