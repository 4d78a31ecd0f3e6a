// What a state says of the environment it holds, without a secret of it being decrypted.
import { environmentLabel, timeToLiveLabel } from "../../lib/labels.ts";
import { keepLabel, lastPushAnnotation, pullRequestLabel, pullRequestUrlAnnotation } from "../../lib/pull-request.ts";
import { metadataOf, labelsOf, title, type Deployment, type ResourceState } from "../repair/deployment.ts";
import { plainSecret } from "./secrets.ts";

export interface PullRequestOf {
    readonly number: number;
    readonly url?: string;
}

export interface ClusterConnection {
    readonly clusterIdentifier: string;
    readonly kubeconfig?: string;
    readonly context?: string;
}

export interface EnvironmentState {
    /** Every kind that something of the state says; more than one is a contradiction. */
    readonly kinds: readonly string[];
    /** The environment's own namespace. */
    readonly namespace?: string;
    readonly pullRequest?: PullRequestOf;
    readonly lastPush?: Date;
    /** As its label has it: `72h`. */
    readonly timeToLive?: string;
    readonly kept: boolean;
    /** When the first of its resources was made. */
    readonly since?: Date;
    /** Without the stack itself, providers and components. */
    readonly resources: readonly ResourceState[];
    /** What an update that was cut off had begun. */
    readonly pending: ReadonlyArray<{ readonly type: string; readonly resource: ResourceState }>;
    /** What refuses its deletion. */
    readonly protected: readonly string[];
    readonly connection?: ClusterConnection;
    /** Where the server is that it lends. */
    readonly lendsDatabaseIn?: string;
    /** CronJobs that look after a lent server, as `namespace/name`. */
    readonly databaseSweepers: readonly string[];
    readonly apps: Readonly<Record<string, { readonly image?: string; readonly url?: string }>>;
}

interface Outputs {
    readonly environment?: { readonly kind?: unknown };
    readonly namespace?: unknown;
    readonly pullRequest?: { readonly number?: unknown; readonly url?: unknown; readonly lastPush?: unknown };
    readonly platform?: { readonly connection?: Readonly<Record<string, unknown>> };
    readonly lends?: { readonly database?: { readonly namespace?: unknown } };
    readonly apps?: Readonly<Record<string, { readonly image?: unknown; readonly url?: unknown }>>;
}

const namespaceType = "kubernetes:core/v1:Namespace";

export function environmentIn(deployment: Deployment): EnvironmentState {
    const all = (deployment.resources ?? []).filter(({ delete: replaced }) => replaced !== true);
    const pending = deployment.pending_operations ?? [];
    const stack = all.find(({ type }) => type === "pulumi:pulumi:Stack");
    const outputs = (stack?.outputs ?? {}) as Outputs;
    const namespaces = [...all, ...pending.map(({ resource }) => resource)].filter(
        ({ type, inputs }) => type === namespaceType && labelsOf(inputs)[environmentLabel] !== undefined,
    );
    const [namespace] = namespaces;
    const label = (key: string): string | undefined => text(labelsOf(namespace?.inputs)[key]);
    const annotation = (key: string): string | undefined => {
        const { annotations: all = {} } = metadataOf(namespace?.inputs) as { annotations?: Record<string, unknown> };
        return text(all[key]);
    };
    const resources = all.filter(({ custom, type }) => custom === true && !type.startsWith("pulumi:"));
    const number = outputs.pullRequest?.number ?? label(pullRequestLabel);
    const url = text(outputs.pullRequest?.url) ?? annotation(pullRequestUrlAnnotation);
    const lastPush = dateOf(outputs.pullRequest?.lastPush) ?? dateOf(annotation(lastPushAnnotation));
    const kinds = [
        ...new Set(
            [outputs.environment?.kind, ...namespaces.map(({ inputs }) => labelsOf(inputs)[environmentLabel])].flatMap(
                (kind) => text(kind) ?? [],
            ),
        ),
    ];
    const since = all
        .flatMap(({ created }) => dateOf(created) ?? [])
        .toSorted((a, b) => a.getTime() - b.getTime())
        .at(0);
    const name = text(outputs.namespace) ?? text(metadataOf(namespace?.inputs).name);
    const connection = connectionIn(outputs, all);
    const lendsDatabaseIn = text(outputs.lends?.database?.namespace);
    const timeToLive = label(timeToLiveLabel);
    return {
        kinds,
        kept: label(keepLabel) === "true",
        resources,
        pending,
        protected: all.filter(({ protect }) => protect === true).map(title),
        databaseSweepers: all
            .filter(({ urn }) => urn.includes("django-on-kubernetes:database:Sweeper$kubernetes:batch/v1:CronJob::"))
            .flatMap(({ id }) => id ?? []),
        apps: Object.fromEntries(
            Object.entries(outputs.apps ?? {}).map(([app, { image, url: address }]) => [
                app,
                { ...optional("image", text(image)), ...optional("url", text(address)) },
            ]),
        ),
        ...optional("namespace", name),
        ...(isNumber(number) && { pullRequest: { number: Number(number), ...optional("url", url) } }),
        ...optional("lastPush", lastPush),
        ...optional("timeToLive", timeToLive),
        ...optional("since", since),
        ...optional("connection", connection),
        ...optional("lendsDatabaseIn", lendsDatabaseIn),
    };
}

/** As it tells others; where a first update was cut off before, as its provider was told. */
function connectionIn({ platform }: Outputs, all: readonly ResourceState[]): ClusterConnection | undefined {
    const provider = all.find(({ type }) => type === "pulumi:providers:kubernetes")?.inputs;
    const { clusterIdentifier, kubeconfig, context } = platform?.connection ?? provider ?? {};
    const identifier = text(clusterIdentifier);
    return identifier === undefined
        ? undefined
        : {
              clusterIdentifier: identifier,
              ...optional("kubeconfig", plainSecret(kubeconfig)),
              ...optional("context", plainSecret(context)),
          };
}

const pullRequestStack = /^pr-([1-9][0-9]{0,9})$/;

/** By the name that stacks of pull requests have. */
export function numberInName(stack: string): number | undefined {
    const [, number] = pullRequestStack.exec(stack) ?? [];
    return number === undefined ? undefined : Number(number);
}

/** By the name that namespaces of pull requests' stacks have. */
export function numberInNamespace(namespace: string): number | undefined {
    const [, stack] = /-(pr-[0-9]+)$/.exec(namespace) ?? [];
    return stack === undefined ? undefined : numberInName(stack);
}

const units = { h: 3_600_000, d: 86_400_000 } as const;

/** @returns milliseconds; undefined for what is no time to live */
export function timeToLiveOf(label: string | undefined): number | undefined {
    const [, count, unit] = /^([1-9][0-9]{0,3})([hd])$/.exec(label ?? "") ?? [];
    return count === undefined ? undefined : Number(count) * units[unit as "h" | "d"];
}

function isNumber(value: unknown): boolean {
    return /^[1-9][0-9]{0,9}$/.test(String(value));
}

export function dateOf(value: unknown): Date | undefined {
    const date = typeof value === "string" ? new Date(value) : undefined;
    return date === undefined || Number.isNaN(date.getTime()) ? undefined : date;
}

function text(value: unknown): string | undefined {
    return typeof value === "string" && value !== "" ? value : undefined;
}

function optional<Key extends string, Value>(key: Key, value: Value | undefined): { readonly [K in Key]?: Value } {
    return (value === undefined ? {} : { [key]: value }) as { readonly [K in Key]?: Value };
}
