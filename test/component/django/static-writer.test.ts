// Who writes static files. Does not prove that a cloud refuses whom it did not name.
import * as pulumi from "@pulumi/pulumi";
import { describe, expect, test } from "vitest";
import type { Assets } from "../../../components/assets/contract.ts";
import type { RecordedComponent } from "../../support/component.ts";
import { recordDjango } from "../../support/django.ts";
import { secretData } from "../../support/component.ts";

const withAssets = (assets: () => Assets, preview = false) =>
    recordDjango(
        ({ stores, processes }) => ({
            stores: { ...stores, assets: assets() },
            processes: {
                ...processes,
                scheduled: [
                    {
                        name: "report",
                        command: ["report"],
                        schedule: "0 3 * * *",
                        timeZone: "Etc/UTC",
                        size: { cpu: "50m", memory: "256Mi" },
                        deadline: 600,
                        startingDeadline: 600,
                    },
                ],
            },
        }),
        { preview },
    );

const bucketsOf = (rest: Partial<NonNullable<Assets["buckets"]>>): Assets["buckets"] => ({
    protocol: "s3",
    staticBucket: "statics",
    mediaBucket: "uploads",
    ...rest,
});

/** Every pod of the app but that of the job which writes static files. */
const others = [
    ["Job", "shop-migrate"],
    ["Job", "shop-createsuperuser"],
    ["Deployment", "shop-web"],
    ["Deployment", "shop-worker-mail"],
    ["StatefulSet", "shop-beat"],
    ["CronJob", "shop-scheduled-report"],
    ["Deployment", "shop-shell"],
] as const;

const podOf = (plan: RecordedComponent, kind: string, name: string) => {
    const { spec } = plan.get(kind, name).props;
    return (kind === "CronJob" ? spec.jobTemplate.spec : spec).template.spec as {
        readonly serviceAccountName: string;
        readonly containers: ReadonlyArray<{ readonly envFrom: readonly unknown[] }>;
    };
};

describe("where a cloud tells pods by their ServiceAccount", () => {
    const assets = (): Assets => ({
        url: "https://static.example.org/",
        collects: true,
        buckets: bucketsOf({ protocol: "gcs" })!,
        serviceAccountAnnotations: { account: "app" },
        staticWriter: { annotations: { account: "writer" } },
    });

    test("the job that writes static files has one of its own, and no other pod has it (R84)", async () => {
        const plan = await withAssets(assets);
        const account = plan.get("ServiceAccount", "shop-collectstatic-account");
        expect(account.props).toMatchObject({
            metadata: { name: "shop-collectstatic", annotations: { account: "writer" } },
            automountServiceAccountToken: false,
        });
        expect(plan.get("ServiceAccount", "shop-account").props["metadata"]).toMatchObject({
            name: "shop",
            annotations: { account: "app" },
        });
        expect(podOf(plan, "Job", "shop-collectstatic").serviceAccountName).toBe("shop-collectstatic");
        expect(others.map(([kind, name]) => podOf(plan, kind, name).serviceAccountName)).toEqual(
            others.map(() => "shop"),
        );
    });

    test("it may have no annotations, where the cloud is told from its own side", async () => {
        const plan = await withAssets(() => ({ ...assets(), staticWriter: {} }));
        expect(plan.get("ServiceAccount", "shop-collectstatic-account").props["metadata"]).not.toHaveProperty(
            "annotations",
        );
    });

    test("a preview plans the same", async () => {
        expect((await withAssets(assets, true)).created).toEqual((await withAssets(assets)).created);
    });
});

describe("where pods have a key", () => {
    const key = (id: string) => ({ id: pulumi.secret(id), secret: pulumi.secret(`${id} secret`) });
    const assets = (): Assets => ({
        url: "https://static.example.org/",
        collects: true,
        buckets: bucketsOf({ accessKey: key("app"), staticAccessKey: key("writer") })!,
    });

    test("the job that writes static files has one of its own, named last, and no other pod has it (R84)", async () => {
        const plan = await withAssets(assets);
        expect(secretData(plan.get("Secret", "shop-collectstatic-key"))).toEqual({
            AWS_ACCESS_KEY_ID: "writer",
            AWS_SECRET_ACCESS_KEY: "writer secret",
        });
        expect(plan.get("Secret", "shop-collectstatic-key").props["immutable"]).toBe(true);
        expect(secretData(plan.get("Secret", "shop-secret-environment"))).toMatchObject({ AWS_ACCESS_KEY_ID: "app" });
        const { envFrom } = podOf(plan, "Job", "shop-collectstatic").containers[0]!;
        const last = JSON.stringify(envFrom.at(-1));
        expect(last).toContain("shop-collectstatic-key");
        for (const [kind, name] of others) {
            expect(JSON.stringify(podOf(plan, kind, name).containers[0]!.envFrom)).not.toContain("collectstatic-key");
        }
        expect(plan.created.filter((created) => created.startsWith("ServiceAccount "))).toEqual([
            "ServiceAccount shop-account",
        ]);
    });

    test("without a second key all pods have the one that there is", async () => {
        const plan = await withAssets(() => ({ ...assets(), buckets: bucketsOf({ accessKey: key("app") })! }));
        expect(plan.created).not.toContain("Secret shop-collectstatic-key");
        expect(podOf(plan, "Job", "shop-collectstatic").containers[0]!.envFrom).toHaveLength(2);
    });
});

test("files on a volume need neither", async () => {
    const plan = await recordDjango();
    expect(plan.created.filter((created) => /collectstatic-(key|account)/.test(created))).toEqual([]);
    expect(podOf(plan, "Job", "shop-collectstatic").serviceAccountName).toBe("shop");
});
