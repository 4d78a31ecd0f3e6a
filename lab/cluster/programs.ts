// The Go programs of the cluster, and where their executables are.
import { existsSync } from "node:fs";
import { access, readFile, symlink } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Report } from "../../commands/support/report.ts";
import { goProgram, moduleDirectory, type GoProgram } from "./go-build.ts";
import { kubernetesVersion, type Extra } from "./layout.ts";

const sources = join(import.meta.dirname, "servers");
const gatewaySource = join(sources, "gateway");

/** One executable that is each of these, under its name: they share their libraries, and so compile and link once. */
const kubernetesServers = [
    "kube-apiserver",
    "kube-controller-manager",
    "kube-scheduler",
    "kubelet",
    "kube-proxy",
    "coredns",
    "metrics-server",
    "local-path-provisioner",
    "network-policy",
] as const;

const [major, minor] = kubernetesVersion.split(".") as [string, string, string];

const kubernetes: GoProgram = {
    name: "kubernetes",
    source: join(sources, "kubernetes"),
    package: ".",
    variables: {
        "k8s.io/component-base/version.gitVersion": `v${kubernetesVersion}`,
        "k8s.io/component-base/version.gitMajor": major,
        "k8s.io/component-base/version.gitMinor": minor,
    },
    packages: 2700,
};

const traefik: GoProgram = {
    name: "traefik",
    source: gatewaySource,
    package: "github.com/traefik/traefik/v3/cmd/traefik",
    variables: { "github.com/traefik/traefik/v3/pkg/version.Version": "3.5.3" },
    replacements: [
        { module: "github.com/go-acme/lego/v4", directory: "providers/dns", by: join(gatewaySource, "stubs/dns") },
        {
            module: "github.com/traefik/traefik/v3",
            directory: "pkg/provider/ecs",
            by: join(gatewaySource, "stubs/ecs"),
        },
    ],
    packages: 1540,
};

const certificatesSource = join(sources, "certificates");

const certManager: GoProgram = {
    name: "cert-manager",
    source: certificatesSource,
    package: ".",
    replacements: [
        {
            module: "github.com/cert-manager/cert-manager",
            directory: "pkg/issuer/acme/dns",
            by: join(certificatesSource, "stubs/dns01"),
        },
    ],
    packages: 1240,
};

const acmeSolver: GoProgram = {
    name: "acmesolver",
    source: certificatesSource,
    package: "./solver",
    packages: 210,
};

const pebble: GoProgram = {
    name: "pebble",
    source: certificatesSource,
    package: "github.com/letsencrypt/pebble/v2/cmd/pebble",
    packages: 250,
};

const sealedSecretsSource = join(sources, "sealed-secrets");

const sealedSecrets: GoProgram = {
    name: "sealed-secrets",
    source: sealedSecretsSource,
    package: ".",
    packages: 800,
};

const kubeseal: GoProgram = {
    name: "kubeseal",
    source: sealedSecretsSource,
    package: "github.com/bitnami/sealed-secrets/cmd/kubeseal",
    packages: 640,
};

const externalSecretsSource = join(sources, "external-secrets");
const externalSecretsModule = "github.com/external-secrets/external-secrets";

const externalSecrets: GoProgram = {
    name: "external-secrets",
    source: externalSecretsSource,
    package: externalSecretsModule,
    replacements: [
        {
            module: externalSecretsModule,
            directory: "pkg/provider/register",
            by: join(externalSecretsSource, "stubs/providers"),
        },
        {
            module: externalSecretsModule,
            directory: "pkg/generator/register",
            by: join(externalSecretsSource, "stubs/generators"),
        },
    ],
    packages: 920,
};

const pause: GoProgram = { name: "pause", source: join(sources, "pause"), package: ".", packages: 60 };

export interface Programs {
    /** The path of the Kubernetes server of that name. */
    readonly kubernetes: (name: string) => string;
    readonly traefik: string;
    readonly pause: string;
    /** Where they were asked for. */
    readonly certificates?: CertificatePrograms;
    readonly sealedSecrets?: SealedSecretsPrograms;
    readonly externalSecrets?: string;
}

export interface CertificatePrograms {
    readonly certManager: string;
    readonly acmeSolver: string;
    readonly pebble: string;
}

export interface SealedSecretsPrograms {
    readonly controller: string;
    readonly kubeseal: string;
}

/** All programs, built if they are not there: minutes the first time. */
export async function ensurePrograms(report: Report, extras: readonly Extra[] = []): Promise<Programs> {
    // Side by side, because a program's link step leaves cores idle.
    const progress = new Map<string, string>();
    const build = async (program: GoProgram): Promise<string> => {
        const path = await goProgram(program, (message) => {
            progress.set(program.name, message);
            report(`Building from source: ${[...progress].map((entry) => entry.join(" ")).join("; ")}`);
        });
        progress.delete(program.name);
        return path;
    };
    const buildCertificates = async (): Promise<CertificatePrograms> => {
        const [manager, solver, authority] = await Promise.all([build(certManager), build(acmeSolver), build(pebble)]);
        return { certManager: manager, acmeSolver: solver, pebble: authority };
    };
    const buildSealedSecrets = async (): Promise<SealedSecretsPrograms> => {
        const [controller, seal] = await Promise.all([build(sealedSecrets), build(kubeseal)]);
        return { controller, kubeseal: seal };
    };
    const [servers, gateway, pausePath, certificates, sealing, fetching] = await Promise.all([
        build(kubernetes),
        build(traefik),
        build(pause),
        extras.includes("certificates") ? buildCertificates() : undefined,
        extras.includes("sealed-secrets") ? buildSealedSecrets() : undefined,
        extras.includes("external-secrets") ? build(externalSecrets) : undefined,
    ]);
    const directory = dirname(servers);
    await Promise.all(kubernetesServers.map((name) => ensureLink("kubernetes", join(directory, name))));
    return {
        kubernetes: (name) => join(directory, name),
        traefik: gateway,
        pause: pausePath,
        ...(certificates && { certificates }),
        ...(sealing && { sealedSecrets: sealing }),
        ...(fetching !== undefined && { externalSecrets: fetching }),
    };
}

/** Gateway API's resource definitions, from the module of the version that Traefik is built with. */
export async function gatewayApiDirectory(): Promise<string> {
    return join(await requiredModule(gatewaySource, "sigs.k8s.io/gateway-api"), "config/crd/standard");
}

/** cert-manager's resource definitions. */
export async function certManagerDirectory(): Promise<string> {
    return join(await requiredModule(certificatesSource, "github.com/cert-manager/cert-manager"), "deploy/crds");
}

/** sealed-secrets' resource definition. */
export async function sealedSecretsDirectory(): Promise<string> {
    const directory = await requiredModule(sealedSecretsSource, "github.com/bitnami/sealed-secrets");
    return join(directory, "helm/sealed-secrets/crds");
}

/** The External Secrets Operator's resource definitions. */
export async function externalSecretsDirectory(): Promise<string> {
    return join(await requiredModule(externalSecretsSource, externalSecretsModule), "config/crds/bases");
}

async function requiredModule(source: string, module: string): Promise<string> {
    const text = await readFile(join(source, "go.mod"), "utf8");
    if (!text.includes(`${module} v`)) {
        throw new Error(`${source}/go.mod does not require ${module}`);
    }
    return await moduleDirectory(source, module);
}

async function ensureLink(target: string, path: string): Promise<void> {
    if (!existsSync(path)) {
        // Another command may have made it since.
        await symlink(target, path).catch(() => access(path));
    }
}
