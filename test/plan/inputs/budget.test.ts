// The connection budget (R29) of every kind of database server: what is one pod over fails, what is one pod below passes, and
// each change that the rule names makes it fit. Does not prove: that a server refuses the next connection; PostgreSQL's tests do.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { connectionBudgets, connectionTable } from "../../../commands/plan/table/connections.ts";
import type { Plan } from "../../../commands/plan/plan.ts";
import { projectRoot } from "../../../commands/support/paths.ts";
import { checkPlan } from "../../../policy/index.ts";
import { planOf, project, type PlanOptions, type Sections } from "../support/plans.ts";
import { spoil } from "../support/spoil.ts";

type Example = "." | "aws" | "digitalocean" | "existing" | "mixed";

async function production(example: Example, change: (sections: Sections) => void): Promise<Sections> {
    const folder = example === "." ? "." : join("examples/stacks", example);
    const { config } = parse(await readFile(join(projectRoot, folder, "Pulumi.production.yaml"), "utf8")) as {
        config: Record<string, unknown>;
    };
    const sections: Sections = Object.fromEntries(
        Object.entries(config).map(([key, value]) => [key.slice(project.length + 1), value]),
    );
    change(sections);
    return sections;
}

const plan = (sections: Sections, options: PlanOptions = {}) => planOf(sections, { stack: "production", ...options });
const r29 = (of: Plan) => checkPlan(of).filter(({ rule }) => rule === "R29");
const free = (of: Plan) => connectionBudgets(of).map((budget) => budget.free);
const password = { databasePassword: "correct-horse-battery" };

const uvicorn = ["uvicorn", "shop.asgi:app", "--host=0.0.0.0", "--port=8000", "--workers=4"];

/** An environment on the platform of a stack that lends its server. */
const borrower =
    (max: number) =>
    (sections: Sections): void => {
        sections["platform"] = { variant: "stack", stack: "lender" };
        sections["database"] = { variant: "platform" };
        sections["exposure"] = { variant: "none" };
        sections["apps"][0].web = { replicas: { min: 2, max }, processes: 1, threads: 1 };
        sections["apps"][0].workers = {};
        delete sections["apps"][0].beat;
        sections["broker"] = { variant: "none" };
    };

const lender = (borrowers?: object) =>
    production("existing", (sections) => {
        sections["environment"] = { kind: "staging" };
        sections["lends"] = { database: true, ...(borrowers && { borrowers }) };
    });

interface Boundary {
    /** The most pods of the web that fit. */
    readonly most: number;
    readonly sections: (max: number) => Promise<Sections>;
    readonly options?: () => Promise<PlanOptions>;
    /** How the budget's line of the largest stack that fits reads. */
    readonly line: string;
}

/** The web with a command of its owner's, which alone says how much one pod does at a time. */
const commanded =
    (...command: readonly string[]) =>
    ({ apps }: Sections): void => {
        const { processes: _, threads: __, ...web } = apps[0].web;
        apps[0].web = { ...web, command: [...command] };
    };

const example =
    (name: Example, change: (sections: Sections) => void = () => undefined) =>
    (max: number): Promise<Sections> =>
        production(name, (sections) => {
            sections["apps"][0].web.replicas.max = max;
            sections["operator"] = { limits: { replicas: 100 } };
            change(sections);
        });

