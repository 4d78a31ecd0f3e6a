// Workers, beat, shell and the jobs of a release. Does not prove that Celery takes tasks or that a failed job stops an
// update: that is the cluster layer's.
import { describe, expect, test } from "vitest";
import { processes, recordDjango, recordProcesses, worker } from "../../support/django.ts";
import { remembered } from "../../support/remembered.ts";

describe("a worker", () => {
    const record = remembered((changes: Partial<typeof worker> = {}) =>
        recordProcesses({ workers: [{ ...worker, ...changes }] }),
    );
    const selector = { "app.kubernetes.io/name": "shop-worker-mail", "app.kubernetes.io/instance": "shop-staging" };

    test.each([
        { min: 1, max: 1, replicas: 1, autoscaler: false, budget: false },
        { min: 3, max: 3, replicas: 3, autoscaler: false, budget: true },
        { min: 1, max: 3, replicas: undefined, autoscaler: true, budget: true },
    ])("from $min to $max pods", async ({ min, max, replicas, autoscaler, budget }) => {
        const plan = await record({ replicas: { min, max } });
        expect(plan.get("Deployment", "shop-worker-mail").props["spec"].replicas).toBe(replicas);
        expect(plan.created.includes("HorizontalPodAutoscaler shop-worker-mail-autoscaler")).toBe(autoscaler);
        expect(plan.created.includes("PodDisruptionBudget shop-worker-mail-budget")).toBe(budget);
    });

    test("is scaled by its own autoscaler, after it is there", async () => {
        const plan = await record({ replicas: { min: 2, max: 8 } });
        const autoscaler = plan.get("HorizontalPodAutoscaler", "shop-worker-mail-autoscaler");
        expect(autoscaler.props["spec"]).toMatchObject({
            scaleTargetRef: { kind: "Deployment", name: "shop-worker-mail" },
            minReplicas: 2,
            maxReplicas: 8,
        });
        expect(autoscaler.dependencies).toContain(plan.get("Deployment", "shop-worker-mail").urn);
        expect(plan.get("PodDisruptionBudget", "shop-worker-mail-budget").props["spec"]).toEqual({
            maxUnavailable: 1,
            unhealthyPodEvictionPolicy: "AlwaysAllow",
            selector: { matchLabels: selector },
        });
    });

    test.each([30, 300, 21600])("finishes a task of %d seconds before it is killed (R15)", async (taskTimeLimit) => {
        const { template } = (await record({ taskTimeLimit })).get("Deployment", "shop-worker-mail").props["spec"];
        expect(template.spec.terminationGracePeriodSeconds).toBe(taskTimeLimit + 30);
    });

    test("is started without a shell, so that SIGTERM reaches Celery (R16)", async () => {
        const { template, strategy } = (await record()).get("Deployment", "shop-worker-mail").props["spec"];
        expect(template.spec.containers[0]).toMatchObject({ name: "worker", command: ["celery", "worker"] });
        expect(strategy.rollingUpdate).toEqual({ maxUnavailable: 0, maxSurge: 1 });
        expect(template.spec.topologySpreadConstraints).toHaveLength(2);
    });

    test("answers no requests: it has no port and no probe that asks one", async () => {
        const { template } = (await record()).get("Deployment", "shop-worker-mail").props["spec"];
        expect(template.spec.containers[0]).not.toHaveProperty("ports");
    });
});

