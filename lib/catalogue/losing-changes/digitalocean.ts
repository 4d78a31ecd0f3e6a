// DigitalOcean: what an update in place may lose. Its servers' own backups cannot be changed.
import type { Inputs } from "../contract.ts";
import { atPath, objectsIn, shortest } from "./at-path.ts";
import type { LosingChanges } from "./contract.ts";

function rules(inputs: Inputs): readonly Inputs[] {
    return objectsIn(inputs["lifecycleRules"]).filter(({ enabled }) => enabled !== false);
}

export const digitalocean = {
    "digitalocean:index/databaseCluster:DatabaseCluster": [
        { path: "storageSizeMib", when: "less", happens: "a smaller disk" },
    ],
    "digitalocean:index/spacesBucket:SpacesBucket": [
        {
            path: "versioning.enabled",
            byDefault: false,
            when: "off",
            happens: "what is overwritten or deleted is gone",
        },
        {
            path: "lifecycleRules[].noncurrentVersionExpiration.days",
            read: (inputs) => shortest(rules(inputs).map((rule) => atPath(rule, "noncurrentVersionExpiration.days"))),
            when: "less",
            happens: "older versions are deleted",
        },
        {
            path: "lifecycleRules[].expiration.days",
            read: (inputs) => shortest(rules(inputs).map((rule) => atPath(rule, "expiration.days"))),
            when: "less",
            happens: "files in use are deleted",
        },
    ],
    "digitalocean:index/volume:Volume": [{ path: "size", when: "less", happens: "a smaller disk" }],
} satisfies LosingChanges;
