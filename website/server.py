"""Serve the site on this machine, with the headers that a host should send.

`make site ARGS=--serve` uses it, and so do the tests.
"""

import contextlib
import gzip
import http.server
import io
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

#: As strict as works. Pyodide compiles WebAssembly and evaluates its own scripts, JupyterLite
#: writes scripts and styles into its page, and a notebook's pictures are data.
CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self' 'unsafe-inline' 'unsafe-eval'",
        "worker-src 'self' blob:",
        "connect-src 'self' data:",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "font-src 'self' data:",
        "manifest-src 'self'",
        "frame-src 'self'",
        "frame-ancestors 'self'",
        "base-uri 'self'",
        "form-action 'self'",
        "object-src 'none'",
    )
)
HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    # A new version is seen at once; what did not change is not sent again.
    "Cache-Control": "no-cache",
}
TYPES = {
    ".ipynb": "application/json",
    ".js": "text/javascript",
    ".mjs": "text/javascript",
    ".wasm": "application/wasm",
    ".webmanifest": "application/manifest+json",
    ".whl": "application/octet-stream",
}
#: What hosts compress. A wheel is packed already.
COMPRESSED = (".css", ".html", ".ipynb", ".js", ".json", ".mjs", ".svg", ".txt", ".wasm", ".xml")


class Served:
    """What a server has sent.

    Attributes:
        url: the address of the front page.
        sent: the bytes of each path.
        missing: the paths that were asked for and are not there.
        stop: ends the server before its block does.
    """

    def __init__(self) -> None:
        self.url = ""
        self.stop: Callable[[], None] = lambda: None
        self.forget()

    def forget(self) -> None:
        """Count from nothing again."""
        self.sent: Counter[str] = Counter()
        self.missing: list[str] = []


def handler(folder: Path, prefix: str, compress: bool, served: Served) -> type:
    """Return the class that answers for a folder, below a path as on a host with many sites."""

    class Handler(http.server.SimpleHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        extensions_map = http.server.SimpleHTTPRequestHandler.extensions_map | TYPES

        def __init__(self, *arguments, **options):
            super().__init__(*arguments, directory=str(folder), **options)

        def translate_path(self, path):
            below = path.removeprefix(prefix) if path.startswith(prefix) else "no such path"
            return super().translate_path("/" + below)

        def end_headers(self):
            for name, value in HEADERS.items():
                self.send_header(name, value)
            super().end_headers()

        def send_head(self):
            path = Path(self.translate_path(self.path))
            takes = "gzip" in self.headers.get("Accept-Encoding", "")
            fresh = "If-Modified-Since" in self.headers
            if not (compress and takes and path.suffix in COMPRESSED and path.is_file()) or fresh:
                return super().send_head()
            body = gzip.compress(path.read_bytes(), 6, mtime=0)
            self.send_response(200)
            self.send_header("Content-Type", self.guess_type(str(path)))
            self.send_header("Content-Encoding", "gzip")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            return io.BytesIO(body)

        def copyfile(self, source, outputfile):
            data = source.read()
            served.sent[self.path.partition("?")[0]] += len(data)
            with contextlib.suppress(BrokenPipeError, ConnectionResetError):
                outputfile.write(data)

        def log_request(self, code="-", size="-"):
            if str(code).isdigit() and int(code) >= 400:
                served.missing.append(self.path)

        def log_message(self, *arguments):
            pass

    return Handler


class Server(http.server.ThreadingHTTPServer):
    """A server that says nothing of a browser that hangs up."""

    daemon_threads = True

    def handle_error(self, request, client_address):
        """Say nothing."""


@contextlib.contextmanager
def serving(
    folder: Path, prefix: str = "/course/", compress: bool = False, port: int = 0
) -> Iterator[Served]:
    """Serve a folder on loopback until the block ends.

    Args:
        folder: the site.
        prefix: the path below which it is, as a project's page on a host is.
        compress: send what hosts compress with gzip.
        port: the port; 0 takes any.

    Yields:
        The address, and what was sent.
    """
    served = Served()
    made = handler(folder, prefix, compress, served)
    server = Server(("127.0.0.1", port), made)
    thread = threading.Thread(target=server.serve_forever, args=(0.1,), daemon=True)
    thread.start()
    served.url = f"http://127.0.0.1:{server.server_port}{prefix}"

    def stop() -> None:
        if thread.is_alive():
            server.shutdown()
            server.server_close()
            thread.join()

    served.stop = stop
    try:
        yield served
    finally:
        stop()


def serve_for_ever(folder: Path) -> None:
    """Serve a folder until Ctrl-C."""
    with serving(folder, "/", compress=True, port=8000) as served:
        print(f"The site is at {served.url}. Ctrl-C ends it.", flush=True)
        with contextlib.suppress(KeyboardInterrupt):
            threading.Event().wait()
