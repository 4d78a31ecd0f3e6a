// What exists in the recorded clouds, kept in a directory that all providers of a run share, and the journal of every call
// that changed something. Without the directory there is neither: what the state says is then all there is.
import { createHash } from "node:crypto";
import {
    appendFileSync,
    existsSync,
    mkdirSync,
    readdirSync,
    readFileSync,
    renameSync,
    rmSync,
    writeFileSync,
} from "node:fs";
import { join } from "node:path";
import {
    isPropertyList,
    isPropertyMap,
    isSecret,
    secret,
    type PropertyMap,
    type PropertyValue,
} from "../../commands/plan/answers/values.ts";

/** Names the directory. */
export const recordingVariable = "DJANGO_ON_KUBERNETES_RECORDING";

export interface StoredResource {
    readonly type: string;
    readonly id: string;
    readonly urn: string;
    /** Secrets are hidden, here and below. */
    readonly inputs: PropertyMap;
    readonly outputs: PropertyMap;
}

export type Operation = "create" | "update" | "delete";

export interface JournalEntry {
    readonly operation: Operation;
    readonly urn: string;
    readonly type: string;
    readonly id: string;
    /** What the cloud said when it did not do it. */
    readonly refused?: string;
}

const hidden = { "4dabf18193072939515e22adb298388d": "hidden" } as const;

export class Store {
    private readonly directory: string | undefined;

    constructor(directory = process.env[recordingVariable]) {
        this.directory = directory === undefined || directory === "" ? undefined : directory;
        if (this.directory !== undefined) {
            mkdirSync(join(this.directory, "resources"), { recursive: true });
        }
    }

    get isKept(): boolean {
        return this.directory !== undefined;
    }

    put(resource: StoredResource): void {
        if (this.directory === undefined) {
            return;
        }
        const file = this.fileOf(resource.type, resource.id);
        const content = { ...resource, inputs: hideSecrets(resource.inputs), outputs: hideSecrets(resource.outputs) };
        // In one step: other providers read while this one writes.
        const temporary = `${file}.${process.pid}`;
        writeFileSync(temporary, JSON.stringify(content, undefined, 2));
        renameSync(temporary, file);
    }

    get(type: string, id: string): StoredResource | undefined {
        if (this.directory === undefined) {
            return undefined;
        }
        return readResource(this.fileOf(type, id));
    }

    remove(type: string, id: string): void {
        if (this.directory === undefined) {
            return;
        }
        for (const endpoint of endpointsOf(this.get(type, id))) {
            appendFileSync(join(this.directory, "gone"), `${endpoint}\n`);
        }
        rmSync(this.fileOf(type, id), { force: true });
    }

    /** @param server of a cluster, as a kubeconfig has it @returns whether that cluster was deleted */
    hasGone(server: string): boolean {
        if (this.directory === undefined || server === "") {
            return false;
        }
        const file = join(this.directory, "gone");
        if (!existsSync(file) || !readFileSync(file, "utf8").split("\n").includes(hostOf(server))) {
            return false;
        }
        // One that was made again has the same address, for it is derived from the resource's name.
        return !this.all().some((resource) => endpointsOf(resource).includes(hostOf(server)));
    }

    all(): StoredResource[] {
        if (this.directory === undefined) {
            return [];
        }
        const folder = join(this.directory, "resources");
        return readdirSync(folder)
            .filter((file) => file.endsWith(".json"))
            .map((file) => readResource(join(folder, file)))
            .filter((resource) => resource !== undefined);
    }

    /** One line for each call, in the order in which they began. */
    log(entry: JournalEntry): void {
        if (this.directory !== undefined) {
            appendFileSync(join(this.directory, "journal.jsonl"), `${JSON.stringify(entry)}\n`);
        }
    }

    private fileOf(type: string, id: string): string {
        const digest = createHash("sha256").update(`${type}\n${id}`).digest("hex").slice(0, 24);
        return join(this.directory!, "resources", `${digest}.json`);
    }
}

export function readJournal(directory: string): JournalEntry[] {
    const file = join(directory, "journal.jsonl");
    if (!existsSync(file)) {
        return [];
    }
    return readFileSync(file, "utf8")
        .split("\n")
        .filter((line) => line !== "")
        .map((line) => JSON.parse(line) as JournalEntry);
}

/** What was stored, with the secrets of the state where the store hides them. */
export function withSecretsOf(state: PropertyMap, stored: PropertyMap): PropertyMap {
    return reveal(state, stored) as PropertyMap;
}

function reveal(state: PropertyValue | undefined, stored: PropertyValue): PropertyValue {
    if (isHidden(stored)) {
        return state ?? secret(null);
    }
    if (isPropertyList(stored)) {
        return stored.map((element, index) => reveal(isPropertyList(state) ? state[index] : undefined, element));
    }
    if (!isPropertyMap(stored)) {
        return stored;
    }
    return Object.fromEntries(
        Object.entries(stored).map(([key, value]) => [
            key,
            reveal(isPropertyMap(state) ? state[key] : undefined, value ?? null),
        ]),
    );
}

function isHidden(value: PropertyValue): boolean {
    return isPropertyMap(value) && Object.keys(hidden).some((key) => key in value);
}

function hideSecrets(map: PropertyMap): PropertyMap {
    const hide = (value: PropertyValue | undefined): PropertyValue | undefined => {
        if (isSecret(value)) {
            return hidden;
        }
        if (isPropertyList(value)) {
            return value.map((element) => hide(element) ?? null);
        }
        if (isPropertyMap(value)) {
            return hideSecrets(value);
        }
        return value;
    };
    return Object.fromEntries(Object.entries(map).map(([key, value]) => [key, hide(value)]));
}

/** Where a Kubernetes cluster can be reached. */
function endpointsOf(resource: StoredResource | undefined): string[] {
    if (resource === undefined || !/:(Kubernetes)?Cluster$/.test(resource.type)) {
        return [];
    }
    const found = JSON.stringify([
        resource.outputs["endpoint"],
        resource.outputs["ipv4Address"],
        resource.outputs["controlPlaneEndpointsConfig"],
    ]);
    return [...found.matchAll(/"((?:https:\/\/)?[\w-]+(?:\.[\w-]+)+)"/g)].map(([, endpoint]) => hostOf(endpoint!));
}

function hostOf(endpoint: string): string {
    return endpoint.replace(/^https?:\/\//, "").replace(/[:/].*$/, "");
}

/** undefined: gone meanwhile. */
function readResource(file: string): StoredResource | undefined {
    try {
        return JSON.parse(readFileSync(file, "utf8")) as StoredResource;
    } catch (error) {
        if ((error as NodeJS.ErrnoException).code === "ENOENT") {
            return undefined;
        }
        throw error;
    }
}
