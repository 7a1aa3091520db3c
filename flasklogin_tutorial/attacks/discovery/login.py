"""The login of an app: where it is, and what its fields are called."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from flasklogin_tutorial.attacks.discovery import reading
from flasklogin_tutorial.attacks.discovery.draft import Draft
from flasklogin_tutorial.attacks.discovery.page import PageForm, read_page
from flasklogin_tutorial.attacks.discovery.tour import Seen, Tour, explain
from flasklogin_tutorial.attacks.discovery.urls import Place, login_views
from flasklogin_tutorial.attacks.discovery.words import deed, is_for, meaning, means
from flasklogin_tutorial.attacks.site import FORM
from flasklogin_tutorial.visit import ask

#: What fields of a login are called, where nothing tells.
_NAMES = ("username", "email", "name", "login", "user", "user_name", "handle")
_PASSWORDS = ("password", "passwd", "pass", "pw", "secret")


@dataclass
class Login:
    """A login that was found.

    Attributes:
        values: the names, by the keys of the TOML file.
        said: the login in words.
        named: what it may take for a name, the likely one first.
        endpoint: the name of its view; empty if that is not known.
    """

    values: dict[str, Any]
    said: str
    named: tuple[str, ...]
    endpoint: str = ""
    kinds: list[str] = field(default_factory=list)


def find_logins(tour: Tour, draft: Draft) -> list[Login]:
    """Return the logins that an app may have, the likely one first."""
    return [*_by_form(tour, draft)] or [*_by_json(tour, draft)] or [*_as_written(draft)]


def find_first_page(tour: Tour, draft: Draft) -> None:
    """Find a page that sets a cookie against requests of other sites, where a login takes JSON.

    The cookie comes with any answer, and a program that logs in at once has none.
    """
    if draft.names.send != "json" or draft.is_written("forms.first_page"):
        return
    for path, seen in tour.for_strangers().items():
        [found, *_] = [*filter(_is_against_others, seen.first.response.cookies.keys()), ""]
        if found and not seen.first.crashed:
            draft.put("forms.first_page", path)
            said = f"GET {path}, which sets {found}"
            draft.note("opened first", said, "forms.first_page", '"/"')
            return


def _is_against_others(cookie: str) -> bool:
    return means(cookie) == "csrf"


def _as_written(draft: Draft) -> Iterator[Login]:
    """Yield the login that the TOML file names: nothing in the app has to look like one."""
    if draft.is_written("routes.login"):
        names = draft.names
        sent = "a form" if names.send == "form" else "JSON"
        fields = f"{names.fields.login_name} and {names.fields.login_password}"
        said = f"{names.routes.login}, {sent} with {fields}"
        values = {"send": names.send, "routes.login": names.routes.login}
        yield Login(values, said, ("name", "email"))


# ---- pages with a form


def _by_form(tour: Tour, draft: Draft) -> Iterator[Login]:
    known = set()
    for seen in _login_pages(tour, draft):
        if seen.path in known:
            continue
        known.add(seen.path)
        form = login_form(seen)
        if form is not None:
            yield from _read(tour, seen, form)


def _login_pages(tour: Tour, draft: Draft) -> Iterator[Seen]:
    """Yield the pages that may be the login's, the likely ones first."""
    stranger = tour.target.visitor()
    written = draft.names.routes.login_page.partition(" ")[2]
    if draft.is_written("routes.login_page") and written:
        yield tour.open(stranger, written)
    for view in (tour.app and login_views(tour.app)) or ():
        paths = [one.path for one in tour.named(view) if not one.arguments]
        for path in paths or ([view] if view.startswith("/") else []):
            yield tour.open(stranger, path)
    opened = tour.for_strangers()
    for place in tour.calling("login_user"):
        if place.path in opened and not is_for("create", place.path, place.endpoint):
            yield opened[place.path]
    yield from sorted(opened.values(), key=lambda one: deed(one.path) != "login")


def login_form(seen: Seen) -> PageForm | None:
    """Return the form of a page that logs in: it asks for a password, or for a name first."""
    posted = [one for one in seen.page.forms if one.method == "POST"]
    asking = [one for one in posted if len(one.of_kind("password")) == 1]
    asking.sort(key=lambda one: (is_for("create", one.action, one.words), len(one.typed)))
    for form in asking:
        texts = [one for one in form.typed if one.kind in ("text", "email", "tel")]
        if len(texts) in (1, 2) and not is_for("create", seen.target_of(form)):
            return form
    if asking:
        return None
    for form in posted:  # the first of two steps
        asks = len(form.typed) == 1 and meaning(form.typed[0]) in ("name", "email")
        called = (deed(seen.path), deed(form.words), deed(seen.target_of(form)))
        if asks and "login" in called and not {"create", "reset"} & {*called}:
            return form
    return None


