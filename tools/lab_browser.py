"""Open a notebook in JupyterLab in a headless Chromium, run it, read it, photograph it.

`tests/course/test_browser.py` and `tools/screenshot.py` share this module. JupyterLab serves a copy
of the notebook's folder and keeps its settings, its runtime files and its home in a folder that the
caller gives it: nothing is written into the checkout, and nobody's own settings change what is
seen.
Chromium reaches this machine only, other names do not resolve.
"""

import contextlib
import json
import os
import secrets
import shutil
import site
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple, Self
from urllib.parse import quote, urlsplit

import dev
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from playwright.sync_api import TimeoutError as PlaywrightTimeout

#: What Chromium is called, in the order in which it is looked for.
CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome")

#: Said where a test is skipped or a script gives up.
NO_CHROMIUM = (
    f"no Chromium: none of {', '.join(CHROMIUM_NAMES)} is on PATH, "
    "and the environment variable CHROMIUM does not name one"
)

CHROMIUM_FLAGS = (
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-proxy-server",
    # A name that is not this machine does not resolve, so a page that wants one shows it at once.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
)

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})

#: The widest window in which JupyterLab is opened without its side bar. Below that the side bar
#: would leave a few words a line, and a reader closes it.
NARROW = 900

OPENED = """path => {
    const panel = window.jupyterapp?.shell?.currentWidget;
    return Boolean(panel?.context?.isReady && panel.context.path === path
        && document.querySelector('.jp-Notebook .jp-Cell'));
}"""

RUN_ALL = """() => {
    window.allCells = null;
    const panel = jupyterapp.shell.currentWidget;
    panel.sessionContext.ready
        .then(() => jupyterapp.commands.execute('notebook:run-all-cells'))
        .then(() => { window.allCells = 'done'; }, why => { window.allCells = `${why}`; });
}"""

COLOURED = """() => document.querySelector('.jp-CodeCell .cm-line span')
    || !document.querySelector('.jp-CodeCell .cm-line')?.textContent.trim()"""

CELLS = "() => jupyterapp.shell.currentWidget.context.model.toJSON().cells"

# In JupyterLab the notebook scrolls, elsewhere the page does.
OUTER = "(document.querySelector('.jp-WindowedPanel-outer') ?? document.scrollingElement)"

# What the page still waits for: a diagram that is not drawn yet is an empty element, a picture that
# has not arrived is not complete.
STATE = """() => {
    const outer = OUTER;
    const waiting = [
        ...[...document.querySelectorAll('.jp-RenderedMermaid')].filter(e => !e.firstChild),
        ...[...document.images].filter(e => e.getClientRects().length && !e.complete),
    ];
    const box = outer === document.scrollingElement
        ? {x: 0, y: 0, width: innerWidth, height: innerHeight} : outer.getBoundingClientRect();
    return {
        waiting: waiting.length, fonts: document.fonts.status,
        coloured: document.querySelectorAll('.cm-line span').length,
        height: outer.scrollHeight, shown: outer.clientHeight, top: outer.scrollTop,
        box: {x: box.x, y: box.y, width: outer.clientWidth, height: outer.clientHeight},
    };
}""".replace("OUTER", OUTER)

SCROLL = """top => {
    OUTER.scrollTop = top;
    return new Promise(next => requestAnimationFrame(() => requestAnimationFrame(next)));
}""".replace("OUTER", OUTER)

DIAGRAMS = """() => [...document.querySelectorAll('.jp-RenderedMermaid')].map(e => {
    const image = e.querySelector('img');
    const svg = (image?.src ?? '').startsWith('data:image/svg+xml') && image.naturalWidth > 0;
    return {svg, text: e.querySelector('.mermaid')?.textContent ?? '', alt: image?.alt ?? ''};
})"""

DIALOGS = """() => [...document.querySelectorAll('.jp-Dialog')].map(
    e => e.innerText.split('\\n').filter(line => line.trim()).join(' / '))"""


