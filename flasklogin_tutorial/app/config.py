"""The settings of the app: what there is, where it comes from, and what is refused.

Each setting is an environment variable with the prefix `FLASKLOGIN_`, such as
`FLASKLOGIN_MONGODB_URI`, or a key of the mapping that `create_app` takes; the mapping wins. Flask's
own settings can be given in the same way. With no setting at all the app is one for development: it
keeps its data in the memory of the process, and speaks plain HTTP.
"""

import logging
import os
import re
import secrets
from collections.abc import Callable, Mapping
from datetime import timedelta
from importlib.util import find_spec
from itertools import combinations
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import click
from flask import Config, Flask

from . import mail
from .addresses import read_address
from .breached import find_flaw
from .embedded import embedded_client
from .entrance import is_host
from .headers import STRICT_TRANSPORT_SECURITY
from .origins import find_flaw_of_origin
from .prefix import is_prefix
from .refusals import BadAddress
from .unsafe import SHORTEST_SECRET, is_password_method, is_weak_key, refused_in_production

#: What the environment variables begin with, followed by an underscore.
PREFIX = "FLASKLOGIN"

#: Every setting of this app, with the value that it has when nobody sets it.
DEFAULTS: dict[str, Any] = {
    # What the pages and the description of the API call the app. Without a choice, what the folder
    # is called that the app was copied to.
    "SERVICE_NAME": None,
    # "development" or "production". Without a choice, a MongoDB URI means production.
    "ENVIRONMENT": None,
    # Signs cookies. Must be set in production; old ones go to SECRET_KEY_FALLBACKS, a list.
    "SECRET_KEY": None,
    "SECRET_KEY_FALLBACKS": [],
    # mongodb://…/database; without it, an embedded database that ends with the process.
    "MONGODB_URI": None,
    # Whether browsers reach the app over https. Without a choice: in production, yes.
    "HTTPS": None,
    # Whom HSTS tells to stay on https: "host", "subdomains" or "preload".
    "HSTS_COVERS": "host",
    # How many proxies in front of the app set X-Forwarded-For and its relatives.
    "TRUSTED_PROXIES": 0,
    # How many of them also set X-Forwarded-Prefix, because they show the app below a path.
    "PREFIX_PROXIES": 0,
    # How long a login lasts, remembered and not; after how long without a request one that is not
    # remembered ends sooner; how long it may do dangerous things after the password was typed; and
    # how often it is written down that it was seen, which has to be less than IDLE_MINUTES.
    "LOGIN_HOURS": 12,
    "REMEMBER_DAYS": 30,
    "IDLE_MINUTES": 30,
    "FRESH_MINUTES": 15,
    "LAST_SEEN_MINUTES": 5,
    "API_TOKEN_DAYS": 365,
    # How many logins a user may have at once. One more ends the one that was used longest ago.
    "LOGINS_PER_USER": 50,
    # How long the first password works that an administrator is shown for a new person.
    "FIRST_PASSWORD_HOURS": 72,
    # Attempts to sign in, in the notation of Flask-Limiter. Kept in the memory of each worker
    # process, unless the storage URI names a place that all of them share.
    "SIGN_IN_LIMIT_PER_NAME": "10 per 15 minutes",
    "SIGN_IN_LIMIT_PER_ADDRESS": "100 per 15 minutes",
    # New passwords that one user may ask for, for themself or for others.
    "NEW_PASSWORD_LIMIT": "20 per hour",
    # Codes of a second factor that are typed by browsers that do not know the user, and by each
    # that does.
    "CODE_LIMIT": "5 per 15 minutes; 20 per day",
    "RATELIMIT_STORAGE_URI": "memory://",
    # Words that have to do with the service, such as the names of its products: a new password that
    # is little more than one of them is refused. The names of service and user are among them.
    "PASSWORD_WORDS": [],
    # The list of Have I Been Pwned, ordered by hash: see `breached`.
    "BREACHED_PASSWORDS_FILE": None,
    # See `passwords`.
    "PASSWORD_METHOD": "scrypt:32768:8:3",
    # Methods of hashes that are still in the database; each login does the work of all of them.
    "FORMER_PASSWORD_METHODS": [],
    # The server of outgoing mail, smtp://name:password@host:port, or outbox; without it there is no
    # mail. Whom mail comes from, and where people reach the app: links in mail begin with it. The
    # outbox does without both.
    "MAIL_SERVER": None,
    "MAIL_FROM": None,
    "PUBLIC_ADDRESS": None,
    # How long the link of a reset works, and that which confirms an address.
    "RESET_MINUTES": 30,
    "CONFIRMATION_HOURS": 24,
    # Whether whoever has an address may make an account for themself.
    "REGISTRATION": False,
    # Mails that may be asked for: to one address, and by one visitor or one user.
    "MAIL_LIMIT_PER_RECIPIENT": "3 per 30 minutes",
    "MAIL_LIMIT_PER_ADDRESS": "30 per hour",
    # Who has a second factor: "off" (nobody can begin one), "offered" (who wants to),
    # "administrators" or "everybody" (who has to). Whoever has one is asked for it in any case.
    "SECOND_FACTOR": "off",
    # Encrypts the seeds of second factors. Must be set in production, where there are any; old ones
    # go to SECOND_FACTOR_KEY_FALLBACKS, a list.
    "SECOND_FACTOR_KEY": None,
    "SECOND_FACTOR_KEY_FALLBACKS": [],
    # Whether people log in with passkeys. They are made for the host of PUBLIC_ADDRESS, and work at
    # that address only: with another host all of them are lost.
    "PASSKEYS": False,
    # The largest body of a request, in bytes. No form or document of this app comes near it.
    "MAX_CONTENT_LENGTH": 64 * 1024,
}

