# What a developer types. `make` alone lists it. Python 3.11 or newer and make are all it needs.

PYTHON ?= python3
# Passed on: make test ARGS="-k calendar", make bench ARGS=..., make lock ARGS=--upgrade
ARGS ?=
# One more than the cores it was made for: some tests wait for other programs.
WORKERS ?= 3
BIN = .venv/bin

.DEFAULT_GOAL := help
.PHONY: help demo run test storm check bench fmt lock environment environment-dev

help: ## this list
	@sed -n 's/^\([a-z]*\):[^#]*## /\1\t/p' $(MAKEFILE_LIST) | while IFS="$$(printf '\t')" read -r name what; \
	do printf '  make %-7s %s\n' "$$name" "$$what"; done

demo: $(if $(CHANNEL),environment-dev,environment) ## a made-up commune (TEXT=1: in the terminal; CHANNEL=telegram, zalo-oa, zalo-bot: emulated)
	@$(if $(CHANNEL),$(BIN)/python -m tests.emulators.stories $(CHANNEL),$(BIN)/python -m bot demo $(if $(TEXT),--text) $(ARGS))

run: environment ## the desk itself, with the settings of .env
	@$(BIN)/python -m bot run $(ARGS)

test: environment-dev ## the tests but for what is long (ARGS="-k calendar": some of them)
	@$(BIN)/python -m pytest -n $(WORKERS) $(ARGS)

storm: environment-dev ## what is random, many times as much, and what is long (ARGS="--storm 100": for an hour)
	@$(BIN)/python -m pytest -n $(WORKERS) -m storm --storm 3 $(ARGS)

check: environment-dev ## style, safe code, format, types, who imports whom, and that no secret is committed
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(SECRETS)

bench: environment-dev ## how fast it is on this machine
	@$(BIN)/python -m bench $(ARGS)

fmt: environment-dev ## put the code in order
	@$(BIN)/ruff format
	@$(BIN)/ruff check --fix

# Keys and tokens by their shapes, in whatever is committed; what only looks random or is called a password is
# ruff's to find (its S rules are bandit's). Lock files and lists of sentences hold none.
SECRETS = git ls-files -z -- ':!*.lock' ':!*.csv' ':!*.tsv' ':!*.chat' ':!docs/transcripts' ':!domain/understand/data' \
	| xargs -0 $(BIN)/detect-secrets-hook --no-verify --disable-plugin Base64HighEntropyString \
	--disable-plugin HexHighEntropyString --disable-plugin KeywordDetector --disable-plugin BasicAuthDetector

# pip-tools lives in a corner of .venv of its own: it must not be in the lock that it makes. The developers'
# file comes first and binds the other, so that what is tested is what people run.
LOCK = .venv/lock/bin/python -m piptools compile --quiet --generate-hashes --no-annotate --strip-extras --allow-unsafe \
	--no-header --no-emit-index-url --no-emit-trusted-host --no-emit-find-links --no-emit-options \
	--cache-dir .venv/lock/cache $(ARGS)

lock: ## write the lock files anew after a change of pyproject.toml (ARGS=--upgrade: newest)
	@$(PYTHON) -m venv .venv/lock
	@.venv/lock/bin/python -m pip install --quiet --disable-pip-version-check --root-user-action ignore pip-tools
	@$(LOCK) --extra dev --output-file requirements-dev.lock pyproject.toml
	@$(LOCK) --constraint requirements-dev.lock --output-file requirements.lock pyproject.toml

environment:
	@command -v $(PYTHON) >/dev/null || { echo "Python 3.11 or newer is needed; on Debian: apt-get install python3 python3-venv" >&2; exit 1; }
	@$(PYTHON) tools/environment.py run

environment-dev:
	@command -v $(PYTHON) >/dev/null || { echo "Python 3.11 or newer is needed; on Debian: apt-get install python3 python3-venv" >&2; exit 1; }
	@$(PYTHON) tools/environment.py dev
