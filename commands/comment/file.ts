// Reads the text of a comment: no more than a comment can be, and no file that another one stands for.
import { constants } from "node:fs";
import { open, type FileHandle } from "node:fs/promises";
import { BadInputError } from "./run.ts";

/** In bytes: four for each character that GitHub takes. */
const largest = 4 * 65_536;

export async function readComment(path: string): Promise<string> {
    return read(path, 1);
}

/** What a command printed, which is nothing where it failed. */
export async function readPrinted(path: string): Promise<string> {
    return read(path, 0);
}

async function read(path: string, least: number): Promise<string> {
    const file = await opened(path);
    try {
        const { size } = await checked(file.stat(), path, least);
        const { buffer, bytesRead } = await file.read(Buffer.alloc(size), 0, size, 0);
        return new TextDecoder("utf-8", { fatal: true }).decode(buffer.subarray(0, bytesRead));
    } catch (error) {
        throw error instanceof TypeError ? new BadInputError(`${path} is no text in UTF-8`) : error;
    } finally {
        await file.close();
    }
}

async function opened(path: string): Promise<FileHandle> {
    try {
        // An artifact may hold a link to any file of this machine, or a pipe that never ends.
        return await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    } catch (error) {
        const { code } = error as NodeJS.ErrnoException;
        const why = code === "ELOOP" ? "it is a link, and only files are read" : code;
        throw new BadInputError(`${path} cannot be read: ${why}`);
    }
}

async function checked(stat: Promise<{ size: number; isFile: () => boolean }>, path: string, least: number) {
    const found = await stat;
    if (!found.isFile()) {
        throw new BadInputError(`${path} is no file`);
    }
    if (found.size < least || found.size > largest) {
        throw new BadInputError(`${path} has ${found.size} bytes. Allowed: ${least} to ${largest}`);
    }
    return found;
}
