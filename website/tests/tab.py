"""A notebook of the built site in a tab of headless Chromium."""

import contextlib
import http.server
import threading
import time
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import BrowserContext, sync_playwright

SWITCHES = (
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-dev-shm-usage",
    "--disable-gpu",
    "--disable-quic",
    "--disable-sync",
    "--no-first-run",
)

#: What Chromium asks for of its own accord, whatever its switches: the end of each host's name.
CHROMIUMS_OWN = (".google.com", ".googleapis.com", ".gvt1.com")

RUN_ALL = """() => {
    window.courseTest = { done: 0, ended: null };
    const widget = jupyterapp.shell.currentWidget, notebook = widget.content;
    (async () => {
        await widget.context.ready;
        await widget.sessionContext.ready;
        for (let i = 0; i < notebook.model.cells.length; i++) {
            notebook.activeCellIndex = i;
            notebook.deselectAll();
            await jupyterapp.commands.execute('notebook:run-cell').catch(() => 0);
            if (notebook.model.cells.get(i).type === 'code') courseTest.done += 1;
        }
    })().then(() => courseTest.ended = 'ok', (error) => courseTest.ended = String(error));
}"""

RUN_SOURCE = """(source) => {
    window.courseTest = { ended: null };
    const widget = jupyterapp.shell.currentWidget, notebook = widget.content;
    (async () => {
        await widget.context.ready;
        await widget.sessionContext.ready;
        let i = 0;
        while (notebook.model.cells.get(i).type !== 'code') i++;
        notebook.model.cells.get(i).sharedModel.setSource(source);
        notebook.activeCellIndex = i;
        notebook.deselectAll();
        await jupyterapp.commands.execute('notebook:run-cell');
    })().then(() => courseTest.ended = 'ok', (error) => courseTest.ended = String(error));
}"""


class Watch:
    """A proxy that answers nothing, and notes which hosts were asked for, by a worker too."""

    def __init__(self) -> None:
        self.url = ""
        self.asked: set[str] = set()

    @property
    def outside(self) -> list[str]:
        """The hosts that a page or one of its workers asked for."""
        return sorted(host for host in self.asked if not f".{host}".endswith(CHROMIUMS_OWN))


@contextlib.contextmanager
def watching() -> Iterator[Watch]:
    """Run the proxy until the block ends."""
    watch = Watch()

    class Handler(http.server.BaseHTTPRequestHandler):
        def refuse(self):
            watch.asked.add(self.path.split("//")[-1].split("/")[0].split(":")[0])
            self.send_error(502)

        do_CONNECT = do_GET = do_HEAD = do_OPTIONS = do_POST = refuse

        def log_message(self, *arguments):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.1,), daemon=True)
    thread.start()
    watch.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield watch
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@contextlib.contextmanager
def chromium(watch: Watch, profile: Path, **options: object) -> Iterator[BrowserContext]:
    """Open Chromium on a profile: a new folder is a first visit, the same one again a second."""
    with sync_playwright() as playwright:
        context = playwright.chromium.launch_persistent_context(
            str(profile),
            executable_path="/usr/bin/chromium",
            headless=True,
            args=list(SWITCHES),
            proxy={"server": watch.url, "bypass": "127.0.0.1"},
            **({"viewport": {"width": 1280, "height": 1000}} | options),
        )
        try:
            yield context
        finally:
            context.close()


class Tab:
    """A notebook in a tab, with a kernel of its own."""

    def __init__(self, context: BrowserContext, url: str, path: str) -> None:
        self.began = time.monotonic()
        self.console: list[str] = []
        self.page = context.new_page()
        self.page.on("console", self.note)
        self.page.on("pageerror", lambda error: self.console.append(f"page error: {error}"))
        self.page.goto(f"{url}notebooks/index.html?path={path}", wait_until="domcontentloaded")
        self.page.wait_for_function(
            "() => window.jupyterapp?.shell?.currentWidget?.context?.isReady", timeout=180_000
        )
        self.shown = time.monotonic() - self.began

    def note(self, message) -> None:
        """Keep what the page complains of."""
        if message.type == "error":
            self.console.append(message.text[:300])

    def run_all(self, cell_seconds: float = 300) -> None:
        """Run every cell, also after an error, where «Run All» would end.

        Raises:
            TimeoutError: a cell did not end.
        """
        self.page.evaluate(RUN_ALL)
        done, since = -1, time.monotonic()
        while not self.page.evaluate("() => courseTest.ended"):
            now = self.page.evaluate("() => courseTest.done")
            if now != done:
                done, since = now, time.monotonic()
            if time.monotonic() - since > cell_seconds:
                said = self.page.locator("#course-status").all_inner_texts()
                raise TimeoutError(f"code cell {done + 1} did not end. The page says: {said}")
            time.sleep(0.1)

    def run(self, source: str, seconds: float = 300) -> str:
        """Run other code in the first code cell, and return what it prints or raises."""
        self.page.evaluate(RUN_SOURCE, source)
        self.page.wait_for_function("() => courseTest.ended", timeout=seconds * 1000)
        outputs = self.cells()[0]["outputs"]
        parts = [one.get("text") or one.get("evalue") or one.get("data", "") for one in outputs]
        return "".join(part if isinstance(part, str) else "".join(part) for part in parts)

    def cells(self) -> list[dict]:
        """Return the code cells from the model: what is scrolled away is not in the page."""
        model = self.page.evaluate("() => jupyterapp.shell.currentWidget.context.model.toJSON()")
        return [cell for cell in model["cells"] if cell["cell_type"] == "code"]

    def close(self) -> None:
        """Close the tab, and with it the kernel."""
        self.page.close()
