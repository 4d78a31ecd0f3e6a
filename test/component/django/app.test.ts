// The app as a whole: which processes there are, what all their pods share, in which order they come.
// Does not prove that Django serves: that is the cluster layer's.
import { describe, expect, test } from "vitest";
import { DjangoApp } from "../../../components/django/django.ts";
import { RestrictedNamespace } from "../../../components/namespace/restricted.ts";
import { expectOneFamily, recordComponent, type RecordedComponent } from "../../support/component.ts";
import { djangoArgs, recordDjango, recordProcesses, worker } from "../../support/django.ts";
import { remembered } from "../../support/remembered.ts";

const everything = [
    "App shop",
    "ConfigMap shop-environment",
    "Deployment shop-shell",
    "Deployment shop-web",
    "Deployment shop-worker-mail",
    "HorizontalPodAutoscaler shop-web-autoscaler",
    "HorizontalPodAutoscaler shop-worker-mail-autoscaler",
    "Job shop-collectstatic",
    "Job shop-createsuperuser",
    "Job shop-migrate",
    "NetworkPolicy shop-web-from-gateway",
    "PodDisruptionBudget shop-web-budget",
    "PodDisruptionBudget shop-worker-mail-budget",
    "RandomPassword shop-secret-key",
    "Secret shop-secret-environment",
    "Service shop-web-service",
    "ServiceAccount shop-account",
    "StatefulSet shop-beat",
];

/** Every object that makes pods, with their template. */
function podTemplates(plan: RecordedComponent) {
    return plan.resources
        .filter(({ type }) => /:(Deployment|StatefulSet|Job)$/.test(type))
        .map(({ name, props }) => ({ name, template: props["spec"].template }));
}

describe("what is created", () => {
    test("everything", async () => {
        const plan = await recordDjango();
        expect(plan.created).toEqual(everything);
        expectOneFamily(plan, ["App", "shop"]);
        expect(plan.get("App", "shop").type).toBe("django-on-kubernetes:django:App");
        expect(plan.outputs).toEqual({ webService: "shop-web", webPort: 80 });
    });

    test("the web alone, of an image that needs no more", async () => {
        const plan = await recordDjango(({ processes: { web } }) => ({
            processes: { release: [], web, workers: [], scheduled: [] },
        }));
        expect(plan.created).toEqual(everything.filter((name) => !/^Job |shop-(beat|shell|worker)/.test(name)));
    });

    test("no beat", async () => {
        const { beat: _, ...others } = djangoArgs().processes;
        const plan = await recordDjango(() => ({ processes: others }));
        expect(plan.created).toEqual(everything.filter((name) => name !== "StatefulSet shop-beat"));
    });

    test("no shell", async () => {
        const { shell: _, ...others } = djangoArgs().processes;
        const plan = await recordDjango(() => ({ processes: others }));
        expect(plan.created).toEqual(everything.filter((name) => name !== "Deployment shop-shell"));
    });

    test("any number of workers, each by its name", async () => {
        const named = (name: string) => ({ ...worker, name, replicas: { min: 1, max: 1 } });
        const plan = await recordProcesses({ workers: [named("mail"), named("images"), named("default")] });
        expect(plan.created.filter((name) => name.includes("worker"))).toEqual([
            "Deployment shop-worker-default",
            "Deployment shop-worker-images",
            "Deployment shop-worker-mail",
        ]);
    });

    test("a preview plans the same", async () => {
        expect((await recordDjango(undefined, { preview: true })).created).toEqual(everything);
    });
});

