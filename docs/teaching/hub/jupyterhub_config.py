"""Settings of a JupyterHub for a class on this course: limits, and what is ended when idle.

README.md beside this file says where it goes and where the numbers come from. It chooses neither
how people log in nor where their servers run: that differs between The Littlest JupyterHub,
Kubernetes, and a trial on your own machine (trial_config.py).
"""

import os
import sys

c = get_config()  # noqa: F821 (JupyterHub puts it here)

#: How many servers may run at once. Leave some places for teachers.
PLACES = int(os.environ.get("HUB_PLACES", "34"))

#: How many servers may be starting at once: five for each core.
STARTS = int(os.environ.get("HUB_STARTS", str(5 * (os.cpu_count() or 1))))

# ---- what one student may use

# The heaviest notebook and two more fit into it. It holds where the spawner can enforce it: with
# systemd or in containers. JupyterHub's own LocalProcessSpawner cannot.
c.Spawner.mem_limit = "1G"
c.Spawner.cpu_limit = 1.0
c.Spawner.default_url = "/lab"

# A kernel that nobody looked at for half an hour is ended. Run All brings its notebook back.
c.Spawner.args = [
    "--MappingKernelManager.cull_idle_timeout=1800",
    "--MappingKernelManager.cull_interval=300",
]

# ---- how many at once

c.JupyterHub.active_server_limit = PLACES
# A start beyond this is refused with 429, and the page says after how many seconds to try again.
c.JupyterHub.concurrent_spawn_limit = STARTS
# On a busy machine a server answers late. These give it time before its start counts as failed.
c.Spawner.start_timeout = 120
c.Spawner.http_timeout = 90

# ---- what is ended when idle

# A server that did nothing for an hour is stopped. The files stay.
c.JupyterHub.services = [
    {
        "name": "idle-culler",
        "command": [sys.executable, "-m", "jupyterhub_idle_culler", "--timeout=3600"],
    }
]
c.JupyterHub.load_roles = [
    {
        "name": "idle-culler",
        "scopes": ["list:users", "read:users:activity", "read:servers", "delete:servers"],
        "services": ["idle-culler"],
    }
]
