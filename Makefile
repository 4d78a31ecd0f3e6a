# `make up` and `make test` need nothing before them: each target installs what it uses.
SHELL := /bin/bash
STACK ?= local
# STACK as somebody named it, not as it is by default.
NAMED_STACK = $(if $(filter file,$(origin STACK)),,$(STACK))
# npm puts a Node that runs TypeScript first on this PATH, when the machine's own is older.
export PATH := $(CURDIR)/node_modules/.bin:$(PATH)

.PHONY: development help image plan diff permissions up preview gate release rollback drift repair review review-close move-in move-out status sweep fleet fleet-preview fleet-up shell stop down destroy dump restore restore-dump seed test prove lint docs bench mutate clean env

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-11s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

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

diff: node_modules/.package-lock.json ## what this checkout changes of STACK, against BASE=main: data, downtime, security, cost, rules (JSON=1, ALLOW="name ..."); needs Node alone
	@node commands/verdict/main.ts --stack $(STACK) --base-ref "$(or $(BASE),main)" $(if $(JSON),--json) $(foreach name,$(ALLOW),--allow '$(name)')

permissions: node_modules/.package-lock.json ## which rights at the clouds STACK asks of who runs Pulumi (FOR=preview, up or destroy; FOLDER=... writes files)
	@node commands/permissions/main.ts --stack $(STACK) $(if $(FOR),--for $(FOR)) $(if $(FOLDER),--folder "$(FOLDER)")

image: development ## an image of a Django project for the embedded cluster: APP=../shop [STACK=shop], or ARCHIVE=shop.tar; HELP=1 tells more
	@node commands/local/main.ts image $(if $(HELP),--help) "$(APP)" --archive "$(ARCHIVE)" --name "$(NAME)" --tag "$(TAG)" --requirements "$(REQUIREMENTS)" \
		--python "$(PYTHON)" --packages "$(PACKAGES)" --build-packages "$(BUILD_PACKAGES)" --stack "$(NAMED_STACK)"

up: development ## a stack on this machine, on an embedded cluster or on CONTEXT=...: STACK=local, or another
	@node commands/local/main.ts up --stack $(STACK) --context "$(CONTEXT)"

preview: development ## what `make up` would change
	@node commands/local/main.ts preview --stack $(STACK)

gate: development ## fails when a preview of STACK would lose data that ALLOW="name ..." does not name
	@set -o pipefail; PULUMI_ENABLE_STREAMING_JSON_PREVIEW=true node lab/engine/main.ts exec -- preview --json --show-replacement-steps --non-interactive --stack $(STACK) \
		| node commands/gate/main.ts $(foreach name,$(ALLOW),--allow '$(name)')

release: development ## brings IMAGE out to STACK: preview, rules, gate (ALLOW="name ..."), update, the wait for the rollout
	@$(RELEASE) up --stack $(STACK) --image "$(IMAGE)" --allow "$(ALLOW)"

rollback: development ## the images that STACK had before, or IMAGE, as a release
	@$(RELEASE) back --stack $(STACK) --image "$(IMAGE)" --allow "$(ALLOW)"

drift: development ## what somebody changed of STACK besides the program; fails when it is anything
	@$(RELEASE) drift --stack $(STACK)

RELEASE = node lab/engine/main.ts with -- node commands/release/main.ts

repair: development ## after an update of STACK that was killed: takes what it made into the state
	@node lab/engine/main.ts with -- node commands/repair/main.ts --stack $(STACK)

review: development ## the environment of pull request PR=123, at each push: IMAGE=... [BRANCH= URL= KEEP=1 SECRETS=NAME,... JSON=1]; HELP=1 tells more
	@$(REVIEW) open $(if $(HELP),--help) $(REVIEW_OPTIONS) --image "$(IMAGE)" $(if $(FROM),--from "$(FROM)") $(if $(URL),--url "$$REVIEW_URL") \
		$(if $(PUSHED),--pushed "$(PUSHED)") $(if $(KEEP),--keep) $(if $(SECRETS),--secret "$(SECRETS)")

review-close: development ## removes the environment of pull request PR=123, whatever became of it
	@$(REVIEW) close $(if $(HELP),--help) $(REVIEW_OPTIONS)

# A branch's name is whatever somebody chose: the shell never reads it.
review review-close: export REVIEW_BRANCH = $(BRANCH)
review review-close: export REVIEW_URL = $(URL)
REVIEW = node lab/engine/main.ts with -- node commands/review/main.ts
REVIEW_OPTIONS = --number "$(PR)" $(if $(BRANCH),--branch "$$REVIEW_BRANCH") $(if $(BY),--by "$(BY)") $(if $(NAMED_STACK),--stack "$(NAMED_STACK)") \
	$(if $(ALONE),--alone) $(if $(WAIT),--wait "$(WAIT)") $(if $(JSON),--json)

move-in: development ## a database of any PostgreSQL server into STACK's: FROM=file with its address (HELP=1: all options; BACK=1 undoes)
	@$(MOVE) in $(if $(HELP),--help) --address "$(FROM)" $(MOVE_OPTIONS)

