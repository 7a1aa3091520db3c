"""An app as its visitors reach it: its routes, by whatever names it has, and requests to them.

It speaks HTTP, to an app in this process or on this machine. Every visitor of an app in this
process has an address of their own, so that a limit on one does not stop the others, and comes by
HTTPS, so that a cookie that is only for HTTPS is kept.
"""

import json
import secrets
import sys
import time
from collections.abc import Callable, Mapping
from typing import Any, TypeVar
from urllib.parse import quote, urlencode, urljoin, urlsplit

from flask import Flask

from flasklogin_tutorial.attacks import slow_hashes
from flasklogin_tutorial.attacks.callers import caller_of, watching
from flasklogin_tutorial.attacks.inside import Inside
from flasklogin_tutorial.attacks.names import Names
from flasklogin_tutorial.attacks.outcome import NotTried
from flasklogin_tutorial.visit import (
    LOOPBACK,
    Browser,
    Reply,
    ask,
    copy_cookies_into,
    in_process,
    read_forms,
    read_token,
    require_app,
)

#: Where an app in this process seems to live.
IN_PROCESS_URL = f"https://{LOOPBACK}"

JSON = "application/json"
FORM = "application/x-www-form-urlencoded"

Result = TypeVar("Result")


class Site:
    """An app, and the way to it.

    Args:
        app: a Flask app, or the address of a running one on this machine.
        names: what the app calls its routes and fields; the article's names if left out.

    Raises:
        NotAFlaskApp: `app` is neither.
        ValueError: the address is not a loopback address.
    """

    def __init__(self, app: Flask | str, names: Names | None = None) -> None:
        self.names = names or Names()
        url = urlsplit(app if isinstance(app, str) else IN_PROCESS_URL)
        self.url = f"{url.scheme}://{url.netloc}"
        #: What stands before all paths of an app behind an address.
        self.mounted_at = url.path.rstrip("/")
        host = url.hostname
        self.domain = "localhost.local" if host == "localhost" else host  # as http.cookiejar has it
        self.inside = Inside(None if isinstance(app, str) else require_app(app))
        Browser(self.url).close()  # refuses what is not on this machine
        self._visitors = 0
        self._known_routes: dict[str, bool] = {}
        self._ids: dict[str, str] = {}

    def call_it(self, names: Names) -> None:
        """Use other names from now on."""
        self.names = names
        self._known_routes.clear()

    @property
    def is_in_process(self) -> bool:
        """Whether the app runs in this process, and not behind an address."""
        return self.inside.app is not None

    @property
    def counts_work(self) -> bool:
        """Whether `work_of` counts what the app does, and nothing that other programs do."""
        return self.is_in_process and sys.platform in ("linux", "darwin")

    def work_of(self, act: Callable[[], Result]) -> tuple[float, Result]:
        """Do something, and tell how much the app had to do.

        Args:
            act: sends a request.

        Returns:
            The seconds, above zero, and what was returned.
        """
        clock = time.thread_time if self.counts_work else time.perf_counter
        with slow_hashes.all_computed():
            began = clock()
            result = act()
            return max(clock() - began, 1e-9), result

    # ---- visitors

    def visitor(self, address: str | None = None, *, has_been_here: bool = True) -> Browser:
        """Open a browser that nobody has logged in from.

        Args:
            address: where it comes from; an address of its own if left out.
            has_been_here: whether it has the cookies of the app's first page.

        Returns:
            The browser.
        """
        browser = self._new_browser(address)
        if has_been_here and (first := self.names.forms.first_page):
            browser.get(first, allow_redirects=False)
        return browser

    def _new_browser(self, address: str | None) -> Browser:
        if self.inside.app is None:
            return Browser(self.url)
        address = address or self.new_address()
        browser = in_process(self.inside.app, address=address, url=self.url)
        browser.watch = watching
        return browser

    def new_address(self) -> str:
        """Return an address that nobody came from yet, of a block kept for tests (RFC 2544)."""
        self._visitors += 1
        return f"198.18.{self._visitors // 250 % 250}.{self._visitors % 250 + 1}"

    def new_network(self) -> str:
        """Return the first half of an IPv6 address that nobody came from yet: a network of its own.

        It is of a block kept for examples (RFC 3849).
        """
        self._visitors += 1
        return f"2001:db8:0:{self._visitors:x}"

    def copy_of(self, browser: Browser, *cookies: str, address: str | None = None) -> Browser:
        """Open a browser of somebody who has copied the cookies of another.

        Args:
            browser: whose cookies were copied.
            *cookies: the names of the cookies; all if left out.
            address: where the new one comes from.

        Returns:
            The new browser.
        """
        thief = self.visitor(address)
        copy_cookies_into(thief, browser, cookies or None)
        return thief

    # ---- routes

    def route(self, route: str, about: str = "") -> tuple[str, str]:
        """Return the verb and the path of a route.

        Args:
            route: an attribute of `Routes`, such as `"update"`.
            about: the name of the user that the path speaks of.

        Returns:
            The verb and the path.

        Raises:
            NotTried: the app has no such route.
        """
        written = self.written(route)
        if not self.has(route):
            missing = written or f"route for {route}"
            raise NotTried(f"This app has no {missing}. Other names are given in a TOML file.")
        method, _, path = written.partition(" ")
        return method, self.path_about(path, about)

    def path_about(self, path: str, about: str) -> str:
        """Return a path that speaks of a user: their name, or their id, stands in it."""
        name = quote(about, safe="", errors="surrogatepass")
        return path.replace("{name}", name).replace("{id}", quote(self._ids.get(about, "0"), ""))

    def written(self, route: str) -> str:
        """Return a route as it is written among the names, whether it exists or not."""
        return getattr(self.names.routes, route)

    def has(self, route: str) -> bool:
        """Tell whether the app has a route; it is asked with OPTIONS, which changes nothing."""
        if route not in self._known_routes:
            self._known_routes[route] = self.answers(self.written(route))
        return self._known_routes[route]

    def answers(self, written: str) -> bool:
        """Tell whether the app has a route that is written as a verb and a path."""
        if not written:
            return False
        method, _, path = written.partition(" ")
        path = path.partition("?")[0].replace("{name}", "somebody").replace("{id}", "0")
        response = self.visitor().options(path, allow_redirects=False)
        if response.status_code >= 500 and not self.inside.may_route(method, path):
            return False  # what answers that there is no such page broke
        if response.status_code == 404:
            return False
        return method in response.headers.get("Allow", method).upper()

    # ---- requests

    def send(
        self,
        browser: Browser,
        method: str,
        path: str,
        data: bytes | str = b"",
        content_type: str = "",
        *,
        who: str = "",
        headers: Mapping[str, str] | None = None,
        shown: str | None = None,
    ) -> Reply:
        """Send one request and follow no redirect.

        Args:
            browser: who sends it.
            method: the verb.
            path: the path, with its query.
            data: the body.
            content_type: the type of the body.
            who: who sends it, in words.
            headers: further headers.
            shown: what the evidence shows of the body; the body if left out.

        Returns:
            The answer.
        """
        sent = {"Accept": JSON if self.names.send == "json" else "text/html", **(headers or {})}
        if content_type:
            sent["Content-Type"] = content_type
        if isinstance(data, str):
            shown = data if shown is None else shown
            data = data.encode("utf-8", "surrogatepass")
        reply = ask(browser, method, path, who=who, shown=shown, data=data, headers=sent)
        caller = caller_of(reply)
        if caller.identity:
            texts = (one for one in caller.fields.values() if isinstance(one, str))
            self._ids |= dict.fromkeys([caller.identity, *texts], caller.identity)
        return reply

    def call(
        self,
        browser: Browser,
        route: str,
        body: Any = None,
        *,
        about: str = "",
        query: str = "",
        who: str = "",
        headers: Mapping[str, str] | None = None,
    ) -> Reply:
        """Call a route of the app the way its own clients do.

        Args:
            browser: who calls.
            route: an attribute of `Routes`, such as `"update"`.
            body: what is sent, as JSON or as a form.
            about: the name of the user that the path speaks of.
            query: what follows the path, with its question mark.
            who: who calls, in words.
            headers: further headers.

        Returns:
            The answer.

        Raises:
            NotTried: the app has no such route.
        """
        method, path = self.route(route, about)
        path, headers = path + query, dict(headers or {})
        if body is not None:
            body = self.completed(route, body) | body
        if self.names.send == "form" and method != "GET":
            data = urlencode(self._hidden(browser, route, path, about) | (body or {}))
            headers |= {"Referer": self.url + path, "Origin": self.url}
            return self.send(browser, method, path, data, FORM, who=who, headers=headers)
        if body is None:
            return self.send(browser, method, path, who=who, headers=headers)
        data = json.dumps(body)
        return self.send(browser, method, path, data, JSON, who=who, headers=headers)

    def completed(self, route: str, body: Mapping[str, Any], **known: Any) -> dict[str, Any]:
        """Return what a route is sent besides the fields of a record, as a password once more.

        Args:
            route: an attribute of `Routes`, such as `"create"`.
            body: the fields of the record; the values are taken from there.
            **known: the values themselves, by what they are, such as `password`.

        Returns:
            The other fields with their values.
        """
        fields = self.names.fields
        for key in ("name", "email", "password", "current_password"):
            known.setdefault(key, body.get(getattr(fields, key), ""))
        known["mailbox"] = str(known["email"] or known["name"]).partition("@")[0]
        known["digits"] = f"555{secrets.randbelow(10**7):07}"
        values = {f"{{{key}}}": value for key, value in known.items()}
        more = self.names.also.get(route, {})
        return {key: values.get(value, value) for key, value in more.items()}

    def _hidden(self, browser: Browser, route: str, path: str, about: str) -> dict[str, str]:
        """Return what stands in the form of a route already, as its CSRF token."""
        page = self.path_about(getattr(self.names.pages, route, ""), about)
        if page:
            shown = browser.get(page, headers={"Accept": "text/html"}, allow_redirects=False)
            for form in read_forms(shown.text):
                if urlsplit(urljoin(page, form.action) if form.action else page).path == path:
                    return form.inputs
        return self._token(browser)

    def _token(self, browser: Browser) -> dict[str, str]:
        """Return the CSRF token of a browser, where the app wants one."""
        forms = self.names.forms
        login = self.names.routes.login_page.partition(" ")[2]
        for page in (forms.csrf_page, login) if forms.csrf_page else ():
            shown = browser.get(page, allow_redirects=False)
            if token := read_token(shown.text, forms.csrf_field):
                return token
        return {}

    # ---- cookies

    def session_cookie(self) -> str:
        """Return the name of the session cookie."""
        return self.names.cookies.session or self.inside.setting("SESSION_COOKIE_NAME", "session")

    def remember_cookie(self) -> str:
        """Return the name of Flask-Login's remember cookie."""
        default = self.inside.setting("REMEMBER_COOKIE_NAME", "remember_token")
        return self.names.cookies.remember or default
