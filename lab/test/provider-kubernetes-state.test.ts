// Proves: what goes into the state and what into messages: pruned live objects, secrets, field conflicts, redaction.
import { describe, expect, test } from "vitest";
import { isSecret, secret, type PropertyMap } from "../provider-host/index.ts";
import { propagationPolicy, timeoutSeconds } from "../provider-kubernetes/annotations.ts";
import { ApiError } from "../provider-kubernetes/api-error.ts";
import { conflictsOf } from "../provider-kubernetes/conflict.ts";
import { explain } from "../provider-kubernetes/explain.ts";
import { withIgnoredFields } from "../provider-kubernetes/field-ownership.ts";
import type { JsonObject, KubeObject } from "../provider-kubernetes/object.ts";
import { idOf, parseId } from "../provider-kubernetes/object.ts";
import { importedInputs, pruneToInputs } from "../provider-kubernetes/prune.ts";
import { Redactor } from "../provider-kubernetes/redact.ts";
import { withEncodedStringData } from "../provider-kubernetes/secret-data.ts";
import { fieldManagerOf, liveOf, outputsOf } from "../provider-kubernetes/state.ts";
import { toKube } from "../provider-kubernetes/values.ts";

const kube = (fields: JsonObject): KubeObject => fields;

describe("refresh", () => {
    test("leaves out what the server filled in and keeps the program's spelling", () => {
        const inputs = kube({
            metadata: { name: "web", labels: { app: "web" }, finalizers: ["mine"] },
            spec: {
                replicas: 2,
                template: {
                    spec: {
                        securityContext: {},
                        containers: [
                            {
                                name: "web",
                                image: "x:1",
                                args: ["a", "b"],
                                resources: { limits: { cpu: 0.5 } },
                                env: [{ name: "A", value: "" }],
                            },
                        ],
                    },
                },
            },
        });
        const live = kube({
            metadata: {
                name: "web",
                uid: "u",
                labels: { app: "web" },
                finalizers: ["theirs", "mine"],
                annotations: { "deployment.kubernetes.io/revision": "1" },
            },
            spec: {
                replicas: 2,
                progressDeadlineSeconds: 600,
                template: {
                    spec: {
                        restartPolicy: "Always",
                        containers: [
                            { name: "sidecar", image: "y" },
                            {
                                name: "web",
                                image: "x:1",
                                args: ["a", "b"],
                                imagePullPolicy: "IfNotPresent",
                                resources: { limits: { cpu: "500m" } },
                                env: [{ name: "A" }],
                            },
                        ],
                    },
                },
            },
            status: { replicas: 2 },
        });
        expect(pruneToInputs(live, inputs)).toEqual(inputs);
    });

    test("shows what others changed", () => {
        const inputs = kube({
            metadata: { name: "a", labels: { x: "1", y: "1" } },
            data: { k: "1" },
            list: ["a", "b"],
        });
        const live = kube({
            metadata: { name: "a", labels: { x: "2" } },
            data: { k: "1", more: "theirs" },
            list: ["a", "c", "d"],
        });
        expect(pruneToInputs(live, inputs)).toEqual({
            metadata: { name: "a", labels: { x: "2" } },
            data: { k: "1" },
            list: ["a", "c", "d"],
        });
    });

    test("a Secret's text values are read back from its data", () => {
        const inputs = kube({ kind: "Secret", stringData: { a: "one", gone: "x" } });
        const live = kube({ kind: "Secret", data: { a: Buffer.from("other").toString("base64") } });
        expect(pruneToInputs(live, inputs)).toEqual({ kind: "Secret", stringData: { a: "other" } });
    });

    test("an import takes everything but what only the server writes", () => {
        const live = kube({
            apiVersion: "v1",
            kind: "ConfigMap",
            metadata: {
                name: "a",
                namespace: "b",
                uid: "u",
                resourceVersion: "1",
                annotations: { "kubectl.kubernetes.io/last-applied-configuration": "{}" },
            },
            data: { k: "v" },
            status: {},
        });
        expect(importedInputs(live)).toEqual({
            apiVersion: "v1",
            kind: "ConfigMap",
            metadata: { name: "a", namespace: "b" },
            data: { k: "v" },
        });
    });
});

