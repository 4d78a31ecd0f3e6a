// An app's image against the registry of its platform and against its login: what is refused, what is told, what passes.
// Does not prove that a registry has the image: nobody is asked.
import { describe, expect, test } from "vitest";
import { parseImage } from "../../../../lib/image-reference.ts";
import { quiet, refused, told, type FindingCase } from "../../../support/findings.ts";
import type { Change } from "../../../support/settings.ts";

const apiAccess = { cidrs: ["203.0.113.0/24"] };
const domain = "example.org";
const gcp = {
    variant: "gcp",
    cluster: { variant: "create", apiAccess, nodes: { variant: "autopilot" } },
    dns: { variant: "create", domain },
};
const aws = {
    variant: "aws",
    network: { variant: "create", range: "10.40.0.0/16", zones: ["a", "b", "c"] },
    cluster: { variant: "create", version: "1.36", admins: ["arn:aws:iam::123456789012:role/deploy"], apiAccess },
    dns: { variant: "create", domain },
};
const digitalOcean = {
    variant: "digitalocean",
    network: { variant: "create", range: "10.120.0.0/20" },
    cluster: {
        variant: "create",
        version: "1.34",
        podRange: "10.122.0.0/16",
        serviceRange: "10.123.0.0/20",
        apiAccess,
        pools: { apps: { size: "s-4vcpu-8gb", min: 2, max: 6 } },
    },
    certificates: { variant: "letsencrypt", email: "operations@example.org" },
};

const on = (platform: object, registry: object, image: string): Change[] => [
    ["platform", { ...platform, registry }],
    ["apps[0].image", image],
];
const onGcp = (image: string) => on(gcp, { variant: "create" }, image);
const onAws = (image: string) => on(aws, { variant: "create", repositories: ["shop"] }, image);
const onDigitalOcean = (image: string, variant = "create") =>
    on(digitalOcean, { variant, name: "example-shop" }, image);

const ofGcp = "europe-west1-docker.pkg.dev/example-shop/shop-staging";
const ofAws = "123456789012.dkr.ecr.eu-central-1.amazonaws.com/shop-staging";
const ofDigitalOcean = "registry.digitalocean.com/example-shop";
const set = (path: string, value: string): string => `pulumi config set --path '${path}' ${value}`;

const login = (image: string, server: string): Change[] => [
    ["apps[0].image", image],
    ["apps[0].registry", { server, username: "ci" }],
    ["secrets.registryPassword", "s3cret"],
];

refused(
    "a login for another registry than the image's",
    [
        ["registry.example.org/shop:4f2a91c", "ghcr.io", "registry.example.org"],
        ["example/shop:4f2a91c", "ghcr.io", "docker.io"],
        ["shop:4f2a91c", "registry-1.docker.io", "docker.io"],
        ["localhost:5000/shop:4f2a91c", "localhost", "localhost:5000"],
    ].map(([image, server, right]): FindingCase => [
        `${server}, and ${image}`,
        login(image!, server!),
        [
            {
                path: "apps[0].registry.server",
                found: JSON.stringify(server),
                allowed: `${right}, where apps[0].image is: a login for another registry is used by no pull`,
                fix: set("apps[0].registry.server", right!),
            },
        ],
    ]),
    quiet,
);

told(
    "a login for the image's registry",
    [
        ["ghcr.io/example/shop:4f2a91c", "ghcr.io"],
        ["example/shop:4f2a91c", "docker.io"],
        ["docker.io/example/shop:4f2a91c", "index.docker.io"],
        ["registry.example.org:5000/shop:4f2a91c", "registry.example.org:5000"],
    ].map(([image, server]): FindingCase => [`${server}, and ${image}`, login(image!, server!), []]),
    quiet,
);

refused(
    "an image that the registry cannot have",
    [
        [
            "a repository that the stack does not make in ECR",
            onAws(`${ofAws}/blog:4f2a91c`),
            [
                {
                    path: "apps[0].image",
                    found: `"${ofAws}/blog:4f2a91c"`,
                    allowed: "an image in one of the repositories that are made (platform.registry.repositories): shop",
                    fix: `${set("platform.registry.repositories[1]", "blog")}, or ${set("apps[0].image", `${ofAws}/shop:4f2a91c`)}`,
                },
            ],
        ],
        ...["create", "existing"].map((variant): FindingCase => [
            `another registry of DigitalOcean's than that whose login the nodes have (${variant})`,
            onDigitalOcean("registry.digitalocean.com/other-shop/shop:4f2a91c", variant),
            [
                {
                    path: "apps[0].image",
                    found: '"registry.digitalocean.com/other-shop/shop:4f2a91c"',
                    allowed: `an image in ${ofDigitalOcean}, the registry that the cluster has a login for (platform.registry.name)`,
                    fix: set("apps[0].image", `${ofDigitalOcean}/shop:4f2a91c`),
                },
            ],
        ]),
    ],
    quiet,
);