const boundaries: Readonly<Record<string, Boundary>> = {
    "in the cluster": {
        most: 16,
        sections: example("existing"),
        line: "database  max_connections 300, 3 kept: at most 297 open, 0 free",
    },
    "on RDS": {
        most: 12,
        sections: example("aws", ({ database }) => (database.server.maxConnections = 126)),
        line: "database  max_connections 126, 5 kept: at most 121 open, 0 free",
    },
    "on Cloud SQL": {
        most: 12,
        sections: example(".", ({ database }) => (database.server.maxConnections = 236)),
        line: "database  max_connections 236, 3 kept: at most 233 open, 0 free",
    },
    "on Cloud SQL, of the tier's own number": {
        most: 3,
        sections: example(".", ({ database }) => (database.server.tier = "db-custom-1-3840")),
        line: "database  max_connections 100, 3 kept: at most 89 open, 8 free",
    },
    "at DigitalOcean": {
        most: 9,
        sections: example("digitalocean", ({ database }) => {
            database.server.size = "db-s-2vcpu-4gb";
            delete database.server.storage;
        }),
        line: "database  the plan db-s-2vcpu-4gb 100, 3 kept: at most 94 open, 3 free",
    },
    "adopted, on RDS": {
        most: 12,
        sections: example("aws", (sections) => {
            const address = "shop.c9akciq32abc.eu-central-1.rds.amazonaws.com";
            sections["database"] = {
                variant: "rds",
                server: { variant: "existing", address, database: "shop", user: "shop", maxConnections: 126 },
            };
        }),
        options: () => Promise.resolve({ secrets: password }),
        line: "database  server.maxConnections 126, 5 kept: at most 121 open, 0 free",
    },
    "adopted, at DigitalOcean": {
        most: 6,
        sections: example("digitalocean", (sections) => {
            const ca = `-----BEGIN CERTIFICATE-----\n${"A".repeat(64)}\n-----END CERTIFICATE-----\n`;
            const host = "private-shop.db.ondigitalocean.com";
            const login = { database: "shop", user: "shop", ca };
            sections["database"] = {
                variant: "digitalocean",
                server: { variant: "existing", host, ...login, maxConnections: 69 },
            };
        }),
        options: () => Promise.resolve({ secrets: password }),
        line: "database  server.maxConnections 69: at most 69 open, 0 free",
    },
    "lent, of the share that the lender gives": {
        most: 7,
        sections: (max) => production("existing", borrower(max)),
        // Two of the jobs' and one of the shell's beside the pods.
        options: async () => ({ platform: await lender({ environments: 3, connections: 11 }) }),
        line: "database  the lender's lends.borrowers.connections 11: at most 11 open, 0 free",
    },
    "lent without a share, of the lender's whole server": {
        most: 293,
        sections: (max) =>
            production("existing", (sections) => {
                borrower(max)(sections);
                sections["operator"] = { limits: { replicas: 400 } };
            }),
        options: async () => ({ platform: await lender() }),
        line: "database  the lender's max_connections 300, 3 kept: at most 297 open, 0 free",
    },
    "lent to others, whose share counts": {
        most: 5,
        sections: example("existing", (sections) => {
            sections["lends"] = { database: true, borrowers: { environments: 5, connections: 35 } };
        }),
        line: "database  max_connections 300, 3 kept: at most 297 open, 0 free",
    },
    "shared by two apps": {
        most: 4,
        sections: example("existing", (sections) => {
            sections["environment"].mainApp = "shop";
            const { files: _, ...shop } = sections["apps"][0];
            const blog = { ...shop, name: "blog", hosts: ["blog.example.org"], web: { processes: 4, threads: 8 } };
            sections["apps"].push(blog);
            sections["apps"][1].web.replicas = { min: 2, max: 4 };
        }),
        line: "database  max_connections 300, 3 kept: at most 291 open, 6 free",
    },
};

describe("one pod more than fits fails in production, one less passes", () => {
    for (const [name, { most, sections, options = () => Promise.resolve({}), line }] of Object.entries(boundaries)) {
        for (const preview of [false, true]) {
            it(`${name}${preview ? ", in a first preview" : ""}`, async () => {
                const settings = { ...(await options()), preview };
                const [fits, over] = [
                    await plan(await sections(most), settings),
                    await plan(await sections(most + 1), settings),
                ];
                expect(r29(fits)).toEqual([]);
                expect(connectionTable(fits)).toContain(`  ${line}\n`);
                expect(r29(over).map(({ level }) => level)).toEqual(["mandatory"]);
            });
        }
    }

    it("is advice where it is not production", async () => {
        const sections = await example("existing")(17);
        sections["environment"].kind = "staging";
        expect(r29(await plan(sections)).map(({ level }) => level)).toEqual(["advisory"]);
    });
});

