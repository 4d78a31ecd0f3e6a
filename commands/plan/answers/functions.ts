// Functions that the program calls, and what the recorded clouds answer. A closed list: anything else is refused by name.
import type { PlainMap } from "./values.ts";
import { recordedAuthority } from "./outputs/certificate.ts";

const answers: Readonly<Record<string, (args: PlainMap) => PlainMap>> = {
    // The controller in the cluster has made it by then.
    "aws:resourcegroupstaggingapi/getResources:getResources": ({ tagFilters }) => ({
        id: "recorded",
        resourceTagMappingLists: instancesOf(tagFilters).map((instance) => ({
            resourceArn: `arn:aws:elasticloadbalancing:eu-central-1:123456789012:loadbalancer/app/k8s-${instance}/0123456789abcdef`,
            tags: { "django-on-kubernetes/instance": instance },
            complianceDetails: [],
        })),
    }),
    "gcp:organizations/getProject:getProject": ({ projectId }) => ({
        id: `projects/${textOf(projectId)}`,
        projectId,
        number: "123456789012",
    }),
    "digitalocean:index/getDatabaseCa:getDatabaseCa": ({ clusterId }) => ({
        id: clusterId,
        clusterId,
        certificate: recordedAuthority,
    }),
    "digitalocean:index/getDatabaseUser:getDatabaseUser": ({ clusterId, name }) => ({
        id: `${textOf(clusterId)}/user/${textOf(name)}`,
        clusterId,
        name,
        role: "normal",
        password: "recorded",
        accessCert: "",
        accessKey: "",
        mysqlAuthPlugin: "",
        settings: [],
    }),
};

function textOf(value: unknown): string {
    return typeof value === "string" ? value : "";
}

/** @param filters `[{ key, values: [instance] }]` */
function instancesOf(filters: unknown): string[] {
    return (Array.isArray(filters) ? filters : []).flatMap(
        (filter) => (filter as { readonly values?: readonly string[] }).values ?? [],
    );
}

/** The functions that have an answer. */
export const answeredFunctions: readonly string[] = Object.keys(answers);

/** @returns undefined for a function that is not in the list */
export function answer(token: string, args: PlainMap): PlainMap | undefined {
    return answers[token]?.(args);
}
