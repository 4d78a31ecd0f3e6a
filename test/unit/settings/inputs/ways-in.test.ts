// Ways in without a proxy, certificates that are there, and uploads: what is refused and what is told.
// Does not prove: that a load balancer is made, or that a controller takes a certificate.
import { describe, expect, test } from "vitest";
import { certificateFor } from "../../../support/certificate.ts";
import { quiet, refused, told } from "../../../support/findings.ts";
import { adviceAfter, problemsAfter, type Change } from "../../../support/settings.ts";

const everybody = ["0.0.0.0/0"];
const balanced = (more: object = {}): Change => [
    "exposure",
    { variant: "load-balancer", sourceRanges: everybody, ...more },
];
const ported = (ports: object, more: object = {}): Change => [
    "exposure",
    { variant: "node-port", ports, sourceRanges: everybody, ...more },
];
const blog = {
    contract: "django",
    name: "blog",
    module: "blog",
    image: "registry.example.org/blog:4f2a91c",
    hosts: ["blog.example.org"],
};
const twoApps: Change[] = [
    ["apps[1]", blog],
    ["environment.mainApp", "shop"],
];
const gcp: Change = [
    "platform",
    {
        variant: "gcp",
        cluster: { variant: "create", apiAccess: { cidrs: ["203.0.113.0/24"] }, nodes: { variant: "autopilot" } },
    },
];
const aws: Change = [
    "platform",
    {
        variant: "aws",
        cluster: { variant: "create", version: "1.36", admins: ["arn:aws:iam::123456789012:role/deploy"] },
        dns: { variant: "create", domain: "shop.example.org" },
    },
];
const production: Change[] = [
    ["environment.kind", "production"],
    ["platform.enforcesNetworkPolicy", true],
];

const named = (first: string, second: string): Change[] => [
    ["apps[0].name", first],
    ["environment.namespace", "shop-staging"],
    ["environment.mainApp", first],
    ["apps[1]", { ...blog, name: second }],
];

describe("Services of one name", () => {
    test("are refused", () => {
        expect(problemsAfter(...named("edge", "web"), balanced({ ports: { web: 8080 } }))).toMatchObject([
            { path: "apps[1].name", found: '"web", beside an app named edge' },
        ]);
    });

    test.each([
        ["behind a Gateway, which has routes", named("edge", "web")],
        ["of the main app, whose own is plain edge", [...named("web", "edge"), balanced({ ports: { edge: 8080 } })]],
        ["without the other", [...named("shop", "web"), balanced({ ports: { web: 8080 } })]],
    ])("are none %s", (_, changes) => {
        expect(problemsAfter(...changes)).toEqual([]);
    });
});

refused("ways in where they are not offered", [
    [
        "a load balancer of one's own on Google Cloud",
        [gcp, balanced()],
        [
            {
                path: "exposure.variant",
                found: '"load-balancer"',
                allowed:
                    "gateway or none on this platform: there it makes a load balancer too, and one that ends TLS and knows host names",
                fix: "pulumi config set --path 'exposure.variant' gateway",
            },
        ],
    ],
    [
        "a node port on another stack's cluster",
        [
            ["platform", { variant: "stack", stack: "production" }],
            ["environment.name", "pr-1"],
            ported({ shop: 30080 }),
        ],
        [
            {
                path: "exposure.variant",
                found: '"node-port"',
                allowed:
                    "platform or none on this platform: on the cluster of another stack, that stack's Gateway is the way in",
                fix: "pulumi config set --path 'exposure.variant' platform",
            },
        ],
    ],
]);

const straight = (variant: string, where: string) => ({
    path: "exposure.allowPlainHttp",
    found: `false, and nothing on the way to the pods ends TLS (${variant})`,
    allowed: `${where}true, said by who has something in front that ends TLS; or a Gateway, which does`,
    fix: "pulumi config set --path 'exposure.allowPlainHttp' true, or pulumi config set --path 'exposure.variant' gateway",
});

refused(
    "production without TLS",
    [
        ["a load balancer", [balanced()], [straight("load-balancer", "in production ")]],
        ["node ports", [ported({ shop: 30080 })], [straight("node-port", "in production ")]],
    ],
    production,
);

told(
    "TLS in front, where somebody says so",
    [
        ["a load balancer", [balanced({ allowPlainHttp: true })], []],
        ["node ports", [ported({ shop: 30080 }, { allowPlainHttp: true })], []],
    ],
    quiet,
);

test("elsewhere it is told", () => {
    expect(adviceAfter(...quiet, balanced())).toEqual([
        {
            ...straight("load-balancer", ""),
            allowed:
                "true, said by who has something in front that ends TLS; or a Gateway, which does: else all is plain HTTP, which production refuses",
        },
    ]);
});

const portRange = "a port from 30000 to 32767 for every app: the address is told before there is a cluster";

