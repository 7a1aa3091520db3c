"""Headers that nobody should send: the libraries below an app read them before any view does."""

import warnings
from collections.abc import Iterator

from flasklogin_tutorial.attacks import sources
from flasklogin_tutorial.attacks.attack import attack
from flasklogin_tutorial.attacks.outcome import Outcome, got_in, held
from flasklogin_tutorial.attacks.target import Target
from flasklogin_tutorial.visit import Reply

#: Names of hosts that are none.
HOSTS = (".", "a..b", "[", "[::1", "[::1]:x", "xn--zzzz99", "a" * 70, ":", "127.0.0.1:99999", "é")

#: Addresses of pages that are none.
REFERERS = ("https://[", "https://localhost:99999/", "https://localhost:x/", "https://xn--zzzz99/")

#: What a cookie may be made to say; `remember_token=id|signature` is what Flask-Login writes.
COOKIES = ("1|é", "é|é", "|", "1|" + "a" * 128, '"\\400', "=")

#: Forms with files that end in the middle, or have parts that cannot be. Each with its boundary.
PARTS = {
    "a part without a name": b"--b\r\nContent-Disposition: form-data\r\n\r\nx\r\n--b--\r\n",
    "a part that does not end": b'--b\r\nContent-Disposition: form-data; name="username"\r\n\r\nx',
    "a part without a head": b"--b\r\n\r\n\r\n--b--\r\n",
    "an unknown encoding": b'--b\r\nContent-Disposition: form-data; name="username"\r\n'
    b"Content-Type: text/plain; charset=nope\r\n\r\nx\r\n--b--\r\n",
    "no end": b"--b",
}


def _strange_hosts(target: Target) -> Iterator[Reply]:
    for host in HOSTS:
        for route in ("whoami", "login_page", "account", "delete"):
            if target.has(route):
                method, path = target.route(route, "nobody")
                page = {"Accept": "text/html"} if method == "GET" else {}
                yield _send(target, method, path, "Host", host, **page)


def _strange_cookies(target: Target) -> Iterator[Reply]:
    method, path = target.route("whoami")
    for name in (target.session_cookie(), target.remember_cookie()):
        for value in COOKIES:
            yield _send(target, method, path, "Cookie", f"{name}={value}")


def _strange_forms(target: Target) -> Iterator[Reply]:
    """Send the login form of a browser with a strange referer, and in parts that are broken."""
    body = target.deeds.credentials("nobody", "has this password")
    for referer in REFERERS:
        filled = target.deeds.fill_login_form(
            target.visitor(), body, who=f"with Referer: {referer}", headers={"Referer": referer}
        )
        if filled is None:  # an app without forms reads none
            return
        yield filled
    _, path = target.route("login_page")
    for shown, parts in PARTS.items():
        kind = "multipart/form-data; boundary=b"
        browser, headers = target.visitor(), {"Accept": "text/html"}
        yield target.send(browser, "POST", path, parts, kind, headers=headers, shown=f"({shown})")


def _send(target: Target, method: str, path: str, header: str, value: str, **more: str) -> Reply:
    sent = more | {header: value.encode().decode("latin-1")}  # the bytes of UTF-8, one by one
    with warnings.catch_warnings():
        # The cookie jar of Python takes the host apart too, and warns of its own mistake.
        warnings.filterwarnings("ignore", "http.cookiejar bug!")
        who = f"with {header}: {value}"
        # Without cookies: they would take the place of the header, and break on a strange host.
        browser = target.visitor(has_been_here=False)
        return target.send(browser, method, path, who=who, headers=sent)


@attack(
    "header-crashes",
    "A header that names no host, page or login makes the app crash",
    who="Anyone who can reach the app; no account is needed.",
    source=sources.INVALID_HOST,
    fixed_in="09b_what_comes_in_and_goes_out",
)
def _crashes(target: Target) -> Outcome:
    person = target.people.regular()
    replies = [target.senses.whoami(person.browser)]
    # Which hosts crash a library depends on the Python, so the cookies come first.
    for kind in (_strange_cookies, _strange_hosts, _strange_forms):
        replies += kind(target)
    crashed = [reply for reply in replies if reply.crashed]
    if crashed:
        return got_in(f"A server error came back for {crashed[0].called}.", *crashed[:5])
    return held(f"None of {len(replies)} requests caused a server error.", replies[-1])
