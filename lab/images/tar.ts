// Writes a tar file from streams: plain ustar, nothing that could differ from one run to the next.
import { createReadStream, createWriteStream } from "node:fs";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";

const block = 512;

/** One regular file of the archive; `content` is the bytes themselves, or the path of the file that holds them. */
export interface TarEntry {
    readonly name: string;
    readonly size: number;
    readonly content: Buffer | { readonly path: string };
}

/** Writes the entries to the file `out`, in the order given. */
export async function writeTar(out: string, entries: readonly TarEntry[]): Promise<void> {
    await pipeline(Readable.from(chunks(entries), { objectMode: false }), createWriteStream(out));
}

async function* chunks(entries: readonly TarEntry[]): AsyncGenerator<Buffer> {
    for (const entry of entries) {
        yield header(entry.name, entry.size);
        let written = 0;
        if (Buffer.isBuffer(entry.content)) {
            written = entry.content.length;
            yield entry.content;
        } else {
            for await (const chunk of createReadStream(entry.content.path, { highWaterMark: 1 << 20 })) {
                written += (chunk as Buffer).length;
                yield chunk as Buffer;
            }
        }
        // The header is out already: a file that grew or shrank meanwhile would shift everything behind it.
        if (written !== entry.size) {
            throw new Error(`${entry.name}: ${entry.size} bytes announced, ${written} read`);
        }
        yield Buffer.alloc((block - (entry.size % block)) % block);
    }
    yield Buffer.alloc(2 * block);
}

function header(name: string, size: number): Buffer {
    if (Buffer.byteLength(name) > 100) {
        throw new Error(`${name}: longer than the 100 bytes of a ustar name`);
    }
    const field = Buffer.alloc(block);
    field.write(name, 0);
    field.write("0000644\0", 100); // mode
    field.write("0000000\0", 108); // uid
    field.write("0000000\0", 116); // gid
    field.write(`${octal(size, 11)}\0`, 124);
    field.write(`${octal(0, 11)}\0`, 136); // modification time
    field.write(" ".repeat(8), 148); // the checksum counts itself as spaces
    field.write("0", 156); // a regular file
    field.write("ustar\x0000", 257);
    field.write(
        `${octal(
            field.reduce((sum, byte) => sum + byte, 0),
            6,
        )}\0 `,
        148,
    );
    return field;
}

function octal(value: number, digits: number): string {
    const text = value.toString(8);
    if (text.length > digits) {
        throw new Error(`${value} does not fit into ${digits} octal digits`);
    }
    return text.padStart(digits, "0");
}