class BrowserError(Exception):
    """JupyterLab or the page did not do what was asked; the message says what was seen."""


class Diagram(NamedTuple):
    """A mermaid output as the page shows it.

    Attributes:
        svg: whether it is drawn: an SVG picture that has a width.
        text: the mermaid source.
        alt: what a screen reader says of it.
    """

    svg: bool
    text: str
    alt: str


def find_chromium() -> str | None:
    """Look for Chromium.

    Returns:
        The program that CHROMIUM names if that is set, else the first of `CHROMIUM_NAMES` that is
        on PATH; None when there is none.
    """
    named = os.environ.get("CHROMIUM")
    names = (named,) if named else CHROMIUM_NAMES
    return next((found for name in names if (found := shutil.which(name))), None)


def copy_notebook(notebook: Path, root: Path) -> str:
    """Copy a notebook together with its folder.

    Args:
        notebook: the notebook.
        root: the folder that JupyterLab will serve; it is made here.

    Returns:
        The path of the copy from `root`, with slashes. As in the checkout it begins with
        `notebooks/` if the notebook lies in a folder of that name.
    """
    notebook = notebook.resolve()
    course = next((path for path in notebook.parents if path.name == "notebooks"), None)
    if course:
        ignored = shutil.ignore_patterns(".*", "__pycache__")
        shutil.copytree(course, root / course.name, ignore=ignored)
        relative = notebook.relative_to(course.parent)
    else:
        # Somebody's download folder is not copied as a whole, only the small files beside it.
        root.mkdir(parents=True)
        for path in notebook.parent.iterdir():
            if path == notebook or (path.is_file() and path.stat().st_size < 2_000_000):
                shutil.copy(path, root)
        relative = Path(notebook.name)
    return relative.as_posix()


def clear_outputs(notebook: Path) -> None:
    """Take the outputs out of a copy, so that what is seen in it later comes from running it.

    Args:
        notebook: the copy.
    """
    content = json.loads(notebook.read_text(encoding="utf-8"))
    for cell in content["cells"]:
        if cell["cell_type"] == "code":
            cell.update(outputs=[], execution_count=None)
    notebook.write_text(json.dumps(content), encoding="utf-8")


def lab_options(root: Path) -> list[str]:
    """List the options with which the project starts JupyterLab.

    Args:
        root: the folder that it serves.

    Returns:
        The options that `make lab` passes, with this folder in place of the checkout.
    """
    options = [one for one in dev.lab_options() if not one.startswith("--ServerApp.root_dir=")]
    return [*options, f"--ServerApp.root_dir={root}"]


