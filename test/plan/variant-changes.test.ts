// A stack that changes the variant of a store keeps the names of what both variants make. An API server has one object of each name,
// and an engine makes the new before it deletes the old: so each name has to stay one resource, whichever component makes it.
// Does not prove what the provider then does with it: test/prove/external.test.ts does.
import { describe, expect, test } from "vitest";
import { combinations, nameOf, sectionsFor } from "./support/matrix.ts";
import { planOf } from "./support/plans.ts";

interface Seen {
    readonly urn: string;
    readonly formerUrns: readonly string[];
    readonly stack: string;
}

const staging = combinations.filter(({ kind }) => kind === "staging");

describe.each(["existing", "gcp", "aws", "digitalocean"] as const)("on %s", (platform) => {
    test("an object of the cluster is one resource in every stack that has it", async () => {
        const objects = new Map<string, Seen[]>();
        for (const combination of staging.filter((each) => each.platform === platform)) {
            const { sections, secrets } = await sectionsFor(combination);
            const plan = await planOf(sections, { stack: "staging", secrets });
            for (const { type, urn, formerUrns, props } of plan.resources) {
                const metadata: { readonly name?: unknown; readonly namespace?: unknown } | undefined =
                    props["metadata"];
                if (type.startsWith("kubernetes:") && typeof metadata?.name === "string") {
                    const object = `${type} ${metadata.name} in ${String(metadata.namespace)}`;
                    const seen = objects.get(object) ?? [];
                    seen.push({ urn, formerUrns, stack: nameOf(combination) });
                    objects.set(object, seen);
                }
            }
        }
        expect(objects.size).toBeGreaterThan(20);
        expect([...objects].flatMap(([object, seen]) => strangers(object, seen))).toEqual([]);
    });
});

/** Of each two that are one object, the one has to know the other's URN. */
function strangers(object: string, seen: readonly Seen[]): string[] {
    return seen.flatMap((now) =>
        seen
            .filter(({ urn }) => urn !== now.urn && !now.formerUrns.includes(urn))
            .map((before) => `${object}: ${now.stack} does not know that of ${before.stack}, ${before.urn}`),
    );
}
