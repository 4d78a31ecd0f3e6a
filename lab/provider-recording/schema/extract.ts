// Makes the content of commands/plan/answers/schema/<cloud>.json. Names, types and requirements come from the typings of the installed SDKs, secret
// outputs from their code, and from facts/ what was looked up upstream.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import ts from "typescript";
import { facts as aws } from "./facts/aws.ts";
import { facts as digitalocean } from "./facts/digitalocean.ts";
import { facts as gcp } from "./facts/gcp.ts";
import { modules, type Cloud } from "../../../commands/plan/answers/schema/resources.ts";
import type {
    CloudFacts,
    CloudSchema,
    ObjectSchema,
    ResourceFacts,
    ResourceSchema,
    Scalar,
    TypeText,
} from "../../../commands/plan/answers/schema/schema.ts";

const factsOf: Readonly<Record<Cloud, CloudFacts>> = { gcp, aws, digitalocean };
const lookedUp: Readonly<Record<Cloud, string>> = { gcp: "2026-11-21", aws: "2026-11-21", digitalocean: "2026-12-01" };

/** While it is put together. */
type Writable = { -readonly [Key in keyof ObjectSchema]: ObjectSchema[Key] };

interface Property {
    readonly name: string;
    readonly optional: boolean;
    readonly type: TypeText;
    readonly documentation: string;
    /** From a closed union of literals. */
    readonly values: readonly string[] | undefined;
}

class Sdk {
    readonly cloud: Cloud;
    readonly version: string;
    private readonly root: string;
    private readonly interfaces: ReadonlyMap<string, ts.InterfaceDeclaration>;
    private readonly outputInterfaces: ReadonlyMap<string, ts.InterfaceDeclaration>;

    constructor(cloud: Cloud) {
        this.cloud = cloud;
        const manifest = createRequire(import.meta.url).resolve(`@pulumi/${cloud}/package.json`);
        this.root = dirname(manifest);
        this.version = (JSON.parse(readFileSync(manifest, "utf8")) as { version: string }).version;
        this.interfaces = interfacesOf(parse(join(this.root, "types/input.d.ts")));
        this.outputInterfaces = interfacesOf(parse(join(this.root, "types/output.d.ts")));
    }

    /** @param module as imported, `sql/databaseInstance` */
    read(module: string): { token: string; inputs: Property[]; outputs: Property[]; secret: string[] } {
        const code = readFileSync(join(this.root, `${module}.js`), "utf8");
        const token = /__pulumiType = ['"]([^'"]+)['"]/.exec(code)![1]!;
        const source = parse(join(this.root, `${module}.d.ts`));
        const name = token.split(":").at(-1)!;
        const args = source.statements.find(
            (statement): statement is ts.InterfaceDeclaration =>
                ts.isInterfaceDeclaration(statement) && statement.name.text === `${name}Args`,
        )!;
        const resource = source.statements.find(
            (statement): statement is ts.ClassDeclaration =>
                ts.isClassDeclaration(statement) && statement.name?.text === name,
        )!;
        const outputs = resource.members.filter(
            (member): member is ts.PropertyDeclaration =>
                ts.isPropertyDeclaration(member) &&
                !ts.getModifiers(member)?.some(({ kind }) => kind === ts.SyntaxKind.StaticKeyword),
        );
        const secret = /additionalSecretOutputs: \[([^\]]*)\]/.exec(code)?.[1] ?? "";
        return {
            token,
            inputs: args.members.filter(ts.isPropertySignature).map(propertyOf),
            outputs: outputs.map(propertyOf),
            secret: [...secret.matchAll(/"([^"]+)"/g)].map(([, property]) => property!),
        };
    }

    objectType(name: string): Property[] {
        const found = this.interfaces.get(name);
        if (found === undefined) {
            throw new Error(`@pulumi/${this.cloud} has no type ${name}`);
        }
        return found.members.filter(ts.isPropertySignature).map(propertyOf);
    }

    /** Of an object type as the cloud answers it; nothing where it never does. */
    answeredType(name: string): Property[] {
        return this.outputInterfaces.get(name)?.members.filter(ts.isPropertySignature).map(propertyOf) ?? [];
    }
}

/** Those that may be left out, and are there all the same once the cloud has answered. */
function filledIn(inputs: readonly Property[], outputs: readonly Property[]): string[] {
    const always = new Set(outputs.filter(({ optional }) => !optional).map(({ name }) => name));
    return inputs.filter(({ name, optional }) => optional && always.has(name)).map(({ name }) => name);
}

function parse(file: string): ts.SourceFile {
    return ts.createSourceFile(file, readFileSync(file, "utf8"), ts.ScriptTarget.Latest, false);
}

