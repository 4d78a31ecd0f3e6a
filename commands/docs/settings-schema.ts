// The JSON Schema of a whole stack file, from which an editor completes, explains and checks it.
import { z } from "zod";
import { variantsOf } from "../../settings/check/alternatives.ts";
import { sections, sectionNames, type SectionName } from "../../settings/sections.ts";
import { aboutOf } from "./setting-list.ts";

type JsonSchema = z.core.JSONSchema.BaseSchema;

const project = "django-on-kubernetes";

/** Sections whose settings stand elsewhere too (`sameAs`). */
const repeated: ReadonlySet<string> = new Set<SectionName>(["database", "cache", "broker", "assets"]);

/** What a value that `pulumi config set --secret` wrote looks like. */
const encrypted: JsonSchema = {
    type: "object",
    properties: { secure: { type: "string", description: "Written by `pulumi config set --secret --path ...`." } },
    required: ["secure"],
    additionalProperties: false,
};

export function stackFileSchema(): JsonSchema {
    const properties = sectionNames.map((name) => [`${project}:${name}`, sectionReference(name)] as const);
    const required = sectionNames.filter((name) => !z.safeParse(sections[name], undefined).success);
    return {
        $schema: "http://json-schema.org/draft-07/schema#",
        description: "The file of a stack of django-on-kubernetes.",
        type: "object",
        properties: {
            encryptionsalt: { type: "string", description: "Of the stack's passphrase; Pulumi writes it." },
            encryptedkey: {
                type: "string",
                description: "The key of the stack's secrets, encrypted; Pulumi writes it.",
            },
            secretsprovider: { type: "string", description: "What encrypts the stack's secrets; Pulumi writes it." },
            environment: { description: "Environments of Pulumi ESC to import.", type: ["array", "object"] },
            config: {
                type: "object",
                properties: Object.fromEntries(properties),
                // Those of other namespaces are Pulumi's and the providers'.
                patternProperties: { [`^(?!${project}:)[^:]+:.+$`]: {} },
                additionalProperties: false,
            },
        },
        additionalProperties: false,
        // Pulumi ESC may bring sections that are not in the file.
        if: { not: { required: ["environment"] } },
        then: { properties: { config: { required: required.map((name) => `${project}:${name}`) } } },
        definitions: Object.fromEntries(sectionNames.map((name) => [name, sectionSchema(name)])),
    };
}

function sectionReference(name: string): JsonSchema {
    return { $ref: `#/definitions/${name}` };
}

function sectionSchema(name: SectionName): JsonSchema {
    const {
        $schema: _,
        "~standard": _standard,
        ...schema
    } = z.toJSONSchema(sections[name], {
        io: "input",
        target: "draft-7",
        unrepresentable: "any",
        override: ({ zodSchema, jsonSchema }) => describe(name, zodSchema, jsonSchema),
    }) as JsonSchema & { readonly "~standard"?: unknown };
    return schema;
}

/** What a setting says of itself for this file and the tables; an editor knows none of it. */
const ownMetadata = [
    "typeName",
    "allowed",
    "unit",
    "defaultsTo",
    "sameAs",
    "nativeOf",
    "alsoCalled",
    "alsoSaid",
    "example",
];

/** Changes a schema that zod made into what an editor shows best. */
function describe(section: SectionName, schema: z.core.$ZodType, made: JsonSchema): void {
    const { description, typeName, allowed, unit, defaultsTo, sameAs } = aboutOf(schema);
    for (const own of ownMetadata) {
        Reflect.deleteProperty(made, own);
    }
    if (sameAs !== undefined && repeated.has(sameAs)) {
        become(made, sectionReference(sameAs));
    } else if (section === "secrets" && typeName === "encrypted text") {
        become(made, encrypted);
    }
    if (made.pattern !== undefined && allowed !== undefined) {
        made["patternErrorMessage"] = `Allowed: ${allowed}`;
    }
    const byItself = made.default === undefined ? undefined : JSON.stringify(made.default);
    // An editor would write it out; what is below has defaults of its own.
    if (made.default !== null && typeof made.default === "object") {
        delete made.default;
    }
    const told = [
        description?.replaceAll(/\[([^\]]+)\]\([^)]+\)/g, "$1"),
        unit && `Unit: ${unit}.`,
        (defaultsTo ?? byItself) && byItself !== "{}" && `Default: ${defaultsTo ?? byItself}.`,
        allowed && `Allowed: ${allowed}.`,
    ].filter((part) => typeof part === "string" && part !== "");
    if (told.length > 0) {
        made.description = told.join(" ");
    }
    if (schema instanceof z.ZodDiscriminatedUnion) {
        chooseByVariant(schema, made);
    }
}

/** "one of" tells nobody which one was meant: the word that chooses does. */
function chooseByVariant(schema: z.ZodDiscriminatedUnion, made: JsonSchema): void {
    const { discriminator } = schema._zod.def;
    const options = made.oneOf ?? made.anyOf ?? [];
    const words = options.map((option) => (option.properties![discriminator] as JsonSchema).const as string);
    const usual = variantsOf(schema).find(({ byDefault }) => byDefault)?.word;
    delete made.oneOf;
    delete made.anyOf;
    Object.assign(made, {
        type: "object",
        properties: {
            [discriminator]: {
                enum: words,
                markdownEnumDescriptions: options.map(({ description }) => description ?? ""),
                ...(made.description !== undefined && { description: made.description }),
                ...(usual !== undefined && { default: usual }),
            },
        },
        ...(usual === undefined && { required: [discriminator] }),
        allOf: options.map((option, index) => ({
            if: {
                properties: { [discriminator]: { const: words[index] } },
                ...(words[index] !== usual && { required: [discriminator] }),
            },
            then: option,
        })),
    });
}

function become(made: JsonSchema, other: JsonSchema): void {
    const { description } = made;
    for (const key of Object.keys(made)) {
        Reflect.deleteProperty(made, key);
    }
    Object.assign(made, other, description === undefined ? {} : { description });
}
