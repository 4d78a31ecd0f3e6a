// The file of a pull request's stack: the template with its own hosts, images and number, and with what its state is encrypted with.
import { isMap, isScalar, isSeq, parseDocument, Scalar, type Document, type YAMLMap } from "yaml";
import type { PullRequest } from "../../settings/pull-request.ts";
import { Refusal } from "./refusal.ts";

export interface FileRequest {
    readonly stack: string;
    /** By app; the one without a name is everybody's who has none of its own. */
    readonly images: ReadonlyMap<string | undefined, string>;
    readonly pullRequest: PullRequest;
    readonly keep: boolean;
}

/** What Pulumi keeps at the top of a stack's file. */
export interface Encryption {
    readonly secretsprovider?: string;
    readonly encryptedkey?: string;
    readonly encryptionsalt?: string;
}

const encryptionKeys = ["secretsprovider", "encryptedkey", "encryptionsalt"] as const;

export interface Template {
    /** `preview` of Pulumi.preview.yaml. */
    readonly name: string;
    readonly text: string;
}

/** The stack whose platform the environments are on. @default they are on no other stack's */
export function platformStackOf(template: Template): string | undefined {
    const { document, file } = opened(template);
    const platform = sectionOf(document, "platform", file).toJSON() as Readonly<Record<string, unknown>>;
    return platform["variant"] === "stack" && typeof platform["stack"] === "string" ? platform["stack"] : undefined;
}

/**
 * @param encryption of the stack's state; the template's own goes before it, for its secrets are encrypted with that
 * @throws Refusal where the template is not one of environments that nothing protects, each with names of its own
 */
export function fileOf(template: Template, request: FileRequest, encryption: Encryption = {}): string {
    const { document, file } = opened(template);
    const environment = sectionOf(document, "environment", file);
    const given = environment.toJSON() as Readonly<Record<string, unknown>>;
    if (given["kind"] !== "ephemeral") {
        throw new Refusal(
            `${file}, environment.kind`,
            JSON.stringify(given["kind"]),
            "ephemeral: what is made for each pull request goes with it",
            "write kind: ephemeral, or name another template by FROM=",
        );
    }
    for (const name of ["name", "namespace"]) {
        if (given[name] !== undefined) {
            throw new Refusal(
                `${file}, environment.${name}`,
                JSON.stringify(given[name]),
                "nothing: each pull request has names of its own, and this one would be all theirs",
                "take the line out; the stack's name stands in for it",
            );
        }
    }
    const { number, url, branch, lastPush } = request.pullRequest;
    environment.set(
        "pullRequest",
        document.createNode({
            number,
            ...(url !== undefined && { url: quoted(url) }),
            ...(branch !== undefined && { branch: quoted(branch) }),
            lastPush: quoted(lastPush),
        }),
    );
    if (request.keep) {
        environment.set("keep", true);
    }

    const hosts = new Map<string, string>();
    const apps = appsOf(document, file);
    const left = new Set([...request.images.keys()].filter((name) => name !== undefined));
    for (const app of apps) {
        const name = String(app.get("name"));
        const image = request.images.get(name) ?? request.images.get(undefined);
        left.delete(name);
        if (image !== undefined) {
            app.set("image", quoted(image));
        }
        const list = app.get("hosts", true);
        for (const host of isSeq(list) ? list.items.filter(isScalar) : []) {
            const before = String(host.value);
            hosts.set(before, hostOf(before, request.stack, template.name));
            host.value = hosts.get(before);
        }
    }
    if (left.size > 0) {
        throw new Refusal(
            "IMAGE",
            `the app ${[...left].join(", ")}`,
            `apps of ${file}: ${apps.map((app) => String(app.get("name"))).join(", ")}`,
            "name one of these, or IMAGE=REFERENCE for all",
        );
    }
    for (const app of apps) {
        renameHosts(app.get("environment", true), hosts);
    }

    const own = encryptionKeys.some((key) => document.has(key));
    for (const key of own ? [] : encryptionKeys) {
        if (encryption[key] !== undefined) {
            document.set(key, encryption[key]);
        }
    }
    document.commentBefore = ` Made of ${file} for pull request ${number} by \`make review\`: changes go into that one. Never committed.`;
    return document.toString({ lineWidth: 0 });
}

