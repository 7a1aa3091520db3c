"""What nbval has to know about the notebooks of this course.

It stands at the top, because pytest reads it then for whatever is tested, one notebook alone too.
"""

import os
import tempfile
from pathlib import Path

import pytest
from nbval.plugin import IPyNbCell, IPyNbFile


def pytest_configure():
    # Nothing is noted of what the tests do, and nothing that was noted changes an output: this file
    # is in a folder that does not exist.
    nowhere = Path(tempfile.gettempdir()) / "flasklogin_tutorial" / "no such folder"
    os.environ["FLASKLOGIN_TUTORIAL_PROGRESS"] = str(nowhere / "progress.json")


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
