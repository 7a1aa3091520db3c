"""What a page of another site can make a victim's browser do, and what it can read.

These attacks do what a browser does: a cookie goes along only if its SameSite rule lets it, a
foreign form can send three content types and no others, and the browser says where it comes from.
"""

import itertools
import json
import secrets
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlencode, urlsplit

from flasklogin_tutorial.attacks import sources, web
from flasklogin_tutorial.attacks.attack import attack
from flasklogin_tutorial.attacks.outcome import NotTried, Outcome, got_in, held
from flasklogin_tutorial.attacks.people import new_password
from flasklogin_tutorial.attacks.site import FORM, JSON
from flasklogin_tutorial.attacks.target import Target
from flasklogin_tutorial.visit import Browser, Person, Reply, read_token

_NOTEBOOK = "11_cross_site_requests"
_ON_ANSWERS = "11c_next_and_headers"
_WHO = "Any page that a logged-in user opens in the same browser."


def _from_elsewhere(target: Target, browser: Browser, *, navigation: bool = False) -> Browser:
    """Return what a foreign page has of a browser: the cookies that go along with its requests."""
    lent = target.visitor(has_been_here=False)
    for cookie in browser.cookies:
        if web.attached_from_elsewhere(cookie, navigation):
            lent.cookies.set_cookie(cookie)
    return lent


def _foreign_bodies(body: dict[str, str]) -> dict[str, str]:
    """Return a body as a foreign page can send it: by content type."""
    boundary = "x" * 16
    parts = [
        f'--{boundary}\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n'
        for key, value in body.items()
    ]
    return {
        "text/plain": json.dumps(body),
        FORM: urlencode(body),
        f"multipart/form-data; boundary={boundary}": "".join(parts) + f"--{boundary}--\r\n",
    }


def _post_from_elsewhere(
    target: Target,
    browser: Browser,
    path: str,
    data: str,
    content_type: str,
    origin: str = web.FOREIGN,
) -> Reply:
    """Let a foreign page post something, and let the browser keep the cookies that come back."""
    kind = content_type.partition(";")[0]
    answer = target.send(
        _from_elsewhere(target, browser),
        "POST",
        path,
        data,
        content_type,
        who=f"as {kind} from {origin or 'a page that hides where it is'}",
        headers=_headers_of(origin),
    )
    web.keep_cookies_of(answer.response, browser)
    return answer


def _headers_of(origin: str) -> dict[str, str]:
    """Return what a browser says of a foreign page; one that hides where it is sends no referer."""
    if not origin:
        hidden = web.FOREIGN_HEADERS | {"Origin": "null"}
        return {key: value for key, value in hidden.items() if key != "Referer"}
    return web.FOREIGN_HEADERS | {"Origin": origin, "Referer": f"{origin}/"}


def _foreign_posts(target: Target, body: dict[str, str]) -> Iterator[tuple[str, str, str]]:
    """Yield all that a foreign page can post: content type, body, and where the page is.

    Beside the plain page there is one that hides where it is, and one whose address begins like
    the app's own. And where the app wants a token, a page has one: the attacker's own.
    """
    origins = web.FOREIGN, "", _like_own(target.url)[0]
    for content_type, data in _foreign_bodies(body).items():
        yield content_type, data, web.FOREIGN
    for origin in origins[1:]:
        for content_type, data in _foreign_bodies(body).items():
            yield content_type, data, origin
    if token := _own_token(target):
        for origin in origins:
            yield FORM, urlencode(token | body), origin


def _own_token(target: Target) -> dict[str, str]:
    """Return the CSRF token that the attacker gets from a page of the app, in their own browser."""
    field = target.names.forms.csrf_field
    if not field:
        return {}
    if page := target.names.forms.csrf_page:
        attacker = target.people.member()
        opened = target.send(attacker.browser, "GET", page, headers={"Accept": "text/html"})
        return read_token(opened.response.text, field)
    if target.has("login_page"):
        return read_token(target.call(target.visitor(), "login_page").response.text, field)
    return {}


