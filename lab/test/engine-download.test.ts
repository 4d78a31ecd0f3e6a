// Giving up on downloads: by exit code, by refusal, by silence. Does not prove anything about a real network.
import { describe, expect, test } from "vitest";
import { download } from "../engine/download.ts";

const shell = (script: string) => ({ command: "sh", args: ["-c", script] });

describe("a download", () => {
    test("that ends well is well", async () => {
        expect(await download(shell("exit 0"))).toEqual({ ok: true });
    });

    test("that fails says its last words", async () => {
        expect(await download(shell("echo trying; echo 'no such host' >&2; exit 1"))).toEqual({
            ok: false,
            reason: "no such host",
        });
    });

    test("of a command that is not there fails", async () => {
        expect((await download({ command: "/nowhere/tool", args: [] })).ok).toBe(false);
    });

    test("is stopped at the second refusal, not at the first, which may be an accident", async () => {
        const once = shell("echo Will retry; exit 0");
        expect(await download({ ...once, refusal: /Will retry/ })).toEqual({ ok: true });
        const started = Date.now();
        const often = shell("while true; do echo Will retry; sleep 0.1; done");
        expect(await download({ ...often, refusal: /Will retry/ })).toEqual({ ok: false, reason: "refused" });
        expect(Date.now() - started).toBeLessThan(3000);
    });

    test("is stopped when it is silent, but not while its file grows", async () => {
        expect(await download({ ...shell("sleep 30"), stallSeconds: 0.6 })).toMatchObject({ ok: false });
        const growing = shell("for i in 1 2 3 4 5 6 7 8 9 10; do echo more >> $TMPDIR/file; sleep 0.2; done");
        expect(await download({ ...growing, stallSeconds: 1 })).toEqual({ ok: true });
    });
});
