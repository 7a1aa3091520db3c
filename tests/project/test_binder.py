"""What Binder and the public workflow do with the checkout."""

import json
import os
import re
import subprocess
import sys

import pytest
import yaml

from .checkout import PROJECT, PYTHONS, ROOT, posix_only

RENDER = """
import json
from repo2docker.app import Repo2Docker
from repo2docker.utils import get_platform

tool = Repo2Docker()
pack = next(p for p in (each(base_image=tool.base_image) for each in tool.buildpacks) if p.detect())
pack.platform = tool.platform or get_platform()
rendered = pack.render({"NB_UID": 1000})
print(json.dumps([type(pack).__name__, pack.python_version, rendered]))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="repo2docker does not run on Windows")
def test_binder_builds_from_its_own_list_and_keeps_the_layer_when_a_notebook_changes():
    pytest.importorskip("repo2docker", reason="repo2docker is in requirements/test.txt")
    # In a process of its own, because it looks at the current folder and imports docker.
    process = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", RENDER],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert process.returncode == 0, process.stderr
    pack, python, dockerfile = json.loads(process.stdout.splitlines()[-1])
    assert pack == "CondaBuildPack"
    wanted = (ROOT / "binder/environment.yml").read_text(encoding="utf-8")
    assert f"  - python={python}\n" in wanted

    update = re.search(r'env update .*--file "(.*?)"', dockerfile)
    assert update[1] == "binder/environment.yml"
    everything = re.search(r"^COPY .*\bsrc/ ", dockerfile, re.MULTILINE)
    assert update.start() < everything.start()
    before = re.findall(r"^COPY .*?\bsrc/(\S*)", dockerfile[: update.start()], re.MULTILINE)
    assert before == ["binder/environment.yml"], "the costly layer depends on these files"
    assert dockerfile.index("RUN ./binder/postBuild") > everything.start()


@posix_only
@pytest.mark.parametrize("path", ["binder/postBuild", ".ci/run"])
def test_a_script_can_be_run(path):
    assert os.access(ROOT / path, os.X_OK)
    assert subprocess.run(["bash", "-n", ROOT / path]).returncode == 0


def test_postbuild_adds_the_project_and_no_package():
    commands = (ROOT / "binder/postBuild").read_text(encoding="utf-8").splitlines()
    (pip,) = [line.split() for line in commands if " pip " in line]
    assert "--no-deps" in pip
    assert pip[-2:] == ["-e", "."]


def test_the_workflow_tries_each_python_that_is_promised():
    promised = [line for line in PROJECT["classifiers"] if ":: Python :: 3." in line]
    assert tuple(line.rpartition(" ")[2] for line in promised) == PYTHONS
    workflow = yaml.safe_load((ROOT / ".github/workflows/test.yml").read_text(encoding="utf-8"))
    assert tuple(workflow["jobs"]["locked"]["strategy"]["matrix"]["python"]) == PYTHONS
