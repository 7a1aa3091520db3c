"""How an app's users are made and disabled: by whatever way it has, found by trying.

Three of the ways lead through the inside of the app, as its owner would go: a function, a command,
the class that it keeps its users in.
"""

from collections.abc import Callable
from typing import Protocol

from flasklogin_tutorial.attacks.deeds import Deeds
from flasklogin_tutorial.attacks.discovery.commands import make_by_command
from flasklogin_tutorial.attacks.discovery.model import UserModel, load_model
from flasklogin_tutorial.attacks.outcome import NotTried
from flasklogin_tutorial.attacks.senses import Senses
from flasklogin_tutorial.attacks.site import Site
from flasklogin_tutorial.visit import Person, Reply, users_add

#: Makes a person's account, an admin's if asked for; returns what went wrong.
Way = Callable[[Person, bool], str]


class Keeper(Protocol):
    """What keeps the users of an app: a class, or a collection."""

    def make(self, person: Person, admin: bool, opens: Callable[[Person], str]) -> str:
        """Make a user; return what went wrong."""

    def remove(self, person: Person) -> None:
        """Delete a user."""

    def disable(self, person: Person) -> str:
        """Disable a user; return what went wrong."""


class Accounts:
    """The accounts of an app.

    Args:
        site: the app.
        deeds: what can be done there.
        senses: what can be seen of it.
    """

    def __init__(self, site: Site, deeds: Deeds, senses: Senses) -> None:
        self._site, self._deeds, self._senses = site, deeds, senses
        self._way: Way | None = None
        #: Why no account could be made; empty as long as that is not known.
        self.trouble = ""
        #: Tells what goes wrong at a login of a person; nothing if they get in.
        self.opens: Callable[[Person], str] = self._why_not
        #: What the registration answered last.
        self.answered: Reply | None = None
        #: What the app keeps its users in, where that was found.
        self.keeper: Keeper | None = None

    def make(self, new: Person, admin: bool = False) -> None:
        """Make a person's account, in the first way that works; from then on in that way.

        Args:
            new: who gets the account.
            admin: whether they may do everything.

        Raises:
            NotTried: no account could be made, or no admin's.
        """
        if self._way is None:
            self._way = self._find_way(new, admin)
            return
        trouble = self._way(new, admin)
        if trouble and self.keeper is not None:  # the other way has an end, or makes no admins
            trouble = self.keeper.make(new, admin, self.opens)
        if trouble:
            raise NotTried(f"No {'admin' if admin else 'user'} could be made: {trouble}.")

    def disable(self, person: Person) -> None:
        """Disable a user.

        Raises:
            NotTried: the app offers no way that is known here.
        """
        inside, written = self._site.inside, self._site.names.users.disable
        if written:
            trouble = inside.call(written, person.name)
        elif inside.has_command("disable-user"):
            trouble = inside.run_command(["disable-user", person.name])
        elif self.keeper is not None and not inside.has_command("users", "disable"):
            trouble = self.keeper.disable(person)
        else:
            trouble = inside.run_command(["users", "disable", person.name])
        if trouble:
            raise NotTried(
                f"No user could be disabled: {trouble}. A TOML file may name a function."
            )

    def ways(self) -> dict[str, Way]:
        """Return the ways in which accounts may be made, by what they are called, in order."""
        return {
            "a function of its owner": self._by_function,
            "the command users add": self._by_users_add,
            "the command add-user": self._by_add_user,
            "a command of its own": self._by_own_command,
            "its registration": self._by_open_route,
            "the class of its users": self._by_keeper,
        }

    def try_way(self, way: Way, new: Person, admin: bool = False) -> str:
        """Make a person's account in one way, and stay with it if they can log in.

        Args:
            way: the way.
            new: who gets the account.
            admin: whether they may do everything.

        Returns:
            What went wrong; empty if nothing did.
        """
        trouble = way(new, admin)
        if not trouble and way != self._by_keeper:  # which has asked already
            trouble = self.opens(new)
        if not trouble:
            self._way = way
        return trouble

    def _find_way(self, new: Person, admin: bool) -> Way:
        tried = []
        for way in self.ways().values():
            trouble = self.try_way(way, new, admin)
            if not trouble:
                return way
            tried.append(trouble)
        if not admin:
            self.trouble = "; ".join(tried)
        raise NotTried("No user could be made, or logged in.")

    def _why_not(self, person: Person) -> str:
        """Tell why a person cannot log in; nothing if they can."""
        if self._senses.works(person.name, person.password):
            return ""
        answer = self._deeds.log_in(self._site.visitor(), person.name, person.password)
        return (
            f"a user was made who cannot log in: {self._site.written('login')} was answered by "
            f"{answer.came_back}"
        )

    def _by_function(self, new: Person, admin: bool) -> str:
        written = self._site.names.users.make
        if not written:
            return "the TOML file names no users.make"
        return self._site.inside.call(written, new.name, new.email, new.password, admin)

    def _by_users_add(self, new: Person, admin: bool) -> str:
        inside = self._site.inside
        if inside.app is None or not inside.has_command("users", "add"):
            return "there is no command users add"
        twice = f"{new.password}\n{new.password}\n"
        return inside.run_command(users_add(inside.app, new.name, admin=admin), twice)

    def _by_add_user(self, new: Person, admin: bool) -> str:
        if admin:
            return "the command add-user makes no admins"
        arguments = ["add-user", new.name, new.email, "--password", new.password]
        return self._site.inside.run_command(arguments)

    def _by_own_command(self, new: Person, admin: bool) -> str:
        app = self._site.inside.app
        if app is None or self._site.inside.has_command("add-user"):  # which was tried
            return "there is no command for it"
        return make_by_command(app, new, admin)

    def _by_open_route(self, new: Person, admin: bool) -> str:
        if admin:
            return "the route for new records makes no admins"
        if not self._site.has("create"):
            return f"{self._site.written('create') or 'a route for new records'} does not exist"
        answer = self._deeds.create(self._site.visitor(), new, who="not logged in")
        self.answered = answer
        if not self._senses.refuses(answer):
            return ""
        closed = self.opens(new)  # a registration may end at the login
        if not closed:
            return ""
        return f"{self._site.written('create')} was answered by {answer.came_back}, and {closed}"

    def _by_keeper(self, new: Person, admin: bool) -> str:
        written, app = self._site.names.users.model, self._site.inside.app
        if self.keeper is None and written and app is not None:
            self.keeper = UserModel(app, load_model(written))
        if self.keeper is None:
            return "no class of its users is known"
        return self.keeper.make(new, admin, self.opens)
