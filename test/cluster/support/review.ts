// A pull request's environments as CI makes them: the command, run beside a platform's stack, in a folder without their files.
import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { stringify } from "yaml";
import { Client } from "./client.ts";
import type { CommandResult, Running, StackConfig, TestEnvironment } from "./environment.ts";
import { eventually } from "./kubernetes.ts";

export const domain = "preview.localhost";

export class Reviews {
    private readonly platform: TestEnvironment;

    constructor(platform: TestEnvironment) {
        this.platform = platform;
    }

    /** Writes Pulumi.preview.yaml beside the platform's file, of which it has the app. */
    async template(edit: (config: StackConfig) => void): Promise<void> {
        const own = await readFile(this.platform.configFile, "utf8");
        await this.platform.configure((config) => {
            config["environment"] = { kind: "ephemeral", timeToLive: "4h" };
            config["platform"] = { variant: "stack", stack: this.platform.stack };
            config["exposure"] = { variant: "platform" };
            config["apps"][0].hosts = [`preview.${domain}`];
            edit(config);
            this.written = config;
        });
        await writeFile(this.platform.configFile, own);
        const named = Object.fromEntries(
            Object.entries(this.written!).map(([key, value]) => [`django-on-kubernetes:${key}`, value]),
        );
        await writeFile(join(this.platform.directory, "Pulumi.preview.yaml"), stringify({ config: named }));
    }

    private written: StackConfig | undefined;

    get image(): string {
        return String(this.written!["apps"][0].image);
    }

    startOpen(number: number, ...more: readonly string[]): Running {
        const args = ["--number", String(number), "--image", this.image, ...more];
        return this.platform.start("review/main.ts", "open", ...args);
    }

    async open(number: number, ...more: readonly string[]): Promise<CommandResult> {
        return await this.startOpen(number, ...more).done;
    }

    startClose(number: number, ...more: readonly string[]): Running {
        return this.platform.start("review/main.ts", "close", "--number", String(number), ...more);
    }

    async close(number: number, ...more: readonly string[]): Promise<CommandResult> {
        return await this.startClose(number, ...more).done;
    }

    /** What a fresh runner does not have. */
    async forgetFile(number: number): Promise<void> {
        await rm(join(this.platform.directory, `Pulumi.pr-${number}.yaml`), { force: true });
    }

    async hasFile(number: number): Promise<boolean> {
        const path = join(this.platform.directory, `Pulumi.pr-${number}.yaml`);
        return await readFile(path).then(
            () => true,
            () => false,
        );
    }

    /** Of this backend, without the platform's. */
    async stacks(): Promise<string[]> {
        const { output } = await this.platform.run(["stack", "ls", "--json"]);
        const all = JSON.parse(output.slice(output.indexOf("["), output.lastIndexOf("]") + 1)) as { name: string }[];
        return all.map(({ name }) => name.split("/").at(-1)!).filter((name) => /^pr-/.test(name));
    }

    /** @param patience seconds */
    async serves(number: number, patience = 120): Promise<void> {
        const client = new Client(`pr-${number}.${domain}`);
        try {
            await eventually(async () => {
                const { status } = await client.send("GET", "/");
                return status === 200 ? undefined : `the page answers ${status}`;
            }, patience);
        } finally {
            client.close();
        }
    }
}

/** As small as one gets that has every store and process of the example's. */
export function smallReview(config: StackConfig): void {
    const [app] = config["apps"];
    app.web.replicas = { min: 1, max: 1 };
    delete app.beat;
    config["cache"].replicas = 0;
}
