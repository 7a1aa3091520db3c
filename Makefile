# Each target is a command of tools/dev.py, which also works where there is no make:
# `python3 tools/dev.py lab`. Another Python: `make lab PYTHON=python3.12`.
ifeq ($(OS),Windows_NT)
PYTHON ?= python
run = $(PYTHON)
else
PYTHON ?= python3
run = command -v $(PYTHON) >/dev/null || { echo "make: there is no '$(PYTHON)' on this machine. Install Python 3.11 or newer (Debian: apt-get install python3 python3-venv), or name the one you have: make $@ PYTHON=python3.12" >&2; exit 1; }; exec $(PYTHON)
endif

.PHONY: help lab check test test-mongo pythons coverage serve article outputs bench site test-site lock clean
help lab check test test-mongo pythons coverage serve article outputs bench site test-site lock clean:
	@$(run) tools/dev.py $@ $(ARGS)
