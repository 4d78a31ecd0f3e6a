// The file of the stack that runs, beside what Pulumi made of it: for what Pulumi does not hand over, and for where things stand.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { contentsOf, type StackContents } from "./contents.ts";
import { readDocument, type ReadDocument } from "./document.ts";
import { isEncrypted } from "./encrypted.ts";

/** @returns the name of a stack's file; `staging` of `organization/project/staging` */
export function stackFileName(stack: string): string {
    return `Pulumi.${stack.split("/").at(-1)}.yaml`;
}

/**
 * @param directory the project's, where Pulumi.yaml is
 * @param config what Pulumi handed over, by full key
 * @returns undefined when there is no such file, or the configuration came from another one
 */
export function readOwnFile(
    directory: string,
    stack: string,
    project: string,
    config: Readonly<Record<string, string>>,
): StackContents | undefined {
    let bytes: Uint8Array;
    try {
        bytes = readFileSync(join(directory, stackFileName(stack)));
    } catch {
        return undefined;
    }
    const { document } = documentOf(bytes);
    if (document === undefined) {
        return undefined;
    }
    const contents = contentsOf(document, project);
    const isSource = [...contents.config].every(
        ([key, value]) => Object.hasOwn(config, key) && isSame(value, config[key]!),
    );
    return isSource ? contents : undefined;
}

/** `make plan` reads a file, and the program it runs reads it again. */
let last: { readonly bytes: Uint8Array; readonly read: ReadDocument } | undefined;

export function documentOf(bytes: Uint8Array): ReadDocument {
    if (last === undefined || Buffer.compare(last.bytes, bytes) !== 0) {
        last = { bytes, read: readDocument(bytes) };
    }
    return last.read;
}

/** As Pulumi hands a value over: a structure as JSON, anything else as its text. Encrypted ones are not compared. */
function isSame(inFile: unknown, handedOver: string): boolean {
    if (isEncrypted(inFile)) {
        return true;
    }
    if (inFile === null || typeof inFile !== "object") {
        return textOf(inFile) === handedOver;
    }
    try {
        return isEqual(inFile, JSON.parse(handedOver));
    } catch {
        return false;
    }
}

/** What Pulumi hands over of a value that is no structure. */
export function textOf(value: unknown): string {
    return typeof value === "string" ? value : value === null || value === undefined ? "" : JSON.stringify(value);
}

function isEqual(inFile: unknown, other: unknown): boolean {
    if (isEncrypted(inFile)) {
        return true;
    }
    if (inFile === null || typeof inFile !== "object") {
        return inFile === other || (typeof inFile === "number" && Number(other) === inFile);
    }
    if (other === null || typeof other !== "object" || Array.isArray(inFile) !== Array.isArray(other)) {
        return false;
    }
    const keys = Object.keys(inFile);
    return (
        keys.length === Object.keys(other).length &&
        keys.every(
            (key) =>
                Object.hasOwn(other, key) &&
                isEqual((inFile as Record<string, unknown>)[key], (other as Record<string, unknown>)[key]),
        )
    );
}
