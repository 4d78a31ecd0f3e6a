// Every setting says what it is, and what holds when nobody sets it. Does not prove that it is so: test/plan/every-setting.test.ts
// proves that it acts.
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { settingsIn } from "../../../commands/docs/setting-list.ts";
import { sectionNames, sections } from "../../../settings/sections.ts";

const settings = sectionNames.flatMap((name) => settingsIn(sections[name], [name]));
const namesOf = (some: typeof settings): string[] => some.map(({ path }) => path.join("."));

describe("of all settings", () => {
    test("each is described", () => {
        const silent = settings.filter(({ kind, about }) => kind !== "group" && !about.description);
        expect(namesOf(silent)).toEqual([]);
    });

    test("each that may be left out tells its default", () => {
        const silent = settings.filter(
            ({ kind, required, default: given, about }) =>
                kind !== "group" && !required && given === undefined && about.defaultsTo === undefined,
        );
        expect(namesOf(silent)).toEqual([]);
    });

    test("a description is a sentence, and repeats no default", () => {
        const odd = settings.filter(
            ({ about: { description } }) =>
                description !== undefined &&
                !(/^[`*A-Z]|^gunicorn/.test(description) && /[.`*]$/.test(description) && !/efault:/.test(description)),
        );
        expect(namesOf(odd)).toEqual([]);
    });
});

test("what is said is found below optional, default, prefault and transform", () => {
    const said = { description: "A number." };
    const wrapped = [
        z.int().meta(said).optional(),
        z.int().meta(said).default(1),
        z.int().optional().meta(said),
        z.int().meta(said).transform(String),
        z.int().meta(said).min(2),
    ];
    for (const schema of wrapped) {
        expect(settingsIn(z.strictObject({ schema }))[0]?.about).toMatchObject(said);
    }
});
