// The objects of a stack as manifests, in the order in which the program makes them.

/** What `pulumi stack export` says of a resource, as far as it is needed here. */
export interface ExportedResource {
    readonly urn: string;
    readonly type: string;
    readonly inputs?: Record<string, unknown>;
    readonly outputs?: { readonly metadata?: { readonly name?: string } };
}

export interface Manifest {
    readonly kind: string;
    readonly metadata: { readonly name: string; readonly namespace?: string };
    readonly [field: string]: unknown;
}

/** Groups to be applied one after the other; each is awaited before the next. */
export interface Stages {
    readonly stores: readonly Manifest[];
    readonly jobs: readonly Manifest[];
    readonly processes: readonly Manifest[];
}

const secretSignature = "4dabf18193072939515e22adb298388d";

export function stagesOf(resources: readonly ExportedResource[]): Stages {
    const manifests = resources
        .filter(({ type }) => type.startsWith("kubernetes:"))
        .map(({ urn, inputs, outputs }) => ({ urn, manifest: manifestOf(inputs ?? {}, outputs?.metadata?.name) }));
    const ofApp = (urn: string): boolean => urn.includes("django-on-kubernetes:django:App$");
    const isProcess = (kind: string): boolean =>
        ["Deployment", "StatefulSet", "HorizontalPodAutoscaler"].includes(kind);
    const jobs = manifests.filter(({ manifest }) => manifest.kind === "Job");
    const processes = manifests.filter(({ urn, manifest }) => ofApp(urn) && isProcess(manifest.kind));
    const stores = manifests.filter((each) => !jobs.includes(each) && !processes.includes(each));
    const plain = (list: typeof manifests): Manifest[] => list.map(({ manifest }) => manifest);
    return { stores: namespaceFirst(plain(stores)), jobs: plain(jobs), processes: plain(processes) };
}

function namespaceFirst(manifests: Manifest[]): Manifest[] {
    return manifests.toSorted((a, b) => Number(b.kind === "Namespace") - Number(a.kind === "Namespace"));
}

function manifestOf(inputs: Record<string, unknown>, name: string | undefined): Manifest {
    const manifest = plainValue(inputs) as Record<string, unknown> & { metadata: Record<string, unknown> };
    return { ...manifest, metadata: { ...manifest.metadata, name: manifest.metadata["name"] ?? name } } as Manifest;
}

/** Without the engine's own fields, and with secrets as they are. */
function plainValue(value: unknown): unknown {
    if (Array.isArray(value)) {
        return value.map(plainValue);
    }
    if (value !== null && typeof value === "object") {
        const entries = value as Record<string, unknown>;
        if (secretSignature in entries) {
            return plainValue(JSON.parse(String(entries["plaintext"])));
        }
        return Object.fromEntries(
            Object.entries(entries)
                .filter(([key]) => !key.startsWith("__"))
                .map(([key, item]) => [key, plainValue(item)]),
        );
    }
    return value;
}