class JupyterLab:
    """A JupyterLab of the running interpreter, for as long as the `with` block lasts.

    Args:
        root: the folder that it serves.
        work: an empty or missing folder for its home, settings, runtime files and log.
        dark: whether it uses its dark theme.
        whole: whether every cell is laid out at once. JupyterLab's default leaves out what is not
            in view; a photograph needs all of it.
        timeout: for how many seconds to wait until it answers.

    Attributes:
        url: where it is, with a slash at the end.
        token: what it asks of a browser.
    """

    def __init__(
        self,
        root: Path,
        work: Path,
        *,
        dark: bool = False,
        whole: bool = False,
        timeout: float = 60,
    ) -> None:
        self.root, self.work, self.timeout = root, work, timeout
        self.token, self.url = secrets.token_hex(16), ""
        self._settings = {
            "apputils-extension/themes": {
                "theme": "JupyterLab Dark" if dark else "JupyterLab Light",
                "adaptive-theme": False,
            },
        }
        if whole:
            self._settings["notebook-extension/tracker"] = {
                "windowingMode": "none",
                "scrollPastEnd": False,
            }
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def log(self) -> str:
        """What the server has printed so far."""
        path = self.work / "jupyterlab.log"
        text = path.read_text(encoding="utf-8", errors="replace") if path.exists() else ""
        return text.replace(self.token, "…")

    def __enter__(self) -> Self:
        env = self._environment()
        with open(self.work / "jupyterlab.log", "wb") as log:
            self._process = subprocess.Popen(
                [
                    *(sys.executable, "-m", "jupyterlab"),
                    *lab_options(self.root),
                    "--no-browser",
                    # The system picks a free port, and the server notes which.
                    *("--port", "0"),
                    f"--IdentityProvider.token={self.token}",
                    # Lets a script in the page give JupyterLab its own commands.
                    "--LabApp.expose_app_in_browser=True",
                ],
                env=env,
                cwd=self.root,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        try:
            self.url = self._wait(Path(env["JUPYTER_RUNTIME_DIR"]))
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, *exception: object) -> None:
        self.stop()

    def stop(self) -> None:
        """End the server and its kernels."""
        process, self._process = self._process, None
        if process is None:
            return
        # The server stops its kernels on its way out; a kernel that it leaves behind ends by
        # itself when its parent is gone.
        process.terminate()
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(15)

    def _environment(self) -> dict[str, str]:
        env = dict(os.environ)
        for name in ("JUPYTER_PATH", "JUPYTER_TOKEN", "JUPYTERLAB_DIR"):
            env.pop(name, None)
        env["JUPYTER_CONFIG_PATH"] = dev.JUPYTER_CONFIG
        # HOME moves; what is installed for the user alone stays importable.
        env["PYTHONUSERBASE"] = site.getuserbase()
        folders = {
            "HOME": "home",
            "IPYTHONDIR": "ipython",
            "JUPYTER_CONFIG_DIR": "config",
            "JUPYTER_DATA_DIR": "data",
            "JUPYTER_RUNTIME_DIR": "runtime",
            "JUPYTERLAB_SETTINGS_DIR": "settings",
            "JUPYTERLAB_WORKSPACES_DIR": "workspaces",
        }
        for name, folder in folders.items():
            path = (self.work / folder).resolve()
            path.mkdir(parents=True, exist_ok=True)
            env[name] = str(path)
        for name, values in self._settings.items():
            path = self.work / "settings" / "@jupyterlab" / f"{name}.jupyterlab-settings"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(json.dumps(values), encoding="utf-8")
        return env

    def _wait(self, runtime: Path) -> str:
        assert self._process is not None
        deadline = time.monotonic() + self.timeout
        while time.monotonic() < deadline:
            if self._process.poll() is not None:
                raise BrowserError(f"JupyterLab ended at once:\n{self.log[-3000:]}")
            for path in runtime.glob("jpserver-*.json"):
                # The file can be there a moment before its content is.
                with contextlib.suppress(ValueError, OSError, KeyError):
                    return str(json.loads(path.read_text(encoding="utf-8"))["url"])
            time.sleep(0.05)
        raise BrowserError(f"JupyterLab did not start in {self.timeout:g} s:\n{self.log[-3000:]}")


@contextlib.contextmanager
def chromium(*, width: int = 1280, height: int = 1000) -> Iterator[BrowserContext]:
    """Start a headless Chromium with an empty profile.

    Args:
        width: of the window, in pixels.
        height: of the window, in pixels.

    Yields:
        What makes pages.

    Raises:
        BrowserError: no Chromium was found.
    """
    path = find_chromium()
    if path is None:
        raise BrowserError(NO_CHROMIUM)
    with sync_playwright() as playwright:
        browser: Browser = playwright.chromium.launch(
            executable_path=path, headless=True, args=list(CHROMIUM_FLAGS)
        )
        try:
            yield browser.new_context(viewport={"width": width, "height": height})
        finally:
            browser.close()


