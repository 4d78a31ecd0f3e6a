// What no rule about clouds would notice: a type of which nothing is known.
import { fileOf, isUnknown } from "../lib/catalogue/index.ts";
import { isComponent } from "./plan-view.ts";
import { rule, type Rule } from "./rule.ts";

export const unknownTypeRules: readonly Rule[] = [
    rule("R96", "every type of a cloud's resource is in the catalogue", function* (view) {
        for (const resource of view.resources) {
            if (!isComponent(resource) && isUnknown(resource.type)) {
                yield {
                    resource,
                    path: "",
                    found: `${resource.type}, of which nothing is known`,
                    allowed: "a type with a row in lib/catalogue",
                    fix: `add a row to ${fileOf(resource.type)}: whether it holds data, what makes it public, how long its name may be`,
                };
            }
        }
    }),
];
