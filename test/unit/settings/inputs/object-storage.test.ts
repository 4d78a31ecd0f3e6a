// Buckets that are there, of any server that speaks S3: keys, TLS, ways out.
// Not proved here: that a server takes the key, which the app's first upload shows.
import { describe, expect, test } from "vitest";
import { quiet, refused, told } from "../../../support/findings.ts";
import { problemsAfter, type Change } from "../../../support/settings.ts";

const server = { endpoint: "https://s3.example.org" };
const both = {
    variant: "s3-compatible",
    ...server,
    static: { bucket: "shop-static", url: "https://static.shop.example.org/" },
    media: { bucket: "shop-media" },
};
const assets: Change = ["assets", both];
const media: Change = ["assets.media", { from: "bucket", bucket: "shop-media", ...server }];
const keys: readonly Change[] = [
    ["secrets.assetsAccessKeyId", "AKIDEXAMPLE"],
    ["secrets.assetsSecretAccessKey", "s3cret"],
];
const ca = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n";

describe("buckets that are right", () => {
    test.each<readonly [string, Change[]]>([
        ["for static and uploaded files", [assets]],
        ["for uploaded files alone", [media]],
        [
            "uploaded files beside a volume",
            [media, ["assets.files", { from: "volume", storage: "1Gi", accessMode: "ReadWriteMany" }]],
        ],
        ["at another port", [assets, ["assets.endpoint", "https://s3.example.org:9000"]]],
        [
            "at a private address",
            [assets, ["assets.endpoint", "https://10.20.0.7:9000"], ["assets.cidrs", ["10.20.0.7/32"]]],
        ],
        [
            "in the cluster",
            [assets, ["assets.endpoint", "https://minio.minio.svc:9000"], ["assets.cidrs", ["10.42.0.0/16"]]],
        ],
        ["of a CA of one's own", [assets, ["assets.ca", ca]]],
        ["named before the host", [assets, ["assets.addressing", "virtual"]]],
        ["with dots, in the path", [assets, ["assets.media.bucket", "media.shop.example.org"]]],
    ])("%s", (_, changes) => {
        expect(problemsAfter(...keys, ...changes)).toEqual([]);
    });
});

const needed = (name: string, at: string) => ({
    path: `secrets.${name}`,
    found: "nothing",
    allowed: `a key for the buckets at ${at}: it may list, read, write and delete in them`,
    fix: `pulumi config set --secret --path 'secrets.${name}'`,
});

refused("keys", [
    [
        "none",
        [assets],
        [needed("assetsAccessKeyId", "assets.endpoint"), needed("assetsSecretAccessKey", "assets.endpoint")],
    ],
    ["half of one", [media, keys[0]!], [needed("assetsSecretAccessKey", "assets.media.endpoint")]],
    [
        "for nothing",
        [...keys],
        ["assetsAccessKeyId", "assetsSecretAccessKey"].map((name) => ({
            path: `secrets.${name}`,
            found: "a secret that nothing uses",
            allowed:
                "nothing, unless there is a server that speaks S3 (assets.variant s3-compatible, or assets.media.from bucket)",
            fix: `add a server that speaks S3 (assets.variant s3-compatible, or assets.media.from bucket), or pulumi config rm --path 'secrets.${name}'`,
        })),
    ],
]);

const staticKeys: readonly Change[] = [
    ["secrets.assetsStaticAccessKeyId", "AKIDSTATIC"],
    ["secrets.assetsStaticSecretAccessKey", "s3cret-too"],
];
const inBoth = "nothing, unless there is a static bucket at a server that speaks S3 (assets.variant s3-compatible)";

