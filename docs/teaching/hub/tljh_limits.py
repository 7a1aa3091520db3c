"""For The Littlest JupyterHub: what `tljh-config` has no setting for.

Copy it to /opt/tljh/config/jupyterhub_config.d/, then: sudo tljh-config reload hub
"""

import os

c = get_config()  # noqa: F821 (JupyterHub puts it here)

# Students and some teachers.
c.JupyterHub.active_server_limit = 34
# Five for each core. A start beyond this is refused with 429.
c.JupyterHub.concurrent_spawn_limit = 5 * (os.cpu_count() or 1)
c.Spawner.start_timeout = 120
c.Spawner.http_timeout = 90
c.Spawner.args = [
    "--MappingKernelManager.cull_idle_timeout=1800",
    "--MappingKernelManager.cull_interval=300",
]
