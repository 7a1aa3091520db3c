"""What a browser does and the HTTP client does not: SameSite cookies, odd addresses."""

import re
from http.cookiejar import Cookie
from urllib.parse import urlsplit

import requests
from requests.cookies import extract_cookies_to_jar

from flasklogin_tutorial.visit import Browser

#: Where the attacker's page is. `.example` belongs to nobody (RFC 2606).
FOREIGN = "https://evil.example"

#: What a browser says when a page of another site sends the request.
FOREIGN_HEADERS = {
    "Origin": FOREIGN,
    "Referer": f"{FOREIGN}/",
    "Sec-Fetch-Site": "cross-site",
    "Sec-Fetch-Mode": "navigate",
    "Sec-Fetch-Dest": "document",
}


def visible_text(page: str) -> str:
    """Return the text of an HTML page without its tags and without hidden values."""
    page = re.sub(r"(?is)<(script|style).*?</\1>", " ", page)
    return " ".join(re.sub(r"(?s)<[^>]*>", " ", page).split())


def same_site(cookie: Cookie) -> str:
    """Return what a cookie says about other sites: `strict`, `lax`, `none`, or nothing."""
    for spelling in ("SameSite", "samesite", "Samesite"):
        value = cookie.get_nonstandard_attr(spelling)
        if value:
            return value.lower()
    return ""


def attached_from_elsewhere(cookie: Cookie, navigation: bool) -> bool:
    """Tell whether a page of another site makes a browser send this cookie.

    A cookie that says nothing is sent, as with a link, or with a form that opens a page: Chromium
    lets such a form take it along in its first two minutes. An image or a script of another site
    does not get it sent there.

    Args:
        cookie: the cookie.
        navigation: whether the whole page goes to the app with GET, as when a link is followed.

    Returns:
        Whether it is sent along.
    """
    rule = same_site(cookie)
    return rule in ("", "none") or (rule == "lax" and navigation)


def keep_cookies_of(response: requests.Response, browser: Browser) -> None:
    """Let a browser set and delete the cookies that a response names."""
    extract_cookies_to_jar(browser.cookies, response.request, response.raw)


def path_of(location: str) -> str:
    """Return the path of a `Location`, without scheme, host and query."""
    return urlsplit(location).path


def where_it_leads(location: str, base: str) -> str:
    """Tell where a browser goes that reads this `Location`, by the rules of the URL standard.

    Python's `urlsplit` reads addresses by other rules than browsers do, and that is the hole: a
    browser takes `https:host`, `/\\host` and `//host` all for another host.

    Args:
        location: the header.
        base: the address of the page, with its scheme and host.

    Returns:
        The host, or the scheme with a colon where it is none of the web's, such as `javascript:`.
    """
    text = re.sub(r"[\t\n\r]", "", location.strip("".join(map(chr, range(33)))))
    base_scheme, _, base_rest = base.partition(":")
    scheme, rest = base_scheme, text
    found = re.match(r"([A-Za-z][A-Za-z0-9+.-]*):", text)
    if found:
        scheme, rest = found[1].lower(), text[found.end() :]
        if scheme not in ("http", "https", "ws", "wss", "ftp"):
            return f"{scheme}:"
    elsewhere = re.match(r"[/\\]{2}", rest) or scheme != base_scheme
    authority = re.split(r"[/\\?#]", (rest if elsewhere else base_rest).lstrip("/\\"))[0]
    return authority.rpartition("@")[2].partition(":")[0]
