// Ways out to where clouds give credentials away: the program opens what its pods need of that itself.
import { addressBlock } from "../../../lib/address-block.ts";
import { metadataIn } from "../../../lib/metadata-addresses.ts";
import { removeCommand, setCommand, settingPath, type Problem } from "../../problems.ts";
import { placedApps } from "../apps/apps.ts";
import { contradiction } from "../contradiction.ts";
import { backupRanges } from "../stores/backups.ts";
import { bucketRanges } from "../stores/object-storage.ts";

/** Where they answer: AWS and DigitalOcean at 80, Google Cloud at 80 and 8080, GKE's own at 987 and 988, Azure at 80 and 32526. */
const metadataPorts: readonly number[] = [80, 987, 988, 8080, 32526];

/** Addresses of a range that is written for what else is in it: a /16 of IPv4, a /32 of IPv6. */
const wide = { 4: 2n ** 16n, 6: 2n ** 96n } as const;

/** What holds files is at no such address, so of a range for it nothing is left. */
export const metadataOfBuckets = contradiction(["apps", "assets"], (settings) =>
    withoutCredentials(bucketRanges(settings)),
);
export const metadataOfBackups = contradiction(["apps", "database"], (settings) =>
    withoutCredentials(backupRanges(settings)),
);

function withoutCredentials(
    ranges: ReadonlyArray<{ readonly path: readonly PropertyKey[]; readonly cidr: string }>,
): Problem[] {
    return ranges.flatMap(({ path: at, cidr }): Problem[] => {
        const held = metadataIn(cidr);
        const path = settingPath(at);
        return held === undefined
            ? []
            : [
                  {
                      path,
                      found: `${JSON.stringify(cidr)}, with ${held.address}: ${held.whose}`,
                      allowed: "the server's own addresses, and none at which a cloud gives out credentials",
                      fix: setCommand(path, "RANGE"),
                  },
              ];
    });
}

export const metadataEgress = contradiction(["apps"], ({ apps }) =>
    placedApps(apps).flatMap(({ app, at }) =>
        app.egress.addresses.flatMap(({ cidr, port }, index): Problem[] => {
            const held = metadataIn(cidr);
            const block = addressBlock(cidr);
            if (held === undefined || block === undefined) {
                return [];
            }
            const entry = settingPath([...at, "egress", "addresses", index]);
            const path = settingPath([...at, "egress", "addresses", index, "cidr"]);
            const found = `${JSON.stringify(cidr)}, with ${held.address}: ${held.whose}`;
            if (block.last - block.first < wide[block.family]) {
                const allowed =
                    "no address at which a cloud gives out credentials: who gets a pod to ask there has the node's. What stores need of it is open already";
                return [{ path, found, allowed, fix: removeCommand(entry) }];
            }
            if (port === 443) {
                const publicHttps = settingPath([...at, "egress", "publicHttps"]);
                const allowed =
                    "narrower ranges; for all that is public: egress.publicHttps, which leaves out what is not";
                return [{ path, found, allowed, fix: `${setCommand(publicHttps, "true")} && ${removeCommand(entry)}` }];
            }
            const allowed = "narrower ranges: at this port a cloud gives out credentials";
            return metadataPorts.includes(port) ? [{ path, found, allowed, fix: setCommand(path, "RANGE") }] : [];
        }),
    ),
);
