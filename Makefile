# `make up` and `make test` need nothing before them: each target installs what it uses.
SHELL := /bin/bash
STACK ?= local
# npm puts a Node that runs TypeScript first on this PATH, when the machine's own is older.
export PATH := $(CURDIR)/node_modules/.bin:$(PATH)

.PHONY: development help plan up preview gate repair status shell down test lint docs bench mutate clean env

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

node_modules/.package-lock.json: package-lock.json
	@command -v npm > /dev/null || { echo "npm is missing: install Node.js 22.18 or later, with npm (https://nodejs.org)"; exit 1; }
	@echo "Installing packages ..."
	@npm ci --loglevel=error
	@node -e 'const [major, minor] = process.versions.node.split("."); process.exit(major > 22 || (major == 22 && minor >= 18) ? 0 : 1)' || { \
		echo "Node $$(node --version) does not run TypeScript: install Node.js 22.18 or later (https://nodejs.org)"; exit 1; }
	@touch $@

# What `npm ci --omit=dev` leaves out; `pulumi up`, plan and the gate itself need none of it.
development: node_modules/.package-lock.json
	@test -d node_modules/execa || { \
		echo "make $(MAKECMDGOALS): the lab and the checks need their packages, which --omit=dev left out: npm ci" >&2; exit 1; }

plan: node_modules/.package-lock.json ## what STACK would create: table, rules, picture (JSON=1: as JSON, DEFAULTS=1: every setting too); needs Node alone
	@node commands/plan/main.ts --stack $(STACK) $(if $(JSON),--json) $(if $(DEFAULTS),--defaults)

up: development ## the local stack, on an embedded cluster or on CONTEXT=...
	@node commands/local/main.ts up --context "$(CONTEXT)"

preview: development ## what `make up` would change
	@node commands/local/main.ts preview

gate: development ## fails when a preview of STACK would lose data that ALLOW="name ..." does not name
	@set -o pipefail; PULUMI_ENABLE_STREAMING_JSON_PREVIEW=true node lab/engine/main.ts exec -- preview --json --show-replacement-steps --non-interactive --stack $(STACK) \
		| node commands/gate/main.ts $(foreach name,$(ALLOW),--allow '$(name)')

repair: development ## after an update of STACK that was killed: takes what it made into the state
	@node lab/engine/main.ts with -- node commands/repair/main.ts --stack $(STACK)

status: development ## what runs
	@node commands/local/main.ts status

shell: development ## a terminal where manage.py runs
	@node commands/local/main.ts shell

down: development ## remove the local stack and the embedded cluster
	@node commands/local/main.ts down

env: development ## for eval: makes plain `pulumi up -s local` work in your terminal
	@node lab/engine/main.ts env

test: development ## everything: lint, types, unit, component, plan, engine, cluster
	@node test/run/main.ts

lint: development ## style and the arrows between folders
	@npm run --silent lint
	@npm run --silent typecheck

docs: development ## makes anew what is made of the code: tables of settings, settings.schema.json, pictures
	@npm run --silent docs

bench: development ## measures start-up and `up` against their floors
	@node bench/main.ts

mutate: development ## how many small changes of FOLDER (SAMPLE=300 of them) the tests notice
	@node bench/mutation/main.ts $(if $(FOLDER),--folder $(FOLDER)) $(if $(SAMPLE),--sample $(SAMPLE)) $(if $(SEED),--seed $(SEED))

clean: ## built binaries and images too
	@rm -rf "$${XDG_CACHE_HOME:-$$HOME/.cache}/django-on-kubernetes" node_modules .local
