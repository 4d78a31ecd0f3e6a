// What was done with a stack last, as its backend noted it.
import { dateOf } from "./environment.ts";
import type { Pulumi } from "./pulumi.ts";

export interface LastUpdate {
    /** `update`, `destroy`, `refresh` ... */
    readonly kind: string;
    /** `succeeded`, `failed`, `in-progress` ... */
    readonly result: string;
    readonly ended?: Date;
}

/** @returns undefined where nothing was, or nobody says */
export async function lastUpdateOf(pulumi: Pulumi, stack: string): Promise<LastUpdate | undefined> {
    const answer = await pulumi(["stack", "history", "--json", "--page-size", "1", "--stack", stack]);
    return answer.code === 0 ? readHistory(answer.stdout) : undefined;
}

/** @param json with the settings of each update in it, which nothing here looks at */
export function readHistory(json: string): LastUpdate | undefined {
    const [last] = (json.trim() === "" ? [] : JSON.parse(json)) as ReadonlyArray<{
        readonly kind?: string;
        readonly result?: string;
        readonly endTime?: string;
    }>;
    if (last === undefined) {
        return undefined;
    }
    const { kind = "update", result = "unknown", endTime } = last;
    const ended = dateOf(endTime);
    return { kind, result, ...(ended !== undefined && { ended }) };
}
