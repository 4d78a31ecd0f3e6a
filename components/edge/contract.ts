// How the outside reaches the apps of an environment, and those of others that are lent a name below its domain.
import type { Input, Output } from "@pulumi/pulumi";
import type { Placement } from "../contract.ts";

/** One app behind the way in. */
export interface EdgeRoute {
    /** The app's name; with `main`, names of the route's resources have no suffix. */
    readonly app: string;
    readonly main: boolean;
    /** At least one; the first is the app's address. */
    readonly hosts: readonly string[];
    /** The web pods' Service, and its port. */
    readonly service: Output<string>;
    readonly port: number;
    /** What a load balancer asks for to see whether a pod serves. */
    readonly readyPath: string;
    /** Whether the app takes its pod's own address for a host of its own, so that it may be asked by that. @default false */
    readonly answersPodAddress?: boolean;
    /** Seconds from when a pod has to go until it has answered its last request. @default 30 */
    readonly leavesWithin?: number;
}

/** A web application firewall before the apps. */
export interface EdgeFirewall {
    /** What becomes of a request that a rule matches; `count` lets it pass. */
    readonly rules: "block" | "count";
    /** Of one address; more are answered with 429. */
    readonly requestsPerMinute: number;
}

/** What a way in does before it lets a request in, and writes down of it. */
export interface EdgeGuards {
    /** Who may connect, by address ranges. @default everybody */
    readonly sourceRanges?: readonly string[];
    /** @default none */
    readonly firewall?: EdgeFirewall;
    /** A line for each request, kept so many days. @default as the cloud has it */
    readonly accessLogs?: { readonly days: number };
}

export interface EdgeArgs extends Placement {
    readonly routes: readonly EdgeRoute[];
    /** The way in also takes every name directly below this one, from namespaces that `lendingLabel` names. @default nothing is lent */
    readonly lentDomain?: string;
    /** Whether something in front of the way in ends TLS, so that it may do without certificates. @default false */
    readonly tlsInFront?: boolean;
    /** Seconds that a request may take. @default as the controller has it */
    readonly requestTimeout?: number;
}

/** The listener that routes attach to. */
export interface EdgeListener {
    readonly namespace: Input<string>;
    readonly gateway: Input<string>;
    readonly section: string;
    /** Whose own objects a Service behind it needs beside the route. @default nobody's */
    readonly controller?: "gke" | undefined;
    /** What a load balancer names as Host where it asks pods how they are. @default it asks none, or is told a host name */
    readonly healthHost?: "pod-address" | undefined;
}

/** A record that DNS has to have for the way in to work. */
export interface DnsRecord {
    /** With a dot at its end. */
    readonly name: string;
    readonly type: "A" | "CNAME";
    readonly data: Output<string>;
}

/** What an environment has of its way in, whichever it is. */
export interface WayIn {
    /** Where routes of names below `lentDomain` attach. */
    readonly lentListener?: EdgeListener;
    /** Records for names outside the platform's zone: somebody else has to make them. @default none */
    readonly records?: readonly DnsRecord[];
    /** Name of the Cloud Armor policy that every Service behind it names, a borrower's too. @default none */
    readonly securityPolicy?: Output<string>;
    /** Where each app's load balancer is, by the app's name: an address or a name. @default a Gateway knows it */
    readonly addresses?: Readonly<Record<string, Output<string>>>;
}

/** A Gateway. */
export interface Edge extends WayIn {
    /** Where an app's route attaches. */
    readonly listener: EdgeListener;
}

/** On a namespace: the instance whose Gateway its routes may attach to. */
export const lendingLabel = "django-on-kubernetes/gateway-of";
