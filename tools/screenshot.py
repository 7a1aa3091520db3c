"""Look at a notebook as a reader sees it: write it as PNG pages.

    python tools/screenshot.py NOTEBOOK OUT_DIR             as stored, in JupyterLab
    python tools/screenshot.py NOTEBOOK OUT_DIR --run       after Run All Cells
    python tools/screenshot.py NOTEBOOK OUT_DIR --dark      in JupyterLab's dark theme
    python tools/screenshot.py NOTEBOOK OUT_DIR --width 390 on a phone
    python tools/screenshot.py NOTEBOOK OUT_DIR --as html   exported by nbconvert, no network
    python tools/screenshot.py NOTEBOOK OUT_DIR --as hosted on a page that strips styles and scripts

The last one is a stand-in for a code-hosting page, not a copy of any: HTML without classes and
styles, unknown kinds of output ignored.

The notebook is opened in a copy of its folder, so nothing in the checkout changes. Pages of an
earlier look at the same notebook are removed from OUT_DIR. The exit status is 1, and the pages are
written all the same, when a cell raised an error or wrote to stderr (with --run), when a diagram
cannot be drawn, or when the page wrote an error to its console or asked for another machine. It
needs Chromium, and what `make test` installs: .venv/bin/python tools/screenshot.py …
"""

import argparse
import signal
import sys
import tempfile
import time
from pathlib import Path

from lab_browser import (
    NARROW,
    NO_CHROMIUM,
    BrowserError,
    JupyterLab,
    NotebookPage,
    ReaderPage,
    chromium,
    clear_outputs,
    copy_notebook,
    find_chromium,
    problems,
)

#: Room for JupyterLab's menu and tool bar above the notebook, so that a page of it has the height
#: that was asked for.
BARS = 121

#: What a page that strips styles and scripts keeps.
HOSTED_TAGS = (
    "a b blockquote br code dd del details div dl dt em h1 h2 h3 h4 h5 h6 hr i img kbd li ol p pre "
    "s samp span strong sub summary sup table tbody td tfoot th thead tr tt ul"
)
HOSTED_ATTRIBUTES = {"a": ["href"], "img": ["src", "alt", "width", "height"]}
HOSTED_KINDS = ["text/html", "text/markdown", "image/png", "image/jpeg", "text/plain"]
HOSTED_PAGE = """<!doctype html><meta charset="utf-8"><style>
body { max-width: 860px; margin: 24px auto; padding: 0 12px; font: 16px/1.5 sans-serif }
pre { font: 12px/1.4 monospace; overflow: auto; background: #f6f8fa; padding: 8px; margin: 6px 0 }
code { font-family: monospace } table { border-collapse: collapse } img { max-width: 100% }
td, th { border: 1px solid #d0d7de; padding: 4px 10px }
</style>"""


def export(notebook: Path, work: Path, *, dark: bool, hosted: bool) -> Path:
    """Write a notebook as an HTML page.

    Args:
        notebook: the notebook.
        work: a folder for the page.
        dark: whether the page has nbconvert's dark theme.
        hosted: whether to strip it as a code-hosting page does.

    Returns:
        The page.
    """
    from nbconvert import HTMLExporter

    if hosted:
        import bleach
        from traitlets.config import Config

        kinds = Config({"NbConvertBase": {"display_data_priority": HOSTED_KINDS}})
        exporter = HTMLExporter(
            config=kinds, template_name="basic", exclude_anchor_links=True, anchor_link_text=""
        )
        body, _ = exporter.from_filename(str(notebook))
        body = HOSTED_PAGE + bleach.clean(
            body,
            tags=set(HOSTED_TAGS.split()),
            attributes=HOSTED_ATTRIBUTES,
            protocols={"http", "https", "data"},
            strip=True,
        )
    else:
        body, _ = HTMLExporter(theme="dark" if dark else "light").from_filename(str(notebook))
    page = work / "page.html"
    page.write_text(body, encoding="utf-8")
    return page


def look(args: argparse.Namespace, work: Path) -> tuple[list[Path], list[str]]:
    """Open the notebook and photograph it.

    Args:
        args: the command line, parsed.
        work: an empty folder.

    Returns:
        The pages, and what went wrong while they were made.
    """
    variant = [args.notebook.stem, args.kind if args.kind != "lab" else "", "run" * args.run]
    variant += ["dark" * args.dark, str(args.width) if args.width != 1280 else ""]
    name = "-".join(filter(None, variant))
    found: list[str] = []
    if args.kind != "lab":
        file = export(args.notebook, work, dark=args.dark, hosted=args.kind == "hosted")
        with chromium(width=args.width, height=args.height) as context:
            page = ReaderPage(context, args.out_dir)
            page.page.goto(file.as_uri())
            return page.photograph(args.out_dir, name), found
    path = copy_notebook(args.notebook, work / "root")
    if args.run:
        clear_outputs(work / "root" / path)
    with (
        JupyterLab(work / "root", work / "jupyter", dark=args.dark, whole=True) as lab,
        chromium(width=args.width, height=args.height + BARS) as context,
    ):
        wide = args.width >= NARROW
        page = NotebookPage(context, lab, path, args.out_dir, side_bar=wide)
        if args.run:
            page.run_all(args.timeout)
            found += problems(page.cells())
        pages = page.photograph(args.out_dir, name)
        found += [f"not drawn: {item.text}" for item in page.diagrams() if not item.svg]
        found += [f"console: {text}" for text in page.errors]
        found += [f"asked for {url}" for url in page.outside]
        return pages, found


def main(argv: list[str] | None = None) -> int:
    """Run the script.

    Args:
        argv: the arguments, `sys.argv[1:]` by default.

    Returns:
        The exit status.
    """
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("notebook", type=Path, metavar="NOTEBOOK")
    parser.add_argument("out_dir", type=Path, metavar="OUT_DIR")
    parser.add_argument("--run", action="store_true", help="run all cells first")
    parser.add_argument("--dark", action="store_true", help="use the dark theme")
    parser.add_argument("--width", type=int, default=1280, help="of the window (%(default)s px)")
    parser.add_argument("--height", type=int, default=1400, help="of a page (%(default)s px)")
    parser.add_argument(
        "--as", dest="kind", choices=("lab", "html", "hosted"), default="lab", help="(%(default)s)"
    )
    parser.add_argument(
        "--timeout", type=float, default=120, help="of --run, all cells together (%(default)s s)"
    )
    args = parser.parse_args(argv)
    if args.run and args.kind != "lab":
        parser.error("--run needs JupyterLab: leave out --as")
    if not args.notebook.is_file():
        parser.error(f"there is no {args.notebook}")
    if find_chromium() is None:
        print(NO_CHROMIUM, file=sys.stderr)
        return 2
    # So that a JupyterLab is not left behind when this is told to end, by `timeout` for one.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    began = time.monotonic()
    try:
        with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as work:
            pages, found = look(args, Path(work))
    except BrowserError as error:
        print(error, file=sys.stderr)
        return 2
    for page in pages:
        print(page)
    for line in found:
        print(line, file=sys.stderr)
    print(f"{len(pages)} pages in {time.monotonic() - began:.0f} s")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
