// Every rule about clouds finds what breaks it, on each cloud that it is about. Most plans are written by hand, so that a rule is
// tested on what the provider's typings say and not on what this project's components happen to write; then the example stacks are
// spoiled. Does not prove: that all stacks keep the rules (matrix.test.ts does), nor what a cloud really takes as default.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { checkPlan, rules, type PolicyResource } from "../../policy/index.ts";
import { needsIn } from "../../policy/order.ts";
import { viewOf } from "../../policy/plan-view.ts";
import { TeardownGraph } from "../../policy/teardown.ts";
import { UnknownValue, type Plan } from "../../commands/plan/plan.ts";
import { projectRoot } from "../../commands/support/paths.ts";
import { cloudExamples, goodPlan, onAutoMode, withoutNat, stackExamples } from "./support/cloud-examples.ts";
import { testedClouds, type TestedCloud } from "./support/cloud-plans.ts";
import { broken, planOf, project, type Sections } from "./support/plans.ts";
import { spoil, without, withExtra } from "./support/spoil.ts";

/** Of a ConfigMap, all but the variables that name a host. */
function withoutHosts(resource: PolicyResource): PolicyResource {
    const { data } = resource.props as { readonly data?: Readonly<Record<string, unknown>> };
    return resource.type === "kubernetes:core/v1:ConfigMap" && data !== undefined
        ? {
              ...resource,
              props: {
                  ...resource.props,
                  data: Object.fromEntries(Object.entries(data).filter(([key]) => !key.endsWith("_HOST"))),
              },
          }
        : resource;
}

const kinds = ["production", "staging", "ephemeral"] as const;
const ids = (plan: Plan): string[] => [...new Set(checkPlan(plan).map(({ rule }) => rule))];

describe("the good plans", () => {
    for (const cloud of testedClouds) {
        for (const kind of kinds) {
            it(`${cloud} ${kind} keeps every rule`, () => {
                expect(broken(goodPlan(cloud, kind))).toEqual([]);
                expect(checkPlan(goodPlan(cloud, kind))).toEqual([]);
            });
        }
    }
});

