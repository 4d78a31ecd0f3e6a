// IPv4 address ranges: whether two have addresses in common, and how one is cut into equal parts.

interface Range {
    /** The first address, as a number below 2^32. */
    readonly first: number;
    readonly bits: number;
}

/**
 * @param cidr IPv4, for example `10.20.0.0/16`
 * @throws RangeError for anything else, and for an address inside a range instead of its first
 */
export function range(cidr: string): Range {
    const [, address = "", length = ""] = /^((?:[0-9]{1,3}\.){3}[0-9]{1,3})\/([0-9]{1,2})$/.exec(cidr) ?? [];
    const octets = address.split(".").map(Number);
    const bits = Number(length);
    if (address === "" || octets.some((octet) => octet > 255) || bits > 32) {
        throw new RangeError(`${cidr} is no IPv4 address range`);
    }
    const first = octets.reduce((number, octet) => number * 256 + octet, 0);
    if (first % size(bits) !== 0) {
        throw new RangeError(`${cidr} does not begin with its first address, ${dotted(first - (first % size(bits)))}`);
    }
    return { first, bits };
}

/** @returns whether the text is an IPv4 range that begins with its first address, as the clouds want it */
export function isRange(cidr: string): boolean {
    try {
        range(cidr);
        return true;
    } catch {
        return false;
    }
}

/** @throws RangeError as `range` */
export function overlaps(one: string, other: string): boolean {
    const [a, b] = [range(one), range(other)];
    return a.first < b.first + size(b.bits) && b.first < a.first + size(a.bits);
}

/** @throws RangeError as `range` */
export function isInside(inner: string, outer: string): boolean {
    return overlaps(inner, outer) && range(inner).bits >= range(outer).bits;
}

/** @returns the first two ranges that overlap, by their names; undefined when none do */
export function overlapping(ranges: Readonly<Record<string, string>>): readonly [string, string] | undefined {
    const names = Object.keys(ranges);
    return names
        .flatMap((name, index) => names.slice(index + 1).map((other): readonly [string, string] => [name, other]))
        .find(([name, other]) => overlaps(ranges[name]!, ranges[other]!));
}

/**
 * Cuts a range into equal parts and gives the first `count` of them. The same number of bits gives the same parts, so
 * that a greater `count` moves none.
 *
 * @param newBits how many bits longer the parts' prefix is: 4 makes sixteen /20 of a /16
 * @throws RangeError as `range`, and when there are not that many parts
 */
export function subnets(cidr: string, newBits: number, count: number): readonly string[] {
    const { first, bits } = range(cidr);
    if (bits + newBits > 32 || count > 2 ** newBits) {
        throw new RangeError(`${cidr} does not have ${count} parts of /${bits + newBits}`);
    }
    return Array.from(
        { length: count },
        (_, index) => `${dotted(first + index * size(bits + newBits))}/${bits + newBits}`,
    );
}

function size(bits: number): number {
    return 2 ** (32 - bits);
}

function dotted(address: number): string {
    return [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256).join(".");
}
