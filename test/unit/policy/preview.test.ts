// What the SDK hands to a policy, in the form that rules read: secrets hidden, unknown values named, inputs rather than outputs.
// The proxies are the SDK's own, so a version of it that makes others fails here. Not proved: what an engine sends, see
// test/engine/policy-pack.test.ts.
import { createRequire } from "node:module";
import { Secret, type PolicyResource as EngineResource } from "@pulumi/policy";
import { describe, expect, it } from "vitest";
import { rules } from "../../../policy/index.ts";
import { policyName } from "../../../policy/policy-name.ts";
import { Preview } from "../../../policy/preview.ts";
import { SecretValue, UnknownValue } from "../../../policy/resource.ts";

type Wrap = (value: unknown) => Record<string, unknown>;

// Not among the package's typings.
const require = createRequire(import.meta.url);
const { unknownCheckingProxy, ...markers } = require("@pulumi/policy/proxy.js") as {
    unknownCheckingProxy: Wrap;
} & Readonly<Record<string, unknown>>;
const unknownStringValue = markers["unknownStringValue"] as string;
const { secretsPreservingProxy } = require("@pulumi/policy/secret.js") as { secretsPreservingProxy: Wrap };

const type = "kubernetes:core/v1:ConfigMap";
const urn = `urn:pulumi:test::project::project:test:Component$${type}::settings`;
const forRemediation: Wrap = (value) => unknownCheckingProxy(secretsPreservingProxy(value));

function engineResource(change: Partial<EngineResource> = {}): EngineResource {
    return {
        urn,
        type,
        name: "settings",
        props: {},
        dependencies: [],
        propertyDependencies: {},
        opts: {
            protect: false,
            ignoreChanges: [],
            aliases: [],
            additionalSecretOutputs: [],
            customTimeouts: { createSeconds: 0, updateSeconds: 0, deleteSeconds: 0 },
        },
        isType: () => false,
        asType: () => undefined,
        ...change,
    };
}

const propsOf = (preview: Preview, change: Partial<EngineResource> = {}) =>
    preview.planOf([engineResource(change)]).resources[0]!.props;