refused("ports", [
    [
        "of an app that has none",
        [...twoApps, ported({ shop: 30080 })],
        [
            {
                path: "exposure.ports.blog",
                found: "nothing",
                allowed: portRange,
                fix: "pulumi config set --path 'exposure.ports.blog' 30081",
            },
        ],
    ],
    [
        "of no app",
        [ported({ shop: 30080, shup: 30081 })],
        [
            {
                path: "exposure.ports.shup",
                found: "the port of no app",
                allowed: "names of apps: shop",
                fix: "pulumi config rm --path 'exposure.ports.shup'",
            },
        ],
    ],
    [
        "of two apps",
        [...twoApps, ported({ shop: 30080, blog: 30080 })],
        [
            {
                path: "exposure.ports.blog",
                found: "30080, which is shop's",
                allowed: "another port for each app",
                fix: "pulumi config set --path 'exposure.ports.blog' PORT",
            },
        ],
    ],
    [
        "that no node opens",
        [ported({ shop: 8080 })],
        [
            {
                path: "exposure.ports.shop",
                found: "8080",
                allowed: "30000 to 32767",
                fix: "pulumi config set --path 'exposure.ports.shop' 30000",
            },
        ],
    ],
]);

test("load balancers of two apps may have one port: each has an address of its own", () => {
    expect(problemsAfter(...twoApps, balanced({ ports: { shop: 80, blog: 80 } }))).toEqual([]);
});

test("nobody is let in whom nobody named", () => {
    expect(problemsAfter(["exposure", { variant: "load-balancer" }])).toMatchObject([
        { path: "exposure.sourceRanges", found: "nothing" },
    ]);
    expect(problemsAfter(balanced({ sourceRanges: [] }))).toMatchObject([{ path: "exposure.sourceRanges" }]);
});

test("a range that begins in its middle", () => {
    expect(problemsAfter(balanced({ sourceRanges: ["198.51.100.7/24"] }))).toMatchObject([
        { path: "exposure.sourceRanges[0]", found: expect.stringContaining("198.51.100.7/24") as string },
    ]);
    expect(problemsAfter(balanced({ from: { cidrs: ["10.0.0.1/8"] } }))).toMatchObject([
        { path: "exposure.from.cidrs[0]" },
    ]);
});

describe("a certificate that is there", () => {
    const inSecret: Change = ["exposure.certificate", { variant: "secret", name: "shop-tls" }];
    const given: Change = ["exposure.certificate", { variant: "given" }];
    const secret = (certificate: object): Change => ["secrets.certificate", certificate];
    const good = certificateFor(["shop.example.org", "*.preview.example.org"]);

    test("takes an issuer's place, in production too", () => {
        expect(problemsAfter(...production, inSecret)).toEqual([]);
        expect(problemsAfter(...production, given, secret(good))).toEqual([]);
    });

    test.each([
        ["Google Cloud", gcp, "nothing: Google's load balancer has its certificates from Certificate Manager"],
        ["AWS", aws, "nothing: AWS's load balancer has its certificates from ACM; one that is there is named in"],
    ] as const)("has no place on %s", (_, platform, why) => {
        expect(problemsAfter(platform, inSecret)).toEqual([
            {
                path: "exposure.certificate",
                found: "a certificate",
                allowed: expect.stringContaining(why) as string,
                fix: "pulumi config rm --path 'exposure.certificate'",
            },
        ]);
    });

    const [chain, key] = ["secrets.certificate.chain", "secrets.certificate.key"].map(
        (path) => `pulumi config set --secret --path '${path}'`,
    ) as [string, string];

    test("that is missing, and one that nothing uses", () => {
        expect(problemsAfter(given)).toEqual([
            {
                path: "secrets.certificate",
                found: "nothing",
                allowed: "a certificate and its key, because exposure.certificate.variant is given",
                fix: `${chain} < tls.crt && ${key} < tls.key`,
            },
        ]);
        expect(problemsAfter(secret(good))).toEqual([
            {
                path: "secrets.certificate",
                found: "a secret that nothing uses",
                allowed: "nothing, unless exposure.certificate.variant is given",
                fix: "pulumi config set --path 'exposure.certificate.variant' given, or pulumi config rm --path 'secrets.certificate'",
            },
        ]);
    });

    test("that is none: what was found is not shown", () => {
        expect(problemsAfter(given, secret({ chain: "sesame", key: "open" }))).toEqual([
            {
                path: "secrets.certificate.chain",
                found: "a text that is none",
                allowed: "a certificate in PEM, from -----BEGIN CERTIFICATE----- on",
                fix: `${chain} < tls.crt`,
            },
            {
                path: "secrets.certificate.key",
                found: "a text that is none",
                allowed: "a private key in PEM, without a passphrase",
                fix: `${key} < tls.key`,
            },
        ]);
    });

    test("in a plan, which has only the ciphertext, it is not looked at", () => {
        expect(problemsAfter(given, secret({ chain: "encrypted", key: "encrypted" }))).toEqual([]);
    });

    test("with another one's key", () => {
        const other = certificateFor(["shop.example.org"]).key;
        expect(problemsAfter(given, secret({ ...good, key: other }))).toEqual([
            {
                path: "secrets.certificate.key",
                found: "the key of another certificate",
                allowed: "the private key of secrets.certificate.chain, whose first certificate is the hosts'",
                fix: `${key} < tls.key`,
            },
        ]);
    });

    test("for other names, each of which is told", () => {
        const hosts: Change = ["apps[0].hosts", ["shop.example.org", "www.shop.example.org"]];
        expect(problemsAfter(given, secret(good), hosts)).toEqual([
            {
                path: "apps[0].hosts[1]",
                found: '"www.shop.example.org", which secrets.certificate.chain is not for',
                allowed: "names of the certificate: shop.example.org, *.preview.example.org",
                fix: `have it made for this name too, then ${chain} < tls.crt`,
            },
        ]);
    });

    test("lent names have to be in it, unless an issuer makes theirs", () => {
        const lends = (domain: string): Change => ["lends.domain", domain];
        expect(problemsAfter(given, secret(good), lends("preview.example.org"))).toEqual([]);
        expect(problemsAfter(given, secret(good), lends("other.example.org"))).toMatchObject([
            { path: "lends.domain", found: '"*.other.example.org", which secrets.certificate.chain is not for' },
        ]);
        const issuer: Change = ["platform.issuer", { name: "letsencrypt" }];
        expect(problemsAfter(given, secret(good), lends("other.example.org"), issuer)).toEqual([]);
    });

    test("that is over is refused, and one that ends soon is told: nobody renews it", () => {
        expect(problemsAfter(given, secret(certificateFor(["shop.example.org"], -1)))).toMatchObject([
            { path: "secrets.certificate.chain", found: expect.stringContaining("ended at") as string },
        ]);
        const ending = (days: number) =>
            adviceAfter(...quiet, given, secret(certificateFor(["shop.example.org"], days + 0.5)));
        expect(ending(21)).toEqual([
            {
                path: "secrets.certificate.chain",
                found: "a certificate that ends in 21 days",
                allowed: "one that holds for more than 21 days: nothing renews it",
                fix: `${chain} < tls.crt`,
            },
        ]);
        expect(ending(22)).toEqual([]);
    });
});

