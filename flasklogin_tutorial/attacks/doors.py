"""Which doors of an app open for those who may use them.

An attack that is refused says something only if the same request can also succeed: with the wrong
names for fields everything is refused.
"""

from flasklogin_tutorial.attacks.deeds import Deeds
from flasklogin_tutorial.attacks.outcome import NotTried
from flasklogin_tutorial.attacks.people import People, new_password
from flasklogin_tutorial.attacks.senses import Senses
from flasklogin_tutorial.attacks.site import Site


class Doors:
    """The routes of an app, tried by somebody who may use them.

    Args:
        site: the app.
        deeds: what can be done there.
        senses: what can be seen of it.
        people: who tries.
    """

    def __init__(self, site: Site, deeds: Deeds, senses: Senses, people: People) -> None:
        self._site, self._deeds, self._senses, self._people = site, deeds, senses, people
        self._trouble: dict[str, str] = {}
        self._ways = {
            "read": self._read,
            "create": self._create,
            "update": self._update,
            "delete": self._delete,
            "logout": self._log_out,
            "end_others": self._end_others,
        }

    def must_open(self, route: str) -> None:
        """Make sure that a route does what it should, for somebody who may use it.

        Args:
            route: `read`, `create`, `update`, `delete`, `logout` or `end_others`.

        Raises:
            NotTried: it does not exist, or does nothing even for those who may.
        """
        self._site.route(route)
        if route not in self._trouble:
            self._trouble[route] = self._ways[route]()
        if self._trouble[route]:
            raise NotTried(
                f"{self._site.written(route)} does not work even for somebody who may use it, so a "
                f"refusal would say nothing. It was answered by {self._trouble[route]}."
            )

    def that_open(self, *routes: str) -> list[str]:
        """Return those of some routes that do what they should.

        Raises:
            NotTried: none does.
        """
        opened, reasons = [], []
        for route in routes:
            try:
                self.must_open(route)
            except NotTried as reason:
                reasons.append(str(reason))
            else:
                opened.append(route)
        if not opened:
            raise NotTried(" ".join(reasons))
        return opened

    # ---- each tried once; what came back, if it does not work

    def _read(self) -> str:
        person = self._people.member()
        answer = self._site.call(person.browser, "read", about=person.name)
        return "" if self._senses.shows(answer, person) else answer.came_back

    def _create(self) -> str:
        writer, new = self._people.writer(), self._people.stranger()
        answer = self._deeds.create(writer.browser, new)
        return "" if self._senses.works(new.name, new.password) else answer.came_back

    def _update(self) -> str:
        person, new = self._people.member(), new_password()
        self._deeds.change_own_password(person, new)
        if self._senses.works(person.name, new):
            return ""
        answer = self._deeds.update(self._people.writer().browser, person, password=new)
        return "" if self._senses.works(person.name, new) else answer.came_back

    def _delete(self) -> str:
        person = self._people.member()
        answer = self._people.remove(person)
        return answer.came_back if self._senses.exists(person) else ""

    def _log_out(self) -> str:
        person = self._people.member()
        answer = self._deeds.log_out(person.browser)
        return answer.came_back if self._senses.is_in(person.browser, person) else ""

    def _end_others(self) -> str:
        person, other = self._people.member(), self._site.visitor()
        self._deeds.log_in_as(person, browser=other)
        answer = self._deeds.press(person.browser, "end_others")
        return answer.came_back if self._senses.is_in(other, person) else ""
