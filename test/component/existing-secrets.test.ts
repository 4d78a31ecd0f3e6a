// Objects that a controller makes Secrets of, and what is read of Secrets. Does not prove that a controller makes any, nor that
// pods roll over: that is the cluster layer's.
import { expect, test } from "vitest";
import { ExistingSecrets, type ExistingSecretsArgs } from "../../components/secrets/existing.ts";
import { expectOneFamily, placement, recordComponent } from "../support/component.ts";

const sealed = { name: "stripe", encryptedData: { key: `AgB${"x".repeat(400)}` }, scope: "strict" as const };
const external = {
    name: "vault",
    store: { kind: "ClusterSecretStore" as const, name: "company" },
    entries: { password: { key: "prod/db", property: "password" }, token: { key: "prod/token" } },
    refreshInterval: "1h",
};

const record = (args: Partial<ExistingSecretsArgs>, preview = false) =>
    recordComponent(
        (opts) => {
            new ExistingSecrets("secrets", { ...placement, sealed: [], external: [], ...args }, opts);
            return {};
        },
        { preview },
    );

test("a SealedSecret is awaited until its Secret is there, and made anew when it changes", async () => {
    const plan = await record({ sealed: [sealed] });
    expect(plan.created).toEqual(["Existing secrets", "SealedSecret secrets-sealed-stripe"]);
    expectOneFamily(plan, ["Existing", "secrets"]);
    const { props, replaceOnChanges, deleteBeforeReplace, customTimeouts } = plan.get(
        "SealedSecret",
        "secrets-sealed-stripe",
    );
    const labels = {
        "app.kubernetes.io/instance": "shop-staging",
        "app.kubernetes.io/component": "secret",
        "app.kubernetes.io/part-of": "django-on-kubernetes",
        "app.kubernetes.io/managed-by": "pulumi",
    };
    expect(props).toMatchObject({
        apiVersion: "bitnami.com/v1alpha1",
        metadata: {
            name: "stripe",
            namespace: "shop-staging",
            annotations: { "pulumi.com/waitFor": "condition=Synced" },
        },
        spec: { encryptedData: sealed.encryptedData },
    });
    expect(props["spec"].template.metadata.labels).toMatchObject({
        "app.kubernetes.io/instance": labels["app.kubernetes.io/instance"],
    });
    expect({ replaceOnChanges, deleteBeforeReplace, customTimeouts }).toEqual({
        replaceOnChanges: ["spec"],
        deleteBeforeReplace: true,
        customTimeouts: { create: "2m" },
    });
});

test.each(["namespace-wide", "cluster-wide"] as const)("sealed %s, object and Secret say so", async (scope) => {
    const plan = await record({ sealed: [{ ...sealed, scope }] });
    const { metadata, spec } = plan.get("SealedSecret", "secrets-sealed-stripe").props;
    const mark = { [`sealedsecrets.bitnami.com/${scope}`]: "true" };
    expect(metadata.annotations).toMatchObject(mark);
    expect(spec.template.metadata.annotations).toEqual(mark);
});

test("an ExternalSecret names its store, and which entry each key is", async () => {
    const plan = await record({ external: [external] });
    const { props } = plan.get("ExternalSecret", "secrets-external-vault");
    expect(props["metadata"].annotations).toEqual({ "pulumi.com/waitFor": "condition=Ready" });
    expect(props["apiVersion"]).toBe("external-secrets.io/v1");
    expect(props["spec"]).toEqual({
        refreshInterval: "1h",
        secretStoreRef: { kind: "ClusterSecretStore", name: "company" },
        target: { name: "vault", creationPolicy: "Owner" },
        data: [
            { secretKey: "password", remoteRef: { key: "prod/db", property: "password" } },
            { secretKey: "token", remoteRef: { key: "prod/token" } },
        ],
    });
});
