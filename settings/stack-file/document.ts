// A stack's file as YAML: its values as Pulumi reads them, where each stands, and everything that keeps it from being read.
//
// Pulumi reads with go-yaml, whose rules are those of YAML 1.2 with some of 1.1: checked against `pulumi config --json` 3.250.
import {
    isAlias,
    isCollection,
    isMap,
    isPair,
    isScalar,
    isSeq,
    LineCounter,
    parseDocument,
    type Alias,
    type Document,
    type Node,
    type Pair,
    type Scalar,
    type YAMLError,
    type YAMLMap,
} from "yaml";
import { settingPath, type Place, type Problem } from "../problems.ts";

/** What the file says, once it can be read. */
export interface StackDocument {
    /** Maps have no prototype's names: whatever key is in the file is one of theirs, and nothing else is. */
    readonly value: unknown;
    /** Where the value stands that these keys lead to; where a key is missing, what would hold it. */
    readonly placeOf: (keys: readonly PropertyKey[]) => Place | undefined;
}

export interface ReadDocument {
    readonly problems: readonly Problem[];
    /** undefined: so much is wrong that nothing else can be said of it. */
    readonly document?: StackDocument;
}

/**
 * More cannot be handed to a program: Pulumi does it in one variable of its environment, which no system lets be that long.
 *
 * @see https://man7.org/linux/man-pages/man2/execve.2.html on the limits of arguments and environment
 */
export const longestFile = 4 * 2 ** 20;

/** Deeper than any setting is; what walks through values calls itself at each level. */
const deepest = 100;

/** Aliases repeat what they stand for: a few lines can say a billion values. */
const mostValues = 200_000;

/** As many as a person wants to read of one mistake that makes many. */
const mostShown = 20;

/** @param bytes the file's whole content */
export function readDocument(bytes: Uint8Array): ReadDocument {
    if (bytes.length > longestFile) {
        return {
            problems: [
                {
                    path: "the file",
                    found: `${bytes.length} bytes`,
                    allowed: `at most ${longestFile} bytes: Pulumi hands the settings to the program in its environment, and no system takes more`,
                    fix: "put large files into the image or a bucket, and name only where they are",
                    place: { line: 1, column: 1 },
                },
            ],
        };
    }
    const { text, problem } = textOf(bytes);
    if (text === undefined) {
        return { problems: [problem] };
    }
    const control = controlCharacter(text);
    return control === undefined ? readText(text) : { problems: [control] };
}

function readText(text: string): ReadDocument {
    const lines = new LineCounter();
    const placeAt = (offset: number): Place => {
        const { line, col } = lines.linePos(offset);
        return { line: Math.max(1, line), column: Math.max(1, col) };
    };
    let parsed: Document.Parsed;
    try {
        // Whether keys are unique is looked at below: the library's way takes the square of their number.
        parsed = parseDocument(text, {
            lineCounter: lines,
            prettyErrors: false,
            uniqueKeys: false,
            logLevel: "error",
        });
    } catch (error) {
        return { problems: [unreadable(error)] };
    }
    const reader = new Reader(parsed, placeAt);
    // Where the library gives up, the mistakes behind are its own.
    const tooDeep = parsed.errors.filter(({ code }) => code === "RESOURCE_EXHAUSTION").slice(0, 1);
    const broken = (tooDeep.length > 0 ? tooDeep : parsed.errors).map((error) => syntaxProblem(error, placeAt));
    const value = broken.length === 0 ? reader.valueOf(parsed.contents, [], 0) : undefined;
    const problems = limited([...broken, ...reader.problems]);
    if (broken.length > 0 || reader.isBeyondLimits) {
        return { problems };
    }
    return {
        problems,
        document: {
            value,
            placeOf: (keys) => {
                // Of an empty file, its beginning.
                return placeAt(reader.offsetOf(keys) ?? 0);
            },
        },
    };
}

