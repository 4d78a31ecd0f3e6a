// Options that a provider ignores: it warns at every update, and waits for as long as it always did.
import { resourceType, type Operation } from "../lib/catalogue/index.ts";
import { rule, type Rule } from "./rule.ts";

const operations: readonly Operation[] = ["create", "update", "delete"];

export const timeOutRules: readonly Rule[] = [
    rule("R87", "no time-out is given that the provider ignores", function* (view) {
        for (const resource of view.resources) {
            const taken = timeoutsOf(resource.type);
            for (const operation of operations.filter((one) => !taken.includes(one))) {
                const found = resource.customTimeouts?.[operation];
                if (found !== undefined) {
                    yield {
                        resource,
                        path: `customTimeouts.${operation}`,
                        found,
                        allowed: taken.length === 0 ? "none" : taken.join(", "),
                        fix: "remove it: the provider warns at each update and ignores it",
                    };
                }
            }
        }
    }),
];

function timeoutsOf(type: string): readonly Operation[] {
    // Google's provider has one for whatever an operation of it waits for, and the Kubernetes provider waits itself.
    const takesAll = /^(gcp|kubernetes|pulumi):/.test(type);
    return takesAll ? operations : (resourceType(type)?.timeouts ?? []);
}