describe("/tmp and uploads (R90)", () => {
    const most = (size: string): Change => ["exposure.maxBodySize", size];
    const tmp = (size: string): Change => ["apps[0].web.tmp", size];

    test("a /tmp without room for as many as come at once", () => {
        expect(problemsAfter(most("500Mi"), tmp("1Gi"))).toEqual([
            {
                path: "apps[0].web.tmp",
                found: '"1Gi"',
                allowed:
                    "at least 1.95Gi: 4 uploads of 500Mi (exposure.maxBodySize) at once, or the pod is evicted (R90)",
                fix: "pulumi config set --path 'apps[0].web.tmp' 2000Mi, or pulumi config rm --path 'apps[0].web.tmp', or lower exposure.maxBodySize",
            },
        ]);
        expect(problemsAfter(most("500Mi"), tmp("2000Mi"))).toEqual([]);
    });

    test("as many as gunicorn's processes and threads, of a command of the app's own too", () => {
        const web = (more: object): Change => ["apps[0].web", { tmp: "256Mi", ...more }];
        const command = ["gunicorn", "shop.wsgi", "--bind=0.0.0.0:8000", "--workers=3", "--threads", "2"];
        const allowed = (...changes: Change[]) => problemsAfter(...changes).map((problem) => problem.allowed);
        expect(allowed(web({ processes: 8, threads: 8 }))).toEqual([expect.stringContaining("64 uploads of 50Mi")]);
        expect(allowed(web({ command }))).toEqual([expect.stringContaining("6 uploads of 50Mi")]);
        expect(allowed(web({ server: "uvicorn", processes: 1 }))).toEqual([
            "at least 400Mi: 4 uploads of 50Mi (exposure.maxBodySize) at once, each twice under ASGI, or the pod is evicted (R90)",
        ]);
        expect(
            allowed(web({ command: ["granian", "--host=0.0.0.0", "--port=8000", "shop:app"] }), most("65Mi")),
        ).toEqual([expect.stringContaining("4 uploads of 65Mi")]);
    });

    test("more than a pod on Autopilot has", () => {
        expect(problemsAfter(gcp, most("3Gi"))).toEqual([
            {
                path: "apps[0].web.tmp",
                found: "12Gi, for 4 uploads of 3Gi at once",
                allowed: "at most 9.88Gi: a pod on Autopilot has 10Gi of disk, logs included",
                fix: "lower exposure.maxBodySize, or let uploads go straight to the bucket (docs/uploads.md)",
            },
        ]);
        expect(problemsAfter(gcp, most("2Gi"))).toEqual([]);
        expect(problemsAfter(aws, most("3Gi"))).toEqual([]);
    });
});
