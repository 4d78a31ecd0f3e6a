// Whatever valid settings somebody writes, every mandatory rule holds.
// Does not prove: settings beyond what is drawn here; an owner's own commands may break rules, and the plan then says so.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { drawPicture } from "../../commands/plan/picture.ts";
import { planTable } from "../../commands/plan/table.ts";
import { topologyOf } from "../../commands/plan/topology.ts";
import { mostInCluster } from "../../lib/postgres-memory.ts";
import { broken, planOf, type Sections } from "./support/plans.ts";

const word = fc.stringMatching(/^[a-z]([a-z0-9-]{0,17}[a-z0-9])?$/);
const tag = fc.stringMatching(/^[a-f0-9]{7,12}$/);
const host = fc.tuple(word, word).map(([name, domain]) => `${name}.${domain}.example.org`);
const replicas = fc
    .tuple(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 0, max: 10 }))
    .map(([min, more]) => ({ min, max: min + more }));
const size = fc.constantFrom("small", "medium", "large");
const storage = fc.constantFrom("512Mi", "1Gi", "20Gi", "100Gi");
const seconds = fc.integer({ min: 1, max: 600 });
/** May be absent. */
const perhaps = <Value>(value: fc.Arbitrary<Value>) => fc.option(value, { nil: undefined });

const worker = fc.record({
    size,
    replicas,
    taskTimeLimit: seconds,
    queues: fc.uniqueArray(word, { minLength: 1, maxLength: 3 }),
    // As many as the smallest size has memory for.
    concurrency: fc.integer({ min: 1, max: 7 }),
});
type Worker = typeof worker extends fc.Arbitrary<infer Drawn> ? Drawn : never;
const notReserved = word.filter((name) => !["web", "beat", "shell"].includes(name));

const web = fc.record({
    size,
    replicas: replicas.map(({ min, max }) => ({ min: Math.max(2, min), max: Math.max(2, max) })),
    port: fc.integer({ min: 1024, max: 65535 }),
    gracefulTimeout: seconds,
    targetCpu: fc.integer({ min: 10, max: 95 }),
    processes: fc.integer({ min: 1, max: 4 }),
    threads: fc.integer({ min: 1, max: 4 }),
});
type Web = typeof web extends fc.Arbitrary<infer Drawn> ? Drawn : never;

/** Connections at most: in the middle of an update, with beat, the shell, a job, and what administrators keep. */
function opened(web: Web, workers: Readonly<Record<string, Worker>>): number {
    const ofWorkers = Object.values(workers).map(({ replicas, concurrency }) => (replicas.max + 1) * concurrency);
    return (web.replicas.max + 1) * web.processes * web.threads + ofWorkers.reduce((sum, one) => sum + one, 6);
}

/** The size that was drawn, or the next one with memory for as many; as many connections as were drawn, or as are needed. */
function roomFor(needed: number, drawn: string, connections: number): object {
    const sizes = Object.entries({ small: 2 ** 28, medium: 2 ** 29, large: 2 ** 31 }).map(([size, memory]) => ({
        size,
        most: mostInCluster(memory),
    }));
    const { size, most } = sizes.slice(sizes.findIndex((one) => one.size === drawn)).find((one) => one.most >= needed)!;
    return { size, maxConnections: Math.max(needed, Math.min(connections, most)) };
}

const accessMode = fc.constantFrom("ReadWriteOnce", "ReadWriteMany");