/** What `pulumi config set --path 'a.b[0].c' value` does to a stack's file. */
function apply(sections: Sections, command: string): void {
    const [, isText, path = "", dashes, value = ""] =
        /^pulumi config set (--type string )?--path '([^']+)' (-- )?(\S+)$/.exec(command) ?? [];
    expect(path, command).not.toBe("");
    const keys = path.replaceAll(/\[(\d+)\]/g, ".$1").split(".");
    const last = keys.pop()!;
    // eslint-disable-next-line @typescript-eslint/no-explicit-any -- a file may hold anything
    const parent = keys.reduce<any>((at, key) => (at[key] ??= {}), sections);
    parent[last] = isText === undefined && dashes === undefined && /^[0-9]+$/.test(value) ? Number(value) : value;
}

const large = { size: "large", replicas: { min: 2, max: 60 }, processes: 8, threads: 8 };
const many = (sections: Sections): void => {
    sections["apps"][0].web = structuredClone(large);
    sections["operator"] = { limits: { replicas: 100 } };
};

describe("60 pods of 8 processes with 8 threads", () => {
    it("on the smallest Cloud SQL are refused, with the arithmetic", async () => {
        const sections = await production(".", (all) => {
            many(all);
            all["database"].server.tier = "db-f1-micro";
        });
        const [violation, ...more] = r29(await plan(sections));
        expect(more).toEqual([]);
        expect(violation).toMatchObject({
            rule: "R29",
            level: "mandatory",
            name: "database-instance",
            path: "settings.databaseFlags",
            found: "up to 3929 for max_connections 25: shop-web (60 + 1) pods x 8 processes x 8 threads = 3904, others 25",
            allowed: "at most 22: 3 are kept for administrators",
        });
        expect(violation!.fix).toContain(
            "a larger server: pulumi config set --path 'database.server.tier' db-custom-8-39424 && " +
                "pulumi config set --path 'database.server.maxConnections' 3932; or ",
        );
    });

    it("on RDS with maxConnections 20 are refused, with the arithmetic", async () => {
        const sections = await production("aws", (all) => {
            many(all);
            all["database"].server.maxConnections = 20;
        });
        expect(r29(await plan(sections))).toMatchObject([
            {
                level: "mandatory",
                name: "database-parameters",
                path: "parameters",
                found: "up to 3921 for max_connections 20: shop-web (60 + 1) pods x 8 processes x 8 threads = 3904, others 17",
                allowed: "at most 15: 5 are kept for administrators",
            },
        ]);
    });

    it("on a server in the cluster of 100 are refused, and the table shows what would mend it", async () => {
        const sections = await production("existing", (all) => {
            many(all);
            all["database"].maxConnections = 100;
        });
        expect(connectionTable(await plan(sections)).split("\n")).toEqual([
            "Connections",
            "  database  max_connections 100, 3 kept: at most 3929 open, 3832 too many",
            "    shop-web              3904  (60 + 1) pods x 8 processes x 8 threads",
            "    shop-worker-default     14  (6 + 1) pods x 2 processes",
            "    shop-worker-mail         8  (1 + 1) pods x 4 processes",
            "    shop-beat                1",
            "    shop-migrate             1",
            "    shop-shell               1",
            "    fits after one of 3 changes:",
            "      a larger server",
            "        pulumi config set --path 'operator.sizes.database.cpu' 2 && pulumi config set --path 'operator.sizes.database.memory' 10Gi && pulumi config set --path 'database.size' database && pulumi config set --path 'database.maxConnections' 3932",
            "      more connections, and fewer pods of shop-web",
            "        pulumi config set --path 'database.maxConnections' 808 && pulumi config set --path 'apps[0].web.replicas.min' 2 && pulumi config set --path 'apps[0].web.replicas.max' 11",
            "      fewer processes, of one thread in each pod of shop-web",
            "        pulumi config set --path 'apps[0].web.processes' 1 && pulumi config set --path 'apps[0].web.threads' 1",
            "",
        ]);
    });
});