refused("a key of the job that writes static files", [
    [
        "half of it",
        [assets, ...keys, staticKeys[1]!],
        [
            {
                path: "secrets.assetsStaticAccessKeyId",
                found: "nothing",
                allowed: "the other half of the key that secrets.assetsStaticSecretAccessKey begins; or neither",
                fix: "pulumi config set --secret --path 'secrets.assetsStaticAccessKeyId'",
            },
        ],
    ],
    [
        "the app's own",
        [assets, ...keys, ["secrets.assetsStaticAccessKeyId", "AKIDEXAMPLE"], staticKeys[1]!],
        [
            {
                path: "secrets.assetsStaticAccessKeyId",
                found: "the key of assetsAccessKeyId",
                allowed: "another key: the one that every pod of the app has need only read static files",
                fix: "pulumi config set --secret --path 'secrets.assetsStaticAccessKeyId'",
            },
        ],
    ],
    [
        "the app's own, of one Secret in the cluster",
        [
            assets,
            ...(["assetsAccessKeyId", "assetsStaticAccessKeyId"] as const).map((name): Change => [
                `existingSecrets.${name}`,
                { name: "keys", key: "id" },
            ]),
            keys[1]!,
            staticKeys[1]!,
        ],
        [
            {
                path: "secrets.assetsStaticAccessKeyId",
                found: "the key of assetsAccessKeyId",
                allowed: "another key: the one that every pod of the app has need only read static files",
                fix: "pulumi config set --secret --path 'secrets.assetsStaticAccessKeyId'",
            },
        ],
    ],
    [
        "for uploaded files alone",
        [media, ...keys, ...staticKeys],
        ["assetsStaticAccessKeyId", "assetsStaticSecretAccessKey"].map((name) => ({
            path: `secrets.${name}`,
            found: "a secret that nothing uses",
            allowed: inBoth,
            fix: `add a static bucket at a server that speaks S3 (assets.variant s3-compatible), or pulumi config rm --path 'secrets.${name}'`,
        })),
    ],
]);

const isProduction: readonly Change[] = [["environment.kind", "production"]];

told(
    "in production one key for all",
    [
        [
            "buckets that are there",
            [assets, ...isProduction],
            [
                {
                    path: "secrets.assetsStaticAccessKeyId",
                    found: "nothing, so that all pods of the app write with one key",
                    allowed:
                        "a key of the job that writes static files, beside one that may only read them: who takes over a web pod could change what every visitor's browser runs",
                    fix: "pulumi config set --secret --path 'secrets.assetsStaticAccessKeyId'; likewise assetsStaticSecretAccessKey; then let the key of assetsAccessKeyId only read in that bucket",
                },
            ],
        ],
        ["with two keys", [assets, ...isProduction, ...staticKeys], []],
        ["where it is not production", [assets], []],
        ["where there is no static bucket", [media, ...isProduction], []],
    ],
    [...quiet, ...keys],
);

refused(
    "a server",
    [
        [
            "of a private address",
            [["assets.endpoint", "https://10.20.0.7:9000"]],
            [
                {
                    path: "assets.cidrs",
                    found: "nothing",
                    allowed: "the addresses of 10.20.0.7, which is no public one: pods may go there and nowhere else",
                    fix: "pulumi config set --path 'assets.cidrs[0]' 10.20.0.7/32",
                },
            ],
        ],
        [
            "in the cluster",
            [["assets.endpoint", "https://minio.minio.svc"]],
            [
                {
                    path: "assets.cidrs",
                    found: "nothing",
                    allowed:
                        "the addresses of minio.minio.svc, which is no public one: pods may go there and nowhere else",
                    fix: "pulumi config set --path 'assets.cidrs[0]' 10.20.0.0/24",
                },
            ],
        ],
        [
            "that is the pod itself",
            [["assets.endpoint", "https://localhost:9000"]],
            [
                {
                    path: "assets.endpoint",
                    found: '"https://localhost:9000", the pod itself',
                    allowed: "a server that runs elsewhere, by a name that pods and browsers know",
                    fix: "pulumi config set --path 'assets.endpoint' https://s3.example.org",
                },
            ],
        ],
        [
            "in the middle of a range",
            [["assets.cidrs", ["10.20.0.0/24", "10.30.0.7/24"]]],
            [
                {
                    path: "assets.cidrs[1]",
                    found: '"10.30.0.7/24"',
                    allowed: "an address range that begins with its first address",
                    fix: "pulumi config set --path 'assets.cidrs[1]' 10.30.0.0/24",
                },
            ],
        ],
        [
            "among a cloud's metadata",
            [["assets.cidrs", ["169.254.169.254/32"]]],
            [
                {
                    path: "assets.cidrs[0]",
                    found: '"169.254.169.254/32", with 169.254.169.254: metadata of AWS, Google Cloud, DigitalOcean, Azure and others',
                    allowed: "the server's own addresses, and none at which a cloud gives out credentials",
                    fix: "pulumi config set --path 'assets.cidrs[0]' RANGE",
                },
            ],
        ],
        [
            "with certificates and without TLS",
            [
                ["assets.endpoint", "http://s3.example.org"],
                ["assets.ca", ca],
            ],
            [
                {
                    path: "assets.ca",
                    found: "certificates for a server without TLS",
                    allowed: "nothing, unless endpoint is an https address",
                    fix: "pulumi config rm --path 'assets.ca'",
                },
            ],
        ],
        [
            "with a path",
            [["assets.endpoint", "https://s3.example.org/files"]],
            [
                {
                    path: "assets.endpoint",
                    found: '"https://s3.example.org/files"',
                    allowed:
                        "an address of scheme and host, with a port where there is one, without a slash at its end, for example https://s3.example.org",
                    fix: "pulumi config set --path 'assets.endpoint' https://s3.example.org",
                },
            ],
        ],
    ],
    [...keys, assets],
);