describe("outputs", () => {
    const live = (fields: JsonObject): KubeObject =>
        kube({
            apiVersion: "v1",
            metadata: {
                name: "a",
                namespace: "b",
                managedFields: [{ manager: "x" }],
                annotations: { "kubectl.kubernetes.io/last-applied-configuration": "all of it" },
            },
            ...fields,
        });

    test("secret inputs stay secret at their paths; a Secret's data always is", () => {
        const inputs: PropertyMap = { kind: "ConfigMap", data: { open: "1", hidden: secret("2") } };
        const outputs = outputsOf(live({ kind: "ConfigMap", data: { open: "1", hidden: "2" } }), inputs, "m", "v1");
        expect(outputs["data"]).toEqual({ open: "1", hidden: expect.anything() as unknown });
        expect(isSecret((outputs["data"] as PropertyMap)["hidden"])).toBe(true);
        expect(isSecret(((outputs["__inputs"] as PropertyMap)["data"] as PropertyMap)["hidden"])).toBe(true);

        const plain: PropertyMap = { kind: "Secret", stringData: { k: "v" } };
        const made = outputsOf(live({ kind: "Secret", data: { k: "dg==" } }), plain, "m", "v1");
        expect(isSecret(made["data"])).toBe(true);
        expect(isSecret((made["__inputs"] as PropertyMap)["stringData"])).toBe(true);
        expect(JSON.stringify(made)).not.toContain("dg==");
    });

    test("carry no managed fields and no last-applied annotation, and the object can be told from them", () => {
        const outputs = outputsOf(
            live({ kind: "ConfigMap", data: { a: "1" } }),
            { kind: "ConfigMap" },
            "manager",
            "v1",
        );
        expect(outputs["metadata"]).toEqual({ name: "a", namespace: "b" });
        expect(outputs["__fieldManager"]).toBe("manager");
        expect(liveOf(outputs)).toEqual({
            apiVersion: "v1",
            kind: "ConfigMap",
            metadata: { name: "a", namespace: "b" },
            data: { a: "1" },
        });
    });

    test("the field manager: annotated, recorded, else the same in every run", () => {
        const urn = "urn:pulumi:local::p::kubernetes:core/v1:ConfigMap::a";
        expect(fieldManagerOf(urn, "mine", { __fieldManager: "old" })).toBe("mine");
        expect(fieldManagerOf(urn, undefined, { __fieldManager: "old" })).toBe("old");
        expect(fieldManagerOf(urn, undefined, undefined)).toMatch(/^pulumi-kubernetes-[0-9a-f]{8}$/);
        expect(fieldManagerOf(urn, undefined, undefined)).toBe(fieldManagerOf(urn, undefined, {}));
    });

    test("ids", () => {
        expect(idOf(kube({ metadata: { name: "a", namespace: "b" } }))).toBe("b/a");
        expect(idOf(kube({ metadata: { name: "a" } }))).toBe("a");
        expect(parseId("b/a")).toEqual({ namespace: "b", name: "a" });
        expect(parseId("a")).toEqual({ namespace: undefined, name: "a" });
    });
});

describe("what goes to the server", () => {
    test("no marks, no nulls, dashes in the keys of a definition's schema", () => {
        expect(toKube({ a: secret("s"), b: null, c: { x_kubernetes_int_or_string: true } })).toEqual({
            a: "s",
            c: { "x-kubernetes-int-or-string": true },
        });
    });
    test("stringData as data, so that a dropped key is removed", () => {
        expect(
            withEncodedStringData(
                kube({ apiVersion: "v1", kind: "Secret", data: { a: "MQ==" }, stringData: { b: "ü" } }),
            ),
        ).toEqual({ apiVersion: "v1", kind: "Secret", data: { a: "MQ==", b: "w7w=" } });
        expect(withEncodedStringData(kube({ apiVersion: "v1", kind: "ConfigMap", stringData: { b: "1" } }))).toEqual({
            apiVersion: "v1",
            kind: "ConfigMap",
            stringData: { b: "1" },
        });
    });
    test("a field under ignoreChanges is left to its owner, or keeps its value", () => {
        const managed = (manager: string, fieldsV1: JsonObject): JsonObject => ({ manager, fieldsV1 });
        const object = kube({ spec: { replicas: 1, paused: false } });
        const live = kube({
            metadata: {
                managedFields: [
                    managed("hpa", { "f:spec": { "f:replicas": {} } }),
                    managed("me", { "f:spec": { "f:paused": {} } }),
                ],
            },
            spec: { replicas: 5, paused: true },
        });
        expect(
            withIgnoredFields(object, live, "me", [
                ["spec", "replicas"],
                ["spec", "paused"],
            ]),
        ).toEqual({ spec: { paused: true } });
        expect(object).toEqual({ spec: { replicas: 1, paused: false } });
    });
});

describe("time and propagation", () => {
    test("customTimeouts, then the annotation, then the default of the kind", () => {
        const annotated = kube({ metadata: { annotations: { "pulumi.com/timeoutSeconds": "30" } } });
        expect([
            timeoutSeconds(annotated, 10, 600),
            timeoutSeconds(annotated, undefined, 600),
            timeoutSeconds({}, 0, 600),
        ]).toEqual([10, 30, 600]);
    });
    test("foreground, unless nothing can belong to the object or the user says otherwise", () => {
        expect(propagationPolicy(kube({ kind: "Deployment" }))).toBe("Foreground");
        expect(propagationPolicy(kube({ kind: "ConfigMap" }))).toBe("Background");
        expect(
            propagationPolicy(
                kube({
                    kind: "Deployment",
                    metadata: { annotations: { "pulumi.com/deletionPropagationPolicy": "orphan" } },
                }),
            ),
        ).toBe("Orphan");
    });
});

