// What an answer is made from: the resource's inputs, the account, and values derived from its URN.
import { createHash } from "node:crypto";
import type { PlainMap, PlainValue } from "../values.ts";
import type { Cloud } from "../schema/resources.ts";

/** Where resources go that name no project or region of their own. */
export interface Account {
    readonly cloud: Cloud;
    /** Project id, or the account's number. */
    readonly id: string;
    readonly region: string;
}

/** @param config the inputs of the provider */
export function accountOf(cloud: Cloud, config: PlainMap): Account {
    const text = (name: string): string | undefined => {
        const value = config[name];
        return typeof value === "string" && value !== "" ? value : undefined;
    };
    if (cloud === "gcp") {
        return { cloud, id: text("project") ?? "recorded-project", region: text("region") ?? "europe-west1" };
    }
    if (cloud === "aws") {
        return { cloud, id: allowedAccount(config) ?? "123456789012", region: text("region") ?? "eu-central-1" };
    }
    return { cloud, id: "recorded-team", region: "fra1" };
}

function allowedAccount(config: PlainMap): string | undefined {
    const given = config["allowedAccountIds"];
    // Providers send lists as JSON text.
    const ids: unknown = typeof given === "string" ? JSON.parse(given) : given;
    const [first] = Array.isArray(ids) ? (ids as unknown[]) : [];
    return typeof first === "string" ? first : undefined;
}

export interface Answer {
    readonly id: string;
    readonly outputs: PlainMap;
}

export type AnswerTable = Readonly<Record<string, (question: Question) => Answer>>;

export class Question {
    readonly inputs: PlainMap;
    readonly account: Account;
    readonly resourceName: string;
    private readonly seed: string;

    constructor(call: {
        readonly name: string;
        readonly urn: string;
        readonly inputs: PlainMap;
        readonly identifying?: PlainMap;
        readonly account: Account;
    }) {
        this.inputs = call.inputs;
        this.account = call.account;
        this.resourceName = call.name;
        this.seed = `${call.urn}\n${identity(call.identifying ?? call.inputs)}`;
    }

    /** An input as text, or the other. */
    text(name: string, otherwise = ""): string {
        const value = this.at(name);
        return typeof value === "string" ? value : typeof value === "number" ? String(value) : otherwise;
    }

    number(name: string, otherwise: number): number {
        const value = this.at(name);
        return typeof value === "number" ? value : otherwise;
    }

    isTrue(name: string): boolean {
        return this.at(name) === true;
    }

    texts(name: string): string[] {
        const value = this.at(name);
        return Array.isArray(value) ? value.filter((element) => typeof element === "string") : [];
    }

    /** @param path `settings.ipConfiguration.privateNetwork` */
    at(path: string): PlainValue | undefined {
        let current: PlainValue | undefined = this.inputs;
        for (const part of path.split(".")) {
            current =
                typeof current === "object" && current !== null && !Array.isArray(current) ? current[part] : undefined;
        }
        return current;
    }

    /** The name in the cloud. */
    get name(): string {
        return this.text("name", this.resourceName);
    }

    hex(length: number, salt = ""): string {
        return createHash("sha256").update(`${this.seed}\n${salt}`).digest("hex").slice(0, length);
    }

    digits(length: number, salt = ""): string {
        const decimal = BigInt(`0x${this.hex(60, `digits ${salt}`)}`).toString();
        return `1${decimal}`.slice(0, length);
    }

    /** Capitals and digits, as in access keys. */
    capitals(length: number, salt = ""): string {
        return createHash("sha512")
            .update(`${this.seed}\n${salt}`)
            .digest("base64")
            .replaceAll(/[^A-Z2-7]/g, "")
            .padEnd(length, "A")
            .slice(0, length);
    }

    /** Letters, digits and what has to be escaped in a URL. */
    password(length: number, salt = ""): string {
        const text = createHash("sha512").update(`${this.seed}\n${salt}`).digest("base64url");
        return `A_${text}`.slice(0, length);
    }

    uuid(salt = ""): string {
        const hex = this.hex(32, `uuid ${salt}`);
        return [
            hex.slice(0, 8),
            hex.slice(8, 12),
            `4${hex.slice(13, 16)}`,
            `8${hex.slice(17, 20)}`,
            hex.slice(20, 32),
        ].join("-");
    }

    /** An address of the range that RFC 5737 keeps for documentation. */
    publicAddress(salt = ""): string {
        return `203.0.113.${1 + (parseInt(this.hex(4, `public ${salt}`), 16) % 254)}`;
    }

    privateAddress(prefix = "10.0", salt = ""): string {
        const hex = this.hex(8, `private ${salt}`);
        const rest = [parseInt(hex.slice(0, 4), 16) % 256, 4 + (parseInt(hex.slice(4, 8), 16) % 250)];
        return [...prefix.split("."), ...rest].slice(0, 4).join(".");
    }
}

/** What tells a replacement from what it replaces. Ids of things that are named after their inputs need no more. */
function identity(inputs: PlainMap): string {
    return JSON.stringify(inputs, (key, value: unknown) =>
        /password|secret|token|key$/i.test(key) ? undefined : value,
    );
}
