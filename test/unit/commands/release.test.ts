// Releases, the way back and drift: what is asked of the engine and in which order, and when nothing more is. The engine is a shell script
// that writes down what it is asked. Does not prove what the real one prints: test/engine/release.test.ts does.
import { execFile } from "node:child_process";
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, test } from "vitest";
import { imagesBefore, imagesIn, runningImages } from "../../../commands/release/images.ts";
import { deploymentWaits, setWaits } from "../../../commands/release/rollout.ts";
import { projectRoot } from "../../../commands/support/paths.ts";

const project = "django-on-kubernetes";
const file = `# The team's own words.
config:
  ${project}:apps:
    - name: shop # the shop
      image: registry.example.org/shop:1
    - name: blog
      image: registry.example.org/blog:1
`;

let folder: string;
let server: Server;
let workloads: unknown[];

beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "release-"));
    await mkdir(join(folder, "bin"));
    await writeFile(join(folder, "Pulumi.yaml"), `name: ${project}\nruntime: nodejs\n`);
    await writeFile(join(folder, "Pulumi.production.yaml"), file);
    workloads = [];
    server = createServer((request, response) => {
        const items = request.url!.endsWith("/deployments") ? workloads : [];
        response.setHeader("content-type", "application/json");
        response.end(JSON.stringify({ apiVersion: "apps/v1", items }));
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
});
afterEach(async () => {
    await new Promise((resolve) => server.close(resolve));
    await rm(folder, { recursive: true });
});

const event = (sequence: number, entry: object): string => JSON.stringify({ sequence, timestamp: 1, ...entry });
const end = [event(8, { summaryEvent: { resourceChanges: {} } }), event(9, { cancelEvent: {} })];
const urn = (type: string, name: string): string => `urn:pulumi:production::${project}::${type}::${name}`;

/** A step of the stream. */
function step(op: string, type: string, name: string): string {
    const state = { type, urn: urn(type, name), custom: true, id: name, inputs: {} };
    return event(1, { resourcePreEvent: { metadata: { op, urn: state.urn, type, old: state, new: state } } });
}

interface Said {
    readonly preview?: readonly string[];
    readonly codes?: Readonly<Record<string, number>>;
    readonly refresh?: object;
    readonly history?: unknown;
}

async function release({ preview = end, codes = {}, refresh, history }: Said, ...args: string[]) {
    const { port } = server.address() as AddressInfo;
    const kubeconfig = JSON.stringify({
        apiVersion: "v1",
        kind: "Config",
        clusters: [{ name: "a", cluster: { server: `http://127.0.0.1:${port}`, "insecure-skip-tls-verify": true } }],
        users: [{ name: "a", user: {} }],
        contexts: [{ name: "a", context: { cluster: "a", user: "a" } }],
        "current-context": "a",
    });
    const outputs = {
        namespace: "shop-production",
        platform: { connection: { kubeconfig } },
        apps: { shop: { image: "registry.example.org/shop:2" }, blog: { image: "registry.example.org/blog:1" } },
    };
    const says: Record<string, unknown> = { output: outputs, refresh: refresh ?? {}, history: history ?? [] };
    for (const [name, value] of Object.entries(says)) {
        await writeFile(join(folder, name), JSON.stringify(value));
    }
    await writeFile(join(folder, "preview"), preview.join("\n"));
    const script = `#!/bin/sh
echo "$*" >> ${folder}/asked
case "$1 $2" in
"stack output") cat ${folder}/output ;;
"stack history") cat ${folder}/history ;;
"config set") cp Pulumi.production.yaml ${folder}/seen; echo "# $5" >> Pulumi.production.yaml ;;
preview*) cat ${folder}/preview; exit ${codes["preview"] ?? 0} ;;
refresh*) cat ${folder}/refresh; exit ${codes["refresh"] ?? 0} ;;
up*) exit ${codes["up"] ?? 0} ;;
esac
`;
    await writeFile(join(folder, "bin/pulumi"), script);
    await chmod(join(folder, "bin/pulumi"), 0o755);
    const env = { ...process.env, PATH: `${join(folder, "bin")}:${process.env["PATH"]}` };
    const main = join(projectRoot, "commands/release/main.ts");
    const { code, output } = await new Promise<{ code: number; output: string }>((resolve) => {
        execFile("node", [main, ...args], { cwd: folder, env }, (error, stdout, stderr) => {
            resolve({ code: Number(error?.code ?? 0), output: stdout + stderr });
        });
    });
    const asked = await readFile(join(folder, "asked"), "utf8").catch(() => "");
    const left = await readFile(join(folder, "Pulumi.production.yaml"), "utf8");
    return { code, output, asked: asked.split("\n").slice(0, -1), left };
}

const words = (command: string): string => `${command} --stack production --non-interactive --color=never`;
const outputs = words("stack output --json");
const previewed = words("preview --json --show-replacement-steps --policy-pack policy");
const brought = words("up --yes --policy-pack policy");
const setShop = (tag: string): string => words(`config set --path apps[0].image registry.example.org/shop:${tag}`);

