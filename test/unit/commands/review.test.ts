// Proves: names of stacks, the file that is made for a pull request, what is refused, and which of the engine's commands run in which
// trouble. Not proved here: that the engine does as it is told; test/cluster/ephemeral.test.ts and test/prove/reviews.test.ts do.
import { spawn } from "node:child_process";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { close, sentence } from "../../../commands/review/close.ts";
import { open, type Around, type OpenRequest } from "../../../commands/review/open.ts";
import type { Result } from "../../../commands/review/pulumi.ts";
import { slugOf } from "../../../commands/review/slug.ts";
import { bareFile, fileOf, hostOf, isEphemeral, platformStackOf } from "../../../commands/review/stack-file.ts";
import { encryptionIn, toldBy } from "../../../commands/review/state.ts";
import { readExport } from "../../../commands/repair/deployment.ts";
import { projectRoot } from "../../../commands/support/paths.ts";
import { pullRequestMarks } from "../../../lib/pull-request.ts";
import { shortName } from "../../../settings/fields.ts";

const templateText = await readFile(join(projectRoot, "examples/stacks/pull-request/Pulumi.preview.yaml"), "utf8");
const template = { name: "preview", text: templateText };
const pullRequest = {
    number: 124,
    url: "https://github.com/example/shop/pull/124",
    branch: "feature/checkout",
    lastPush: "2026-12-01T10:20:30Z",
};
const request: OpenRequest = {
    stack: "pr-124",
    template,
    images: new Map([[undefined, "registry.example.org/shop:0123456"]]),
    pullRequest,
    keep: false,
    secrets: new Map(),
};

type Config = Record<string, any>; // eslint-disable-line @typescript-eslint/no-explicit-any -- a stack's file

function configOf(text: string): Config {
    const { config } = parse(text) as { config: Config };
    return Object.fromEntries(Object.entries(config).map(([key, value]) => [key.split(":")[1], value as unknown]));
}

describe("the stack's name of a branch", () => {
    test.each([
        ["main", "main"],
        ["fix-login", "fix-login"],
        ["feature/ABC-123_Long-Name_with.dots", /^feature-abc-12-[0-9][0-9a-z]{4}$/],
        ["feature/checkout", /^feature-checko-[0-9][0-9a-z]{4}$/],
        ["Main", /^main-[0-9][0-9a-z]{4}$/],
        ["2026/plans", /^b-2026-plans-[0-9][0-9a-z]{4}$/],
        ["überall", /^berall-[0-9][0-9a-z]{4}$/],
        ["___", /^b-[0-9][0-9a-z]{4}$/],
        ["pr-7", /^pr-7-[0-9][0-9a-z]{4}$/],
        ["shop-1abcd", /^shop-1abcd-[0-9][0-9a-z]{4}$/],
    ])("%s", (branch, slug) => {
        expect(slugOf(branch)).toMatch(typeof slug === "string" ? new RegExp(`^${slug}$`) : slug);
    });

    test("is always one of an environment, the same each time, and of two branches two names", () => {
        const branch = fc.oneof(
            fc.string({ unit: "grapheme", minLength: 1, maxLength: 80 }),
            fc.stringMatching(/^[a-z0-9/_.-]{1,60}$/),
        );
        fc.assert(
            fc.property(branch, branch, (one, other) => {
                const slug = slugOf(one);
                expect(shortName.safeParse(slug).success, slug).toBe(true);
                expect(slugOf(one)).toBe(slug);
                if (one !== other) {
                    expect(slugOf(other)).not.toBe(slug);
                }
            }),
        );
    });
});

