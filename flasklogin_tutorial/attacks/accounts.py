"""How an app's users are made and disabled: by whatever way it has, found by trying.

Two of the ways lead through the inside of the app, as its owner would go: a function, a command.
"""

from collections.abc import Callable

from flasklogin_tutorial.attacks.deeds import Deeds
from flasklogin_tutorial.attacks.outcome import NotTried
from flasklogin_tutorial.attacks.senses import Senses
from flasklogin_tutorial.attacks.site import Site
from flasklogin_tutorial.visit import Person, users_add

#: Makes a person's account, an admin's if asked for; returns what went wrong.
Way = Callable[[Person, bool], str]


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
        else:
            trouble = inside.run_command(["users", "disable", person.name])
        if trouble:
            raise NotTried(
                f"No user could be disabled: {trouble}. A TOML file may name a function."
            )

    def _find_way(self, new: Person, admin: bool) -> Way:
        tried = []
        for way in (self._by_function, self._by_users_add, self._by_add_user, self._by_open_route):
            trouble = way(new, admin)
            if not trouble and not self._senses.works(new.name, new.password):
                trouble = "a user was made who cannot log in"
            if not trouble:
                return way
            tried.append(trouble)
        if not admin:
            self.trouble = "; ".join(tried)
        raise NotTried("No user could be made, or logged in.")

    def _by_function(self, new: Person, admin: bool) -> str:
        written = self._site.names.users.make
        if not written:
            return "the TOML file names no users.make"
        return self._site.inside.call(written, new.name, new.email, new.password, admin)

    def _by_users_add(self, new: Person, admin: bool) -> str:
        inside = self._site.inside
        if inside.app is None:
            return "there is no command users"
        twice = f"{new.password}\n{new.password}\n"
        return inside.run_command(users_add(inside.app, new.name, admin=admin), twice)

    def _by_add_user(self, new: Person, admin: bool) -> str:
        if admin:
            return "the command add-user makes no admins"
        arguments = ["add-user", new.name, new.email, "--password", new.password]
        return self._site.inside.run_command(arguments)

    def _by_open_route(self, new: Person, admin: bool) -> str:
        if admin:
            return "the route for new records makes no admins"
        if not self._site.has("create"):
            return f"{self._site.written('create') or 'a route for new records'} does not exist"
        answer = self._deeds.create(self._site.visitor(), new, who="not logged in")
        # A registration may end with the way to the login, as a refusal does.
        works = not self._senses.refuses(answer) or self._senses.works(new.name, new.password)
        return "" if works else answer.came_back
