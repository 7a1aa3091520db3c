"""A picture of who is let in and when, drawn from answers that apps really gave."""

from collections.abc import Callable, Mapping
from typing import Any

from flask import Flask

from flasklogin_tutorial.lab.ada import ada_in, start
from flasklogin_tutorial.lab.clock import later
from flasklogin_tutorial.show import BLANK, GOOD, Cell, html_table
from flasklogin_tutorial.visit import Browser, copy_cookies, log_in

IN, OUT = "●", "○"
_LEGEND = f"{IN} logged in   {OUT} not"
_GAP = 3

Browsers = Mapping[str, Browser]

#: When `follow` looks: a name for the moment, and how much later it is, as for `later`.
MOMENTS = {
    "+1 hour": {"hours": 1},
    "+1 day": {"days": 1},
    "+32 days": {"days": 32},
    "+2 years": {"days": 731},
}

_COLOUR = {True: GOOD, False: "transparent"}


class Timeline:
    """For several credentials, at which events each of them was accepted.

    In JupyterLab it shows itself as a table, elsewhere as text. Between two events nobody looked:
    the line between two marks says that both were accepted, and no more.

    Args:
        title: what it is about.

    Attributes:
        seen: for each credential and app, the events at which it was tried, and whether it worked.
    """

    def __init__(self, title: str) -> None:
        self.title = title
        self.seen: dict[tuple[str, str], dict[str, bool]] = {}

    def follow(
        self, app: str, browsers: Browsers, deeds: Mapping[str, Callable[[Browsers], object]]
    ) -> None:
        """Look after the login, after each deed, and then at each of `MOMENTS`.

        Args:
            app: what the app is called in the picture.
            browsers: names of credentials, and for each a browser that has it, logged in.
            deeds: names of what is done now, and for each a function that does it.
        """
        self.look("login", app, browsers)
        for event, do in deeds.items():
            do(browsers)
            self.look(event, app, browsers)
        for moment, span in MOMENTS.items():
            with later(**span):
                self.look(moment, app, browsers)

    def look(self, event: str, app: str, browsers: Browsers) -> None:
        """Ask an app now, from each browser, whether somebody is logged in there.

        The answers' cookies are thrown away, so that looking changes nothing in a browser. On the
        server it is a request like any other.

        Args:
            event: what has happened last, as short as the head of a column.
            app: what the app is called in the picture.
            browsers: names of credentials, and for each a browser that has it.

        Raises:
            ValueError: the app answered neither yes nor no.
        """
        for name, browser in browsers.items():
            self.seen.setdefault((name, app), {})[event] = _is_logged_in(browser)

    @property
    def events(self) -> list[str]:
        """All events, in the order in which they came."""
        return list(dict.fromkeys(event for row in self.seen.values() for event in row))

    @property
    def rows(self) -> list[tuple[str, str, list[bool | None]]]:
        """Credential, app, and for each event whether it worked; None where nobody looked.

        The rows of one credential stand together.
        """
        names = list(dict.fromkeys(name for name, _ in self.seen))
        ordered = sorted(self.seen, key=lambda key: names.index(key[0]))
        return [(*key, [self.seen[key].get(event) for event in self.events]) for key in ordered]

    def __repr__(self) -> str:
        names, apps = ([key[part] for key in self.seen] for part in (0, 1))
        left, middle = (max(map(len, column), default=0) + _GAP for column in (names, apps))
        head = "".join(event.ljust(len(event) + _GAP) for event in self.events)
        lines = [self.title, "", (" " * (left + middle) + head).rstrip()]
        above = ""
        for name, app, answers in self.rows:
            shown = name if name != above else ""
            lines.append(f"{shown:<{left}}{app:<{middle}}{self._draw(answers)}".rstrip())
            above = name
        return "\n".join([*lines, "", _LEGEND])

    def _draw(self, answers: list[bool | None]) -> str:
        """Draw one row: a mark under each event, and a line from one success to the next."""
        line = ""
        for event, answer, after in zip(self.events, answers, [*answers[1:], None], strict=True):
            mark = " " if answer is None else IN if answer else OUT
            line += mark.ljust(len(event) + _GAP, "━" if answer and after else " ")
        return line.rstrip()

    def _repr_html_(self) -> str:
        head = [Cell(text, tag="th", scope="col") for text in ("credential", "app")]
        head += [Cell(event, style="", tag="th", scope="col") for event in self.events]
        rows: list[list[Cell | str]] = [
            [Cell(name, tag="th", scope="row"), app, *map(_cell, answers)]
            for name, app, answers in self.rows
        ]
        return BLANK + html_table(rows, caption=f"{self.title}: {_LEGEND}", head=head)


def follow_copies(
    title: str,
    apps: Mapping[str, tuple[Callable[..., Flask], Mapping[str, Any] | None]],
    **deeds: Callable[[Browsers], object],
) -> Timeline:
    """Draw how long Ada's cookies are accepted, and copies that somebody has made of them.

    She logs in twice: in the library, and at home, where she asks to be remembered and closes the
    browser. The first has a session cookie, the second a remember cookie.

    Args:
        title: what the picture is about.
        apps: what each app is called, and what makes it: a function, and its settings or None.
        **deeds: what is done after the login, each a function of the browsers, by the names
            "session cookie", "remember cookie", "copied session cookie" and "copied remember
            cookie".

    Returns:
        The picture, which shows itself.
    """
    picture = Timeline(title)
    for name, (make, config) in apps.items():
        app, library = start(make, config)
        home = log_in(app, "ada", ada_in["password"], remember=True)
        home.cookies.clear_session_cookies()
        owned = {"session cookie": library, "remember cookie": home}
        copied = {f"copied {one}": copy_cookies(app, own) for one, own in owned.items()}
        picture.follow(name, owned | copied, deeds)
    return picture


def _is_logged_in(browser: Browser) -> bool:
    kept = browser.cookies.copy()
    answer = browser.post("/user_info")
    browser.cookies = kept
    if answer.status_code not in (200, 401):
        raise ValueError(f"/user_info was answered with {answer.status_code}, not with 200 or 401.")
    return "name" in answer.json()["data"]


def _cell(answer: bool | None) -> Cell:
    """Return a cell of the table; its text says what its colour says."""
    if answer is None:
        return Cell(style="")
    text = f"{IN} in" if answer else f"{OUT} out"
    return Cell(text, style="text-align:center", colour=_COLOUR[answer])
