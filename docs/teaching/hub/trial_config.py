"""A JupyterHub to try on your own machine, with the limits of jupyterhub_config.py.

    HUB_PASSWORD=$(openssl rand -hex 12) jupyterhub -f trial_config.py

It listens on this machine alone. Every name gets in with the one password, and all servers run as
the user who started the hub, in folders of their own below HUB_HOMES: students could read each
other's files, and yours. So it is for trying, and for benchmarks/hub.py, and never for a class.
"""

import os
import tempfile
from pathlib import Path

c = get_config()  # noqa: F821 (JupyterHub puts it here)

# Without the folder it would be looked for elsewhere, and left out in silence.
load_subconfig("jupyterhub_config.py", str(Path(__file__).parent))  # noqa: F821 (and this too)

password = os.environ.get("HUB_PASSWORD", "")
if len(password) < 12:
    raise SystemExit("Set HUB_PASSWORD to 12 or more characters.")
port = int(os.environ.get("HUB_PORT", "8000"))
homes = Path(os.environ.get("HUB_HOMES") or tempfile.mkdtemp(prefix="hub-"))

c.JupyterHub.authenticator_class = "dummy"
c.DummyAuthenticator.password = password
c.Authenticator.allow_all = True
c.JupyterHub.spawner_class = "simple"
c.SimpleLocalProcessSpawner.home_dir_template = str(homes / "{username}")

if hasattr(os, "geteuid") and os.geteuid() == 0:
    # In a container, say. Jupyter refuses to run as root without it.
    c.Spawner.args.append("--allow-root")

c.JupyterHub.bind_url = f"http://127.0.0.1:{port}"
c.JupyterHub.hub_bind_url = f"http://127.0.0.1:{port + 1}"
c.ConfigurableHTTPProxy.api_url = f"http://127.0.0.1:{port + 2}"

c.JupyterHub.db_url = f"sqlite:///{homes}/hub.sqlite"
c.JupyterHub.cookie_secret_file = str(homes / "cookie_secret")
c.ConfigurableHTTPProxy.pid_file = str(homes / "proxy.pid")
