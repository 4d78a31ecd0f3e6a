// Which stacks of this project a backend has.
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { complaint, type Pulumi } from "./pulumi.ts";

export interface BackendStack {
    readonly name: string;
    /** @default never */
    readonly lastUpdate?: Date;
    /** @default the backend does not say */
    readonly resources?: number;
    /** An update runs, as far as the backend knows; one that keeps files says it by its locks. */
    readonly updating: boolean;
}

/** Where stacks are: a backend's address, and the project. */
export interface Backend {
    /** As PULUMI_BACKEND_URL has it. @default the one that Pulumi is logged in to */
    readonly backend?: string | undefined;
    readonly project: string;
}

/** @throws when the backend cannot be asked */
export async function stacksOf(pulumi: Pulumi, at: Backend): Promise<BackendStack[]> {
    const answer = await pulumi(["stack", "ls", "--json"]);
    if (answer.code === 0) {
        return readStacks(answer.stdout);
    }
    const names = await namesIn(at);
    if (names.length === 0) {
        throw new Error(
            `The backend's stacks could not be listed:\n${complaint(answer)}\n` +
                "Fix: pulumi login, or PULUMI_BACKEND_URL; the folder is that of Pulumi.yaml. A state that is cut off does this too.",
        );
    }
    return names.map((name) => ({ name, updating: false }));
}

/** Of a backend that is a folder of this machine: there one state that is cut off lets the whole list fail. */
async function namesIn({ backend, project }: Backend): Promise<string[]> {
    if (backend?.startsWith("file:///") !== true) {
        return [];
    }
    const files = await readdir(join(fileURLToPath(new URL(backend)), ".pulumi/stacks", project)).catch(() => []);
    return files.flatMap((file) => /^([A-Za-z0-9_.-]+)\.json$/.exec(file)?.[1] ?? []).toSorted();
}

interface Listed {
    readonly name: string;
    readonly lastUpdate?: string;
    readonly resourceCount?: number;
    readonly updateInProgress?: boolean;
}

export function readStacks(json: string): BackendStack[] {
    return (JSON.parse(json) as readonly Listed[]).map(({ name, lastUpdate, resourceCount, updateInProgress }) => ({
        name,
        ...(lastUpdate !== undefined && lastUpdate !== "" && { lastUpdate: new Date(lastUpdate) }),
        ...(resourceCount !== undefined && { resources: resourceCount }),
        updating: updateInProgress === true,
    }));
}

/** Without the organization before it. */
export function shortName(stack: string): string {
    return stack.split("/").at(-1)!;
}
