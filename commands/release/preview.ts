// A preview with the policy pack, kept as the engine's stream, and what the gate says of it.
import { judge } from "../gate/judge.ts";
import { readPreview } from "../gate/preview.ts";
import { report } from "../gate/report.ts";
import { smallerVolumes } from "../gate/smaller-volumes.ts";
import type { Pulumi } from "./pulumi.ts";

/** The preview, or a rule, says no. */
export class RefusedError extends Error {}

/** The engine prints one event a line, where values are both secret and not known yet too. */
const streaming = { PULUMI_ENABLE_STREAMING_JSON_PREVIEW: "true" };

/**
 * @param policyPack its folder. @default no rules
 * @returns what the engine printed, without what is for debugging
 * @throws RefusedError with what the preview failed of, rules that it breaks too
 */
export async function preview(pulumi: Pulumi, policyPack: string | undefined): Promise<string> {
    const { code, output } = await pulumi.read(
        [
            "preview",
            "--json",
            "--show-replacement-steps",
            ...(policyPack === undefined ? [] : ["--policy-pack", policyPack]),
        ],
        streaming,
    );
    const { errors } = code === 0 ? { errors: [] } : readable(output);
    const broken = rulesBroken(output);
    if (code !== 0 || broken.length > 0) {
        throw new RefusedError(["The preview failed, and nothing was changed.", ...errors, ...broken].join("\n"));
    }
    return withoutDebugging(output);
}

/** The engine's stream has messages for who debugs it, and these say values that are secret in plain text. */
export function withoutDebugging(stream: string): string {
    return stream
        .split("\n")
        .filter((line) => {
            if (!line.includes('"diagnosticEvent"')) {
                return true;
            }
            const { diagnosticEvent } = JSON.parse(line) as {
                readonly diagnosticEvent?: { readonly severity?: string };
            };
            return diagnosticEvent?.severity !== "debug";
        })
        .join("\n");
}

function readable(output: string): { readonly errors: readonly string[] } {
    try {
        return readPreview(output);
    } catch {
        // Whatever it was, the engine has said it on stderr.
        return { errors: [] };
    }
}

/** What the policy pack says of resources, and stops an update for. */
function rulesBroken(output: string): string[] {
    return output.split("\n").flatMap((line) => {
        if (!line.includes('"policyEvent"')) {
            return [];
        }
        const { policyEvent } = JSON.parse(line) as {
            readonly policyEvent?: {
                readonly policyName?: string;
                readonly enforcementLevel?: string;
                readonly message?: string;
            };
        };
        return policyEvent?.enforcementLevel === "mandatory"
            ? [`${policyEvent.policyName ?? "a rule"}: ${(policyEvent.message ?? "").trim()}`]
            : [];
    });
}

/** @returns whether nothing with data is lost that is not allowed; a table says what */
export function gate(
    printed: string,
    allow: readonly string[],
    columns: number,
): { readonly open: boolean; readonly said: string } {
    const read = readPreview(printed);
    const smaller = smallerVolumes(read);
    const verdict = judge(read, allow);
    return {
        open: verdict.refused.length + smaller.length === 0,
        said: [...smaller, report(verdict, columns)].join("\n"),
    };
}
