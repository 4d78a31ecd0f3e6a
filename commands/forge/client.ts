// Who asks the forges: Octokit, which follows pages by their Link headers, waits where it is asked to and tries again what failed by
// chance. All forges here answer in that manner, GitLab too.
import { Octokit } from "@octokit/core";
import { paginateRest } from "@octokit/plugin-paginate-rest";
import { retry } from "@octokit/plugin-retry";
import { throttling } from "@octokit/plugin-throttling";

const Client = Octokit.plugin(paginateRest, retry, throttling);
export type Client = InstanceType<typeof Client>;

/** Longer than this nobody waits in a job; seconds. */
const longestWait = 120;
/** A request that has no answer by then has none; milliseconds. */
const timeout = 30_000;

export interface ClientOptions {
    /** Of the API, without a slash at its end. */
    readonly address: string;
    readonly token: string;
    /** How long a second of waiting is; for tests. @default 1000 milliseconds */
    readonly second?: number;
}

let clients = 0;

export function clientOf({ address, token, second = 1000 }: ClientOptions): Client {
    clients += 1;
    const wait = (seconds: number, _: unknown, __: unknown, tries: number) => seconds <= longestWait && tries < 2;
    const client = new Client({
        baseUrl: address,
        userAgent: "django-on-kubernetes",
        log: { debug: silent, info: silent, warn: silent, error: silent },
        request: { fetch: impatient },
        retry: { retryAfterBaseValue: second },
        throttle: {
            // Two of one process do not wait for each other.
            id: String(clients),
            retryAfterBaseValue: second,
            onRateLimit: wait,
            onSecondaryRateLimit: wait,
        },
    });
    // Octokit's own word is `token`, which GitLab does not know. Fetch leaves this header out, and no other, when it is sent on to another host.
    client.hook.before("request", (options) => {
        options.headers.authorization = `Bearer ${token}`;
    });
    return client;
}

function impatient(url: string | URL, options: RequestInit): Promise<Response> {
    return fetch(url, { ...options, signal: AbortSignal.timeout(timeout) });
}

function silent(): void {
    // What went wrong is in the error that is thrown.
}
