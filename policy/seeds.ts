// Seeds: what every pull request reads was masked first.
import { seedContainers } from "../lib/seeds.ts";
import { textOf } from "./kubernetes.ts";
import { componentLabel, metadataOf } from "./plan-view.ts";
import { rule, type Rule } from "./rule.ts";

/** In the order in which a pod runs them. */
const masks: readonly string[] = [seedContainers.sql, seedContainers.command];
const serves = "serve";

export const seedRules: readonly Rule[] = [
    rule("R144", "rows that may be production's are masked before they are served as a seed", function* (view) {
        for (const { kind, resource, containers } of view.workloads) {
            if (kind !== "CronJob" || textOf(metadataOf(resource).labels?.[componentLabel]) !== "database-seed") {
                continue;
            }
            const names = containers.map(({ name }) => textOf(name) ?? "");
            const ofOthers = names.includes(seedContainers.fetch);
            const doubtful = ofOthers || view.environmentKind === undefined || view.environmentKind === "production";
            const masked = containers.some(({ name, init }) => init && masks.includes(textOf(name) ?? ""));
            if (doubtful && !masked) {
                yield {
                    resource,
                    path: "spec.jobTemplate.spec.template.spec.initContainers",
                    found: `${names.join(", ")}: nothing between them masks`,
                    allowed: `a container ${masks.join(" or ")} before ${serves}: ${ofOthers ? "of a dump nobody knows that it is not production's" : "the rows are production's"}`,
                    fix: "set lends.seed.mask (docs/seeds.md)",
                };
            }
        }
    }),
];
