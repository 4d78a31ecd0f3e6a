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
import type { AppSecretsOf } from "../secrets.ts";
import { ownStoreOf } from "../stores/entries.ts";
import { ofPlatform, type OfPlatform } from "../stores/places.ts";
import { storesOfApp, type StoresOfApp } from "./stores.ts";
import { tmpOfWeb } from "../upload-room.ts";

type Sized<Process extends { readonly size: string }> = Omit<Process, "size"> & { readonly size: Size };

type Shell = { readonly shell?: { readonly size: Size; readonly tmp: ByteQuantity } };

/** What the way in decides where the app does not. */
type Fitted<Web extends { readonly size: string }> = Omit<Sized<Web>, "gracefulTimeout" | "tmp"> & {
    readonly gracefulTimeout: number;
    readonly tmp: ByteQuantity;
};

export interface DjangoProcesses extends Pick<DjangoAppSettings, "contract" | "module" | "release">, Shell {
    readonly web: Omit<Fitted<DjangoAppSettings["web"]>, "timeoutSeconds" | "keepAlive"> & {
        readonly timeoutSeconds: number;
        /** `platform`: what the lender of the way in needs. */
        readonly keepAlive: number | OfPlatform;
    };
    readonly workers: Readonly<Record<string, Sized<DjangoAppSettings["workers"][string]>>>;
    readonly beat?: Sized<NonNullable<DjangoAppSettings["beat"]>>;
}

export interface InitRunAsyncProcesses extends Pick<InitRunAsyncAppSettings, "contract" | "release">, Shell {
    readonly web: Fitted<InitRunAsyncAppSettings["web"]>;
    readonly async?: Sized<NonNullable<InitRunAsyncAppSettings["async"]>>;
}

export type ProcessesOfApp = DjangoProcesses | InitRunAsyncProcesses;

export interface ResolvedApp<Text> extends Pick<
    AppSettings,
    "name" | "image" | "environmentPrefix" | "hosts" | "environment" | "files" | "runAs" | "egress"
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
    readonly secrets: Pick<AppSecretsOf<Text>, "environment" | "files" | "secretKey">;
}

export function resolveApp<Text>(
    app: AppSettings,
    settings: Omit<Settings, "secrets">,
    secrets: AppSecretsOf<Text>,
): ResolvedApp<Text> {
    const { name, image, environmentPrefix, hosts, environment, files, runAs, egress, registry } = app;
    const { registryPassword, superuserPassword } = secrets;
    const main = name === settings.environment.mainApp;
    const superuser = app.contract === "django" ? app.release.superuser : undefined;
    return {
        name,
        image,
        environmentPrefix,
        hosts,
        environment,
        files,
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
        secrets: { environment: secrets.environment, files: secrets.files, secretKey: secrets.secretKey },
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
    const sized = <Process extends { readonly size: string }>(process: Process): Sized<Process> => ({
        ...process,
        size: sizes[process.size]!,
    });
    const fitted = {
        gracefulTimeout: app.web.gracefulTimeout ?? graceFor(edge),
        tmp: tmpOfWeb(app, exposure.maxBodySize),
    };
    const shell = app.shell && { shell: sized(app.shell) };
    switch (app.contract) {
        case "django":
            return {
                contract: app.contract,
                module: app.module,
                web: {
                    ...sized(app.web),
                    ...fitted,
                    timeoutSeconds: app.web.timeoutSeconds ?? timeoutFor(edge),
                    keepAlive: app.web.keepAlive ?? keepAliveBehind(edge, exposure),
                },
                workers: Object.fromEntries(Object.entries(app.workers).map(([name, worker]) => [name, sized(worker)])),
                ...(app.beat && { beat: sized(app.beat) }),
                ...shell,
                release: app.release,
            };
        case "init-run-async":
            return {
                contract: app.contract,
                web: { ...sized(app.web), ...fitted },
                ...(app.async && { async: sized(app.async) }),
                ...shell,
                release: app.release,
            };
        default:
            return app satisfies never;
    }
}
