"""Record one exchange between a browser and an app, and show it as a sequence diagram."""

import json
import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote, urlsplit

import requests
from werkzeug.sansio.http import parse_cookie  # as apps read cookies: of any bytes

from flasklogin_tutorial.lab.drawing import draw_mermaid, draw_text
from flasklogin_tutorial.lab.pages import PAGE
from flasklogin_tutorial.lab.passkeys import LOG_IN, read_question
from flasklogin_tutorial.lab.recorder import Event, Lane, Recorder, show_value
from flasklogin_tutorial.visit import (
    Browser,
    BrowserRefuses,
    SoftKey,
    describe_error,
    read_session,
    shorten,
    status_text,
    visit_of,
)
from flasklogin_tutorial.visit.encoded import from_text
from flasklogin_tutorial.visit.key_answers import read_auth_data, read_client_data
from flasklogin_tutorial.visit.soft_key import IS_COPIED, PRESENT, VERIFIED, Answer

#: What a key says of itself, in the words of a drawing.
FLAGS = {PRESENT: "touched", VERIFIED: "finger or PIN", IS_COPIED: "copied"}

#: Characters of a body that a drawing shows.
BODY_WIDTH = 72


@dataclass
class Exchange:
    """One request and its response, with what happened in between.

    Attributes:
        response: the response; its `request` is the request.
        events: what happened, from the request to the answer.
    """

    response: requests.Response
    events: list[Event]


class Trace:
    """What happened when a browser sent one request, redirects included.

    In JupyterLab it shows itself as a diagram, elsewhere as text; both are drawn from the same
    events.

    Attributes:
        exchanges: one for the request, and one more for each redirect that was followed.
        before: what happened before the request, between the browser and a key.
    """

    def __init__(self, exchanges: list[Exchange], before: Sequence[Event] = ()) -> None:
        self.exchanges, self.before = exchanges, before

    @property
    def response(self) -> requests.Response:
        """The last response, as `requests` returns it."""
        return self.exchanges[-1].response

    @property
    def events(self) -> list[Event]:
        """Everything that happened, in order."""
        after = [event for exchange in self.exchanges for event in exchange.events]
        return [*self.before, *after]

    @property
    def operations(self) -> list[str]:
        """The MongoDB operations that ran, in order."""
        return [event.text for event in self.events if event.target is Lane.MONGO]

    def __repr__(self) -> str:
        return draw_text(self.events)

    def _repr_mimebundle_(self, **_: Any) -> dict[str, str]:
        return {
            "text/vnd.mermaid": draw_mermaid(self.events),
            "text/plain": draw_text(self.events),
        }


class trace:
    """Send one request and record what it sets off.

    Args:
        browser: a browser made by `serve`.

    Raises:
        TypeError: `browser` is something else.

    Example:
        `trace(ada).post("/login", json={"username": "ada", "password": "lovelace"})`
    """

    def __init__(self, browser: Browser) -> None:
        if not isinstance(browser, Browser):
            raise TypeError(
                f"trace() watches a browser, and this is {type(browser).__name__}. Make one with "
                "ada = serve(app), then say trace(ada).get('/')."
            )
        self._browser = browser

    def request(self, method: str, path: str, **kwargs: Any) -> Trace:
        """Send a request with any verb.

        Args:
            method: the HTTP verb.
            path: the path on the app.
            **kwargs: as for `requests.Session.request`: `json`, `data`, `headers`, …

        Returns:
            What happened.
        """
        self._browser.watch = Recorder
        try:
            response = self._browser.request(method, path, **kwargs)
        finally:
            self._browser.watch = None
        return Trace([_exchange(hop) for hop in [*response.history, response]])

    def get(self, path: str, **kwargs: Any) -> Trace:
        """Send a GET request; see `request`."""
        return self.request("GET", path, **kwargs)

    def post(self, path: str, **kwargs: Any) -> Trace:
        """Send a POST request; see `request`."""
        return self.request("POST", path, **kwargs)

    def put(self, path: str, **kwargs: Any) -> Trace:
        """Send a PUT request; see `request`."""
        return self.request("PUT", path, **kwargs)

    def delete(self, path: str, **kwargs: Any) -> Trace:
        """Send a DELETE request; see `request`."""
        return self.request("DELETE", path, **kwargs)

    def use_passkey(self, key: SoftKey, origin: str, *, careless: bool = False) -> Trace:
        """Log in with a passkey, as `lab.use_passkey` does, and record the key as well.

        The page that asks is fetched before, and no redirect is followed.

        Args:
            key: the key in which the passkey is.
            origin: where the browser shows the page.
            careless: as for `SoftKey.sign`.

        Returns:
            What happened. There is no exchange in it where the browser refused.
        """
        asked = read_question(self._browser)
        question = _asked_of_key(asked.options)
        try:
            answer = key.sign(asked.options, origin, careless=careless)
        except BrowserRefuses as refusal:
            return Trace([], [*question, _aside(f"✗ {refusal}", failed=True)])
        sent = self.post(LOG_IN, data=asked.filled_in(answer), headers=PAGE, allow_redirects=False)
        for event in sent.events:
            # The answer is some thousand characters, of which none can be read.
            if event.text.startswith("answer="):
                event.text = f"answer: {', '.join(answer['response'])}"
        return Trace(sent.exchanges, [*question, *_answered_by_key(answer)])


