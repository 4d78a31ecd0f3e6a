// The steps of a restore, in order; what they do is handed in.
import { momentWithin, type BackupState } from "./reach.ts";

export interface RestoreWanted {
    /** The store's name: `database`. */
    readonly store: string;
    /** @default now */
    readonly at?: string;
    /** The store's name, to remove the data before instead. */
    readonly confirm?: string;
}

export interface DatabaseServer {
    state(): Promise<BackupState>;
    /** Everything that was written is in the archive then. @returns now, by the server's clock, in milliseconds */
    archiveAll(): Promise<number>;
    /** Says what the restore of the next pod says, until that is ready. @returns how many tables there are */
    follow(say: (line: string) => void): Promise<{ done: Promise<number>; stop: () => void }>;
}

export interface RestoreTools {
    readonly server: DatabaseServer;
    readonly pulumi: (args: readonly string[]) => Promise<number>;
    readonly say: (line: string) => void;
}

/** @returns the exit code */
export async function restoreTo({ store, at, confirm }: RestoreWanted, tools: RestoreTools): Promise<number> {
    const { server, pulumi, say } = tools;
    const setting = settingOf(store);
    const state = await server.state();
    if (confirm !== undefined) {
        if (confirm !== store) {
            throw new Error(
                `CONFIRM is ${confirm}. Allowed: ${store}, the name of the store whose data before is to go.`,
            );
        }
        if (state.stanza === "main") {
            throw new Error(
                `${store} has not been restored: the data that is there is the only one. Nothing to remove.`,
            );
        }
        say(`The data before the restore of ${store} is removed when its pod starts anew.`);
        return (
            (await set(`${setting}.original`, "removed", pulumi)) || (await pulumi(["up", "--yes", "--skip-preview"]))
        );
    }
    const moment = momentWithin(at, state, await server.archiveAll());
    say(`${store} will be as it was at ${moment.at}. Its data of now stays on the volume, which needs room for both.`);
    const written = await set(`${setting}.at`, moment.at, pulumi);
    if (written !== 0) {
        return written;
    }
    const following = await server.follow(say);
    const code = await pulumi(["up", "--yes", "--skip-preview"]);
    if (code !== 0) {
        following.stop();
        say(`Not brought up. Back to the data of now: pulumi config rm --path '${setting}', then pulumi up.`);
        return code;
    }
    const tables = await following.done;
    say(`${store} serves the data of ${moment.at}: ${tables} tables.`);
    say(
        `Back to the data before: pulumi config rm --path '${setting}', then pulumi up. To remove it: make restore CONFIRM=${store}.`,
    );
    return tables === 0 ? 1 : 0;
}

function set(path: string, value: string, pulumi: RestoreTools["pulumi"]): Promise<number> {
    return pulumi(["config", "set", "--path", path, value]);
}

/** @returns the way to it in the stack's file */
function settingOf(store: string): string {
    if (store !== "database") {
        throw new Error(
            `${store} is an app's own database: its place among the apps is not known from its name. Fix: set restore.at beside its backups in the stack's file, then pulumi up.`,
        );
    }
    return "database.restore";
}
