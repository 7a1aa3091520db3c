"""A browser: a `requests.Session` that knows the address of one app and speaks to no other.

It keeps cookies, so two browsers are two people. Between a browser and its app lies either a real
HTTP server (`server`) or a transport that calls the app directly (`transport`).
"""

from collections.abc import Callable
from typing import Any
from urllib.parse import urljoin, urlsplit

import requests
from requests.adapters import BaseAdapter

from flasklogin_tutorial.visit.cookies import add_secure_cookies
from flasklogin_tutorial.visit.gate import TICKET_HEADER, Visit, Watch, expect_visit, find_visit

#: The only address that an app of the course is visited at and served on. The article's app lets
#: anyone in: on an address that other machines reach, it would let in everyone who finds it.
LOOPBACK = "127.0.0.1"

#: Seconds that a browser waits for an answer before it gives up.
TIMEOUT_SECONDS = 30


class Browser(requests.Session):
    """One visitor of one app: a `requests.Session` with a base URL and cookies of its own.

    Args:
        base_url: where the app is; a loopback address.
        adapter: the transport, if it is not plain HTTP.
        on_close: called once when the browser is closed.

    Raises:
        ValueError: `base_url` is not a loopback address.
    """

    def __init__(
        self,
        base_url: str,
        adapter: BaseAdapter | None = None,
        on_close: Callable[[], None] | None = None,
    ) -> None:
        super().__init__()
        if urlsplit(base_url).hostname not in {LOOPBACK, "localhost", "::1"}:
            raise ValueError(
                f"{base_url} is not a loopback address. This client visits apps on this machine "
                "only; start the app here and give its address, such as http://127.0.0.1:5000."
            )
        self.base_url = base_url
        self.watch: Watch | None = None
        self.trust_env = False  # no proxy from the environment, no passwords from a netrc file
        self.headers["User-Agent"] = "tutorial-browser"
        self.hooks["response"].append(_attach_visit)
        self._on_close = on_close
        if adapter is not None:
            self.mount(base_url, adapter)

    def request(
        self, method: str, url: str | bytes, *args: Any, **kwargs: Any
    ) -> requests.Response:
        """Send a request to a path of the app, such as `"/login"`.

        Args:
            method: the HTTP verb.
            url: a path on the app, or a whole address that begins with the app's.
            *args: handed on to `requests.Session.request`.
            **kwargs: handed on to `requests.Session.request`.

        Returns:
            The response. Its attribute `visit` holds what the server side noted.

        Raises:
            ValueError: the address is not the app's.
        """
        kwargs.setdefault("timeout", TIMEOUT_SECONDS)
        path = url.decode() if isinstance(url, bytes) else url
        return super().request(method, urljoin(self.base_url, path), *args, **kwargs)

    def send(self, request: requests.PreparedRequest, **kwargs: Any) -> requests.Response:
        """Send a prepared request, a redirect's next hop included."""
        url = str(request.url)
        if urlsplit(url)[:2] != urlsplit(self.base_url)[:2]:
            raise ValueError(
                f"{url} is not on {self.base_url}. This browser visits one app only: give "
                "a path, such as browser.get('/'). If a redirect led here, look at it with "
                "allow_redirects=False."
            )
        visit = Visit() if self.watch is None else Visit(self.watch)
        with expect_visit(visit) as ticket:
            request.headers[TICKET_HEADER] = ticket
            add_secure_cookies(request)
            return super().send(request, **kwargs)

    def close(self) -> None:
        """Close connections, and whatever was opened for this browser."""
        super().close()
        if self._on_close is not None:
            self._on_close()
            self._on_close = None

    def __repr__(self) -> str:
        names = ", ".join(sorted(cookie.name for cookie in self.cookies)) or "none"
        return f"<a browser, cookies: {names}>"


def _attach_visit(response: requests.Response, **_: Any) -> None:
    """Give a response its visit; requests calls this for every hop of a redirect."""
    vars(response)["visit"] = find_visit(str(response.request.headers[TICKET_HEADER]))


def visit_of(response: requests.Response) -> Visit:
    """Return what the server side noted about the request behind a browser's response."""
    visit: Visit = vars(response)["visit"]
    return visit