def _read(tour: Tour, seen: Seen, form: PageForm) -> Iterator[Login]:
    texts = [one for one in form.typed if one.kind in ("text", "email", "tel")]
    name = next((one for one in texts if meaning(one) in ("name", "email")), texts[0])
    passwords = form.of_kind("password")
    remember = [one.name for one in form.of_kind("checkbox") if meaning(one) == "remember"]
    csrf = [one.name for one in form.of_kind("hidden") if meaning(one) == "csrf"]
    onward = [one.name for one in form.of_kind("hidden") if meaning(one) == "next"]
    page = seen.path.partition("?")[0]
    where = seen.target_of(form)
    values: dict[str, Any] = {
        "send": "form",
        "routes.login_page": f"GET {page}",
        "routes.login": f"POST {where}",
        "fields.login_name": name.name,
        "fields.login_password": passwords[0].name if passwords else "password",
        "fields.remember": remember[0] if remember else "remember",
        "forms.csrf_field": csrf[0] if csrf else "csrf_token",
    }
    if onward:
        values["fields.next"] = onward[0]
    held = ", ".join(one.name for one in form.controls if one.kind not in ("submit", "button"))
    said = f"POST {where}, a form with {held}"
    place = tour.place(where)
    if place is not None and "POST" not in place.methods:
        return  # a script sends it elsewhere
    is_mail = meaning(name) == "email" and "user" not in name.name
    named = ("email", "name") if is_mail else ("name", "email")
    yield Login(values, said, named, place.endpoint if place else "")


def second_step(tour: Tour, draft: Draft, name: str) -> str:
    """Find the page that asks for the password after the name.

    Args:
        tour: the walk through the app.
        draft: the names; they get the second step's.
        name: the name of a user.

    Returns:
        What came back instead; empty if the page was found, or the login has one step.
    """
    names, browser = draft.names, tour.target.visitor()
    if names.send != "form" or not names.routes.login_page:
        return ""
    seen = tour.open(browser, names.routes.login_page.partition(" ")[2])
    form = login_form(seen)
    if form is None or form.of_kind("password"):
        return ""
    filled = {one.name: one.value for one in form.controls} | {names.fields.login_name: name}
    headers = {"Referer": tour.target.url + seen.path, "Origin": tour.target.url}
    where = seen.target_of(form)
    answer = tour.target.send(browser, "POST", where, urlencode(filled), FORM, headers=headers)
    after = Seen(where, answer, answer, seen.page)
    if answer.response.is_redirect:
        after = tour.open(browser, answer.response.headers["Location"])
    elif "html" in answer.response.headers.get("Content-Type", ""):
        after.page = read_page(answer.response.text)
    for form in after.page.forms:
        if form.of_kind("password"):
            remember = [one.name for one in form.of_kind("checkbox") if meaning(one) == "remember"]
            draft.put("routes.login", f"POST {after.target_of(form)}")
            draft.put("fields.login_password", form.of_kind("password")[0].name)
            if remember:
                draft.put("fields.remember", remember[0])
            return ""
    return f"POST {where} with a name was answered by {explain(answer)}, and no password is asked"


# ---- JSON


def _by_json(tour: Tour, draft: Draft) -> Iterator[Login]:
    for place in _json_places(tour):
        method = next(one for one in ("POST", "PUT", "GET") if one in place.methods)
        route = f"{method} {place.path}"
        texts = _answered(tour, place, method)
        if tour.app is not None:
            texts += reading.texts_in(tour.app.view_functions[place.endpoint])
        names = _likely(texts, _NAMES, ("name", "email"))
        passwords = _likely(texts, _PASSWORDS, ("password",))
        remember = [one for one in texts if means(one) == "remember" and one.isidentifier()]
        for name in names[:3]:
            for password in passwords[:2]:
                values: dict[str, Any] = {
                    "send": "form" if _reads_forms(tour, place) else "json",
                    "routes.login": route,
                    "fields.login_name": name,
                    "fields.login_password": password,
                    "fields.remember": remember[0] if remember else "remember",
                }
                kind = "a form" if values["send"] == "form" else "JSON"
                said = f"{route}, {kind} with {name} and {password}"
                named = ("email", "name") if means(name) == "email" else ("name", "email")
                yield Login(values, said, named, place.endpoint)


def _json_places(tour: Tour) -> list[Place]:
    found = [one for one in tour.calling("login_user") if not one.arguments]
    found = [one for one in found if one.methods & {"POST", "PUT"}]
    return sorted(found, key=lambda one: is_for("create", one.path, one.endpoint))


def _reads_forms(tour: Tour, place: Place) -> bool:
    """Tell whether a view reads forms, and no JSON."""
    if tour.app is None:
        return False
    view = tour.app.view_functions[place.endpoint]
    return reading.uses(view, "form") and not any(
        reading.uses(view, name) for name in ("get_json", "json", "is_json")
    )


def _likely(texts: list[str], usual: tuple[str, ...], meant: tuple[str, ...]) -> list[str]:
    """Return the names of fields that stand in some texts; the usual ones if none does."""
    stand = [one for one in usual if one in texts]
    others = [one for one in texts if one.isidentifier() and means(one) in meant and one.islower()]
    others = [one for one in others if not one.endswith(("_hash", "_user", "user_id", "users"))]
    found = list(dict.fromkeys((*stand, *(one for one in others if len(one) < 20))))
    return found or list(usual)


def _answered(tour: Tour, place: Place, method: str) -> list[str]:
    """Return the names that a login answers with which is sent nothing, or half of what it needs.

    A view that reads `body["handle"]` breaks with just that name.
    """
    found: list[str] = []
    body: dict[str, str] = {}
    for _ in range(4):
        answer = ask(tour.target.visitor(), method, place.path, json=body)
        missing = answer.error.args[0] if isinstance(answer.error, KeyError) else None
        if not isinstance(missing, str) or missing in body:
            found += [word for word in _words(answer.data) if word not in found]
            return found
        body[missing] = "nobody"
        found.append(missing)
    return found


def _words(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield str(key)
            yield from _words(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _words(inner)
    elif isinstance(value, str):
        yield from (word.strip("'\".,:`") for word in value.split())