#: What tests use in place of a hash that is slow on purpose.
CHEAP_PASSWORD_METHOD = "scrypt:128:8:1"

#: Seconds that a request waits for a database that does not answer, before it is a 503.
DATABASE_PATIENCE = 3

#: Minutes that the link of a reset may work. A mailbox is read by others, sooner or later.
LONGEST_RESET = 30

#: Where an app with an outbox is reached, which runs on the machine of whoever writes it; by HTTPS.
_LOCAL = {False: "http://localhost:5000", True: "https://localhost:5000"}

#: Who may have a second factor, and who has to.
SECOND_FACTORS = ("off", "offered", "administrators", "everybody")

#: In bytes.
_LONGEST_DATABASE_NAME = 63

#: The longest span that a setting may be, in its own unit. A calendar ends in the year 9999.
_LONGEST_SPAN = 1_000_000

#: The cookies of the app, as their settings begin.
_COOKIE_KINDS = ("SESSION", "REMEMBER", "DEVICE")

#: Source: RFC 6265, section 4.1.1, of RFC 9110's token.
_COOKIE_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")

#: Settings that are a text even where they read like a number.
TEXTS = [
    "SERVICE_NAME",
    "SECRET_KEY",
    "MONGODB_URI",
    "PASSWORD_METHOD",
    "BREACHED_PASSWORDS_FILE",
    "MAIL_SERVER",
    "MAIL_FROM",
    "PUBLIC_ADDRESS",
    "SECOND_FACTOR_KEY",
]

#: What no message shows of a setting.
SECRET_SETTINGS = {
    "SECRET_KEY",
    "SECRET_KEY_FALLBACKS",
    "SECOND_FACTOR_KEY",
    "SECOND_FACTOR_KEY_FALLBACKS",
    "MONGODB_URI",
    "RATELIMIT_STORAGE_URI",
    "MAIL_SERVER",
}


class BadConfig(click.ClickException):
    """The app cannot start with these settings.

    The `flask` command shows the message without a traceback; everywhere else it is an exception
    like any other.
    """


