// Brings the cluster up, or back up: every step looks first whether it is needed.
import type { KubernetesObject } from "@kubernetes/client-node";
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Report } from "../../commands/support/report.ts";
import type { Addon } from "./addons/addon.ts";
import { acmeAuthority, acmeIssuerObject, certificateDefinitions, certificates } from "./addons/certificates.ts";
import { dns } from "./addons/dns.ts";
import { gateway, gatewayClassObject, gatewayDefinitions } from "./addons/gateway.ts";
import { metrics } from "./addons/metrics.ts";
import {
    externalSecrets,
    externalSecretsDefinitions,
    sealedSecrets,
    sealedSecretsDefinition,
} from "./addons/secrets.ts";
import { networkPolicy } from "./addons/network-policy.ts";
import { volumes } from "./addons/volumes.ts";
import {
    applyObjects,
    definitionIsEstablished,
    gatewayClassIsAccepted,
    issuerIsReady,
    kubeletKnowsItsPods,
    metricsAreServed,
    nodeComplaint,
    nodeIsReady,
    waitFor,
} from "./api.ts";
import { ensureCertificates } from "./certificates.ts";
import { podProcesses, weighPods } from "./cgroups.ts";
import { apiServer, controllerManager, scheduler } from "./control-plane.ts";
import { etcd } from "./etcd.ts";
import { importImages } from "./images.ts";
import { writeKubeconfigs } from "./kubeconfig.ts";
import { acmeIssuer, bootMark, gatewayClass, places, type Extra } from "./layout.ts";
import { setUpNetwork } from "./network.ts";
import { containerd, kubelet, proxy } from "./node.ts";
import { acmeSolverImage, imageArchive, pauseImage } from "./node-images.ts";
import { bootId } from "./process-identity.ts";
import { ensureServer, logTail, processes } from "./processes.ts";
import {
    certManagerDirectory,
    ensurePrograms,
    externalSecretsDirectory,
    gatewayApiDirectory,
    sealedSecretsDirectory,
    type CertificatePrograms,
    type Programs,
} from "./programs.ts";

export async function start(report: Report, extras: readonly Extra[]): Promise<void> {
    const programs = await ensurePrograms(report, extras);
    await claimMachine();
    report("Starting etcd, containerd and the API server");
    await Promise.all([setUpNetwork(), ensureCertificates()]);
    await writeKubeconfigs();
    await Promise.all([startControlPlane(programs), startRuntime(programs, report)]);
    report("Starting controllers, kubelet and add-ons");
    const addons = await chooseAddons(programs);
    await Promise.all([
        ensureServer(controllerManager(programs.kubernetes)),
        ensureServer(scheduler(programs.kubernetes)),
        startNode(programs),
        startAddons(addons),
        ...(programs.certificates ? [startCertificates(programs.certificates, report)] : []),
        startSecrets(programs),
    ]);
    report("Waiting for the node and the add-ons");
    const kubeletStart = await startOf("kubelet");
    await Promise.all([
        waitFor("The node is not ready", () => nodeServes(kubeletStart), nodeTrouble, 90).then(weighPods),
        waitFor("The metrics API is not available", metricsAreServed, () => lastWords("metrics-server"), 60),
        waitFor(
            "The Gateway class is not accepted",
            () => gatewayClassIsAccepted(gatewayClass),
            () => lastWords("traefik"),
            60,
        ),
        ...(programs.certificates ? [waitForIssuer()] : []),
    ]);
}

/** Refuses a machine that is another cluster's node; clears what a reboot has made stale. */
async function claimMachine(): Promise<void> {
    if (!existsSync(bootMark) && (await podProcesses()).length > 0) {
        throw new Error(
            "Another Kubernetes node runs on this machine: its pods are in the cgroup `kubepods`. " +
                "Use that cluster instead, by its context, or stop it first.",
        );
    }
    await mkdir(places.root, { recursive: true, mode: 0o711 });
    if ((await readFile(bootMark, "utf8").catch(() => undefined)) !== bootId()) {
        // Addresses given to pods and sockets of before: nobody holds them now.
        await rm(places.run, { recursive: true, force: true });
        await writeFile(bootMark, bootId());
    }
    await mkdir(places.run, { recursive: true, mode: 0o711 });
}

async function nodeServes(since: Date): Promise<boolean> {
    return (await nodeIsReady(since)) && (await kubeletKnowsItsPods());
}

