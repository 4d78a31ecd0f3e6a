// The branches of R84 and R93, on plans of the example stacks. Does not prove that a cloud refuses what its rights do not name.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { SecretValue, UnknownValue, type Plan } from "../../../commands/plan/plan.ts";
import { projectRoot } from "../../../commands/support/paths.ts";
import { checkPlan } from "../../../policy/index.ts";
import { changed, planOf, project, type Sections } from "../support/plans.ts";
import { spoil, withExtra, type Spoiled } from "../support/spoil.ts";
import { testBranches } from "./branches.ts";

let aws: Plan;
let gcp: Plan;
let digitalocean: Plan;
/** Pods of a cluster that AWS knows nothing of, with a key. */
let mixed: Plan;
let twoApps: Plan;

beforeAll(async () => {
    [aws, gcp, digitalocean, mixed] = (await Promise.all(
        ["aws", "gcp", "digitalocean", "mixed"].map(async (example) =>
            planOf(await sectionsOf(example), { stack: "production" }),
        ),
    )) as [Plan, Plan, Plan, Plan];
    twoApps = await planOf(
        await changed("local", (sections) => {
            const [sample] = sections["apps"];
            sections["environment"].mainApp = sample.name;
            sections["apps"].push({ ...sample, name: "blog", hosts: ["blog.localhost"] });
            sections["database"] = { ...sections["database"], size: "medium" };
        }),
        { stack: "local" },
    );
});

async function sectionsOf(example: string): Promise<Sections> {
    const text = await readFile(join(projectRoot, "examples/stacks", example, "Pulumi.production.yaml"), "utf8");
    const { config } = parse(text) as { config: Sections };
    return Object.fromEntries(Object.entries(config).map(([key, value]) => [key.slice(project.length + 1), value]));
}

const container = (r: Spoiled) => r.props["spec"].template.spec.containers[0];
const web = { name: "shop-web", kind: "Deployment" };
const migrate = { name: "shop-migrate", kind: "Job" };
const writer = { name: "shop-collectstatic", kind: "Job" };
const asWriter = (r: Spoiled) => (r.props["spec"].template.spec.serviceAccountName = "shop-collectstatic");

/** The statement that writes the static bucket, put into another policy. */
const widened = (r: Spoiled, change: (statement: Record<string, unknown>) => void) => {
    const policy = JSON.parse(r.props["policy"]) as { Statement: Record<string, unknown>[] };
    policy.Statement.forEach(change);
    r.props["policy"] = JSON.stringify(policy);
};
const writesAll = (statement: Record<string, unknown>) => (statement["Action"] = ["s3:PutObject"]);

const nameOf = (plan: Plan, name: string): unknown => {
    const { props, generatedName } = plan.resources.find((one) => one.name === name && one.type.endsWith(":Secret"))!;
    return props["metadata"].name ?? generatedName;
};
const readsKey = (plan: Plan) => (r: Spoiled) =>
    container(r).envFrom.push({ secretRef: { name: nameOf(plan, "shop-collectstatic-key") } });

describe("the plans that are spoiled below", () => {
    it("keep all rules", () => {
        expect([aws, gcp, digitalocean, mixed, twoApps].flatMap((plan) => checkPlan(plan))).toEqual([]);
    });

    it("tell the app where static files are, by a name that the rule finds", () => {
        for (const plan of [aws, gcp, digitalocean, mixed]) {
            const names = plan.resources.flatMap(({ props }) => Object.keys(props["data"] ?? {}));
            expect(names).toContain("DJANGO_APP_STATIC_BUCKET");
        }
    });
});

describe("R84, by who a pod is", () => {
    testBranches([
        ...[
            { cloud: "AWS", plan: () => aws },
            { cloud: "Google Cloud", plan: () => gcp },
        ].flatMap(({ cloud, plan }) => [
            {
                what: `${cloud}: web as who writes static files`,
                breaks: ["R84 spec.template.spec.serviceAccountName"],
                plan: () => spoil(plan(), web, asWriter),
            },
            {
                what: `${cloud}: a job of the release that writes none`,
                breaks: ["R84 spec.template.spec.serviceAccountName"],
                plan: () => spoil(plan(), migrate, asWriter),
            },
            {
                what: `${cloud}: an image's own job that does all of a release`,
                breaks: [],
                plan: () =>
                    spoil(
                        spoil(plan(), writer, (r) => {
                            container(r).command = ["/init"];
                            // It migrates too, and so is tried once (R24).
                            r.props["spec"].backoffLimit = 0;
                        }),
                        writer,
                        asWriter,
                    ),
            },
        ]),
        {
            what: "AWS: the app's role writes them too",
            breaks: ["R84 spec"],
            plan: () => spoil(aws, "assets-role-policy", (r) => widened(r, writesAll)),
        },
        {
            what: "AWS: a policy that is not known yet",
            breaks: [],
            plan: () => spoil(aws, "assets-role-policy", (r) => (r.props["policy"] = new UnknownValue())),
        },
        {
            what: "AWS: a role for pods of another namespace",
            breaks: [],
            plan: () =>
                spoil(
                    spoil(aws, "assets-role-policy", (r) => widened(r, writesAll)),
                    "assets-for-shop",
                    (r) => (r.props["namespace"] = "other"),
                ),
        },
        {
            what: "Google Cloud: the app's account writes them too",
            breaks: ["R84 spec"],
            plan: () => spoil(gcp, "assets-app-static", (r) => (r.props["role"] = "roles/storage.objectAdmin")),
        },
        {
            what: "Google Cloud: it is one of several",
            breaks: ["R84 spec"],
            plan: () =>
                spoil(gcp, "assets-app-static", (r) => {
                    const { bucket, member } = r.props;
                    r.props = { bucket, role: "roles/storage.objectUser", members: ["user:a@example.org", member] };
                }),
        },
    ]);
});

