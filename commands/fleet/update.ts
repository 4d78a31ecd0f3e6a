// One stack of a rollout: previewed, judged by the gate, updated.
import { access, rm } from "node:fs/promises";
import { join } from "node:path";
import { complaint, type Pulumi } from "../backend/pulumi.ts";
import { changesText, firstLine, isUnchanged, previewed } from "./previewed.ts";

export interface Updated {
    readonly ok: boolean;
    /** In words: what changed, or why not. */
    readonly result: string;
}

export interface Updating {
    readonly pulumi: Pulumi;
    readonly directory: string;
    /** Whether nothing but a preview is made. */
    readonly previewOnly: boolean;
    /** Minutes for an update. */
    readonly patience: number;
    readonly say: (line: string) => void;
}

/** Never throws: what is in the way of one stack is told beside the others. */
export async function updateStack(stack: string, updating: Updating): Promise<Updated> {
    try {
        return await update(stack, updating);
    } catch (error) {
        return { ok: false, result: firstLine(error instanceof Error ? error.message : String(error)) };
    }
}

async function update(stack: string, updating: Updating): Promise<Updated> {
    const { pulumi, directory, previewOnly, patience, say } = updating;
    const file = join(directory, `Pulumi.${stack}.yaml`);
    // A pull request's is never committed: what it said stands in the backend, beside its last update.
    const made = await isMissing(file);
    if (made) {
        const answer = await pulumi(["config", "refresh", "--stack", stack]);
        if (answer.code !== 0) {
            return {
                ok: false,
                result: `Pulumi.${stack}.yaml is not here, and not in the backend: ${firstLine(complaint(answer))}`,
            };
        }
    }
    try {
        say(`${stack}: preview`);
        const found = await previewed(pulumi, stack);
        const text = changesText(found);
        if ("failed" in found) {
            return { ok: false, result: text };
        }
        if (found.refused.length > 0) {
            return { ok: false, result: `${text}. By itself, if that is meant: pulumi up -s ${stack}` };
        }
        if (previewOnly || isUnchanged(found)) {
            return { ok: true, result: text };
        }
        say(`${stack}: ${text}`);
        const answer = await pulumi(["up", "--yes", "--skip-preview", "--stack", stack], {
            patience,
            onLine: (line) => {
                const step = stepIn(line);
                if (step !== undefined) {
                    say(`${stack}: ${step}`);
                }
            },
        });
        return answer.code === 0
            ? { ok: true, result: text }
            : { ok: false, result: `update failed: ${firstLine(complaint(answer))}` };
    } finally {
        if (made) {
            await rm(file, { force: true });
        }
    }
}

/** What the engine tells of a resource that is a step of interest: one that waits, or failed. */
export function stepIn(line: string): string | undefined {
    const [, name, what] =
        /^\s*[+~-]{1,2}\s+kubernetes:apps\/v1:\S+ (\S+) (created|updated|deleted|\*\*\S+\*\*)/.exec(line) ?? [];
    return name === undefined ? undefined : `${name} ${what}`;
}

async function isMissing(file: string): Promise<boolean> {
    return await access(file).then(
        () => false,
        () => true,
    );
}
