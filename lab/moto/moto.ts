// A server that speaks the APIs of AWS on this machine, and calls of them: each is checked against the service's own model first.
// bridge.py says what an answer is.
import { spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { virtualEnvironment } from "../support/python.ts";

export interface Credentials {
    readonly key: string;
    readonly secret: string;
}

export interface Call {
    /** As boto3 names it, for example `ec2`. */
    readonly service: string;
    /** As the API names it, for example `CreateVpc`. */
    readonly operation: string;
    readonly region: string;
    /** Names are matched without regard to case. */
    readonly input: Readonly<Record<string, unknown>>;
    /** @default an administrator's, whom nobody asks for a policy */
    readonly as?: Credentials;
}

/** What the server answered, whatever its shape. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- as many shapes as operations
export type Output = Record<string, any>;

export type Answer =
    | { readonly output: Output }
    /** The service's model does not allow it; the server was not asked. */
    | { readonly refused: readonly string[] }
    | { readonly error: { readonly code: string; readonly message: string; readonly status: number } }
    /** moto does not know the operation. The model allows the call. */
    | { readonly unknown: string };

export interface Moto {
    call(call: Call): Promise<Answer>;
    /** Whether calls with credentials need a policy that allows them, from now on. */
    enforcePolicies(enforced: boolean): Promise<void>;
    /** @returns those that a policy would name in vain: no service has such an action, or any that matches */
    unknownActions(actions: readonly string[]): Promise<readonly string[]>;
    /** Nothing is there any more. */
    forget(): Promise<void>;
    stop(): Promise<void>;
}

export interface MotoOptions {
    /** 12 digits: whose the answers are. */
    readonly account: string;
}

/** @throws Error when it does not start, with what it wrote */
export async function startMoto({ account }: MotoOptions): Promise<Moto> {
    const python = await virtualEnvironment("moto", join(import.meta.dirname, "requirements.txt"));
    const child = spawn(python, [join(import.meta.dirname, "bridge.py")], {
        stdio: ["pipe", "pipe", "pipe"],
        env: {
            PATH: process.env["PATH"],
            HOME: process.env["HOME"],
            MOTO_ACCOUNT_ID: account,
            // Roles are given policies that AWS manages.
            MOTO_IAM_LOAD_MANAGED_POLICIES: "true",
            // No file of this machine's user changes a call.
            AWS_CONFIG_FILE: "/dev/null",
            AWS_SHARED_CREDENTIALS_FILE: "/dev/null",
            AWS_EC2_METADATA_DISABLED: "true",
            NO_PROXY: "127.0.0.1",
        },
    });
    let written = "";
    child.stderr.on("data", (chunk: Buffer) => {
        written = `${written}${chunk.toString()}`.slice(-4000);
    });
    const ended = new Promise<void>((resolve) => child.once("close", () => resolve()));
    const waiting: { resolve: (line: string) => void; reject: (error: Error) => void }[] = [];
    createInterface({ input: child.stdout }).on("line", (line) => waiting.shift()?.resolve(line));
    const fail = (): void => {
        for (const { reject } of waiting.splice(0)) {
            reject(new Error(`moto ended: ${written}`));
        }
    };
    child.once("close", fail);
    child.once("error", fail);
    const next = (): Promise<string> =>
        new Promise((resolve, reject) => {
            if (child.exitCode === null) {
                waiting.push({ resolve, reject });
            } else {
                reject(new Error(`moto ended: ${written}`));
            }
        });
    const ask = async (request: object): Promise<Answer> => {
        const answer = next();
        child.stdin.write(`${JSON.stringify(request)}\n`);
        return JSON.parse(await answer) as Answer;
    };
    await next();
    return {
        call: ({ as, ...call }) => ask({ ...call, ...as }),
        enforcePolicies: async (enforced) => {
            await ask({ enforced });
        },
        unknownActions: async (actions) => {
            const answer = (await ask({ actions })) as { readonly output: { readonly unknown: string[] } };
            return answer.output.unknown;
        },
        forget: async () => {
            await ask({ forget: true });
        },
        stop: async () => {
            child.stdin.end();
            await ended;
        },
    };
}
