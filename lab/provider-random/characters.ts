// RandomPassword and RandomString: strings of chosen kinds of characters.
import { randomInt } from "node:crypto";
import { genSalt, hash } from "bcryptjs";
import {
    isSecret,
    isUnknown,
    secret,
    type CheckFailure,
    type PlainMap,
    type PropertyMap,
} from "../provider-host/index.ts";
import { checkCount, noId, type RandomResource } from "./resource.ts";

/** The kinds of characters: the input that allows the kind, the input that demands a number of it, and its characters. */
const kinds = [
    { allows: "lower", demands: "minLower", characters: "abcdefghijklmnopqrstuvwxyz" },
    { allows: "upper", demands: "minUpper", characters: "ABCDEFGHIJKLMNOPQRSTUVWXYZ" },
    { allows: "numeric", demands: "minNumeric", characters: "0123456789" },
    { allows: "special", demands: "minSpecial", characters: "!@#$%&*()-_=+[]{}<>:?" },
] as const;

const defaults: PropertyMap = {
    keepers: undefined,
    length: undefined,
    lower: true,
    minLower: 0,
    minNumeric: 0,
    minSpecial: 0,
    minUpper: 0,
    number: undefined,
    numeric: undefined,
    overrideSpecial: undefined,
    special: true,
    upper: true,
};

export const randomPasswordResource: RandomResource = {
    defaults,
    generated: ["result", "bcryptHash"],
    validate,
    generate: async (inputs) => {
        const password = randomCharacters(inputs);
        // The official plugin is written in Go, whose bcrypt says 2a for what others call 2b.
        const salt = (await genSalt(10)).replace("$2b$", "$2a$");
        return {
            id: noId,
            values: {
                ...numeric(inputs),
                result: secret(password),
                bcryptHash: secret(await hash(password, salt)),
            },
        };
    },
};

/** Not secret: a string for names. */
export const randomStringResource: RandomResource = {
    defaults,
    generated: ["result"],
    validate,
    generate: async (inputs) => {
        const result = randomCharacters(inputs);
        return { id: result, values: { ...numeric(inputs), result } };
    },
};

/** Both spellings of the same input: `number` is the deprecated one. */
function numeric({ numeric, number }: PlainMap): { number: boolean; numeric: boolean } {
    const allowed = (numeric ?? number ?? true) as boolean;
    return { number: allowed, numeric: allowed };
}

/**
 * First what is demanded of each kind, then the rest from all allowed kinds, then everything shuffled. `randomInt` is
 * the system's secure generator without modulo bias. Exported for tests.
 */
export function randomCharacters(inputs: PlainMap): string {
    const settings: PlainMap = { ...inputs, ...numeric(inputs) };
    const alphabetOf = ({ allows, characters }: (typeof kinds)[number]) =>
        allows === "special" ? ((settings["overrideSpecial"] as string | undefined) ?? characters) : characters;
    const pick = (alphabet: string) => alphabet.charAt(randomInt(alphabet.length));

    const characters = kinds.flatMap((kind) =>
        Array.from({ length: (settings[kind.demands] as number | undefined) ?? 0 }, () => pick(alphabetOf(kind))),
    );
    const all = kinds
        .filter((kind) => settings[kind.allows] !== false)
        .map(alphabetOf)
        .join("");
    while (characters.length < (settings["length"] as number)) {
        characters.push(pick(all));
    }

    for (let last = characters.length - 1; last > 0; last--) {
        const other = randomInt(last + 1);
        [characters[last], characters[other]] = [characters[other] as string, characters[last] as string];
    }
    return characters.join("");
}

function validate(inputs: PropertyMap): CheckFailure[] {
    const failures = [
        ...checkCount(inputs, "length", 1),
        ...kinds.flatMap(({ demands }) => checkCount(inputs, demands, 0)),
    ];
    const plain = (name: string) => {
        const value = inputs[name];
        return isSecret(value) ? value.value : value;
    };
    if (failures.length > 0 || ["length", ...Object.keys(defaults)].some((name) => isUnknown(plain(name)))) {
        return failures;
    }

    const [length, demanded] = [plain("length") as number, kinds.map(({ demands }) => plain(demands) as number)];
    const sum = demanded.reduce((total, count) => total + count, 0);
    if (sum > length) {
        failures.push({
            path: ["length"],
            reason: `is ${length}, but ${kinds.map(({ demands }) => demands).join(" + ")} demand ${sum}. Fix: raise length or lower them.`,
        });
    }
    const allowed = (name: string) => (name === "numeric" ? (plain(name) ?? plain("number")) : plain(name)) !== false;
    const empty = (kind: string) => kind === "special" && plain("overrideSpecial") === "";
    if (!kinds.some(({ allows }) => allowed(allows) && !empty(allows))) {
        failures.push({
            path: [],
            reason: "lower, upper, numeric and special are all false, which leaves no character. Fix: allow one of them.",
        });
    }
    return failures;
}
