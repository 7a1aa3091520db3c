"""What can be seen of an app: who is logged in, what an answer shows, who exists.

By these the attacks are judged. They go over HTTP, so that they hold for any app, in this process
or behind an address. In this process Flask-Login itself says who is calling, so that the page that
is asked need not show it.
"""

import html
import json
from collections.abc import Mapping
from typing import Any

from flasklogin_tutorial.attacks import callers, web
from flasklogin_tutorial.attacks.deeds import Deeds
from flasklogin_tutorial.attacks.outcome import NotTried
from flasklogin_tutorial.attacks.site import Site
from flasklogin_tutorial.visit import Browser, Person, Reply

#: How often an app is asked that fails to say who is calling.
_PATIENCE = 3


class Senses:
    """What answers tell.

    Args:
        site: the app.
        deeds: what can be done there.
    """

    def __init__(self, site: Site, deeds: Deeds) -> None:
        self._site, self._deeds = site, deeds
        #: Whether anybody was ever seen to be logged in.
        self.has_seen_a_login = False
        self._known_to_library = self._page_shows = False
        self._page_is_public: bool | None = None

    def whoami(
        self, browser: Browser, who: str = "", headers: Mapping[str, str] | None = None
    ) -> Reply:
        """Ask the app who is logged in; again, where it fails, for an app may be unsteady."""
        for _ in range(_PATIENCE):
            reply = self._site.call(browser, "whoami", who=who, headers=headers)
            if not reply.crashed:
                break
        return reply

    def is_in(self, browser: Browser, person: Person) -> bool:
        """Tell whether a browser is logged in as this person."""
        return self.tells(self.whoami(browser), person)

    def tells(self, reply: Reply, person: Person) -> bool:
        """Tell whether an answer to `whoami` says that this person is logged in."""
        return self._tells_of(reply, person.name)

    def is_somebody(self, browser: Browser) -> bool:
        """Tell whether a browser is logged in, as whomever.

        Raises:
            NotTried: nothing tells a browser that is logged in from one that is not.
        """
        seen = self.whoami(browser)
        caller = callers.caller_of(seen)
        if caller.asked and self._known_to_library:
            return caller.is_somebody and not self.refuses(seen)
        unknown = self.whoami(self._site.visitor(), "not logged in")
        if self.refuses(unknown):
            return not self.refuses(seen) and not seen.crashed
        if not (seen.data or unknown.data):
            raise NotTried(
                f"Nobody is refused at {self._site.written('whoami')}, so nothing tells there that "
                f"somebody is logged in of whom nothing else is known."
            )
        return seen.response.status_code < 300 and seen.data != unknown.data

    def known_of_caller(self, reply: Reply) -> dict[str, Any]:
        """Return the fields of the user whom Flask-Login takes for the sender of `whoami`."""
        return callers.caller_of(reply).fields

    def _tells_of(self, reply: Reply, name: str) -> bool:
        """Tell whether an answer to `whoami` is a success, and of somebody of this name.

        Flask-Login knows who is calling, where it can be asked. Where the page is known to show
        the name of whoever calls, it has to show it besides: an app may refuse somebody whom
        Flask-Login still knows.
        """
        if reply.response.status_code >= 300:
            return False
        caller, is_shown = callers.caller_of(reply), _in_text(name, reply)
        if caller.is_called(name):
            self._known_to_library = True
            self._page_shows |= is_shown
            told = is_shown or not self._page_shows
        elif caller.is_somebody and self._known_to_library:
            told = False
        elif self._known_to_library and not (caller.asked or self._page_shows):
            raise NotTried("Flask-Login could not be asked who is calling, and no page shows it.")
        else:
            told = is_shown and not self._shows_to_strangers(name)
        self.has_seen_a_login |= told
        return told

    def _shows_to_strangers(self, name: str) -> bool:
        """Tell whether the page shows names to everybody, and so tells nothing."""
        if self._page_is_public is None:
            self._page_is_public = _in_text(name, self.whoami(self._site.visitor()))
        return self._page_is_public

    def shows(self, reply: Reply, person: Person) -> bool:
        """Tell whether an answer is a success that shows this person's name."""
        return reply.response.status_code < 300 and _in_text(person.name, reply)

    def refuses(self, reply: Reply) -> bool:
        """Tell whether an answer is a refusal: an error, or the way to the login."""
        if not reply.response.is_redirect:
            return reply.response.status_code >= 400
        routes = self._site.names.routes
        logins = {written.partition(" ")[2] for written in (routes.login, routes.login_page)}
        return web.path_of(reply.response.headers["Location"]) in logins

    def works(self, name: str, password: str) -> bool:
        """Tell whether somebody can log in with this name and password."""
        browser = self._site.visitor()
        self._deeds.log_in(browser, name, password)
        return self._tells_of(self.whoami(browser), name)

    def exists(self, person: Person) -> bool:
        """Tell whether a person's account is there.

        A record that a stranger can read is there. One that nobody is shown may be there all the
        same: then the login is asked.
        """
        if self._site.has("read"):
            reply = self._site.call(self._site.visitor(), "read", about=person.name)
            if self.shows(reply, person):
                return True
        return self.works(person.name, person.password)


def _in_text(name: str, reply: Reply) -> bool:
    text = reply.response.text
    return name in text or json.dumps(name)[1:-1] in text or name in html.unescape(text)
