// Volumes of an app and of uploaded files: what is mounted where, and who may write there.
// Not proved here: that a volume is mounted, which is the cluster layer's.
import { describe, expect, test } from "vitest";
import { refused } from "../../../support/findings.ts";
import { problemsAfter, type Change } from "../../../support/settings.ts";

const size = { storage: "1Gi", accessMode: "ReadWriteOnce" };
const mediaOnVolume: Change = ["assets.media", { from: "volume", ...size }];
const staticOnVolume: Change = ["assets.files", { from: "volume", ...size }];

const volumes = (paths: Record<string, string>): Change => [
    "apps[0].volumes",
    Object.fromEntries(Object.entries(paths).map(([name, path]) => [name, { path, ...size }])),
];

const misplaced = (name: string, found: string) => ({
    path: `apps[0].volumes.${name}.path`,
    found,
    allowed:
        "a folder of its own, in which the image has nothing: what it has there would be hidden; for example /data/shop",
    fix: `pulumi config set --path 'apps[0].volumes.${name}.path' /data/shop`,
});

describe("volumes that are right", () => {
    test.each<readonly [string, Change[]]>([
        ["a folder of the root's", [volumes({ data: "/data" })]],
        ["a folder of the code's", [volumes({ data: "/app/data" })]],
        ["a folder that every image has empty", [volumes({ data: "/media" })]],
        ["two, side by side", [volumes({ data: "/data/one", cache: "/data/two" })]],
        [
            "below what is empty, beside the volumes of files",
            [volumes({ data: "/srv/data" }), mediaOnVolume, staticOnVolume],
        ],
        ["of another class", [["apps[0].volumes.data", { path: "/data", ...size, storageClass: "nfs" }]]],
        ["media beside files from the image", [mediaOnVolume]],
        ["a file beside a volume", [volumes({ data: "/data" }), ["apps[0].files", { "/etc/app.ini": "x" }]]],
    ])("%s", (_, changes) => {
        expect(problemsAfter(...changes)).toEqual([]);
    });
});

refused("a volume where something else is", [
    [
        "the image's programs",
        [volumes({ data: "/usr/local/bin" })],
        [misplaced("data", '"/usr/local/bin": where the image\'s programs are')],
    ],
    [
        "the writable folder",
        [volumes({ data: "/tmp" })],
        [misplaced("data", '"/tmp": the folder that pods may write to is mounted there')],
    ],
    [
        "a folder of every image",
        [volumes({ data: "/var/lib" })],
        [misplaced("data", '"/var/lib": a folder of every image, which has something in it')],
    ],
    [
        "static files",
        [staticOnVolume, volumes({ data: "/srv/static/mine" })],
        [misplaced("data", '"/srv/static/mine": the volume of static files is mounted there')],
    ],
    [
        "uploaded files",
        [mediaOnVolume, volumes({ data: "/srv/media" })],
        [misplaced("data", '"/srv/media": the volume of uploaded files is mounted there')],
    ],
    [
        "above uploaded files",
        [mediaOnVolume, volumes({ data: "/srv" })],
        [misplaced("data", '"/srv": above /srv/media: the volume of uploaded files is mounted there')],
    ],
    [
        "another volume",
        [volumes({ data: "/data", other: "/data" })],
        [misplaced("other", '"/data": in or at the folder of the volume data')],
    ],
    [
        "in another volume",
        [volumes({ inner: "/data/inner", data: "/data" })],
        [misplaced("inner", '"/data/inner": in or at the folder of the volume data')],
    ],
    [
        "Python's packages",
        [volumes({ data: "/usr/local/lib/python3.13/site-packages" })],
        [misplaced("data", '"/usr/local/lib/python3.13/site-packages": a folder of Python\'s in the image')],
    ],
]);

refused("a file in a volume", [
    [
        "in plain text",
        [volumes({ data: "/data" }), ["apps[0].files", { "/data/app.ini": "x" }]],
        [
            {
                path: 'apps[0].files["/data/app.ini"]',
                found: '"/data/app.ini": the volume data is mounted there',
                allowed:
                    "a path of the file's own, which is neither a folder nor a program of the image, for example /etc/app/app.ini",
                fix: `pulumi config rm --path 'apps[0].files["/data/app.ini"]' && pulumi config set --path 'apps[0].files["/etc/app/app.ini"]' < FILE`,
            },
        ],
    ],
    [
        "among uploaded files",
        [mediaOnVolume, ["secrets.files", { "/srv/media/key.pem": "x" }]],
        [
            {
                path: 'secrets.files["/srv/media/key.pem"]',
                found: '"/srv/media/key.pem": the volume of uploaded files is mounted there',
                allowed:
                    "a path of the file's own, which is neither a folder nor a program of the image, for example /etc/app/key.pem",
                fix: `pulumi config rm --path 'secrets.files["/srv/media/key.pem"]' && pulumi config set --secret --path 'secrets.files["/etc/app/key.pem"]' < FILE`,
            },
        ],
    ],
]);

const app = (name: string, more: Record<string, unknown>) => ({
    contract: "django",
    name,
    module: name.replaceAll("-", "_"),
    image: `registry.example.org/${name}:4f2a91c`,
    hosts: [`${name}.example.org`],
    ...more,
});