describe("the file of a pull request", () => {
    test("is the template with its own hosts, image and number", () => {
        const made = fileOf(template, request);
        const { environment, apps, ...others } = configOf(made);
        const { environment: before, apps: appsBefore, ...othersBefore } = configOf(templateText);
        expect(environment).toEqual({ ...before, pullRequest });
        expect(apps).toEqual([
            {
                ...appsBefore[0],
                image: "registry.example.org/shop:0123456",
                hosts: ["pr-124.preview.staging.shop.example.org"],
            },
        ]);
        expect(others).toEqual(othersBefore);
        // Pulumi would make a time of it.
        expect(made).toContain('lastPush: "2026-12-01T10:20:30Z"');
    });

    test("leads addresses in variables to its own hosts, and leaves others alone", () => {
        const text = `config:
  p:environment: { kind: ephemeral }
  p:platform: { variant: existing }
  p:apps:
    - name: shop
      image: a
      hosts: [preview.example.org, api.example.org]
      environment:
        SITE: https://preview.example.org/
        BOTH: "api.example.org,preview.example.org"
        OTHER: https://not-preview.example.org
        COUNT: 3
    - name: admin
      image: b
      hosts: [preview-admin.example.org]
`;
        const images = new Map([
            [undefined, "all:1"],
            ["admin", "admin:2"],
        ]);
        const [shop, admin] = configOf(fileOf({ name: "preview", text }, { ...request, images, keep: true }))["apps"];
        expect(shop).toEqual({
            name: "shop",
            image: "all:1",
            hosts: ["pr-124.example.org", "pr-124-api.example.org"],
            environment: {
                SITE: "https://pr-124.example.org/",
                BOTH: "pr-124-api.example.org,pr-124.example.org",
                OTHER: "https://not-preview.example.org",
                COUNT: 3,
            },
        });
        expect(admin).toEqual({ name: "admin", image: "admin:2", hosts: ["pr-124-admin.example.org"] });
        expect(platformStackOf({ name: "preview", text })).toBeUndefined();
        expect(platformStackOf(template)).toBe("staging");
    });

    test.each([
        ["preview.example.org", "pr-1.example.org"],
        ["pr-123.preview.example.org", "pr-1.preview.example.org"],
        ["admin-pr-0.example.org", "admin-pr-1.example.org"],
        ["shop.example.org", "pr-1-shop.example.org"],
        ["previews.example.org", "pr-1-previews.example.org"],
    ])("has for %s the host %s", (host, own) => {
        expect(hostOf(host, "pr-1", "preview")).toBe(own);
    });

    test("is encrypted as the template is, else as the state", () => {
        const state = { secretsprovider: "gcpkms://key", encryptedkey: "abc" };
        expect(parse(fileOf(template, request, state))).toMatchObject(state);
        const salted = { name: "preview", text: `encryptionsalt: v1:own\n${templateText}` };
        const made = parse(fileOf(salted, request, state)) as Config;
        expect(made["encryptionsalt"]).toBe("v1:own");
        expect(made["secretsprovider"]).toBeUndefined();
        expect(bareFile(state)).toBe("secretsprovider: gcpkms://key\nencryptedkey: abc\n");
    });

    test.each([
        ["kind: ephemeral", "kind: staging", "environment.kind"],
        ["kind: ephemeral", "kind: ephemeral\n    name: shared", "environment.name"],
        ["kind: ephemeral", "kind: ephemeral\n    namespace: shared", "environment.namespace"],
        ["django-on-kubernetes:apps:", "django-on-kubernetes:appz:", "no list of apps"],
        ["config:", "config: {", "Pulumi.preview.yaml"],
    ])("is refused where %s is %s", (was, is, told) => {
        const text = templateText.replace(was, is);
        expect(() => fileOf({ name: "preview", text }, request)).toThrow(told);
    });

    test("is refused for an image of an app that there is not", () => {
        expect(() => fileOf(template, { ...request, images: new Map([["blog", "blog:1"]]) })).toThrow(
            "IMAGE: found the app blog; allowed: apps of Pulumi.preview.yaml: shop",
        );
    });

    test("is told from those of environments that somebody keeps", () => {
        expect(isEphemeral(fileOf(template, request))).toBe(true);
        expect(isEphemeral(templateText.replace("kind: ephemeral", "kind: staging"))).toBe(false);
        expect(isEphemeral("encryptionsalt: v1:a\n")).toBe(false);
    });
});

