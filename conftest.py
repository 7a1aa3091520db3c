"""What nbval has to know about the notebooks of this course, and the switch to a MongoDB server.

It stands at the top, because pytest reads it then for whatever is tested, one notebook alone too.
"""

import os
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

import pytest
from nbval.plugin import IPyNbCell, IPyNbFile

TESTS = Path(__file__).parent / "tests"
sys.path[:0] = [str(TESTS), str(TESTS / "on_mongodb")]

import stand_in  # noqa: E402, it is in a folder that programs of the tests get too

_SERVER = pytest.StashKey[ExitStack]()


def pytest_addoption(parser):
    parser.addoption(
        "--mongodb",
        action="store_true",
        help="run on a MongoDB server in place of mongomock: the one that MONGODB_URI names, or "
        "else one that is started, a mongod from the PATH or SecantusDB",
    )
    parser.addoption(
        "--load-seconds",
        type=int,
        default=30,
        help="how long tests/app/test_load.py keeps the app busy (default: 30)",
    )
    parser.addoption(
        "--store-figures",
        action="store_true",
        help="store what the tests of faults saw, for docs/faults.md: tests/app/faults.py",
    )


def pytest_configure(config):
    if config.option.mongodb:
        if not hasattr(config, "workerinput"):  # the other processes of xdist get what this one has
            config.stash[_SERVER] = ExitStack()
            config.stash[_SERVER].enter_context(stand_in.on_a_server())
        stand_in.install()

    # Nothing is noted of what the tests do, and nothing that was noted changes an output: this file
    # is in a folder that does not exist.
    nowhere = Path(tempfile.gettempdir()) / "flasklogin_tutorial" / "no such folder"
    os.environ["FLASKLOGIN_TUTORIAL_PROGRESS"] = str(nowhere / "progress.json")


def pytest_unconfigure(config):
    if _SERVER in config.stash:
        config.stash[_SERVER].close()


def pytest_report_header(config):
    return stand_in.describe_server() if config.option.mongodb else None


def pytest_collection_modifyitems(config, items):
    for item in items if config.option.mongodb else ():
        for mark in item.iter_markers("mongomock"):
            item.add_marker(pytest.mark.skip(reason=f"about mongomock: {mark.args[0]}"))
        tags = item.cell.metadata.get("tags", []) if isinstance(item, IPyNbCell) else []
        if "mongomock" in tags:
            item.add_marker(
                pytest.mark.skip(reason="about mongomock: the cell shows what it lacks")
            )
        if "mongomock-output" in tags:
            item.options["check"] = False


def pytest_collectstart(collector):
    # Nothing is stored of an exercise: it has to run to its end, and that is all.
    if isinstance(collector, IPyNbFile) and collector.path.parent.name == "exercises":
        collector.compare_outputs = False
    # A trace draws itself as a diagram where it runs. The diagram is not stored: pages that cannot
    # draw it would show nothing at all, although the text stands beside it.
    if isinstance(collector, IPyNbFile):
        collector.skip_compare += ("text/vnd.mermaid",)


def pytest_runtest_setup(item):
    # A new message on stderr fails by itself; one that was stored would be compared and pass.
    if isinstance(item, IPyNbCell):
        stored = [output.text for output in item.cell.outputs if output.get("name") == "stderr"]
        if stored:
            pytest.fail(f"a message on stderr is stored with this cell: {''.join(stored)}")
        # Not at the top: what the package imports may have to be replaced first, see stand_in.
        from flasklogin_tutorial.show import html_text

        # In the diagram's place its text is stored once more, in a box: see refresh_outputs.py.
        for data in (output.get("data", {}) for output in item.cell.outputs):
            if data.get("text/html") == html_text(data.get("text/plain", "")):
                del data["text/html"]