def _is_let_in(target: Target, method: str, path: str) -> bool:
    """Tell whether an app lets scripts of other sites send JSON: a browser asks it before."""
    asked = {
        "Origin": web.FOREIGN,
        "Access-Control-Request-Method": method,
        "Access-Control-Request-Headers": "content-type",
    }
    answer = target.send(target.visitor(), "OPTIONS", path, headers=asked)
    sent = answer.response.headers
    methods = sent.get("Access-Control-Allow-Methods", "")
    names = sent.get("Access-Control-Allow-Headers", "").lower()
    is_usual = method in ("GET", "POST", "HEAD")
    return (
        answer.response.ok
        and _lets_read(answer, web.FOREIGN)
        and (is_usual or method in methods)
        and "content-type" in names
    )


def _send_as_script(
    target: Target, browser: Browser, method: str, path: str, body: dict[str, str]
) -> Reply:
    """Let a script of another site send JSON, with the cookies that go along."""
    lent = _from_elsewhere(target, browser)
    headers = web.FOREIGN_HEADERS | {"Sec-Fetch-Mode": "cors", "Sec-Fetch-Dest": "empty"}
    who = f"as a script of {web.FOREIGN}"
    return target.send(lent, method, path, json.dumps(body), JSON, who=who, headers=headers)


def _by_foreign_link(
    target: Target, browser: Browser, path: str, *, navigation: bool = True
) -> Reply:
    """Let a foreign page open an address, as a link or as an image."""
    lent = _from_elsewhere(target, browser, navigation=navigation)
    who = f"by {'a link' if navigation else 'an image'} on {web.FOREIGN}"
    answer = target.send(lent, "GET", path, who=who, headers=web.FOREIGN_HEADERS)
    web.keep_cookies_of(answer.response, browser)
    return answer


@attack(
    "cross-site-write",
    "A foreign page changes the victim's password",
    who=_WHO,
    source=sources.FORCED_JSON,
    fixed_in=_NOTEBOOK,
)
def _cross_site_write(target: Target) -> Outcome:
    target.doors.must_open("update")
    victim, stolen = target.people.member(), new_password()
    method, path = target.route("update", victim.name)
    body = target.deeds.record(victim, password=stolen)
    if method == "GET":
        joined = f"{path}{'&' if '?' in path else '?'}{urlencode(body)}"
        opened = _by_foreign_link(target, victim.browser, joined)
        if target.senses.works(victim.name, stolen):
            return got_in("A link of another site changes the record.", opened)
        return held("A link of another site changed nothing.", opened)
    answers = []
    if _is_let_in(target, method, path):
        answers.append(_send_as_script(target, victim.browser, method, path, body))
        if target.senses.works(victim.name, stolen):
            says = "The app lets scripts of another site send what they like, with cookies."
            return got_in(says, *answers)
    elif method != "POST":
        raise NotTried(f"A foreign page cannot send {method} without being asked first.")
    if method != "POST":
        return held("A script of another site may send something, and changed nothing.", *answers)
    for content_type, data, origin in _foreign_posts(target, body):
        answer = _post_from_elsewhere(target, victim.browser, path, data, content_type, origin)
        answers.append(answer)
        if target.senses.refuses(answer):
            continue  # whether it was done all the same is asked once, in the end
        if target.senses.works(victim.name, stolen):
            says = "The app took a form of another site for a request of its own."
            return got_in(says, answers[-1])
    if target.senses.works(victim.name, stolen):
        return got_in("The app refused a form of another site, and did what it says.", *answers)
    return held("No form of another site could change the record.", *answers)


@attack(
    "login-csrf",
    "A foreign page logs the victim in to the attacker's account",
    who="Any page that the victim opens; what they then enter, the attacker reads.",
    source=sources.LOGIN_CSRF,
    fixed_in=_NOTEBOOK,
)
def _login_csrf(target: Target) -> Outcome:
    attacker = target.people.user()
    _, path = target.route("login")
    body = target.deeds.credentials(attacker.name, attacker.password)
    answers = []
    for content_type, data, origin in _foreign_posts(target, body):
        victim = target.visitor()
        answers.append(_post_from_elsewhere(target, victim, path, data, content_type, origin))
        if target.senses.is_in(victim, attacker):
            return got_in("The login took the form of another site.", answers[-1])
    return held("The login took no form of another site.", *answers)