describe("a release", () => {
    const up = ["up", "--stack", "production", "--image", "shop=registry.example.org/shop:3"];

    it("sets the image, previews, asks the gate, updates and looks at the rollout", async () => {
        const { code, output, asked, left } = await release({}, ...up);
        expect(output).toContain("The gate is open");
        expect(output).toContain("All 0 workloads of shop-production run what was released.");
        expect(asked).toEqual([outputs, setShop("3"), previewed, brought, outputs]);
        expect(code).toBe(0);
        expect(left).not.toBe(file);
    });

    it("leaves what runs where no image is named, whatever the file says", async () => {
        const { asked } = await release({}, "up", "--stack", "production");
        expect(asked).toContain(setShop("2"));
        expect(asked.filter((line) => line.includes("apps[1]"))).toEqual([]);
    });

    const lost = [step("delete", "aws:rds/instance:Instance", "database-server"), ...end];

    it("ends at the gate, and leaves the file as it was", async () => {
        const { code, output, asked, left } = await release({ preview: lost }, ...up);
        expect(code).toBe(1);
        expect(output).toContain("Refused: 1 resource with data would be lost.");
        expect(asked).not.toContain(brought);
        expect(left).toBe(file);
    });

    it("goes on with what is allowed", async () => {
        const { code, asked } = await release({ preview: lost }, ...up, "--allow", "database-server");
        expect(code).toBe(0);
        expect(asked).toContain(brought);
    });

    it("says which rule is broken, and ends", async () => {
        const broken = event(2, {
            policyEvent: {
                policyName: "R12",
                enforcementLevel: "mandatory",
                message: "Found nothing.",
                resourceUrn: "u",
                color: "never",
            },
        });
        const { code, output, asked, left } = await release(
            { preview: [broken, ...end], codes: { preview: 255 } },
            ...up,
        );
        expect(code).toBe(1);
        expect(output).toContain("R12: Found nothing.");
        expect(asked).not.toContain(brought);
        expect(left).toBe(file);
    });

    it("says that the update failed", async () => {
        const { code, output } = await release({ codes: { up: 255 } }, ...up);
        expect(code).toBe(1);
        expect(output).toContain("The update failed");
    });

    it("fails when the pods do not become those of the release", async () => {
        workloads = [
            {
                metadata: { name: "shop-web", generation: 2 },
                spec: { replicas: 2 },
                status: { observedGeneration: 2, updatedReplicas: 1, availableReplicas: 2, replicas: 3 },
            },
        ];
        const { code, output } = await release({}, ...up, "--wait", "1");
        expect(code).toBe(1);
        expect(output).toContain("Deployment shop-web: 2 of 2 pods ready, 1 of the release");
    });

    it.each([
        [["up", "--stack", "production", "--image", "shop"], "found no image's reference"],
        [["up", "--stack", "production", "--image", "other=registry.example.org/shop:3"], "found no app other"],
        [["up", "--stack", "elsewhere"], "Pulumi.elsewhere.yaml"],
        [["up"], "--stack"],
        [["up", "--stack", "production", "--wait", "soon"], "whole number of seconds"],
    ])("refuses %j", async (args, message) => {
        const { code, output, asked } = await release({}, ...args);
        expect(code).toBe(2);
        expect(output).toContain(message);
        expect(asked).not.toContain(brought);
    });
});

describe("the way back", () => {
    const update = (shop: string, result = "succeeded", kind = "update") => ({
        kind,
        result,
        config: {
            [`${project}:apps`]: {
                value: JSON.stringify([{ name: "shop", image: `registry.example.org/shop:${shop}` }]),
                secret: false,
            },
        },
    });

    it("brings out the images of the last update that went well with others", async () => {
        const history = [
            update("2"),
            update("9", "failed"),
            update("8", "succeeded", "refresh"),
            update("2"),
            update("1-hotfix"),
            update("0"),
        ];
        const { code, asked } = await release({ history }, "back", "--stack", "production");
        expect(code).toBe(0);
        expect(asked).toEqual([
            outputs,
            words("stack history --json --page-size 100 --page 1"),
            setShop("1-hotfix"),
            previewed,
            brought,
            outputs,
        ]);
    });

    it("says that there is none", async () => {
        const { code, output, asked } = await release({ history: [update("2")] }, "back", "--stack", "production");
        expect(code).toBe(2);
        expect(output).toContain("Found no update of this stack with another image");
        expect(asked).not.toContain(brought);
    });

    it("brings out the image that is named", async () => {
        const { asked } = await release(
            {},
            "back",
            "--stack",
            "production",
            "--image",
            "shop=registry.example.org/shop:0",
        );
        expect(asked).toContain(setShop("0"));
    });
});