const sections: fc.Arbitrary<Sections> = fc
    .record({
        kind: fc.constantFrom("local", "staging", "production"),
        name: word,
        tag,
        hosts: fc.uniqueArray(host, { minLength: 1, maxLength: 4 }),
        web,
        workers: fc.dictionary(notReserved, worker, { maxKeys: 3 }),
        beat: perhaps(fc.record({ size })),
        shell: perhaps(fc.record({ size })),
        superuser: fc.boolean(),
        prefix: fc.constantFrom("DJANGO_APP_", "SHOP_", "A_B_"),
        database: fc.record({
            version: fc.constantFrom("15", "16", "17", "18"),
            size,
            storage,
            maxConnections: fc.integer({ min: 50, max: 500 }),
        }),
        cache: perhaps(
            fc.record({ engine: fc.constantFrom("valkey", "redis"), size, replicas: fc.integer({ min: 0, max: 4 }) }),
        ),
        broker: fc
            .record({ engine: fc.constantFrom("valkey", "redis"), size, storage })
            // Its log has to find room on the volume.
            .map((drawn) => (drawn.size === "large" ? { ...drawn, storage: "20Gi" } : drawn)),
        files: fc.boolean(),
        media: fc.option(accessMode, { nil: undefined }),
        data: fc.option(accessMode, { nil: undefined }),
        exposed: fc.boolean(),
        issuer: fc.boolean(),
        from: fc.boolean(),
        mounted: fc.uniqueArray(fc.constantFrom("/etc/a.ini", "/etc/b/a.ini", "/opt/app/settings.toml"), {
            maxLength: 3,
        }),
    })
    .map((drawn) => {
        // Beat without workers is refused, and so there is no broker without them.
        const celery = Object.keys(drawn.workers).length > 0;
        const { maxConnections, ...database } = drawn.database;
        return {
            environment: { kind: drawn.kind },
            platform: {
                variant: "existing",
                context: "somewhere",
                enforcesNetworkPolicy: drawn.kind === "production",
                gateway: { className: "gateways", ...(drawn.from && { from: { namespaces: ["gateways"] } }) },
                ...((drawn.issuer || drawn.kind === "production") && { issuer: { name: "issuer" } }),
            },
            apps: [
                {
                    name: drawn.name,
                    contract: "django",
                    module: "shop",
                    image: `registry.example.org/shop:${drawn.tag}`,
                    hosts: drawn.hosts,
                    environmentPrefix: drawn.prefix,
                    web: drawn.web,
                    workers: drawn.workers,
                    ...(celery && drawn.beat && { beat: drawn.beat }),
                    ...(drawn.shell && { shell: drawn.shell }),
                    volumes: drawn.data ? { data: { path: "/data", storage: "1Gi", accessMode: drawn.data } } : {},
                    files: Object.fromEntries(drawn.mounted.map((path) => [path, "setting = 1\n"])),
                    release: drawn.superuser ? { superuser: { username: "admin", email: "admin@example.org" } } : {},
                },
            ],
            database: {
                variant: "in-cluster",
                ...database,
                ...roomFor(opened(drawn.web, celery ? drawn.workers : {}), database.size, maxConnections),
            },
            cache: drawn.cache === undefined ? { variant: "none" } : { variant: "in-cluster", ...drawn.cache },
            broker: celery ? { variant: "redis", ...drawn.broker } : { variant: "none" },
            assets: {
                variant: "whitenoise",
                files: drawn.files
                    ? { from: "volume", storage: "1Gi", accessMode: "ReadWriteMany" }
                    : { from: "image" },
                ...(drawn.media && { media: { from: "volume", storage: "1Gi", accessMode: drawn.media } }),
            },
            exposure: { variant: drawn.exposed ? "gateway" : "none" },
        };
    });

describe("any valid settings", () => {
    it("keep every mandatory rule, and can be shown", async () => {
        await fc.assert(
            fc.asyncProperty(sections, fc.boolean(), word, async (drawn, preview, stack) => {
                const plan = await planOf(drawn, { stack, preview });
                expect(broken(plan)).toEqual([]);
                const topology = topologyOf(plan);
                for (const line of planTable(topology)
                    .split("\n")
                    .filter((text) => !text.includes("://"))) {
                    expect(line.length).toBeLessThanOrEqual(100);
                }
                expect(drawPicture(topology)).not.toMatch(/NaN|undefined|Infinity/);
            }),
            { numRuns: 50 },
        );
        // A tenth of a second each; on a busy machine several times that.
    }, 180_000);
});
