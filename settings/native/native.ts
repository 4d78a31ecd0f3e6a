// `native`: a cloud's own arguments, by their own names, over those that a component computes.
import { z } from "zod";
import { editDistance, letters } from "../../lib/nearest-word.ts";
import { settingPath } from "../problems.ts";
import { strangeArguments } from "./arguments.ts";
import type { NativeType } from "./types.ts";

const free = z.record(z.string(), z.unknown()).meta({ typeName: "native" });

/** For what nobody has a schema of, such as a chart's values: whoever takes it checks it. */
export function nativeValues(description: string) {
    return free.optional().meta({ description, defaultsTo: "none" });
}

/**
 * For an object in a cluster, whose definition the cluster has: a newer one may have more than is known here, and the API server refuses
 * what it does not know. Only what is one letter away from a known name is refused before.
 */
export function nativeObject(description: string, known: readonly string[]) {
    return free
        .superRefine((value, context) => {
            for (const name of Object.keys(value).filter((one) => !known.includes(one))) {
                const meant = known.find((one) => letters(one) === letters(name) || editDistance(one, name) === 1);
                if (meant !== undefined) {
                    context.addIssue({
                        code: "custom",
                        path: [name],
                        message: `for example ${known.join(", ")}`,
                        params: { name: true, meant },
                    });
                }
            }
        })
        .optional()
        .meta({ description, defaultsTo: "none" });
}

/**
 * @param type whose arguments they are; a name that it does not have is refused, for it would do nothing (R94)
 * @param what of which of them, where a component makes several
 */
export function native(type: NativeType, what?: string) {
    return free
        .superRefine((value, context) => {
            for (const { path, known, meant } of strangeArguments(type, value)) {
                context.addIssue({
                    code: "custom",
                    path: [...path],
                    message: allowedNames(type, path, known),
                    params: { name: true, meant },
                });
            }
        })
        .meta({ nativeOf: type })
        .optional()
        .meta({
            description: `${what === undefined ? "" : `${what}. `}Over the arguments of ${type}.`,
            defaultsTo: "none",
        });
}

function allowedNames(type: NativeType, path: readonly PropertyKey[], known: readonly string[]): string {
    const above = settingPath(path.slice(0, -1));
    return `what ${path.length === 1 ? type : `${above} of ${type}`} has: ${known.join(", ")}`;
}