describe("a preview", () => {
    it("hides secrets and names what is unknown, at any depth", () => {
        const preview = new Preview();
        preview.remember(
            urn,
            type,
            forRemediation({
                data: { A: new Secret("hidden"), B: unknownStringValue, C: ["plain", new Secret("too")] },
            }),
            true,
        );
        const data = propsOf(preview)["data"] as Record<string, unknown>;
        expect(data["A"]).toBeInstanceOf(SecretValue);
        expect((data["A"] as SecretValue).examine((value) => value)).toBe("hidden");
        expect(data["B"]).toBeInstanceOf(UnknownValue);
        expect((data["C"] as unknown[])[0]).toBe("plain");
        expect((data["C"] as unknown[])[1]).toBeInstanceOf(SecretValue);
        expect(JSON.stringify(propsOf(preview))).not.toMatch(/hidden|too/);
    });

    it("takes inputs rather than outputs, and outputs where there are no inputs", () => {
        const preview = new Preview();
        expect(
            propsOf(preview, { props: unknownCheckingProxy({ spec: { replicas: 3 }, status: unknownStringValue }) }),
        ).toMatchObject({ spec: { replicas: 3 } });
        preview.remember(urn, type, forRemediation({ spec: {} }), true);
        expect(propsOf(preview, { props: { spec: { replicas: 3 } } })).toEqual({ spec: {} });
    });

    it("keeps what it knows of secrets when the same inputs come again without them", () => {
        const preview = new Preview();
        preview.remember(urn, type, forRemediation({ data: new Secret({ A: "a" }) }), true);
        preview.remember(urn, type, unknownCheckingProxy({ data: { A: "a" } }), false);
        expect(propsOf(preview)["data"]).toBeInstanceOf(SecretValue);
        // And forgets it with the next run, which may have other inputs.
        preview.remember(urn, type, unknownCheckingProxy({ data: { A: "b" } }), false);
        expect(propsOf(preview)["data"]).toEqual({ A: "b" });
    });

    it("hides passwords also where the SDK shows them", () => {
        const preview = new Preview();
        const secret = "kubernetes:core/v1:Secret";
        preview.remember(urn, secret, unknownCheckingProxy({ stringData: { A: "a" }, type: "Opaque" }), false);
        expect(propsOf(preview, { type: secret })["stringData"]).toBeInstanceOf(SecretValue);
        preview.remember(
            urn,
            "aws:rds/instance:Instance",
            unknownCheckingProxy({ password: "a", username: "b" }),
            false,
        );
        expect(propsOf(preview, { type: "aws:rds/instance:Instance" })).toMatchObject({
            password: expect.any(SecretValue),
            username: "b",
        });
    });

    // Whatever the SDK has, by its name: one more of it has to be known too.
    const unknown = Object.entries(markers).filter(
        ([name, value]) => /^unknown\w+Value$/.test(name) && typeof value === "string",
    );

    it("has a marker for each type of value", () => {
        expect(unknown.map(([name]) => name).toSorted()).toEqual(
            ["Archive", "Array", "Asset", "Boolean", "Number", "Object", "String"].map((type) => `unknown${type}Value`),
        );
    });

    it.each(unknown)("names a value that is unknown: %s", (_, marker) => {
        const preview = new Preview();
        preview.remember(
            urn,
            type,
            { data: { A: marker, B: [marker], C: `${marker as string}!` }, spec: marker },
            true,
        );
        const { data, spec } = propsOf(preview) as { data: { A: unknown; B: unknown[]; C: unknown }; spec: unknown };
        for (const value of [data.A, data.B[0], spec]) {
            expect(value).toBeInstanceOf(UnknownValue);
        }
        expect(data.C).toBe(`${marker as string}!`);
    });

    it.each([
        // The official plugin of Kubernetes has a Secret's values in data, others where the program put them.
        ["kubernetes:core/v1:Secret", "data"],
        ["kubernetes:core/v1:Secret", "stringData"],
        ["pulumi:providers:kubernetes", "kubeconfig"],
        ...["password", "masterPassword", "rootPassword", "authToken", "passwords"].map((input) => [
            "gcp:sql/user:User",
            input,
        ]),
    ] as [string, string][])("of %s hides %s, unless it is unknown or hidden already", (secretType, input) => {
        const seen = (value: unknown): unknown => {
            const preview = new Preview();
            preview.remember(urn, secretType, forRemediation({ [input]: value, other: value }), true);
            return propsOf(preview, { type: secretType })[input];
        };
        const value = input === "data" || input === "stringData" ? { A: "canary-f00d" } : "canary-f00d";
        expect(seen(value)).toBeInstanceOf(SecretValue);
        expect((seen(value) as SecretValue).examine((hidden) => hidden)).toEqual(value);
        expect((seen(new Secret(value)) as SecretValue).examine((hidden) => hidden)).toEqual(value);
        expect(seen(unknownStringValue)).toBeInstanceOf(UnknownValue);
    });

    it("hides nothing of a kind that holds no secrets", () => {
        const preview = new Preview();
        preview.remember(urn, type, forRemediation({ data: { A: "a" }, password: "b" }), true);
        expect(propsOf(preview)).toEqual({ data: { A: "a" }, password: "b" });
    });

    it("leaves out what is the provider's own", () => {
        const preview = new Preview();
        preview.remember(urn, type, forRemediation({ __defaults: [], data: { __defaults: [], A: "a" } }), true);
        expect(propsOf(preview)).toEqual({ data: { A: "a" } });
    });

    it("has dependencies of both kinds, parent, provider, protection and time-out", () => {
        const other = (name: string) => engineResource({ urn: `urn:${name}`, name });
        const resource = engineResource({
            parent: other("parent"),
            provider: { urn: "urn:provider", type: "pulumi:providers:kubernetes", name: "provider", props: {} },
            dependencies: [other("b"), other("a")],
            propertyDependencies: { data: [other("c"), other("a")] },
            opts: {
                ...engineResource().opts,
                protect: true,
                customTimeouts: { createSeconds: 720, updateSeconds: 0, deleteSeconds: 0 },
            },
        });
        expect(new Preview().planOf([resource]).resources[0]).toEqual({
            urn,
            type,
            name: "settings",
            props: {},
            parent: "urn:parent",
            provider: "urn:provider",
            dependencies: ["urn:a", "urn:b", "urn:c"],
            protect: true,
            customTimeouts: { create: "720s" },
        });
    });

    it("is read once for all policies, and anew when something was remembered", () => {
        const preview = new Preview();
        const plan = preview.planOf([engineResource()]);
        expect(preview.planOf([engineResource()])).toBe(plan);
        preview.remember(urn, type, forRemediation({}), true);
        expect(preview.planOf([engineResource()])).not.toBe(plan);
    });
});

describe("policies' names", () => {
    it("are the rule's id and title", () => {
        expect(policyName({ id: "R54", title: "the cluster's API is private, or open" })).toBe(
            "r54-the-clusters-api-is-private-or-open",
        );
    });

    it("differ, and are names that Pulumi takes", () => {
        const names = rules.map(policyName);
        expect(new Set(names).size).toBe(names.length);
        expect(names.filter((name) => !/^r\d+(-[a-z0-9]+)+$/.test(name) || name.length > 100)).toEqual([]);
    });
});