describe("every change that is named makes it fit", () => {
    const cases: Readonly<Record<string, () => Promise<Sections>>> = {
        "one pod too many": () => example("existing")(17),
        "far too many, in the cluster": () =>
            production("existing", (all) => {
                many(all);
                all["database"].maxConnections = 100;
            }),
        "far too many, on the smallest Cloud SQL": () =>
            production(".", (all) => {
                many(all);
                all["database"].server.tier = "db-f1-micro";
            }),
        "far too many, on RDS": () =>
            production("aws", (all) => {
                many(all);
                all["database"].server.maxConnections = 20;
            }),
        "too many at DigitalOcean": () =>
            example("digitalocean", ({ database }) => (database.server.size = "db-s-1vcpu-2gb"))(6),
        "a pooler that is too large": () =>
            production("existing", ({ database }) => (database.pooler = { size: 400, replicas: 4 })),
        "a pool that is too large": () => production("mixed", ({ database }) => (database.server.pool.size = 197)),
        "uvicorn without a limit": () => example("existing", commanded(...uvicorn))(10),
        "uvicorn with a limit that is too high": () =>
            example("existing", commanded(...uvicorn, "--limit-concurrency", "40"))(10),
        "gevent of gunicorn's own size": () =>
            example(
                "existing",
                commanded("gunicorn", "shop.wsgi", "--worker-class=gevent", "--graceful-timeout=20"),
            )(10),
        "the second app": () =>
            example("existing", (sections) => {
                sections["environment"].mainApp = "shop";
                const { files: _, web: __, ...shop } = sections["apps"][0];
                sections["apps"].push({
                    ...shop,
                    name: "blog",
                    hosts: ["blog.example.org"],
                    web: structuredClone(large),
                });
            })(10),
        "an app's own server": () =>
            example("existing", (sections) => {
                sections["environment"].mainApp = "shop";
                const { files: _, ...shop } = sections["apps"][0];
                sections["apps"].push({
                    ...structuredClone(shop),
                    name: "blog",
                    hosts: ["blog.example.org"],
                    stores: { database: { variant: "in-cluster", version: "17", size: "large", storage: "1Gi" } },
                });
            })(10),
    };
    for (const [name, sections] of Object.entries(cases)) {
        it(name, async () => {
            const before = await plan(await sections());
            const changes = connectionBudgets(before).flatMap((budget) => budget.changes);
            expect(r29(before)).toHaveLength(1);
            expect(changes.length).toBeGreaterThanOrEqual(2);
            for (const { what, command } of changes) {
                const mended = await sections();
                for (const one of command.split(" && ")) {
                    apply(mended, one);
                }
                const after = await plan(mended);
                expect(r29(after), `${what}: ${command}`).toEqual([]);
                expect(free(after).every((left) => left !== undefined && left >= 0)).toBe(true);
            }
        });
    }

    it("names as few pods as are too many, and no fewer", async () => {
        const [{ changes } = { changes: [] }] = connectionBudgets(await plan(await example("existing")(20)));
        expect(changes.find(({ what }) => what === "fewer pods of shop-web")?.command).toBe(
            "pulumi config set --path 'apps[0].web.replicas.min' 2 && pulumi config set --path 'apps[0].web.replicas.max' 16",
        );
        expect(changes[0]?.command).toBe("pulumi config set --path 'database.maxConnections' 364");
    });
});

