// Every variant of what exists keeps every mandatory rule, in an update and in a first preview.
// Does not prove: combinations beyond these (properties.test.ts draws some), or that the app works with them.
import { describe, expect, it } from "vitest";
import { checkPlan } from "../../policy/index.ts";
import type { Plan } from "../../commands/plan/plan.ts";
import { topologyOf } from "../../commands/plan/topology.ts";
import { broken, changed, planOf, type Secrets, type Sections } from "./support/plans.ts";

/** Every printable character of ASCII, and some beyond. */
const everyCharacter = Array.from({ length: 95 }, (_, index) => String.fromCharCode(32 + index)).join("") + "äß€漢\\\\";

interface Variant {
    readonly change: (sections: Sections) => void;
    readonly secrets?: Secrets;
    /** What shows that the variant is what it says. */
    readonly shows?: (plan: Plan) => void;
}

const withoutCelery = (sections: Sections): void => {
    delete sections["apps"][0].workers;
    delete sections["apps"][0].beat;
};

const variants: Record<string, Variant> = {
    "the init-run-async contract": {
        change: (sections) => {
            const { name, image, hosts } = sections["apps"][0];
            sections["apps"][0] = {
                name,
                image,
                hosts,
                contract: "init-run-async",
                async: { taskTimeLimit: 120 },
                shell: {},
            };
            sections["assets"] = { variant: "whitenoise" };
        },
        shows: (plan) => {
            expect(topologyOf(plan).steps.map(({ name }) => name)).toEqual(["init"]);
            expect(topologyOf(plan).nodes.map(({ name }) => name)).toContain("sample-worker-async");
        },
    },
    "the init-run-async contract with a volume for files": {
        change: (sections) => {
            const { name, image, hosts } = sections["apps"][0];
            sections["apps"][0] = { name, image, hosts, contract: "init-run-async" };
            sections["broker"] = { variant: "none" };
        },
        shows: (plan) => {
            expect(topologyOf(plan).volumes[0]?.writtenBy).toEqual(["init"]);
        },
    },
    "no cache": {
        change: (sections) => {
            sections["cache"] = { variant: "none" };
        },
        shows: (plan) => {
            expect(topologyOf(plan).nodes.some(({ role }) => role === "cache")).toBe(false);
        },
    },
    "no broker": {
        change: (sections) => {
            withoutCelery(sections);
            sections["broker"] = { variant: "none" };
        },
    },
    "neither cache nor broker, shell nor beat": {
        change: (sections) => {
            withoutCelery(sections);
            delete sections["apps"][0].shell;
            sections["cache"] = { variant: "none" };
            sections["broker"] = { variant: "none" };
        },
        shows: (plan) => {
            expect(topologyOf(plan).nodes.map(({ role }) => role)).toEqual(["web", "database"]);
        },
    },
    "a load balancer without a proxy": {
        change: (sections) => {
            sections["exposure"] = { variant: "load-balancer", sourceRanges: ["0.0.0.0/0"] };
            delete sections["platform"].gateway;
        },
        shows: (plan) => {
            const { entry, callers } = topologyOf(plan);
            expect(entry).toMatchObject({
                kind: "load-balancers",
                listeners: [{ protocol: "HTTP", port: 80 }],
                targets: ["sample-web"],
            });
            expect(entry!.apps.map(({ name }) => name)).toEqual(["sample"]);
            expect(callers).toEqual(["0.0.0.0/0"]);
        },
    },
    "ports of the nodes": {
        change: (sections) => {
            sections["exposure"] = { variant: "node-port", ports: { sample: 30080 }, sourceRanges: ["10.0.0.0/8"] };
            delete sections["platform"].gateway;
        },
        shows: (plan) => {
            expect(topologyOf(plan).entry).toMatchObject({
                kind: "node-ports",
                listeners: [{ protocol: "HTTP", port: 30080 }],
            });
        },
    },
    "a certificate that is there": {
        change: (sections) => {
            sections["exposure"] = { variant: "gateway", certificate: { variant: "secret", name: "wildcard" } };
        },
        shows: (plan) => {
            expect(topologyOf(plan).entry).toMatchObject({ kind: "gateway", certificate: "wildcard", redirects: true });
        },
    },
    "uploads that are large and take long": {
        change: (sections) => {
            sections["exposure"] = { variant: "gateway", requestTimeout: 900, maxBodySize: "500Mi" };
        },
    },
    "no exposure": {
        change: (sections) => {
            sections["exposure"] = { variant: "none" };
            delete sections["platform"].gateway;
        },
        shows: (plan) => {
            expect(topologyOf(plan).entry).toBeUndefined();
        },
    },
    "files from the image": {
        change: (sections) => {
            sections["assets"] = { variant: "whitenoise", files: { from: "image" } };
        },
        shows: (plan) => {
            expect(topologyOf(plan).steps.map(({ name }) => name)).toEqual(["migrate", "createsuperuser"]);
        },
    },
    "files on a volume that several nodes share": {
        change: (sections) => {
            sections["assets"] = {
                variant: "whitenoise",
                files: { from: "volume", storage: "2Gi", accessMode: "ReadWriteMany" },
            };
        },
    },
    ...Object.fromEntries(
        [0, 1, 3].map((replicas) => [
            `${replicas} replicas of the cache`,
            {
                change: (sections: Sections) => {
                    sections["cache"].replicas = replicas;
                },
                shows: (plan: Plan) => {
                    const found = topologyOf(plan).nodes.find(({ copies }) => copies === "cache");
                    expect(found?.pods.max ?? 0).toBe(replicas);
                },
            },
        ]),
    ),
    "valkey with official images": {
        change: (sections) => {
            sections["cache"] = { variant: "in-cluster", engine: "valkey", replicas: 2 };
            sections["broker"] = { variant: "redis", engine: "valkey", storage: "1Gi" };
            delete sections["database"].image;
        },
    },
    "one web pod, never more": {
        change: (sections) => {
            sections["apps"][0].web.replicas = { min: 1, max: 1 };
        },
    },
    "several workers": {
        change: (sections) => {
            sections["apps"][0].workers = {
                default: { queues: ["celery"] },
                mail: { queues: ["mail", "sms"], concurrency: 4, taskTimeLimit: 3600, size: "small" },
                many: { queues: ["many"], replicas: { min: 2, max: 8 } },
                fixed: { queues: ["fixed"], replicas: { min: 3, max: 3 } },
            };
        },
        shows: (plan) => {
            expect(topologyOf(plan).nodes.filter(({ role }) => role === "worker")).toHaveLength(4);
        },
    },
    "registry, secret files and superuser": {
        change: (sections) => {
            sections["apps"][0].registry = { server: "localhost", username: "robot" };
            sections["apps"][0].release = { superuser: { username: "admin", email: "admin@example.org" } };
        },
        secrets: {
            registryPassword: everyCharacter,
            superuserPassword: everyCharacter,
            files: { "/etc/newrelic.ini": "[newrelic]\nlicense_key = abcdef\n", "/etc/other/newrelic.ini": "x" },
            environment: { STRIPE_KEY: "sk_live_0123456789abcdef0123" },
        },
        shows: (plan) => {
            expect(topologyOf(plan).files).toContain("/etc/newrelic.ini");
        },
    },
    "passwords of every printable character": {
        change: () => undefined,
        secrets: {
            secretKey: everyCharacter,
            databasePassword: everyCharacter,
            cachePassword: everyCharacter,
            brokerPassword: everyCharacter,
        },
    },
    "addresses to call and sources to admit": {
        change: (sections) => {
            sections["apps"][0].egress = { publicHttps: false, addresses: [] };
            sections["platform"].gateway.from = { namespaces: ["gateways"], cidrs: ["10.1.0.0/16"] };
        },
    },
    "calls to the outside": {
        change: (sections) => {
            sections["apps"][0].egress = { publicHttps: true, addresses: [{ cidr: "10.20.0.0/16", port: 5432 }] };
        },
    },
    "the longest names": {
        change: (sections) => {
            sections["apps"][0].name = "a23456789-123456789b";
            sections["apps"][0].workers = { "c23456789-123456789d": { queues: ["celery"] } };
            sections["environment"].namespace = "n23456789-123456789-123456789-123456789n";
        },
    },
};

