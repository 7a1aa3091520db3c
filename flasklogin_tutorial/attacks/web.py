"""What a browser does and the HTTP client does not: SameSite cookies, odd addresses."""

import itertools
import re
from collections.abc import Mapping
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


def traits(reply: requests.Response, text: str) -> frozenset[str]:
    """Return what two answers can be told apart by: words, the status, names of cookies.

    A word that stands on every page, as the label of a field, may tell by the word beside it.

    Args:
        reply: the answer.
        text: what stands in it, without what is known to differ.

    Returns:
        The traits. What is another one in every answer, such as a token, is among them.
    """
    text = re.sub(r'(?is)<input[^>]*type="?hidden[^>]*>', " ", text)
    words = re.findall(r"\w+", text)
    found = {f"word {word}" for word in words}
    found |= {f"words {' '.join(pair)}" for pair in itertools.pairwise(words)}
    found |= {f"status {reply.status_code}", f"to {reply.headers.get('Location', '')}"}
    found |= {f"header {name.lower()}" for name in reply.headers}
    return frozenset(found | {f"cookie {name}" for name in reply.cookies.get_dict()})


def telling(ones: list[frozenset[str]], others: list[frozenset[str]]) -> frozenset[str]:
    """Return the traits that all answers of one kind have, and none of the other kind.

    Args:
        ones: the traits of some answers of one kind.
        others: those of some of the other kind.

    Returns:
        The traits; none if the kinds cannot be told apart.
    """
    here = frozenset.intersection(*ones) - frozenset.union(*others)
    return here | (frozenset.intersection(*others) - frozenset.union(*ones))


def same_site(cookie: Cookie) -> str:
    """Return what a cookie says about other sites: `strict`, `lax`, `none`, or nothing."""
    for spelling in ("SameSite", "samesite", "Samesite"):
        value = cookie.get_nonstandard_attr(spelling)
        if value:
            return value.lower()
    return ""


def flags_of(cookie: Cookie) -> dict[str, bool]:
    """Tell which flags a cookie has that keep it where it should be."""
    return {
        "Secure": cookie.secure,
        "HttpOnly": any(cookie.has_nonstandard_attr(one) for one in ("HttpOnly", "httponly")),
        "SameSite": same_site(cookie) in ("lax", "strict"),
    }


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


def directives(header: str) -> dict[str, str]:
    """Return what a header of directives says, such as `Cache-Control` (RFC 9110, 5.6).

    Args:
        header: the header. A comma in quotes ends no directive.

    Returns:
        The names of its directives in small letters, and their values.
    """
    found = {}
    for one in re.findall(r'(?:[^,"]|"(?:[^"\\]|\\.)*")+', header):
        name, _, value = one.strip().partition("=")
        found[name.strip().lower()] = value.strip().strip('"')
    return found


def forbids_framing(headers: Mapping[str, str]) -> bool:
    """Tell whether an answer may not be framed by whatever site likes to.

    Where a policy names `frame-ancestors`, browsers do not look at `X-Frame-Options` any more.

    Args:
        headers: the headers of the answer.

    Returns:
        False also where the rule allows every site, or is one that no browser reads.
    """
    for policy in headers.get("Content-Security-Policy", "").split(","):
        for directive in policy.split(";"):
            name, *allowed = directive.split() or [""]
            if name.lower() == "frame-ancestors":
                return not any(_is_every_site(one) for one in allowed)
    values = {one.strip().upper() for one in headers.get("X-Frame-Options", "").split(",")}
    return values in ({"DENY"}, {"SAMEORIGIN"})


def _is_every_site(allowed: str) -> bool:
    host = re.sub(r"^[a-z][a-z0-9+.-]*:(//)?", "", allowed.lower())
    return host in ("", "*", "*:*") or re.fullmatch(r"\*\.[a-z]+", host) is not None


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
