// A part of a cloud that a person would draw: what a type of resource is called, how big it is, and what to know of it.
import type { Cloud as CloudName, ResourceType, Role, Token } from "../../../lib/catalogue/index.ts";
import { numberOf, textOf } from "../../../policy/kubernetes.ts";
import type { PlanView } from "../../../policy/plan-view.ts";
import type { PolicyResource } from "../../../policy/resource.ts";
import { inputOf } from "../../../policy/setting.ts";

/** What can be drawn of a cloud. */
export type PartRole = Role;

export interface Part {
    readonly cloud: CloudName;
    readonly role: PartRole;
    readonly urn: string;
    /** Short, as a person would say it: `static`, `database`. */
    readonly name: string;
    /** What the cloud calls it: `Cloud SQL`, `EKS`. */
    readonly product: string;
    /** How many nodes it has at least and at most. */
    readonly count?: { readonly min: number; readonly max: number };
    /** Terse, the most telling first. */
    readonly facts: readonly string[];
    readonly protected: boolean;
    /** Whether it is there already, and only named. */
    readonly adopted?: boolean;
    /** Of a network, a zone or a CDN: its range, domain or host. */
    readonly at?: string;
    /** Of a network: the ranges that only managed stores are in. */
    readonly storeRanges?: readonly string[];
}

/** What a cloud's reader says of one of its resources; the rest follows from the resource, and from its type's row in the catalogue. */
export interface Described {
    /** @default the row's */
    readonly role?: PartRole;
    /** @default the row's */
    readonly product?: string;
    readonly name?: string;
    readonly count?: Part["count"];
    readonly facts: ReadonlyArray<string | undefined | false>;
    readonly at?: string | undefined;
    readonly storeRanges?: readonly string[];
}

/** Most need nothing but the resource's inputs; a network is described by many resources. */
export type Reader = (resource: PolicyResource, view: PlanView) => Described | undefined;
export type Readers = Readonly<Partial<Record<Token, Reader>>>;

/** @param row of the resource's type, which has a role */
export function partOf(
    cloud: CloudName,
    resource: PolicyResource,
    row: ResourceType & { readonly role: Role },
    described: Described,
): Part {
    const {
        role = row.role,
        product = row.product ?? row.role,
        count,
        facts,
        at,
        storeRanges,
        name = shortName(resource),
    } = described;
    return {
        cloud,
        role,
        urn: resource.urn,
        name,
        product,
        ...(count && { count }),
        facts: facts.filter((fact): fact is string => typeof fact === "string" && fact !== ""),
        protected: resource.protect,
        ...(at !== undefined && { at }),
        ...(storeRanges && storeRanges.length > 0 && { storeRanges }),
    };
}

/** `assets-static` of the component `assets` is its `static`. */
export function shortName(resource: PolicyResource): string {
    const component = componentName(resource);
    return resource.name.startsWith(`${component}-`) ? resource.name.slice(component.length + 1) : resource.name;
}

/** The name of the component that a resource belongs to; its own without one. */
export function componentName({ parent, name }: PolicyResource): string {
    return parent?.split("::").at(-1) ?? name;
}

/** What else its component made. */
export function siblings(view: PlanView, { parent }: PolicyResource, type: string): readonly PolicyResource[] {
    return parent === undefined ? [] : view.children(parent).filter((resource) => resource.type === type);
}

/** What a read replica is a copy of; itself where the plan does not show it. */
export function sourceOf(view: PlanView, replica: PolicyResource): PolicyResource {
    return siblings(view, replica, replica.type).find(({ urn }) => replica.dependencies.includes(urn)) ?? replica;
}

export function textAt(resource: PolicyResource, path: string): string | undefined {
    return textOf(inputOf(resource, path));
}

export function numberAt(resource: PolicyResource, path: string): number | undefined {
    return numberOf(inputOf(resource, path));
}

export function isOn(resource: PolicyResource, path: string): boolean {
    return inputOf(resource, path) === true;
}

/** Nothing where a list is not known yet. */
export function listAt(resource: PolicyResource, path: string): readonly unknown[] {
    const value = inputOf(resource, path);
    return Array.isArray(value) ? value : [];
}

export function textsAt(resource: PolicyResource, path: string): readonly string[] {
    return listAt(resource, path).flatMap((value) => textOf(value) ?? []);
}

/** "CORS for any site", "CORS for shop.example.org". */
export function corsOf(origins: readonly string[]): string | undefined {
    const hosts = [...new Set(origins)].map((origin) => origin.replace(/^https:\/\//, ""));
    return hosts.length === 0 ? undefined : `CORS for ${hosts.includes("*") ? "any site" : hosts.join(" ")}`;
}

/** "10.0.0.0/8" by itself, two or more in one word, so that a list of facts stays readable. */
export function ranges(cidrs: readonly string[]): string {
    return cidrs.length > 2 ? `${cidrs[0]!} and ${cidrs.length - 1} more` : cidrs.join(" and ");
}
