// The whole program, from settings to planned inputs, for tests of how its parts are put together.
import { expect } from "vitest";
import { SecretValue, type Plan, type PlannedResource } from "../../../commands/plan/plan.ts";
import { SettingsError, type Problem } from "../../../settings/problems.ts";
import { planOf, type PlanOptions, type Secrets, type Sections } from "../../plan/support/plans.ts";
import { remembered } from "../../support/remembered.ts";
import { withSettings, type Change } from "../../support/settings.ts";

export type { Change, Secrets, Sections };

/** The environment of these tests is `shop-test`. */
export const namespace = "shop-test";

export const shop = {
    contract: "django",
    name: "shop",
    module: "shop",
    image: "registry.example.org/shop:4f2a91c",
    hosts: ["shop.example.org"],
};

/** Everything in a cluster that is there, with a way in: as little as has all kinds of stores. */
export function inCluster(...changes: readonly Change[]): Sections {
    const smallest = {
        environment: { kind: "staging" },
        platform: {
            variant: "existing",
            context: "staging",
            gateway: { className: "traefik" },
            enforcesNetworkPolicy: true,
        },
        apps: [shop],
        database: { variant: "in-cluster", version: "17", storage: "10Gi" },
        cache: { variant: "in-cluster" },
        broker: { variant: "redis", storage: "2Gi" },
        assets: { variant: "whitenoise" },
        exposure: { variant: "gateway" },
    };
    return withSettings(smallest, changes);
}

export interface Stack extends Plan {
    /** @throws when there is not exactly one of that kind and name */
    get(kind: string, name: string): PlannedResource;
    /** @returns all of that kind */
    all(kind: string): readonly PlannedResource[];
}

/** What `pulumi up` would register. */
export const stackOf = remembered(async (sections: Sections, options: PlanOptions = {}) =>
    stack(await planOf(sections, options)),
);

function stack(plan: Plan): Stack {
    const all = (kind: string) => plan.resources.filter(({ type }) => type.split(":").at(-1) === kind);
    return {
        ...plan,
        all,
        get(kind, name) {
            const found = all(kind).filter((resource) => resource.name === name);
            expect(found, `${kind} ${name}`).toHaveLength(1);
            return found[0]!;
        },
    };
}

/** @returns what the settings are refused for: nothing when they are not */
export async function refusal(sections: Sections, options: PlanOptions = {}): Promise<readonly Problem[]> {
    try {
        await planOf(sections, options);
        return [];
    } catch (error) {
        if (error instanceof SettingsError) {
            return error.problems;
        }
        throw error;
    }
}

/** @returns a value that has to be marked secret */
export function secret(value: unknown): unknown {
    expect(value).toBeInstanceOf(SecretValue);
    return (value as SecretValue).examine((plain) => plain);
}

/** @returns what a Kubernetes Secret holds, all of it marked secret */
export function secretData({ props }: PlannedResource): Readonly<Record<string, string>> {
    return secret(props["stringData"]) as Readonly<Record<string, string>>;
}

/** A value as it would be sent, with what is secret of it in plain text. */
export function revealed(value: unknown): unknown {
    if (value instanceof SecretValue) {
        return value.examine(revealed);
    }
    if (Array.isArray(value)) {
        return value.map(revealed);
    }
    return value !== null && typeof value === "object"
        ? Object.fromEntries(Object.entries(value).map(([key, item]) => [key, revealed(item)]))
        : value;
}

/** What tests read of the pods of a workload or job. */
export interface PodSpec {
    readonly containers: readonly {
        readonly image: string;
        readonly resources: { readonly requests: { readonly cpu: string; readonly memory: string } };
        readonly env?: readonly { readonly name: string; readonly value?: string }[];
    }[];
    readonly securityContext: { readonly runAsUser: number; readonly runAsGroup: number };
    readonly imagePullSecrets?: readonly { readonly name: string }[];
}

export function podOf({ props }: PlannedResource): PodSpec {
    const spec = props["spec"] as {
        readonly template?: { readonly spec: PodSpec };
        readonly jobTemplate?: { readonly spec: { readonly template: { readonly spec: PodSpec } } };
    };
    return (spec.template ?? spec.jobTemplate!.spec.template).spec;
}

/** The first container's environment variables, as far as they are in plain text. */
export function variablesOf(workload: PlannedResource): Readonly<Record<string, string | undefined>> {
    const [container] = podOf(workload).containers;
    return Object.fromEntries((container!.env ?? []).map(({ name, value }) => [name, value]));
}

/** The names of what a resource waits for: its own dependencies, and those of the components that it is part of. */
export function waitsFor(
    stack: Pick<Stack, "resources">,
    { dependencies, parent }: PlannedResource,
): readonly string[] {
    const component = stack.resources.find(({ urn }) => urn === parent);
    const own = dependencies.map((urn) => urn.split("::").at(-1)!);
    return component === undefined ? own : [...own, ...waitsFor(stack, component)];
}

/** An app's plain variables. */
export function environmentOf({ get }: Stack, app: string): Readonly<Record<string, string>> {
    return get("ConfigMap", `${app}-environment`).props["data"] as Readonly<Record<string, string>>;
}

/** An app's secret variables. */
export function secretsOf({ get }: Stack, app: string): Readonly<Record<string, string>> {
    return secretData(get("Secret", `${app}-secret-environment`));
}

/** Where a policy lets pods go: of each rule, its ranges and its ports. */
export const egress = (stack: Stack, name: string) =>
    (
        stack.get("NetworkPolicy", name).props["spec"] as {
            egress: { to: { ipBlock: { cidr: string } }[]; ports: { port: number }[] }[];
        }
    ).egress.map(({ to, ports }) => [...to.map(({ ipBlock }) => ipBlock.cidr), ...ports.map(({ port }) => port)]);
