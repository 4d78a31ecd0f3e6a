// Host names, address ranges and image references as others write them.
import { isIPv4, isIPv6 } from "node:net";

const scheme = /^\s*[a-z][a-z0-9+.-]{0,20}:\/\//i;

/** Without scheme, login and what stands behind a slash. */
function withoutUrl(text: string): string {
    const bare = text.trim().replace(scheme, "").split(/[/?#]/, 1)[0]!;
    return bare.slice(bare.lastIndexOf("@") + 1);
}

/** `https://Shop.example.org:8443/path`, `*.example.org`, `shop.example.org.` @returns the name alone */
export function hostFrom(text: string): string {
    return withoutUrl(text)
        .replace(/:[0-9]{0,5}$/, "")
        .replace(/^\*?\.+/, "")
        .replace(/\.{1,3}$/, "")
        .replaceAll("_", "-")
        .toLowerCase();
}

/** A host that may have a port. */
export function serverFrom(text: string): string {
    return withoutUrl(text).toLowerCase();
}

/** An address without bits is a range of one; a range begins with its first address. */
export function rangeFrom(text: string): string[] {
    const [address = "", bits, ...rest] = text.trim().replace(scheme, "").split("/");
    if (rest.length > 0 || (bits !== undefined && !/^[0-9]{1,3}$/.test(bits))) {
        return [];
    }
    if (isIPv4(address)) {
        const length = Math.min(Number(bits ?? 32), 32);
        return [`${address}/${length}`, `${firstAddress(address, length)}/${length}`];
    }
    return isIPv6(address) ? [`${address}/${Math.min(Number(bits ?? 128), 128)}`] : [];
}

function firstAddress(address: string, bits: number): string {
    const number = address.split(".").reduce((sum, octet) => sum * 256 + Number(octet), 0);
    const first = number - (number % 2 ** (32 - bits));
    return [24, 16, 8, 0].map((shift) => Math.floor(first / 2 ** shift) % 256).join(".");
}

/** What an image reference without a tag gets; the user replaces it. */
export const tagPlaceholder = ":TAG";

/** `https://Registry.example.org/Shop` @returns a reference as Docker takes it, with a tag */
export function imageFrom(text: string): string {
    const bare = text.trim().replace(scheme, "").replace(/\s+/g, "");
    const [, name = bare, suffix = ""] =
        /^([^@]*?)((?::[^:/@]*)?(?:@sha256:[0-9a-f]*)?)$/i.exec(withoutLogin(bare)) ?? [];
    const lower = name
        .toLowerCase()
        .replace(/\/+$/, "")
        .replaceAll(/\/{2,}/g, "/");
    return `${lower}${/^:?$/.test(suffix) ? tagPlaceholder : suffix}`;
}

/** A login ends before the first slash, a digest comes behind it. */
function withoutLogin(text: string): string {
    const slash = text.indexOf("/");
    const at = slash === -1 ? -1 : text.slice(0, slash).lastIndexOf("@");
    return text.slice(at + 1);
}

/** What is wrong with a reference, in a few words. */
export function imageFault(text: string): string | undefined {
    const bare = text.trim();
    if (bare === "") {
        return undefined;
    }
    if (scheme.test(bare)) {
        return "no scheme before it";
    }
    if (/\s/.test(text)) {
        return "no space in it";
    }
    if (withoutLogin(bare) !== bare) {
        return "no login in it (that is registry.username and secrets.registryPassword)";
    }
    const last = bare.slice(bare.lastIndexOf("/") + 1);
    if (/[A-Z]/.test(bare.split("@", 1)[0]!.slice(0, bare.length - last.length) + last.split(/[:@]/, 1)[0]!)) {
        return "lower-case letters before the tag";
    }
    return /[:@]/.test(last) ? undefined : "a tag behind it";
}
