// What is known of one type of resource: a row of the catalogue. Facts alone, no SDK.

/** What is lost with it, that nobody can make again. */
export type HeldKind =
    "database" | "bucket" | "zone" | "key" | "volume" | "namespace" | "cluster" | "registry" | "logs" | "backups";

/** What a person sees in it: a row of the plan's table, a box of its picture. */
export type Role =
    | "network"
    | "cluster"
    | "nodes"
    | "database"
    | "cache"
    | "cdn"
    | "bucket"
    | "zone"
    | "certificate"
    | "registry"
    | "key"
    | "logs"
    | "alarm";

/**
 * What it is to a destroy (R72). `way out`: what nodes reach the cloud's API by; `cluster add-on`: what nodes and pods need that a cloud
 * installs; `named`: what objects in a cluster name by text, and a cloud does not delete while it is in use.
 */
export type TeardownRole = "network" | "way out" | "nodes" | "cluster add-on" | "named";

/** What an operation of Pulumi's can be given time for. */
export type Operation = "create" | "update" | "delete";

/** A resource's inputs, as far as they decide; whatever their shape. */
export type Inputs = Readonly<Record<string, unknown>>;

/** An input that, when true, refuses the deletion. */
export interface DeletionSwitch {
    /** The way to it, for example `settings.deletionProtectionEnabled`. */
    readonly path: string;
    /** What it is when it is left out. */
    readonly byDefault: boolean;
    /** `cloud` refuses whoever asks; `provider` stops Pulumi alone, not the console. */
    readonly by: "cloud" | "provider";
}

export interface NameLimit {
    /** The input that names it, for example `metadata.name`. */
    readonly input: string;
    /** Characters. */
    readonly longest: number;
    /** What makes it shorter than the reader would think. */
    readonly because?: string;
}

/** An input by which everybody may reach it, or what is in it. */
export interface Opening {
    readonly path: string;
    /** What is taken when it is left out. @default nothing */
    readonly byDefault?: unknown;
    /** @param value what is given, or the default */
    readonly isOpen: (value: unknown) => boolean;
    /** What has to be there instead. */
    readonly allowed: string;
    readonly fix: string;
}

/** A second resource, without which it is open. */
export interface Closing {
    /** A type of the catalogue. */
    readonly type: string;
    readonly allowed: string;
    readonly fix: string;
}

/** With such inputs one of this type holds nothing, and may be called something else. */
export interface Emptiness {
    readonly when: (inputs: Inputs) => boolean;
    readonly role?: Role;
    readonly product?: string;
}

export interface ResourceType {
    /** @default it can be made again */
    readonly holds?: HeldKind;
    /** @default whatever its inputs are, it holds what its type does */
    readonly empty?: Emptiness;
    /** @default the cloud has none: `protect` alone stops Pulumi */
    readonly deletion?: readonly DeletionSwitch[];
    /** The input without which one that is not empty cannot be deleted. @default it goes as it is */
    readonly emptiedBy?: string;
    /** @default it has no name, or its object's own limit counts */
    readonly name?: NameLimit;
    /** @default nothing makes it public */
    readonly openings?: readonly Opening[];
    readonly closedBy?: Closing;
    /** What holds data and is opened or closed by this one. @default its openings are its own */
    readonly guards?: "bucket" | "database";
    /** @default not drawn by itself */
    readonly role?: Role;
    /** What the cloud calls it. @default said by its inputs */
    readonly product?: string;
    readonly teardown?: TeardownRole;
    /** The time-outs that its provider takes; it warns of any other, and ignores it. @default none */
    readonly timeouts?: readonly Operation[];
    /** Whether it says who somebody is to the cloud, or what they may do: known everywhere minutes after it is made. @default false */
    readonly right?: boolean;
    /** The type of what gives it an address in a private network, and cannot go before it. */
    readonly addressFrom?: string;
    /**
     * What bills it, as the price list has it: AWS's offer code, the service's name in Google's billing catalog, DigitalOcean's product.
     * @default nothing is paid for it alone
     */
    readonly price?: string;
}

/** Rows by type token. */
export type Rows = Readonly<Record<string, ResourceType>>;

/** What is known of one cloud. */
export interface CloudCatalogue {
    /** What the program makes: each has an answer of the recording providers too. */
    readonly made: Rows;
    /** What it does not make, and somebody may add: what holds data, and what the rules know. */
    readonly others: Rows;
}
