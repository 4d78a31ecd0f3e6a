// Which values a verdict shows: numbers, sizes and switches, and of texts those that stand where never a secret does. A comment is read
// by everybody, and a preview marks no secret.
import { isByteQuantity, isCpuQuantity } from "../../lib/quantities.ts";
import { masked } from "../../lib/secret-text.ts";
import type { Difference } from "./differences.ts";

/** By the last word of their path. */
const telling: ReadonlySet<string> = new Set([
    "image",
    "tier",
    "machineType",
    "instanceClass",
    "instanceType",
    "instanceTypes",
    "nodeType",
    "size",
    "version",
    "engineVersion",
    "databaseVersion",
    "redisVersion",
    "engine",
    "edition",
    "availabilityType",
    "region",
    "location",
    "zone",
    "type",
    "sslMode",
    "transitEncryptionMode",
    "acl",
    "schedule",
    "timeZone",
    "concurrencyPolicy",
    "storage",
    "cidr",
    "cidrBlock",
    "cidrBlocks",
    "cidrIpv4",
    "cidrIpv6",
    "ipCidrRange",
    "sourceRanges",
    "publicAccessCidrs",
    "hostnames",
    "protocol",
    "port",
    "role",
    "minTlsVersion",
    "releaseChannel",
    "channel",
]);

/** Below these stands what an app is told, whatever it is called. */
const neverShown: ReadonlySet<string> = new Set(["data", "stringData", "binaryData", "env", "values", "annotations"]);

const longest = 80;

/** In words, undefined where it is not to be shown. */
export function shownValue({ path }: Difference, value: unknown): string | undefined {
    if (value === undefined) {
        return "nothing";
    }
    if (path.some((part) => typeof part === "string" && neverShown.has(part))) {
        return undefined;
    }
    if (typeof value === "number" || typeof value === "boolean") {
        return String(value);
    }
    const last = String(path.findLast((part) => typeof part === "string"));
    if (typeof value === "string" && (isByteQuantity(value) || telling.has(last) || isCpu(last, value))) {
        // A registry's login has no business there, whatever it is called.
        return short(last === "image" ? value.replace(/^.*@(?!sha256:)/, "***@") : value);
    }
    if (Array.isArray(value) && telling.has(last) && value.every((one) => typeof one === "string")) {
        return value.length === 0 ? "none" : short(value.join(", "));
    }
    return undefined;
}

function isCpu(name: string, text: string): boolean {
    return name === "cpu" && isCpuQuantity(text);
}

function short(text: string): string {
    const shown = masked(text);
    return shown.length > longest ? `${shown.slice(0, longest - 3)}...` : shown;
}
