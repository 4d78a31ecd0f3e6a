// What is left of a section without what is wrong in it: mended where it is clear what was meant, taken out where it may be absent.
// Only for looking further: what is found then is told in the same run, and the stack stops all the same.
import { z } from "zod";
import { letters } from "../../lib/nearest-word.ts";
import { alternatives, reachable, shapeOf, unwrap, valueAt, variantsOf, type Alternative } from "./alternatives.ts";
import { meantBy } from "./fix.ts";
import { meantWord } from "./mend.ts";

type Path = readonly PropertyKey[];

/** Something that the user did not write so. */
export interface Doubt {
    /** Below the section. */
    readonly path: Path;
    /** `mended`: what was meant is there now. `removed`: nothing, or the default. */
    readonly how: "mended" | "removed";
}

export class Salvage {
    readonly doubts: Doubt[] = [];
    /** Unions whose variant is a guess by what stands beside it. */
    readonly #guessed: Path[] = [];
    readonly #renamed: { readonly to: Path; readonly from: Path }[] = [];
    /** The name that was meant, by the path of the wrong one. */
    readonly #meant = new Map<string, string>();
    readonly #schema: z.core.$ZodType;
    #value: unknown;

    /** @param plain a copy of its own, which is changed */
    constructor(schema: z.core.$ZodType, plain: unknown) {
        this.#schema = schema;
        this.#value = plain;
    }

    /** A copy of how it is by now. */
    get value(): unknown {
        return structuredClone(this.#value);
    }

    /** Where the user wrote what stands at the path since it was renamed. */
    asWritten(path: Path): Path {
        const renamed = this.#renamed.find(({ to }) => isWithin(path, to));
        return renamed === undefined ? path : [...renamed.from, ...path.slice(renamed.to.length)];
    }

    /** @param name undefined where it is not clear which one was meant */
    meansOther(at: Path, key: string, name: string | undefined): void {
        if (name !== undefined) {
            this.#meant.set(JSON.stringify([...at, key]), name);
        }
    }

    /** Whether the variant of what stands at the path, or above, is only likely. */
    isGuessed(path: Path): boolean {
        return this.#guessed.some((union) => isWithin(path, union));
    }

    /** Whether it is missing under its own name because it stands there under another. */
    isRenamed(path: Path): boolean {
        return [...this.#meant].some(([from, name]) => {
            const at = (JSON.parse(from) as PropertyKey[]).slice(0, -1);
            return JSON.stringify([...at, name]) === JSON.stringify(path);
        });
    }

    /** Whether an issue only comes from what was taken out before, or from a variant that is a guess. */
    isShadow({ code, path, message }: z.core.$ZodIssue): boolean {
        if (code === "unrecognized_keys") {
            return false;
        }
        if (this.isGuessed(path) && valueAt(this.#value, path) === undefined) {
            return true;
        }
        return this.doubts.some(
            (doubt) =>
                isWithin(doubt.path, path) ||
                (code === "custom" && doubt.how === "removed" && names(message, doubt.path.at(-1))),
        );
    }

    /** @returns whether anything could be mended or taken out */
    takeOut(issues: readonly z.core.$ZodIssue[]): boolean {
        return issues.map((issue) => this.#takeOutOne(issue)).some(Boolean);
    }

    #takeOutOne(issue: z.core.$ZodIssue): boolean {
        const { code, path } = issue;
        if (code === "unrecognized_keys") {
            return issue.keys.map((key) => this.#renameOrDelete(path, key)).some(Boolean);
        }
        if (code === "invalid_key") {
            return this.#delete(path);
        }
        if (code === "invalid_union" && this.#choose(path)) {
            return true;
        }
        const input = valueAt(this.#value, path);
        const here = this.#at(path);
        const fits = here.some(({ declared }) => z.safeParse(declared, input).success);
        const meant = fits ? undefined : meantBy({ alternatives: here, input });
        return meant === undefined ? this.#remove(path) : this.#set(path, meant, "mended");
    }

    #at(path: Path): Alternative[] {
        return reachable(alternatives(this.#schema, path), this.#value, path);
    }

    #renameOrDelete(at: Path, key: string): boolean {
        const from = [...at, key];
        const name = this.#meant.get(JSON.stringify(from));
        const value = valueAt(this.#value, from);
        const deleted = this.#delete(from);
        const to = name === undefined ? undefined : [...at, name];
        if (to !== undefined && valueAt(this.#value, to) === undefined) {
            this.#renamed.push({ to, from });
            this.#set(to, value, "mended");
        }
        return deleted;
    }

    /** The variant whose name is near, else the one that has most of what is there. */
    #choose(discriminator: Path): boolean {
        const at = discriminator.slice(0, -1);
        const union = unwrap(this.#at(at)[0]?.declared ?? z.never());
        if (!(union instanceof z.ZodDiscriminatedUnion)) {
            return false;
        }
        const typed = valueAt(this.#value, discriminator);
        if (this.#guessed.some((other) => isWithin(other, at) && other.length === at.length)) {
            return false;
        }
        const word = typeof typed === "string" ? meantWord(typed, union) : undefined;
        if (word !== undefined) {
            return this.#set(discriminator, word, "mended");
        }
        const there = Object.keys(valueAt(this.#value, at) as object);
        const counts = variantsOf(union).map(({ word: variant, schema }) => {
            const shape = shapeOf(schema) ?? {};
            return {
                variant,
                count: there.filter((key) => key !== discriminator.at(-1) && Object.hasOwn(shape, key)).length,
            };
        });
        const most = Math.max(...counts.map(({ count }) => count));
        const { variant } = counts.find(({ count }) => count === most)!;
        this.#guessed.push(at);
        return this.#set(discriminator, variant, most === 0 ? "removed" : "mended");
    }

    /** The nearest above, or itself, that may be absent. */
    #remove(path: Path): boolean {
        for (let length = path.length; length > 0; length--) {
            const here = path.slice(0, length);
            if (valueAt(this.#value, here) !== undefined && this.#mayBeAbsent(here)) {
                return this.#delete(here);
            }
        }
        if (this.#value !== undefined && z.safeParse(this.#schema, undefined).success) {
            return this.#set([], undefined, "removed");
        }
        return false;
    }

    #mayBeAbsent(path: Path): boolean {
        const key = path.at(-1)!;
        return this.#at(path.slice(0, -1)).some(({ schema }) => {
            const child = shapeOf(schema)?.[String(key)];
            return schema instanceof z.ZodRecord || (child !== undefined && z.safeParse(child, undefined).success);
        });
    }

    #delete(path: Path): boolean {
        const group = valueAt(this.#value, path.slice(0, -1));
        if (group === null || typeof group !== "object" || !Object.hasOwn(group, path.at(-1)!)) {
            return false;
        }
        this.doubts.push({ path, how: "removed" });
        return Reflect.deleteProperty(group, path.at(-1)!);
    }

    #set(path: Path, value: unknown, how: Doubt["how"]): boolean {
        const group = valueAt(this.#value, path.slice(0, -1));
        this.doubts.push({ path, how });
        if (path.length === 0) {
            this.#value = value;
            return true;
        }
        return group !== null && typeof group === "object" && Reflect.set(group, path.at(-1)!, value);
    }
}

/** Whether the path is the other one, or below it. */
export function isWithin(path: Path, other: Path): boolean {
    return other.length <= path.length && other.every((key, index) => key === path[index]);
}

function names(message: string, key: PropertyKey | undefined): boolean {
    return typeof key === "string" && key.length > 2 && letters(message).includes(letters(key));
}
