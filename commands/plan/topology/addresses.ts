// IPv4 addresses and their ranges.

/** Whether an address is in a range; neither in one that is not known. */
export function contains(cidr: string, address: string): boolean {
    const [network = "", digits = "32"] = cidr.split("/");
    const [wanted, start] = [numberOf(address), numberOf(network)];
    if (wanted === undefined || start === undefined) {
        return false;
    }
    const size = 2 ** (32 - Number(digits));
    return Math.floor(wanted / size) === Math.floor(start / size);
}

function numberOf(address: string): number | undefined {
    const parts = address.split(".").map(Number);
    const valid = parts.length === 4 && parts.every((part) => Number.isInteger(part) && part >= 0 && part <= 255);
    return valid ? parts.reduce((sum, part) => sum * 256 + part, 0) : undefined;
}
