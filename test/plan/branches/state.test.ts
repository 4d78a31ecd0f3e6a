// The branches of R67 to R70, R73 and R76. What R67 to R69 ask of each type, test/plan/catalogue.test.ts shows.
import { beforeAll, describe } from "vitest";
import { SecretValue, UnknownValue, type Plan } from "../../../commands/plan/plan.ts";
import { goodPlan } from "../support/cloud-examples.ts";
import type { TestedCloud } from "../support/cloud-plans.ts";
import { changed, planOf } from "../support/plans.ts";
import { spoil, without, withExtra, type Spoiled } from "../support/spoil.ts";
import { testBranches, type Branch } from "./branches.ts";

let local: Plan;
let production: Plan;

beforeAll(async () => {
    local = await planOf(await changed("local", () => undefined), { stack: "local" });
    production = await planOf(
        await changed("production", (sections) => {
            delete sections["apps"][0].egress;
            sections["database"].maxConnections = 300;
        }),
        { stack: "production" },
    );
});

type Kind = "production" | "staging" | "ephemeral";

function of(
    cloud: TestedCloud,
    kind: Kind,
    name: string,
    breaks: string | undefined,
    what: string,
    change: (r: Spoiled) => unknown,
): Branch {
    return {
        what: `${cloud} ${kind}: ${what}`,
        breaks: breaks === undefined ? [] : breaks.split(" and "),
        plan: () => spoil(goodPlan(cloud, kind), name, change),
    };
}

const claims = "spec.persistentVolumeClaimRetentionPolicy.whenDeleted";
const retention = (value: unknown) => (r: Spoiled) => (r.props["spec"].persistentVolumeClaimRetentionPolicy = value);
const inCluster = (
    plan: () => Plan,
    breaks: string | undefined,
    what: string,
    change: (r: Spoiled) => unknown,
): Branch => ({
    what,
    breaks: breaks === undefined ? [] : [breaks],
    plan: () => spoil(plan(), "database-server", change),
});

describe("R67 and R69: volumes", () => {
    testBranches([
        inCluster(() => production, `R67 ${claims}`, "production deletes them", retention({ whenDeleted: "Delete" })),
        inCluster(() => production, undefined, "production keeps them by default", retention(undefined)),
        inCluster(() => local, `R69 ${claims}`, "local keeps them", retention({ whenDeleted: "Retain" })),
        inCluster(() => local, `R69 ${claims}`, "local keeps them by default", retention({ whenScaled: "Delete" })),
    ]);
});

describe("R67: protect", () => {
    testBranches([
        ...["key", "registry"].map((name) =>
            of("aws", "production", name, "R67 protect", name, (r) => (r.protect = false)),
        ),
        of("digitalocean", "production", "database", undefined, "a cache holds nothing", (r) => {
            r.props["engine"] = "valkey";
            r.protect = false;
        }),
        of(
            "gcp",
            "production",
            "controller-namespace",
            undefined,
            "nor does an add-on's namespace",
            (r) => (r.protect = false),
        ),
        of(
            "gcp",
            "production",
            "controller-namespace",
            "R67 protect",
            "any other does",
            (r) => delete r.props["metadata"].labels["app.kubernetes.io/component"],
        ),
        of("aws", "production", "cluster-log", undefined, "a log group that stays needs none", (r) => {
            r.props["skipDestroy"] = true;
            r.protect = false;
        }),
        of(
            "aws",
            "production",
            "cluster-log",
            "R67 protect",
            "one that goes with the stack does",
            (r) => (r.props["skipDestroy"] = false),
        ),
        ...["staging", "ephemeral"].map((kind) =>
            of("gcp", kind as Kind, "database", undefined, "is not asked for", (r) => (r.protect = false)),
        ),
        of(
            "gcp",
            "staging",
            "database",
            undefined,
            "and allowed, where nothing is thrown away",
            (r) => (r.protect = true),
        ),
    ]);
});

describe("R69: log groups", () => {
    const stays = (value: unknown) => (r: Spoiled) => (r.props["skipDestroy"] = value);
    testBranches([
        of("aws", "ephemeral", "cluster-log", "R69 skipDestroy", "one that stays", stays(true)),
        of("aws", "ephemeral", "cluster-log", undefined, "one that goes", stays(false)),
        of("aws", "staging", "cluster-log", undefined, "staging's may stay", stays(true)),
    ]);
});

describe("R68: deletionPolicy", () => {
    const policy = (value: string) => (r: Spoiled) => (r.props["deletionPolicy"] = value);
    testBranches([
        of("gcp", "ephemeral", "static", "R68 deletionPolicy", "PREVENT", policy("PREVENT")),
        of("gcp", "ephemeral", "static", "R68 deletionPolicy", "ABANDON", policy("ABANDON")),
        of("gcp", "ephemeral", "static", undefined, "DELETE", policy("DELETE")),
        of(
            "gcp",
            "ephemeral",
            "peering",
            undefined,
            "ABANDON of a peering, which goes with its network",
            policy("ABANDON"),
        ),
        of("gcp", "ephemeral", "peering", "R68 deletionPolicy", "PREVENT of a peering", policy("PREVENT")),
        of("aws", "ephemeral", "static", undefined, "no such input of another cloud", policy("PREVENT")),
        of("gcp", "production", "static", undefined, "PREVENT where it is not thrown away", policy("PREVENT")),
        of("aws", "ephemeral", "static", "R68 retainOnDelete", "retainOnDelete", (r) => (r.retainOnDelete = true)),
    ]);
});

