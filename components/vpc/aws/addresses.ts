// Which addresses a zone's subnets have. A zone's letter decides it, so that another zone moves none.
import { subnets } from "../../../lib/cidr.ts";

/** The letter at the end of an availability zone's name: `a` of `eu-central-1a`. */
export type ZoneLetter = "a" | "b" | "c" | "d" | "e" | "f";

export const zoneLetters: readonly ZoneLetter[] = ["a", "b", "c", "d", "e", "f"];

export interface ZoneAddresses {
    /** An eighth of the network: every pod has an address here. 8187 of a /16. */
    readonly private: string;
    /** A 256th: load balancers, which ask for 8 free addresses, and a NAT gateway. */
    readonly public: string;
    /** A 256th: databases and caches. */
    readonly store: string;
}

/** Of eight parts six are the zones' private ones; the last two are cut again, for the public and the stores' subnets. */
const parts = 8;
const partBits = 3;
const smallBits = 5;

/**
 * @param cidr the network's range, /16 to /18
 * @throws RangeError as lib/cidr.ts
 */
export function zoneAddresses(cidr: string, zone: ZoneLetter): ZoneAddresses {
    const index = zoneLetters.indexOf(zone);
    const all = subnets(cidr, partBits, parts);
    return {
        private: all[index]!,
        public: subnets(all[6]!, smallBits, zoneLetters.length)[index]!,
        store: subnets(all[7]!, smallBits, zoneLetters.length)[index]!,
    };
}
