"""Somebody's passkey, as an attack needs it: made in the app, and a key that has it."""

import html
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit
from weakref import WeakKeyDictionary

from flasklogin_tutorial.attacks.outcome import NotTried
from flasklogin_tutorial.attacks.target import Target
from flasklogin_tutorial.visit import Browser, BrowserRefuses, Person, Reply, SoftKey, find_form

#: What a page hands to its script: JSON in an attribute.
_ATTRIBUTE = re.compile(r"""=\s*(?:"([^"]*challenge[^"]*)"|'([^']*challenge[^']*)')""")

#: Ports at which an app in development is reached, where nothing says which.
_PORTS = ("", ":5000", ":8000")

#: Where an app took a passkey from before.
_reached: WeakKeyDictionary[Target, str] = WeakKeyDictionary()


@dataclass(frozen=True)
class Question:
    """What a page asks a passkey.

    Attributes:
        options: what its script hands to the browser.
        shown: the page, or the JSON.
    """

    options: dict[str, Any]
    shown: Reply


class Holder:
    """A user who has a passkey, and logs in with it.

    Args:
        target: the app.
        person: the user, logged in.
        key: the key that has the passkey.
        origin: where the app says that it is reached.
    """

    def __init__(self, target: Target, person: Person, key: SoftKey, origin: str) -> None:
        self._target, self.person, self.key, self.origin = target, person, key, origin

    @property
    def credential_id(self) -> bytes:
        """By what the app finds the passkey."""
        return self.key.credentials[-1].id

    def question(self, browser: Browser) -> Question:
        """Open the page that asks for a passkey."""
        return ask(self._target, browser, "passkey_page")

    def sign(
        self, question: Question, key: SoftKey | None = None, *, origin: str = ""
    ) -> dict[str, Any]:
        """Answer a question, in a browser that does what it is told.

        Args:
            question: what was asked.
            key: with which key; the user's own if left out.
            origin: at which page; the app's own if left out.

        Returns:
            The answer.
        """
        where = origin or self.origin
        return (key or self.key).sign(question.options, where, careless=True)

    def send(self, browser: Browser, question: Question, answer: dict[str, Any], who: str) -> Reply:
        """Send an answer to the login."""
        return send(self._target, browser, "passkey_login", question, answer, who)

    def log_in(self, browser: Browser, who: str = "", key: SoftKey | None = None) -> Reply:
        """Log in with the passkey."""
        question = self.question(browser)
        return self.send(browser, question, self.sign(question, key), who)

    def is_in(self, browser: Browser) -> bool:
        """Tell whether somebody is logged in as this user."""
        return self._target.senses.is_in(browser, self.person)


def ask(target: Target, browser: Browser, route: str) -> Question:
    """Open a page that asks for a passkey, or call what answers with the question.

    Args:
        target: the app.
        browser: whose browser.
        route: an attribute of `Routes`.

    Returns:
        The question.

    Raises:
        NotTried: there is none in the answer.
    """
    method, path = target.route(route)
    shown = target.send(browser, method, path, headers={"Accept": "text/html"})
    options = _read_options(shown.response.text)
    if options is None:
        raise NotTried(f"{shown.called} asked for no passkey: {shown.came_back}.")
    return Question(options, shown)


def _read_options(text: str) -> dict[str, Any] | None:
    found = [html.unescape(one or other) for one, other in _ATTRIBUTE.findall(text)]
    for one in (text, *found):
        try:
            options = json.loads(one)
        except ValueError:
            continue
        if isinstance(options, dict):
            options = options.get("publicKey", options)
            if isinstance(options, dict) and isinstance(options.get("challenge"), str):
                return options
    return None


def send(
    target: Target,
    browser: Browser,
    route: str,
    question: Question,
    answer: dict[str, Any],
    who: str = "",
) -> Reply:
    """Send an answer the way the app's own page does: in a form if it has one, else as JSON.

    Args:
        target: the app.
        browser: who sends it.
        route: where to, an attribute of `Routes`.
        question: what was asked.
        answer: the answer.
        who: who it is, in words.

    Returns:
        What came back.
    """
    fields, page = target.names.fields, question.shown
    label = {fields.label: "a key"} if route == "new_passkey" and fields.label else {}
    if find_form(page.response.text, fields.passkey) is None:
        return target.call(browser, route, {fields.passkey: answer, **label}, who=who)
    typed = {fields.passkey: json.dumps(answer), **label}
    shown = "new_passkey_page" if route == "new_passkey" else "passkey_page"
    return target.deeds.press_on(shown, browser, route, typed, who=who, shown=page)


def with_passkey(target: Target, *, synced: bool = False) -> Holder:
    """Make a user with a passkey.

    Args:
        target: the app.
        synced: whether the passkey is one that is copied between devices, and counts nothing.

    Returns:
        The user, with the key.

    Raises:
        NotTried: the app has no passkeys, none could be made, or nobody comes in with one.
    """
    target.route("passkey_login")
    person, key = target.people.member(), SoftKey(synced=synced)
    for origin in _origins(target, person):
        try:
            made = add(target, person, key, origin)
        except BrowserRefuses:
            continue
        if made.response.status_code < 400:
            _reached[target] = origin
            holder, visitor = Holder(target, person, key, origin), target.visitor()
            answer = holder.log_in(visitor, "the owner, with the passkey")
            if holder.is_in(visitor):
                return holder
            raise NotTried(f"Nobody comes in with a passkey: it was answered {answer.came_back}.")
    raise NotTried("No passkey could be made. Where people reach the app is users.origin in TOML.")


def add(
    target: Target, person: Person, key: SoftKey, origin: str, *, as_id: bytes | None = None
) -> Reply:
    """Add a passkey for somebody who is logged in.

    Args:
        target: the app.
        person: who.
        key: the key that makes it.
        origin: where the page is.
        as_id: claim this id, which may be somebody else's.

    Returns:
        What came back.

    Raises:
        BrowserRefuses: a browser would not have gone on.
        NotTried: the page asks for no passkey.
    """
    question = ask(target, person.browser, "new_passkey_page")
    answer = key.register(question.options, origin, as_id=as_id)
    return send(target, person.browser, "new_passkey", question, answer)


def _origins(target: Target, person: Person) -> Iterator[str]:
    """Yield where the pages of the app may be: what is known, or as it may say itself."""
    if known := target.names.users.origin or _reached.get(target, ""):
        yield known
        return
    question, here = ask(target, person.browser, "new_passkey_page"), urlsplit(target.url)
    host = question.options.get("rp", {}).get("id") or here.hostname or ""
    ports = dict.fromkeys([f":{here.port}" if here.port else "", *_PORTS])
    for scheme in dict.fromkeys([here.scheme, "https", "http"]):
        yield from (f"{scheme}://{host}{port}" for port in ports)
