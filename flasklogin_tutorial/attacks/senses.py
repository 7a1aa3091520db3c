"""What can be seen of an app from outside: who is logged in, what an answer shows, who exists.

By these the attacks are judged. They know an app over HTTP only, so that they hold for any app, in
this process or behind an address, whatever it is made of.
"""

import json

from flasklogin_tutorial.attacks import web
from flasklogin_tutorial.attacks.deeds import Deeds
from flasklogin_tutorial.attacks.site import Site
from flasklogin_tutorial.visit import Browser, Person, Reply


class Senses:
    """What answers tell.

    Args:
        site: the app.
        deeds: what can be done there.
    """

    def __init__(self, site: Site, deeds: Deeds) -> None:
        self._site, self._deeds = site, deeds

    def whoami(self, browser: Browser, who: str = "") -> Reply:
        """Ask the app who is logged in."""
        return self._site.call(browser, "whoami", who=who)

    def is_in(self, browser: Browser, person: Person) -> bool:
        """Tell whether a browser is logged in as this person."""
        return self.shows(self.whoami(browser), person)

    def shows(self, reply: Reply, person: Person) -> bool:
        """Tell whether an answer is a success that shows this person's name.

        Where the app was asked who is logged in, Flask-Login knows it too.
        """
        named = person.name in reply.response.text or self._site.is_calling(reply, person.name)
        return reply.response.status_code < 300 and named

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
        seen = self.whoami(browser)
        named = _in_text(name, seen) or self._site.is_calling(seen, name)
        return seen.response.status_code < 300 and named

    def exists(self, person: Person) -> bool:
        """Tell whether a person's account is there."""
        if self._site.has("read"):
            reply = self._site.call(self._site.visitor(), "read", about=person.name)
            return self.shows(reply, person)
        return self.works(person.name, person.password)


def _in_text(name: str, reply: Reply) -> bool:
    return name in reply.response.text or json.dumps(name)[1:-1] in reply.response.text
