// Names that are not known yet are those of the objects that a property depends on. Not proved: what the engine says of
// dependencies, see test/engine/policy-pack.test.ts.
import { describe, expect, it } from "vitest";
import { UnknownValue } from "../../../policy/resource.ts";
import { withNames, type ReferringResource } from "../../../policy/references.ts";

const unknown = new UnknownValue();

function object(
    type: string,
    name: string,
    props: Record<string, unknown>,
    on: Record<string, readonly string[]> = {},
): ReferringResource {
    return {
        urn: name,
        type: `kubernetes:${type}`,
        name,
        props,
        dependencies: [],
        protect: false,
        propertyDependencies: on,
    };
}

const namespace = object("core/v1:Namespace", "namespace", { metadata: { name: "shop" } });
const account = object("core/v1:ServiceAccount", "account", { metadata: { name: "shop-app" } });
const settings = object(
    "core/v1:ConfigMap",
    "settings",
    { metadata: { namespace: unknown } },
    { metadata: ["namespace"] },
);
const files = object("core/v1:ConfigMap", "files", { metadata: { namespace: unknown } }, { metadata: ["namespace"] });

const namesIn = (resource: ReferringResource): Record<string, unknown> =>
    withNames([namespace, account, settings, files, resource]).find(({ urn }) => urn === resource.urn)!.props;

describe("a name that is not known yet", () => {
    it("is that of the one object that the property depends on", () => {
        const deployment = object(
            "apps/v1:Deployment",
            "web",
            {
                metadata: { name: "web", namespace: unknown },
                spec: { template: { spec: { serviceAccountName: unknown } } },
            },
            { metadata: ["namespace"], spec: ["account"] },
        );
        expect(namesIn(deployment)).toEqual({
            metadata: { name: "web", namespace: "shop" },
            spec: { template: { spec: { serviceAccountName: "shop-app" } } },
        });
    });

    it("stands for one that the provider will give, the same wherever it is referred to", () => {
        const pod = object(
            "core/v1:Pod",
            "pod",
            { spec: { containers: [{ envFrom: [{ configMapRef: { name: unknown } }] }] } },
            { spec: ["settings"] },
        );
        const all = withNames([namespace, settings, pod]);
        expect(all[1]?.generatedName).toBe("settings-generated");
        expect(all[2]?.props["spec"]).toEqual({
            containers: [{ envFrom: [{ configMapRef: { name: "settings-generated" } }] }],
        });
    });

    it("stays unknown where several could be meant, or none", () => {
        const pod = (on: readonly string[]) =>
            object("core/v1:Pod", "pod", { spec: { volumes: [{ configMap: { name: unknown } }] } }, { spec: on });
        expect(namesIn(pod(["settings", "files"]))).toEqual({ spec: { volumes: [{ configMap: { name: unknown } }] } });
        expect(namesIn(pod([]))).toEqual({ spec: { volumes: [{ configMap: { name: unknown } }] } });
        expect(namesIn(pod(["account"]))).toEqual({ spec: { volumes: [{ configMap: { name: unknown } }] } });
    });

    it("is left alone where it is known, and in what is no object of a cluster", () => {
        const bucket: ReferringResource = {
            ...object("", "bucket", { namespace: unknown }, { namespace: ["namespace"] }),
            type: "aws:s3/bucket:Bucket",
        };
        expect(namesIn(bucket)).toEqual({ namespace: unknown });
        expect(
            namesIn(object("core/v1:Pod", "pod", { metadata: { namespace: "other" } }, { metadata: ["namespace"] })),
        ).toEqual({ metadata: { namespace: "other" } });
    });
});
