// Rules about what stands before the web pods, on each way in: what breaks them, and what only seems to.
// Does not prove: how long a load balancer really keeps a connection, or that a controller says when it is done.
import { beforeAll, describe, expect, it } from "vitest";
import type { Plan } from "../../commands/plan/plan.ts";
import { planTable } from "../../commands/plan/table.ts";
import { topologyOf } from "../../commands/plan/topology.ts";
import { checkPlan } from "../../policy/index.ts";
import { broken, changed, exampleOf, planOf, type Secrets, type Sections } from "./support/plans.ts";
import { spoil, type Spoiled } from "./support/spoil.ts";

const found = (plan: Plan) => checkPlan(plan).map(({ rule, path, level }) => `${rule} ${path} ${level}`);
const web = { name: "shop-web", kind: "Deployment" };
const container = (r: Spoiled) => r.props["spec"].template.spec.containers[0];
const command = "spec.template.spec.containers[0].command";

let aws: Plan;
let gcp: Plan;
let digitalocean: Plan;
const plan = async (sections: Sections, secrets?: Secrets) =>
    planOf(sections, { stack: "production", ...(secrets && { secrets }) });
const exposed = async (cloud: string, exposure: object): Promise<Plan> => {
    const sections = await exampleOf(cloud);
    sections["exposure"] = { ...sections["exposure"], ...exposure };
    if (cloud === "digitalocean") {
        // Let's Encrypt does not come through a door that is closed.
        sections["platform"].certificates.challenge = "dns-01";
    }
    return plan(sections, cloud === "digitalocean" ? { digitaloceanDnsToken: "dop_v1_token" } : undefined);
};

beforeAll(async () => {
    aws = await plan(await exampleOf("aws"));
    gcp = await plan(await exampleOf("gcp"));
    digitalocean = await plan(await exampleOf("digitalocean"));
});

describe("R77", () => {
    const serving = (of: Plan, words: readonly string[]) =>
        found(spoil(of, web, (r) => (container(r).command = words)));

    it("knows how long each way in keeps a connection", () => {
        const kept = (seconds: number) => ["gunicorn", "shop.wsgi", "--bind=0.0.0.0:8000", `--keep-alive=${seconds}`];
        const broken = [`R77 ${command} mandatory`];
        expect([serving(gcp, kept(600)), serving(gcp, kept(601))].map((all) => all.filter(isOf("R77")))).toEqual([
            broken,
            [],
        ]);
        expect([serving(aws, kept(60)), serving(aws, kept(61))].map((all) => all.filter(isOf("R77")))).toEqual([
            broken,
            [],
        ]);
        expect(
            [serving(digitalocean, kept(60)), serving(digitalocean, kept(61))].map((all) => all.filter(isOf("R77"))),
        ).toEqual([broken, []]);
    });

    it("reads what the load balancer on AWS was told", async () => {
        const longer = await exposed("aws", { requestTimeout: 300 });
        expect(broken(longer)).toEqual([]);
        const kept = (r: Spoiled) =>
            (container(r).command = ["uvicorn", "shop.asgi:application", "--timeout-keep-alive", "300"]);
        expect(found(spoil(longer, web, kept)).filter(isOf("R77"))).toEqual([`R77 ${command} mandatory`]);
    });

    it.each([
        [
            "gunicorn without a word of it, for a file in the image may have one",
            ["gunicorn", "shop.wsgi"],
            ["advisory"],
        ],
        ["uvicorn, which keeps them for five seconds", ["uvicorn", "shop.asgi:application"], ["advisory"]],
        ["daphne, which has no option", ["daphne", "shop.asgi:application"], ["advisory"]],
        ["a server that only the image knows", ["/run"], []],
        ["a number that only the running pod knows", ["gunicorn", "shop.wsgi", "--keep-alive=$KEEP"], []],
    ])("tells of %s", (_, words, levels) => {
        expect(serving(gcp, words).filter(isOf("R77"))).toEqual(levels.map((level) => `R77 ${command} ${level}`));
    });
});