move-out: development ## STACK's database to any PostgreSQL server: TO=file with its address
	@$(MOVE) out $(if $(HELP),--help) --address "$(TO)" $(MOVE_OPTIONS)

# Neither has a password among its words: FROM and TO are files.
MOVE = node lab/engine/main.ts with -- node commands/move/main.ts
MOVE_OPTIONS = --stack $(STACK) --mode "$(MODE)" --cutover "$(CUTOVER)" --back "$(BACK)" --confirm "$(CONFIRM)" --read-only "$(READ_ONLY)" --pause "$(PAUSE)" \
	--image "$(IMAGE)" --storage "$(STORAGE)" --storage-class "$(STORAGE_CLASS)" --jobs "$(JOBS)" --cidrs "$(CIDRS)" --ca "$(CA)" --app "$(APP)" \
	--context "$(CONTEXT)" --namespace "$(NAMESPACE)"

status: development ## what runs, how old backups and drills of STACK are (fails when older than promised), what was done with data
	@node commands/local/main.ts status --stack $(STACK)

shell: development ## a terminal where manage.py runs
	@node commands/local/main.ts shell --stack $(STACK)

stop: development ## end the embedded cluster and keep its data; `make up` goes on
	@node commands/local/main.ts stop

down: development ## remove all local stacks and the embedded cluster; with STACK=... that stack alone (NODUMP=1: without last dumps)
	@node commands/local/main.ts down --stack "$(NAMED_STACK)" $(if $(NODUMP),--no-dump)

destroy: development ## remove STACK=staging from its cloud, to the end (YES=1: without asking, NODUMP=1: without last dumps)
	@node lab/engine/main.ts with -- node commands/destroy/main.ts --stack $(STACK) $(if $(YES),--yes) $(if $(NODUMP),--no-dump)

sweep: development ## removes what closed pull requests left (DRY=1 tells; FORGE=github or gitlab, or PULL_REQUESTS=list.json; HELP=1: all options)
	@$(SWEEP) $(if $(HELP),--help) $(if $(DRY),--dry) $(if $(FORGE),--forge $(FORGE)) $(if $(PULL_REQUESTS),--pull-requests "$(PULL_REQUESTS)") \
		$(if $(JSON),--json) $(if $(UNLOCK),--unlock-after $(UNLOCK)) $(if $(RELEASE),--release-after $(RELEASE)) $(if $(ORPHANS),--orphans) \
		$(if $(DATABASES),--drop-databases) $(if $(NODUMP),--no-dump)

SWEEP = node lab/engine/main.ts with -- node commands/sweep/main.ts

fleet: development ## all environments of the backend: kind, age, last update, cost, image, pods (DRIFT=1: what differs, JSON=1)
	@$(FLEET) list $(if $(DRIFT),--drift) $(if $(JSON),--json)

fleet-preview: development ## what an update of STACKS='pr-*' would change
	@$(FLEET) preview $(FLEET_OPTIONS) $(FLEET_STACKS)

fleet-up: development ## updates STACKS='pr-*': CANARY=pr-1 first and alone, then PARALLEL=3 at a time, and no further after one that fails
	@$(FLEET) up $(FLEET_OPTIONS) $(if $(KEEP_GOING),--keep-going) $(FLEET_STACKS)

FLEET = node lab/engine/main.ts with -- node commands/fleet/main.ts
FLEET_OPTIONS = $(if $(CANARY),--canary $(CANARY)) $(if $(PARALLEL),--parallel $(PARALLEL)) $(if $(JSON),--json)
# A shell would take a * for files.
FLEET_STACKS = $(foreach name,$(STACKS),'$(name)')

dump: development ## a dump of STACK's database now, into the bucket of its backups (STORE=... of several)
	@node lab/engine/main.ts with -- node commands/dumps/main.ts take --stack $(STACK) --store "$(STORE)"

restore: development ## STACK's database in the cluster as it was AT=2026-12-01T10:20:30Z, beside its data of now (CONFIRM=database: removes that)
	@node lab/engine/main.ts with -- node commands/restore/main.ts --stack $(STACK) --store "$(STORE)" --at "$(AT)" --confirm "$(CONFIRM)"

restore-dump: development ## a dump back into STACK's empty database: DUMP=latest or its name, FROM=another/prefix; CONFIRM=database: over what is there
	@node lab/engine/main.ts with -- node commands/dumps/main.ts restore --stack $(STACK) --store "$(STORE)" --dump "$(DUMP)" --from "$(FROM)" --confirm "$(CONFIRM)"

seed: development ## what new environments' databases begin with, made now on the server that STACK lends, as its lends.seed says (DUMP=... of several)
	@node lab/engine/main.ts with -- node commands/seed/main.ts --stack $(STACK) --dump "$(DUMP)"

env: development ## for eval: makes plain `pulumi up -s local` work in your terminal
	@node lab/engine/main.ts env

test: development ## everything: lint, types, unit, component, plan, engine, cluster
	@node test/run/main.ts

prove: development ## cluster tests with servers that are built for them (HTTPS by ACME, buckets, RabbitMQ, sealed Secrets), besides `make test`; PROOFS="secrets seeds" for some
	@PROOFS="$(PROOFS)" node test/run/main.ts prove

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
