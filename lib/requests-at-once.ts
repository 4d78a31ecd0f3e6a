// How many requests one web pod works on at a time, by the command line of its server.
import { optionValue, wordsOf, type Word } from "./command-words.ts";
import { webServerOf, type Variables } from "./web-servers.ts";

/** What is reckoned with where a command line does not say it: as many as the program's own gunicorn takes by default. */
export const usualRequests = 4;

/**
 * How often Django keeps an upload while a request is under way: under ASGI it writes the body down before it looks for files in it.
 *
 * @see https://github.com/django/django/blob/main/django/core/handlers/asgi.py ASGIHandler.read_body
 */
export function copiesOfUpload(asgi: boolean): number {
    return asgi ? 2 : 1;
}

/** Workers that switch between requests take as many as come. @see https://docs.gunicorn.org/en/stable/settings.html#worker-class */
const oneAfterAnother = new Set(["sync", "gthread"]);

/** @returns undefined where the command line does not say it */
export function requestsAtOnce(command: readonly string[], variables: Variables): number | undefined {
    const server = webServerOf(command, variables);
    if (server?.name !== "gunicorn") {
        return undefined;
    }
    // What comes later wins, and the command line comes after the variable.
    const words = [...wordsOf((variables["GUNICORN_CMD_ARGS"] ?? "").split(/\s+/)), ...server.words];
    const threads = amount(words, ["--threads"]) ?? 1;
    const kind = optionValue(words, ["--worker-class", "-k"])?.value ?? (threads > 1 ? "gthread" : "sync");
    const processes = amount(words, ["--workers", "-w"]) ?? number(variables["WEB_CONCURRENCY"]) ?? 1;
    return oneAfterAnother.has(kind) ? processes * threads : undefined;
}

function amount(words: readonly Word[], names: readonly string[]): number | undefined {
    return number(optionValue(words, names)?.value);
}

function number(text: string | undefined): number | undefined {
    return text !== undefined && /^[1-9][0-9]*$/.test(text) ? Number(text) : undefined;
}
