// Workers, beat, shell and the jobs of a release. Does not prove that Celery takes tasks or that a failed job stops an
// update: that is the cluster layer's.
import { describe, expect, test } from "vitest";
import type { Liveness } from "../../../components/django/contract.ts";
import { secondsToRestart } from "../../../components/django/liveness.ts";
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

describe("a process that hangs", () => {
    const probe = async (liveness: Liveness) =>
        (await recordProcesses({ workers: [{ ...worker, liveness }] })).get("Deployment", "shop-worker-mail").props[
            "spec"
        ].template.spec.containers[0].livenessProbe as Readonly<Record<string, unknown>>;
    const looks = { periodSeconds: 20, timeoutSeconds: 10, failureThreshold: 3, terminationGracePeriodSeconds: 20 };
    const python = ["python", "-I", "-S", "-c", expect.any(String)];

    test("is seen by what the kernel counts of it, without the app and without a store (R102)", async () => {
        expect(await probe({ by: "progress", of: "itself", seconds: 60 })).toEqual({
            ...looks,
            exec: { command: [...python, "itself", "60"] },
        });
        expect(await probe({ by: "progress", of: "children", seconds: 60 })).toMatchObject({
            exec: { command: [...python, "children", "60"] },
        });
    });

    test("is seen by the age of its file, once it had the time to make one", async () => {
        expect(await probe({ by: "file", file: "/tmp/alive", seconds: 90 })).toEqual({
            ...looks,
            initialDelaySeconds: 90,
            exec: { command: [...python, "/tmp/alive", "90"] },
        });
    });

    test("is started anew within three minutes, and does not get the time of a task to stop", () => {
        expect(secondsToRestart({ by: "progress", of: "itself", seconds: 60 })).toBe(160);
    });

    test("is not looked for where nobody knows how", async () => {
        const plan = await recordDjango();
        for (const [kind, name] of [
            ["Deployment", "shop-worker-mail"],
            ["StatefulSet", "shop-beat"],
        ] as const) {
            expect(plan.get(kind, name).props["spec"].template.spec.containers[0]).not.toHaveProperty("livenessProbe");
        }
    });

    test("the scheduler's probe is the same", async () => {
        const liveness = { by: "progress", of: "itself", seconds: 60 } as const;
        const plan = await recordProcesses({ beat: { ...processes.beat!, liveness } });
        expect(plan.get("StatefulSet", "shop-beat").props["spec"].template.spec.containers[0].livenessProbe).toEqual(
            await probe(liveness),
        );
    });
});

describe("who removes nodes (R104)", () => {
    const undisturbed = {
        "cluster-autoscaler.kubernetes.io/safe-to-evict": "false",
        "karpenter.sh/do-not-disrupt": "true",
    };

    test.each([
        [570, { "cluster-autoscaler.kubernetes.io/safe-to-evict-local-volumes": "tmp" }],
        [571, undisturbed],
    ])("leaves a worker with tasks of %d seconds alone where it would not wait", async (taskTimeLimit, annotations) => {
        const plan = await recordProcesses({ workers: [{ ...worker, taskTimeLimit }] });
        expect(plan.get("Deployment", "shop-worker-mail").props["spec"].template.metadata.annotations).toEqual(
            annotations,
        );
    });

    test("leaves a job of a release alone", async () => {
        const { template } = (await recordDjango()).get("Job", "shop-migrate").props["spec"];
        expect(template.metadata.annotations).toEqual(undisturbed);
    });
});