describe("rules about clouds", () => {
    for (const [id, examples] of Object.entries(cloudExamples)) {
        for (const { what, bad, name, path } of examples) {
            it(`${id} finds ${what}`, () => {
                const violations = checkPlan(bad());
                const own = violations.filter(({ rule }) => rule === id);
                // Who forgets one resource may forget what others of its kind need as well, but no other rule has anything to say.
                expect([...new Set(violations.map(({ rule }) => rule))]).toEqual([id]);
                const named = own.find((violation) => violation.name === name && violation.path.includes(path));
                expect(named, `${name} ${path} is not named in ${JSON.stringify(violations)}`).toBeDefined();
                for (const { found, allowed, fix } of own) {
                    expect(found).not.toBe("");
                    expect(allowed).not.toBe("");
                    expect(fix).not.toBe("");
                }
            });
        }
    }

    it("name the default that is taken when an input is left out", () => {
        const [violation] = checkPlan(
            spoil(goodPlan("gcp"), "database", (r) => delete r.props["settings"].ipConfiguration.ipv4Enabled),
        );
        expect(violation?.found).toBe("nothing, which means true");
    });

    it("say nothing of what is not known yet", () => {
        for (const cloud of testedClouds) {
            let plan = goodPlan(cloud);
            for (const name of ["database", "cluster", "static", "media"]) {
                plan = spoil(plan, name, (r) => {
                    r.props = Object.fromEntries(Object.keys(r.props).map((key) => [key, new UnknownValue()]));
                });
            }
            const found = checkPlan(plan).map(({ rule, path }) => `${rule} ${path}`);
            expect(found, cloud).toEqual([]);
        }
    });

    it("ask less of an environment that is not production", () => {
        expect(ids(spoil(goodPlan("aws", "staging"), "database", (r) => delete r.props["multiAz"]))).toEqual([]);
        expect(
            ids(spoil(goodPlan("gcp", "staging"), "database", (r) => delete r.props["settings"].finalBackupConfig)),
        ).toEqual([]);
        expect(
            ids(spoil(goodPlan("aws", "staging"), "database", (r) => delete r.props["backupRetentionPeriod"])),
        ).toEqual(["R59"]);
        expect(
            ids(spoil(goodPlan("aws", "ephemeral"), "database", (r) => delete r.props["backupRetentionPeriod"])),
        ).toEqual([]);
    });

    it("R49 is advice where it is not production", () => {
        const plan = spoil(goodPlan("gcp", "staging"), "cluster", (r) => delete r.props["datapathProvider"]);
        expect(checkPlan(plan).map(({ rule, level }) => `${rule} ${level}`)).toEqual(["R49 advisory"]);
        expect(broken(plan)).toEqual([]);
    });

    it("R49 knows Autopilot, Calico and Auto Mode", () => {
        const autopilot = spoil(goodPlan("gcp"), "cluster", (r) => {
            delete r.props["datapathProvider"];
            delete r.props["workloadIdentityConfig"];
            r.props["enableAutopilot"] = true;
        });
        expect(ids(autopilot)).toEqual([]);
        const calico = spoil(goodPlan("gcp"), "cluster", (r) => {
            delete r.props["datapathProvider"];
            r.props["networkPolicy"] = { enabled: true };
        });
        expect(ids(calico)).toEqual([]);
        const autoMode = spoil(goodPlan("aws"), "cluster", (r) => {
            r.props["computeConfig"] = { enabled: true, nodePools: ["general-purpose"] };
        });
        const model = autoMode.resources.find(({ name }) => name === "deny-all")!;
        const map = {
            ...model,
            urn: model.urn.replace(/\$[^$]*$/, "$kubernetes:core/v1:ConfigMap::vpc-cni"),
            type: "kubernetes:core/v1:ConfigMap",
            name: "vpc-cni",
            props: {
                metadata: { name: "amazon-vpc-cni", namespace: "kube-system" },
                data: { "enable-network-policy-controller": "true" },
            },
        };
        expect(ids({ ...autoMode, resources: [...autoMode.resources, map] })).toEqual([]);
    });

    it("R113 takes pools of one's own, and R72 wants them to be there as long as what runs on them", () => {
        expect(ids(onAutoMode())).toEqual([]);
        const preferring = spoil(onAutoMode(), "own-pool", (r) => {
            r.props["spec"].template.spec.taints = [{ key: "batch", effect: "PreferNoSchedule" }];
        });
        expect(ids(preferring)).toEqual([]);
        const unbound = spoil(onAutoMode(), "controller", (r) => {
            r.dependencies = r.dependencies.filter((urn) => !/::(own-pool|controller-namespace)$/.test(urn));
        });
        expect(ids(unbound)).toEqual(["R72"]);
    });

    it("R114 takes endpoints in place of a NAT gateway, each of them", () => {
        const services = ["ec2", "ecr.api", "ecr.dkr", "eks", "eks-auth", "sts"];
        const closed = (made: readonly string[]): Plan => {
            const plan = made.reduce<Plan>(
                (before, service) =>
                    withExtra(before, "subnet", {
                        type: "aws:ec2/vpcEndpoint:VpcEndpoint",
                        name: `endpoint-${service}`,
                        props: { serviceName: `com.amazonaws.eu-central-1.${service}` },
                    }),
                spoil(goodPlan("aws"), "nat", withoutNat),
            );
            const endpoints = plan.resources.filter(({ name }) => name.startsWith("endpoint-"));
            return spoil(plan, "cluster", (r) => {
                r.dependencies = [...r.dependencies, ...endpoints.map(({ urn }) => urn)];
            });
        };
        expect(ids(closed(services))).toEqual([]);
        for (const service of services) {
            expect(ids(closed(services.filter((one) => one !== service)))).toEqual(["R114"]);
        }
    });

    it("R54 takes a private endpoint, and one without any address", () => {
        const endpoints = [
            (r: Record<string, any>) => (r["privateClusterConfig"].enablePrivateEndpoint = true), // eslint-disable-line @typescript-eslint/no-explicit-any
            (r: Record<string, any>) => (r["controlPlaneEndpointsConfig"].ipEndpointsConfig.enabled = false), // eslint-disable-line @typescript-eslint/no-explicit-any
        ];
        for (const change of endpoints) {
            const plan = spoil(goodPlan("gcp"), "cluster", (r) => {
                r.props["masterAuthorizedNetworksConfig"] = { cidrBlocks: [] };
                change(r.props);
            });
            expect(ids(plan)).toEqual([]);
        }
        expect(
            ids(spoil(goodPlan("aws"), "cluster", (r) => (r.props["vpcConfig"] = { endpointPublicAccess: false }))),
        ).toEqual([]);
    });

    it("R62: before PostgreSQL 15 RDS does not enforce TLS by itself", () => {
        const bare = without(goodPlan("aws"), "parameters");
        expect(ids(bare)).toEqual([]);
        expect(ids(spoil(bare, "database", (r) => (r.props["engineVersion"] = "14.19")))).toEqual(["R62"]);
    });

    it("R71 counts what Pulumi puts behind a name that it gives", () => {
        const long = "x".repeat(33);
        const plan = spoil(goodPlan("gcp"), "cluster", (r) => {
            delete r.props["name"];
            r.name = long;
        });
        expect(ids(plan)).toEqual(["R71"]);
    });
});