refused("volumes of several apps", [
    [
        "that would be one",
        [
            [
                "apps",
                [
                    app("shop", { volumes: { "volume-a": { path: "/data", ...size } } }),
                    app("shop-volume", { volumes: { a: { path: "/data", ...size } } }),
                ],
            ],
            ["environment.mainApp", "shop"],
        ],
        [
            {
                path: "apps[1].volumes.a",
                found: "a claim named shop-volume-volume-a, as one of the app shop is",
                allowed: "names of apps and volumes that, with -volume- between them, are no other's",
                fix: "name the volume by what it holds, for example data",
            },
        ],
    ],
    [
        "and users of two groups",
        [
            ["apps", [app("shop", {}), app("blog", { runAs: { user: 1000, group: 1000 } })]],
            ["environment.mainApp", "shop"],
            mediaOnVolume,
        ],
        [
            {
                path: "apps[1].runAs.group",
                found: "1000",
                allowed: "10001, that of shop: both write to the volume of uploaded files, which belongs to one group",
                fix: "pulumi config set --path 'apps[1].runAs.group' 10001, or give the app a store of its own (stores.assets)",
            },
        ],
    ],
]);

refused("static files at the address of uploaded ones", [
    [
        "the root",
        [mediaOnVolume, ["assets.url", "/"]],
        [
            {
                path: "assets.url",
                found: '"/"',
                allowed: "another path than that of uploaded files, /media/, and none above it",
                fix: "pulumi config set --path 'assets.url' /static/",
            },
        ],
    ],
    [
        "below it",
        [mediaOnVolume, ["assets.url", "/media/static/"]],
        [
            {
                path: "assets.url",
                found: '"/media/static/"',
                allowed: "another path than that of uploaded files, /media/, and none above it",
                fix: "pulumi config set --path 'assets.url' /static/",
            },
        ],
    ],
]);

refused("samples of uploaded files that have no place", [
    [
        "beside static files in the image alone",
        [["apps[0].release.mediaSamples", "samples"]],
        [
            {
                path: "apps[0].release.mediaSamples",
                found: '"samples"',
                allowed: "nothing while uploaded files have no place: assets.media is not set",
                fix: "pulumi config rm --path 'apps[0].release.mediaSamples', or set assets.media (docs/uploads.md)",
            },
        ],
    ],
    ["on a volume", [["apps[0].release.mediaSamples", "samples"], mediaOnVolume], []],
    [
        "of a folder above",
        [["apps[0].release.mediaSamples", "../samples"], mediaOnVolume],
        [
            {
                path: "apps[0].release.mediaSamples",
                found: '"../samples"',
                allowed: "a folder of the image, from its working folder or from /, for example samples",
                fix: "pulumi config set --path 'apps[0].release.mediaSamples' samples",
            },
        ],
    ],
]);

refused("more than the operator gives", [
    [
        "of uploaded files",
        [["assets.media", { from: "volume", storage: "200Gi", accessMode: "ReadWriteMany" }]],
        [
            {
                path: "assets.media.storage",
                found: '"200Gi"',
                allowed: "at most 100Gi, the operator's limit (operator.limits.storage)",
                fix: "lower it, or ask the operator to raise the limit",
            },
        ],
    ],
    [
        "of the app's own",
        [["apps[0].volumes.data", { path: "/data", storage: "200Gi", accessMode: "ReadWriteMany" }]],
        [
            {
                path: "apps[0].volumes.data.storage",
                found: '"200Gi"',
                allowed: "at most 100Gi, the operator's limit (operator.limits.storage)",
                fix: "lower it, or ask the operator to raise the limit",
            },
        ],
    ],
]);

describe("variables of a volume of uploaded files", () => {
    const own: Change = [
        "apps[0].environment",
        { DJANGO_APP_MEDIA_ROOT: "/data/uploads", DJANGO_APP_MEDIA_URL: "/u/" },
    ];

    test("are the owner's where there is none", () => {
        expect(problemsAfter(own)).toEqual([]);
    });

    test("are taken where there is one", () => {
        expect(problemsAfter(own, mediaOnVolume).map(({ path, fix }) => [path, fix])).toEqual(
            ["DJANGO_APP_MEDIA_ROOT", "DJANGO_APP_MEDIA_URL"].map((name) => [
                `apps[0].environment.${name}`,
                `pulumi config rm --path 'apps[0].environment.${name}'; its value is decided by assets.media`,
            ]),
        );
    });
});

test("an ephemeral environment's quota has to hold them all", () => {
    const problems = problemsAfter(
        ["environment.kind", "ephemeral"],
        ["assets.media", { from: "volume", storage: "15Gi", accessMode: "ReadWriteMany" }],
        ["apps[0].volumes.data", { path: "/data", storage: "15Gi", accessMode: "ReadWriteMany" }],
        ["operator.limits.storage", "100Gi"],
    );
    expect(problems.map(({ found }) => found)).toContainEqual(
        expect.stringContaining("assets-media 15Gi, shop-volume-data 15Gi"),
    );
});
