"""What an app does with accounts: registration, another password, deletion, a record to read."""

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote

from flasklogin_tutorial.attacks.discovery import reading
from flasklogin_tutorial.attacks.discovery.candidates import Candidate, settle
from flasklogin_tutorial.attacks.discovery.draft import Draft
from flasklogin_tutorial.attacks.discovery.page import PageForm
from flasklogin_tutorial.attacks.discovery.tour import Seen, Tour, explain
from flasklogin_tutorial.attacks.discovery.urls import Place
from flasklogin_tutorial.attacks.discovery.words import is_for, means, read_form
from flasklogin_tutorial.attacks.people import new_password
from flasklogin_tutorial.visit import Person

#: Arguments of a path that stand for a user, by what they are filled with.
_NAME_ARGUMENTS = ("name", "username", "user", "user_name", "handle", "login", "email", "nickname")
_ID_ARGUMENTS = ("id", "user_id", "uid", "userid", "pk", "user_pk")


# ---- registration


def find_registration(tour: Tour, draft: Draft) -> None:
    """Find the registration; whether it works is seen when users are made."""
    if draft.is_written("routes.create"):
        return
    for _, seen, form in tour.forms(tour.for_strangers()):
        if _registers(seen, form):
            draft.put_all(_names_of(seen, form))
            return
    if draft.names.send == "json":
        _registration_by_json(tour, draft)


def _names_of(seen: Seen, form: PageForm) -> dict[str, Any]:
    """Return what a form for new users calls its fields, by the keys of the TOML file."""
    read = read_form(form)
    return {
        "routes.create": f"POST {seen.target_of(form)}",
        "pages.create": seen.path.partition("?")[0],
        "fields.name": read.name or read.email,
        "fields.email": read.email,
        "fields.password": read.password,
        "also.create": read.also,
    }


def _registers(seen: Seen, form: PageForm) -> bool:
    read, passwords = read_form(form), form.of_kind("password")
    if not passwords or not (read.name or read.email):
        return False
    called = (seen.target_of(form), seen.path.partition("?")[0])
    if is_for("reset", *called) and not is_for("create", *called):
        return False
    several = len(passwords) > 1 or bool(read.name and read.email)
    return several or is_for("create", *called)


def _registration_by_json(tour: Tour, draft: Draft) -> None:
    for place in tour.places:
        if "POST" not in place.methods or place.arguments or tour.app is None:
            continue
        last = place.path.rstrip("/").rpartition("/")[2]
        if not (is_for("create", place.path, place.endpoint) or last in ("users", "accounts")):
            continue
        words = _field_names(tour, place)
        by_meaning: dict[str, str] = {}
        for word in words:
            by_meaning.setdefault(means(word), word)
        same = {draft.names.fields.login_name, draft.names.fields.login_password}
        for word in same.intersection(words):
            by_meaning[means(word)] = word
        email = by_meaning.get("email", "")
        draft.put_all(
            {
                "routes.create": f"POST {place.path}",
                "fields.name": by_meaning.get("name") or email,
                "fields.email": email,
                "fields.password": by_meaning.get("password", "password"),
            }
        )
        return


def _field_names(tour: Tour, place: Place) -> list[str]:
    """Return what may be names of fields in a view that reads JSON.

    They stand in it as texts; where they do not, a schema has them as names.
    """
    if tour.app is None:
        return []
    view = tour.app.view_functions[place.endpoint]
    for texts in (reading.constants_in(view), reading.names_in(view)):
        words = [one for one in texts if one.isidentifier() and len(one) < 24]
        words = [one for one in words if not re.search(r"hash|check|set_|get_|verify|_id$", one)]
        if any(means(word) == "password" for word in words):
            return words
    return []


def settle_registration(tour: Tour, draft: Draft, member: Person) -> None:
    """Tell whether the registration is for strangers only, and what was found of it."""
    route, page = draft.names.routes.create, draft.names.pages.create
    if not route:
        _find_form_for_others(tour, draft, member)
        return
    said = f"{route}, with {', '.join(_sent_by(draft))}"
    if page and not _is_shown(tour.open(member.browser, page), route):
        draft.put("users.registered_by", "strangers")
        said += "; strangers only"
    draft.note("registers", said, "routes.create", '"POST /register"')