class ReaderPage:
    """A page and everything that went wrong in it.

    Args:
        context: the browser.
        shots: where a screenshot goes when something fails.

    Attributes:
        page: the page, for whatever else is wanted of it.
        errors: what the page wrote to the console as an error, and exceptions nobody caught.
        outside: the addresses that are not on this machine and were asked for all the same.
    """

    def __init__(self, context: BrowserContext, shots: Path) -> None:
        self.page: Page = context.new_page()
        self.shots = shots
        self.errors: list[str] = []
        self.outside: list[str] = []
        self.page.on("console", lambda m: m.type == "error" and self.errors.append(m.text))
        self.page.on("pageerror", lambda e: self.errors.append(f"uncaught: {e}"))
        self.page.on("request", lambda request: self._note(request.url))
        self.page.on("websocket", lambda socket: self._note(socket.url))

    def _note(self, url: str) -> None:
        parts = urlsplit(url)
        inside = parts.scheme in {"data", "blob", "about", "file"} or parts.hostname in LOOPBACK
        if not inside and url not in self.outside:
            self.outside.append(url)

    def shoot(self, name: str) -> Path:
        """Photograph the window.

        Args:
            name: what the file is called, without its ending.

        Returns:
            The file.
        """
        self.shots.mkdir(parents=True, exist_ok=True)
        path = self.shots / f"{name}.png"
        self.page.screenshot(path=path)
        return path

    def wait(self, what: str, script: str, argument: object = None, *, timeout: float) -> None:
        """Wait until a script is true in the page.

        Args:
            what: what is waited for, for the message.
            script: a JavaScript function.
            argument: what the function is given.
            timeout: seconds.

        Raises:
            BrowserError: it was not true in time. The message names a screenshot.
        """
        try:
            self.page.wait_for_function(script, arg=argument, timeout=timeout * 1000)
        except PlaywrightTimeout:
            message = self.describe(f"{what}: not within {timeout:g} s")
            raise BrowserError(message) from None

    def describe(self, message: str) -> str:
        """Describe what is in the page, for whoever was not there to look.

        Args:
            message: what went wrong.

        Returns:
            The message, with what the page says and the name of a screenshot below it.
        """
        seen = [message]
        with contextlib.suppress(Exception):
            seen += [f"dialog: {text}" for text in self.page.evaluate(DIALOGS)]
        seen += [f"console: {text[:300]}" for text in self.errors[:5] if text not in message]
        with contextlib.suppress(Exception):
            seen.append(f"screenshot: {self.shoot(f'failed-{secrets.token_hex(3)}')}")
        return "\n".join(seen)

    def settle(self, timeout: float = 20) -> dict:
        """Wait until nothing on the page is being drawn any more.

        Args:
            timeout: seconds.

        Returns:
            The height of the whole content and the place of the part that is shown.

        Raises:
            BrowserError: the page did not come to rest.
        """
        deadline = time.monotonic() + timeout
        before = None
        while time.monotonic() < deadline:
            state = self.page.evaluate(STATE)
            if state == before and not state["waiting"] and state["fonts"] == "loaded":
                return state
            before = state
            self.page.wait_for_timeout(100)
        message = f"the page did not come to rest in {timeout:g} s: {before}"
        raise BrowserError(self.describe(message))

    def scroll(self) -> Iterator[dict]:
        """Go from the top to the end, a window at a time.

        Yields:
            The state of the page at each stop, see `settle`. Pages overlap by two lines of text,
            so that a line cut by the edge of one is whole in the next.
        """
        overlap, top = 40, 0
        while True:
            self.page.evaluate(SCROLL, top)
            state = self.settle()
            yield state
            step = max(state["shown"] - overlap, 100)
            if state["top"] + state["shown"] >= state["height"] - 1 or top > state["height"]:
                return
            top += step

    def photograph(self, out: Path, name: str) -> list[Path]:
        """Write the whole content as PNG pages, each as high as the window.

        Args:
            out: the folder; older pages of this name in it are removed first.
            name: what the files are called; `-01.png` and so on is added.

        Returns:
            The files, in order.
        """
        out.mkdir(parents=True, exist_ok=True)
        for old in out.glob(f"{name}-[0-9][0-9].png"):
            old.unlink()
        paths: list[Path] = []
        end = 0.0
        for state in self.scroll():
            box = state["box"]
            # The last page shows only what the one before it did not.
            overlap = max(0.0, end - state["top"] - 40)
            clip = {**box, "y": box["y"] + overlap, "height": box["height"] - overlap}
            end = state["top"] + state["shown"]
            path = out / f"{name}-{len(paths) + 1:02}.png"
            self.page.screenshot(path=path, clip=clip, animations="disabled", caret="hide")
            paths.append(path)
        return paths


