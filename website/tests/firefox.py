"""A notebook of the built site in a tab of headless Firefox.

Driven over WebDriver BiDi, which Firefox speaks itself: Playwright asks commands of it that the
long-term version does not know.
"""

import contextlib
import itertools
import json
import os
import re
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import websocket
from tab import RUN_ALL, Watch

FIREFOX = Path("/usr/bin/firefox-esr")

#: What Firefox asks for of its own accord.
FIREFOXS_OWN = (".mozilla.com", ".mozilla.net", ".mozilla.org", ".firefox.com")

SETTINGS = {
    "network.proxy.type": 1,
    "network.proxy.no_proxies_on": "127.0.0.1",
    "datareporting.policy.dataSubmissionEnabled": False,
    "browser.shell.checkDefaultBrowser": False,
    "remote.active-protocols": 1,
}


class Firefox:
    """A running Firefox, and what it is told."""

    def __init__(self, address: str) -> None:
        self.socket = websocket.create_connection(
            f"{address}/session", timeout=300, suppress_origin=True
        )
        self.numbers = itertools.count(1)
        self.ask("session.new", capabilities={})

    def ask(self, method: str, **parameters: object) -> dict:
        """Send a command, and return its result.

        Raises:
            RuntimeError: Firefox refused it.
        """
        number = next(self.numbers)
        self.socket.send(json.dumps({"id": number, "method": method, "params": parameters}))
        while True:
            said = json.loads(self.socket.recv())
            if said.get("id") == number:
                break
        if said["type"] == "error":
            raise RuntimeError(f"{method}: {said['error']}: {said['message']}")
        return said["result"]


class FirefoxTab:
    """A notebook in a tab, with a kernel of its own."""

    def __init__(self, firefox: Firefox, url: str, path: str) -> None:
        self.firefox = firefox
        self.context = firefox.ask("browsingContext.create", type="tab")["context"]
        page = f"{url}notebooks/index.html?path={path}"
        firefox.ask("browsingContext.navigate", context=self.context, url=page, wait="interactive")
        ready = "() => !!window.jupyterapp?.shell?.currentWidget?.context?.isReady"
        self.wait_for(ready, 180)

    def evaluate(self, function: str) -> object:
        """Call a function of JavaScript in the page, and return what it returns."""
        said = self.firefox.ask(
            "script.callFunction",
            functionDeclaration=f"async () => JSON.stringify(await ({function})()) ?? 'null'",
            target={"context": self.context},
            awaitPromise=True,
        )
        if said["type"] == "exception":
            raise RuntimeError(said["exceptionDetails"]["text"])
        return json.loads(said["result"]["value"])

    def wait_for(self, function: str, seconds: float) -> None:
        """Wait until a function of JavaScript returns something true.

        Raises:
            TimeoutError: it did not.
        """
        until = time.monotonic() + seconds
        while not self.evaluate(function):
            if time.monotonic() > until:
                raise TimeoutError(function)
            time.sleep(0.2)

    def run_all(self) -> None:
        """Run every cell, also after an error."""
        self.evaluate(RUN_ALL)
        self.wait_for("() => courseTest.ended", 600)

    def cells(self) -> list[dict]:
        """Return the code cells from the model."""
        model = self.evaluate("() => jupyterapp.shell.currentWidget.context.model.toJSON()")
        return [cell for cell in model["cells"] if cell["cell_type"] == "code"]

    def close(self) -> None:
        """Close the tab, and with it the kernel."""
        self.firefox.ask("browsingContext.close", context=self.context)


@contextlib.contextmanager
def firefox(watch: Watch, profile: Path) -> Iterator[Firefox]:
    """Run Firefox on a new profile until the block ends."""
    profile.mkdir()
    host, port = watch.url.removeprefix("http://").split(":")
    proxies = {f"network.proxy.{kind}": host for kind in ("http", "ssl")}
    ports = {f"network.proxy.{kind}_port": int(port) for kind in ("http", "ssl")}
    lines = [
        f"user_pref({json.dumps(name)}, {json.dumps(value)});"
        for name, value in (SETTINGS | proxies | ports).items()
    ]
    (profile / "user.js").write_text("\n".join(lines), encoding="utf-8")
    command = [FIREFOX, "--headless", "--no-remote", "--profile", profile]
    process = subprocess.Popen(
        [*command, "--remote-debugging-port", "0"],
        env=os.environ | {"HOME": str(profile), "MOZ_DISABLE_CONTENT_SANDBOX": "1"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        said = ""
        for line in process.stderr:
            said += line
            if found := re.search(r"WebDriver BiDi listening on (ws://\S+)", line):
                break
        else:
            raise RuntimeError(f"Firefox ended: {said}")
        running = Firefox(found[1])
        yield running
        running.socket.close()
    finally:
        process.terminate()
        process.communicate(timeout=30)