function interfacesOf(source: ts.SourceFile): Map<string, ts.InterfaceDeclaration> {
    const found = new Map<string, ts.InterfaceDeclaration>();
    const visit = (statements: readonly ts.Statement[], prefix: string): void => {
        for (const statement of statements) {
            if (ts.isInterfaceDeclaration(statement)) {
                found.set(prefix + statement.name.text, statement);
            }
            if (ts.isModuleDeclaration(statement) && statement.body !== undefined && ts.isModuleBlock(statement.body)) {
                visit(statement.body.statements, `${prefix}${statement.name.text}.`);
            }
        }
    };
    visit(source.statements, "");
    return found;
}

function propertyOf(member: ts.PropertySignature | ts.PropertyDeclaration): Property {
    const name = (member.name as ts.Identifier | ts.StringLiteral).text;
    const parts = member.type === undefined ? [] : partsOf(member.type);
    const literals = parts.filter((part) => ts.isLiteralTypeNode(part) && ts.isStringLiteral(part.literal));
    return {
        name,
        optional: member.questionToken !== undefined,
        type: [...new Set(parts.map(typeText))].filter((text) => text !== "").at(0) ?? "any",
        documentation: documentationOf(member),
        values:
            literals.length > 0 && literals.length === parts.length
                ? literals.map((part) => ((part as ts.LiteralTypeNode).literal as ts.StringLiteral).text)
                : undefined,
    };
}

/** The members of a union below `Input` and `Output`, without undefined. */
function partsOf(type: ts.TypeNode): ts.TypeNode[] {
    if (ts.isUnionTypeNode(type)) {
        return type.types.flatMap(partsOf);
    }
    if (ts.isParenthesizedTypeNode(type)) {
        return partsOf(type.type);
    }
    if (type.kind === ts.SyntaxKind.UndefinedKeyword) {
        return [];
    }
    const name = referenceName(type);
    if (name === "pulumi.Input" || name === "pulumi.Output") {
        return partsOf((type as ts.TypeReferenceNode).typeArguments![0]!);
    }
    return [type];
}

function referenceName(type: ts.TypeNode): string {
    return ts.isTypeReferenceNode(type) ? entityName(type.typeName) : "";
}

function entityName(name: ts.EntityName): string {
    return ts.isIdentifier(name) ? name.text : `${entityName(name.left)}.${name.right.text}`;
}

function typeText(type: ts.TypeNode): TypeText {
    if (type.kind === ts.SyntaxKind.StringKeyword) {
        return "string";
    }
    if (type.kind === ts.SyntaxKind.NumberKeyword) {
        return "number";
    }
    if (type.kind === ts.SyntaxKind.BooleanKeyword) {
        return "boolean";
    }
    if (ts.isLiteralTypeNode(type)) {
        return "string";
    }
    if (ts.isArrayTypeNode(type)) {
        return `[]${typeText(partsOf(type.elementType)[0]!)}`;
    }
    if (ts.isTypeLiteralNode(type)) {
        const index = type.members.find(ts.isIndexSignatureDeclaration)!;
        return `{}${typeText(partsOf(index.type)[0]!)}`;
    }
    const name = referenceName(type);
    if (name.startsWith("inputs.") || name.startsWith("outputs.")) {
        return name.slice(name.indexOf(".") + 1);
    }
    // A convenience for what is a string to the provider: aws.ARN, a resource in place of its id or name.
    if (name.startsWith("enums.") || name === "ARN" || name === "pulumi.ID") {
        return "string";
    }
    return name === "" || name.startsWith("pulumi.asset") || name === "any" ? "any" : "";
}

function documentationOf(member: ts.Node): string {
    const comments = (member as { jsDoc?: ts.JSDoc[] }).jsDoc ?? [];
    return comments
        .map(({ comment }) =>
            typeof comment === "string" ? comment : (comment ?? []).map(({ text }) => text).join(" "),
        )
        .join("\n");
}