describe("messages", () => {
    const object = kube({ apiVersion: "apps/v1", kind: "Deployment", metadata: { name: "web", namespace: "shop" } });
    const refused = (code: number, status: JsonObject): ApiError => new ApiError(code, status, "PATCH /x");

    test("a conflict names the field, its manager and the ways out", () => {
        const error = refused(409, {
            message:
                'Apply failed with 1 conflict: conflict with "kubectl" with subresource "scale" using apps/v1: .spec.replicas',
            reason: "Conflict",
            details: {
                causes: [
                    {
                        reason: "FieldManagerConflict",
                        message: 'conflict with "kubectl" with subresource "scale" using apps/v1',
                        field: ".spec.replicas",
                    },
                ],
            },
        });
        expect(conflictsOf(error)).toEqual([
            { field: ".spec.replicas", manager: '"kubectl" with subresource "scale" using apps/v1' },
        ]);
        const { message } = explain("update", object, error);
        expect(message).toContain("Cannot update Deployment web in namespace shop");
        expect(message).toContain('.spec.replicas is managed by "kubectl" with subresource "scale"');
        expect(message).toContain("leave spec.replicas unset in the program, if an autoscaler or a person scales this");
        expect(message).toContain("ignoreChanges");
        expect(message).toContain('pulumi.com/patchForce: "true"');
    });
    test("another conflict is not one of fields", () => {
        expect(conflictsOf(refused(409, { reason: "AlreadyExists" }))).toEqual([]);
        expect(conflictsOf(new Error("x"))).toEqual([]);
    });
    test("an invalid object: one line per property", () => {
        const error = refused(422, {
            message:
                'Deployment.apps "web" is invalid: [spec.replicas: Invalid value: -1: must be greater than or equal to 0, spec.selector: Required value]',
            details: {
                causes: [
                    { field: "spec.replicas", message: "Invalid value: -1: must be greater than or equal to 0" },
                    { field: "spec.selector", message: "Required value" },
                ],
            },
        });
        expect(explain("create", object, error).message.split("\n")).toEqual([
            'Cannot create Deployment web in namespace shop: Deployment.apps "web" is invalid:',
            "  spec.replicas: Invalid value: -1: must be greater than or equal to 0",
            "  spec.selector: Required value",
        ]);
    });
    test("a quoted value that is long is shortened, its reason is not", () => {
        const error = refused(422, {
            message: "Job is invalid: x",
            details: {
                causes: [
                    { field: "spec.template", message: `Invalid value: {${"x".repeat(5000)}}: field is immutable` },
                ],
            },
        });
        const { message } = explain("update", object, error);
        expect(message.length).toBeLessThan(400);
        expect(message).toContain("...: field is immutable");
    });
    test("an unknown field: its path", () => {
        const error = refused(500, {
            message:
                "failed to create typed patch object (shop/web; apps/v1, Kind=Deployment): .spec.replica: field not declared in schema",
        });
        expect(explain("plan", object, error).message).toBe(
            "Cannot plan Deployment web in namespace shop: \n  spec.replica: field not declared in schema",
        );
    });
    test("Pod Security and missing rights come with the fix", () => {
        expect(
            explain("create", object, refused(403, { message: 'violates PodSecurity "restricted:latest"' })).message,
        ).toContain("securityContext");
        expect(
            explain("create", object, refused(403, { message: 'User "a" cannot patch resource' })).message,
        ).toContain("RoleBinding");
    });
});

describe("redaction", () => {
    test("hides marked values and a Secret's data, however they are written", () => {
        const redactor = new Redactor();
        redactor.learn({ kind: "Deployment", spec: { token: secret("hunter2/ä"), list: [secret("listed-secret")] } });
        redactor.learn({
            kind: "Secret",
            stringData: secret({ p: "pass&word" }),
            data: { q: Buffer.from("decoded-value").toString("base64") },
        });
        const text = [
            "hunter2/ä",
            encodeURIComponent("hunter2/ä"),
            Buffer.from("hunter2/ä").toString("base64"),
            "listed-secret",
            "postgres://u:pass%26word@db",
            "decoded-value",
        ].join(" | ");
        expect(redactor.hide(text)).toBe(
            "[secret] | [secret] | [secret] | [secret] | postgres://u:[secret]@db | [secret]",
        );
    });
    test("leaves alone what is open, and what is too short to be a secret", () => {
        const redactor = new Redactor();
        redactor.learn({ kind: "ConfigMap", data: { a: "visible" }, flag: secret("on") });
        expect(redactor.hide("visible on")).toBe("visible on");
    });
    test("hides single lines of a key", () => {
        const redactor = new Redactor();
        redactor.learn({ key: secret("-----BEGIN KEY-----\nabcdefghijkl\n") });
        expect(redactor.hide("line abcdefghijkl shown")).toBe("line [secret] shown");
    });
});