describe("all pods of an app", () => {
    test("run one image (R28), under one account of its own without a token (R44, R45)", async () => {
        const plan = await recordDjango();
        const templates = podTemplates(plan);
        expect(templates).toHaveLength(7);
        for (const { name, template } of templates) {
            expect(template.spec, name).toMatchObject({
                serviceAccountName: "shop",
                automountServiceAccountToken: false,
                enableServiceLinks: false,
            });
            expect(template.spec.containers, name).toHaveLength(1);
            expect(template.spec.containers[0].image, name).toBe("registry.example.org/shop:4f2a91c");
        }
        expect(plan.get("ServiceAccount", "shop-account").props).toMatchObject({
            metadata: { name: "shop", namespace: "shop-staging" },
            automountServiceAccountToken: false,
        });
    });

    test("pass Pod Security 'restricted' as the image's user, and write to /tmp alone (R36, R38, R39)", async () => {
        const plan = await recordDjango(() => ({ runAs: { user: 1234, group: 5678 } }));
        for (const { name, template } of podTemplates(plan)) {
            expect(template.spec.securityContext, name).toMatchObject({
                runAsNonRoot: true,
                runAsUser: 1234,
                runAsGroup: 5678,
                fsGroup: 5678,
                seccompProfile: { type: "RuntimeDefault" },
            });
            const [container] = template.spec.containers;
            expect(container.securityContext, name).toEqual({
                allowPrivilegeEscalation: false,
                readOnlyRootFilesystem: true,
                capabilities: { drop: ["ALL"] },
            });
            expect(container.env, name).toEqual([{ name: "HOME", value: "/tmp" }]);
            expect(container.volumeMounts, name).toContainEqual({ name: "tmp", mountPath: "/tmp" });
            expect(template.spec.volumes, name).toContainEqual({ name: "tmp", emptyDir: { sizeLimit: "256Mi" } });
        }
    });

    test("reserve what they may use (R40)", async () => {
        const plan = await recordDjango();
        const resources = Object.fromEntries(
            podTemplates(plan).map(({ name, template }) => [
                name,
                template.spec.containers[0].resources.requests.memory,
            ]),
        );
        expect(resources).toEqual({
            "shop-migrate": "512Mi",
            "shop-collectstatic": "512Mi",
            "shop-createsuperuser": "512Mi",
            "shop-web": "512Mi",
            "shop-worker-mail": "512Mi",
            "shop-beat": "256Mi",
            "shop-shell": "256Mi",
        });
    });

    test("get the same variables, from the ConfigMap and the Secret that were made", async () => {
        const plan = await recordDjango();
        for (const { name, template } of podTemplates(plan).filter(({ name }) => name !== "shop-createsuperuser")) {
            expect(template.spec.containers[0].envFrom, name).toEqual([
                { configMapRef: { name: expect.stringMatching(/^shop-environment-/) as string } },
                { secretRef: { name: expect.stringMatching(/^shop-secret-environment-/) as string } },
            ]);
        }
    });

    test("may reach the stores that the app has, and no other", async () => {
        const labelsOf = (plan: RecordedComponent) =>
            podTemplates(plan).map(({ template }) =>
                Object.keys(template.metadata.labels as object)
                    .filter((label) => label.startsWith("django-on-kubernetes/"))
                    .sort(),
            );
        for (const labels of labelsOf(await recordDjango())) {
            expect(labels).toEqual([
                "django-on-kubernetes/reaches-broker",
                "django-on-kubernetes/reaches-cache",
                "django-on-kubernetes/reaches-database",
            ]);
        }
        const plan = await recordDjango(({ stores: { database, assets } }) => ({ stores: { database, assets } }));
        for (const labels of labelsOf(plan)) {
            expect(labels).toEqual(["django-on-kubernetes/reaches-database"]);
        }
    });

    test("are told apart by their selectors, which match their labels (R14)", async () => {
        const plan = await recordDjango();
        const workloads = plan.resources.filter(({ type }) => /:(Deployment|StatefulSet)$/.test(type));
        const selectors = workloads.map(({ props }) => props["spec"].selector.matchLabels as Record<string, string>);
        expect(new Set(selectors.map((selector) => selector["app.kubernetes.io/name"])).size).toBe(workloads.length);
        for (const { name, props } of workloads) {
            expect(props["spec"].selector.matchLabels, name).toEqual({
                "app.kubernetes.io/name": name,
                "app.kubernetes.io/instance": "shop-staging",
            });
            expect(props["spec"].template.metadata.labels, name).toMatchObject(props["spec"].selector.matchLabels);
        }
    });

    test("read the static files' volume; only the job that collects them writes it", async () => {
        const plan = await recordDjango();
        for (const { name, template } of podTemplates(plan)) {
            expect(template.spec.volumes, name).toContainEqual({
                name: "assets",
                persistentVolumeClaim: { claimName: "assets" },
            });
            expect(template.spec.containers[0].volumeMounts, name).toContainEqual({
                name: "assets",
                mountPath: "/srv/static",
                readOnly: name !== "shop-collectstatic",
            });
        }
    });

    test("have no such volume when the files are in the image", async () => {
        const plan = await recordDjango(({ stores }) => ({
            stores: { ...stores, assets: { url: "/static/", collects: false } },
        }));
        for (const { name, template } of podTemplates(plan)) {
            expect(JSON.stringify(template), name).not.toContain('"assets"');
        }
    });
});

describe("the order of a release (R25-R27)", () => {
    const record = remembered(() =>
        recordComponent((opts) => {
            const store = new RestrictedNamespace(
                "store",
                { name: "store", environmentKind: "staging", data: "kept" },
                opts,
            );
            new DjangoApp("shop", { ...djangoArgs(), after: [store] }, opts);
            return {};
        }),
    );

    test("stores and network policies, migrate, collectstatic, createsuperuser, one after the other", async () => {
        const plan = await record();
        const urn = (kind: string, name: string) => plan.get(kind, name).urn;
        const before = (job: string) => plan.get("Job", job).dependencies;
        expect(before("shop-migrate")).toEqual(
            expect.arrayContaining([urn("Namespace", "store"), urn("NetworkPolicy", "shop-web-from-gateway")]),
        );
        expect(before("shop-collectstatic")).toContain(urn("Job", "shop-migrate"));
        expect(before("shop-createsuperuser")).toContain(urn("Job", "shop-collectstatic"));
        expect(before("shop-migrate").filter((other) => other.includes(":Job::"))).toEqual([]);
    });

    test("then web, workers, beat and shell, each after every job", async () => {
        const plan = await record();
        const jobs = ["shop-migrate", "shop-collectstatic", "shop-createsuperuser"].map(
            (name) => plan.get("Job", name).urn,
        );
        for (const [kind, name] of [
            ["Deployment", "shop-web"],
            ["Deployment", "shop-worker-mail"],
            ["StatefulSet", "shop-beat"],
            ["Deployment", "shop-shell"],
        ] as const) {
            expect(plan.get(kind, name).dependencies, name).toEqual(expect.arrayContaining(jobs));
        }
    });

    test("the Service and the configuration wait for no job: the old pods use them meanwhile", async () => {
        const plan = await record();
        for (const [kind, name] of [
            ["Service", "shop-web-service"],
            ["ConfigMap", "shop-environment"],
            ["Secret", "shop-secret-environment"],
        ] as const) {
            expect(
                plan.get(kind, name).dependencies.filter((other) => other.includes(":Job::")),
                name,
            ).toEqual([]);
        }
    });
});
