// Ranges that an app or a store of it may reach, without what no wide range is meant for.
import { isRange, overlaps, range } from "./cidr.ts";

/** Where clouds keep a machine's credentials (lib/metadata-addresses.ts names the addresses). */
const linkLocal = "169.254.0.0/16";

/** A wide range is not meant for what it holds of these; a narrow one is refused by the settings' check. */
export function withoutMetadata<Address extends { readonly cidr: string }>(
    address: Address,
): Address & { readonly except?: string[] } {
    const wide = isRange(address.cidr) && range(address.cidr).bits < range(linkLocal).bits;
    return wide && overlaps(address.cidr, linkLocal) ? { ...address, except: [linkLocal] } : address;
}
