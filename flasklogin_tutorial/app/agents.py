"""What people call the browser and the system that a header User-Agent names.

The header is whatever its sender writes. A thief may write into it what the owner of the account is
to read, so nothing of it is shown but a short plain name that a known pattern has found in it.
"""

import re

from .models import LONGEST_AGENT

#: Shown where nothing is recognised.
UNKNOWN = "unknown browser"

#: What is called otherwise by people than by the patterns.
_CALLED = {
    "Chrome Mobile": "Chrome",
    "Chrome Mobile iOS": "Chrome",
    "Chrome Mobile WebView": "an app with Chrome",
    "Edge Mobile": "Edge",
    "Firefox Mobile": "Firefox",
    "Firefox iOS": "Firefox",
    "HeadlessChrome": "Chrome",
    "IE": "Internet Explorer",
    "Mobile Safari": "Safari",
    "Mobile Safari UI/WKWebView": "an app with Safari",
    "Opera Mobile": "Opera",
    "Mac OS X": "macOS",
}

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9 .+_-]{0,29}")


def name_browser(agent: str | None) -> str:
    """Return what people call a browser, such as "Firefox on Windows".

    Without versions: browsers name an old system on purpose (Windows 10, macOS 10.15), and their
    own was that of the day of the login.

    Args:
        agent: what the browser said that it is.

    Returns:
        The name, or UNKNOWN with as much as is recognised.
    """
    # Here and not at the top: the patterns take a tenth of a second, once, and no other page needs
    # them.
    from ua_parser import parse_os, parse_user_agent

    text = (agent or "")[:LONGEST_AGENT]
    browser, system = parse_user_agent(text), parse_os(text)
    found = _name(browser.family if browser else None) or UNKNOWN
    below = _name(system.family if system else None)
    return f"{found} on {below}" if below else found


def _name(family: str | None) -> str | None:
    """Return a name that may be shown. Some patterns take it from the header as it stands there."""
    if family in _CALLED:
        return _CALLED[family]
    return family if family and _NAME.fullmatch(family) else None