test("a namespace tells its pull request, its last push, and that it is kept", () => {
    expect(pullRequestMarks({ keep: true, pullRequest })).toEqual({
        labels: { "django-on-kubernetes/pull-request": "124", "django-on-kubernetes/keep": "true" },
        annotations: {
            "django-on-kubernetes/pull-request-url": "https://github.com/example/shop/pull/124",
            "django-on-kubernetes/last-push": "2026-12-01T10:20:30Z",
        },
    });
    expect(pullRequestMarks({})).toEqual({ labels: {} });
});

const locked = `error: the stack is currently locked by 1 lock(s). Either wait for the other process(es) to end or delete the lock file with \`pulumi cancel\`.
  file:///state/.pulumi/locks/organization/shop/pr-124/aa.json?no_tmp_dir=true: created by me@runner (pid 77) at 2026-12-02T00:00:00Z`;

const urn = "urn:pulumi:pr-124::shop";
const namespaceOf = (number: number, kind = "ephemeral") => ({
    urn: `${urn}::kubernetes:core/v1:Namespace::namespace`,
    type: "kubernetes:core/v1:Namespace",
    custom: true,
    id: "shop-pr-124",
    outputs: {},
    inputs: {
        metadata: {
            name: "shop-pr-124",
            labels: { "django-on-kubernetes/environment": kind, "django-on-kubernetes/pull-request": String(number) },
        },
    },
});
const stateWith = (...resources: object[]) =>
    JSON.stringify({
        version: 3,
        deployment: { secrets_providers: { type: "passphrase", state: { salt: "v1:a:b" } }, resources },
    });

describe("a state", () => {
    test("says whose it is, and how its file was encrypted", () => {
        const state = readExport(stateWith(namespaceOf(124)));
        expect(toldBy(state)).toMatchObject({
            namespaces: [{ name: "shop-pr-124", kind: "ephemeral" }],
            pullRequest: 124,
            made: 1,
            isCutOff: false,
        });
        expect(encryptionIn(state)).toEqual({ encryptionsalt: "v1:a:b" });
        expect(sentence("pr-124", toldBy(state))).toBe(
            "The stack pr-124 is removed: 1 thing, the namespace shop-pr-124 with all that was in it among them (1 Namespace).",
        );
    });

    test("of a cloud's key, and of a backend's own", () => {
        const cloud = (type: string, state: object) =>
            encryptionIn({ version: 3, deployment: { secrets_providers: { type, state } } });
        expect(cloud("cloud", { url: "awskms://alias/a", encryptedkey: "k" })).toEqual({
            secretsprovider: "awskms://alias/a",
            encryptedkey: "k",
        });
        expect(cloud("service", { url: "https://api.pulumi.com" })).toEqual({});
    });

    test("is cut off by what an update had begun, also a namespace", () => {
        const state = readExport(stateWith());
        const { outputs: _, id: __, ...begun } = namespaceOf(124);
        const cut = { ...state, deployment: { pending_operations: [{ type: "creating", resource: begun }] } };
        expect(toldBy(cut)).toMatchObject({ isCutOff: true, pullRequest: 124, made: 0 });
    });
});

