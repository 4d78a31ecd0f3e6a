// When a list of sources is the internet, in however many ranges it is written.
import { addressBlock, merged, shared, type AddressBlock } from "./address-block.ts";
import { notPublic } from "./not-public.ts";

const block = (text: string): AddressBlock => addressBlock(text)!;

/** Of IPv4 all but what is private, local or reserved; of IPv6 what is given out to networks. */
const unreachable = merged([...notPublic, "0.0.0.0/8", "224.0.0.0/3"].map(block));
const [everyIpv4, everyIpv6] = [block("0.0.0.0/0"), block("2000::/3")];

/**
 * More public addresses than one owner has: the largest owners have a /8 of IPv4 or a /19 of IPv6, and offices elsewhere. Who lets in
 * more than two of these, lets in strangers.
 */
const most = { 4: 2n ** 25n, 6: 2n ** 110n } as const;

/** In words, for messages. */
export const mostPublic = "at most a /7 of public IPv4 addresses and a /18 of IPv6 together";

/** How many public addresses of each family the ranges have together; what is no range counts as none. */
function publicAddresses(ranges: readonly string[]): { readonly 4: bigint; readonly 6: bigint } {
    const blocks = merged(ranges.flatMap((range) => addressBlock(range) ?? []));
    const common = (others: readonly AddressBlock[]): bigint =>
        blocks.reduce((sum, one) => others.reduce((within, other) => within + shared(one, other), sum), 0n);
    return { 4: common([everyIpv4]) - common(unreachable), 6: common([everyIpv6]) };
}

/** Whether ranges add up to so many public addresses that it is no list of one's own any more. */
export function isInternet(ranges: readonly string[]): boolean {
    const found = publicAddresses(ranges);
    return found[4] > most[4] || found[6] > most[6];
}

/** `50 % of all public IPv4 addresses`, for messages. */
export function publicShare(ranges: readonly string[]): string {
    const found = publicAddresses(ranges);
    const all = publicAddresses(["0.0.0.0/0", "::/0"]);
    const part = (family: 4 | 6): string => {
        const percent = Number((found[family] * 1000n) / all[family]) / 10;
        return `${percent === 0 ? "0.1" : percent} % of all public IPv${family} addresses`;
    };
    return ([4, 6] as const)
        .filter((family) => found[family] > most[family])
        .map(part)
        .join(" and ");
}