def load_config(app: Flask, given: Mapping[str, Any] | None = None) -> None:
    """Put the settings into `app.config`.

    Args:
        app: the app.
        given: settings that win over the environment, merged last.

    Raises:
        BadConfig: a setting has no meaning, or production lacks its secret key.
    """
    chosen = _from_environment(app) | dict(given or {})
    config = DEFAULTS | chosen
    _check_types(config)
    _check_idle(config)
    _check_proxies(config)
    _check_breached(config["BREACHED_PASSWORDS_FILE"])
    _check_seeds(config)
    on_server = bool(config["MONGODB_URI"]) or _names_server(config.get("MONGODB_SETTINGS"))
    live = on_server and not config.get("TESTING")
    environment = config["ENVIRONMENT"] or ("production" if live else "development")
    production = environment == "production"
    https = production if config["HTTPS"] is None else bool(config["HTTPS"])
    derived = {"ENVIRONMENT": environment, "HTTPS": https}
    derived |= _cookies(https, config["REMEMBER_DAYS"])
    if config.get("TESTING"):
        derived["PASSWORD_METHOD"] = CHEAP_PASSWORD_METHOD
    if config["MAIL_SERVER"] == mail.OUTBOX:
        derived |= {"MAIL_FROM": "accounts@example.org", "PUBLIC_ADDRESS": _LOCAL[https]}
    if config["PASSKEYS"] and not production:
        derived |= {"PUBLIC_ADDRESS": _LOCAL[https]}
    app.config.update(DEFAULTS | derived | chosen)
    _check_cookie_names(app.config)
    _check_mail(app.config)
    _check_public_address(app.config["PUBLIC_ADDRESS"], https)
    _check_passkeys(app.config)
    service = config["SERVICE_NAME"] or app.import_name.partition(".")[0]
    app.config.update(ENVIRONMENT=environment, HTTPS=https, SERVICE_NAME=service)
    app.config.setdefault("MONGODB_SETTINGS", _database(config["MONGODB_URI"]))
    _check_database_names(app.config["MONGODB_SETTINGS"])
    _check_secret(app, production)
    for sentence in refused_in_production(app.config) if production else ():
        raise BadConfig(sentence)
    if production and app.debug:
        raise BadConfig(
            "Debug mode is on in production. It shows the source and runs code for whoever causes "
            "an error. Unset FLASK_DEBUG and start without --debug."
        )


def _from_environment(app: Flask) -> dict[str, Any]:
    found = Config(app.root_path)
    found.from_prefixed_env(PREFIX)
    for name in TEXTS:
        if name in found:
            found[name] = os.environ[f"{PREFIX}_{name}"]
    return dict(found)


def _is_whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _is_span(value: Any) -> bool:
    return (_is_whole(value) or isinstance(value, float)) and 0 < value <= _LONGEST_SPAN


def _is_hosts(value: Any) -> bool:
    hosts = value if isinstance(value, list | tuple) else [value]
    return value is None or all(isinstance(one, str) and one for one in hosts)


def _is_flag(value: Any) -> bool:
    return value is None or (isinstance(value, bool | int) and value in (0, 1))


_RULES: dict[str, tuple[Callable[[Any], bool], str]] = {
    "SERVICE_NAME": (lambda value: value is None or isinstance(value, str), "a text"),
    "ENVIRONMENT": (
        lambda value: value in (None, "development", "production"),
        "development or production",
    ),
    "MONGODB_URI": (
        lambda value: value is None or isinstance(value, str),
        "an address such as mongodb://localhost/flasklogin",
    ),
    **{
        f"{name}_FALLBACKS": (
            lambda value: (
                isinstance(value, list | tuple) and all(isinstance(one, str) for one in value)
            ),
            'a list of texts, such as ["the former key"]',
        )
        for name in ("SECRET_KEY", "SECOND_FACTOR_KEY")
    },
    "SECOND_FACTOR": (
        lambda value: value in SECOND_FACTORS,
        "off, offered, administrators or everybody",
    ),
    "SECOND_FACTOR_KEY": (
        lambda value: value is None or (isinstance(value, str) and value != ""),
        "a text",
    ),
    "BREACHED_PASSWORDS_FILE": (
        lambda value: value is None or (isinstance(value, str) and value != ""),
        "the name of a file",
    ),
    "PASSWORD_WORDS": (
        lambda value: (
            isinstance(value, list | tuple) and all(isinstance(one, str) for one in value)
        ),
        'a list of texts, such as ["planetarium"]',
    ),
    "MAIL_SERVER": (
        lambda value: value is None or _is_mail_server(value),
        "outbox, or an address such as smtp://name:password@mail.example.org:587",
    ),
    "MAIL_FROM": (
        lambda value: value is None or _is_address(value),
        "one e-mail address, such as accounts@example.org",
    ),
    "PUBLIC_ADDRESS": (
        lambda value: value is None or _is_public_address(value),
        "where people reach the app, such as https://example.org or https://example.org/shop",
    ),
    "RATELIMIT_STORAGE_URI": (
        lambda value: isinstance(value, str),
        "an address such as mongodb://localhost/flasklogin",
    ),
    "PASSWORD_METHOD": (
        is_password_method,
        "a method with its numbers, such as scrypt:32768:8:3 or pbkdf2:sha256:600000",
    ),
    "FORMER_PASSWORD_METHODS": (
        lambda value: isinstance(value, list | tuple) and all(map(is_password_method, value)),
        'a list of methods with their numbers, such as ["scrypt:32768:8:1"]',
    ),
    **{
        name: (lambda value: _is_whole(value) and value >= 0, "a whole number, 0 or more")
        for name in ("TRUSTED_PROXIES", "PREFIX_PROXIES")
    },
    **{
        name: (lambda value: _is_whole(value) and value > 0, "a whole number, 1 or more")
        for name in ("LOGINS_PER_USER", "MAX_CONTENT_LENGTH")
    },
    "TRUSTED_HOSTS": (_is_hosts, 'a list of hosts, such as ["example.org"]'),
    **{
        f"{kind}_COOKIE_NAME": (
            lambda value: isinstance(value, str) and _COOKIE_NAME.fullmatch(value) is not None,
            "the name of a cookie: letters, digits, and signs such as - and _",
        )
        for kind in _COOKIE_KINDS
    },
    **{
        f"{kind}_COOKIE_SAMESITE": (
            lambda value: value in (None, "Lax", "Strict", "None"),
            "Lax or Strict",
        )
        for kind in ("SESSION", "REMEMBER")
    },
    "HTTPS": (_is_flag, "true or false"),
    **{
        name: (lambda value: _is_flag(value) and value is not None, "true or false")
        for name in ("REGISTRATION", "PASSKEYS")
    },
    "HSTS_COVERS": (
        lambda value: isinstance(value, str) and value in STRICT_TRANSPORT_SECURITY,
        "host, subdomains or preload",
    ),
    "TESTING": (_is_flag, "true or false"),
    "RESET_MINUTES": (
        lambda value: _is_span(value) and value <= LONGEST_RESET,
        f"a number greater than 0, and no more than {LONGEST_RESET}",
    ),
    **{
        name: (_is_span, f"a number greater than 0, and no more than {_LONGEST_SPAN}")
        for name in (
            "LOGIN_HOURS",
            "REMEMBER_DAYS",
            "IDLE_MINUTES",
            "FRESH_MINUTES",
            "LAST_SEEN_MINUTES",
            "API_TOKEN_DAYS",
            "FIRST_PASSWORD_HOURS",
            "CONFIRMATION_HOURS",
        )
    },
}


