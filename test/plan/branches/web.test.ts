// The branches of R1 to R8 and R13. Does not prove: that the settings can say all of it.
import { beforeAll, describe } from "vitest";
import type { Plan } from "../../../commands/plan/plan.ts";
import { planOf, changed } from "../support/plans.ts";
import { spoil, type Spoiled, type Which } from "../support/spoil.ts";
import { testBranches, type Branch } from "./branches.ts";

let local: Plan;
let production: Plan;

beforeAll(async () => {
    local = await planOf(await changed("local", () => undefined), { stack: "local" });
    production = await planOf(await changed("production", () => undefined), { stack: "production" });
});

const web = { name: "sample-web", kind: "Deployment" };
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- a pod, edited freely
const pod = (r: Spoiled): any => r.props["spec"].template.spec;
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- a container, edited freely
const container = (r: Spoiled): any => pod(r).containers[0];

function of(which: Which, breaks: string | readonly string[], what: string, change: (r: Spoiled) => unknown): Branch {
    return { what, breaks: typeof breaks === "string" ? [breaks] : breaks, plan: () => spoil(local, which, change) };
}

const at = "spec.template.spec.containers[0].";
const probes = ["startupProbe", "readinessProbe", "livenessProbe"] as const;
const strategy = (rollingUpdate: object) => (r: Spoiled) =>
    (r.props["spec"].strategy = { type: "RollingUpdate", rollingUpdate });

describe("R1", () => {
    testBranches(
        probes.map((name) => of(web, `R1 ${at}${name}`, `no ${name}`, (r) => (container(r)[name] = undefined))),
    );
});

describe("R2", () => {
    testBranches(
        probes.flatMap((name) => {
            const path = `R2 ${at}${name}.httpGet.httpHeaders`;
            const to = (what: string, breaks: readonly string[], headers: unknown) =>
                of(web, breaks, `${name}: ${what}`, (r) => (container(r)[name].httpGet.httpHeaders = headers));
            return [
                to("no headers", [path], undefined),
                to("another header", [path], [{ name: "X-Host", value: "sample.localhost" }]),
                to("a host that is not allowed", [path], [{ name: "Host", value: "evil.example.org" }]),
            ];
        }),
    );

    const allowing = (hosts: string, host: string, breaks: readonly string[]): Branch => ({
        what: `${host} where ${hosts} is allowed`,
        breaks,
        plan: () =>
            spoil(
                spoil(local, "sample-environment", (r) => {
                    const { data } = r.props as { data: Record<string, string> };
                    const name = Object.keys(data).find((key) => key.endsWith("ALLOWED_HOSTS"))!;
                    r.props["data"] = { ...data, [name]: hosts };
                }),
                web,
                (r) => {
                    for (const name of probes) {
                        container(r)[name].httpGet.httpHeaders = [{ name: "HOST", value: host }];
                    }
                },
            ),
    });
    const all = probes.map((name) => `R2 ${at}${name}`);
    testBranches([
        allowing("*", "anything", []),
        allowing("a.org, shop.example.org", "shop.example.org", []),
        allowing(".example.org", "shop.example.org", []),
        allowing(".example.org", "example.org", []),
        allowing(".example.org", "badexample.org", all),
        allowing("example.org", "shop.example.org", all),
    ]);
});

describe("R3", () => {
    testBranches([
        ...probes.map((name) =>
            of(
                web,
                `R3 ${at}${name}.httpGet.host`,
                `${name} of the web`,
                (r) => (container(r)[name].httpGet.host = "127.0.0.1"),
            ),
        ),
        of("broker-server", `R3 ${at}readinessProbe.tcpSocket.host`, "a port of another pod", (r) => {
            container(r).readinessProbe = { tcpSocket: { port: 6379, host: "127.0.0.1" } };
        }),
        of(web, [], "an empty one", (r) => (container(r).livenessProbe.httpGet.host = "")),
    ]);
});

describe("R5", () => {
    const sleep = `R5 ${at}lifecycle.preStop.sleep.seconds`;
    testBranches([
        of(web, sleep, "no lifecycle", (r) => delete container(r).lifecycle),
        of(
            web,
            sleep,
            "a command instead",
            (r) => (container(r).lifecycle.preStop = { exec: { command: ["sleep", "5"] } }),
        ),
        of(web, sleep, "4 seconds", (r) => (container(r).lifecycle.preStop.sleep.seconds = 4)),
        of(web, [], "5 seconds", (r) => (container(r).lifecycle.preStop.sleep.seconds = 5)),
    ]);
});

