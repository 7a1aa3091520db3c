"""The apps by name, each with an empty database."""

import sys
from importlib import import_module
from types import ModuleType

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

_LOADED: dict[str, ModuleType] = {}


def attacked(name):
    """Return an app of this package, new, and alone in it, as the app of a project is."""
    for other in _LOADED:
        sys.modules.pop(other, None)
    path = f"{__package__}.{name}"
    if path in _LOADED:
        sys.modules[path] = _LOADED[path]
    module = _LOADED[path] = import_module(path)
    factory = getattr(module, "create_app", None) or module.make_app
    return new_app(lambda: factory(*APPS[name]))
