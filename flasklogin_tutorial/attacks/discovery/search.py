"""The search for a way into an app: its login, its users, and what a user can do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flasklogin_tutorial.attacks.discovery.draft import Draft
from flasklogin_tutorial.attacks.discovery.login import find_first_page, find_logins
from flasklogin_tutorial.attacks.discovery.records import (
    find_deletion,
    find_record,
    find_registration,
    find_update,
    settle_registration,
)
from flasklogin_tutorial.attacks.discovery.signed_in import (
    find_buttons,
    find_logout,
    find_next,
    find_token_page,
    find_whoami,
)
from flasklogin_tutorial.attacks.discovery.tables import make_tables
from flasklogin_tutorial.attacks.discovery.tour import Tour, explain, where_raised
from flasklogin_tutorial.attacks.discovery.users import find_users
from flasklogin_tutorial.attacks.discovery.way_in import WayIn
from flasklogin_tutorial.visit import describe_error

if TYPE_CHECKING:
    from flasklogin_tutorial.attacks.target import Target


def find_way_in(target: Target) -> WayIn:
    """Find what an app calls its routes and fields, and how its users are made.

    What the TOML file says stays as it is. An app that has the article's routes is taken as it is:
    nothing is searched for.

    Args:
        target: the app; its names are changed to what was found.

    Returns:
        What was found.
    """
    made = make_tables(target.inside.app)  # first: without them any page may fail
    if _has_the_articles_routes(target):
        return WayIn(target.names)
    draft = Draft(target)
    if made:
        draft.note("tables", made, "users.make", '"mytests:make_user"')
    try:
        _search(draft)
    except Exception as error:  # an app may do anything at any request
        where = where_raised(error)
        draft.trouble = f"the search for a way in broke off: {describe_error(error)}"
        draft.trouble += f", raised in {where}" if where else ""
    return WayIn(draft.names, draft.findings, draft.trouble)


def _search(draft: Draft) -> None:
    draft.forget_routes()
    tour = Tour(draft.target)
    logins = find_logins(tour, draft)
    if not logins:
        draft.trouble = _no_login(tour)
        draft.note("login", "", "routes.login", '"POST /login"', draft.trouble)
        return
    draft.put("send", logins[0].values["send"])
    find_first_page(tour, draft)
    find_registration(tour, draft)
    member = find_users(tour, draft, logins)
    if member is None:
        return
    draft.trouble = find_whoami(tour, draft, member)
    if draft.trouble:
        return
    find_token_page(tour, draft, member)
    find_logout(tour, draft, member)
    find_next(tour, draft)
    settle_registration(tour, draft, member)
    find_update(tour, draft, member)
    find_deletion(tour, draft, member)
    find_record(tour, draft, member)
    find_buttons(tour, draft, member)


def _has_the_articles_routes(target: Target) -> bool:
    """Tell whether an app has the routes of the article, and is not said to have another login."""
    article = type(target.names.routes)()
    if target.names.send != "json" or target.names.routes.login != article.login:
        return False
    return target.answers(article.login) and target.answers(article.whoami)


def _no_login(tour: Tour) -> str:
    """Tell why no login was found: what was asked for, and what came back."""
    broken = [seen for seen in tour.for_strangers().values() if seen.reply.crashed]
    if broken:
        return f"GET {broken[0].path} was answered by {explain(broken[0].reply)}"
    return (
        f"none of {len(tour.for_strangers())} pages that a stranger sees has a form with a "
        "password, and no view calls login_user"
    )
