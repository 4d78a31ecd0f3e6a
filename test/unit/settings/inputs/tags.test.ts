// Images that are another one tomorrow: refused in production, told where others work with them.
// Does not prove: that a tag of another form stays.
import type { Change } from "../../../support/settings.ts";
import { quiet, refused, told } from "../../../support/findings.ts";

const image = (tag: string): Change => ["apps[0].image", `registry.example.org/shop:${tag}`];
const production: Change[] = [["environment.kind", "production"], ...quiet];

told("outside production", [
    [
        "latest",
        [...quiet, image("latest")],
        [
            {
                path: "apps[0].image",
                found: '"registry.example.org/shop:latest"',
                allowed:
                    "a digest or a tag that never moves, such as the commit: with this one no pod tells which code it runs, a rollback gets the same image, and production refuses it (R41)",
                fix: "pulumi config set --path 'apps[0].image' registry.example.org/shop:COMMIT",
            },
        ],
    ],
    [
        "a branch",
        [...quiet, image("main")],
        [
            {
                path: "apps[0].image",
                found: '"registry.example.org/shop:main"',
                allowed:
                    "a digest or a tag that never moves, such as the commit: with this one no pod tells which code it runs, a rollback gets the same image, and production refuses it (R41)",
                fix: "pulumi config set --path 'apps[0].image' registry.example.org/shop:COMMIT",
            },
        ],
    ],
    [
        "in capital letters",
        [...quiet, image("LATEST")],
        [
            {
                path: "apps[0].image",
                found: '"registry.example.org/shop:LATEST"',
                allowed:
                    "a digest or a tag that never moves, such as the commit: with this one no pod tells which code it runs, a rollback gets the same image, and production refuses it (R41)",
                fix: "pulumi config set --path 'apps[0].image' registry.example.org/shop:COMMIT",
            },
        ],
    ],
    [
        "with a base",
        [...quiet, image("latest-alpine")],
        [
            {
                path: "apps[0].image",
                found: '"registry.example.org/shop:latest-alpine"',
                allowed:
                    "a digest or a tag that never moves, such as the commit: with this one no pod tells which code it runs, a rollback gets the same image, and production refuses it (R41)",
                fix: "pulumi config set --path 'apps[0].image' registry.example.org/shop:COMMIT",
            },
        ],
    ],
    [
        "a major version",
        [...quiet, image("2")],
        [
            {
                path: "apps[0].image",
                found: '"registry.example.org/shop:2"',
                allowed:
                    "a digest or a tag that never moves, such as the commit: with this one no pod tells which code it runs, a rollback gets the same image, and production refuses it (R41)",
                fix: "pulumi config set --path 'apps[0].image' registry.example.org/shop:COMMIT",
            },
        ],
    ],
    [
        "a stage",
        [...quiet, image("staging")],
        [
            {
                path: "apps[0].image",
                found: '"registry.example.org/shop:staging"',
                allowed:
                    "a digest or a tag that never moves, such as the commit: with this one no pod tells which code it runs, a rollback gets the same image, and production refuses it (R41)",
                fix: "pulumi config set --path 'apps[0].image' registry.example.org/shop:COMMIT",
            },
        ],
    ],
    [
        "a store's",
        [...quiet, ["cache.image", "docker.io/valkey/valkey:latest"]],
        [
            {
                path: "cache.image",
                found: '"docker.io/valkey/valkey:latest"',
                allowed:
                    "a digest or a tag that never moves, such as the commit: with this one no pod tells which code it runs, a rollback gets the same image, and production refuses it (R41)",
                fix: "pulumi config set --path 'cache.image' docker.io/valkey/valkey:COMMIT",
            },
        ],
    ],
    [
        "in an environment of a pull request",
        [...quiet, ["environment.kind", "ephemeral"], image("latest")],
        [
            {
                path: "apps[0].image",
                found: '"registry.example.org/shop:latest"',
                allowed:
                    "a digest or a tag that never moves, such as the commit: with this one no pod tells which code it runs, a rollback gets the same image, and production refuses it (R41)",
                fix: "pulumi config set --path 'apps[0].image' registry.example.org/shop:COMMIT",
            },
        ],
    ],
    [
        "a port is no tag",
        [...quiet, ["apps[0].image", "registry.example.org:5000/shop:latest"]],
        [
            {
                path: "apps[0].image",
                found: '"registry.example.org:5000/shop:latest"',
                allowed:
                    "a digest or a tag that never moves, such as the commit: with this one no pod tells which code it runs, a rollback gets the same image, and production refuses it (R41)",
                fix: "pulumi config set --path 'apps[0].image' registry.example.org:5000/shop:COMMIT",
            },
        ],
    ],
]);

told("images that stay, or are meant to move", [
    ["a commit", [...quiet, image("4f2a91c")], []],
    ["a commit of a branch", [...quiet, image("main-4f2a91c")], []],
    ["a version", [...quiet, image("v2.1.0")], []],
    ["a digest beside a tag that moves", [...quiet, image(`latest@sha256:${"0".repeat(64)}`)], []],
    ["fixes of a store", [...quiet, ["database.image", "docker.io/library/postgres:17"]], []],
    ["on one's own machine", [...quiet, ["environment.kind", "local"], image("latest")], []],
]);

refused("in production", [
    [
        "a major version of a store, with a base",
        [...production, ["database.image", "docker.io/library/postgres:17-alpine"]],
        [
            {
                path: "database.image",
                found: '"docker.io/library/postgres:17-alpine"',
                allowed: "in production a digest or a tag that never moves, such as the commit (R41)",
                fix: "pulumi config set --path 'database.image' IMAGE@sha256:DIGEST",
            },
        ],
    ],
    [
        "a stage",
        [...production, image("production")],
        [
            {
                path: "apps[0].image",
                found: '"registry.example.org/shop:production"',
                allowed: "in production a digest or a tag that never moves, such as the commit (R41)",
                fix: "pulumi config set --path 'apps[0].image' IMAGE@sha256:DIGEST",
            },
        ],
    ],
]);
