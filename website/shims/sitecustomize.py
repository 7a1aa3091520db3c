"""Python runs this when it starts in the tab: it brings what this build of CPython lacks.

Nothing of the course knows of it, so no notebook asks where it runs.
"""

from tab_shims import key_derivation, nesting, one_process, packed

key_derivation.install()
nesting.install()
one_process.install()
packed.install()