const isOf = (rule: string) => (line: string) => line.startsWith(`${rule} `);

describe("R82", () => {
    it.each(["aws", "gcp", "digitalocean"] as const)("finds a Gateway of %s that nobody waits for", (cloud) => {
        const of = { aws, gcp, digitalocean }[cloud];
        const hasty = spoil(of, "edge-gateway", (r) => delete r.props["metadata"].annotations["pulumi.com/waitFor"]);
        expect(found(hasty).filter(isOf("R82"))).toHaveLength(1);
    });

    it("asks for none where somebody said that the controller never counts it as programmed", async () => {
        const sections = await changed("production", (all) => {
            all["platform"].gateway.untilProgrammed = false;
            delete all["platform"].issuer;
            all["exposure"] = { variant: "gateway", allowPlainHttp: true };
            all["database"].maxConnections = 300;
        });
        const unwaited = await plan(sections);
        expect(found(unwaited).filter(isOf("R82"))).toEqual([]);
        const skip = "pulumi.com/skipAwait";
        const hasty = spoil(unwaited, "edge-gateway", (r) =>
            Reflect.deleteProperty(r.props["metadata"].annotations as object, skip),
        );
        expect(found(hasty).filter(isOf("R82"))).toHaveLength(1);
    });

    it("asks for none where the certificate comes through the Gateway's own routes, or by hand", async () => {
        const sections = await changed("production", (all) => {
            all["exposure"] = { variant: "gateway", certificate: { variant: "secret", name: "wildcard" } };
            all["database"].maxConnections = 300;
        });
        expect(found(await plan(sections)).filter(isOf("R82"))).toEqual([]);
    });
});

describe("guards", () => {
    const sourceRanges = ["203.0.113.0/24", "198.51.100.0/24"];
    const edgeRow = (of: Plan): string => planTable(topologyOf(of)).replaceAll(/\s+/g, " ");

    it.each(["aws", "gcp", "digitalocean"])("let in whom they are told to, on %s", async (cloud) => {
        const closed = await exposed(cloud, { sourceRanges });
        expect(broken(closed)).toEqual([]);
        expect(JSON.stringify(closed.resources.map(({ props }) => props))).toContain("203.0.113.0/24");
        expect(edgeRow(closed)).toContain("from 203.0.113.0/24 and 198.51.100.0/24");
    });

    it("are shown by the plan", () => {
        expect(edgeRow(aws)).toContain("firewall AWS WAF that counts, access logs 30 days");
        expect(edgeRow(gcp)).toContain("firewall Cloud Armor that counts, access logs 30 days");
    });

    it("R122 finds an app of Google Cloud that names no policy", () => {
        const past = spoil(gcp, "edge-backend", (r) => {
            delete r.props["spec"].default.securityPolicy;
            r.dependencies = r.dependencies.filter((urn) => !urn.endsWith("::edge-armor"));
        });
        expect(found(past)).toEqual(["R122 spec.default.securityPolicy mandatory"]);
    });

    it.each([
        ["aws", "edge-configuration", "edge-firewall-acl"],
        ["gcp", "edge-gateway", "edge-armor"],
    ] as const)("R72: on %s the firewall goes after what it stands before", (cloud, name, firewall) => {
        const of = { aws, gcp }[cloud];
        expect(of.resources.find((resource) => resource.name === name)!.dependencies.join()).toContain(firewall);
    });
});

describe("R121", () => {
    it("finds an app whose hosts were said before its address", () => {
        const reversed = spoil(aws, web, (r) => container(r).env.reverse());
        expect(found(reversed)).toEqual(["R121 spec.template.spec.containers[0].env mandatory"]);
    });

    it("is of load balancers that ask by address: Google's are told a name", () => {
        expect(
            JSON.stringify(
                gcp.resources.find(({ name, type }) => name === web.name && type.endsWith("Deployment"))!.props,
            ),
        ).not.toContain("POD_IP");
    });
});
