"""The sample of nginx in docs/app.md, run: the app below a path, over TLS."""

import re
import secrets
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest
import requests

from .conftest import PAGE, PASSWORDS, csrf_token
from .processes import PATIENCE, free_port, running

PAGE_OF_APP = Path(__file__).parent.parent.parent / "docs" / "app.md"

#: Debian keeps it where only administrators look.
NGINX = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
OPENSSL = shutil.which("openssl")

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform == "win32", reason="gunicorn does not run on Windows"),
    pytest.mark.skipif(NGINX is None, reason="nginx is not installed"),
    pytest.mark.skipif(OPENSSL is None, reason="openssl is not installed: it makes a certificate"),
]


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    folder = tmp_path_factory.mktemp("certificate")
    made = ["-keyout", folder / "key.pem", "-out", folder / "certificate.pem"]
    about = ["-days", "2", "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"]
    kind = ["-x509", "-newkey", "rsa:2048", "-nodes"]
    subprocess.run([OPENSSL, "req", *kind, *made, *about], check=True, capture_output=True)
    return folder


def sample(port, app_port, certificate):
    """Return the sample of the page, with what has to be another here."""
    (text,) = re.findall(r"```nginx\n(.*?)```", PAGE_OF_APP.read_text("utf-8"), re.DOTALL)
    for there, here in {
        "listen 443 ssl": f"listen 127.0.0.1:{port} ssl",
        "server_name example.org": "server_name localhost",
        "/etc/ssl/example.org.pem": certificate / "certificate.pem",
        "/etc/ssl/example.org.key": certificate / "key.pem",
        "127.0.0.1:8000": f"127.0.0.1:{app_port}",
    }.items():
        assert text.count(there) == 1
        text = text.replace(there, str(here))
    return text


def configuration(folder, server):
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    temporary = "".join(f"{kind}_temp_path {folder}/{kind};\n" for kind in kinds)
    # One process, and as whoever runs the tests: an administrator's nginx would change its user.
    begin = f"daemon off;\nmaster_process off;\npid {folder}/pid;\nerror_log stderr notice;\n"
    return f"{begin}events {{}}\nhttp {{\naccess_log off;\n{temporary}{server}}}\n"


@pytest.fixture
def shop(tmp_path, certificate):
    """Run the app behind nginx, and give the address at which a browser finds it."""
    port, app_port = free_port(), free_port()
    (tmp_path / "nginx.conf").write_text(
        configuration(tmp_path, sample(port, app_port, certificate)), "utf-8"
    )
    (tmp_path / "shop.py").write_text(
        "from flasklogin_tutorial import create_app\n"
        "from flasklogin_tutorial.app import accounts\n"
        "app = create_app()\n"
        "with app.app_context():\n"
        f"    accounts.create('ada', 'ada@example.org', {PASSWORDS['ada']!r}, is_admin=True)\n",
        "utf-8",
    )
    settings = {
        "FLASKLOGIN_HTTPS": "true",
        "FLASKLOGIN_SECRET_KEY": secrets.token_hex(),
        "FLASKLOGIN_TRUSTED_PROXIES": "1",
        "FLASKLOGIN_PREFIX_PROXIES": "1",
        "FLASKLOGIN_TRUSTED_HOSTS": '["localhost"]',
    }
    server = [sys.executable, "-m", "gunicorn", "--bind", f"127.0.0.1:{app_port}", "shop:app"]
    proxy = [NGINX, "-c", str(tmp_path / "nginx.conf"), "-p", str(tmp_path), "-e", "stderr"]
    with (
        running(server, "Booting worker", tmp_path / "gunicorn.txt", **settings),
        running(proxy, "nginx/", tmp_path / "nginx.txt"),
    ):
        address = f"https://localhost:{port}"
        await_answer(f"{address}/shop/healthz", certificate)
        yield address
    assert "Traceback" not in (tmp_path / "gunicorn.txt").read_text("utf-8")


def await_answer(url, certificate):
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            assert requests.get(url, verify=certificate / "certificate.pem", timeout=PATIENCE).ok
            return
        except requests.ConnectionError:
            assert time.monotonic() < deadline
            time.sleep(0.05)


def test_a_person_logs_in_below_the_path(shop, certificate):
    browser = requests.Session()
    browser.trust_env = False  # a variable may name other certificates
    browser.verify = str(certificate / "certificate.pem")
    # A browser says where it comes from, and on https the app looks at it.
    browser.headers = PAGE | {"Referer": f"{shop}/shop/login"}

    login = browser.get(f"{shop}/shop")
    assert [one.headers["Location"] for one in login.history[1:]] == [
        "/shop/account",
        "/shop/login?next=%2Fshop%2Faccount",
    ]
    form = {"csrf_token": csrf_token(login), "username": "ada", "password": PASSWORDS["ada"]}
    form["next"] = "/shop/people"
    people = browser.post(f"{shop}/shop/login", data=form)
    assert (people.status_code, people.url) == (200, f"{shop}/shop/people")
    led = set(re.findall(r'(?:href|src|action)="([^"#]*)"', people.text))
    assert {one for one in led if not one.startswith("/shop/")} == set()
    assert browser.get(shop + min(led & {"/shop/static/style.css"})).ok
    assert {(one.name, one.path, one.secure) for one in browser.cookies} == {
        ("__Host-session", "/", True),
        ("__Host-device", "/", True),
    }
    assert "max-age=" in people.headers["Strict-Transport-Security"]


def test_a_visitor_is_not_believed_about_the_path_or_the_address(shop, certificate, tmp_path):
    said = {"X-Forwarded-Prefix": "//evil.example", "X-Forwarded-For": "203.0.113.9"}
    answer = requests.put(
        f"{shop}/shop/",
        headers=said | {"SCRIPT_NAME": "/evil", "X-Forwarded-Host": "evil.example"},
        json={},
        verify=certificate / "certificate.pem",
        timeout=PATIENCE,
    )
    assert (answer.status_code, answer.json()["code"]) == (401, "login_required")
    assert "evil" not in answer.text + str(answer.headers)
    log = (tmp_path / "gunicorn.txt").read_text("utf-8")
    assert '"address": "127.0.0.1"' in log
    assert "203.0.113.9" not in log