describe("who is counted", () => {
    it("an app that its image runs, with what is assumed", async () => {
        const sections = await production("existing", (all) => {
            const { name, image, hosts } = all["apps"][0];
            all["apps"] = [{ name, image, hosts, contract: "init-run-async", async: {} }];
        });
        const [budget] = connectionBudgets(await plan(sections));
        expect(budget).toMatchObject({ most: 71, free: 226 });
        expect(budget!.users).toEqual([
            {
                name: "shop-web",
                connections: 50,
                arithmetic: "(4 + 1) pods x 10 assumed of a server that only its image knows",
            },
            {
                name: "shop-worker-async",
                connections: 20,
                arithmetic: "(1 + 1) pods x 10 assumed of a worker that only its image knows",
            },
            { name: "shop-init", connections: 1, arithmetic: "" },
        ]);
    });

    it("behind PgBouncer its pods, one more while they change, and who goes past them", async () => {
        const [budget, ...others] = connectionBudgets(
            await plan(await production("existing", ({ database }) => (database.pooler = { size: 30, replicas: 2 }))),
        );
        expect(others).toEqual([]);
        expect(budget!.users.slice(0, 2)).toEqual([
            { name: "database-pooler", connections: 45, arithmetic: "(2 + 1) pods x 15 connections" },
            { name: "shop-migrate", connections: 1, arithmetic: "" },
        ]);
        expect(budget!.users.map(({ name }) => name)).not.toContain("shop-web");
    });

    it("behind a pool the pool, and the jobs that go past it", async () => {
        const [budget] = connectionBudgets(await plan(await production("mixed", () => undefined)));
        expect(budget!.users).toEqual([
            { name: "the pool", connections: 120, arithmetic: "pool.size" },
            { name: "psql's job", connections: 1, arithmetic: "" },
        ]);
    });

    it("behind an adopted pool nobody: its size is not this stack's", async () => {
        const sections = await production("digitalocean", (all) => {
            const ca = `-----BEGIN CERTIFICATE-----\n${"A".repeat(64)}\n-----END CERTIFICATE-----\n`;
            const login = { host: "private-shop.db.ondigitalocean.com", database: "pool", user: "shop", ca };
            all["database"] = {
                variant: "digitalocean",
                server: { variant: "existing", ...login, port: 25099, pooled: true, maxConnections: 22 },
            };
        });
        const pooled = await plan(sections, { secrets: password });
        expect(checkPlan(pooled)).toEqual([]);
        expect(connectionTable(pooled)).toContain("  database  server.maxConnections 22, behind a pool\n");
    });

    it("two Services of one adopted server once", async () => {
        const server = {
            variant: "existing",
            address: "shop.c9akciq32abc.eu-central-1.rds.amazonaws.com",
            database: "shop",
            user: "shop",
            maxConnections: 400,
        };
        const sections = await production("aws", (all) => {
            all["environment"].mainApp = "shop";
            all["database"] = { variant: "rds", server };
            const { workers: _, beat: __, ...shop } = all["apps"][0];
            const stores = { database: { variant: "rds", server: { ...server, database: "blog", user: "blog" } } };
            all["apps"].push({ ...shop, name: "blog", hosts: ["blog.shop.example.org"], stores });
        });
        const secrets = { ...password, apps: { blog: password } };
        const budgets = connectionBudgets(await plan(sections, { secrets }));
        expect(budgets.map(({ users }) => users.map(({ name }) => name))).toEqual([
            expect.arrayContaining(["shop-web", "blog-web", "shop-worker-default"]),
        ]);
    });

    it("a surge in per cent, and gunicorn's number of processes from the environment", async () => {
        const local = await plan(
            await example("existing", (all) => {
                commanded("gunicorn", "shop.wsgi", "--graceful-timeout=20")(all);
                all["apps"][0].environment = { WEB_CONCURRENCY: "6" };
            })(10),
        );
        const spoiled = spoil(local, { name: "shop-web", kind: "Deployment" }, (r) => {
            r.props["spec"].strategy.rollingUpdate.maxSurge = "25%";
        });
        expect(connectionBudgets(spoiled)[0]!.users[0]).toEqual({
            name: "shop-web",
            connections: 78,
            arithmetic: "(10 + 3) pods x 6 processes",
        });
    });
});

describe("a pooled server that was there (R30)", () => {
    it("is known by its Service, whatever its port", async () => {
        const ca = `-----BEGIN CERTIFICATE-----\n${"A".repeat(64)}\n-----END CERTIFICATE-----\n`;
        const login = { host: "private-shop.db.ondigitalocean.com", database: "pool", user: "shop", ca };
        const sections = await production("digitalocean", (all) => {
            all["database"] = {
                variant: "digitalocean",
                server: { variant: "existing", ...login, port: 25099, pooled: true, maxConnections: 22 },
            };
        });
        const kept = spoil(await plan(sections, { secrets: password }), "shop-environment", (r) => {
            r.props["data"].DJANGO_APP_DB_CONN_MAX_AGE = "60";
        });
        expect([...new Set(checkPlan(kept).map(({ rule, found }) => `${rule} ${found}`))]).toEqual([
            "R30 DJANGO_APP_DB_CONN_MAX_AGE=60",
        ]);
    });
});