function limited(problems: readonly Problem[]): Problem[] {
    const rest = problems.length - mostShown;
    if (rest <= 0) {
        return [...problems];
    }
    const last = problems[mostShown]!;
    return [
        ...problems.slice(0, mostShown),
        { ...last, found: `${last.found}, and ${rest - 1} more mistakes below`, fix: `${last.fix}, then look again` },
    ];
}

/** As the engine: UTF-8, with or without its mark. */
function textOf(
    bytes: Uint8Array,
): { readonly text: string; readonly problem?: never } | { readonly text?: never; readonly problem: Problem } {
    const [first, second] = bytes;
    if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)) {
        return {
            problem: {
                path: "the file",
                found: "text in UTF-16",
                allowed: "UTF-8: git compares UTF-16 as it compares pictures, so nobody sees what a change changes",
                fix: "save it as UTF-8, for example: iconv -f UTF-16 -t UTF-8 OLD > NEW",
                place: { line: 1, column: 1 },
            },
        };
    }
    try {
        return { text: new TextDecoder("utf-8", { fatal: true }).decode(bytes) };
    } catch {
        const { place, byte } = firstInvalid(bytes);
        return {
            problem: {
                path: "the file",
                found: `the byte 0x${byte.toString(16).padStart(2, "0")}, which is not UTF-8 there`,
                allowed: "text in UTF-8",
                fix: "save it as UTF-8, for example: iconv -f WINDOWS-1252 -t UTF-8 OLD > NEW",
                place,
            },
        };
    }
}

/** Where decoding and encoding again makes the first difference. */
function firstInvalid(bytes: Uint8Array): { readonly place: Place; readonly byte: number } {
    const lenient = new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
    const again = new TextEncoder().encode(lenient);
    const at = Math.max(
        0,
        bytes.findIndex((byte, index) => byte !== again[index]),
    );
    const line = bytes.subarray(0, at).reduce((count, byte) => (byte === 0x0a ? count + 1 : count), 1);
    const lineStart = bytes.lastIndexOf(0x0a, Math.max(0, at - 1)) + 1;
    const column = new TextDecoder().decode(bytes.subarray(at === 0 ? 0 : lineStart, at)).length + 1;
    return { place: { line, column }, byte: bytes[at]! };
}

/** YAML has no control characters but tab and line ends; go-yaml stops at the first. */
function controlCharacter(text: string): Problem | undefined {
    // eslint-disable-next-line no-control-regex -- they are what is looked for
    const at = text.search(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u0084\u0086-\u009f\ufffe\uffff]/);
    if (at === -1) {
        return undefined;
    }
    const before = text.slice(0, at).split("\n");
    return {
        path: "the file",
        found: `the control character U+${text.charCodeAt(at).toString(16).toUpperCase().padStart(4, "0")}`,
        allowed: "text: letters, signs, spaces and line ends",
        fix: 'take it out; in a value that needs one, write it as an escape in double quotes, for example "\\x1b"',
        place: { line: before.length, column: before.at(-1)!.length + 1 },
    };
}

function unreadable(error: unknown): Problem {
    return {
        path: "the file",
        found: error instanceof RangeError ? "lists or maps in each other, too deep to be read" : "no YAML",
        allowed: `YAML, nested at most ${deepest} deep`,
        fix: "write it with fewer levels",
    };
}