@attack(
    "cross-site-logout",
    "A foreign page logs the victim out",
    who=_WHO,
    source=sources.CSRF,
    fixed_in=_NOTEBOOK,
)
def _cross_site_logout(target: Target) -> Outcome:
    target.doors.must_open("logout")
    victim = target.people.member()
    method, path = target.route("logout")
    answers = []
    if method == "GET":
        for navigation in (False, True):
            answers.append(_by_foreign_link(target, victim.browser, path, navigation=navigation))
            if _is_out(target, victim):
                return got_in("A page of another site ended the login.", answers[-1])
        return held("The victim is still logged in.", *answers)
    if method != "POST":
        raise NotTried(f"A foreign page cannot send {method} without being asked first.")
    for content_type, data, origin in _foreign_posts(target, {}):
        answers.append(
            _post_from_elsewhere(target, victim.browser, path, data, content_type, origin)
        )
        if _is_out(target, victim):
            return got_in("The form of another site ended the login.", answers[-1])
    return held("The victim is still logged in.", *answers)


def _is_out(target: Target, person: Person) -> bool:
    """Tell whether a login is over; an answer that fails says nothing."""
    seen = target.senses.whoami(person.browser)
    return not seen.crashed and not target.senses.tells(seen, person)


@attack(
    "logout-by-link",
    "A link on another site logs the victim out",
    who="Anyone whose link the victim follows, from a mail for example.",
    source=sources.CSRF,
    fixed_in=_NOTEBOOK,
    needs="logout-by-get",
)
def _logout_by_link(target: Target) -> Outcome:
    target.doors.must_open("logout")
    victim = target.people.member()
    _, path = target.route("logout")
    answer = _by_foreign_link(target, victim.browser, path)
    if _is_out(target, victim):
        return got_in("GET changes something here: opening the address logs out.", answer)
    return held("The victim is still logged in.", answer)