describe("the command", () => {
    let directory: string;
    let calls: string[];
    let said: string[];
    beforeEach(async () => {
        directory = await mkdtemp(join(tmpdir(), "review-"));
        calls = [];
        said = [];
    });
    afterEach(async () => {
        await rm(directory, { recursive: true });
    });

    const ok = (stdout = ""): Result => ({ code: 0, output: stdout, stdout });
    const bad = (output: string): Result => ({ code: 255, output, stdout: "" });
    const outputs = ok(
        JSON.stringify({
            namespace: "shop-pr-124",
            apps: { shop: { image: "shop:1", url: "https://pr-124.preview.example.org" } },
        }),
    );

    /** @param answers by the beginning of the command; several are given one after the other, the last for ever */
    function around(answers: Readonly<Record<string, readonly Result[]>>, more: Partial<Around> = {}): Around {
        const left = new Map(Object.entries(answers).map(([command, results]) => [command, [...results]]));
        return {
            directory,
            alone: false,
            wait: 0,
            say: (line) => said.push(line),
            engine: {
                run: (args) => {
                    const line = args.join(" ");
                    calls.push(line);
                    const [, results = [ok()]] = [...left].find(([command]) => line.startsWith(command)) ?? [];
                    return Promise.resolve(results.length > 1 ? results.shift()! : results[0]!);
                },
            },
            ...more,
        };
    }

    const fresh = {
        "stack export": [bad("error: no stack named 'pr-124' found")],
        "stack output secretsProvider": [ok("gcpkms://projects/p/key\n")],
        "stack output --json": [outputs],
    };

    test("makes a stack that is not there, with the key of the platform's", async () => {
        const opened = await open(request, around(fresh));
        expect(calls).toEqual([
            "stack export --stack pr-124",
            "stack output secretsProvider --stack staging",
            "stack init pr-124 --secrets-provider gcpkms://projects/p/key",
            "up --yes --skip-preview --stack pr-124",
            "stack output --json --stack pr-124",
        ]);
        expect(opened).toEqual({
            stack: "pr-124",
            pullRequest,
            namespace: "shop-pr-124",
            urls: { shop: "https://pr-124.preview.example.org" },
            images: { shop: "shop:1" },
            created: true,
        });
        expect(await readdir(directory)).toEqual(["Pulumi.pr-124.yaml"]);
    });

    test("makes one with a passphrase where the platform has no key, and says so where its outputs cannot be read", async () => {
        const none = [bad("error: current stack does not have output property 'secretsProvider'")];
        await open(request, around({ ...fresh, "stack output secretsProvider": none }));
        expect(calls).toContain("stack init pr-124");
        const denied = { ...fresh, "stack output secretsProvider": [bad("error: permission denied")] };
        await expect(open(request, around(denied))).rejects.toThrow(/outputs of staging.*permission denied/s);
    });

    test("hands secrets over by standard input alone", async () => {
        await open({ ...request, secrets: new Map([["STRIPE_KEY", "sk_test_canary"]]) }, around(fresh));
        expect(calls).toContain("config set --secret --path secrets.environment.STRIPE_KEY --stack pr-124");
        expect(calls.join("\n")).not.toContain("canary");
    });

    test("goes on with a stack that is there, and makes its file anew with its salt", async () => {
        const there = { "stack export": [ok(stateWith(namespaceOf(124)))], "stack output --json": [outputs] };
        const { created } = await open(request, around(there));
        expect(created).toBe(false);
        expect(calls).toEqual([
            "stack export --stack pr-124",
            "up --yes --skip-preview --stack pr-124",
            "stack output --json --stack pr-124",
        ]);
        expect(await readFile(join(directory, "Pulumi.pr-124.yaml"), "utf8")).toContain("encryptionsalt: v1:a:b");
    });

    test("refuses what is another's, or what somebody keeps, before it touches anything", async () => {
        const of = (text: string) => around({ "stack export": [ok(text)] });
        await expect(open(request, of(stateWith(namespaceOf(99))))).rejects.toThrow("pull request 99");
        await expect(close("pr-124", 124, of(stateWith(namespaceOf(99))))).rejects.toThrow("pull request 99");
        const kept = stateWith(namespaceOf(124, "staging"));
        await expect(open(request, of(kept))).rejects.toThrow("an environment that is staging");
        await expect(close("pr-124", 124, of(kept))).rejects.toThrow("an environment that is staging");
        const network = stateWith({ urn: `${urn}::gcp:a:N::n`, type: "gcp:compute/network:Network", custom: true });
        await expect(close("main", 124, of(network))).rejects.toThrow("does not say that it is an environment");
        await writeFile(
            join(directory, "Pulumi.pr-124.yaml"),
            templateText.replace("kind: ephemeral", "kind: production"),
        );
        await expect(open(request, of(stateWith()))).rejects.toThrow("not ephemeral");
        expect(calls.filter((line) => !line.startsWith("stack export"))).toEqual([]);
    });

    test("takes a lock away only where its update runs no more, or it is told to be alone", async () => {
        const answers = { ...fresh, up: [bad(locked), ok()] };
        await expect(open(request, around(answers))).rejects.toThrow(/locked \(process 77 on runner.*ALONE=1/s);
        expect(calls).not.toContain("cancel --yes --stack pr-124");
        await open(request, around(answers, { alone: true }));
        expect(calls).toContain("cancel --yes --stack pr-124");
    });

    test("reads the cluster anew where the state differs from it, and only there", async () => {
        await open(request, around({ ...fresh, up: [bad('namespaces "shop-pr-124" not found'), ok()] }));
        expect(calls).toContain("up --yes --skip-preview --stack pr-124 --refresh");
        calls = [];
        await expect(
            open(request, around({ ...fresh, up: [bad('failed to resolve reference "shop:1": not found')] })),
        ).rejects.toThrow("did not come up");
        expect(calls.some((line) => line.includes("--refresh"))).toBe(false);
    });

    test("closes to the end: without a file, and once more after a refresh", async () => {
        const closed = await close(
            "pr-124",
            124,
            around({ "stack export": [ok(stateWith(namespaceOf(124)))], destroy: [bad("it broke"), ok()] }),
        );
        expect(calls).toEqual([
            "stack export --stack pr-124",
            "destroy --stack pr-124 --yes --skip-preview --remove",
            "stack export --stack pr-124",
            "refresh --yes --skip-preview --stack pr-124",
            "destroy --stack pr-124 --yes --skip-preview --remove",
        ]);
        expect(closed).toEqual({
            stack: "pr-124",
            removed: true,
            namespaces: ["shop-pr-124"],
            counts: { Namespace: 1 },
        });
        expect(await readFile(join(directory, "Pulumi.pr-124.yaml"), "utf8")).toBe("encryptionsalt: v1:a:b\n");
    });

    test("told to end, it tells Pulumi once, waits for it, and begins nothing more", async () => {
        const told = join(directory, "told");
        const fake = [
            "#!/bin/sh",
            `trap 'echo told >> ${told}; sleep 0.5; echo "error: not found" >&2; exit 1' INT`,
            `echo "$1" >> ${told}`,
            "while :; do sleep 0.1; done",
        ];
        await writeFile(join(directory, "pulumi"), fake.join("\n"), { mode: 0o755 });
        const main = join(projectRoot, "commands/review/main.ts");
        const child = spawn(process.execPath, [main, "close", "--number", "124"], {
            cwd: directory,
            env: { PATH: `${directory}:${process.env["PATH"]!}` },
            stdio: ["ignore", "pipe", "pipe"],
        });
        let output = "";
        child.stderr.setEncoding("utf8").on("data", (chunk: string) => (output += chunk));
        const ended = new Promise<number | null>((resolve) => child.once("close", resolve));
        while ((await readFile(told, "utf8").catch(() => "")) === "") {
            await new Promise((resolve) => setTimeout(resolve, 50));
        }
        child.kill("SIGINT");
        child.kill("SIGTERM");
        expect(await ended).toBe(1);
        expect(output).toContain("Interrupted: Pulumi has ended its steps and written its state.");
        expect(await readFile(told, "utf8")).toBe("stack\ntold\n");
    });

    test("fails where something stays, and finds nothing to do where nothing is", async () => {
        const stays = { "stack export": [ok(stateWith(namespaceOf(124)))], destroy: [bad("a finalizer")] };
        await expect(close("pr-124", 124, around(stays))).rejects.toThrow("Something of pr-124 stays");
        await writeFile(join(directory, "Pulumi.pr-124.yaml"), fileOf(template, request));
        expect(await close("pr-124", 124, around(fresh))).toMatchObject({ removed: false });
        expect(said.at(-1)).toBe("There is no stack pr-124: nothing to remove.");
        expect(await readdir(directory)).toEqual([]);
    });
});