def _is_mail_server(value: Any) -> bool:
    try:
        mail.read_server(value)
    except (ValueError, TypeError, AttributeError):
        return False
    return True


def _is_address(value: Any) -> bool:
    try:
        return isinstance(value, str) and bool(read_address(value))
    except BadAddress:
        return False


def _is_public_address(value: Any) -> bool:
    if not isinstance(value, str) or not value.isascii() or not value.isprintable():
        return False
    try:
        parts = urlsplit(value)
    except ValueError:
        return False
    return (
        parts.scheme in ("http", "https")
        and bool(parts.netloc)
        and is_host(parts.netloc)
        and is_prefix(parts.path.rstrip("/"))
        and not set("?# ") & set(value)
    )


def _check_types(config: Mapping[str, Any]) -> None:
    for name, (is_right, words) in _RULES.items():
        if name in config and not is_right(config[name]):
            shown = "something else" if name in SECRET_SETTINGS else repr(config[name])
            raise BadConfig(
                f"The setting {name} is {shown}, and it has to be {words}. Change it in the "
                f"environment, as {PREFIX}_{name}, or in what create_app is given."
            )


def _check_idle(config: Mapping[str, Any]) -> None:
    idle, seen = config["IDLE_MINUTES"], config["LAST_SEEN_MINUTES"]
    if seen >= idle:
        raise BadConfig(
            f"LAST_SEEN_MINUTES is {seen} and IDLE_MINUTES is {idle}, so logins would end in the "
            "middle of their use: that they are used is written down too seldom. Set "
            "LAST_SEEN_MINUTES to less than IDLE_MINUTES."
        )


def _check_mail(config: Mapping[str, Any]) -> None:
    if config["MAIL_SERVER"] is None:
        if config["REGISTRATION"]:
            raise BadConfig(
                "REGISTRATION is true and MAIL_SERVER is not set, so nobody gets the mail with "
                f"which an account is made. Set it, as {PREFIX}_MAIL_SERVER."
            )
        return
    needed = {"MAIL_FROM": "whom mail comes from", "PUBLIC_ADDRESS": "where links in it lead"}
    for name, what in needed.items():
        if config[name] is None:
            raise BadConfig(
                f"MAIL_SERVER is set and {name} is not, so nobody knows {what}. Set it, as "
                f"{PREFIX}_{name} or in what create_app is given."
            )


