"""A call in words: what was called, what came back, and what was expected."""

import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import requests

from flasklogin_tutorial.visit.browser import Browser, visit_of
from flasklogin_tutorial.visit.hints import known_hint, likely_hint
from flasklogin_tutorial.visit.words import describe_error, shorten, status_text

#: Characters of a request or response body that the words show.
BODY_WIDTH = 120


class Mismatch(Exception):
    """An app did something else than was expected of it.

    Args:
        called: the request, in words.
        came_back: the answer, in words.
        expected: what the answer had to be.
        hint: where to look.
        blocked_by: why the question itself could not be asked; empty if it could.
        reply: the answer itself; None where no app has answered.
    """

    def __init__(
        self,
        called: str,
        came_back: str,
        expected: str,
        hint: str = "",
        blocked_by: str = "",
        reply: "Reply | None" = None,
    ) -> None:
        super().__init__(called, came_back, expected)
        self.called, self.came_back, self.expected = called, came_back, expected
        self.hint, self.blocked_by, self.reply = hint, blocked_by, reply


@dataclass
class Reply:
    """A response, and how it came about.

    Attributes:
        response: the response.
        called: the request in words.
    """

    response: requests.Response
    called: str

    @property
    def data(self) -> dict[str, Any]:
        """The JSON object of the response; empty if it has none."""
        try:
            data = self.response.json()
        except ValueError:
            return {}
        return data if isinstance(data, dict) else {}

    @property
    def error(self) -> BaseException | None:
        """The exception behind the response, if there was one."""
        return visit_of(self.response).error

    @property
    def came_back(self) -> str:
        """The response in words, with the exception behind it if there was one."""
        said = status_text(self.response.status_code)
        if self.error is not None:
            return f"{said}: {describe_error(self.error)}"
        if "Location" in self.response.headers:
            return f"{said}, to {self.response.headers['Location']}"
        if "html" in self.response.headers.get("Content-Type", ""):
            return f"{said}, a page"
        return f"{said} {shorten(self.response.text, BODY_WIDTH)}".strip()

    @property
    def crashed(self) -> bool:
        """Whether an exception in the app caused the response."""
        return self.error is not None or self.response.status_code >= 500

    @property
    def refused(self) -> bool:
        """Whether the app told the caller to log in first, or that they may not."""
        if self.response.is_redirect:  # a route with a slash at its end redirects too
            asked = urlsplit(str(self.response.request.url)).path
            return urlsplit(self.response.headers["Location"]).path != f"{asked}/"
        return self.response.status_code in {401, 403}

    def must(self, condition: object, expected: str, hint: str = "") -> None:
        """Raise `Mismatch` unless the condition holds.

        Args:
            condition: what must be true.
            expected: the answer that it means, in words.
            hint: where to look, where nothing is known of the error that came back.
        """
        if not condition:
            hint = known_hint(self.came_back) or hint or likely_hint(self.came_back)
            raise Mismatch(self.called, self.came_back, expected, hint, reply=self)

    def must_show(self, **fields: str) -> None:
        """Raise `Mismatch` unless the response is a JSON object with these fields."""
        wanted = json.dumps(fields)
        found = {key: self.data.get(key) for key in fields}
        lacks = [key for key in fields if key not in self.data]
        hint = ""
        if lacks and len(lacks) < len(fields):
            hint = f"The answer has no key {lacks[0]!r}. It has: {', '.join(sorted(self.data))}."
        self.must(not self.crashed and found == fields, f"a JSON object with {wanted}", hint)


def ask(
    browser: Browser,
    method: str,
    path: str,
    *,
    who: str = "",
    shown: str | None = None,
    **sent: Any,
) -> Reply:
    """Send one request and follow no redirect.

    Args:
        browser: who sends it.
        method: the verb.
        path: where to.
        who: the sender in words.
        shown: the body in words; the body itself if left out.
        **sent: as for `requests.Session.request`: `json`, `data`, `headers`, …

    Returns:
        The reply. Its `must` and `must_show` say what was expected.
    """
    if shown is None:
        body = sent.get("json")
        shown = sent.get("data") or "" if body is None else json.dumps(body)
    sent.setdefault("headers", {"Accept": "application/json"})
    response = browser.request(method, path, allow_redirects=False, **sent)
    return Reply(response, call_in_words(method, path, shown, who))


def call_in_words(method: str, path: str, body: str | bytes = "", who: str = "") -> str:
    """Return a request in words.

    Args:
        method: the verb.
        path: where to.
        body: what is sent; it is shortened.
        who: the sender.

    Returns:
        Such as `DELETE / {"name": "bob"}, logged in as ada`.
    """
    said = " ".join(filter(None, [method, path, shorten(body, BODY_WIDTH)]))
    return f"{said}, {who}" if who else said
