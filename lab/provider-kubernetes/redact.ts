// Keeps secret values out of every message: the last log lines of a crashed pod, or a refusal of the API server, may
// quote a password.
import {
    isPropertyMap,
    isSecret,
    withoutSecrets,
    type PropertyMap,
    type PropertyValue,
} from "../provider-host/index.ts";

/** Shorter values occur everywhere by chance; hiding them would make messages unreadable and protects nothing. */
const shortestSecret = 4;
const shortestLine = 8;
const hiddenText = "[secret]";

export class Redactor {
    readonly #values = new Set<string>();
    #longestFirst: readonly string[] | undefined;

    /** Learns the secret values of a resource: what is marked, and all data of a Secret. */
    learn(inputs: PropertyMap): void {
        this.#learnMarked(inputs);
        if (inputs["kind"] !== "Secret") {
            return;
        }
        for (const value of strings(inputs["stringData"])) {
            this.#learnText(value);
        }
        for (const value of strings(inputs["data"])) {
            this.#learnText(value);
            this.#learnText(Buffer.from(value, "base64").toString("utf8"));
        }
    }

    hide(text: string): string {
        this.#longestFirst ??= [...this.#values].sort((a, b) => b.length - a.length);
        return this.#longestFirst.reduce(
            (result, value) => (result.includes(value) ? result.replaceAll(value, hiddenText) : result),
            text,
        );
    }

    #learnMarked(value: PropertyValue | undefined): void {
        if (isSecret(value)) {
            for (const text of strings(value)) {
                this.#learnText(text);
            }
        } else if (Array.isArray(value)) {
            for (const element of value as readonly PropertyValue[]) {
                this.#learnMarked(element);
            }
        } else if (isPropertyMap(value)) {
            for (const member of Object.values(value)) {
                this.#learnMarked(member);
            }
        }
    }

    #learnText(text: string): void {
        if (text.length < shortestSecret) {
            return;
        }
        const lines = text.split("\n").filter((line) => line.trim().length >= shortestLine);
        for (const form of [text, ...lines]) {
            // Also as it looks inside an URL, a JSON document and a Secret's data.
            for (const shape of [
                form,
                encodeURIComponent(form),
                JSON.stringify(form).slice(1, -1),
                Buffer.from(form).toString("base64"),
            ]) {
                if (!this.#values.has(shape)) {
                    this.#values.add(shape);
                    this.#longestFirst = undefined;
                }
            }
        }
    }
}

/** All strings and numbers in a value, marks taken off. */
function strings(value: PropertyValue | undefined): string[] {
    const bare = isSecret(value) ? withoutSecrets(value) : value;
    if (typeof bare === "string" || typeof bare === "number") {
        return [String(bare)];
    }
    if (Array.isArray(bare)) {
        return bare.flatMap((element: PropertyValue) => strings(element));
    }
    if (isPropertyMap(bare)) {
        return Object.values(bare).flatMap(strings);
    }
    return [];
}
