// How much memory an instance class of RDS has: its name says which family it is of, and how large.
// Source: docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Concepts.DBInstanceClass.Summary.html, read in November 2026.

/** GiB of `large`, by the letter or by the whole family where its members differ; every size doubles. */
const families: ReadonlyMap<string, number> = new Map([
    ["m", 8],
    ["r", 16],
    ["c", 4],
    ["z", 16],
    ["x2g", 32],
    ["x2idn", 32],
    ["x2iedn", 64],
    ["x2iezn", 64],
]);

/** GiB of the burstable ones, whatever their generation. */
const burstable: ReadonlyMap<string, number> = new Map([
    ["micro", 1],
    ["small", 2],
    ["medium", 4],
    ["large", 8],
    ["xlarge", 16],
    ["2xlarge", 32],
]);

/** In ascending order. */
const sizes = ["large", "xlarge", "2xlarge", "4xlarge", "8xlarge", "12xlarge", "16xlarge", "24xlarge"] as const;

const form = /^db\.([a-z])([0-9][a-z]*)\.([a-z0-9]+)$/;

/** @returns bytes, or undefined for a class whose name does not say it */
export function rdsMemory(instanceClass: string): number | undefined {
    const [, letter = "", generation = "", size = ""] = form.exec(instanceClass) ?? [];
    const ofLarge = families.get(letter) ?? families.get(letter + generation);
    const gibibytes = letter === "t" ? burstable.get(size) : multiplied(ofLarge, /^(?:([0-9]*)x)?large$/.exec(size));
    return gibibytes === undefined ? undefined : gibibytes * 2 ** 30;
}

/** @returns the classes of the same family that are larger, smallest first */
export function largerRdsClasses(instanceClass: string): readonly string[] {
    const [, letter = "", generation = ""] = form.exec(instanceClass) ?? [];
    const memory = rdsMemory(instanceClass);
    if (memory === undefined) {
        return [];
    }
    return (letter === "t" ? [...burstable.keys()] : sizes)
        .map((size) => `db.${letter}${generation}.${size}`)
        .filter((other) => rdsMemory(other)! > memory);
}

/** `large` is one, `xlarge` two, `4xlarge` eight of them. */
function multiplied(ofLarge: number | undefined, size: RegExpExecArray | null): number | undefined {
    if (ofLarge === undefined || size === null) {
        return undefined;
    }
    return size[1] === undefined ? ofLarge : ofLarge * 2 * Number(size[1] || "1");
}