def _is_shown(seen: Seen, route: str) -> bool:
    """Tell whether a page was shown with its form: it may be shown without, to those who are in."""
    where = route.partition(" ")[2]
    return seen.shown and any(seen.target_of(one) == where for one in seen.page.forms)


def _find_form_for_others(tour: Tour, draft: Draft, member: Person) -> None:
    """Find where a user makes accounts, in an app in which strangers make none, by making one."""
    forms: dict[Candidate, dict[str, Any]] = {}
    for _, seen, form in tour.forms(tour.for_user(member)):
        called = (seen.target_of(form), seen.path.partition("?")[0])
        if _registers(seen, form) and is_for("create", *called):
            names = _names_of(seen, form)
            said = f"{names['routes.create']}, for users who are logged in"
            forms[Candidate(names["routes.create"], names["pages.create"], said=said)] = names

    def trouble_with(one: Candidate) -> str:
        draft.put_all(forms[one])
        new = tour.target.people.stranger()
        answer = tour.target.deeds.create(member.browser, new, who=member.name)
        if tour.target.senses.works(new.name, new.password):
            return ""
        return f"{one.route} was answered by {explain(answer)}"

    settle(
        draft,
        "create",
        "registers",
        forms,
        trouble_with,
        example='"POST /register"',
        otherwise="no form that fits",
    )


def _sent_by(draft: Draft) -> list[str]:
    fields = draft.names.fields
    kept = (fields.name, fields.email, fields.password, *draft.names.also.get("create", {}))
    return [one for one in dict.fromkeys(kept) if one]


# ---- changes


def find_update(tour: Tour, draft: Draft, member: Person) -> None:
    """Find where a user changes their own password, by changing it."""
    target = tour.target

    def trouble_with(one: Candidate) -> str:
        for key, value in (one.also or {}).items():
            if value == "{current_password}":
                draft.put("fields.current_password", key)
        person, new = target.people.member(), new_password()
        answer = target.deeds.change_own_password(person, new)
        if not target.senses.works(person.name, new):
            return f"{one.route} was answered by {explain(answer)}"
        person.password = new
        return ""

    settle(
        draft,
        "update",
        "changes a password",
        _updates(tour, draft, member),
        trouble_with,
        example='"POST /password"',
        otherwise="no form with a password and no route of that name",
    )


def _updates(tour: Tour, draft: Draft, member: Person) -> Iterator[Candidate]:
    known = {draft.names.routes.login, draft.names.routes.create}
    for page, seen, form in _member_forms(tour, member):
        route = f"POST {_templated(seen.target_of(form), page, seen)}"
        if route in known or not form.of_kind("password") or is_for("delete", form.words, route):
            continue
        read, also = read_form(form), dict[str, str]()
        typed = form.of_kind("password")
        also |= {read.password: "{password}"} if read.password else {}
        also |= {read.current: "{current_password}"} if read.current else {}
        also |= {k: v for k, v in read.also.items() if v == "{password}" or k not in _held(form)}
        fields = ", ".join(one.name for one in typed)
        yield Candidate(route, page, also, f"{route}, a form with {fields}")
        if len(typed) > 1 and not read.current:  # the first may be the password of before
            first, *rest = [one.name for one in typed]
            also = also | {first: "{current_password}"} | dict.fromkeys(rest, "{password}")
            yield Candidate(route, page, also, f"{route}, a form with {fields}")
    if draft.names.send == "json":
        yield from _json_updates(tour)


def _held(form: PageForm) -> set[str]:
    """Return the fields that a person may leave as they are."""
    return {one.name for one in form.controls if not one.required}


def _json_updates(tour: Tour) -> Iterator[Candidate]:
    for place in tour.places:
        path = _for_user(place)
        wanted = is_for("update", place.path, place.endpoint) and path
        if tour.app is None or not wanted or place.calls(tour.app, "login_user"):
            continue
        also: dict[str, str] = {}
        for word in _field_names(tour, place):
            if means(word) == "current":
                also[word] = "{current_password}"
            elif means(word) == "password":
                also[word] = "{password}"
        for method in ("PATCH", "PUT", "POST"):
            if method in place.methods:
                route = f"{method} {path}"
                yield Candidate(route, "", also, f"{route}, JSON with {', '.join(also)}")


