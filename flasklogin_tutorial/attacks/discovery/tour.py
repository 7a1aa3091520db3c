"""A walk through an app: its pages, as a stranger sees them and as a user does."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from flasklogin_tutorial.attacks.discovery.page import Page, PageForm, read_page
from flasklogin_tutorial.attacks.discovery.urls import Place, places, prefixes
from flasklogin_tutorial.attacks.discovery.words import deed
from flasklogin_tutorial.visit import Browser, Person, Reply, own_code

if TYPE_CHECKING:
    from flasklogin_tutorial.attacks.target import Target

#: Pages of a running server that are opened, and hops that are followed.
MOST_PAGES, MOST_HOPS = 60, 4

#: Where a running server may have what no link leads to.
_USUAL = (
    "/",
    "/login",
    "/signin",
    "/sign-in",
    "/auth/login",
    "/user/login",
    "/accounts/login",
    "/admin/login",
    "/register",
    "/signup",
    "/sign-up",
    "/join",
    "/auth/register",
    "/profile",
    "/account",
    "/settings",
    "/change-password",
    "/account/password",
    "/change",
)


@dataclass
class Seen:
    """A page that was opened.

    Attributes:
        path: where it is, after all redirects.
        first: the answer before any redirect.
        reply: the last answer.
        page: what stands on it.
    """

    path: str
    first: Reply
    reply: Reply
    page: Page

    @property
    def shown(self) -> bool:
        """Whether the page itself was shown, without a redirect to another one."""
        return self.first is self.reply and self.reply.response.status_code < 300

    @property
    def refused(self) -> bool:
        """Whether the visitor was sent away."""
        return self.first.response.is_redirect or self.first.response.status_code in (401, 403)

    def target_of(self, form: PageForm) -> str:
        """Return the path that a form is sent to."""
        return urlsplit(urljoin(self.path, form.action) if form.action else self.path).path


class Tour:
    """A walk through an app.

    Args:
        target: the app.
    """

    def __init__(self, target: Target) -> None:
        self.target, self.app = target, target.inside.app
        self.prefix = self._find_prefix()
        self.places = places(self.app, self.prefix) if self.app is not None else []
        self._as_stranger: dict[str, Seen] | None = None
        self._as_user: dict[str, dict[str, Seen]] = {}
        self._beginnings = [self.prefix + path for path in _USUAL]

    def _find_prefix(self) -> str:
        """Return the prefix under which the app answers; empty if it answers without."""
        if self.app is None:
            return self.target.mounted_at
        paths = [one.path for one in places(self.app) if "GET" in one.methods and not one.arguments]
        for prefix in dict.fromkeys(prefixes(self.app)):
            for path in paths[:5]:
                if (
                    self.open(self.target.visitor(), prefix + path).reply.response.status_code
                    != 404
                ):
                    return prefix
        return ""

    # ---- pages

    def open(self, browser: Browser, path: str) -> Seen:
        """Open a page, and follow where it leads within the app.

        Args:
            browser: who opens it.
            path: where it is.

        Returns:
            The page.
        """
        page_headers = {"Accept": "text/html,application/json;q=0.9"}
        first = reply = self.target.send(browser, "GET", path, headers=page_headers)
        for _ in range(MOST_HOPS):
            if not reply.response.is_redirect:
                break
            there = urljoin(self.target.url + path, reply.response.headers["Location"])
            if not self._is_here(there):
                break
            path = there[len(self.target.url) :] or "/"
            reply = self.target.send(browser, "GET", path, headers=page_headers)
        is_page = "html" in reply.response.headers.get("Content-Type", "")
        return Seen(path, first, reply, read_page(reply.response.text) if is_page else Page())

    def found_at(self, location: str) -> None:
        """Remember a page of a running server that a redirect led to."""
        there = urljoin(self.target.url + "/", location)
        path = urlsplit(there).path
        if self._is_here(there) and path not in self._beginnings:
            self._beginnings.insert(0, path)

    def _is_here(self, address: str) -> bool:
        return f"{address}/".startswith((f"{self.target.url}/", f"{self.target.url}?"))

    def for_strangers(self) -> dict[str, Seen]:
        """Return the pages that somebody opens who is not logged in, by what was asked for."""
        if self._as_stranger is None:
            self._as_stranger = self.all_pages(self.target.visitor())
        return self._as_stranger

    def for_user(self, user: Person) -> dict[str, Seen]:
        """Return the pages that a user opens who has logged in, by what was asked for."""
        if user.name not in self._as_user:
            self._as_user[user.name] = self.all_pages(user.browser)
        return self._as_user[user.name]

    def all_pages(self, browser: Browser) -> dict[str, Seen]:
        """Open every page that changes nothing.

        Args:
            browser: who opens them.

        Returns:
            The pages, by what was asked for.
        """
        if self.app is None:
            return self._crawl(browser)
        open_to_all = [
            one.path
            for one in self.places
            if "GET" in one.methods and not one.arguments and not one.changes_something(self.app)
        ]
        return {path: self.open(browser, path) for path in open_to_all}

    def _crawl(self, browser: Browser) -> dict[str, Seen]:
        found: dict[str, Seen] = {}
        waiting = list(self._beginnings)
        while waiting and len(found) < MOST_PAGES:
            path = waiting.pop(0)
            if path in found:
                continue
            seen = self.open(browser, path)
            if seen.reply.response.status_code == 404:
                continue
            found[path] = seen
            for href, said in seen.page.links.items():
                there = urljoin(self.target.url + seen.path, href).partition("#")[0]
                inside = self._is_here(there)
                where = there[len(self.target.url) :].partition("?")[0]
                if inside and deed(where, said) not in ("logout", "delete", "end_others"):
                    waiting.append(where)
        return found

    def forms(self, pages: dict[str, Seen]) -> Iterator[tuple[str, Seen, PageForm]]:
        """Yield the forms of some pages, with what was asked for; each that is sent once."""
        known = set()
        for path, seen in pages.items():
            for form in seen.page.forms:
                mark = (seen.target_of(form), tuple(one.name for one in form.controls))
                if form.method == "POST" and mark not in known:
                    known.add(mark)
                    yield path, seen, form

    # ---- places

    def place(self, path: str) -> Place | None:
        """Return what answers at a path; None if that is not known."""
        return next((one for one in self.places if one.path == path), None)

    def named(self, endpoint: str) -> list[Place]:
        """Return the paths of a view."""
        return [one for one in self.places if one.endpoint == endpoint]

    def calling(self, name: str) -> list[Place]:
        """Return the paths whose views use a function of this name."""
        app = self.app
        return [one for one in self.places if app is not None and one.calls(app, name)]


def explain(reply: Reply) -> str:
    """Tell what came back: the status, and for an error where in the app it was raised."""
    where = where_raised(reply.error)
    return reply.came_back + (f", raised in {where}" if where else "")


def where_raised(error: BaseException | None) -> str:
    """Return the file and the line of the app in which an error was raised."""
    found = own_code(error) if error is not None else None
    return f"{found.code.co_filename}, line {found.number}" if found is not None else ""