const rights = "of other ones, only those can be pulled that somebody gave the cluster's nodes the right to";

told(
    "an image elsewhere than in the registry that the stack makes",
    [
        ...(
            [
                [
                    "Google Cloud's, of another stack",
                    onGcp,
                    ofGcp,
                    "europe-west1-docker.pkg.dev/example-shop/shop-production",
                ],
                ["Google Cloud's, of another project", onGcp, ofGcp, "us-docker.pkg.dev/other/team"],
                [
                    "ECR's, of another stack",
                    onAws,
                    ofAws,
                    "123456789012.dkr.ecr.eu-central-1.amazonaws.com/shop-production",
                ],
                ["ECR's, of another account and region", onAws, ofAws, "999999999999.dkr.ecr.us-east-1.amazonaws.com"],
            ] as const
        ).map(([what, changes, prefix, other]): FindingCase => [
            what,
            changes(`${other}/shop:4f2a91c`),
            [
                {
                    path: "apps[0].image",
                    found: `"${other}/shop:4f2a91c", which is not in the registry that this stack makes`,
                    allowed: `an image in ${prefix}: ${rights}`,
                    fix: set("apps[0].image", `${prefix}/shop:4f2a91c`),
                },
            ],
        ]),
        ...(
            [
                ["Google Cloud", onGcp, ofGcp],
                ["AWS", onAws, ofAws],
                ["DigitalOcean", onDigitalOcean, ofDigitalOcean],
            ] as const
        ).map(([what, changes, prefix]): FindingCase => [
            `somewhere else, on ${what}`,
            changes("ghcr.io/example/shop:4f2a91c"),
            [
                {
                    path: "apps[0].image",
                    found: '"ghcr.io/example/shop:4f2a91c", which is not in the registry that this stack makes',
                    allowed: `an image in ${prefix}, or no registry: nothing is pulled from this one`,
                    fix: `${set("apps[0].image", `${prefix}/shop:4f2a91c`)}, or ${set("platform.registry.variant", "none")}`,
                },
            ],
        ]),
        [
            "in another repository than the platform's that is there",
            on(
                gcp,
                { variant: "existing", prefix: "europe-west1-docker.pkg.dev/shared/images" },
                `${ofGcp}/shop:4f2a91c`,
            ),
            [
                {
                    path: "apps[0].image",
                    found: `"${ofGcp}/shop:4f2a91c", which is not in the registry of the platform`,
                    allowed: `an image in europe-west1-docker.pkg.dev/shared/images: ${rights}`,
                    fix: set("apps[0].image", "europe-west1-docker.pkg.dev/shared/images/shop:4f2a91c"),
                },
            ],
        ],
    ],
    quiet,
);

const digest = `sha256:${"0".repeat(64)}`;

told(
    "an image in the registry",
    [
        ["Google Cloud's", onGcp(`${ofGcp}/shop:4f2a91c`), []],
        ["Google Cloud's, in a folder and by a digest", onGcp(`${ofGcp}/team/shop@${digest}`), []],
        ["AWS's", onAws(`${ofAws}/shop:4f2a91c`), []],
        ["DigitalOcean's", onDigitalOcean(`${ofDigitalOcean}/shop:4f2a91c`), []],
        [
            "another of DigitalOcean's registries with a login of the app's",
            [
                ...onDigitalOcean("registry.digitalocean.com/other-shop/shop:4f2a91c"),
                ...login("registry.digitalocean.com/other-shop/shop:4f2a91c", "registry.digitalocean.com"),
            ],
            [],
        ],
        [
            "elsewhere, while the platform has no registry",
            on(gcp, { variant: "none" }, "ghcr.io/example/shop:4f2a91c"),
            [],
        ],
        [
            "elsewhere, beside an app whose image is there",
            [
                ...onGcp(`${ofGcp}/shop:4f2a91c`),
                ["environment.mainApp", "shop"],
                [
                    "apps[1]",
                    {
                        contract: "django",
                        name: "blog",
                        module: "blog",
                        image: "ghcr.io/example/blog:4f2a91c",
                        hosts: ["blog.example.org"],
                    },
                ],
            ],
            [],
        ],
    ],
    quiet,
);

describe("the parts of a reference", () => {
    test.each([
        ["postgres", { server: "docker.io", repository: "library/postgres" }],
        ["postgres:17", { server: "docker.io", repository: "library/postgres", tag: "17" }],
        ["example/shop:1", { server: "docker.io", repository: "example/shop", tag: "1" }],
        ["localhost/shop:1", { server: "localhost", repository: "shop", tag: "1" }],
        ["r.example.org:5000/a/b:1", { server: "r.example.org:5000", repository: "a/b", tag: "1" }],
        [`index.docker.io/a/b@${digest}`, { server: "docker.io", repository: "a/b", digest }],
    ])("%s", (reference, parts) => {
        expect(parseImage(reference)).toEqual(parts);
    });
});