describe("levels", () => {
    const plan = () => spoil(goodPlan("aws"), "database", (r) => delete r.props["multiAz"]);

    it("are the rules' own", () => {
        expect(checkPlan(plan()).map(({ level }) => level)).toEqual(["mandatory"]);
    });

    it("can be lowered, and switched off, rule by rule", () => {
        expect(checkPlan(plan(), { R58: "advisory" }).map(({ level }) => level)).toEqual(["advisory"]);
        expect(checkPlan(plan(), { R58: "off" })).toEqual([]);
        expect(checkPlan(plan(), { R59: "off" })).toHaveLength(1);
    });
});

describe("a destroy", () => {
    const stepOf = (plan: Plan): Map<string, number> =>
        new Map(
            new TeardownGraph(plan).levels().flatMap((level, step) => level.map(({ name }) => [name, step] as const)),
        );

    for (const cloud of testedClouds) {
        it(`${cloud}: way in, namespaces, controllers, nodes, cluster, network`, () => {
            const steps = stepOf(goodPlan(cloud));
            const order = [
                "gateway",
                "namespace",
                "controller",
                "nodes",
                "cluster",
                cloud === "gcp" ? "network" : "vpc",
            ];
            const at = order.map((name) => steps.get(name)!);
            expect(at).toEqual(at.toSorted((a, b) => a - b));
            expect(new Set(at).size).toBe(at.length);
        });

        it(`${cloud}: every resource goes in exactly one step, and none before what depends on it`, () => {
            const plan = goodPlan(cloud);
            const levels = new TeardownGraph(plan).levels();
            expect(levels.flat()).toHaveLength(plan.resources.length);
            const step = new Map(levels.flatMap((level, index) => level.map(({ urn }) => [urn, index] as const)));
            for (const { urn, dependencies, provider, parent } of plan.resources as readonly PolicyResource[]) {
                const providerUrn = provider?.split("::").slice(0, 4).join("::");
                for (const later of [...dependencies, providerUrn, parent].filter((one) => one !== undefined)) {
                    expect(step.get(later), `${later} after ${urn}`).toBeGreaterThan(step.get(urn)!);
                }
            }
        });
    }

    it("gcp: the peering goes after the stores that have their address from it, and before the network", () => {
        const steps = stepOf(goodPlan("gcp"));
        expect(steps.get("peering")).toBeGreaterThan(steps.get("database")!);
        expect(steps.get("network")).toBeGreaterThan(steps.get("peering")!);
    });

    it("needs nothing that only happens to be deleted later", () => {
        // Without the edge the peering may still come later, by the number of steps; that is luck, and not accepted.
        const plan = spoil(
            goodPlan("gcp"),
            "database",
            (r) => (r.dependencies = r.dependencies.filter((urn) => !urn.endsWith("::peering"))),
        );
        const violated = new TeardownGraph(plan).violated(needsIn(viewOf(plan)));
        expect(violated.map(({ sooner, later }) => `${sooner.name} -> ${later.name}`)).toEqual(["database -> peering"]);
    });

    it("waits for all that is in a component that something depends on", () => {
        const base = { type: "t:m:T", props: {}, protect: false };
        const resources: PolicyResource[] = [
            { ...base, urn: "component", name: "component", dependencies: [] },
            { ...base, urn: "inside", name: "inside", parent: "component", dependencies: [] },
            { ...base, urn: "user", name: "user", dependencies: ["component"] },
        ];
        const graph = new TeardownGraph({ resources });
        expect(graph.isDeletedBefore(resources[2]!, resources[1]!)).toBe(true);
        expect(graph.levels().map((level) => level.map(({ name }) => name))).toEqual([
            ["user"],
            ["inside"],
            ["component"],
        ]);
    });
});