describe("beat (R19)", () => {
    test("is exactly one: a StatefulSet starts a pod only when the last one is gone", async () => {
        const plan = await recordDjango();
        const { spec, metadata } = plan.get("StatefulSet", "shop-beat").props;
        expect(metadata).toMatchObject({ name: "shop-beat", namespace: "shop-staging" });
        expect(spec).toMatchObject({ replicas: 1, serviceName: "shop-beat" });
        // OrderedReady is the default; Parallel would start two.
        expect(spec).not.toHaveProperty("podManagementPolicy");
        expect(spec.template.spec.containers[0]).toMatchObject({ name: "beat", command: ["celery", "beat"] });
    });

    test("is never scaled, and a node may be drained of it", async () => {
        const plan = await recordDjango();
        const names = plan.created.filter((name) => name.includes("beat"));
        expect(names).toEqual(["StatefulSet shop-beat"]);
        const targets = plan.resources
            .filter(({ type }) => type.endsWith(":HorizontalPodAutoscaler"))
            .map(({ props }) => props["spec"].scaleTargetRef.name as string);
        expect(targets).not.toContain("shop-beat");
    });
});

test.each([
    ["StatefulSet", "shop-beat"],
    ["Deployment", "shop-worker-mail"],
])("%s %s counts as ready only after it has run for a while: it has no probe that could say so", async (kind, name) => {
    const { minReadySeconds } = (await recordDjango()).get(kind, name).props["spec"];
    expect(minReadySeconds).toBeGreaterThanOrEqual(5);
});

test("the shell waits for an engineer, one pod, with the release's image and settings (E1)", async () => {
    const plan = await recordDjango();
    const { spec } = plan.get("Deployment", "shop-shell").props;
    expect(spec).toMatchObject({ replicas: 1, strategy: { type: "Recreate" } });
    expect(spec.template.spec.terminationGracePeriodSeconds).toBe(1);
    expect(spec.template.spec.containers[0]).toMatchObject({ name: "shell", command: ["sleep", "infinity"] });
    const web = plan.get("Deployment", "shop-web").props["spec"].template.spec.containers[0];
    expect(spec.template.spec.containers[0].envFrom).toEqual(web.envFrom);
});

describe("a job of a release", () => {
    const job = async (name: string) => (await recordDjango()).get("Job", `shop-${name}`);

    test("runs once, to its end, and is not tried again (R24)", async () => {
        const { props } = await job("migrate");
        expect(props["spec"]).toMatchObject({ backoffLimit: 0, activeDeadlineSeconds: 600 });
        expect(props["spec"].template.spec.restartPolicy).toBe("Never");
        expect(props["spec"].template.spec.containers[0].command).toEqual(["python", "manage.py", "migrate"]);
    });

    test("stays when it has finished: a refresh would run it again (R21)", async () => {
        expect((await job("migrate")).props["spec"]).not.toHaveProperty("ttlSecondsAfterFinished");
    });

    test("is made anew with every image: it has no name of its own and is replaced when its pod changes (R22)", async () => {
        const { props, replaceOnChanges } = await job("migrate");
        expect(props["metadata"]).not.toHaveProperty("name");
        expect(replaceOnChanges).toEqual(["spec"]);
    });

    test("that failed is run again by the next update", async () => {
        expect((await job("migrate")).props["metadata"].annotations).toEqual({ "pulumi.com/replaceUnready": "true" });
    });

    test.each(["migrate", "collectstatic", "createsuperuser"])(
        "%s: its own deadline ends before the wait for it (R23)",
        async (name) => {
            const { props, customTimeouts } = await job(name);
            expect(customTimeouts.create).toMatch(/^[0-9]+s$/);
            expect(Number.parseInt(customTimeouts.create!, 10)).toBeGreaterThan(
                props["spec"].activeDeadlineSeconds as number,
            );
        },
    );

    test("there may be none", async () => {
        const plan = await recordProcesses({ release: [] });
        expect(plan.created.filter((name) => name.startsWith("Job "))).toEqual([]);
        expect(plan.get("Deployment", "shop-web").dependencies.filter((urn) => urn.includes(":Job::"))).toEqual([]);
    });

    test("the only one waits for the stores, the first after it for that one", async () => {
        const plan = await recordProcesses({ release: processes.release.slice(1) });
        expect(plan.get("Job", "shop-createsuperuser").dependencies).toContain(
            plan.get("Job", "shop-collectstatic").urn,
        );
    });
});
