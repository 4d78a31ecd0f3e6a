// A line for each request to the apps' hosts, in a log bucket of its own: else they go with the project's other logs, as long as those.
import * as pulumi from "@pulumi/pulumi";
import { ProjectBucketConfig } from "@pulumi/gcp/logging/projectBucketConfig.js";
import { ProjectExclusion } from "@pulumi/gcp/logging/projectExclusion.js";
import { ProjectSink } from "@pulumi/gcp/logging/projectSink.js";
import { RandomId } from "@pulumi/random/randomId.js";
import { cloudName } from "../../../lib/cloud-name.ts";
import type { Placement } from "../../contract.ts";

export interface AccessLogsArgs extends Pick<Placement, "instance" | "data"> {
    readonly project: string;
    readonly region: string;
    readonly days: number;
    readonly hosts: readonly string[];
    /** Also every name directly below this one. @default none */
    readonly lentDomain?: string | undefined;
}

export class AccessLogs extends pulumi.ComponentResource {
    constructor(name: string, args: AccessLogsArgs, opts?: pulumi.ComponentResourceOptions) {
        super("django-on-kubernetes:edge:GcpAccessLogs", name, {}, opts);
        const { instance, data, project, region, days } = args;
        const filter = filterOf(args);
        const description = `Requests to the apps of ${instance}`;
        // The name of a bucket that was deleted is taken for a week.
        const suffix = new RandomId(`${name}-suffix`, { byteLength: 3 }, { parent: this });
        const bucket = new ProjectBucketConfig(
            `${name}-bucket`,
            {
                project,
                location: region,
                bucketId: pulumi.interpolate`${cloudName([instance, "requests"], 90)}-${suffix.hex}`,
                retentionDays: days,
                description,
            },
            { parent: this, protect: data === "protected" },
        );
        const sink = new ProjectSink(
            `${name}-sink`,
            {
                project,
                // Of the same project, so no writer has to be let in.
                destination: pulumi.interpolate`logging.googleapis.com/${bucket.id}`,
                filter,
                description,
                uniqueWriterIdentity: true,
            },
            { parent: this },
        );
        new ProjectExclusion(
            `${name}-once`,
            { project, filter, description: "They are kept in a bucket of their own: not paid for twice" },
            // Nothing is lost on the way: they go there before they are kept from here.
            { parent: this, dependsOn: sink },
        );
        this.registerOutputs({});
    }
}

/** Of the load balancer's names none is known before it is there; the requests' addresses are. */
function filterOf({ hosts, lentDomain }: AccessLogsArgs): string {
    const names = [...hosts.map(escaped), ...(lentDomain === undefined ? [] : [`[^./:]+[.]${escaped(lentDomain)}`])];
    return `resource.type="http_load_balancer" AND httpRequest.requestUrl=~"^https?://(${names.join("|")})[:/]"`;
}

/** Without a backslash, which the query's own strings would read before the expression does. */
function escaped(host: string): string {
    return host.replaceAll(".", "[.]");
}
