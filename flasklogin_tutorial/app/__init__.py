"""The finished app: `create_app` puts its parts together."""

from collections.abc import Mapping
from typing import Any

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from .audit import show_audit_log
from .cli import register_commands
from .config import load_config
from .cross_site import register_cross_site
from .database import connect_database, register_database
from .entrance import register_entrance
from .errors import register_errors
from .extensions import csrf
from .headers import register_headers
from .login import login_manager
from .mail import register_mail
from .orders import register_orders
from .prefix import PathOfSession
from .second_step import register_second_step
from .throttle import register_throttle
from .views.auth import auth
from .views.by_mail import by_mail
from .views.records import records
from .views.registration import registration
from .views.second_factor import pages
from .views.service import service


def create_app(config: Mapping[str, Any] | None = None) -> Flask:
    """Make the app.

    Args:
        config: settings that win over the environment's, merged last into `app.config`; see
            `config` for what there is.

    Returns:
        A new app. Without any setting it is one for development: it keeps its data in memory and
        speaks plain HTTP.

    Raises:
        BadConfig: a setting has no meaning, production lacks its secret key, or an app of this
            process uses another database.
    """
    app = Flask(__name__)
    load_config(app, config)
    register_entrance(app)  # first: nothing of its own looks at a request before
    trust_proxies(app, app.config["TRUSTED_PROXIES"], app.config["PREFIX_PROXIES"])
    app.session_interface = PathOfSession()

    connect_database(app)
    csrf.init_app(app)
    # Without its context processor: a page about a database that is away must not look for a user.
    login_manager.init_app(app, add_context_processor=False)

    register_headers(app)
    register_errors(app)
    register_cross_site(app)
    register_database(app)
    register_throttle(app)
    register_mail(app)
    register_orders(app)
    register_second_step(app)
    register_commands(app)
    show_audit_log(app)

    app.register_blueprint(records)
    app.register_blueprint(auth)
    app.register_blueprint(pages)
    app.register_blueprint(service)
    if app.config["MAIL_SERVER"] is not None:
        app.register_blueprint(by_mail)
    if app.config["REGISTRATION"]:
        app.register_blueprint(registration)
    return app


def trust_proxies(app: Flask, number: int, prefix: int) -> None:
    """Believe what the proxies in front of an app say about its visitors, and nobody else.

    Source: Flask's documentation, "Tell Flask it is Behind a Proxy": every proxy adds one value to
    the header, and anything before those values was written by the visitor.

    Args:
        app: the app.
        number: how many proxies there are, each setting X-Forwarded-For, -Proto and -Host.
        prefix: how many of them, the last ones, set X-Forwarded-Prefix too. From a proxy that does
            not, the header is the visitor's.
    """
    if number:
        app.wsgi_app = ProxyFix(
            app.wsgi_app, x_for=number, x_proto=number, x_host=number, x_prefix=prefix
        )