describe("a preview", () => {
    it("is kept as the engine prints it without what is for debugging, and the file is left as it was", async () => {
        const debug = event(3, { diagnosticEvent: { severity: "debug", message: "password: c4n4ry", color: "never" } });
        const preview = [debug, ...end];
        const { code, left, asked } = await release(
            { preview },
            "preview",
            "--stack",
            "production",
            "--output",
            "preview.json",
        );
        expect(code).toBe(0);
        expect(await readFile(join(folder, "preview.json"), "utf8")).toBe(end.join("\n"));
        expect(asked).toEqual([outputs, setShop("2"), previewed]);
        expect(left).toBe(file);
    });
});

describe("drift", () => {
    const digest = (op: string) => ({
        steps: [
            { op, urn: urn("kubernetes:apps/v1:Deployment", "shop-web"), oldState: {}, newState: {} },
            { op: "refresh", urn: urn("kubernetes:core/v1:Secret", "shop"), oldState: {}, newState: {} },
        ],
        changeSummary: {},
    });

    it.each([
        ["update", "changed  shop-web  (kubernetes:apps/v1:Deployment)"],
        ["delete", "gone     shop-web  (kubernetes:apps/v1:Deployment)"],
    ])("by %s is told, and nothing is changed", async (op, line) => {
        const { code, output, asked } = await release({ refresh: digest(op) }, "drift", "--stack", "production");
        expect(code).toBe(1);
        expect(output).toContain(line);
        expect(output).toContain("1 resource of production changed");
        expect(asked).toEqual([words("refresh --preview-only --json")]);
    });

    it("is none", async () => {
        const { code, output } = await release({ refresh: digest("refresh") }, "drift", "--stack", "production");
        expect(code).toBe(0);
        expect(output).toBe("production is as its state has it.\n");
    });

    it("that cannot be looked at is no drift", async () => {
        const { code, output } = await release({ codes: { refresh: 255 } }, "drift", "--stack", "production");
        expect(code).toBe(2);
        expect(output).toContain("It could not be compared with what is there.");
    });
});

test("an image for all apps, or for one", () => {
    expect(imagesIn(["registry.example.org:5000/shop:1"], ["shop", "blog"])).toEqual({
        shop: "registry.example.org:5000/shop:1",
        blog: "registry.example.org:5000/shop:1",
    });
    const digest = `registry.example.org/shop@sha256:${"a".repeat(64)}`;
    expect(imagesIn([`blog=${digest}`], ["shop", "blog"])).toEqual({ blog: digest });
    expect(() => imagesIn(["a/b:1", "shop=a/b:2"], ["shop"])).toThrow("two images for shop");
});

test.each(["-v:1", "$(id):1", "registry.example.org:5000/shop", "shop:1 --yes", "Shop:1", ""])(
    "%j is no image",
    (word) => {
        expect(() => imagesIn([word], ["shop"])).toThrow("found no image's reference");
    },
);

test("images that run are those of the outputs", () => {
    expect(runningImages({ apps: { shop: { image: "a:1", url: "https://shop" }, blog: {} } })).toEqual({ shop: "a:1" });
    expect(runningImages({})).toEqual({});
    expect(runningImages({ apps: "[secret]" })).toEqual({});
});

test("apps that are secret in the history are none to go back to", () => {
    const history = [
        { kind: "update", result: "succeeded", config: { "p:apps": { value: "[secret]", secret: true } } },
    ];
    expect(() => imagesBefore(history, "p", { shop: "a:1" })).toThrow("Found no update");
});

test("a workload is waited for until its newest pods are ready and the old ones are gone", () => {
    const deployment = (status: object, generation = 2) => ({
        metadata: { name: "web", generation },
        spec: { replicas: 2, selector: {}, template: {} },
        status,
    });
    const done = { observedGeneration: 2, updatedReplicas: 2, availableReplicas: 2, replicas: 2 };
    expect(deploymentWaits(deployment(done))).toEqual([]);
    for (const one of [{ observedGeneration: 1 }, { updatedReplicas: 1 }, { availableReplicas: 1 }, { replicas: 3 }]) {
        expect(deploymentWaits(deployment({ ...done, ...one }))).toHaveLength(1);
    }
    const set = (status: object, type = "RollingUpdate") => ({
        metadata: { name: "beat", generation: 1 },
        spec: { replicas: 1, selector: {}, template: {}, serviceName: "beat", updateStrategy: { type } },
        status: {
            replicas: 1,
            observedGeneration: 1,
            readyReplicas: 1,
            currentRevision: "a",
            updateRevision: "a",
            ...status,
        },
    });
    expect(setWaits(set({}))).toEqual([]);
    expect(setWaits(set({ updateRevision: "b" }))).toHaveLength(1);
    expect(setWaits(set({ updateRevision: "b" }, "OnDelete"))).toEqual([]);
    expect(setWaits(set({ readyReplicas: 0 }))).toHaveLength(1);
});