def find_deletion(tour: Tour, draft: Draft, member: Person) -> None:
    """Find where a user removes their own account, by removing one."""
    target = tour.target

    def trouble_with(one: Candidate) -> str:
        person = target.people.member()
        answer = target.deeds.delete(
            person.browser, person, who="themself", password=person.password
        )
        is_there = target.senses.works(person.name, person.password)
        return f"{one.route} was answered by {explain(answer)}" if is_there else ""

    settle(
        draft,
        "delete",
        "deletes",
        _deletions(tour, member),
        trouble_with,
        example='"POST /users/{name}/delete"',
        otherwise="no button and no route of that name",
    )


def _deletions(tour: Tour, member: Person) -> Iterator[Candidate]:
    for page, seen, form in _member_forms(tour, member):
        where = seen.target_of(form)
        if is_for("delete", where, form.words) and len(form.typed) < 3:
            also = {one.name: "{current_password}" for one in form.of_kind("password")}
            yield Candidate(f"POST {_templated(where, page, seen)}", page, also)
    for place in tour.places:
        path = _for_user(place)
        if not path:
            continue
        if "DELETE" in place.methods and is_for("update", place.path, place.endpoint):
            yield Candidate(f"DELETE {path}", also={})
        elif is_for("delete", place.path, place.endpoint):
            for method in ("POST", "GET"):
                if method in place.methods:
                    yield Candidate(f"{method} {path}", also={})


# ---- reading


def find_record(tour: Tour, draft: Draft, member: Person) -> None:
    """Find where anybody may read the record of a user."""
    if draft.is_written("routes.read"):
        return
    for place in tour.places:
        path = _for_user(place)
        if "GET" not in place.methods or len(place.arguments) != 1 or not path:
            continue
        if tour.app is None or place.changes_something(tour.app):
            continue
        shown = tour.open(tour.target.visitor(), _about(tour, path, member))
        if shown.shown and member.name in shown.reply.response.text:
            draft.put("routes.read", f"GET {path}")
            draft.note("shows a record to anyone", f"GET {path}", "routes.read", '"GET /u/{name}"')
            return
    cause = "no path with a name or an id in it shows one to a stranger"
    draft.note("shows a record to anyone", "", "routes.read", '"GET /users/{name}"', cause)


# ---- paths that speak of a user


def _for_user(place: Place) -> str:
    """Return a path with the user's name or id for its one argument; empty if it has others."""
    if not place.arguments:
        return place.path
    if len(place.arguments) > 1:
        return ""
    argument = place.arguments[0]
    if argument in _ID_ARGUMENTS and argument != "id":
        return place.path.replace(f"<{argument}>", "{id}")
    if argument == "id" and is_for("update", place.path.replace("<id>", ""), place.endpoint):
        return place.path.replace("<id>", "{id}")
    if argument in _NAME_ARGUMENTS:
        return place.path.replace(f"<{argument}>", "{name}")
    return ""


def _about(tour: Tour, path: str, person: Person) -> str:
    return tour.target.path_about(path, person.name)


def _member_forms(tour: Tour, member: Person) -> Iterator[tuple[str, Seen, PageForm]]:
    """Yield the forms that a user sees, with the path of their page as it is for any user."""
    yield from tour.forms(tour.for_user(member))
    paths: dict[str, Seen] = {}
    for place in tour.places:
        path = _for_user(place)
        if "GET" not in place.methods or not place.arguments or not path:
            continue
        if tour.app is None or place.calls(tour.app, "logout_user"):
            continue
        if "POST" not in place.methods and is_for("delete", place.path, place.endpoint):
            continue
        paths[path] = tour.open(member.browser, _about(tour, path, member))
    yield from tour.forms(paths)


def _templated(where: str, page: str, seen: Seen) -> str:
    """Return where a form is sent, with `{name}` or `{id}` as the path of its page has them."""
    where, shown = unquote(where), unquote(seen.path.partition("?")[0])
    for mark in ("{name}", "{id}"):
        if mark in page:
            before, _, after = page.partition(mark)
            value = shown[len(before) : len(shown) - len(after)]
            if value:
                return where.replace(f"/{value}", f"/{mark}", 1)
    return where
