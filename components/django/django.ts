// A Django app: configuration, release jobs, then web, workers, beat, scheduled commands and shell, all of one image (R25, R28).
import * as pulumi from "@pulumi/pulumi";
import { ServiceAccount } from "@pulumi/kubernetes/core/v1/serviceAccount.js";
import type { core } from "@pulumi/kubernetes/types/input.js";
import { objectLabels, type Labels } from "../../lib/labels.ts";
import { appAccount, staticWriterAccount } from "../../lib/service-accounts.ts";
import { createBeat } from "./beat.ts";
import { checkJobs } from "./check.ts";
import { createConfiguration } from "./configuration.ts";
import type { DjangoArgs } from "./contract.ts";
import { createElsewhere, type Elsewhere, type ElsewhereArgs } from "./elsewhere.ts";
import { createOpenings } from "./openings.ts";
import type { PodBase } from "./pod.ts";
import { createReleaseJobs } from "./release.ts";
import { createScheduled } from "./scheduled.ts";
import { createShell } from "./shell.ts";
import { createVolumes } from "./volumes.ts";
import { createWeb } from "./web.ts";
import { createWorker } from "./worker.ts";

export class DjangoApp extends pulumi.ComponentResource {
    /** The Service of the web pods. */
    readonly webService: pulumi.Output<string>;
    /** The port of `webService`. */
    readonly webPort: number;
    /** What selects the web pods. */
    readonly webPods: Labels;
    /** What pulls the image. */
    readonly imagePullSecrets: readonly core.v1.LocalObjectReference[];
    /** What the release is done with. */
    readonly released: readonly pulumi.Resource[];
    /** A container of this release, for a pod of somebody else's. */
    readonly elsewhere: (args: ElsewhereArgs, parent: pulumi.ComponentResource) => Elsewhere;

    constructor(name: string, args: DjangoArgs, opts?: pulumi.ComponentResourceOptions) {
        super("django-on-kubernetes:django:App", name, {}, opts);

        const annotations = args.stores.assets.serviceAccountAnnotations;
        const account = new ServiceAccount(
            `${name}-account`,
            {
                metadata: {
                    name: appAccount(name),
                    namespace: args.namespace,
                    labels: objectLabels(args.instance, "django"),
                    // How a cloud knows the app's pods; without one, as before, no annotations at all.
                    ...(annotations && { annotations }),
                },
                automountServiceAccountToken: false,
            },
            { parent: this },
        );
        const staticAccount = staticWriter(name, args, this);
        const configuration = createConfiguration(name, args, this);
        const volumes = createVolumes(name, args, this);
        const base: PodBase = { args, configuration, volumes, serviceAccount: account.metadata.name, ...staticAccount };
        const { release, web, workers, beat, scheduled, shell } = args.processes;

        const openings = createOpenings(name, args, this);
        const jobs = [...checkJobs(name, args, this), ...release];
        const released = createReleaseJobs(name, base, jobs, openings, this);
        const { service, port, labels } = createWeb(name, base, web, released, this);
        for (const worker of workers) {
            createWorker(name, base, worker, released, this);
        }
        if (beat !== undefined) {
            createBeat(name, base, beat, released, this);
        }
        for (const command of scheduled) {
            createScheduled(name, base, command, released, this);
        }
        if (shell !== undefined) {
            createShell(name, base, shell, released, this);
        }

        this.webService = service.metadata.name;
        this.webPort = port;
        this.webPods = labels;
        this.imagePullSecrets = configuration.imagePullSecrets;
        this.released = released;
        this.elsewhere = (given, parent) => createElsewhere(args, released, given, parent);
        this.registerOutputs({ webService: this.webService, webPort: this.webPort });
    }
}

/** Who a cloud lets write static files, where that is not every pod of the app (R84). */
function staticWriter(
    name: string,
    { namespace, instance, stores }: DjangoArgs,
    parent: pulumi.ComponentResource,
): Pick<PodBase, "staticWriter"> {
    const { staticWriter: writer } = stores.assets;
    if (writer === undefined) {
        return {};
    }
    const account = new ServiceAccount(
        `${name}-collectstatic-account`,
        {
            metadata: {
                name: staticWriterAccount(name),
                namespace,
                labels: objectLabels(instance, "django"),
                ...(writer.annotations && { annotations: writer.annotations }),
            },
            automountServiceAccountToken: false,
        },
        { parent },
    );
    return { staticWriter: account.metadata.name };
}