describe("a command at certain times", () => {
    const command = {
        name: "report",
        command: ["python", "manage.py", "report"],
        schedule: "*/15 6-20 * * mon-fri",
        timeZone: "Europe/Berlin",
        size: { cpu: "50m", memory: "256Mi" },
        deadline: 900,
        startingDeadline: 600,
    } as const;
    const record = remembered((options: { readonly preview?: boolean } = {}) =>
        recordProcesses({ scheduled: [command] }, options),
    );

    test("is a CronJob that never runs twice at once, is tried once, and ends (R103)", async () => {
        const { metadata, spec } = (await record()).get("CronJob", "shop-scheduled-report").props;
        expect(metadata).toMatchObject({ name: "shop-scheduled-report", namespace: "shop-staging" });
        const { jobTemplate, ...when } = spec;
        expect(when).toEqual({
            schedule: "*/15 6-20 * * mon-fri",
            timeZone: "Europe/Berlin",
            concurrencyPolicy: "Forbid",
            startingDeadlineSeconds: 600,
            successfulJobsHistoryLimit: 3,
            failedJobsHistoryLimit: 3,
        });
        const { template, ...job } = jobTemplate.spec;
        expect(template.spec).toMatchObject({ restartPolicy: "Never", activeDeadlineSeconds: 900 });
        // The pod's own comes first: a Job would delete the pod with its log.
        expect(job).toEqual({ backoffLimit: 0, activeDeadlineSeconds: 1200 });
        expect(template.metadata.annotations).toMatchObject({ "karpenter.sh/do-not-disrupt": "true" });
    });

    test("has the image, the configuration, the account and the openings of the others", async () => {
        const plan = await record();
        const { template } = plan.get("CronJob", "shop-scheduled-report").props["spec"].jobTemplate.spec;
        const web = plan.get("Deployment", "shop-web").props["spec"].template;
        const [{ image, envFrom, volumeMounts, securityContext, name, command: run }] = template.spec.containers;
        expect(web.spec.containers[0]).toMatchObject({ image, envFrom, volumeMounts, securityContext });
        expect([name, run.slice(-command.command.length)]).toEqual(["scheduled", command.command]);
        expect(template.spec.serviceAccountName).toEqual(web.spec.serviceAccountName);
        const reaches = (labels: Record<string, string>) =>
            Object.keys(labels).filter((key) => key.includes("reaches"));
        expect(reaches(template.metadata.labels)).toEqual(reaches(web.metadata.labels));
        expect(template.metadata.labels["app.kubernetes.io/name"]).toBe("shop-scheduled-report");
    });

    test("is changed only when the release's jobs have ended well (R25)", async () => {
        const plan = await record();
        expect(plan.get("CronJob", "shop-scheduled-report").dependencies).toContain(
            plan.get("Job", "shop-createsuperuser").urn,
        );
    });

    test("in a preview too", async () => {
        const plan = await record({ preview: true });
        expect(plan.created).toContain("CronJob shop-scheduled-report");
    });
});

describe("beat (R19)", () => {
    test("is exactly one: a StatefulSet starts a pod only when the last one is gone", async () => {
        const plan = await recordDjango();
        const { spec, metadata } = plan.get("StatefulSet", "shop-beat").props;
        expect(metadata).toMatchObject({ name: "shop-beat", namespace: "shop-staging" });
        expect(spec).toMatchObject({ replicas: 1, serviceName: "shop-beat" });
        expect(spec.template.spec.containers[0]).toMatchObject({ name: "beat", command: ["celery", "beat"] });
    });

    test("does not wait for a pod that never gets ready before it takes a better one (R78)", async () => {
        const { spec } = (await recordDjango()).get("StatefulSet", "shop-beat").props;
        expect(spec.podManagementPolicy).toBe("Parallel");
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
])("%s %s is ready once it has run for a while: it answers nobody who could ask", async (kind, name) => {
    const plan = await recordDjango();
    const { spec } = plan.get(kind, name).props;
    expect(spec.template.spec.containers[0].lifecycle).toEqual({ postStart: { sleep: { seconds: 10 } } });
    expect(spec).not.toHaveProperty("minReadySeconds");
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
        expect(props["spec"].template.spec.containers[0].command.slice(-3)).toEqual(["python", "manage.py", "migrate"]);
    });

    test("is tried again where that does no harm: an identity that is seconds old may not write yet", async () => {
        const repeats = (await recordDjango()).resources
            .filter(({ type }) => type.endsWith(":Job"))
            .map(({ name, props }) => [name, props["spec"].backoffLimit as unknown]);
        expect(Object.fromEntries(repeats)).toEqual({
            "shop-migrate": 0,
            "shop-collectstatic": 4,
            "shop-createsuperuser": 0,
        });
    });

    test("stays when it has finished: a refresh would run it again (R21)", async () => {
        expect((await job("migrate")).props["spec"]).not.toHaveProperty("ttlSecondsAfterFinished");
    });

    test("is made anew with every image: it is replaced when its pod changes (R22)", async () => {
        expect((await job("migrate")).replaceOnChanges).toEqual(["spec"]);
    });

    test("has one name for all runs, so that no two can be at a time (R79)", async () => {
        expect((await job("migrate")).props["metadata"].name).toBe("shop-migrate");
        expect((await job("migrate")).deleteBeforeReplace).toBe(true);
    });

    test("that has not completed is run again by the next update", async () => {
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
