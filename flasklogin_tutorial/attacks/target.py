"""An app under attack, and the people who use it.

A `Target` knows how to make users, log them in and read things back, by whatever names and ways an
app has. It speaks HTTP, to an app in this process or on this machine. Every visitor of an app in
this process has an address of their own, so that a limit on one does not stop the others, and comes
by HTTPS, so that a cookie that is only for HTTPS is kept.
"""

import json
import secrets
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import Any
from urllib.parse import quote, urlencode, urljoin, urlsplit

from flask import Flask

from flasklogin_tutorial.attacks import web
from flasklogin_tutorial.attacks.attack import NotTried
from flasklogin_tutorial.attacks.names import Names
from flasklogin_tutorial.checks import Reply
from flasklogin_tutorial.visit.client import Browser, Gate, InProcess, describe_error, require_app

#: Where an app in this process seems to live.
IN_PROCESS_URL = "https://127.0.0.1"

#: Characters of a request that an exchange shows.
SHOWN = 120

#: Names of the people; each gets a random end, which no real user has.
_NAMES = ("ada", "grace", "mary", "joan", "hedy", "radia")

JSON = "application/json"
FORM = "application/x-www-form-urlencoded"


@dataclass
class Person:
    """Somebody with an account.

    Attributes:
        name: the name.
        email: the e-mail address.
        password: the password.
        address: the network address that they come from.
        browser: their browser.
    """

    name: str
    email: str
    password: str
    address: str
    browser: Browser


