"""A MongoDB server where the code asks for mongomock: the one switch of `make test-mongo`.

The steps, the finished app, the notebooks and the tests all name `mongomock.MongoClient`. On a
server that name stands for a client of the real driver. What stays as it was: a new client finds
nothing of those before it, and what it wrote is gone when it is closed. So each has databases of
its own, under their names with a prefix.

The folder of this file is on PYTHONPATH meanwhile, so that kernels and programs do the same.
"""

import os
import secrets
import sys
import tempfile
from contextlib import ExitStack, contextmanager
from importlib.abc import Loader, MetaPathFinder
from importlib.util import find_spec
from pathlib import Path

#: The environment variables that say which server, and what the names of all databases begin with.
SERVER, PREFIX = "TESTS_MONGODB_URI", "TESTS_MONGODB_PREFIX"

#: The databases that a server has for itself.
_ITS_OWN = {"admin", "config", "local"}


@contextmanager
def on_a_server():
    """Say to this process, and to those that it starts, which server there is; end with no trace.

    It is the one that MONGODB_URI names, or else one that is started and ends here.
    """
    import pymongo
    from app.processes import mongodb_in  # it is not in the folder that programs get

    prefix = f"tests_{secrets.token_hex(3)}_"
    with ExitStack() as stack:
        before = dict(os.environ)
        if not before.get("MONGODB_URI"):
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
            mongodb = mongodb_in(folder)
            stack.enter_context(mongodb())
            os.environ["MONGODB_URI"] = mongodb.uri
        path = os.pathsep.join(filter(None, [str(Path(__file__).parent), before.get("PYTHONPATH")]))
        os.environ |= {SERVER: os.environ["MONGODB_URI"], PREFIX: prefix, "PYTHONPATH": path}
        try:
            yield
            with pymongo.MongoClient(os.environ[SERVER]) as client:
                for name in client.list_database_names():
                    if name.startswith(prefix):
                        client.drop_database(name)
        finally:
            os.environ.clear()
            os.environ |= before


def describe_server():
    """Say what server it is."""
    import pymongo

    with pymongo.MongoClient(os.environ[SERVER]) as client:
        said = client.server_info()
    if "secantusVersion" in said:
        return f"on a server: SecantusDB {said['secantusVersion']}, which says {said['version']}"
    return f"on a server: MongoDB {said['version']}"


def install():
    """Let `mongomock.MongoClient` be a client of the server, now or when mongomock is imported."""
    if SERVER not in os.environ:
        return
    if "mongomock" in sys.modules:
        _replace(sys.modules["mongomock"])
    else:
        sys.meta_path.insert(0, _Finder())


def _replace(mongomock):
    if mongomock.__dict__.get("of_the_tests") is None:
        mongomock.of_the_tests = mongomock.MongoClient  # what is replaced
        mongomock.MongoClient = _client_class()


class _Finder(MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        if name != "mongomock":
            return None
        sys.meta_path.remove(self)
        spec = find_spec(name)
        if spec is not None:
            spec.loader = _Loader(spec.loader)
        return spec


class _Loader(Loader):
    def __init__(self, loader):
        self._loader = loader

    def __getattr__(self, name):
        return getattr(self._loader, name)

    def create_module(self, spec):
        return self._loader.create_module(spec)

    def exec_module(self, module):
        self._loader.exec_module(module)
        _replace(module)


def _client_class():
    import pymongo  # not by every Python that is started

    class MongoClient(pymongo.MongoClient):
        def __init__(self, host=None, port=None, **options):
            prefix = f"{os.environ[PREFIX]}{secrets.token_hex(4)}_"
            # Not by `self.prefix = …`: the driver takes names that it does not know for databases.
            vars(self).update(prefix=prefix, used=set(), process=os.getpid())
            super().__init__(os.environ[SERVER], **options)

        def __getitem__(self, name):
            return self.get_database(name)

        def get_database(self, name=None, *args, **options):
            return super().get_database(self._own(name), *args, **options)

        def drop_database(self, database, *args, **options):
            name = getattr(database, "name", database)
            super().drop_database(self._own(name), *args, **options)

        def list_database_names(self, *args, **options):
            names = super().list_database_names(*args, **options)
            return [one.removeprefix(self.prefix) for one in names if one.startswith(self.prefix)]

        def close(self):
            while self.used and self.process == os.getpid():
                super().drop_database(self.used.pop())
            super().close()

        def __del__(self):
            """Say nothing: the driver warns of a client that was left open, mongomock does not."""

        def _own(self, name):
            if name in _ITS_OWN or str(name).startswith(self.prefix):
                return name
            self.used.add(self.prefix + name)
            return self.prefix + name

    return MongoClient
