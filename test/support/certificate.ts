// A certificate for tests that signs itself, for any names and any time, without a program beside Node.
import { generateKeyPairSync, sign, type KeyObject } from "node:crypto";

export interface Certificate {
    /** PEM. */
    readonly chain: string;
    readonly key: string;
}

/** A value in DER: its tag, its length, its content. @see https://www.rfc-editor.org/rfc/rfc5280#section-4.1 */
function der(tag: number, ...parts: readonly Buffer[]): Buffer {
    const content = Buffer.concat(parts);
    const { length } = content;
    const size = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 255];
    return Buffer.concat([Buffer.from([tag, ...size]), content]);
}

const sequence = (...parts: readonly Buffer[]): Buffer => der(0x30, ...parts);
const ed25519 = sequence(der(0x06, Buffer.from("2b6570", "hex")));
const subjectAltName = der(0x06, Buffer.from("551d11", "hex"));
const noName = sequence();

function time(date: Date): Buffer {
    const digits = date.toISOString().replaceAll(/[-:T]|\.\d+/g, "");
    return der(0x18, Buffer.from(digits));
}

/** @param days from now on; less than none is over */
export function certificateFor(names: readonly string[], days: number = 300): Certificate {
    const { publicKey, privateKey } = generateKeyPairSync("ed25519");
    const end = new Date(Date.now() + days * 86_400_000);
    const start = new Date(Math.min(Date.now(), end.getTime()) - 86_400_000);
    const alternatives = sequence(...names.map((name) => der(0x82, Buffer.from(name))));
    const body = sequence(
        der(0xa0, der(0x02, Buffer.from([2]))),
        der(0x02, Buffer.from([1])),
        ed25519,
        noName,
        sequence(time(start), time(end)),
        noName,
        publicKey.export({ type: "spki", format: "der" }),
        der(0xa3, sequence(sequence(subjectAltName, der(0x04, alternatives)))),
    );
    const signed = sequence(body, ed25519, der(0x03, Buffer.from([0]), sign(null, body, privateKey)));
    return { chain: pem("CERTIFICATE", signed), key: keyText(privateKey) };
}

function pem(kind: string, content: Buffer): string {
    const lines = content.toString("base64").replaceAll(/.{64}/g, "$&\n");
    return `-----BEGIN ${kind}-----\n${lines}\n-----END ${kind}-----\n`;
}

function keyText(key: KeyObject): string {
    return key.export({ type: "pkcs8", format: "pem" }) as string;
}
