"""Running the attacks."""

from collections.abc import Callable, Sequence

from flask import Flask

from flasklogin_tutorial.attacks.attack import ATTACKS, Attack
from flasklogin_tutorial.attacks.discovery.search import find_way_in
from flasklogin_tutorial.attacks.discovery.way_in import WayIn
from flasklogin_tutorial.attacks.names import Names
from flasklogin_tutorial.attacks.outcome import NotTried, Outcome, Verdict
from flasklogin_tutorial.attacks.report import Report, Row
from flasklogin_tutorial.attacks.target import Target
from flasklogin_tutorial.visit import describe_error, require_app


class MightBeReal(Exception):
    """The attacks would write to a database that may matter to somebody."""

    def __init__(self) -> None:
        super().__init__(
            "The attacks make, change and delete users in whatever database the app is configured "
            "with. This app does not run on mongomock or on SQLite in memory. Configure it for a "
            "database that may be ruined, and say so."
        )


def find_attacks(names: Sequence[str]) -> list[Attack]:
    """Return the attacks with these names.

    Args:
        names: the names; none means all attacks.

    Returns:
        The attacks, in the order of the list.

    Raises:
        ValueError: there is no attack of that name.
    """
    known = {one.name for one in ATTACKS}
    for name in names:
        if name not in known:
            raise ValueError(f"There is no attack {name!r}. There are: {', '.join(sorted(known))}.")
    return [one for one in ATTACKS if not names or one.name in names]


def try_attack(one: Attack, target: Target) -> Outcome:
    """Try one attack on a target; whatever goes wrong in it, there is an outcome.

    Args:
        one: the attack.
        target: the app.

    Returns:
        The outcome. What cannot be tried is `not tried`, with the reason, and never `held`.
    """
    try:
        return one.run(target)
    except NotTried as reason:
        return Outcome(Verdict.NOT_TRIED, str(reason))
    except Exception as error:
        says = f"The attack could not be carried out: {describe_error(error)}"
        return Outcome(Verdict.NOT_TRIED, says)


def enter(
    app: Flask | str | Callable[[], Flask], names: Names | None = None, *, may_write: bool = False
) -> tuple[Target, WayIn]:
    """Find a way into an app; this makes users already.

    Args:
        app: as for `run_attacks`.
        names: what is known of the app; what is left out is searched for.
        may_write: as for `run_attacks`.

    Returns:
        The app as a target, and what was found of it.

    Raises:
        MightBeReal: the database is not known to be disposable, and `may_write` was not given.
        NotAFlaskApp: `app` is none, and did not return one.
        ValueError: an address that is not on this machine.
    """
    if callable(app) and not isinstance(app, Flask):
        app = app()
    if not isinstance(app, str):
        require_app(app)
    target = Target(app, names)
    if not may_write and not target.inside.is_disposable():
        raise MightBeReal
    return target, find_way_in(target)


def run_attacks(
    app: Flask | str | Callable[[], Flask],
    names: Names | None = None,
    *,
    only: Sequence[str] = (),
    may_write: bool = False,
    progress: Callable[[int, int, str], None] = lambda done, all_of_them, name: None,
    found: Callable[[WayIn], None] = lambda way_in: None,
) -> Report:
    """Try the attacks on an app.

    **The attacks make, change and delete users in whatever database the app is configured with.**

    Args:
        app: a Flask app, a function that makes one, or the address of a running one on this
            machine, such as `http://127.0.0.1:5000`.
        names: what the app calls its routes and fields; what is left out is searched for.
        only: the names of the attacks to try; all if left out.
        may_write: that the app's database may be ruined. Needed unless it is mongomock, or SQLite
            in memory.
        progress: called before each attack with the number done, the number of all, and its name.
        found: called before the first attack with what was found of the app.

    Returns:
        What came of each attack.

    Raises:
        MightBeReal: the database is not known to be disposable, and `may_write` was not given.
        NotAFlaskApp: `app` is none, and did not return one.
        ValueError: an address that is not on this machine, or an attack that does not exist.
    """
    chosen = find_attacks(only)
    target, way_in = enter(app, names, may_write=may_write)
    found(way_in)
    if way_in.trouble:
        target.people.accounts.trouble = way_in.trouble
    report = Report()
    for number, one in enumerate(chosen):
        progress(number, len(chosen), one.name)
        report.rows.append(Row(one, try_attack(one, target)))
    if report.having(Verdict.NOT_TRIED):
        report.trouble = target.people.accounts.trouble
    _clean_up(target)
    progress(len(chosen), len(chosen), "done")
    return report


def _clean_up(target: Target) -> None:
    try:
        target.people.clean_up()
    except Exception:  # an app that fell apart keeps what it has
        return
