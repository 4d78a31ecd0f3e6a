// Address ranges of both families as numbers: what they begin with, what they add up to, what they have in common.
import { isIPv4, isIPv6 } from "node:net";

export interface AddressBlock {
    readonly family: 4 | 6;
    /** The first address. */
    readonly first: bigint;
    /** The last address. */
    readonly last: bigint;
}

const lengths = { 4: 32, 6: 128 } as const;

/** IPv4 written as IPv6, `::ffff:0.0.0.0/96`. */
const mapped = 0xffffn << 32n;

/**
 * @param text a range of either family, or one address
 * @returns the range that the address is in, wherever in it that lies; undefined for any other text
 */
export function addressBlock(text: string): AddressBlock | undefined {
    const [address = "", length, ...rest] = text.split("/");
    const family = isIPv4(address) ? 4 : isIPv6(address) && !address.includes("%") ? 6 : undefined;
    if (family === undefined || rest.length > 0 || (length !== undefined && !/^(0|[1-9][0-9]{0,2})$/.test(length))) {
        return undefined;
    }
    const most = lengths[family];
    const bits = length === undefined ? most : Number(length);
    if (bits > most) {
        return undefined;
    }
    const size = 1n << BigInt(most - bits);
    const number = family === 4 ? ipv4(address) : ipv6(address);
    const first = number - (number % size);
    return first >> 32n === mapped >> 32n && family === 6 && bits >= 96
        ? { family: 4, first: first - mapped, last: first - mapped + size - 1n }
        : { family, first, last: first + size - 1n };
}

function ipv4(address: string): bigint {
    return address.split(".").reduce((number, octet) => number * 256n + BigInt(octet), 0n);
}

function ipv6(address: string): bigint {
    const dotted = /[0-9.]+$/.exec(address)?.[0] ?? "";
    const tail = dotted.includes(".") ? ipv4(dotted) : undefined;
    const text =
        tail === undefined
            ? address
            : `${address.slice(0, -dotted.length)}${(tail >> 16n).toString(16)}:${(tail & 0xffffn).toString(16)}`;
    const [before = "", after] = text.split("::");
    const groups = (part: string): string[] => (part === "" ? [] : part.split(":"));
    const [left, right] = [groups(before), groups(after ?? "")];
    const zeros = Array.from({ length: 8 - left.length - right.length }, () => "0");
    return [...left, ...zeros, ...right].reduce((number, group) => number * 65536n + BigInt(`0x${group}`), 0n);
}

/** @returns the ranges in order, those that touch or overlap as one */
export function merged(blocks: readonly AddressBlock[]): readonly AddressBlock[] {
    const sorted = blocks.toSorted(
        (a, b) => a.family - b.family || (a.first < b.first ? -1 : a.first > b.first ? 1 : 0),
    );
    const whole: AddressBlock[] = [];
    for (const block of sorted) {
        const before = whole.at(-1);
        if (before?.family === block.family && block.first <= before.last + 1n) {
            whole[whole.length - 1] = { ...before, last: block.last > before.last ? block.last : before.last };
        } else {
            whole.push(block);
        }
    }
    return whole;
}

/** How many addresses the two have in common. */
export function shared(one: AddressBlock, other: AddressBlock): bigint {
    if (one.family !== other.family) {
        return 0n;
    }
    const first = one.first > other.first ? one.first : other.first;
    const last = one.last < other.last ? one.last : other.last;
    return first > last ? 0n : last - first + 1n;
}

/** @returns the range as text that begins with its first address; undefined for what is no range with a length */
export function canonical(text: string): string | undefined {
    const block = text.includes("/") ? addressBlock(text) : undefined;
    if (block === undefined) {
        return undefined;
    }
    const [address = "", length = ""] = text.split("/");
    if (isIPv4(address)) {
        return `${dotted(block.first)}/${length}`;
    }
    return ipv6(address) === (block.family === 4 ? block.first + mapped : block.first)
        ? text
        : `${colons(block.family === 4 ? block.first + mapped : block.first)}/${length}`;
}

function dotted(address: bigint): string {
    return [24n, 16n, 8n, 0n].map((shift) => (address >> shift) & 255n).join(".");
}

/** The longest run of zeros is left out. */
function colons(address: bigint): string {
    const groups = Array.from({ length: 8 }, (_, index) => (address >> BigInt(112 - 16 * index)) & 0xffffn);
    const words = groups.map((group) => group.toString(16)).join(":");
    const longest = [...words.matchAll(/(?<![^:])0(?::0)+(?![^:])/g)]
        .map((match) => match[0])
        .toSorted((a, b) => b.length - a.length)[0];
    if (longest === undefined) {
        return words;
    }
    const at = words.search(new RegExp(`(?<![^:])${longest}(?![^:])`));
    return `${words.slice(0, at).replace(/:$/, "")}::${words.slice(at + longest.length).replace(/^:/, "")}`;
}
