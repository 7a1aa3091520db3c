"""Tiny packages, and an index of them on this machine, for the tests of installing."""

import hashlib
import io
import tarfile
import zipfile
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread


def write_wheel(folder, name, version, lines=(), tag="py3-none-any"):
    """Write a wheel without code, with further lines of metadata, and return its path."""
    stem = f"{name.replace('-', '_')}-{version}"
    metadata = ["Metadata-Version: 2.4", f"Name: {name}", f"Version: {version}", *lines, ""]
    path = folder / f"{stem}-{tag}.whl"
    with zipfile.ZipFile(path, "w") as wheel:
        wheel.writestr(f"{stem}.dist-info/METADATA", "\n".join(metadata))
        wheel.writestr(
            f"{stem}.dist-info/WHEEL",
            f"Wheel-Version: 1.0\nGenerator: tests\nRoot-Is-Purelib: true\nTag: {tag}\n",
        )
        wheel.writestr(f"{stem}.dist-info/RECORD", "")
    return path


def write_source(folder, name, version):
    """Write a source archive that cannot be built, and return its path."""
    path = folder / f"{name}-{version}.tar.gz"
    files = {
        "pyproject.toml": '[build-system]\nrequires = []\nbuild-backend = "backend"\n'
        'backend-path = ["."]\n',
        "backend.py": "raise OSError('there is no compiler')\n",
        "PKG-INFO": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n",
    }
    with tarfile.open(path, "w:gz") as archive:
        for file, text in files.items():
            entry = tarfile.TarInfo(f"{name}-{version}/{file}")
            entry.size = len(text)
            archive.addfile(entry, io.BytesIO(text.encode()))
    return path


def digest(path):
    """Return the hash of a file as a lock has it."""
    return "sha256:" + hashlib.sha256(path.read_bytes()).hexdigest()


@contextmanager
def serve(pages, tls=None):
    """Serve some pages on this machine, and give the address.

    Args:
        pages: the status and the body of each path; without a body the connection is cut.
        tls: an `ssl.SSLContext` for an index that is encrypted.
    """

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            status, body = pages.get(self.path, (404, b"not here"))
            if body is None:
                self.close_connection = True
                return
            self.send_response(status)
            self.send_header("Content-Type", "text/html")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *arguments):
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.handle_error = lambda *arguments: None
    if tls:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        # pip 24.2 on Python 3.13 stumbles over an encrypted index that has a number for a name.
        yield f"{'https://localhost' if tls else 'http://127.0.0.1'}:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