def _exchange(response: requests.Response) -> Exchange:
    visit = visit_of(response)
    recorder: Recorder = visit.seen
    status = status_text(response.status_code)
    if visit.error is not None:
        recorder.explain(describe_error(visit.error))
    elif recorder.unexplained is not None:
        caught = "an exception, which the app caught"
        recorder.explain(status if response.status_code >= 400 else caught)
    return Exchange(response, [*_asked(response.request), *recorder.events, *_answered(response)])


def _asked(request: requests.PreparedRequest) -> list[Event]:
    parts = urlsplit(str(request.url))
    path = parts.path + (f"?{unquote(parts.query)}" if parts.query else "")
    sent = Event(Lane.BROWSER, Lane.FLASK, f"{request.method} {path}", Lane.BROWSER)
    cookies = parse_cookie(str(request.headers.get("Cookie", "")))
    lines = [_describe_cookie(name, value) for name, value in cookies.items(multi=True)]
    lines = lines or ["no cookie"]
    if request.body:
        body = request.body
        text = body.decode(errors="replace") if isinstance(body, bytes) else str(body)
        lines.insert(0, _one_line(text))
    return [sent, *map(_aside, lines)]


def _answered(response: requests.Response) -> list[Event]:
    status = status_text(response.status_code)
    failed = response.status_code >= 400
    answer = Event(Lane.FLASK, Lane.BROWSER, status, Lane.BROWSER, failed)
    lines = []
    if "Location" in response.headers:
        lines.append(f"Location: {unquote(response.headers['Location'])}")
    if response.headers.get("Content-Type", "").startswith("application/json"):
        lines.append(_one_line(response.text))
    for header in response.raw.headers.getlist("Set-Cookie"):
        name, _, value = header.partition(";")[0].partition("=")
        lines.append(f"sets {_describe_cookie(name, value)}" if value else f"deletes {name}")
    return [answer, *map(_aside, lines)]


def _asked_of_key(options: Mapping[str, Any]) -> list[Event]:
    asked = f"sign {show_value(options['challenge'])} for {options.get('rpId', 'this host')}"
    return [Event(Lane.BROWSER, Lane.KEY, asked, Lane.KEY)]


def _answered_by_key(answer: Answer) -> list[Event]:
    data = read_auth_data(from_text(answer["response"]["authenticatorData"]))
    flags = [word for bit, word in FLAGS.items() if data.flags & bit]
    return [
        Event(Lane.KEY, Lane.KEY, f"{', '.join(flags)}; count {data.count}", Lane.KEY),
        Event(Lane.KEY, Lane.BROWSER, "signature", Lane.BROWSER),
        _aside(f"signed with it: origin {read_client_data(answer)['origin']}"),
    ]


def _aside(text: str, failed: bool = False) -> Event:
    return Event(Lane.BROWSER, Lane.BROWSER, text, Lane.BROWSER, failed)


def _describe_cookie(name: str, value: str) -> str:
    said = read_session({name: value}, name)
    if said is None:
        remembered = re.fullmatch(r"(.+)\|[0-9a-f]{128}", value)  # as Flask-Login writes it
        shown = f"{show_value(remembered[1])}, signed" if remembered else show_value(value)
        return f"cookie {name}: {shown}"
    flashes = said.pop("_flashes", None)
    told = [f"{_show_key(key)}={show_value(item)}" for key, item in said.items()]
    if flashes:
        told.append(f"_flashes={len(flashes)} message{'s' if len(flashes) > 1 else ''}")
    return f"cookie {name}: {', '.join(told) or 'empty'}"


def _show_key(key: str) -> str:
    """Show the key of a cookie as it is, or the end of a hash that is used for one."""
    return show_value(key).strip("'") if re.fullmatch(r"[0-9a-f]{64}", key) else key


def _one_line(body: str) -> str:
    """Show a body on one line: JSON without its line breaks, anything long cut."""
    with suppress(ValueError):
        body = json.dumps(json.loads(body), ensure_ascii=False)
    return shorten(body, BODY_WIDTH)
