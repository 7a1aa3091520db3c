"""The mail that an app sends, and the links in it: read by whoever it is for, or by somebody else.

The finished app keeps mail in an outbox where its settings say so, and so do the variants. For
another app a TOML file names a function that returns the mails.
"""

import re
from collections.abc import Mapping
from urllib.parse import urlsplit
from weakref import WeakSet

from flasklogin_tutorial.attacks.outcome import NotTried
from flasklogin_tutorial.attacks.people import new_password
from flasklogin_tutorial.attacks.target import Target
from flasklogin_tutorial.visit import Browser, Form, Person, Reply, find_form, read_forms

_LINK = re.compile(r"https?://[^\s<>\"']+")

#: What stands in front of the token in a link: the last of these.
_BEFORE_TOKEN = re.compile(r".*[/=]")

#: Apps whose reset was seen to work for somebody who may: once is enough for all attacks.
_working: WeakSet[Target] = WeakSet()


class Mailbox:
    """What an app sends by mail, and what is done with it.

    Args:
        target: the app.

    Raises:
        NotTried: it has no reset by mail, or nobody can look into its mail.
    """

    def __init__(self, target: Target) -> None:
        self._target = target
        target.people.regular()  # without a user nothing can be said
        target.route("forgot")
        if target.inside.letters(target.names.users.letters) is None:
            raise NotTried(
                'Nobody can look into the mail of this app: there is no app.extensions["outbox"], '
                "and no TOML file names a function users.letters."
            )

    # ---- reading

    def texts(self, address: str) -> list[str]:
        """Return what was sent to an address, the first text first."""
        letters = self._target.inside.letters(self._target.names.users.letters) or []
        return [text for to, text in letters if address in to]

    def link(self, address: str) -> str:
        """Return the latest link that was sent to an address; empty if there is none."""
        links = [link for text in self.texts(address) for link in _LINK.findall(text)]
        return links[-1] if links else ""

    # ---- asking

    def ask(
        self,
        address: str,
        who: str = "",
        *,
        browser: Browser | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Reply:
        """Ask for a link.

        Args:
            address: the e-mail address that is typed.
            who: who asks, in words.
            browser: where from; a stranger's if left out.
            headers: further headers.

        Returns:
            The answer.
        """
        body = {self._target.names.fields.email: address}
        browser = browser or self._target.visitor()
        return self._target.call(browser, "forgot", body, who=who, headers=headers)

    # ---- using links

    def look_at(self, browser: Browser, link: str, who: str = "", method: str = "GET") -> Reply:
        """Open a link, whatever host it names, at this app."""
        headers = {"Accept": "text/html"}
        return self._target.send(browser, method, _path_of(link), who=who, headers=headers)

    def follow(self, browser: Browser, link: str, password: str, who: str = "") -> Reply:
        """Open a link, and choose a password on its page.

        Returns:
            The answer; that of the page itself, if it asks for no password.
        """
        fields, page = self._target.names.fields, self.look_at(browser, link, who)
        form = find_form(page.response.text, fields.new_password)
        if form is None:
            return page
        chosen = {fields.new_password: password}
        if fields.new_password_again:
            chosen[fields.new_password_again] = password
        return self._send(browser, link, page, form, chosen, who)

    def confirm(self, person: Person, link: str) -> None:
        """Let somebody who is logged in press the button on the page of a link, if it has one."""
        page = self.look_at(person.browser, link)
        forms = read_forms(page.response.text)
        if forms:
            self._send(person.browser, link, page, forms[0], {}, "")

    def _send(
        self,
        browser: Browser,
        link: str,
        page: Reply,
        form: Form,
        chosen: Mapping[str, str],
        who: str,
    ) -> Reply:
        """Send a form of the page that a link leads to."""
        return self._target.deeds.send_form(
            browser,
            _path_of(link),
            form.action,
            form.inputs | dict(chosen),
            who=who,
            policy=page.response.headers.get("Referrer-Policy", ""),
            shown="a new password",
        )

    # ---- people

    def member(self) -> Person:
        """Make a user who is logged in, has confirmed their address, and can reset the password.

        Raises:
            NotTried: a reset does not work even for somebody who may.
        """
        if self._target not in _working:
            self._must_work()
        return self._confirmed()

    def _confirmed(self) -> Person:
        person = self._target.people.member()
        link = self.link(person.email)
        if link:
            self.confirm(person, link)
        return person

    def _must_work(self) -> None:
        person, new = self._confirmed(), new_password()
        answer = self.ask(person.email)
        link = self.link(person.email)
        if link:
            answer = self.follow(self._target.visitor(), link, new)
        if not self._target.senses.works(person.name, new):
            raise NotTried(
                "A reset by mail does not work even for somebody who may, so a refusal would say "
                f"nothing. It was answered by {answer.came_back}."
            )
        _working.add(self._target)


def _path_of(link: str) -> str:
    parts = urlsplit(link)
    return parts.path + (f"?{parts.query}" if parts.query else "")


def with_token_of(link: str, other: str) -> str:
    """Return a link with the token of another one in place of its own.

    Args:
        link: a link.
        other: another link of the app.

    Returns:
        The first, as far as its last slash or equals sign, and what comes in the other after that.
    """
    return _before(link) + other.removeprefix(_before(other))


def _before(link: str) -> str:
    found = _BEFORE_TOKEN.match(link)
    return found[0] if found else ""