describe("R69: what stays of a database", () => {
    testBranches([
        of(
            "aws",
            "ephemeral",
            "database",
            "R69 skipFinalSnapshot",
            "a snapshot by default",
            (r) => delete r.props["skipFinalSnapshot"],
        ),
        of(
            "aws",
            "ephemeral",
            "database",
            "R69 deleteAutomatedBackups",
            "backups",
            (r) => (r.props["deleteAutomatedBackups"] = false),
        ),
        of(
            "aws",
            "ephemeral",
            "database",
            undefined,
            "no backups by default",
            (r) => delete r.props["deleteAutomatedBackups"],
        ),
    ]);
});

describe("R70", () => {
    const ttl = 'R70 metadata.labels["django-on-kubernetes/ttl"]';
    const label = (value: unknown) => (r: Spoiled) => (r.props["metadata"].labels["django-on-kubernetes/ttl"] = value);
    testBranches([
        ...["quota", "limits"].flatMap((name): Branch[] => [
            { what: `no ${name}`, breaks: ["R70 "], plan: () => without(goodPlan("gcp", "ephemeral"), name) },
            of(
                "gcp",
                "ephemeral",
                name,
                "R70 ",
                `${name} of another namespace`,
                (r) => (r.props["metadata"].namespace = "other"),
            ),
        ]),
        of("gcp", "ephemeral", "namespace", ttl, "no time to live", label(undefined)),
        of("gcp", "ephemeral", "namespace", ttl, "an empty one", label("")),
        of("gcp", "staging", "namespace", undefined, "staging lives for ever", label(undefined)),
    ]);
});

describe("R73", () => {
    const identifier = (value: unknown) => (r: Spoiled) => (r.props["clusterIdentifier"] = value);
    const kubeconfig = (value: unknown) => (r: Spoiled) => (r.props["kubeconfig"] = value);
    const users = (entry: string): string => `users:\n- name: admin\n  user:\n    ${entry}: abc\n`;
    testBranches([
        of("aws", "staging", "kubernetes", "R73 clusterIdentifier", "no name", identifier(undefined)),
        of("aws", "staging", "kubernetes", "R73 clusterIdentifier", "an empty one", identifier("")),
        of(
            "aws",
            "staging",
            "kubernetes",
            "R73 clusterIdentifier",
            "one that is not known yet",
            identifier(new UnknownValue()),
        ),
        ...[
            // In plain text a token is a secret besides.
            { entry: "token", plain: "R50 kubeconfig and R73 kubeconfig" },
            { entry: "client-key-data", plain: "R73 kubeconfig" },
        ].flatMap(({ entry, plain }) => [
            of("aws", "staging", "kubernetes", plain, `a ${entry}`, kubeconfig(users(entry))),
            of(
                "aws",
                "staging",
                "kubernetes",
                "R73 kubeconfig",
                `a secret ${entry}`,
                kubeconfig(new SecretValue(users(entry))),
            ),
            of("aws", "staging", "kubernetes", plain, `a ${entry} in JSON`, kubeconfig(`{\n  "${entry}": "abc"\n}`)),
        ]),
        of(
            "aws",
            "staging",
            "kubernetes",
            undefined,
            "a certificate alone",
            kubeconfig(users("client-certificate-data")),
        ),
        of("aws", "staging", "kubernetes", undefined, "one that is not known yet", kubeconfig(new UnknownValue())),
        {
            // In plain text it is a secret all the same.
            what: "a token of a cluster that is there already",
            breaks: ["R50 kubeconfig"],
            plan: () => spoil(local, "kubernetes", kubeconfig(users("token"))),
        },
    ]);
});

describe("R76", () => {
    const name = "sample-environment";
    const changing = (what: string, breaks: string | undefined, change: (r: Spoiled) => unknown): Branch => ({
        what,
        breaks: breaks === undefined ? [] : [breaks],
        plan: () => spoil(local, name, change),
    });
    const stack = "urn:pulumi:local::django-on-kubernetes::pulumi:pulumi:Stack::django-on-kubernetes-local";
    testBranches([
        changing("no parent", "R76 parent", (r) => delete r.parent),
        changing("a parent that is not there", "R76 parent", (r) => (r.parent = "urn:pulumi:local::p::t::gone")),
        {
            what: "the stack as parent",
            breaks: ["R76 parent"],
            plan: () => {
                const under = spoil(local, name, (r) => (r.parent = stack));
                const root = {
                    ...under.resources[0]!,
                    urn: stack,
                    type: "pulumi:pulumi:Stack",
                    name: "stack",
                    props: {},
                };
                return { ...under, resources: [root, ...under.resources.filter(({ urn }) => urn !== stack)] };
            },
        },
        changing("no provider", "R76 provider", (r) => delete r.provider),
        changing(
            "the default provider",
            "R76 provider",
            (r) => (r.provider = r.provider!.replace(/::[^:]+::[^:]+$/, "::default_4_23_0::id")),
        ),
        {
            what: "what is the engine's own",
            breaks: [],
            plan: () => {
                const type = "pulumi:pulumi:StackReference";
                const plan = withExtra(local, name, { type, name: "lender", props: {} });
                return spoil(plan, "lender", (r) => {
                    delete r.parent;
                    delete r.provider;
                });
            },
        },
    ]);
});