describe("variants of the local stack", () => {
    for (const [name, { change, secrets, shows }] of Object.entries(variants)) {
        for (const preview of [false, true]) {
            it(`${name}${preview ? ", in a preview" : ""}`, async () => {
                const plan = await planOf(await changed("local", change), { preview, ...(secrets && { secrets }) });
                expect(broken(plan)).toEqual([]);
                if (!preview) {
                    shows?.(plan);
                }
            });
        }
    }

    it("tells of a database that is too small for its pods, and lets it pass", async () => {
        const plan = await planOf(
            await changed("local", (sections) => {
                sections["apps"][0].web = { processes: 8, threads: 8, replicas: { min: 2, max: 10 } };
            }),
        );
        expect(checkPlan(plan).map(({ rule, level }) => [rule, level])).toEqual([["R29", "advisory"]]);
    });

    it("finds what an owner's own command breaks", async () => {
        const plan = await planOf(
            await changed("local", (sections) => {
                sections["apps"][0].workers.default.command = [
                    "sh",
                    "-c",
                    "celery --app=sample worker -B --queues=celery --concurrency=1 --time-limit 900",
                ];
            }),
        );
        expect(broken(plan).map((line) => line.split(" ")[0])).toEqual(["R15", "R16", "R20"]);
    });

    it("finds a server that takes longer to stop than its pod is given", async () => {
        const plan = await planOf(
            await changed("local", (sections) => {
                // Without --graceful-timeout gunicorn takes 30 s; the settings say 20.
                sections["apps"][0].web.command = [
                    "gunicorn",
                    "sample.wsgi:application",
                    "--bind=0.0.0.0:8000",
                    "--workers=1",
                    "--threads=4",
                ];
            }),
        );
        expect(broken(plan).map((line) => line.split(" ")[0])).toEqual(["R6"]);
    });

    it("refuses a credential in the plain environment, without showing it", async () => {
        const sections = await changed("local", (all) => {
            all["apps"][0].environment = { MAIL_PASSWORD: "correct horse", PASSWORD_RESET_TIMEOUT: "3600" };
        });
        await expect(planOf(sections)).rejects.toMatchObject({
            problems: [
                {
                    path: "apps[0].environment.MAIL_PASSWORD",
                    found: "a value under the name MAIL_PASSWORD, in plain text",
                    allowed: "credentials in the section secrets only, encrypted",
                    fix: "take it out, change it where it is used, then: pulumi config set --secret --path 'secrets.environment.MAIL_PASSWORD'",
                },
            ],
        });
        await expect(planOf(sections)).rejects.not.toThrow("correct horse");
    });
});