@attack(
    "foreign-page-reads",
    "A foreign page reads what the app shows to the victim",
    who=_WHO,
    source=sources.CORS,
    fixed_in="14_apis_and_tokens",
    needs="open-cors",
)
def _foreign_page_reads(target: Target) -> Outcome:
    victim = target.people.regular()
    answers = []
    routes = ["whoami", *(["read"] if target.has("read") else [])]
    for route, origin in itertools.product(routes, (web.FOREIGN, "null", *_like_own(target.url))):
        headers = {"Origin": origin, "Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "cors"}
        who = f"from a script of origin {origin}"
        answer = target.call(victim.browser, route, about=victim.name, who=who, headers=headers)
        answers.append(answer)
        if _lets_read(answer, origin):
            return got_in(f"The answer lets scripts of {origin} read it, with cookies.", answer)
    for path, origin in itertools.product(target.inside.pages(), (web.FOREIGN, "null")):
        # The other pages are only asked what they allow: nobody knows here what they would do.
        asked = target.send(victim.browser, "OPTIONS", path, headers={"Origin": origin})
        if _lets_read(asked, origin):
            return got_in(f"The page lets scripts of {origin} read it, with cookies.", asked)
    return held("No answer lets a foreign script read it.", *answers)


def _lets_read(answer: Reply, origin: str) -> bool:
    sent = answer.response.headers
    allowed = sent.get("Access-Control-Allow-Origin") == origin
    return allowed and sent.get("Access-Control-Allow-Credentials") == "true"


def _like_own(url: str) -> tuple[str, str]:
    """Return origins that a careless comparison takes for the app's own."""
    scheme, _, host = url.partition("://")
    return f"{url}.evil.example", f"{scheme}://evil-{host}"


@attack(
    "framed-or-misread",
    "Another site may frame the app's answers, and a browser may guess their type",
    who="Any page that the victim opens.",
    source=sources.SECURITY_HEADERS,
    fixed_in=_ON_ANSWERS,
)
def _framed(target: Target) -> Outcome:
    victim = target.people.regular()
    answers = [target.senses.whoami(victim.browser, victim.name)]
    answers += _shown_to(target, victim)
    if target.has("login_page"):
        answers.append(target.call(target.visitor(), "login_page"))
    answers.append(target.send(target.visitor(), "GET", "/no-such-page"))
    answers.append(target.senses.whoami(target.visitor(), "not logged in"))
    for answer in answers:
        sent, missing = answer.response.headers, []
        if not web.forbids_framing(sent):
            missing.append("frame-ancestors")
        if sent.get("X-Content-Type-Options", "").partition(",")[0].strip().lower() != "nosniff":
            missing.append("X-Content-Type-Options: nosniff")
        if missing:
            return got_in(f"The answer lacks {' and '.join(missing)}.", answer)
    return held("The answers forbid framing and guessing.", *answers)


@attack(
    "private-answer-cached",
    "What the app shows to one user stays in a cache for the next",
    who="The next person at the same computer or behind the same proxy.",
    source=sources.SECURITY_HEADERS,
    fixed_in=_ON_ANSWERS,
)
def _cached(target: Target) -> Outcome:
    victim = target.people.regular()
    answers = [target.senses.whoami(victim.browser, victim.name), *_shown_to(target, victim)]
    for answer in answers:
        said = answer.response.headers.get("Cache-Control", "")
        if answer.response.is_redirect or not answer.response.text:
            continue  # there is nothing in it to be kept
        if "no-store" not in web.directives(said):
            says = f"The answer says {said or 'nothing'} in Cache-Control, not no-store."
            return got_in(says, answer)
    return held("Every answer says no-store in Cache-Control.", *answers)


def _shown_to(target: Target, person: Person) -> list[Reply]:
    """Return the other answers that show a user something of their own: a record, a login."""
    answers = [target.deeds.log_in_as(person, "again", browser=target.visitor())]
    if target.has("read"):
        answers.append(target.call(person.browser, "read", about=person.name))
    if target.has("account"):
        answers.append(target.call(person.browser, "account"))
    return answers


#: Twenty ways to write an address, and a short name for each. The first two are written plainly;
#: the others are read by browsers in another way than by Python's urlsplit, or once were.
NEXT_FORMS = {
    "whole address": "https://evil.example/",
    "two slashes": "//evil.example",
    "three slashes": "///evil.example",
    "four slashes": "////evil.example",
    "five slashes": "/////evil.example",
    "slash, backslash": "/\\evil.example",
    "two backslashes": "\\\\evil.example",
    "backslash, slash": "\\/evil.example",
    "scheme without slashes": "https:evil.example",
    "scheme, one slash": "https:/evil.example",
    "scheme, three slashes": "https:///evil.example",
    "the other scheme": "http:evil.example",
    "tab before": "\t//evil.example",
    "tab between": "/\t/evil.example",
    "newline between": "/\n/evil.example",
    "blank before": " //evil.example",
    "own host as user": "//127.0.0.1@evil.example",
    "own host in front": "//127.0.0.1.evil.example",
    "javascript": "javascript:alert(document.cookie)",
    "data": "data:text/html,<script>alert(1)</script>",
}

#: Further ways, for an app that looks for its own address in the text: {url} is that address, and
#: {host} its host. Some are meant for apps that put their own address before it.
OWN_FORMS = {
    "own address goes on": "{url}.evil.example/",
    "own address as user": "{url}@evil.example/",
    "own address and a password": "{url}:443@evil.example/",
    "own address goes on, no path": "//{host}.evil.example",
    "own host at the end": "https://evil{host}/",
    "own host below another": "https://{host}.evil.example/{host}",
    "own host in the path": "https://evil.example/{host}",
    "own address in the query": "https://evil.example/?{url}/",
    "own address in the fragment": "https://evil.example/#{url}/",
    "own host behind a backslash": "https://evil.example\\@{host}/",
    "own path at the end": "https://evil.example{home}",
    "the end of a host": ".evil.example",
    "the end of a user": "@evil.example",
    "capitals": "HTTPS://EVIL.EXAMPLE",
    "a letter for a dot": "https://{dotless}/",
}

#: A way to tell a login where to go on to: with a user, and the address.
Way = Callable[[Target, Person, str], Reply | None]


@attack(
    "open-redirect",
    "A link to the app's own login leads to the attacker's site",
    who="Anyone who can send the victim a link.",
    source=sources.REDIRECTS,
    fixed_in=_ON_ANSWERS,
    needs="redirect-to-next",
)
def _open_redirect(target: Target) -> Outcome:
    home = target.names.routes.whoami.partition(" ")[2]
    answers = dict[str, Reply]()
    for way in _ways_that_go_on(target, home):
        answers = _all_forms(target, way, home)
        if any(map(_leads_away, answers.values())):
            break
    away = {shown: answer for shown, answer in answers.items() if _leads_away(answer)}
    usual = [answer for shown, answer in away.items() if shown in NEXT_FORMS]
    if away:
        rest = [answer for shown, answer in answers.items() if shown not in away]
        says = f"{len(usual)} of {len(NEXT_FORMS)} forms of next lead away."
        if not usual:
            says = f"{len(away)} of {len(OWN_FORMS)} forms of next with the app's own host or path "
            says += "lead away."
        return got_in(says, *away.values(), *rest)
    says = f"None of {len(NEXT_FORMS)} forms of next leads away, "
    says += f"and none of {len(OWN_FORMS)} with the app's own host or path."
    return held(says, *answers.values())


def _ways_that_go_on(target: Target, home: str) -> list[Way]:
    """Return the ways in which a login can be told where to go on to.

    One that always goes to the same page may not read what it is told: it counts only where none
    does that surely reads it.

    Raises:
        NotTried: none does.
    """
    sure, perhaps = list[Way](), list[Way]()
    for way in _WAYS:
        person, marked = target.people.user(), f"{home}?from={secrets.token_hex(4)}"
        if _goes_to(way(target, person, marked), marked):
            sure.append(way)
        elif _goes_to(way(target, person, home), home):
            perhaps.append(way)
    if not (sure or perhaps):
        raise NotTried("A login does not go on to the address in next.")
    return sure or perhaps[:1]


def _goes_to(answer: Reply | None, address: str) -> bool:
    if answer is None:
        return False
    location = answer.response.headers.get("Location", "")
    return location.endswith(address) if "?" in address else web.path_of(location) == address


def _all_forms(target: Target, way: Way, home: str) -> dict[str, Reply]:
    """Send every form of next; return the answers by what the forms are called."""
    answers, person = dict[str, Reply](), target.people.user()
    for number, (shown, written) in enumerate((NEXT_FORMS | _own_forms(target, home)).items()):
        if number % 4 == 3:  # an app may count the logins of one user
            person = target.people.user()
        answer = way(target, person, written)
        if answer is None:
            raise NotTried("The app shows its login form no longer.")
        answer.called = f"next={written!r} ({shown})"
        answers[shown] = answer
    return answers


def _own_forms(target: Target, home: str) -> dict[str, str]:
    """Return the forms that hold the app's own address."""
    host = urlsplit(target.url).hostname or ""
    names = {"url": target.url, "host": host, "home": home, "dotless": host.replace(".", "x")}
    return {shown: written.format(**names) for shown, written in OWN_FORMS.items()}


def _leads_away(answer: Reply) -> bool:
    """Tell whether a browser would leave the app, whether that is on HTTP or on HTTPS."""
    location = answer.response.headers.get("Location")
    bases = ("http://127.0.0.1", "https://127.0.0.1")
    return location is not None and any(
        web.where_it_leads(location, base) != "127.0.0.1" for base in bases
    )


def _login_and_next(target: Target, person: Person, address: str) -> tuple[dict[str, Any], str]:
    query = "?" + urlencode({target.names.fields.next: address})
    return target.deeds.credentials(person.name, person.password), query


def _next_by_json(target: Target, person: Person, address: str) -> Reply | None:
    body, query = _login_and_next(target, person, address)
    return target.call(target.visitor(), "login", body, query=query)


def _next_by_form(target: Target, person: Person, address: str) -> Reply | None:
    body, query = _login_and_next(target, person, address)
    return target.deeds.fill_login_form(target.visitor(), body, query=query)


def _next_in_body(target: Target, person: Person, address: str) -> Reply | None:
    body = target.deeds.credentials(person.name, person.password)
    body |= {target.names.fields.next: address}
    if target.names.send == "form":
        return target.deeds.fill_login_form(target.visitor(), body)
    return target.call(target.visitor(), "login", body)


def _next_when_in(target: Target, person: Person, address: str) -> Reply | None:
    """Open the login page when somebody is logged in already: many apps send them on at once."""
    if not target.has("login_page"):
        return None
    if not target.senses.is_in(person.browser, person):
        target.people.enter(person)
    _, query = _login_and_next(target, person, address)
    return target.call(person.browser, "login_page", query=query)


#: The ways in which a login may be told where to go on to.
_WAYS: tuple[Way, ...] = _next_by_json, _next_by_form, _next_in_body, _next_when_in
