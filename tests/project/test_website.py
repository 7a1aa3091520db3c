"""What the site is built of, as far as it can be seen without building it.

`make test-site` builds it and runs website/tests.
"""

import json
import re

from .checkout import PYPROJECT, ROOT, text_of

WEBSITE = ROOT / "website"


def npm_lock():
    return json.loads((WEBSITE / "package-lock.json").read_text(encoding="utf-8"))["packages"]


def test_every_package_of_npm_has_a_hash_and_no_host():
    packages = {name: each for name, each in npm_lock().items() if name}
    assert packages
    for name, each in packages.items():
        assert each["integrity"].startswith("sha512-"), name
        assert "resolved" not in each, f"{name}: npm install --omit-lockfile-registry-resolved"


def test_what_package_json_asks_for_is_what_the_lock_has():
    asked = json.loads((WEBSITE / "package.json").read_text(encoding="utf-8"))["dependencies"]
    locked = npm_lock()
    assert asked == {name: locked[f"node_modules/{name}"]["version"] for name in asked}


def test_what_is_made_for_one_another_is_pinned():
    (core, kernel) = PYPROJECT["project"]["optional-dependencies"]["site"][:2]
    assert re.fullmatch(r"jupyterlite-core==\S+", core)
    assert re.fullmatch(r"jupyterlite-pyodide-kernel==\S+", kernel)
    for pinned in (core, kernel):
        assert re.search(rf"(?m)^{re.escape(pinned)} ", text_of("site"))


def test_the_documented_policy_is_the_one_that_the_tests_send():
    server = (WEBSITE / "server.py").read_text(encoding="utf-8")
    block = re.search(r"CONTENT_SECURITY_POLICY = .*?\n\)\n", server, re.DOTALL)[0]
    policy = "; ".join(re.findall(r'^ +"(.+)",$', block, re.MULTILINE))
    assert f"Content-Security-Policy: {policy}\n" in (ROOT / "docs" / "site.md").read_text("utf-8")