/** Enough for `pulumi destroy`, which asks no settings. */
export function bareFile(encryption: Encryption): string {
    const lines = encryptionKeys.flatMap((key) =>
        encryption[key] === undefined ? [] : [`${key}: ${encryption[key]}\n`],
    );
    return lines.length === 0 ? "config: {}\n" : lines.join("");
}

/** Whether a stack's file is of an environment that a pull request may make and remove. */
export function isEphemeral(text: string): boolean {
    const config = parseDocument(text).get("config");
    const section = isMap(config)
        ? config.items.find(({ key }) => /(^|:)environment$/.test(String(key)))?.value
        : undefined;
    return isMap(section) && section.get("kind") === "ephemeral";
}

/** A host of the template, with the stack's name where the template's stands, or `pr-` and a number; else in front. */
export function hostOf(host: string, stack: string, template: string): string {
    const [label = "", ...rest] = host.split(".");
    const words = label.split("-");
    const own = template.split("-");
    for (let start = 0; start < words.length; start++) {
        const isOwn = own.every((word, index) => words[start + index] === word);
        const isNumbered = words[start] === "pr" && /^[0-9]+$/.test(words[start + 1] ?? "");
        if (isOwn || isNumbered) {
            words.splice(start, isOwn ? own.length : 2, stack);
            return [words.join("-"), ...rest].join(".");
        }
    }
    return [`${stack}-${label}`, ...rest].join(".");
}

/** Addresses in the apps' own variables follow the hosts. */
function renameHosts(variables: unknown, hosts: ReadonlyMap<string, string>): void {
    for (const { value } of isMap(variables) ? variables.items : []) {
        if (isScalar(value) && typeof value.value === "string") {
            value.value = [...hosts].reduce(
                (text, [before, now]) =>
                    text.replaceAll(
                        new RegExp(`(?<![a-z0-9.-])${before.replaceAll(".", "\\.")}(?![a-z0-9-])`, "g"),
                        now,
                    ),
                value.value,
            );
        }
    }
}

function opened({ name, text }: Template): { document: Document; file: string } {
    const file = `Pulumi.${name}.yaml`;
    const document = parseDocument(text);
    const [error] = document.errors;
    if (error !== undefined) {
        throw new Refusal(file, error.message.split("\n", 1)[0]!, "YAML as Pulumi reads it", `make plan STACK=${name}`);
    }
    return { document, file };
}

function appsOf(document: Document, file: string): readonly YAMLMap[] {
    const config = document.get("config");
    const apps = isMap(config) ? config.items.find(({ key }) => /(^|:)apps$/.test(String(key)))?.value : undefined;
    const items = isSeq(apps) ? apps.items.filter(isMap) : [];
    if (items.length === 0) {
        throw new Refusal(
            `${file}, apps`,
            "no list of apps",
            "a list with the apps' names, images and hosts",
            "examples/stacks/pull-request has one",
        );
    }
    return items;
}

function sectionOf(document: Document, section: string, file: string): YAMLMap {
    const config = document.get("config");
    const found = isMap(config)
        ? config.items.find(({ key }) => new RegExp(`(^|:)${section}$`).test(String(key)))?.value
        : undefined;
    if (!isMap(found)) {
        throw new Refusal(
            `${file}, ${section}`,
            "nothing",
            `the section ${section}`,
            "examples/stacks/pull-request has one",
        );
    }
    return found;
}

/** Pulumi makes a time of a date without quotes, and a number of a commit of digits. */
function quoted(value: string): Scalar {
    const scalar = new Scalar(value);
    scalar.type = Scalar.QUOTE_DOUBLE;
    return scalar;
}
