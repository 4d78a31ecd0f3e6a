// The apps of an environment with nothing left open: their processes by size, the stores they use, and what is secret of each.
import { bytes, type ByteQuantity } from "../../lib/quantities.ts";
import type { AppSettings, DjangoAppSettings, InitRunAsyncAppSettings } from "../app.ts";
import {
    edgeTimeouts,
    graceFor,
    keepAliveFor,
    keepAliveWithoutEdge,
    timeoutFor,
    type EdgeTimeouts,
} from "../edge-timeouts.ts";
import type { ExposureSettings } from "../exposure.ts";
import type { Size } from "../operator.ts";
import type { Settings } from "../sections.ts";
import type { ScheduledSettings } from "../scheduled.ts";
import { rotationsOf, type AppRotations } from "../rotations.ts";
import type { AppSecretsOf } from "../secrets.ts";
import { ownStoreOf } from "../stores/entries.ts";
import { ofPlatform, type OfPlatform } from "../stores/places.ts";
import type { WorkerSettings } from "../workers.ts";
import { storesOfApp, type StoresOfApp } from "./stores.ts";
import { tmpOfWeb } from "../upload-room.ts";

/** Of each variant by itself. */
type Sized<Process extends { readonly size: string }> = Process extends unknown
    ? Omit<Process, "size"> & { readonly size: Size }
    : never;

type Shell = { readonly shell?: { readonly size: Size; readonly tmp: ByteQuantity } };

/** What the way in decides where the app does not. */
type Fitted<Web extends { readonly size: string }> = Omit<Sized<Web>, keyof Fitting> & Fitting;

interface Fitting {
    readonly gracefulTimeout: number;
    readonly tmp: ByteQuantity;
}

type WebSettings = DjangoAppSettings["web"];
type WebOf<Server extends WebSettings["server"]> = Fitted<Extract<WebSettings, { readonly server: Server }>>;

interface Waits {
    readonly timeoutSeconds: number;
}

interface Keeps {
    /** `platform`: what the lender of the way in needs. */
    readonly keepAlive: number | OfPlatform;
}

export type DjangoWeb =
    | (Omit<WebOf<"gunicorn">, keyof Waits | keyof Keeps> & Waits & Keeps)
    | (Omit<WebOf<"uvicorn">, keyof Keeps> & Keeps)
    | (Omit<WebOf<"daphne">, keyof Waits> & Waits);

export type ScheduledCommand = Sized<ScheduledSettings>;

interface Scheduled {
    readonly scheduled: Readonly<Record<string, ScheduledCommand>>;
}

export type DjangoWorker = Sized<WorkerSettings>;

export interface DjangoProcesses extends Pick<DjangoAppSettings, "contract" | "module" | "release">, Shell, Scheduled {
    readonly web: DjangoWeb;
    readonly workers: Readonly<Record<string, DjangoWorker>>;
    readonly beat?: Sized<NonNullable<DjangoAppSettings["beat"]>>;
}

export interface InitRunAsyncProcesses extends Pick<InitRunAsyncAppSettings, "contract" | "release">, Shell, Scheduled {
    readonly web: Fitted<InitRunAsyncAppSettings["web"]>;
    readonly async?: Sized<NonNullable<InitRunAsyncAppSettings["async"]>>;
}

export type ProcessesOfApp = DjangoProcesses | InitRunAsyncProcesses;

export interface ResolvedApp<Text> extends Pick<
    AppSettings,
    "name" | "image" | "environmentPrefix" | "hosts" | "environment" | "files" | "volumes" | "runAs" | "egress"
> {
    /** Whether it has the plain names in the stores that apps share. */
    readonly main: boolean;
    readonly processes: ProcessesOfApp;
    readonly stores: StoresOfApp;
    /** What keeps it apart from others in a store that they share. */
    readonly prefixes: { readonly cache?: string; readonly broker?: string; readonly files?: string };
    readonly registry?: { readonly server: string; readonly username: string; readonly password: Text };
    readonly superuser?: { readonly username: string; readonly email: string; readonly password?: Text };
    /** The most bytes of a request: what the app is told, and /tmp has room for. */
    readonly maxBodySize: number;
    readonly secrets: Pick<AppSecretsOf<Text>, "environment" | "files" | "secretKey" | "secretKeyFallback">;
    /** Which of its secrets' values hold. */
    readonly rotations: Pick<AppRotations, "secretKey" | "superuser">;
}

