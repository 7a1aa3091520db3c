"""The people of the checks: they visit an app, and put into it what the questions need.

Every run has names of its own, so that nothing that a former run has left is in its way, and takes
away what it has made: first as a client would, and then past the app, which may be broken.
"""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from flask import Flask

from flasklogin_tutorial.checks.causes import lost_cookie
from flasklogin_tutorial.checks.probe import PROBE_PATH, with_probe
from flasklogin_tutorial.visit import (
    BODY_WIDTH,
    Browser,
    Mismatch,
    Person,
    Reply,
    ask,
    email_of,
    in_process,
    known_hint,
    likely_hint,
    remove_documents,
    run_command,
    send_login,
    shorten,
)


class World:
    """An app, with the people who visit it for the checks.

    Args:
        app: the app.
    """

    def __init__(self, app: Flask) -> None:
        self.app = app
        self._names: list[str] = []
        # No digits, because the number of a person stands in front of it: see `_without_run`.
        self._run = "-" + "".join(secrets.choice("bcdfghjkmnpqrstvwxz") for _ in range(8))

    def call(
        self, browser: Browser, method: str, path: str, body: object = None, who: str = ""
    ) -> Reply:
        """Send one request and follow no redirect."""
        return ask(browser, method, path, json=body, who=who)

    def probe(self, browser: Browser, question: str, who: str) -> Reply:
        """Ask the app, on a page in front of it, what only a view can know."""
        page = {"Accept": "text/html"}
        reply = ask(browser, "GET", f"{PROBE_PATH}?{question}", headers=page)
        return Reply(reply.response, f"{question}, {who}")

    def stranger(self) -> Browser:
        """Open a browser that nobody has logged in from."""
        return in_process(self.app, front=with_probe(self.app))

    def new_person(self) -> Person:
        """Invent somebody whose record the app cannot have."""
        name = f"check-user-{len(self._names) + 1}{self._run}"
        self._names.append(name)
        found = self.find(name)
        free = "no record: nobody has put one under this name"
        found.must(found.data.get("name") != name, free)
        return Person(name, f"password of {name}", email_of(name), self.stranger())

    def new_user(self) -> Person:
        """Put a user into the app: with an open PUT, or with the command `add-user`."""
        person = self.new_person()
        with _on_the_way("no user can be made"):
            created = self.call(self.stranger(), "PUT", "/", person.record, "not logged in")
            if created.refused:
                self.add_user(person)
            else:
                created.must_show(name=person.name)
        with _on_the_way("a record that was made is not found again"):
            self.must_have(person, person.email)
        return person

    def add_user(self, person: Person) -> None:
        """Put a user into the app with the command `add-user`, and see that it is there."""
        called = f"flask add-user {person.name} {person.email} --password …"
        if "add-user" not in self.app.cli.commands:
            raise Mismatch(called, "the app has no command add-user", "the command adds the user")
        arguments = ["add-user", person.name, person.email, "--password", person.password]
        trouble = run_command(self.app, arguments)
        if trouble:
            hint = known_hint(trouble) or likely_hint(trouble) or _of_a_command(trouble)
            raise Mismatch(called, shorten(trouble, BODY_WIDTH), "the command adds the user", hint)
        found = self.find(person.name)
        if found.data.get("name") != person.name:
            expected = f"the record of {person.name}"
            said = f"{called}; then {found.called}"
            hint = "The command ran, and there is no such record: does it call save()?"
            raise Mismatch(said, found.came_back, expected, hint, reply=found)

    def member(self) -> Person:
        """Make a user and log them in from their browser."""
        person = self.new_user()
        with _on_the_way("the login itself fails"):
            reply = self.log_in(person)
            reply.must_show(name=person.name)
        with _on_the_way("the cookie of the login does not come back"):
            reply.must(not (lost := lost_cookie(reply)), "a cookie that comes back", lost)
        return person

    def log_in(self, person: Person) -> Reply:
        """Send a login from a person's browser."""
        return send_login(person.browser, person.name, person.password)

    def write(self, method: str, body: dict[str, str]) -> Reply:
        """Create, update or delete: as a stranger, or logged in where strangers are refused."""
        reply = self.call(self.stranger(), method, "/", body)
        if not reply.refused:
            return reply
        person = self.member()
        reply = self.call(person.browser, method, "/", body, f"logged in as {person.name}")
        with _on_the_way("a user who has logged in is refused"):
            reply.must(not reply.refused, "an answer, because this user has logged in")
        return reply

    def delete(self, person: Person) -> None:
        """Let somebody who has logged in delete their own record."""
        with _on_the_way("the record cannot be deleted"):
            gone = self.call(person.browser, "DELETE", "/", {"name": person.name})
            gone.must_show(name=person.name)

    def find(self, name: str) -> Reply:
        """Ask for a record, as a stranger."""
        return self.call(self.stranger(), "GET", f"/?name={name}")

    def must_have(self, person: Person, email: str = "", hint: str = "") -> None:
        """Raise `Mismatch` unless anyone can read the record, with this e-mail if one is given.

        Args:
            person: whose record.
            email: what it has to show.
            hint: where to look if another record than this one was to be changed.
        """
        found = self.find(person.name)
        try:
            found.must_show(name=person.name, **({"email": email} if email else {}))
        except Mismatch as mismatch:
            mismatch.hint = mismatch.hint or hint
            raise

    def must_know(self, person: Person, asked: Reply) -> None:
        """Raise `Mismatch`, as one that is in the way, unless a login is known to the probe."""
        with _on_the_way("the request after the login does not know the user"):
            asked.must(asked.data.get("name") == person.name, f"the user {person.name}")

    def must_not_have(self, person: Person) -> None:
        """Raise `Mismatch` unless the record cannot be found."""
        found = self.find(person.name)
        found.must("error" in found.data, 'a JSON object with "error": there is no such record')

    def readable(self, mismatch: Mismatch) -> Mismatch:
        """Leave out of the words of a mismatch what is random in the names."""
        mismatch.called, mismatch.came_back, mismatch.expected = map(
            self._without_run, (mismatch.called, mismatch.came_back, mismatch.expected)
        )
        return mismatch

    def _without_run(self, text: str) -> str:
        text = text.replace(self._run, "")
        for length in range(len(self._run) - 1, 0, -1):  # a text that was cut within a name
            text = text.replace(f"{self._run[:length]}…", "…")
        return text

    def clean_up(self) -> None:
        """Delete what the checks have made: as a client, and what is left then past the app."""
        self._delete_as_client()
        remove_documents(self._run)

    def _delete_as_client(self) -> None:
        left = list(self._names)
        browser = self.stranger()
        with suppress(Mismatch):  # where nobody can log in, records of the checks may stay
            if left and self.call(browser, "DELETE", "/", {"name": left[0]}).refused:
                own = self.member()
                browser = own.browser
                left.append(own.name)  # last: it ends the login
            for name in left:
                self.call(browser, "DELETE", "/", {"name": name})


def _of_a_command(trouble: str) -> str:
    """Return where to look when the command add-user did not add anybody."""
    if "No such option" in trouble:
        return "The password is an option of the command: write @click.password_option() above it."
    if "Aborted" in trouble:
        return (
            "The command asks for what it was given, and nobody is there to answer. It has two "
            "arguments, name and email, and the option --password."
        )
    return "The command is there, and this is how it ended. Does anything stand below save()?"


@contextmanager
def _on_the_way(blocked_by: str) -> Iterator[None]:
    """Mark a mismatch as none of the check's own: it stands in the way of its question."""
    try:
        yield
    except Mismatch as mismatch:
        mismatch.blocked_by = mismatch.blocked_by or blocked_by
        raise