/** `Possible values are: ...` of generated documentation: the list that the provider checks. */
function documentedValues(documentation: string): string[] | undefined {
    const list = /Possible values are:\s*((?:`[^`]+`(?:,\s*|\s*and\s*|\s*or\s*)?)+)\./.exec(documentation)?.[1];
    return list === undefined
        ? undefined
        : [...list.matchAll(/`([^`]+)`/g)].map(([, value]) => value!.replaceAll('"', ""));
}

function documentedReplacement(documentation: string): boolean {
    return /forces? (a )?(new|the creation of a new|re-?creation)|forces replacement|(must|will) (be|cause|trigger|force).{0,40}(recreat|re-creat|replace)|changing this (forces|will (re)?create)/i.test(
        documentation,
    );
}

/** `Default value is ...` of generated documentation. */
function documentedDefaults(properties: readonly Property[], cloud: Cloud): Record<string, Scalar> {
    const entries = properties.flatMap(({ name, documentation, type }) => {
        // As with closed values, only Google's is generated.
        const value = cloud === "gcp" ? /Default value is `([^`]+)`/.exec(documentation)?.[1] : undefined;
        return value === undefined || !isPrimitive(type) ? [] : [[name, value.replaceAll('"', "")] as const];
    });
    return Object.fromEntries(entries);
}

function objectSchema(
    properties: readonly Property[],
    values: Readonly<Record<string, readonly string[]>>,
    computed: readonly string[],
    defaults: Readonly<Record<string, Scalar>>,
): ObjectSchema {
    const required = properties.filter(({ optional }) => !optional).map(({ name }) => name);
    return {
        properties: Object.fromEntries(properties.map(({ name, type }) => [name, type])),
        ...(required.length > 0 && { required }),
        ...(Object.keys(values).length > 0 && { values }),
        ...(computed.length > 0 && { computed }),
        ...(Object.keys(defaults).length > 0 && { defaults }),
    };
}

export function extractSchema(cloud: Cloud): CloudSchema {
    const sdk = new Sdk(cloud);
    const resources: Record<string, ResourceSchema> = {};
    const types: Record<string, ObjectSchema> = {};
    const documented = new Map<string, Property[]>();
    const documentedProperties = (type: string): Property[] => {
        const known = documented.get(type) ?? sdk.objectType(type);
        documented.set(type, known);
        return known;
    };
    const addTypes = (properties: readonly Property[]): void => {
        for (const { type } of properties) {
            const name = elementOf(type);
            if (isPrimitive(name) || name in types) {
                continue;
            }
            const members = documentedProperties(name);
            const answered = filledIn(members, sdk.answeredType(name));
            types[name] = objectSchema(members, valuesOf(members, cloud), answered, documentedDefaults(members, cloud));
            addTypes(members);
        }
    };
    for (const module of modules[cloud]) {
        const { token, inputs, outputs, secret } = sdk.read(module);
        const known: ResourceFacts | undefined = factsOf[cloud][token];
        const values = { ...valuesOf(inputs, cloud) };
        addTypes(inputs);
        for (const [path, allowed] of Object.entries(known?.values ?? {})) {
            const { holder, property } = locate(path, token, inputs, documentedProperties);
            const target =
                holder === undefined
                    ? values
                    : ((types[holder] as { values?: Record<string, readonly string[]> }).values ??= {});
            if (allowed === null) {
                Reflect.deleteProperty(target, property);
            } else {
                target[property] = allowed;
            }
        }
        const own = objectSchema(inputs, values, [], documentedDefaults(inputs, cloud)) as Writable;
        const at = (path: string): { object: Writable; property: string } => {
            const { holder, property } = locate(path, token, inputs, documentedProperties);
            return { object: holder === undefined ? own : (types[holder] as Writable), property };
        };
        for (const [path, value] of Object.entries(known?.defaults ?? {})) {
            const { object, property } = at(path);
            object.defaults = { ...object.defaults, [property]: value };
        }
        for (const path of known?.anyCase ?? []) {
            const { object, property } = at(path);
            object.anyCase = [...new Set([...(object.anyCase ?? []), property])];
        }
        const inputNames = new Set(inputs.map(({ name }) => name));
        const computed = outputs
            .filter(({ name }) => inputNames.has(name))
            .filter(({ name }) => {
                const input = inputs.find((property) => property.name === name)!;
                return input.optional && !isOptionalOutput(sdk, module, name);
            });
        own.computed = computed.map(({ name }) => name);
        for (const path of known?.computed ?? []) {
            const { object, property } = at(path);
            object.computed = [...new Set([...(object.computed ?? []), property])];
        }
        for (const path of known?.notComputed ?? []) {
            const { object, property } = at(path);
            object.computed = (object.computed ?? []).filter((name) => name !== property);
        }
        if (own.computed.length === 0) {
            delete own.computed;
        }
        if (known?.required !== undefined) {
            own.required = [...(own.required ?? []), ...known.required];
        }
        const replace = known?.replace ?? documentedPaths(inputs, documentedProperties);
        const named = [
            ...replace,
            ...Object.keys(known?.replaceWhen ?? {}),
            ...(known?.conflicts ?? []).flat(),
            ...Object.keys(known?.limits ?? {}),
            ...(known?.requiredWhen ?? []).flatMap(({ path, when }) => [path, ...Object.keys(when)]),
        ];
        for (const path of named) {
            locate(path, token, inputs, documentedProperties);
        }
        const autoname = known?.autoname === undefined ? defaultAutoname(inputs) : (known.autoname ?? undefined);
        resources[token] = {
            ...own,
            outputs: Object.fromEntries(
                outputs.filter(({ name }) => !inputNames.has(name)).map(({ name, type }) => [name, plainType(type)]),
            ),
            ...(secret.length > 0 && { secret }),
            replace,
            ...(known?.replaceWhen !== undefined && { replaceWhen: known.replaceWhen }),
            ...(known?.conflicts !== undefined && { conflicts: known.conflicts }),
            ...(known?.limits !== undefined && { limits: known.limits }),
            ...(known?.requiredWhen !== undefined && { requiredWhen: known.requiredWhen }),
            ...(autoname !== undefined && { autoname }),
            ...(known !== undefined && { source: known.source }),
        };
    }
    for (const token of Object.keys(factsOf[cloud])) {
        if (!(token in resources)) {
            throw new Error(`facts/${cloud}.ts is about ${token}, which is not in resources.ts`);
        }
    }
    return { cloud, sdk: `@pulumi/${cloud} ${sdk.version}`, date: lookedUp[cloud], resources, types: sorted(types) };
}

/** The class says `Output<T | undefined>` where the cloud fills nothing in. */
function isOptionalOutput(sdk: Sdk, module: string, name: string): boolean {
    return new RegExp(`readonly ${name}: pulumi\\.Output<[^;]*\\| undefined>;`).test(declarations(sdk, module));
}

const declared = new Map<string, string>();
function declarations(sdk: Sdk, module: string): string {
    const key = `${sdk.cloud}/${module}`;
    const known =
        declared.get(key) ??
        readFileSync(
            createRequire(import.meta.url)
                .resolve(`@pulumi/${key}.js`)
                .replace(/js$/, "d.ts"),
            "utf8",
        );
    declared.set(key, known);
    return known;
}

/** As the bridge does it: `name` gets one where the SDK lets the program leave it out. */
function defaultAutoname(inputs: readonly Property[]): { property: string; limit: number } | undefined {
    const name = inputs.find((property) => property.name === "name");
    return name?.optional === true && name.type === "string" ? { property: "name", limit: 255 } : undefined;
}

function valuesOf(properties: readonly Property[], cloud: Cloud): Record<string, readonly string[]> {
    const entries = properties.flatMap(({ name, documentation, values, type }) => {
        // Only Google's documentation is generated from what the provider checks.
        const allowed =
            values ?? (cloud === "gcp" && elementOf(type) === "string" ? documentedValues(documentation) : undefined);
        return allowed === undefined ? [] : [[name, allowed] as const];
    });
    return Object.fromEntries(entries);
}

function documentedPaths(inputs: readonly Property[], membersOf: (type: string) => Property[], depth = 0): string[] {
    return inputs.flatMap(({ name, type, documentation }) => {
        if (documentedReplacement(documentation)) {
            return [name];
        }
        const element = elementOf(type);
        if (isPrimitive(element) || depth > 4) {
            return [];
        }
        return documentedPaths(membersOf(element), membersOf, depth + 1).map((path) => `${name}.${path}`);
    });
}

/** @throws when there is no such path */
function locate(
    path: string,
    token: string,
    inputs: readonly Property[],
    membersOf: (type: string) => Property[],
): { holder: string | undefined; property: string } {
    let [holder, properties]: [string | undefined, readonly Property[]] = [undefined, inputs];
    const parts = path.split(".");
    for (const [index, part] of parts.entries()) {
        const found = properties.find(({ name }) => name === part);
        if (found === undefined) {
            throw new Error(
                `${token} has no input ${path} (${part}; there is ${properties.map(({ name }) => name).join(", ")})`,
            );
        }
        if (index === parts.length - 1) {
            break;
        }
        holder = elementOf(found.type);
        properties = isPrimitive(holder) ? [] : membersOf(holder);
    }
    return { holder, property: parts.at(-1)! };
}

function elementOf(type: TypeText): string {
    return type.replace(/^(\[\]|\{\})+/, "");
}

function isPrimitive(type: string): boolean {
    return ["string", "number", "boolean", "any"].includes(type);
}

/** The object types of outputs are not kept. */
function plainType(type: TypeText): TypeText {
    const element = elementOf(type);
    return isPrimitive(element) ? type : `${type.slice(0, type.length - element.length)}any`;
}

function sorted<T>(entries: Readonly<Record<string, T>>): Record<string, T> {
    return Object.fromEntries(Object.entries(entries).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** One line for each resource and type: differences stay readable, and the file short. */
export function formatSchema({ resources, types, ...head }: CloudSchema): string {
    const lines = (entries: Readonly<Record<string, unknown>>): string =>
        Object.entries(entries)
            .map(([name, value]) => `    ${JSON.stringify(name)}: ${JSON.stringify(value)}`)
            .join(",\n");
    const fields = Object.entries(head).map(
        ([name, value]) => `  ${JSON.stringify(name)}: ${JSON.stringify(value)},\n`,
    );
    return `{\n${fields.join("")}  "resources": {\n${lines(resources)}\n  },\n  "types": {\n${lines(types)}\n  }\n}\n`;
}
