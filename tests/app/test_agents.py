"""The list of devices names browsers as people do, and shows nothing that a thief may write."""

import re
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flasklogin_tutorial.app.agents import UNKNOWN, name_browser
from flasklogin_tutorial.app.models import LONGEST_AGENT, Login
from flasklogin_tutorial.visit import in_process

from .conftest import PAGE, PROPERTY, credentials

WEBKIT = "AppleWebKit/537.36 (KHTML, like Gecko)"
APPLE = "AppleWebKit/605.1.15 (KHTML, like Gecko)"
KNOWN = {
    f"Mozilla/5.0 (X11; Linux x86_64) {WEBKIT} Chrome/141.0.0.0 Safari/537.36": "Chrome on Linux",
    f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {WEBKIT} Chrome/141.0.0.0 Safari/537.36 "
    "Edg/141.0.0.0": "Edge on Windows",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:143.0) Gecko/20100101 Firefox/143.0": (
        "Firefox on Windows"
    ),
    f"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) {APPLE} Version/18.6 Safari/605.1.15": (
        "Safari on macOS"
    ),
    f"Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) {APPLE} Version/18.6 Mobile/15E148 "
    "Safari/604.1": "Safari on iOS",
    f"Mozilla/5.0 (Linux; Android 10; K) {WEBKIT} Chrome/141.0.0.0 Mobile Safari/537.36": (
        "Chrome on Android"
    ),
    f"Mozilla/5.0 (X11; Linux x86_64) {WEBKIT} HeadlessChrome/141.0.0.0 Safari/537.36": (
        "Chrome on Linux"
    ),
    "Mozilla/5.0 (Android 15; Mobile; rv:143.0) Gecko/143.0 Firefox/143.0": "Firefox on Android",
    "curl/8.5.0": "curl",
    "python-requests/2.32.3": "Python Requests",
}


@pytest.mark.parametrize(("agent", "name"), KNOWN.items(), ids=KNOWN.values())
def test_a_browser_is_called_what_people_call_it(agent, name):
    assert name_browser(agent) == name


@pytest.mark.parametrize("agent", ["", None, "tutorial-browser", "a" * 10_000, "\x00\x1b[2J\x07"])
def test_what_nothing_is_known_of_is_called_unknown(agent):
    assert name_browser(agent) == UNKNOWN


#: A thief logs in with one of these, so that the owner reads it.
HOSTILE = [
    "(this device)",
    "Firefox/143.0 (this device)",
    "Safari on iOS (this device)/1 CFNetwork/1",  # what some pattern takes as it stands there
    "<script>alert(1)</script>/3 CFNetwork/1",
    "\x85Mail\x00/1 CFNetwork/1",
    f"{'x' * 150}/1 CFNetwork/1",
    "<script>alert(1)</script>/3.0",
    "<b>Bot</b>/1.0 Googlebot<i>/2.1",
    "Mozilla/5.0 (compatible; your own browser, nothing to see here Bot/1.0)",
    "\x85\xadFirefox\x00/143 \x9b2J",
    "x" * 200 + "Bot/1.0",
    "Mozilla/5.0 " + "(" * 10_000,
    "Version/" * 2_000,
    "AppleWebKit/" + " " * 10_000 + "Safari",
]


@pytest.mark.parametrize("agent", HOSTILE, ids=range(len(HOSTILE)))
def test_a_hostile_one_is_harmless_on_the_page(app, agent):
    browser = in_process(app)
    client = app.test_client()  # a browser sends no such header
    made = client.post("/login", json=credentials("ada"), headers={"User-Agent": agent})
    assert made.status_code == 200
    assert len(Login.objects.first().agent) <= LONGEST_AGENT
    browser.post("/login", json=credentials("ada"))
    page = browser.get("/account", headers=PAGE)
    assert page.status_code == 200
    assert page.text.count("(this device)") == 1
    assert "alert(1)" not in page.text
    names = re.findall("<strong>(.*?)</strong>", page.text)
    assert len(names) == 2
    for name in names:
        assert name.isascii() and name.isprintable() and len(name) < 70


@PROPERTY
@given(st.text(st.characters(max_codepoint=255)) | st.from_regex(r"(\w+[/ ;()]){1,20}"))
def test_whatever_is_sent_the_name_is_short_and_plain(agent):
    assert re.fullmatch(r"[A-Za-z0-9 .+_-]{1,70}", name_browser(agent))


def test_the_app_starts_without_the_patterns():
    program = (
        "import sys\n"
        "from flasklogin_tutorial import create_app\n"
        "app = create_app()\n"
        "assert app.test_client().get('/login').status_code == 200\n"
        "assert 'ua_parser' not in sys.modules\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
