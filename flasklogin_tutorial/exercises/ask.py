"""How a check talks to what a learner wrote: it calls the function, or the app that it returns.

Every question says what was called, what came back and what was expected; see
`flasklogin_tutorial.visit.asking`.
"""

import reprlib
from collections.abc import Callable, Mapping
from typing import Any

import requests
from flask import Flask

from flasklogin_tutorial.exercises.printed import Printed
from flasklogin_tutorial.visit import (
    LOOPBACK,
    Browser,
    Mismatch,
    Reply,
    ask,
    describe_error,
    in_process,
    known_hint,
    likely_hint,
    new_app,
    require_app,
)


class _Short(reprlib.Repr):
    def repr_Flask(self, app: Flask, level: int) -> str:
        return "app"


_SHORT = _Short()
_SHORT.maxstring = _SHORT.maxother = 60
_SHORT.maxdict = _SHORT.maxlist = 6

#: What every question is asked with. An answer that replaces one of these asks itself.
_TOOLS = (
    (requests.Session, "request"),
    (requests.Session, "send"),
    (Browser, "request"),
    (Browser, "send"),
    (Reply, "must"),
    (Reply, "came_back"),
    (Flask, "wsgi_app"),
    (Flask, "__call__"),
)
_ORIGINAL = [vars(owner).get(name) for owner, name in _TOOLS]


def replaced_tools() -> list[str]:
    """Return the names of what a check works with, and what is not itself any more."""
    return [
        f"{owner.__name__}.{name}"
        for (owner, name), original in zip(_TOOLS, _ORIGINAL, strict=True)
        if vars(owner).get(name) is not original
    ]


class Unfinished(NotImplementedError):
    """An answer has not been written yet. It is shown as one line, and never as a traceback."""

    def _render_traceback_(self) -> list[str]:
        """Return what IPython shows in place of a traceback."""
        return [f"not yet: {self}"]


class Ask:
    """What a learner wrote, to be asked.

    Args:
        name: what the exercise calls the learner's function.
        answer: the learner's function.
    """

    def __init__(self, name: str, answer: Callable[..., Any]) -> None:
        self.name, self.answer = name, answer
        #: What the answer or an app raised, and what came back from the apps, in this order.
        self.errors: list[BaseException] = []
        self.replies: list[Reply] = []
        #: Whether the answer has printed anything; None where nobody watches.
        self.printed: Printed | None = None

    def __call__(self, *given: Any, expected: str = "it returns", **named: Any) -> Any:
        """Call the learner's function.

        Args:
            *given: what to hand to it.
            expected: what it should do, in words, for the case that it raises an error.
            **named: what to hand to it by name.

        Returns:
            What it returns.

        Raises:
            Mismatch: it raised an error.
            Unfinished: it is not written yet.
        """
        try:
            return self.answer(*given, **named)
        except Unfinished:
            raise
        except Exception as error:
            self.errors.append(error)
            called = self.described(*given, **named)
            said = describe_error(error)
            hint = known_hint(said) or likely_hint(said)
            raise Mismatch(called, said, expected, hint) from error

    def note_error(self, app: Flask, exception: BaseException, **_: Any) -> None:
        """Note what an app has raised; Flask's signal `got_request_exception` calls this."""
        self.errors.append(exception)

    def described(self, *given: Any, **named: Any) -> str:
        """Return a call of the learner's function in words."""
        arguments = [_shown(one) for one in given]
        arguments += [f"{name}={_shown(one)}" for name, one in named.items()]
        return f"{self.name}({', '.join(arguments)})"

    def returns(self, value: Any, *given: Any, hint: str = "", **named: Any) -> None:
        """Raise `Mismatch` unless a call returns a value equal to this one, and of its type."""
        expected = _shown(value)
        found = self(*given, expected=expected, **named)
        if type(found) is not type(value) or found != value:
            raise Mismatch(self.described(*given, **named), _shown(found), expected, hint)

    def must(
        self, condition: object, called: str, came_back: str, expected: str, hint: str = ""
    ) -> None:
        """Raise `Mismatch` unless the condition holds."""
        if not condition:
            raise Mismatch(called, came_back, expected, hint)

    def must_be(self, called: str, found: object, wanted: bool, hint: str) -> None:
        """Raise `Mismatch` unless what came back counts as True or as False, as it has to."""
        if found is None:
            hint = "Nothing came back. Is `return` there?"
        right = found is not None and bool(found) is wanted
        self.must(right, called, f"{found!r:.60}", f"{wanted}", hint)

    def app(self, *given: Any, config: Mapping[str, Any] | None = None) -> Flask:
        """Let the learner's function make an app, on an empty database.

        Args:
            *given: what to hand to it.
            config: settings to hand to it, where it takes any.

        Returns:
            The app.

        Raises:
            Mismatch: it raised an error, or returned something else.
        """
        made: list[Any] = []

        def create_app(*settings: Any) -> Flask:
            made.append(self(*given, *settings, expected="it returns a Flask app"))
            if not isinstance(made[0], Flask):
                raise Mismatch(
                    self.described(*given),
                    _shown(made[0]),
                    "a Flask app",
                    "Does the function end with `return app`?",
                )
            return require_app(made[0])

        return new_app(create_app, config)

    def fresh(self, create_app: Callable[..., Flask], **settings: Any) -> Flask:
        """Make an app of the course for the learner's function to work on, on an empty database."""
        return new_app(create_app, settings or None)

    def visitor(self, app: Flask, address: str = LOOPBACK) -> Browser:
        """Open a browser on an app, in process, which the app sees at an address."""
        return in_process(app, address=address)

    def send(
        self,
        browser: Browser,
        method: str,
        path: str,
        *,
        who: str = "",
        json: Any = None,
        **more: Any,
    ) -> Reply:
        """Send one request and follow no redirect.

        Args:
            browser: who sends it.
            method: the verb.
            path: where to.
            who: the sender in words, for the result.
            json: the body, if it has one.
            **more: as for `requests.Session.request`; and `shown`, the body in words for the
                result, where it is not the body itself.

        Returns:
            The reply. Its `must` and `must_show` say what was expected.

        Raises:
            Unfinished: the answer is a view, and it is not written yet.
        """
        shown = more.pop("shown", "" if json is None else _shown(json))
        reply = ask(browser, method, path, json=json, who=who, shown=shown, **more)
        if isinstance(reply.error, Unfinished):
            raise reply.error
        self.replies.append(reply)
        return reply


def _shown(value: Any) -> str:
    return getattr(value, "__name__", None) or _SHORT.repr(value)
