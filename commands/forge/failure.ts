// What a forge said no to, in words that say what is missing. No word of a token in them.
import { z } from "zod";
import { mask, masked } from "../../lib/secret-text.ts";

/** Where, what came, what is allowed, the fix. */
export class ForgeError extends Error {
    override readonly name = "ForgeError";
    /** Of HTTP; undefined where nobody answered. */
    readonly status: number | undefined;

    constructor(message: string, status?: number) {
        super(message);
        this.status = status;
    }
}

/** What is known of the forge that refused. */
export interface Asked {
    /** As a person calls it: `GitHub`. */
    readonly forge: string;
    /** Where it is asked. */
    readonly address: string;
    /** The variable with the token. */
    readonly variable: string;
    readonly token: string;
    /** Which right it needs to do what was asked, where the forge does not say so. */
    readonly rights: string;
}

/** As @octokit/request throws it. */
interface Refusal {
    readonly status?: number;
    readonly message?: string;
    readonly cause?: { readonly code?: string; readonly cause?: { readonly code?: string } };
    readonly response?: {
        readonly headers?: Readonly<Record<string, string | number | undefined>>;
        readonly data?: unknown;
    };
}

/** Questions to one forge, whose refusals are put into words. */
export class Asking {
    readonly #asked: Asked;

    constructor(asked: Asked) {
        this.#asked = asked;
    }

    /** @param what is to be done, as the beginning of a sentence: `Reading pull request 12` */
    async ask<T>(what: string, question: () => Promise<T>): Promise<T> {
        try {
            return await question();
        } catch (error) {
            throw forgeError(what, error, this.#asked);
        }
    }

    /** @returns undefined where there is nothing of that name */
    async orUndefined<T>(what: string, question: () => Promise<T>): Promise<T | undefined> {
        try {
            return await this.ask(what, question);
        } catch (error) {
            if (error instanceof ForgeError && error.status === 404) {
                return undefined;
            }
            throw error;
        }
    }
}

function forgeError(what: string, error: unknown, asked: Asked): ForgeError {
    if (error instanceof ForgeError) {
        return error;
    }
    if (error instanceof z.ZodError) {
        const [issue] = error.issues;
        return new ForgeError(
            `${what}: ${asked.address} answers with something else than ${asked.forge}'s API does ` +
                `(at ${issue?.path.join(".")}: ${issue?.message}). Fix: give the address of the API.`,
        );
    }
    const refusal = error as Refusal;
    const status = refusal.response === undefined ? undefined : refusal.status;
    return new ForgeError(withoutToken(`${what}: ${reasonOf(refusal, asked)}`, asked.token), status);
}

/** A token of any form, wherever it came from. */
export function withoutToken(text: string, token: string): string {
    return masked(token === "" ? text : text.replaceAll(token, mask));
}

function reasonOf(refusal: Refusal, asked: Asked): string {
    const { forge, address, variable, rights } = asked;
    const { response, status } = refusal;
    if (response === undefined) {
        const code = refusal.cause?.code ?? refusal.cause?.cause?.code ?? refusal.message ?? "no answer";
        return `${forge} is not reached at ${address} (${code}). Fix: run it where that address answers.`;
    }
    const said = saidBy(response.data);
    const headers = response.headers ?? {};
    switch (status) {
        case 401:
            return `${forge} does not take the token (401${said}). Fix: give a token that is valid in ${variable}.`;
        case 403:
        case 429:
            if (/locked/i.test(said)) {
                return `its conversation is locked (${status}${said}). Fix: unlock it, or let those who may write say it.`;
            }
            return status === 429 || limited(headers, said)
                ? `${forge} has been asked too often (${status}${said}). Fix: run it again ${later(headers)}.`
                : `the token may not do this (403${said}). Missing: ${accepted(headers) ?? rights}. ` +
                      `Fix: give that right to the token in ${variable}; a run of a fork's code never gets it (docs/pull-requests.md).`;
        case 404:
            return (
                `${forge} has nothing of that name for this token (404${said}). ` +
                `Fix: compare the repository and the number, and give the token in ${variable} ${rights}.`
            );
        default:
            return `${forge} answered ${status ?? "something else"}${said}. Fix: what it says, or run it again.`;
    }
}

function saidBy(data: unknown): string {
    const { message, error } = (typeof data === "object" && data !== null ? data : {}) as Record<string, unknown>;
    const text = [message, error].find((part) => part !== undefined);
    if (text === undefined) {
        return "";
    }
    const line = (typeof text === "string" ? text : JSON.stringify(text)).replace(/[\p{C}\s]+/gu, " ").trim();
    return `: ${line.slice(0, 300)}`;
}

type Headers = NonNullable<NonNullable<Refusal["response"]>["headers"]>;

function limited(headers: Headers, said: string): boolean {
    return String(headers["x-ratelimit-remaining"]) === "0" || /rate limit|abuse detection/i.test(said);
}

function later(headers: Headers): string {
    const seconds = Number(headers["retry-after"]);
    if (seconds > 0) {
        return `after ${seconds} s`;
    }
    const reset = Number(headers["x-ratelimit-reset"] ?? headers["ratelimit-reset"]);
    return reset > 0 ? `after ${new Date(reset * 1000).toISOString()}` : "in some minutes";
}

/** GitHub names what would have sufficed: `issues=write; pull_requests=write`, each by itself. */
function accepted(headers: Headers): string | undefined {
    const named = headers["x-accepted-github-permissions"];
    return typeof named === "string" && named !== ""
        ? named
              .split(";")
              .map((set) => `\`${set.trim().replaceAll("_", "-").replaceAll("=", ": ")}\``)
              .join(" or ")
        : undefined;
}
