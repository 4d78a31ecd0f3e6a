// A way in that another stack lends: production takes one with certificates only.
// Does not prove: that the lender's certificates are issued.
import { expect, test } from "vitest";
import { checkLender, type Borrower } from "../../../../settings/lender/check.ts";
import { SettingsError } from "../../../../settings/problems.ts";

const lender = "example/django-on-kubernetes/staging";

function problems(kind: "production" | "staging", secure: boolean, name = "pr-1"): unknown {
    const borrower = {
        environment: { kind, name, namespace: `shop-${name}` },
        exposure: { variant: "platform" },
        apps: [],
        stores: { database: [] },
    } as unknown as Borrower;
    const outputs = {
        outputsVersion: 2,
        platform: { connection: { clusterIdentifier: "main" }, networkPolicy: { enforced: true } },
        lends: {
            gateway: {
                instance: "shop-staging",
                namespace: "shop-staging",
                gateway: "edge",
                section: "lent",
                domain: "preview.example.org",
                secure,
                port: secure ? 443 : 80,
            },
        },
    };
    try {
        checkLender("pr", borrower, lender, outputs);
        return [];
    } catch (error) {
        return error instanceof SettingsError ? error.problems : error;
    }
}

test("production refuses one without certificates (R95)", () => {
    expect(problems("production", false)).toEqual([
        {
            path: "exposure.variant",
            found: `"platform", and the Gateway of the stack ${lender} has no certificates`,
            allowed: "in production a way in with HTTPS (R95)",
            fix: "give that stack's platform an issuer or a zone for certificates, and bring it up",
        },
    ]);
});

test("production takes one with certificates, and others take any", () => {
    expect(problems("production", true)).toEqual([]);
    expect(problems("staging", false)).toEqual([]);
});

test("an environment in the lender's own namespace is refused", () => {
    expect(problems("staging", true, "staging")).toEqual([
        {
            path: "environment.name",
            found: `"staging", and so the namespace shop-staging, which is that of the stack ${lender}`,
            allowed: "another name, or another environment.namespace: with this environment that of the other would go",
            fix: "pulumi config set --path 'environment.name' NAME",
        },
    ]);
});