def _check_public_address(address: str | None, https: bool) -> None:
    if address is not None and https and not address.startswith("https://"):
        raise BadConfig(
            f"PUBLIC_ADDRESS is {address!r}, and HTTPS is true: a link in a mail would be read on "
            "its way, and the cookies would not go there. Let it begin with https://."
        )


def _check_proxies(config: Mapping[str, Any]) -> None:
    prefix, proxies = config["PREFIX_PROXIES"], config["TRUSTED_PROXIES"]
    if prefix > proxies:
        raise BadConfig(
            f"PREFIX_PROXIES is {prefix} and TRUSTED_PROXIES is {proxies}, so a visitor would be "
            "believed about the path of the app. Set PREFIX_PROXIES to how many of the trusted "
            "proxies set X-Forwarded-Prefix."
        )


def _check_cookie_names(config: Mapping[str, Any]) -> None:
    names = [f"{kind}_COOKIE_NAME" for kind in _COOKIE_KINDS]
    for one, other in combinations(names, 2):
        if config[one] == config[other]:
            raise BadConfig(
                f"{one} and {other} are both {config[one]!r}, so each cookie would be overwritten "
                "by the other. Give them different names."
            )


def _check_breached(path: str | None) -> None:
    flaw = find_flaw(path) if path is not None else None
    if flaw is not None:
        raise BadConfig(
            f"BREACHED_PASSWORDS_FILE is {path!r}. {flaw} It has to be the list of Have I Been "
            "Pwned, ordered by hash: in each line a SHA-1 in capitals, a colon and a number. "
            "Download it again, or take the setting away."
        )


def _check_seeds(config: Mapping[str, Any]) -> None:
    if config["SECOND_FACTOR_KEY"] is not None and find_spec("cryptography") is None:
        raise BadConfig(
            "SECOND_FACTOR_KEY is set, and the package that encrypts with it is not installed: pip "
            "install cryptography"
        )


def _check_passkeys(config: Mapping[str, Any]) -> None:
    if not config["PASSKEYS"]:
        return
    if find_spec("webauthn") is None:
        raise BadConfig(
            "PASSKEYS is true, and the package that checks what passkeys sign is not installed: "
            "pip install webauthn"
        )
    address = config["PUBLIC_ADDRESS"]
    if address is None:
        raise BadConfig(
            "PASSKEYS is true and PUBLIC_ADDRESS is not set, so nobody knows for which address "
            f"passkeys are made. Set it, as {PREFIX}_PUBLIC_ADDRESS."
        )
    flaw = find_flaw_of_origin(address)
    if flaw is not None:
        raise BadConfig(f"PASSKEYS is true and PUBLIC_ADDRESS is {address!r}. {flaw} Change it.")


def _names_server(settings: Any) -> bool:
    return isinstance(settings, Mapping) and "mongo_client_class" not in settings


def _cookies(https: bool, remember_days: float) -> dict[str, Any]:
    """Return the cookie settings.

    The `__Host-` prefix makes a browser refuse the cookie unless it is Secure, has no Domain and is
    for the path /, so that no other host and no plain HTTP page can plant one.

    Source: MDN, "Using HTTP cookies", cookie prefixes.
    """
    prefix = "__Host-" if https else ""
    return {
        "SESSION_COOKIE_NAME": f"{prefix}session",
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_SECURE": https,
        "REMEMBER_COOKIE_NAME": f"{prefix}remember",
        "REMEMBER_COOKIE_HTTPONLY": True,
        "REMEMBER_COOKIE_SAMESITE": "Lax",
        "REMEMBER_COOKIE_SECURE": https,
        "REMEMBER_COOKIE_DURATION": timedelta(days=remember_days),
        "DEVICE_COOKIE_NAME": f"{prefix}device",
        "PREFERRED_URL_SCHEME": "https" if https else "http",
        # A form is checked where `cross_site` says so, and its token lives as long as the session.
        "WTF_CSRF_CHECK_DEFAULT": False,
        "WTF_CSRF_TIME_LIMIT": None,
    }