describe("R6", () => {
    const grace = "R6 spec.template.spec.terminationGracePeriodSeconds";
    const serve =
        (...args: string[]) =>
        (r: Spoiled) => {
            container(r).command = ["gunicorn", "app.wsgi", "--keep-alive", "650", ...args];
            delete container(r).args;
            container(r).lifecycle.preStop.sleep.seconds = 5;
        };
    const graceOf =
        (seconds: number | undefined, ...args: string[]) =>
        (r: Spoiled) => {
            serve(...args)(r);
            pod(r).terminationGracePeriodSeconds = seconds;
        };
    testBranches([
        of(web, grace, "Kubernetes' own, and gunicorn's", graceOf(undefined)),
        of(web, grace, "a second less than sleep, gunicorn's time-out and five", graceOf(39)),
        of(web, [], "as much", graceOf(40)),
        of(web, grace, "a longer time-out", graceOf(40, "--graceful-timeout", "31")),
        of(web, [], "a shorter time-out", graceOf(20, "--graceful-timeout=10")),
        of(web, [], "another server, which says nothing", (r) => {
            graceOf(10)(r);
            container(r).command = ["uwsgi"];
        }),
    ]);
});

describe("R7", () => {
    const broken = "R7 spec.strategy";
    testBranches([
        of(web, broken, "all at once", (r) => (r.props["spec"].strategy = { type: "Recreate" })),
        of(web, broken, "one pod less", strategy({ maxUnavailable: 1, maxSurge: 1 })),
        of(web, broken, "a share less", strategy({ maxUnavailable: "10%", maxSurge: 1 })),
        of(web, broken, "no pod more", strategy({ maxUnavailable: 0, maxSurge: 0 })),
        of(web, broken, "no pod more, as text", strategy({ maxUnavailable: 0, maxSurge: "0" })),
        of(web, broken, "no share more", strategy({ maxUnavailable: 0, maxSurge: "0%" })),
        of(web, broken, "Kubernetes' own maxUnavailable", strategy({ maxSurge: 1 })),
        of(web, [], "Kubernetes' own maxSurge", strategy({ maxUnavailable: 0 })),
        of(web, [], "no share less", strategy({ maxUnavailable: "0%", maxSurge: "25%" })),
    ]);
});

describe("R8", () => {
    const autoscaler = { name: "shop-web-autoscaler", kind: "HorizontalPodAutoscaler" };
    testBranches([
        {
            what: "one pod at least, in production",
            breaks: ["R8 spec.replicas"],
            plan: () => spoil(production, autoscaler, (r) => (r.props["spec"].minReplicas = 1)),
        },
    ]);
});

describe("R13", () => {
    const spread = "R13 spec.template.spec.topologySpreadConstraints";
    // eslint-disable-next-line @typescript-eslint/no-explicit-any -- a constraint, edited freely
    const each = (change: (constraint: any) => unknown) => (r: Spoiled) =>
        pod(r).topologySpreadConstraints.forEach(change);
    const only = (key: string) => (r: Spoiled) =>
        (pod(r).topologySpreadConstraints = pod(r).topologySpreadConstraints.filter(
            ({ topologyKey }: { topologyKey: string }) => topologyKey === key,
        ));
    testBranches([
        of(web, spread, "no constraint", (r) => delete pod(r).topologySpreadConstraints),
        of(web, spread, "zones alone", only("topology.kubernetes.io/zone")),
        of(web, spread, "hosts alone", only("kubernetes.io/hostname")),
        of(
            web,
            spread,
            "all releases together",
            each((constraint) => delete constraint.matchLabelKeys),
        ),
        of(
            web,
            spread,
            "other pods",
            each((constraint) => (constraint.labelSelector = { matchLabels: { app: "other" } })),
        ),
    ]);
});

describe("a sidecar", () => {
    testBranches([
        of(web, [], "is asked for no probe, sleep or header of the web's", (r) => {
            const { image, securityContext, resources, volumeMounts } = container(r);
            pod(r).containers.push({ name: "proxy", image, securityContext, resources, volumeMounts });
        }),
    ]);
});
