"""What an app calls its routes, fields and cookies: the article's names, or a TOML file's."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any


class BadNames(ValueError):
    """A TOML file of names that cannot be used; the message says what to change."""


@dataclass(frozen=True)
class Routes:
    """Where things are: a verb, a space and a path. Empty if the app has no such route.

    A path may hold `{name}`, which becomes the name of the user in question, or `{id}`, which
    becomes what Flask-Login knows the user by; that is known of an app in this process only.

    Attributes:
        login: takes a name and a password.
        login_page: the page with the login form, for apps that take forms.
        logout: ends the login.
        whoami: tells who is logged in, and refuses or shows nothing to strangers.
        read: shows one record to anyone.
        create: makes a record.
        update: changes a record.
        delete: removes a record.
        account: the page with the user's own buttons; empty where programs call what they do.
        end_others: ends all other logins of whoever calls it.
        make_token: makes an API token, and shows it.
        forgot: sends a mail with a link to whoever has forgotten their password.
        login_code: takes a code of the second factor, after the name and the password.
        factor_page: the page with the buttons of the second factor; empty where programs call them.
        new_factor: shows a seed for a second factor.
        begin_factor: takes the first code, and may show recovery codes.
        passkey_page: asks for a passkey, on a page or as JSON, without a name.
        passkey_login: takes what the passkey answers.
        new_passkey_page: asks whoever is logged in for a new passkey.
        new_passkey: takes what comes of that.
    """

    login: str = "POST /login"
    login_page: str = "GET /login"
    logout: str = "POST /logout"
    whoami: str = "POST /user_info"
    read: str = "GET /?name={name}"
    create: str = "PUT /"
    update: str = "POST /"
    delete: str = "DELETE /"
    account: str = "GET /account"
    end_others: str = "POST /account/sign-out-everywhere"
    make_token: str = "POST /account/tokens"
    forgot: str = "POST /forgot"
    login_code: str = "POST /login/code"
    factor_page: str = "GET /account/second-factor"
    new_factor: str = "POST /account/second-factor"
    begin_factor: str = "POST /account/second-factor/begin"
    passkey_page: str = "GET /login/passkey"
    passkey_login: str = "POST /login/passkey"
    new_passkey_page: str = "GET /account/passkeys/new"
    new_passkey: str = "POST /account/passkeys/new"


@dataclass(frozen=True)
class Pages:
    """The paths of the pages whose forms the routes take; empty where there is none.

    Attributes:
        create: the page with the form for a new record.
        update: the page with the form that changes a record.
        delete: the page with the form, or the button, that removes a record.
        logout: the page with the button that logs out.
    """

    create: str = ""
    update: str = ""
    delete: str = ""
    logout: str = ""


@dataclass(frozen=True)
class Fields:
    """What the fields of a request are called; empty if there is none.

    Attributes:
        login_name: the user's name, in a login.
        login_password: the password, in a login.
        name: the name, in a record.
        password: the password, in a record.
        current_password: the password of before, where an app asks for it with a new one.
        email: the e-mail address, in a record.
        remember: asks a login to be remembered.
        next: the address to go to after a login.
        label: what an API token is for, or a passkey is called.
        new_password: the password that is chosen with the link of a mail.
        new_password_again: the same once more; empty if it is asked for once.
        code: a code of the second factor, or a recovery code.
        code_name: the user's name beside the code, for apps that take it from there.
        passkey: what a passkey answers: a text of JSON in a form, an object in JSON.
    """

    login_name: str = "username"
    login_password: str = "password"
    name: str = "name"
    password: str = "password"
    current_password: str = "current_password"
    email: str = "email"
    remember: str = "remember"
    next: str = "next"
    label: str = "label"
    new_password: str = "new_password"
    new_password_again: str = "again"
    code: str = "code"
    code_name: str = "username"
    passkey: str = "answer"


@dataclass(frozen=True)
class Forms:
    """How an app wants forms, and what else it wants of a browser.

    Attributes:
        csrf_field: the hidden field with the token; empty if there is none.
        csrf_page: the page on which the token of a logged-in user stands.
        first_page: a page that sets a cookie without which no login is taken; empty if there is
            none. Every visitor opens it first.
    """

    csrf_field: str = "csrf_token"
    csrf_page: str = ""
    first_page: str = ""


@dataclass(frozen=True)
class Users:
    """How users are made, named and disabled.

    Attributes:
        make: `module:function`, called as `function(app, name, email, password, admin)`.
        disable: `module:function`, called as `function(app, name)`.
        letters: `module:function`, called as `function(app)`; returns the mails that were sent, the
            first ones first, each as a pair of texts: to whom, and what it says. Without it they
            are looked for in `app.extensions["outbox"]`.
        model: `module:Class`, the class that the users are kept in.
        named: what the login takes for a name: `name`, or `email` for an address.
        origin: where people reach the app, as browsers write it into what passkeys answer, such as
            `https://example.org`. Without it the host that passkeys are made for is tried, at some
            ports.
        registered_by: who may make a record for themself: `anyone`, or `strangers` where whoever is
            logged in is sent away.
    """

    make: str = ""
    disable: str = ""
    letters: str = ""
    model: str = ""
    named: str = "name"
    registered_by: str = "anyone"
    origin: str = ""


@dataclass(frozen=True)
class Cookies:
    """What the cookies are called; empty means what the app's configuration says.

    Attributes:
        session: the session cookie.
        remember: the remember cookie.
    """

    session: str = ""
    remember: str = ""


@dataclass(frozen=True)
class Names:
    """Everything that may be called differently in another app.

    Attributes:
        send: how records and logins are sent: `json` or `form`.
        routes: where things are.
        pages: where their forms are.
        fields: what the fields are called.
        forms: how forms are sent.
        users: how users are made.
        cookies: what the cookies are called.
        also: what `create`, `update` and `delete` are sent besides, by the names of the fields. A
            value may be `{name}`, `{email}`, `{mailbox}`, `{password}` or `{current_password}`.
        written: the keys that a TOML file has, such as `routes.login`. What it says is not searched
            for.
    """

    send: str = "json"
    routes: Routes = field(default_factory=Routes)
    pages: Pages = field(default_factory=Pages)
    fields: Fields = field(default_factory=Fields)
    forms: Forms = field(default_factory=Forms)
    users: Users = field(default_factory=Users)
    cookies: Cookies = field(default_factory=Cookies)
    also: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    written: frozenset[str] = field(default=frozenset(), compare=False)


_TABLES = {
    "routes": Routes,
    "fields": Fields,
    "forms": Forms,
    "users": Users,
    "cookies": Cookies,
    "pages": Pages,
}

#: The routes that may be sent more than a record has.
ALSO = ("create", "update", "delete")

#: Keys that have one of a few values.
_CHOICES = {"users.named": ("name", "email"), "users.registered_by": ("anyone", "strangers")}


def read_names(text: str) -> Names:
    """Read the names of an app from TOML.

    Args:
        text: the TOML document. Its tables and keys are those of `Names`; what it leaves out keeps
            the article's name.

    Returns:
        The names.

    Raises:
        BadNames: it is no TOML, or has a table, key or value that means nothing here.
    """
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise BadNames(f"This is not TOML: {error}.") from error
    written = {"send"} & set(document)
    send = document.pop("send", "json")
    if send not in ("json", "form"):
        raise BadNames(f'send is {send!r}. It can be "json" or "form".')
    tables: dict[str, Any] = {}
    for name, content in document.items():
        if name not in _TABLES and name != "also":
            known = ", ".join((*_TABLES, "also"))
            raise BadNames(f"There is no key {name!r}. There are: send, {known}.")
        if not isinstance(content, dict):
            raise BadNames(f"{name} is a table: write [{name}] and its keys below.")
        tables[name] = _read_also(content) if name == "also" else _read_table(name, content)
        written |= {f"{name}.{key}" for key in content}
    return Names(send=send, written=frozenset(written), **tables)


def _read_also(content: dict[str, Any]) -> dict[str, dict[str, str]]:
    for route, more in content.items():
        if route not in ALSO:
            raise BadNames(f"There is no key also.{route}. There are: {', '.join(ALSO)}.")
        if not isinstance(more, dict):
            raise BadNames(f"also.{route} is a table: write [also.{route}] and its keys below.")
        for key, value in more.items():
            if not isinstance(value, str):
                raise BadNames(f"also.{route}.{key} has to be a text, and is {value!r}.")
    return content


def _read_table(name: str, content: dict[str, Any]) -> object:
    known = [one.name for one in fields(_TABLES[name])]
    for key, value in content.items():
        if key not in known:
            raise BadNames(f"There is no key {name}.{key}. There are: {', '.join(known)}.")
        if not isinstance(value, str):
            raise BadNames(f"{name}.{key} has to be a text, and is {value!r}.")
        if name == "routes" and value and not _is_route(value):
            raise BadNames(f'{name}.{key} is {value!r}. Write a verb and a path: "POST /login".')
        if name == "pages" and value and not value.startswith("/"):
            raise BadNames(f'{name}.{key} is {value!r}. Write a path: "/register".')
        choices = _CHOICES.get(f"{name}.{key}")
        if choices and value not in choices:
            raise BadNames(
                f'{name}.{key} is {value!r}. It can be "{choices[0]}" or "{choices[1]}".'
            )
        if name == "users" and value and not choices and value.count(":") != 1:
            raise BadNames(f'{name}.{key} is {value!r}. Write "module:function".')
    return _TABLES[name](**content)


def _is_route(text: str) -> bool:
    verb, _, path = text.partition(" ")
    return verb.isalpha() and verb.isupper() and path.startswith("/")