class Target:
    """An app under attack.

    Args:
        app: a Flask app, or the address of a running one on this machine.
        names: what the app calls its routes and fields; the article's names if left out.

    Raises:
        NotAFlaskApp: `app` is neither.
        ValueError: the address is not a loopback address.
    """

    def __init__(self, app: Flask | str, names: Names | None = None) -> None:
        self.names = names or Names()
        self.url = app if isinstance(app, str) else IN_PROCESS_URL
        host = urlsplit(self.url).hostname
        self.domain = "localhost.local" if host == "localhost" else host  # as http.cookiejar has it
        self.app = None if isinstance(app, str) else require_app(app)
        Browser(self.url).close()  # refuses what is not on this machine
        self._visitors = 0
        self._invented = 0
        self._made: list[Person] = []
        self._way: Callable[[Person, bool], str] | None = None
        self._known_routes: dict[str, bool] = {}
        self._trouble: dict[str, str] = {}
        #: Why no user could be made; empty as long as that is not known.
        self.no_users = ""

    # ---- requests

    def visitor(self, address: str | None = None) -> Browser:
        """Open a browser that nobody has logged in from.

        Args:
            address: where it comes from; an address of its own if left out.

        Returns:
            The browser.
        """
        if self.app is None:
            return Browser(self.url)
        app, address = self.app, address or self.new_address()

        def front(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
            environ["REMOTE_ADDR"] = address
            return app(environ, start_response)

        return Browser(self.url, InProcess(Gate(app, front)))

    def new_address(self) -> str:
        """Return an address that nobody came from yet, of a block kept for tests (RFC 2544)."""
        self._visitors += 1
        return f"198.18.{self._visitors // 250 % 250}.{self._visitors % 250 + 1}"

    def copy_of(
        self, browser: Browser, *cookies: str, address: str | None = None, agent: str = ""
    ) -> Browser:
        """Open a browser of somebody who has copied the cookies of another.

        Args:
            browser: whose cookies were copied.
            *cookies: the names of the cookies; all if left out.
            address: where the new one comes from.
            agent: what it calls itself; as the other if left out.

        Returns:
            The new browser.
        """
        thief = self.visitor(address)
        thief.headers["User-Agent"] = agent or browser.headers["User-Agent"]
        for cookie in browser.cookies:
            if not cookies or cookie.name in cookies:
                thief.cookies.set_cookie(cookie)
        return thief

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
        said = brief(data if shown is None else shown)
        called = " ".join(filter(None, [method, path, said])) + (f", {who}" if who else "")
        sent = {"Accept": JSON if self.names.send == "json" else "text/html", **(headers or {})}
        if content_type:
            sent["Content-Type"] = content_type
        body = data.encode("utf-8", "surrogatepass") if isinstance(data, str) else data
        response = browser.request(method, path, data=body, headers=sent, allow_redirects=False)
        return Reply(response, called)

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
        """
        method, path = self.route(route, about)
        path, headers = path + query, dict(headers or {})
        if self.names.send == "form" and method != "GET":
            data = urlencode(self._token(browser) | (body or {}))
            headers |= {"Referer": self.url + path, "Origin": self.url}
            return self.send(browser, method, path, data, FORM, who=who, headers=headers)
        if body is None:
            return self.send(browser, method, path, who=who, headers=headers)
        data = json.dumps(body)
        return self.send(browser, method, path, data, JSON, who=who, headers=headers)

    def route(self, route: str, about: str = "") -> tuple[str, str]:
        """Return the verb and the path of a route.

        Raises:
            NotTried: the app has no such route.
        """
        written = getattr(self.names.routes, route)
        if not self.has(route):
            missing = written or f"route for {route}"
            raise NotTried(f"This app has no {missing}. Other names are given in a TOML file.")
        method, _, path = written.partition(" ")
        return method, path.replace("{name}", quote(about, safe="", errors="surrogatepass"))

    def has(self, route: str) -> bool:
        """Tell whether the app has a route; it is asked with OPTIONS, which changes nothing."""
        if route not in self._known_routes:
            self._known_routes[route] = self._ask_for(getattr(self.names.routes, route))
        return self._known_routes[route]

    def _ask_for(self, written: str) -> bool:
        if not written:
            return False
        method, _, path = written.partition(" ")
        path = path.partition("?")[0].replace("{name}", "somebody")
        response = self.visitor().options(path, allow_redirects=False)
        allowed = response.headers.get("Allow", method).upper()
        return response.status_code != 404 and method in allowed

    def must_work(self, route: str) -> None:
        """Make sure that a route does what it should, for somebody who may use it.

        An attack that is refused says something only if the same request can also succeed: with
        the wrong names for fields everything is refused.

        Args:
            route: `read`, `create`, `update`, `delete` or `logout`.

        Raises:
            NotTried: it does not exist, or does nothing even for those who may.
        """
        self.route(route)
        if route not in self._trouble:
            self._trouble[route] = getattr(self, f"_try_to_{route}")()
        if self._trouble[route]:
            raise NotTried(
                f"{getattr(self.names.routes, route)} does not work even for somebody who may use "
                f"it, so a refusal would say nothing. It was answered by {self._trouble[route]}."
            )

    def which_work(self, *routes: str) -> list[str]:
        """Return those of some routes that do what they should.

        Raises:
            NotTried: none does.
        """
        working, reasons = [], []
        for route in routes:
            try:
                self.must_work(route)
            except NotTried as reason:
                reasons.append(str(reason))
            else:
                working.append(route)
        if not working:
            raise NotTried(" ".join(reasons))
        return working

    def _try_to_read(self) -> str:
        person = self.member()
        answer = self.call(person.browser, "read", about=person.name)
        return "" if self.shows(answer, person) else answer.came_back

    def _try_to_create(self) -> str:
        writer, new = self.writer(), self.stranger()
        answer = self.create(writer.browser, new)
        return "" if self.works(new.name, new.password) else answer.came_back

    def _try_to_update(self) -> str:
        person, new = self.member(), self.stranger().password
        self.update(person.browser, person, password=new)
        if self.works(person.name, new):
            return ""
        answer = self.update(self.writer().browser, person, password=new)
        return "" if self.works(person.name, new) else answer.came_back

    def _try_to_delete(self) -> str:
        person = self.member()
        answer = self.remove(person)
        return answer.came_back if self.exists(person) else ""

    def _try_to_logout(self) -> str:
        person = self.member()
        answer = self.logout(person.browser)
        return answer.came_back if self.is_in(person.browser, person) else ""

    def _token(self, browser: Browser) -> dict[str, str]:
        """Return the CSRF token of a browser, where the app wants one."""
        forms = self.names.forms
        if not (forms.csrf_field and forms.csrf_page):
            return {}
        page = browser.get(forms.csrf_page, allow_redirects=False)
        for form in web.read_forms(page.text):
            if forms.csrf_field in form.inputs:
                return {forms.csrf_field: form.inputs[forms.csrf_field]}
        return {}

    # ---- people

    def person(
        self, *, name: str = "", password: str = "", address: str = "", admin: bool = False
    ) -> Person:
        """Make a user.

        Args:
            name: their name; a new one if left out.
            password: their password; a good one if left out.
            address: where they come from.
            admin: whether they may do everything.

        Returns:
            The user, not logged in.

        Raises:
            NotTried: no user could be made, or no admin.
        """
        if self.no_users and not admin:
            raise NotTried("No user could be made, or logged in.")
        new = self.stranger(name=name, password=password, address=address)
        if self._way is not None:
            trouble = self._way(new, admin)
            if trouble:
                raise NotTried(f"No {'admin' if admin else 'user'} could be made: {trouble}.")
        else:
            self._find_a_way(new, admin)
        self._made.append(new)
        return new

    def stranger(self, *, name: str = "", password: str = "", address: str = "") -> Person:
        """Invent somebody who has no account."""
        self._invented += 1
        name = name or f"{_NAMES[(self._invented - 1) % len(_NAMES)]}-{secrets.token_hex(4)}"
        address = address or self.new_address()
        password = password or f"long-{secrets.token_hex(8)}"
        return Person(name, f"{name}@example.org", password, address, self.visitor(address))

    def _find_a_way(self, new: Person, admin: bool) -> None:
        """Make a user in the first way that works, and keep to it."""
        tried = []
        for way in (self._by_function, self._by_users_add, self._by_add_user, self._by_open_route):
            trouble = way(new, admin)
            if not trouble and not self.works(new.name, new.password):
                trouble = "a user was made who cannot log in"
            if not trouble:
                self._way = way
                return
            tried.append(trouble)
        if not admin:
            self.no_users = "; ".join(tried)
        raise NotTried("No user could be made, or logged in.")

    def _by_function(self, new: Person, admin: bool) -> str:
        if not self.names.users.make:
            return "the TOML file names no users.make"
        return self._function(self.names.users.make, new.name, new.email, new.password, admin)

    def _by_users_add(self, new: Person, admin: bool) -> str:
        arguments = ["users", "add", new.name, "--email", new.email]
        twice = f"{new.password}\n{new.password}\n"
        return self._command([*arguments, "--admin"] if admin else arguments, twice)

    def _by_add_user(self, new: Person, admin: bool) -> str:
        if admin:
            return "the command add-user makes no admins"
        return self._command(["add-user", new.name, new.email, "--password", new.password])

    def _by_open_route(self, new: Person, admin: bool) -> str:
        if admin:
            return "the route for new records makes no admins"
        if not self.has("create"):
            return f"{self.names.routes.create or 'a route for new records'} does not exist"
        answer = self.create(self.visitor(), new, who="not logged in")
        return answer.came_back if self.refuses(answer) else ""

    def _function(self, written: str, *arguments: object) -> str:
        """Call a function of the app's owner; return what went wrong."""
        module, _, name = written.partition(":")
        if self.app is None:
            return f"{written} needs an app in this process"
        try:
            function = getattr(import_module(module), name)
            with self.app.app_context():
                function(self.app, *arguments)
        except Exception as error:
            return f"{written} raised {describe_error(error)}"
        return ""

    def _command(self, arguments: list[str], stdin: str = "") -> str:
        """Run a command of the app; return what went wrong."""
        if self.app is None or arguments[0] not in self.app.cli.commands:
            return f"there is no command {arguments[0]}"
        result = self.app.test_cli_runner().invoke(args=arguments, input=stdin)
        if result.exit_code == 0:
            return ""
        error = result.exception
        said = brief(result.output) if error is None or isinstance(error, SystemExit) else ""
        return f"the command {' '.join(arguments[:2])} failed: {said or describe_error(error)}"

    def disable(self, person: Person) -> None:
        """Disable a user.

        Raises:
            NotTried: the app offers no way that is known here.
        """
        if self.names.users.disable:
            trouble = self._function(self.names.users.disable, person.name)
        elif self.app is not None and "disable-user" in self.app.cli.commands:
            trouble = self._command(["disable-user", person.name])
        else:
            trouble = self._command(["users", "disable", person.name])
        if trouble:
            raise NotTried(
                f"No user could be disabled: {trouble}. A TOML file may name a function."
            )

    def member(self, **options: Any) -> Person:
        """Make a user and log them in.

        Args:
            **options: as for `person`; and `remember`, to be remembered.

        Returns:
            The user; their browser is logged in.

        Raises:
            NotTried: the login fails.
        """
        remember = options.pop("remember", False)
        person = self.person(**options)
        self.enter(person, remember=remember)
        return person

    def enter(self, person: Person, *, remember: bool = False) -> Reply:
        """Log a person in from their own browser.

        Raises:
            NotTried: the login fails, or nothing tells who is logged in.
        """
        answer = self.log_in(person.browser, person.name, person.password, remember=remember)
        if not self.is_in(person.browser, person):
            raise NotTried(
                f"A login was not accepted: {answer.called} was answered by {answer.came_back}."
            )
        return answer

    def writer(self) -> Person:
        """Log somebody in who may write as much as anybody may: an admin, if there are admins."""
        try:
            return self.member(admin=True)
        except NotTried:
            return self.member()

    # ---- what people do

    def log_in(
        self,
        browser: Browser,
        name: Any,
        password: Any,
        *,
        remember: bool = False,
        who: str = "",
        headers: Mapping[str, str] | None = None,
    ) -> Reply:
        """Send a name and a password to the login."""
        body = {self.names.fields.login_name: name, self.names.fields.login_password: password}
        if remember:
            body[self.names.fields.remember] = True if self.names.send == "json" else "y"
        if self.names.send == "form":
            filled = self.fill_login_form(browser, body, who=who, headers=headers)
            if filled is not None:
                return filled
        return self.call(browser, "login", body, who=who, headers=headers)

    def fill_login_form(
        self,
        browser: Browser,
        body: Mapping[str, Any],
        *,
        query: str = "",
        who: str = "",
        headers: Mapping[str, str] | None = None,
        whole: bool = False,
    ) -> Reply | None:
        """Fill in the login form as a browser does, with its hidden fields.

        Args:
            browser: who fills it in.
            body: the values of its fields.
            query: what follows the path of the page, with its question mark.
            who: who it is, in words.
            headers: further headers.
            whole: leave out the visible fields that `body` does not name.

        Returns:
            The answer; None if the app shows no login form.
        """
        if not self.has("login_page"):
            return None
        method, path = self.route("login_page")
        page = self.send(browser, method, path + query, headers={"Accept": "text/html"})
        for form in web.read_forms(page.response.text):
            if self.names.fields.login_password in form.inputs:
                action = urljoin(path + query, form.action) if form.action else path + query
                sent = {"Accept": "text/html", "Origin": self.url, "Referer": self.url + path}
                shown = {self.names.fields.login_name, self.names.fields.login_password}
                dropped = shown if whole else set()
                kept = {key: text for key, text in form.inputs.items() if key not in dropped}
                data = urlencode(kept | dict(body))
                sent |= headers or {}
                return self.send(browser, "POST", action, data, FORM, who=who, headers=sent)
        return None

    def logout(self, browser: Browser, who: str = "") -> Reply:
        """Log out."""
        return self.call(browser, "logout", who=who)

    def record(self, person: Person, **changes: Any) -> dict[str, Any]:
        """Return a person's record as it is sent, with changes to name, password, email."""
        fields = self.names.fields
        values = {"name": person.name, "password": person.password, "email": person.email} | changes
        return {getattr(fields, key): value for key, value in values.items()}

    def create(self, browser: Browser, person: Person, who: str = "", **changes: Any) -> Reply:
        """Ask the app to make a record."""
        return self.call(browser, "create", self.record(person, **changes), who=who)

    def update(self, browser: Browser, person: Person, who: str = "", **changes: Any) -> Reply:
        """Ask the app to change a record."""
        body = self.record(person, **changes)
        return self.call(browser, "update", body, about=person.name, who=who)

    def delete(self, browser: Browser, person: Person, who: str = "") -> Reply:
        """Ask the app to remove a record."""
        body = {self.names.fields.name: person.name}
        return self.call(browser, "delete", body, about=person.name, who=who)

    def remove(self, person: Person) -> Reply:
        """Delete a user: they do it themselves from another browser, or somebody else does."""
        other = self.visitor()
        self.log_in(other, person.name, person.password)
        answer = self.delete(other, person, who=person.name)
        if self.exists(person):
            answer = self.delete(self.writer().browser, person, who="somebody who may")
        return answer

    def change_password(self, person: Person, who: str = "with a new password") -> Reply:
        """Let a person change their own password.

        Raises:
            NotTried: the new one does not work afterwards.
        """
        self.must_work("update")
        new = f"other-{secrets.token_hex(8)}"
        answer = self.update(person.browser, person, who=who, password=new)
        if not self.works(person.name, new):
            raise NotTried(
                f"This user cannot change their own password: {answer.called} was answered by "
                f"{answer.came_back}."
            )
        person.password = new
        return answer

    # ---- what can be seen

    def whoami(self, browser: Browser, who: str = "") -> Reply:
        """Ask the app who is logged in."""
        return self.call(browser, "whoami", who=who)

    def is_in(self, browser: Browser, person: Person) -> bool:
        """Tell whether a browser is logged in as this person."""
        return self.shows(self.whoami(browser), person)

    def shows(self, reply: Reply, person: Person) -> bool:
        """Tell whether an answer is a success that shows this person's name."""
        return reply.response.status_code < 300 and person.name in reply.response.text

    def refuses(self, reply: Reply) -> bool:
        """Tell whether an answer is a refusal: an error, or the way to the login."""
        if not reply.response.is_redirect:
            return reply.response.status_code >= 400
        routes = self.names.routes
        logins = {written.partition(" ")[2] for written in (routes.login, routes.login_page)}
        return web.path_of(reply.response.headers["Location"]) in logins

    def somebody(self, browser: Browser) -> Reply | None:
        """Return what the app says of whoever is logged in; None if nobody is."""
        seen, unknown = self.whoami(browser), self.whoami(self.visitor())
        known = any(person.name in seen.response.text for person in self._made)
        differs = bool(seen.data) and seen.data != unknown.data
        return seen if seen.response.status_code < 300 and (known or differs) else None

    def works(self, name: str, password: str) -> bool:
        """Tell whether somebody can log in with this name and password."""
        browser = self.visitor()
        self.log_in(browser, name, password)
        seen = self.whoami(browser)
        return seen.response.status_code < 300 and _in_text(name, seen)

    def exists(self, person: Person) -> bool:
        """Tell whether a person's account is there."""
        if self.has("read"):
            reply = self.call(self.visitor(), "read", about=person.name)
            return self.shows(reply, person)
        return self.works(person.name, person.password)

    def session_cookie(self) -> str:
        """Return the name of the session cookie."""
        default = self.app.config["SESSION_COOKIE_NAME"] if self.app else "session"
        return self.names.cookies.session or default

    def remember_cookie(self) -> str:
        """Return the name of Flask-Login's remember cookie."""
        config = self.app.config if self.app else {}
        return self.names.cookies.remember or config.get("REMEMBER_COOKIE_NAME", "remember_token")

    def clean_up(self) -> None:
        """Delete the users that were made, as far as the app lets them be deleted."""
        try:
            made, writer = list(self._made), self.writer()
            for person in [*made, writer]:
                self.delete(writer.browser, person)
        except NotTried:
            pass  # an app that nobody can log in to keeps them


def _in_text(name: str, reply: Reply) -> bool:
    return name in reply.response.text or json.dumps(name)[1:-1] in reply.response.text


def brief(text: bytes | str) -> str:
    """Return a text in one short line."""
    if isinstance(text, bytes):
        text = text[: SHOWN * 4].decode("utf-8", "replace")
    text = " ".join(text[: SHOWN * 4].split())
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}…"