describe("R84, by a key", () => {
    testBranches([
        {
            what: "DigitalOcean: web reads the other key",
            breaks: ["R84 spec.template.spec.containers[0].envFrom"],
            plan: () => spoil(digitalocean, web, readsKey(digitalocean)),
        },
        {
            what: "DigitalOcean: the app's key writes them too",
            breaks: ["R84 spec"],
            plan: () =>
                spoil(digitalocean, "assets-key", (r) =>
                    r.props["grants"].forEach((grant: Record<string, unknown>) => (grant["permission"] = "readwrite")),
                ),
        },
        {
            what: "DigitalOcean: the app's key is for all buckets",
            breaks: ["R84 spec"],
            plan: () =>
                spoil(digitalocean, "assets-key", (r) => {
                    r.props["grants"] = [{ bucket: "", permission: "fullaccess" }];
                }),
        },
        {
            what: "AWS, from another cluster: web mounts the other key",
            breaks: ["R84 spec.template.spec.volumes"],
            plan: () =>
                spoil(mixed, web, (r) =>
                    r.props["spec"].template.spec.volumes.push({
                        name: "key",
                        secret: { secretName: nameOf(mixed, "shop-collectstatic-key") },
                    }),
                ),
        },
        {
            what: "AWS, from another cluster: one variable of it",
            breaks: ["R84 spec.template.spec.containers[0].env"],
            plan: () =>
                spoil(mixed, web, (r) =>
                    container(r).env.push({
                        name: "AWS_SECRET_ACCESS_KEY",
                        valueFrom: {
                            secretKeyRef: {
                                name: nameOf(mixed, "shop-collectstatic-key"),
                                key: "AWS_SECRET_ACCESS_KEY",
                            },
                        },
                    }),
                ),
        },
        {
            what: "AWS, from another cluster: the app's user writes them too",
            breaks: ["R84 spec"],
            plan: () => spoil(mixed, "assets-user-policy", (r) => widened(r, writesAll)),
        },
    ]);
});

describe("R93", () => {
    const role = (rules: unknown) => () =>
        withExtra(twoApps, "sample-environment", {
            type: "kubernetes:rbac.authorization.k8s.io/v1:Role",
            name: "reader",
            props: { metadata: { ...metadata("sample-environment"), name: "reader" }, rules },
        });
    const metadata = (name: string) => twoApps.resources.find((one) => one.name === name)!.props["metadata"] as object;
    testBranches([
        {
            what: "a volume of another app's Secret",
            breaks: ["R93 spec.template.spec.volumes"],
            plan: () =>
                spoil(twoApps, { name: "blog-web", kind: "Deployment" }, (r) =>
                    r.props["spec"].template.spec.volumes.push({
                        name: "other",
                        secret: { secretName: nameOf(twoApps, "sample-secret-environment") },
                    }),
                ),
        },
        {
            what: "a Secret of a store that both use",
            breaks: [],
            plan: () => twoApps,
        },
        {
            what: "who may read all Secrets of the namespace",
            // Any role but the doorkeeper's is R146's too.
            breaks: ["R146 rules[0]", "R93 rules[0].resources"],
            plan: role([{ apiGroups: [""], resources: ["secrets"], verbs: ["get"] }]),
        },
        {
            what: "who may read one of them",
            breaks: ["R146 rules[0]"],
            plan: role([{ apiGroups: [""], resources: ["secrets"], resourceNames: ["license"], verbs: ["get"] }]),
        },
        {
            what: "who may read something else",
            breaks: [],
            plan: role([{ apiGroups: [""], resources: ["pods"], verbs: ["get"] }]),
        },
    ]);
});

it("no finding shows what a key is", () => {
    const found = checkPlan(spoil(digitalocean, web, readsKey(digitalocean))).map((one) => JSON.stringify(one));
    const { props } = digitalocean.resources.find(({ name }) => name === "shop-collectstatic-key")!;
    const values = (props["stringData"] as SecretValue).examine((data) =>
        Object.values(data as Record<string, unknown>).map((value) =>
            value instanceof SecretValue ? value.examine(String) : String(value),
        ),
    );
    expect(values.length).toBe(2);
    expect(values.filter((value) => found.some((text) => text.includes(value)))).toEqual([]);
});
