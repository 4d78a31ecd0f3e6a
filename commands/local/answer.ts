// Whether an app's address answers, asked as a browser on this machine asks.
import { lookup as lookUp } from "node:dns";
import { get } from "node:http";
import type { LookupFunction } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

/** `shop.localhost` is this machine to a browser (RFC 6761), and to few resolvers. */
const lookup: LookupFunction = (host, options, done) => {
    if (!host.endsWith(".localhost")) {
        return lookUp(host, options, done);
    }
    return options.all === true ? done(null, [{ address: "127.0.0.1", family: 4 }]) : done(null, "127.0.0.1", 4);
};

/** @returns the status once it is no error of the way in, or what the last try said; a route takes a moment to reach the Gateway's controller */
export async function firstAnswer(url: string): Promise<number | string> {
    let answer: number | string = "no answer";
    for (let attempt = 0; attempt < 60 && !serves(answer); attempt++) {
        answer = await ask(url).catch(String);
        if (!serves(answer)) {
            await sleep(500);
        }
    }
    return answer;
}

/** A page, or the way to one: a login, another language. */
export function serves(answer: number | string): boolean {
    return typeof answer === "number" && answer >= 200 && answer < 400;
}

function ask(url: string): Promise<number> {
    return new Promise((resolve, reject) => {
        const request = get(url, { lookup, agent: false, timeout: 5000 }, (response) => {
            response.resume();
            resolve(response.statusCode ?? 0);
        });
        request.once("timeout", () => request.destroy(new Error("no answer within 5 s"))).once("error", reject);
    });
}
