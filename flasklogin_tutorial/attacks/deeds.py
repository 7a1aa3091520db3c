"""What people do in an app, victims and attackers alike: log in and out, write records."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode, urljoin

from flasklogin_tutorial.attacks.site import FORM, Site
from flasklogin_tutorial.visit import Browser, Person, Reply, find_form, read_forms


class Deeds:
    """The requests that an app's own clients send. None of them judges the answer.

    Args:
        site: the app.
    """

    def __init__(self, site: Site) -> None:
        self._site = site

    # ---- the login

    def credentials(self, name: Any, password: Any) -> dict[str, Any]:
        """Return a name and a password as they are sent to the login."""
        fields = self._site.names.fields
        return {fields.login_name: name, fields.login_password: password}

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
        """Send a name and a password to the login.

        Args:
            browser: who logs in.
            name: the name.
            password: the password.
            remember: whether to ask to be remembered.
            who: who it is, in words.
            headers: further headers.

        Returns:
            The answer.
        """
        body = self.credentials(name, password)
        as_form = self._site.names.send == "form"
        if remember:
            body[self._site.names.fields.remember] = "y" if as_form else True
        if as_form:
            filled = self.fill_login_form(browser, body, who=who, headers=headers)
            if filled is not None:
                return filled
        return self._site.call(browser, "login", body, who=who, headers=headers)

    def log_in_as(
        self,
        person: Person,
        who: str = "",
        *,
        browser: Browser | None = None,
        remember: bool = False,
    ) -> Reply:
        """Let a person log in.

        Args:
            person: the person.
            who: who it is, in words.
            browser: where from; their own browser if left out.
            remember: whether to ask to be remembered.

        Returns:
            The answer.
        """
        browser = browser or person.browser
        return self.log_in(browser, person.name, person.password, remember=remember, who=who)

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
        site, fields = self._site, self._site.names.fields
        if not site.has("login_page"):
            return None
        method, path = site.route("login_page")
        page = site.send(browser, method, path + query, headers={"Accept": "text/html"})
        form = find_form(page.response.text, fields.login_password)
        if form is None:
            return self._fill_in_two_steps(browser, path + query, page, body, who, headers)
        dropped = {fields.login_name, fields.login_password} if whole else set()
        kept = {key: text for key, text in form.inputs.items() if key not in dropped}
        return self.send_form(
            browser, path + query, form.action, kept | dict(body), who=who, headers=headers
        )

    def _fill_in_two_steps(
        self,
        browser: Browser,
        where: str,
        page: Reply,
        body: Mapping[str, Any],
        who: str,
        headers: Mapping[str, str] | None,
    ) -> Reply | None:
        """Give a login the name first, and the password on the page that comes then.

        Args:
            browser: who logs in.
            where: the path of the first page.
            page: the first page.
            body: the values of the fields of both.
            who: who it is, in words.
            headers: further headers.

        Returns:
            The last answer: to the name, if no page asks for the password; None if the first page
            does not ask for the name.
        """
        fields = self._site.names.fields
        first = find_form(page.response.text, fields.login_name)
        if first is None:
            return None
        name = {fields.login_name: body[fields.login_name]} if fields.login_name in body else {}
        answer = self.send_form(
            browser, where, first.action, first.inputs | name, who=who, headers=headers
        )
        seen, at = answer, urljoin(where, first.action) if first.action else where
        if answer.response.is_redirect:
            at = urljoin(at, answer.response.headers["Location"])
            if at.partition("?")[0] == where.partition("?")[0]:
                return answer
            seen = self._site.send(browser, "GET", at, headers={"Accept": "text/html"})
        second = find_form(seen.response.text, fields.login_password)
        if second is None:
            return answer
        rest = {key: value for key, value in body.items() if key != fields.login_name}
        return self.send_form(
            browser, at, second.action, second.inputs | rest, who=who, headers=headers
        )

    def send_form(
        self,
        browser: Browser,
        page: str,
        action: str,
        filled: Mapping[str, Any],
        *,
        who: str,
        headers: Mapping[str, str] | None = None,
        policy: str = "",
        shown: str | None = None,
    ) -> Reply:
        """Send a filled form as a browser does that has its page open.

        Args:
            browser: the browser.
            page: the path of the page.
            action: where the form says that it goes; empty for the page itself.
            filled: what is in its fields.
            who: who sends it, in words.
            headers: further headers.
            policy: the `Referrer-Policy` of the page. With "no-referrer" a browser says nothing of
                where it was.
            shown: what the evidence shows in place of the fields.

        Returns:
            The answer.
        """
        site = self._site
        where = urljoin(page, action) if action else page
        here = {"Origin": site.url, "Referer": site.url + page.partition("?")[0]}
        told = {"Origin": "null"} if policy == "no-referrer" else here
        sent = {"Accept": "text/html", **told, **(headers or {})}
        data = urlencode(filled)
        return site.send(browser, "POST", where, data, FORM, who=who, headers=sent, shown=shown)

    def log_out(self, browser: Browser, who: str = "") -> Reply:
        """Log out."""
        return self._site.call(browser, "logout", who=who)

    # ---- the account

    def press(self, browser: Browser, route: str, who: str = "", **typed: str) -> Reply:
        """Press a button of the account page; where it has none, call the route as programs do.

        Args:
            browser: who presses it.
            route: an attribute of `Routes`, such as `"end_others"`.
            who: who it is, in words.
            **typed: what is typed into the form of the button.

        Returns:
            The answer.

        Raises:
            NotTried: the app has no such route.
        """
        return self.press_on("account", browser, route, typed, who=who)

    def press_on(
        self,
        page: str,
        browser: Browser,
        route: str,
        typed: Mapping[str, str],
        *,
        who: str = "",
        shown: Reply | None = None,
    ) -> Reply:
        """Press a button of a page; where there is none, call the route as programs do.

        Args:
            page: the route of the page, an attribute of `Routes`.
            browser: as for `press`.
            route: as for `press`.
            typed: as for `press`.
            who: as for `press`.
            shown: the page, where it came as the answer to something else.

        Returns:
            The answer.

        Raises:
            NotTried: the app has no such route.
        """
        site = self._site
        _, action = site.route(route)
        if site.has(page):
            method, path = site.route(page)
            if shown is None:
                shown = site.send(browser, method, path, headers={"Accept": "text/html"})
            for form in read_forms(shown.response.text):
                if urljoin(path, form.action) == action:
                    filled = form.inputs | dict(typed)
                    return self.send_form(browser, path, action, filled, who=who)
        return site.call(browser, route, dict(typed), who=who)

    # ---- records

    def record(self, person: Person, route: str = "", **changes: Any) -> dict[str, Any]:
        """Return a person's record as it is sent, with changes to name, password, email.

        Args:
            person: whose record it is.
            route: what takes it; whatever changes a record if left out.
            **changes: other values of `name`, `password`, `email` or `current_password`.

        Returns:
            The values, by the names of the fields.
        """
        names = self._site.names
        fields, name = names.fields, person.name
        if names.users.named == "email" and fields.name != fields.email:
            name = name.partition("@")[0]  # the address is in a field of its own
        values = {"name": name, "email": person.email, "password": person.password} | changes
        if names.users.named == "email" and fields.name in ("", fields.email):
            values["email"] = values["name"]  # it is the name, whatever else was to be changed
        written = {getattr(fields, key): value for key, value in values.items()}
        written.pop("", None)
        more = self._site.completed(route or "update", written, **values)
        if names.send == "form" or route:
            written |= more
        return written

    def create(self, browser: Browser, person: Person, who: str = "", **changes: Any) -> Reply:
        """Ask the app to make a record."""
        if self._site.names.users.registered_by == "strangers" and browser.cookies:
            browser = self._site.visitor()
            who = f"{who}, who logged out before it" if who else "logged out before it"
        body = self.record(person, "create", **changes)
        return self._site.call(browser, "create", body, who=who)

    def update(self, browser: Browser, person: Person, who: str = "", **changes: Any) -> Reply:
        """Ask the app to change a record."""
        body = self.record(person, "update", **changes)
        return self._site.call(browser, "update", body, about=person.name, who=who)

    def change_own_password(self, person: Person, new: str, who: str = "") -> Reply:
        """Ask the app for a new password, as somebody does for themself.

        The current one goes along only where the answer names its field: an app that has no such
        field may refuse what it does not know.

        Args:
            person: who asks, from their own browser.
            new: the new password.
            who: who it is, in words.

        Returns:
            The answer.
        """
        asked = "{current_password}" in self._site.names.also.get("update", {}).values()
        current = {"current_password": person.password} if asked else {}
        answer = self.update(person.browser, person, who=who, password=new, **current)
        field = self._site.names.fields.current_password
        if asked or not field or field not in answer.response.text:
            return answer
        body = self.record(person, password=new) | {field: person.password}
        return self._site.call(person.browser, "update", body, about=person.name, who=who)

    def delete(self, browser: Browser, person: Person, who: str = "", password: str = "") -> Reply:
        """Ask the app to remove a record; the password is that of whoever asks."""
        names = self._site.names
        body = {names.fields.name: person.name}
        if names.also.get("delete"):
            body |= self._site.completed("delete", body, current_password=password)
        return self._site.call(browser, "delete", body, about=person.name, who=who)
