// The web process of an app: what every server has, and what each is told.
import { z } from "zod";
import { byDefault, byteQuantity, command, port, replicas, seconds, sizeName, urlPath } from "../fields.ts";
import { ofTmp, tmpNames } from "../tmp.ts";
import { longestGrace } from "../edge-timeouts.ts";

const probes = z
    .strictObject({
        live: urlPath
            .meta({ alsoCalled: ["liveness", "livenessProbe"] })
            .default("/healthz/live")
            .describe(
                "Answers while the process works; asks nothing of a store, or an outage there would restart every pod.",
            ),
        ready: urlPath
            .meta({ alsoCalled: ["readiness", "readinessProbe"] })
            .default("/healthz/ready")
            .describe("Answers while the pod can serve."),
    })
    .refine(({ live, ready }) => live !== ready, { path: ["live"], error: "another path than that of ready (R4)" });

/** What every server has. */
export const web = {
    size: sizeName.default("medium").describe("The jobs of a release get the same."),
    replicas: replicas.default({ min: 2, max: 4 }).describe("The autoscaler stays between the two."),
    port: port
        .meta({ alsoCalled: ["containerPort", "targetPort", "httpPort"] })
        .default(8000)
        .describe("The port that the server listens on."),
    probes: probes
        .meta({ alsoCalled: ["health", "healthcheck", "healthchecks"] })
        .prefault({})
        .describe("Two different paths."),
    gracefulTimeout: seconds
        .max(longestGrace)
        .optional()
        .meta({
            alsoCalled: ["gracePeriod", "terminationGracePeriodSeconds"],
            description: "For open requests after SIGTERM.",
            defaultsTo: "20, or `exposure.requestTimeout` where that is longer",
        }),
    tmp: byteQuantity.optional().meta({
        description: `${ofTmp}: larger uploads are there while a request is under way.`,
        defaultsTo: "256Mi, or room for as many uploads of `exposure.maxBodySize` as the pod takes requests at once",
        alsoCalled: tmpNames,
    }),
    targetCpu: z
        .int()
        .meta({ alsoCalled: ["cpuTarget", "targetCPUUtilizationPercentage"] })
        .min(10)
        .max(95)
        .default(70)
        .meta({ unit: "percent", description: "Of the reserved CPU, on average: above it the autoscaler adds pods." }),
};

const processes = z
    .int()
    .min(1)
    .max(64)
    .meta({ alsoCalled: ["workers", "workerCount", "gunicornWorkers", "webConcurrency"] })
    .default(2);

const keepAlive = seconds.max(7200).optional();

const keptLonger = "longer than the way in does, or users see 502 now and then.";

const keptByDefault =
    "15 more than the way in keeps it: 615 behind Google's load balancer, 75 behind AWS's, 105 behind a controller in the cluster";

const gunicorn = z
    .strictObject({
        server: byDefault("gunicorn"),
        ...web,
        processes: processes.describe("gunicorn processes in one pod."),
        threads: z.int().min(1).max(64).default(2).describe("Threads in one of them."),
        timeoutSeconds: seconds
            .max(3600)
            .optional()
            .meta({
                description:
                    "After which gunicorn kills a process that does not answer, `--timeout`. The way in has to wait as long.",
                defaultsTo: "30, or what the way in waits where that is less",
                alsoCalled: ["timeout", "gunicornTimeout"],
            }),
        keepAlive: keepAlive.meta({
            description: `For which gunicorn keeps a connection that nobody uses, \`--keep-alive\`: ${keptLonger}`,
            defaultsTo: keptByDefault,
        }),
        command: command
            .optional()
            .meta({ description: "Runs the server.", defaultsTo: "gunicorn with the settings above" }),
    })
    .describe("WSGI: a request has a thread.");

const uvicorn = z
    .strictObject({
        server: z.literal("uvicorn"),
        ...web,
        processes: processes.describe("Processes in one pod, `--workers`."),
        keepAlive: keepAlive.meta({
            description: `For which uvicorn keeps a connection that nobody uses, \`--timeout-keep-alive\`: ${keptLonger}`,
            defaultsTo: keptByDefault,
        }),
        command: command
            .optional()
            .meta({ description: "Runs the server.", defaultsTo: "uvicorn with the settings above" }),
    })
    .describe("ASGI, websockets too.");

const daphne = z
    .strictObject({
        server: z.literal("daphne"),
        ...web,
        timeoutSeconds: seconds
            .max(3600)
            .optional()
            .meta({
                description:
                    "After which daphne answers 503 for the app, `--http-timeout`. The way in has to wait as long.",
                defaultsTo: "30, or what the way in waits where that is less",
                alsoCalled: ["timeout", "httpTimeout"],
            }),
        command: command
            .optional()
            .meta({ description: "Runs the server.", defaultsTo: "daphne with the settings above" }),
    })
    .describe("ASGI, websockets too: the server of Channels, one process in a pod.");

export const webServer = z
    .discriminatedUnion("server", [gunicorn, uvicorn, daphne])
    .describe("The program that serves requests.")
    .meta({ alsoCalled: ["gunicorn", "server", "frontend"] })
    .prefault({});