class NotebookPage(ReaderPage):
    """A notebook in JupyterLab.

    Args:
        context: the browser.
        lab: the JupyterLab.
        path: the notebook, from the root that JupyterLab serves.
        shots: where a screenshot goes when something fails.
        side_bar: whether the file browser stands beside the notebook, as at a first visit.
        timeout: for how many seconds to wait until the notebook is there.
    """

    def __init__(
        self,
        context: BrowserContext,
        lab: JupyterLab,
        path: str,
        shots: Path,
        *,
        side_bar: bool = True,
        timeout: float = 60,
    ) -> None:
        super().__init__(context, shots)
        mode = "lab" if side_bar else "doc"
        self.page.goto(
            f"{lab.url}{mode}/tree/{quote(path)}?reset&token={lab.token}",
            wait_until="domcontentloaded",
            timeout=timeout * 1000,
        )
        self.wait(f"{path} in JupyterLab", OPENED, path, timeout=timeout)
        self.path = path
        # The code gets its colours a moment later, if it gets any.
        with contextlib.suppress(PlaywrightTimeout):
            self.page.wait_for_function(COLOURED, timeout=5000)

    def run_all(self, timeout: float) -> None:
        """Run every cell by JupyterLab's own command, and wait for the last.

        Args:
            timeout: seconds, for the kernel's start and all cells together.

        Raises:
            BrowserError: the cells did not finish in time, or the command failed.
        """
        self.page.evaluate(RUN_ALL)
        self.wait(f"all cells of {self.path}", "() => window.allCells !== null", timeout=timeout)
        ended = self.page.evaluate("() => window.allCells")
        if ended != "done":
            raise BrowserError(self.describe(f"Run All Cells: {ended}"))

    def cells(self) -> list[dict]:
        """Read the cells, with their outputs, from the notebook's model.

        Returns:
            The cells as an .ipynb file has them.
        """
        return self.page.evaluate(CELLS)

    def diagrams(self) -> list[Diagram]:
        """Scroll through the notebook and collect its mermaid diagrams.

        Returns:
            Every diagram once, in the order of the page.
        """
        found: dict[str, Diagram] = {}
        for _ in self.scroll():
            for diagram in self.page.evaluate(DIAGRAMS):
                found[diagram["text"]] = Diagram(**diagram)
        return list(found.values())


def problems(cells: list[dict]) -> list[str]:
    """List what a run left behind that a reader should not see.

    Args:
        cells: the cells of a notebook after a run.

    Returns:
        A line for each error, for each text on stderr, and for each cell that did not run. Cells
        are counted as in the file, from 1.
    """
    found = []
    for number, cell in enumerate(cells, 1):
        if cell["cell_type"] != "code":
            continue
        for output in cell["outputs"]:
            if output["output_type"] == "error":
                found.append(f"cell {number}: {output['ename']}: {output['evalue']}")
            elif output.get("name") == "stderr":
                found.append(f"cell {number}: on stderr: {_joined(output['text']).strip()}")
        if _joined(cell["source"]).strip() and cell["execution_count"] is None:
            found.append(f"cell {number}: did not run")
    return found


def _joined(text: str | list[str]) -> str:
    return text if isinstance(text, str) else "".join(text)
