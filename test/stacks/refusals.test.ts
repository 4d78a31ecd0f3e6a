// What the parts of a stack cannot agree on is refused before anything is made, with the setting and the fix.
// Does not prove the messages of single settings: test/unit/settings does.
import { describe, expect, it } from "vitest";
import { broken } from "../plan/support/plans.ts";
import { awsStores, clouds, onAws, onDigitalOcean, onGcp } from "./support/clouds.ts";
import { inCluster, refusal, shop, stackOf, type Change, type Sections } from "./support/stack.ts";

const blog = { ...shop, name: "blog", hosts: ["blog.example.org"] };
const pool = { size: 10 };
const network = {
    vpc: "4de7ac8b-495b-4884-9a69-1050c6793cd6",
    range: "10.220.0.0/20",
    clusters: ["4de7ac8b-495b-4884-9a69-1050c6793cd7"],
};
const postgresql = (server: object) => ({
    variant: "digitalocean",
    server: { variant: "create", version: "17", size: "db-s-2vcpu-4gb", network, ...server },
});
const digests: readonly Change[] = [["apps[0].image", `${shop.image}@sha256:${"0".repeat(64)}`]];

const onStack: readonly Change[] = [
    ["environment.kind", "ephemeral"],
    ["platform", { variant: "stack", stack: "lender" }],
    ["exposure", { variant: "platform" }],
];

describe("refused", () => {
    it.each<[what: string, sections: Sections, path: string, fix: string]>([
        [
            "a way in without a controller",
            onAws(["platform.gateway", { variant: "none" }]),
            "exposure.variant",
            "exposure.variant",
        ],
        ["a borrowed way in where none is lent", inCluster(...onStack), "exposure.variant", "lends.domain"],
        [
            "a pool in front of a server that lends databases",
            inCluster(["clouds", clouds], ["database", postgresql({ pool })], ["lends.database", true]),
            "database.server.pool",
            "pulumi config rm --path 'database.server.pool'",
        ],
        [
            "a pool in front of a server that several apps share",
            inCluster(
                ["clouds", clouds],
                ["database", postgresql({ pool })],
                ["environment.mainApp", "shop"],
                ["apps[1]", blog],
            ),
            "database.server.pool",
            "apps[].stores.database",
        ],
        [
            "a size without a standby in production",
            inCluster(
                ["clouds", clouds],
                ["environment.kind", "production"],
                ...digests,
                ["exposure", { variant: "none" }],
                ["database", postgresql({ size: "db-s-1vcpu-1gb" })],
            ),
            "database.server.size",
            "db-s-1vcpu-2gb",
        ],
        [
            "a server of DigitalOcean in no network",
            inCluster(["clouds", clouds], ["database", postgresql({ network: undefined })]),
            "database.server.network",
            "database.server.network",
        ],
        ["a cache of AWS in no network", inCluster(["clouds", clouds], awsStores[1]!), "cache.server.network", "vpcId"],
        [
            "a store in a cloud that is not set",
            inCluster(["database", postgresql({})]),
            "clouds.digitalocean",
            "clouds.digitalocean.region",
        ],
    ])("%s", async (_, sections, path, fix) => {
        const problems = await refusal(sections, { platform: inCluster() });
        expect(problems.map((problem) => problem.path)).toEqual([path]);
        expect(problems[0]!.fix).toContain(fix);
    });

    it.each(["shop.example.org", "a.pr-1.preview.example.org", "preview.example.org", "xpreview.example.org"])(
        "the host %s, which is not directly below the lent domain",
        async (host) => {
            const problems = await refusal(
                inCluster(...onStack, ["apps[0].hosts", ["pr-1.preview.example.org", host]]),
                {
                    platform: inCluster(["lends.domain", "preview.example.org"]),
                },
            );
            expect(problems).toMatchObject([
                {
                    path: "apps[0].hosts[1]",
                    found: JSON.stringify(host),
                    fix: "pulumi config set --path 'apps[0].hosts[1]' NAME.preview.example.org",
                },
            ]);
        },
    );
});

describe("every resource has a provider of this program's, and a component that it is part of (R76)", () => {
    it.each<[where: string, sections: Sections, secrets: { readonly digitaloceanDnsToken?: string }]>([
        ["a cluster that is there", inCluster(), {}],
        ["AWS", onAws(...awsStores), {}],
        [
            "Google Cloud",
            onGcp([
                "database",
                {
                    variant: "cloud-sql",
                    server: { variant: "create", version: "17", tier: "db-custom-1-3840", storage: "10Gi" },
                },
            ]),
            {},
        ],
        ["DigitalOcean", onDigitalOcean(["assets", { variant: "spaces" }]), { digitaloceanDnsToken: "token" }],
    ])("in %s", async (_, sections, secrets) => {
        const stack = await stackOf(sections, { secrets: { ...secrets } });
        expect(broken(stack).filter((violation) => violation.startsWith("R76"))).toEqual([]);
        expect(stack.resources.length).toBeGreaterThan(20);
    });
});