refused(
    "buckets",
    [
        [
            "one for all",
            [["assets.media.bucket", "shop-static"]],
            [
                {
                    path: "assets.media.bucket",
                    found: '"shop-static", the bucket of static files',
                    allowed:
                        "a bucket of its own: everybody may read static files, and uploaded files only who the app lets",
                    fix: "pulumi config set --path 'assets.media.bucket' BUCKET",
                },
            ],
        ],
        [
            "with dots before the host",
            [
                ["assets.addressing", "virtual"],
                ["assets.media.bucket", "media.shop"],
            ],
            [
                {
                    path: "assets.media.bucket",
                    found: '"media.shop"',
                    allowed:
                        "a name without dots, where addressing is virtual: no certificate is for media.shop.s3.example.org",
                    fix: "pulumi config set --path 'assets.addressing' path",
                },
            ],
        ],
    ],
    [...keys, assets],
);

const plain = (path: string, address: string, production: boolean) => ({
    path,
    found: JSON.stringify(address),
    allowed: `an https address${production ? " in production" : ""}: without TLS whoever is in between reads and changes files (R64)`,
    fix: `pulumi config set --path '${path}' ${address.replace("http:", "https:")}`,
});

refused(
    "plain HTTP in production",
    [
        [
            "for both",
            [
                ["assets.endpoint", "http://s3.example.org"],
                ["assets.static.url", "http://static.shop.example.org/"],
            ],
            [
                plain("assets.endpoint", "http://s3.example.org", true),
                plain("assets.static.url", "http://static.shop.example.org/", true),
            ],
        ],
    ],
    [...quiet, ...keys, assets, ["environment.kind", "production"]],
);

told(
    "plain HTTP elsewhere",
    [
        [
            "for uploaded files",
            [["assets.media.endpoint", "http://s3.example.org"]],
            [plain("assets.media.endpoint", "http://s3.example.org", false)],
        ],
        ["with TLS", [], []],
    ],
    [...quiet, ...keys, media],
);

describe("variables of such buckets", () => {
    const own: Change = ["apps[0].environment.AWS_CA_BUNDLE", "/etc/ssl/ours.pem"];

    test("are the owner's where there are none", () => {
        expect(problemsAfter(own)).toEqual([]);
    });

    test("are taken where there are some", () => {
        expect(problemsAfter(own, ["apps[0].environment.DJANGO_APP_MEDIA_BUCKET", "x"], media, ...keys)).toHaveLength(
            2,
        );
    });
});

test("what is written for AWS is told where it belongs", () => {
    const [problem] = problemsAfter([
        "assets",
        { variant: "s3", host: "static.shop.example.org", endpoint: "https://s3.example.org" },
    ]);
    expect(problem).toMatchObject({
        path: "assets.endpoint",
        fix: "pulumi config rm --path 'assets.endpoint', or choose the variant that has it: assets.variant s3-compatible",
    });
});

test("a server is a name for the variant", () => {
    expect(problemsAfter(["assets", { ...both, variant: "minio" }], ...keys)).toMatchObject([
        { path: "assets.variant", fix: "pulumi config set --path 'assets.variant' s3-compatible" },
    ]);
});

test("an app's own buckets have keys of its own", () => {
    const changes: Change[] = [
        ["environment.mainApp", "shop"],
        [
            "apps[1]",
            {
                contract: "django",
                name: "blog",
                module: "blog",
                image: "registry.example.org/blog:1",
                hosts: ["blog.example.org"],
                stores: { assets: both },
            },
        ],
    ];
    expect(problemsAfter(...changes).map(({ path }) => path)).toEqual([
        "secrets.apps.blog.assetsAccessKeyId",
        "secrets.apps.blog.assetsSecretAccessKey",
    ]);
    const own: Change = ["secrets.apps.blog", { assetsAccessKeyId: "AKID", assetsSecretAccessKey: "s3cret" }];
    expect(problemsAfter(...changes, own)).toEqual([]);
});
