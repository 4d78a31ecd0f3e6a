// Stacks that are up since before alarms, access logs, identities for CI, static files' own identity and node pools of EKS Auto Mode came,
// taken over with the files that they have: nothing that holds data is replaced or deleted (R75), nor a cluster, a network or nodes.
// test/engine/fixtures/states has those files, and what was made of them under the recording providers, as the engine exported it.
// Does not prove: that a real cloud changes in place what the recording providers do.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { brotliDecompressSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { heldBy } from "../../../lib/catalogue/index.ts";
import { projectRoot } from "../../../commands/support/paths.ts";
import {
    EngineStack,
    settingsOf,
    type Outcome,
    type StackConfig,
    type Step,
    type StepOperation,
} from "./support/engine-stack.ts";

const states = "test/engine/fixtures/states";

/** What is replaced or deleted by intention, named; all else is made, or changed in place. */
interface Gone {
    readonly replace: readonly string[];
    /** @default none */
    readonly delete?: readonly string[];
}

// Static files are written by an identity of their own, so the job runs once more, as another ServiceAccount.
const collects = "shop-collectstatic";

// What CloudFront added to hashed files was a policy of its own; the bucket says it itself.
const onAws: Gone = { replace: [collects], delete: ["assets-hashed-headers"] };

// What the app's own identity may do to static files: read them. A role's member cannot change its role.
const onGoogle: Gone = { replace: ["assets-app-static", collects] };

// The job that gives the app its rights asks once more; pods name the Secret that pulls their image.
const onDigitalOcean: Gone = { replace: ["database-grants", collects, "shop-migrate"] };

const given: Readonly<Record<string, Gone>> = {
    "aws-production": onAws,
    "aws-staging": onAws,
    "eks-adopted-production": { ...onAws, replace: ["desk-collectstatic", collects] },
    "mixed-production": { ...onAws, replace: ["database-grants", collects] },
    "gcp-production": onGoogle,
    "gcp-staging": onGoogle,
    "gke-autopilot-production": onGoogle,
    "digitalocean-production": onDigitalOcean,
    "digitalocean-staging": onDigitalOcean,
    "doks-rabbitmq-production": onDigitalOcean,
};

/** What holds data, and what that runs on and is reached by. */
function isGround({ type }: Step): boolean {
    const around =
        /:(Network|Subnetwork|Vpc|Subnet|Cluster|KubernetesCluster|NodeGroup|NodePool|KubernetesNodePool|Gateway)$/;
    return heldBy(type) !== undefined || around.test(type);
}

/** Takes out what a person sets by `pulumi config set --secret`. @returns the paths */
function takeSecrets(values: StackConfig, path = "secrets"): string[] {
    return Object.entries(values as Record<string, StackConfig>).flatMap(([key, value]) => {
        if (value["secure"] === undefined) {
            return takeSecrets(value, `${path}.${key}`);
        }
        Reflect.deleteProperty(values, key);
        return [`${path}.${key}`];
    });
}

async function takenOver(fixture: string): Promise<EngineStack> {
    const name = fixture.split("-").at(-1)!;
    const stack = await EngineStack.create({ name });
    const config = await settingsOf(join(projectRoot, states, `${fixture}.yaml`));
    const secrets = takeSecrets((config["secrets"] ?? {}) as StackConfig);
    await stack.configure(config);
    for (const path of secrets) {
        await stack.setSecret(path, "given-by-a-test");
    }
    const state = brotliDecompressSync(await readFile(join(projectRoot, states, `${fixture}.json.br`)));
    const { exitCode, output } = await stack.run(["stack", "import", "--stack", name], state.toString("utf8"));
    expect(exitCode, output).toBe(0);
    return stack;
}

/** Those that hold data, or carry what does, and go. */
function lost({ changes }: Outcome): string[] {
    const goes: readonly StepOperation[] = ["replace", "delete", "discard"];
    return changes.filter((step) => goes.includes(step.op) && isGround(step)).map(({ op, urn }) => `${op} ${urn}`);
}

describe.each(Object.entries(given))("%s", (fixture, gone) => {
    let stack: EngineStack;

    beforeAll(async () => {
        stack = await takenOver(fixture);
    });

    afterAll(async () => {
        await stack?.remove();
    });

    test("is taken over with its file as it is", async () => {
        const preview = await stack.preview();
        expect(preview.exitCode, preview.output).toBe(0);
        expect(lost(preview)).toEqual([]);
        const of = (op: StepOperation) =>
            preview.changes
                .filter((step) => step.op === op)
                .map(({ name }) => name)
                .toSorted();
        expect({ replace: of("replace"), delete: of("delete"), discard: of("discard") }).toEqual({
            delete: [],
            discard: [],
            ...gone,
        });
        // Passwords and names that were generated are kept.
        const generated = preview.changes.filter(({ type, op }) => type.startsWith("random:") && op !== "create");
        expect(generated.map(({ op, urn }) => `${op} ${urn}`)).toEqual([]);
    });
});
