"""The apps by name, each with an empty database."""

from importlib import import_module

from flasklogin_tutorial.visit import new_app

#: Each app, and what its factory is called with.
APPS = {
    "login_at_root": (),
    "tutorial": (),
    "first_name": (),
    "two_steps": (),
    "only_addresses": (),
    "with_arguments": ("default",),
    "under_prefix": (),
    "two_blueprints": (),
    "class_views": (),
    "wrapper": (),
    "json_and_tokens": (),
    "security_extension": (),
}


def attacked(name):
    """Return an app of this package, new."""
    module = import_module(f"{__package__}.{name}")
    factory = getattr(module, "create_app", None) or module.make_app
    return new_app(lambda: factory(*APPS[name]))
