// Which stacks of this project a backend has.
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

/** @throws when the backend cannot be asked */
export async function stacksOf(pulumi: Pulumi): Promise<BackendStack[]> {
    const answer = await pulumi(["stack", "ls", "--json"]);
    if (answer.code !== 0) {
        throw new Error(
            `The backend's stacks could not be listed:\n${complaint(answer)}\nFix: pulumi login, or PULUMI_BACKEND_URL; the folder is that of Pulumi.yaml.`,
        );
    }
    return readStacks(answer.stdout);
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