/** What to do about the mistakes that people make, by the library's codes; and what they are, where its words are for programmers. */
const syntaxFixes: Readonly<Record<string, readonly [allowed: string, fix: string, found?: string]>> = {
    TAB_AS_INDENT: ["spaces before the first word of a line", "put spaces in the place of the tab"],
    BAD_INDENT: [
        "entries of one map or list begin in the same column, what belongs to one stands further right",
        "line it up with its neighbours",
    ],
    MISSING_CHAR: [
        "every quote, bracket and brace is closed; every key has a colon and a space behind it",
        "write what is missing",
    ],
    MULTIPLE_DOCS: [
        "one document: Pulumi reads the first and leaves out the rest",
        "take out the line --- and what stands twice",
        "a second document",
    ],
    BLOCK_AS_IMPLICIT_KEY: [
        "one key and one value in a line",
        "put the value in quotes, or what stands below the key into lines of its own",
    ],
    BAD_SCALAR_START: ["values that begin with a letter, a digit or a quote", "put the value in quotes"],
    RESOURCE_EXHAUSTION: [
        `lists and maps nested at most ${deepest} deep`,
        "write it with fewer levels",
        "lists or maps in each other, too deep to be read",
    ],
    KEY_OVER_1024_CHARS: [
        "keys of at most 1024 characters",
        "put a colon and a space behind the key, or quotes around a text",
    ],
};

function syntaxProblem({ code, message, pos }: YAMLError, placeAt: (offset: number) => Place): Problem {
    const [allowed, fix, found = `a mistake in the YAML: ${message}`] = syntaxFixes[code] ?? [
        "YAML",
        "correct the line; text with signs in it goes into quotes",
    ];
    return { path: "the file", found, allowed, fix, place: placeAt(pos[0]) };
}

/** What a plain text without a tag is to go-yaml, where it is something else to YAML 1.2. */
const octal = /^[-+]?0[0-7]+$/;
const underlinedNumber =
    /^[-+]?(?:0b[01_]+|0x[0-9a-fA-F_]+|0o?[0-7_]+|[0-9][0-9_]*(?:\.[0-9_]*)?(?:[eE][-+]?[0-9]+)?)$/;
