// Does not prove that the list is complete: a new store's type has to be added when it is.
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { statefulKind, statefulTypes } from "../../../lib/stateful.ts";

const require = createRequire(import.meta.url);

describe("every type", () => {
    test.each(Object.keys(statefulTypes))("%s is one of the provider's", async (type) => {
        const [cloud = "", module = "", name = ""] = type.split(":");
        const root = dirname(require.resolve(`@pulumi/${cloud}/package.json`));
        const file = name[0]!.toLowerCase() + name.slice(1);
        const path =
            cloud === "kubernetes"
                ? [...module.split("/"), `${file}.js`]
                : [
                      ...module
                          .replace(/^index\//, "")
                          .split("/")
                          .slice(0, -1),
                      `${file}.js`,
                  ];
        // The token stands in the class, so a type that was renamed is found here.
        expect(await readFile(join(root, ...path), "utf8")).toContain(`'${type}'`.replaceAll("'", '"').slice(1, -1));
    });
});

describe("statefulKind", () => {
    test.each([
        ["kubernetes:apps/v1:StatefulSet", { spec: { volumeClaimTemplates: [{}] } }, "volume"],
        ["kubernetes:apps/v1:StatefulSet", { spec: {} }, undefined],
        ["kubernetes:apps/v1:StatefulSet", {}, undefined],
        ["kubernetes:apps/v1:StatefulSet", undefined, "volume"],
        [
            "kubernetes:core/v1:Namespace",
            { metadata: { labels: { "app.kubernetes.io/component": "namespace" } } },
            "namespace",
        ],
        [
            "kubernetes:core/v1:Namespace",
            { metadata: { labels: { "app.kubernetes.io/component": "addon" } } },
            undefined,
        ],
        ["kubernetes:core/v1:Namespace", {}, "namespace"],
        ["digitalocean:index/databaseCluster:DatabaseCluster", { engine: "pg" }, "database"],
        ["digitalocean:index/databaseCluster:DatabaseCluster", { engine: "valkey" }, undefined],
        ["aws:elasticache/replicationGroup:ReplicationGroup", {}, undefined],
        ["kubernetes:apps/v1:Deployment", {}, undefined],
        ["toString", {}, undefined],
    ])("of %s with %j is %s", (type, inputs, kind) => {
        expect(statefulKind(type, inputs)).toBe(kind);
    });
});