async function startOf(name: string): Promise<Date> {
    const state = (await processes()).find((each) => each.name === name);
    return new Date(state?.record.since ?? 0);
}

async function startControlPlane(programs: Programs): Promise<void> {
    await ensureServer(etcd());
    await ensureServer(apiServer(programs.kubernetes));
}

async function startRuntime(programs: Programs, report: Report): Promise<void> {
    await ensureServer(await containerd());
    await importImages([await imageArchive(pauseImage, programs.pause)], report);
}

async function startNode(programs: Programs): Promise<void> {
    await Promise.all([
        ensureServer(await kubelet(programs.kubernetes)),
        ensureServer(await proxy(programs.kubernetes)),
    ]);
}

interface Addons {
    /** Need nothing but the API server. */
    readonly simple: readonly Addon[];
    /** Needs definitions of its own to be in force first. */
    readonly gateway: Addon;
}

async function chooseAddons({ kubernetes, traefik }: Programs): Promise<Addons> {
    return {
        simple: [await dns(kubernetes), metrics(kubernetes), networkPolicy(kubernetes), await volumes(kubernetes)],
        gateway: await gateway(traefik, await gatewayApiDirectory()),
    };
}

async function startAddons({ simple, gateway }: Addons): Promise<void> {
    await Promise.all([
        ...simple.map(async ({ server, objects }) => {
            // Their rights before they start: a refused server waits ever longer before it tries again.
            await applyOnce(server.name, objects);
            await ensureServer(server);
        }),
        startGateway(gateway),
    ]);
}

/** Of the authority nothing is kept, so that the account is made anew when it has been started anew. */
async function startCertificates(programs: CertificatePrograms, report: Report): Promise<void> {
    const { server, objects } = await certificates(programs.certManager, await certManagerDirectory());
    await Promise.all([
        importImages([await imageArchive(acmeSolverImage, programs.acmeSolver)], report),
        ensureServer(await acmeAuthority(programs.pebble)),
        applyOnce(server.name, objects, async () => {
            await waitForDefinitions("cert-manager's", certificateDefinitions);
            await applyObjects([await acmeIssuerObject()]);
        }),
    ]);
    await ensureServer(server);
}

/** Those that were asked for. They watch what is defined when they start. */
async function startSecrets({ sealedSecrets: sealing, externalSecrets: fetching }: Programs): Promise<void> {
    await Promise.all([
        sealing &&
            startDefining(await sealedSecrets(sealing.controller, await sealedSecretsDirectory()), [
                sealedSecretsDefinition,
            ]),
        fetching !== undefined &&
            startDefining(
                await externalSecrets(fetching, await externalSecretsDirectory()),
                externalSecretsDefinitions,
            ),
    ]);
}

async function startDefining({ server, objects }: Addon, definitions: readonly string[]): Promise<void> {
    await applyOnce(server.name, objects, () => waitForDefinitions(`${server.name}'s`, definitions));
    await ensureServer(server);
}

function waitForIssuer(): Promise<void> {
    return waitFor(
        "The issuer of certificates is not ready",
        () => issuerIsReady(acmeIssuer),
        () => lastWords("cert-manager"),
        60,
    );
}

async function startGateway({ server, objects }: Addon): Promise<void> {
    await applyOnce(server.name, objects, async () => {
        await waitForDefinitions("Gateway API's", gatewayDefinitions);
        await applyObjects([gatewayClassObject]);
    });
    await ensureServer(server);
}

async function waitForDefinitions(whose: string, names: readonly string[]): Promise<void> {
    const established = (): Promise<boolean> =>
        Promise.all(names.map(definitionIsEstablished)).then((all) => all.every(Boolean));
    await waitFor(`${whose} definitions are not in force`, established, () => lastWords("kube-apiserver"), 30);
}

/** Applies the objects unless these very ones have been applied before. */
async function applyOnce(
    name: string,
    objects: readonly KubernetesObject[],
    then?: () => Promise<void>,
): Promise<void> {
    const mark = join(places.config, `${name}.applied`);
    const digest = createHash("sha256").update(JSON.stringify(objects)).digest("hex");
    if ((await readFile(mark, "utf8").catch(() => undefined)) !== digest) {
        await applyObjects(objects);
        await then?.();
        await writeFile(mark, digest);
    }
}

async function nodeTrouble(): Promise<string> {
    return `It says: ${await nodeComplaint()}\n${await lastWords("kubelet")}`;
}

async function lastWords(name: string): Promise<string> {
    return `${name} last wrote:\n${await logTail(name)}`;
}
