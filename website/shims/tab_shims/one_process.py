"""Stand in for `multiprocessing.sharedctypes`, whose parts in C are not in this build.

Werkzeug's debugger counts wrong PINs in a `multiprocessing.Value`. There is one process and one
thread in a tab, so what all of them share is an ordinary value.
"""

import contextlib
import sys
from importlib.machinery import ModuleSpec
from types import ModuleType, SimpleNamespace

NAME = "multiprocessing.sharedctypes"


def value(typecode_or_type, *args, lock=True, ctx=None):
    """Return a number that all processes share, which is one."""
    shared = SimpleNamespace(value=args[0] if args else 0)
    shared.get_lock = contextlib.nullcontext
    return shared


class Finder:
    """Finds the stand-in where Python looks for the module."""

    @staticmethod
    def find_spec(name, path=None, target=None):
        """Answer for the one module that is replaced."""
        return ModuleSpec(name, Finder) if name == NAME else None

    @staticmethod
    def create_module(spec):
        """Make the module."""
        module = ModuleType(spec.name)
        module.Value = module.RawValue = value
        return module

    @staticmethod
    def exec_module(module):
        """Do nothing more."""


def install():
    """Let imports find the stand-in first."""
    sys.meta_path.insert(0, Finder)
