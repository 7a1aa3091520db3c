"""The wheels of the site run notebooks in plain Node as in a tab, in a fraction of the time.

`make test-site ARGS="website/tests/test_in_node.py"` is for every change; test_notebooks.py is the
same in Chromium.
"""

import json
import subprocess

import pytest
from stored import ROOT, differences, errors
from test_notebooks import KNOWN

LESSONS = sorted((ROOT / "notebooks").glob("*.ipynb"))
SHORT = {"00", "09", "16", "18", "19"}
CHOSEN = [path.relative_to(ROOT).as_posix() for path in LESSONS if path.name[:2] in SHORT]

#: Node's stack is set by hand, and the shell has to give it as much.
COMMAND = 'ulimit -s 65536; exec node --stack-size=4000 website/notebooks.mjs "$@"'


@pytest.mark.parametrize("path", CHOSEN)
def test_a_notebook_prints_what_is_stored(site, tmp_path, path):
    given = [str(site / "live" / "static" / "pyodide"), str(tmp_path), path]
    command = ["bash", "-c", COMMAND, "node", *given]
    process = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert process.returncode == 0, process.stderr[-2000:]
    cells = json.loads((tmp_path / path).read_text())
    assert errors(cells) == {}
    found = differences(path, cells)[1]
    assert set(found) == set(KNOWN.get(path, {})), "\n".join(found.values())