export function resolveApp<Text>(
    app: AppSettings,
    settings: Omit<Settings, "secrets">,
    secrets: AppSecretsOf<Text>,
): ResolvedApp<Text> {
    const { name, image, environmentPrefix, hosts, environment, files, volumes, runAs, egress, registry } = app;
    const { registryPassword, superuserPassword } = secrets;
    const main = name === settings.environment.mainApp;
    const rotations = rotationsOf(name, settings.environment.mainApp, settings.rotations);
    const superuser = app.contract === "django" ? app.release.superuser : undefined;
    return {
        name,
        image,
        environmentPrefix,
        hosts,
        environment,
        files,
        volumes,
        runAs,
        egress,
        main,
        processes: processesOf(app, settings),
        stores: storesOfApp(app, settings),
        prefixes: main ? {} : prefixesOf(app),
        // A login without a password was refused.
        ...(registry && { registry: { ...registry, password: registryPassword! } }),
        ...(superuser && { superuser: { ...superuser, password: superuserPassword } }),
        maxBodySize: bytes(settings.exposure.maxBodySize),
        secrets: {
            environment: secrets.environment,
            files: secrets.files,
            secretKey: secrets.secretKey,
            secretKeyFallback: secrets.secretKeyFallback,
        },
        rotations: { secretKey: rotations.secretKey, superuser: rotations.superuser },
    };
}

/** Among those who share, the main app has the plain names. */
function prefixesOf(app: AppSettings): ResolvedApp<unknown>["prefixes"] {
    const { name } = app;
    const shares = (kind: "cache" | "broker" | "assets"): boolean => ownStoreOf(app, kind) === undefined;
    return {
        ...(shares("cache") && { cache: name }),
        ...(shares("broker") && { broker: `${name}:` }),
        ...(shares("assets") && { files: `${name}/` }),
    };
}

type Edged = Pick<Settings, "operator" | "exposure" | "platform">;

function keepAliveBehind(edge: EdgeTimeouts | undefined, { variant }: ExposureSettings): number | OfPlatform {
    if (edge !== undefined) {
        return keepAliveFor(edge.idle);
    }
    return variant === "platform" ? ofPlatform : keepAliveWithoutEdge;
}

function processesOf(app: AppSettings, { operator, exposure, platform }: Edged): ProcessesOfApp {
    const { sizes } = operator;
    const edge = edgeTimeouts(platform, exposure);
    const sized = <Process extends { readonly size: string }>(process: Process) =>
        ({ ...process, size: sizes[process.size]! }) as unknown as Sized<Process>;
    const each = <Process extends { readonly size: string }>(processes: Readonly<Record<string, Process>>) =>
        Object.fromEntries(Object.entries(processes).map(([name, process]) => [name, sized(process)]));
    const others = { ...(app.shell && { shell: sized(app.shell) }), scheduled: each(app.scheduled) };
    const fitted = {
        gracefulTimeout: app.web.gracefulTimeout ?? graceFor(edge),
        tmp: tmpOfWeb(app, exposure.maxBodySize),
    };
    switch (app.contract) {
        case "django":
            return {
                contract: app.contract,
                module: app.module,
                web: webOf(app.web, sizes[app.web.size]!, {
                    ...fitted,
                    timeoutSeconds: timeoutFor(edge),
                    keepAlive: keepAliveBehind(edge, exposure),
                }),
                workers: each(app.workers),
                ...(app.beat && { beat: sized(app.beat) }),
                ...others,
                release: app.release,
            };
        case "init-run-async":
            return {
                contract: app.contract,
                web: { ...sized(app.web), ...fitted },
                ...(app.async && { async: sized(app.async) }),
                ...others,
                release: app.release,
            };
        default:
            return app satisfies never;
    }
}

/** @param usual where the settings say nothing */
function webOf(web: WebSettings, size: Size, usual: Waits & Keeps & Fitting): DjangoWeb {
    const timeoutSeconds = ("timeoutSeconds" in web ? web.timeoutSeconds : undefined) ?? usual.timeoutSeconds;
    const keepAlive = ("keepAlive" in web ? web.keepAlive : undefined) ?? usual.keepAlive;
    const { gracefulTimeout, tmp } = usual;
    const pod = { size, gracefulTimeout, tmp };
    switch (web.server) {
        case "gunicorn":
            return { ...web, ...pod, timeoutSeconds, keepAlive };
        case "uvicorn":
            return { ...web, ...pod, keepAlive };
        case "daphne":
            return { ...web, ...pod, timeoutSeconds };
        default:
            return web satisfies never;
    }
}
