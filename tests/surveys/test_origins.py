import pytest
from django.core.exceptions import ValidationError

from surveys import origins


@pytest.mark.parametrize(
    ("text", "origin"),
    [
        ("https://shop.example.com", "https://shop.example.com"),
        ("  https://shop.example.com/  ", "https://shop.example.com"),
        ("HTTPS://Shop.Example.com:443", "https://shop.example.com"),
        ("https://shop.example.com:8443", "https://shop.example.com:8443"),
        ("https://192.0.2.7", "https://192.0.2.7"),
        ("https://[2001:db8::7]:8443", "https://[2001:db8::7]:8443"),
        ("https://läden.example", "https://xn--lden-loa.example"),
        ("http://localhost:3000", "http://localhost:3000"),
        ("http://127.0.0.1", "http://127.0.0.1"),
        ("http://[::1]:80", "http://[::1]"),
    ],
)
def test_origin_is_kept_as_browsers_write_it(text, origin):
    assert origins.parse(text) == origin


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("shop.example.com", "origin"),
        ("https://shop.example.com/order", "origin"),
        ("https://shop.example.com?x=1", "origin"),
        ("https://shop.example.com#x", "origin"),
        ("https://ada@shop.example.com", "origin"),
        ("https://shop.example.com; script-src *", "origin"),
        ("ftp://shop.example.com", "origin"),
        ("javascript:alert(1)", "origin"),
        ("null", "origin"),
        ("*", "origin"),
        ("https://", "origin"),
        ("https://*.example.com", "host"),
        ("https://*", "host"),
        ("https://'none'", "host"),
        ("https://a,https", "host"),
        ("https://shop..example.com", "host"),
        ("https://-shop.example.com", "host"),
        ("https://" + "a" * 300 + ".example", "host"),
        ("https://shop.example.com:0", "port"),
        ("https://shop.example.com:65536", "port"),
        ("http://shop.example.com", "scheme"),
        ("http://localhost.example.com", "scheme"),
        ("http://127.0.0.1.example.com", "scheme"),
    ],
)
def test_what_is_no_origin_is_refused(text, code):
    with pytest.raises(ValidationError) as raised:
        origins.parse(text)
    assert raised.value.code == code


def test_list_has_each_origin_once_and_tells_every_wrong_line():
    assert origins.parse_list("https://a.example\n\nhttps://A.example/\r\nhttps://b.example") == [
        "https://a.example",
        "https://b.example",
    ]
    with pytest.raises(ValidationError) as raised:
        origins.parse_list("https://a.example\nnonsense\nhttp://c.example")
    assert raised.value.messages == [
        "“nonsense” is not an origin. Write it like https://shop.example.com: no path, no asterisk.",
        "“http://c.example” is not encrypted. Only https pages may show the widget; http is for localhost.",
    ]


def test_list_is_not_endless():
    lines = [f"https://a{number}.example" for number in range(21)]
    assert len(origins.parse_list("\n".join(lines[:20]))) == 20
    with pytest.raises(ValidationError, match="At most 20 pages can be named"):
        origins.parse_list("\n".join(lines))
