"""What an app calls its routes, fields and cookies: the article's names, or a TOML file's."""

import tomllib
from dataclasses import dataclass, field, fields
from typing import Any


class BadNames(ValueError):
    """A TOML file of names that cannot be used; the message says what to change."""


@dataclass(frozen=True)
class Routes:
    """Where things are: a verb, a space and a path. Empty if the app has no such route.

    A path may hold `{name}`, which becomes the name of the user in question.

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


@dataclass(frozen=True)
class Fields:
    """What the fields of a request are called.

    Attributes:
        login_name: the user's name, in a login.
        login_password: the password, in a login.
        name: the name, in a record.
        password: the password, in a record.
        current_password: the password of before, where an app asks for it with a new one.
        email: the e-mail address, in a record.
        remember: asks a login to be remembered.
        next: the address to go to after a login.
        label: what an API token is for.
        new_password: the password that is chosen with the link of a mail.
        new_password_again: the same once more; empty if it is asked for once.
        code: a code of the second factor, or a recovery code.
        code_name: the user's name beside the code, for apps that take it from there.
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


@dataclass(frozen=True)
class Forms:
    """How an app that takes HTML forms wants them.

    Attributes:
        csrf_field: the hidden field with the token; empty if there is none.
        csrf_page: the page on which the token of a logged-in user stands.
    """

    csrf_field: str = "csrf_token"
    csrf_page: str = ""


@dataclass(frozen=True)
class Users:
    """How users are made and disabled, where neither a command nor an open route does it.

    Attributes:
        make: `module:function`, called as `function(app, name, email, password, admin)`.
        disable: `module:function`, called as `function(app, name)`.
        letters: `module:function`, called as `function(app)`; returns the mails that were sent, the
            first ones first, each as a pair of texts: to whom, and what it says. Without it they
            are looked for in `app.extensions["outbox"]`.
    """

    make: str = ""
    disable: str = ""
    letters: str = ""


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
        fields: what the fields are called.
        forms: how forms are sent.
        users: how users are made.
        cookies: what the cookies are called.
    """

    send: str = "json"
    routes: Routes = field(default_factory=Routes)
    fields: Fields = field(default_factory=Fields)
    forms: Forms = field(default_factory=Forms)
    users: Users = field(default_factory=Users)
    cookies: Cookies = field(default_factory=Cookies)


_TABLES = {"routes": Routes, "fields": Fields, "forms": Forms, "users": Users, "cookies": Cookies}


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
    send = document.pop("send", "json")
    if send not in ("json", "form"):
        raise BadNames(f'send is {send!r}. It can be "json" or "form".')
    tables: dict[str, Any] = {}
    for name, content in document.items():
        if name not in _TABLES:
            raise BadNames(f"There is no key {name!r}. There are: send, {', '.join(_TABLES)}.")
        tables[name] = _read_table(name, content)
    return Names(send=send, **tables)


def _read_table(name: str, content: object) -> object:
    if not isinstance(content, dict):
        raise BadNames(f"{name} is a table: write [{name}] and its keys below.")
    known = [one.name for one in fields(_TABLES[name])]
    for key, value in content.items():
        if key not in known:
            raise BadNames(f"There is no key {name}.{key}. There are: {', '.join(known)}.")
        if not isinstance(value, str):
            raise BadNames(f"{name}.{key} has to be a text, and is {value!r}.")
        if name == "routes" and value and not _is_route(value):
            raise BadNames(f'{name}.{key} is {value!r}. Write a verb and a path: "POST /login".')
        if name == "users" and value and value.count(":") != 1:
            raise BadNames(f'{name}.{key} is {value!r}. Write "module:function".')
    return _TABLES[name](**content)


def _is_route(text: str) -> bool:
    verb, _, path = text.partition(" ")
    return verb.isalpha() and verb.isupper() and path.startswith("/")