def _database(uri: str | None) -> dict[str, Any]:
    common = {"tz_aware": True, "uuidRepresentation": "standard"}
    if uri is None:
        return common | _embedded_database()
    try:
        parts = urlsplit(uri)
    except ValueError:
        raise BadConfig("MONGODB_URI is no address.") from None  # its words hold the address
    name = database_of(uri)
    if not name:
        raise BadConfig(
            "MONGODB_URI names no database: after the server there has to be a name, as in "
            "mongodb://localhost:27017/flasklogin."
        )
    check_database_name(name, "MONGODB_URI")
    milliseconds = DATABASE_PATIENCE * 1000
    chosen = {
        # A server forks its workers after this; the first request of each makes the connection.
        "connect": False,
        "serverSelectionTimeoutMS": milliseconds,
        "connectTimeoutMS": milliseconds,
        "socketTimeoutMS": 10 * milliseconds,
        # The whole of an operation, repeated once if the connection broke.
        "timeoutMS": milliseconds,
        # A write is answered when it is in the journal of most members, so that neither the death
        # of a server nor a new primary takes it back.
        "w": "majority",
        "journal": True,
    }
    said = {name.lower() for name in parse_qs(parts.query, keep_blank_values=True)}
    if "w" in said or "j" in said:  # the driver takes no journal with w=0
        said |= {"journal"}
    return (
        common
        | {"host": uri}
        | {name: value for name, value in chosen.items() if name.lower() not in said}
    )


def database_of(uri: str) -> str:
    """Return the name of the database in an address of MongoDB.

    Args:
        uri: the address.

    Returns:
        The name as it is written there, decoded, whether or not there can be such a database.

    Raises:
        ValueError: it is no address.
    """
    return unquote(urlsplit(uri).path.strip("/"))


def check_database_name(name: str, setting: str) -> None:
    """Refuse a name that no database can have.

    Of `app.users` the driver would take `app` without a word, and `users` for a collection.

    Source: MongoDB's manual, "Naming Restrictions", for servers that are not on Windows.

    Args:
        name: the name.
        setting: where it stands, for the message.

    Raises:
        BadConfig: it is too long, or has a character that is not allowed.
    """
    if set(name) & set('/\\. "$\0') or len(name.encode(errors="replace")) > _LONGEST_DATABASE_NAME:
        # Without the name: it is a part of the password where that has a slash as it is.
        raise BadConfig(
            f"The name of the database in {setting} cannot be used: it has a dot, a space, a slash "
            'or one of \\ " $ in it, or is longer than 63 bytes. Choose another, such as '
            "flasklogin. If it is the password that has such a sign, write it in percent-encoding."
        )


def _check_database_names(given: Any) -> None:
    """Look at settings in the notation of flask-mongoengine."""
    for settings in given if isinstance(given, list | tuple) else [given]:
        for key, value in settings.items() if isinstance(settings, Mapping) else ():
            name = value
            if key == "host" and isinstance(value, str):
                try:
                    name = database_of(value) if "://" in value else ""
                except ValueError:
                    continue  # `database` refuses it
            if key in ("db", "name", "host") and isinstance(name, str):
                check_database_name(name, "MONGODB_SETTINGS")


def _embedded_database() -> dict[str, Any]:
    try:
        client = embedded_client()
    except ImportError:
        raise BadConfig(
            "MONGODB_URI is not set, and the package of the embedded database is not installed. "
            f"Set {PREFIX}_MONGODB_URI to mongodb://server/database, or try the app without a "
            "server: pip install mongomock"
        ) from None
    return {"db": "flasklogin", "host": "mongodb://localhost", "mongo_client_class": client}


def _check_secret(app: Flask, production: bool) -> None:
    secret = app.config["SECRET_KEY"]
    if secret is not None and not isinstance(secret, str | bytes):
        raise BadConfig("SECRET_KEY is not a text. Write it in quotes.")
    advice = (
        "Make one with: python -c 'import secrets; print(secrets.token_hex())' and set it as "
        f"{PREFIX}_SECRET_KEY, the same for all workers."
    )
    if not secret and production:
        raise BadConfig(
            f"There is no SECRET_KEY, and in production nothing can do without. {advice}"
        )
    if not secret:
        app.config["SECRET_KEY"] = secrets.token_hex()
        app.logger.log(
            logging.DEBUG if app.testing else logging.WARNING,
            "no SECRET_KEY is set: a random one is used, and all logins end with this process",
        )
    elif production and is_weak_key(secret):
        raise BadConfig(
            f"The SECRET_KEY is shorter than {SHORTEST_SECRET} characters or made of few, so it "
            f"can be guessed, and whoever has it writes their own cookies. {advice}"
        )