describe("the example stacks", () => {
    const planned = new Map<TestedCloud, Plan>();

    async function sectionsFor(cloud: TestedCloud): Promise<Sections> {
        const text = await readFile(join(projectRoot, "examples/stacks", cloud, "Pulumi.production.yaml"), "utf8");
        const { config } = parse(text) as { config: Sections };
        return Object.fromEntries(Object.entries(config).map(([key, value]) => [key.slice(project.length + 1), value]));
    }

    async function production(cloud: TestedCloud): Promise<Plan> {
        const plan = planned.get(cloud) ?? (await planOf(await sectionsFor(cloud), { stack: "production" }));
        planned.set(cloud, plan);
        return plan;
    }

    for (const { cloud, type, rule, change, of = () => true } of stackExamples) {
        it(`${rule} finds what is spoiled in ${type} of ${cloud}`, async () => {
            const plan = await production(cloud);
            const { name } = plan.resources.find((resource) => resource.type === `${cloud}:${type}` && of(resource))!;
            const before = new Set(ids(plan));
            expect(before).not.toContain(rule);
            expect(
                ids(spoil(plan, { name, kind: type.split(":")[1]! }, change)).filter((id) => !before.has(id)),
            ).toEqual([rule]);
        });
    }

    for (const cloud of testedClouds) {
        it(`R62 finds pods of ${cloud} that do not look whose certificate the database shows`, async () => {
            const plan = await production(cloud);
            const isMode = (key: string): boolean => key.endsWith("DB_SSLMODE");
            const { name } = plan.resources.find(
                ({ type, props }) =>
                    type === "kubernetes:core/v1:ConfigMap" && Object.keys(props["data"] ?? {}).some(isMode),
            )!;
            const careless = spoil(plan, { name, kind: "ConfigMap" }, (r) => {
                r.props["data"] = Object.fromEntries(
                    Object.entries(r.props["data"]).map(([key, value]) => [key, isMode(key) ? "require" : value]),
                );
            });
            expect(ids(careless)).toEqual(["R62"]);
        });

        it(`R26 finds a migration of ${cloud} that does not wait for its managed database`, async () => {
            const hastily = spoil(
                await production(cloud),
                { name: "shop-migrate", kind: "Job" },
                (r) => (r.dependencies = []),
            );
            const found = checkPlan(hastily)
                .filter(({ rule }) => rule === "R26")
                .map((violation) => violation.found);
            expect(found).toContain("it does not wait for database-service");
        });

        it(`R72: on ${cloud} what pods are told of stores in URLs and lists is a need too, without any variable for a host`, async () => {
            const plan = await production(cloud);
            const hostless = { ...plan, resources: plan.resources.map(withoutHosts) };
            const needs = [...needsIn(viewOf(hostless))].filter(({ later }) => /-service$/.test(later.name));
            const users = (store: string): string[] =>
                needs.filter(({ later }) => later.name === store).map(({ sooner }) => sooner.name);
            expect(users("database-service")).toEqual(expect.arrayContaining(["shop-web", "shop-migrate"]));
            expect(users("cache-service")).toEqual(expect.arrayContaining(["shop-web", "shop-migrate"]));
        });

        it(`${cloud}: without any of its dependencies, a destroy goes wrong for nearly everything on the cluster`, async () => {
            const plan = await production(cloud);
            const careless = {
                ...plan,
                resources: plan.resources.map((resource) => ({ ...resource, dependencies: [] })),
            };
            const hurt = new TeardownGraph(careless)
                .violated(needsIn(viewOf(careless)))
                .map(({ sooner }) => sooner.name);
            expect(new Set(hurt).size).toBeGreaterThan(3);
            expect(
                new TeardownGraph(plan)
                    .violated(needsIn(viewOf(plan)))
                    .map(({ sooner, later }) => `${sooner.name} -> ${later.name}`),
            ).toEqual([]);
        });
    }
});

describe("counter-examples", () => {
    it("are of rules that exist", () => {
        const known = new Set(rules.map(({ id }) => id));
        expect(Object.keys(cloudExamples).filter((id) => !known.has(id))).toEqual([]);
    });
});