const binary = /^[-+]?0b[01]+$/;
const timestamp = /^[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?:[Tt \t].{0,40})?$/;
const noNumber = /^(?:[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$/;

/** Tags that say what a value is anyway. */
const plainTags = new Set([
    "tag:yaml.org,2002:str",
    "tag:yaml.org,2002:int",
    "tag:yaml.org,2002:float",
    "tag:yaml.org,2002:bool",
    "tag:yaml.org,2002:null",
    "tag:yaml.org,2002:map",
    "tag:yaml.org,2002:seq",
]);

class Reader {
    readonly #parsed: Document.Parsed;
    readonly #placeAt: (offset: number) => Place;
    readonly #anchors = new Map<string, Node>();
    /** Aliases that are being followed. */
    readonly #open = new Set<Node>();
    #values = 0;
    isBeyondLimits = false;
    readonly problems: Problem[] = [];

    constructor(parsed: Document.Parsed, placeAt: (offset: number) => Place) {
        this.#parsed = parsed;
        this.#placeAt = placeAt;
    }

    valueOf(node: unknown, keys: readonly PropertyKey[], depth: number): unknown {
        this.#values++;
        if (this.isBeyondLimits) {
            return null;
        }
        if (depth > deepest || this.#values > mostValues) {
            this.isBeyondLimits = true;
            const tooDeep = depth > deepest;
            this.#report(node, keys, {
                found: tooDeep
                    ? `more than ${deepest} lists and maps in each other`
                    : `more than ${mostValues} values, with what aliases repeat`,
                allowed: tooDeep ? `at most ${deepest} levels` : `at most ${mostValues} values`,
                fix: tooDeep ? "write it with fewer levels" : "write out what is needed in the place of the aliases",
            });
            return null;
        }
        if (isAlias(node)) {
            return this.#aliased(node, keys, depth);
        }
        if (isScalar(node)) {
            this.#remember(node);
            return this.#scalar(node, keys);
        }
        if (!isCollection(node)) {
            return null;
        }
        this.#remember(node);
        this.#checkTag(node, keys);
        this.#open.add(node);
        const value = isMap(node)
            ? this.#map(node, keys, depth)
            : isSeq(node)
              ? node.items.map((item, index) => this.valueOf(item, [...keys, index], depth + 1))
              : null;
        this.#open.delete(node);
        return value;
    }

    #remember(node: Node): void {
        if (node.anchor !== undefined) {
            this.#anchors.set(node.anchor, node);
        }
    }

    #aliased(alias: Alias, keys: readonly PropertyKey[], depth: number): unknown {
        const target = this.#anchors.get(alias.source);
        if (target === undefined || this.#open.has(target)) {
            const names = [...this.#anchors.keys()];
            this.#report(alias, keys, {
                found:
                    target === undefined
                        ? `the alias *${alias.source}, for which there is no anchor &${alias.source} above`
                        : `the alias *${alias.source} inside of what it stands for`,
                allowed:
                    target === undefined
                        ? names.length === 0
                            ? "anchors that stand above: there is none"
                            : `anchors that stand above: ${names.join(", ")}`
                        : "an alias of something that is complete",
                fix:
                    target === undefined
                        ? "put text that begins with * into quotes, or correct the name"
                        : "write out what is meant",
            });
            return null;
        }
        return this.valueOf(target, keys, depth + 1);
    }

    #map(map: YAMLMap, keys: readonly PropertyKey[], depth: number): unknown {
        const entries = new Map<string, unknown>();
        const merged: unknown[] = [];
        for (const pair of map.items) {
            const key = this.#keyOf(pair, keys);
            if (key === undefined) {
                continue;
            }
            if (isMergeKey(pair)) {
                merged.push(...this.#mergedMaps(pair.value, keys, depth));
                continue;
            }
            if (entries.has(key)) {
                this.#report(pair.key, [...keys, key], {
                    found: `the key ${key} a second time`,
                    allowed: "each key once in a map",
                    fix: "put what stands below both under one of them, and take the other out",
                });
            }
            entries.set(key, this.valueOf(pair.value, [...keys, key], depth + 1));
        }
        // What a map says itself goes before what it takes from others, and of those the first.
        for (const other of merged) {
            for (const [key, value] of Object.entries(other as object)) {
                if (!entries.has(key)) {
                    entries.set(key, value);
                }
            }
        }
        return Object.fromEntries(entries);
    }

    #mergedMaps(value: unknown, keys: readonly PropertyKey[], depth: number): unknown[] {
        const read = this.valueOf(value, [...keys, "<<"], depth + 1);
        const maps: unknown[] = Array.isArray(read) ? read : [read];
        if (maps.every((map) => map !== null && typeof map === "object" && !Array.isArray(map))) {
            return maps;
        }
        this.#report(value, [...keys, "<<"], {
            found: "something else than a map behind <<",
            allowed: "an alias of a map, or a list of such",
            fix: "write *NAME behind it, where &NAME stands before a map above",
        });
        return [];
    }

    /** go-yaml makes text of keys that are numbers or truth values. */
    #keyOf({ key }: Pair, keys: readonly PropertyKey[]): string | undefined {
        const node = isAlias(key) ? this.#anchors.get(key.source) : key;
        if (isScalar(node) && node.value !== null) {
            this.#remember(node);
            return typeof node.value === "string" ? node.value : (node.source ?? JSON.stringify(node.value));
        }
        this.#report(key, keys, {
            found:
                isScalar(node) || node === null || node === undefined
                    ? "an entry without a key"
                    : "a list or a map as a key",
            allowed: "text as a key",
            fix: "write NAME: VALUE; text with braces or brackets goes into quotes",
        });
        return undefined;
    }

    #scalar(scalar: Scalar, keys: readonly PropertyKey[]): unknown {
        this.#checkTag(scalar, keys);
        const { value, source = "", tag } = scalar;
        if (typeof value === "string" && value.includes("\0")) {
            this.#report(scalar, keys, {
                found: "text with a NUL character",
                allowed: "text that a variable or a file's name can hold",
                fix: "take \\0 out",
            });
        }
        if (scalar.type !== "PLAIN" || tag !== undefined) {
            return typeof value === "bigint" ? Number(value) : value;
        }
        if (timestamp.test(source)) {
            this.#report(scalar, keys, {
                found: `${source} without quotes`,
                allowed: "text: Pulumi makes a time in UTC of a date without quotes",
                fix: `write "${source}"`,
            });
        }
        if (noNumber.test(source)) {
            this.#report(scalar, keys, {
                found: source,
                allowed: "a number, or text in quotes: Pulumi cannot read this one",
                fix: `write "${source}"`,
            });
        }
        if (octal.test(source)) {
            return Number.parseInt(source, 8);
        }
        if (
            typeof value === "string" &&
            (source.includes("_") || binary.test(source)) &&
            underlinedNumber.test(source)
        ) {
            const digits = source.replaceAll("_", "");
            const sign = digits.startsWith("-") ? -1 : 1;
            const number = octal.test(digits) ? Number.parseInt(digits, 8) : sign * Number(digits.replace(/^[-+]/, ""));
            return Number.isNaN(number) ? value : number;
        }
        return value;
    }

    #checkTag(node: Node & { readonly tag?: string | undefined }, keys: readonly PropertyKey[]): void {
        if (node.tag !== undefined && !plainTags.has(node.tag)) {
            this.#report(node, keys, {
                found: `the tag ${node.tag.replace("tag:yaml.org,2002:", "!!")}`,
                allowed: "values without a tag: what they are is seen by how they are written",
                fix: "take the tag out; text goes into quotes",
            });
        }
    }

    #report(node: unknown, keys: readonly PropertyKey[], problem: Omit<Problem, "path" | "place">): void {
        const range = (node as Node | null | undefined)?.range;
        this.problems.push({
            path: pathIn(keys),
            ...problem,
            ...(range && { place: this.#placeAt(range[0]) }),
        });
    }

    /** Where the key stands, or the entry of a list. */
    offsetOf(keys: readonly PropertyKey[]): number | undefined {
        let node: unknown = this.#parsed.contents;
        let offset: number | undefined;
        for (const key of keys) {
            const found = this.#child(this.#target(node), key);
            if (found === undefined) {
                break;
            }
            node = found.value;
            offset = found.offset ?? offset;
        }
        return offset;
    }

    #target(node: unknown): unknown {
        return isAlias(node) ? this.#anchors.get(node.source) : node;
    }

    #child(
        node: unknown,
        key: PropertyKey,
    ): { readonly value: unknown; readonly offset: number | undefined } | undefined {
        if (isSeq(node)) {
            const item = node.items[Number(key)] as Node | undefined;
            return item && { value: item, offset: item.range?.[0] };
        }
        if (!isMap(node)) {
            return undefined;
        }
        const named = node.items.filter(
            (pair) => isPair(pair) && isScalar(pair.key) && keyText(pair.key) === String(key),
        );
        const [own] = named;
        if (own !== undefined) {
            return { value: own.value, offset: (own.key as Node).range?.[0] };
        }
        for (const pair of node.items) {
            const sources = isMergeKey(pair)
                ? isSeq(this.#target(pair.value))
                    ? (this.#target(pair.value) as { items: unknown[] }).items
                    : [pair.value]
                : [];
            for (const source of sources) {
                const found = this.#child(this.#target(source), key);
                if (found !== undefined) {
                    return found;
                }
            }
        }
        return undefined;
    }
}

/** As messages name settings: without `config` and the project's name; of a deep one the beginning. */
function pathIn(keys: readonly PropertyKey[]): string {
    const [first, second, ...rest] = keys.slice(0, 12);
    if (first === undefined) {
        return "the file";
    }
    return first === "config" && second !== undefined
        ? settingPath([String(second).split(":").at(-1)!, ...rest])
        : settingPath(keys.slice(0, 12));
}

function keyText({ value, source }: Scalar): string {
    return typeof value === "string" ? value : (source ?? JSON.stringify(value));
}

function isMergeKey({ key }: Pair): boolean {
    return isScalar(key) && key.value === "<<" && key.type === "PLAIN";
}
