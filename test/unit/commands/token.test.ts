// What a job of GitLab gets to show to a cloud. Does not prove that Google takes it.
import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { projectRoot } from "../../../commands/support/paths.ts";

let folder: string;
beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "token-"));
});
afterEach(async () => {
    await rm(folder, { recursive: true });
});

const token = "head.body.signature";
const provider = "projects/123/locations/global/workloadIdentityPools/ci-shop/providers/gitlab";
const identity = "shop-ci-deploy@example-shop.iam.gserviceaccount.com";

async function write(args: readonly string[], value = token) {
    const main = join(projectRoot, "commands/token/main.ts");
    return await new Promise<{ code: number; output: string }>((resolve) => {
        execFile(
            "node",
            [main, ...args],
            { cwd: folder, env: { ...process.env, TOKEN: value } },
            (error, stdout, stderr) => {
                resolve({ code: Number(error?.code ?? 0), output: stdout + stderr });
            },
        );
    });
}

it("is the token, for this user alone, and what Google exchanges it for", async () => {
    const { code, output } = await write(["--provider", provider, "--identity", identity]);
    expect(code).toBe(0);
    expect(output).not.toContain(token);
    const file = join(folder, ".login/token");
    expect(await readFile(file, "utf8")).toBe(token);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(JSON.parse(await readFile(join(folder, ".login/google.json"), "utf8"))).toMatchObject({
        type: "external_account",
        audience: `//iam.googleapis.com/${provider}`,
        credential_source: { file },
        service_account_impersonation_url: `https://iamcredentials.googleapis.com/v1/projects/-/serviceAccounts/${identity}:generateAccessToken`,
    });
});

it("is the token alone for AWS, whose role a variable names", async () => {
    expect((await write(["--provider", "", "--identity", "arn:aws:iam::123456789012:role/ci"])).code).toBe(0);
    await expect(readFile(join(folder, ".login/google.json"))).rejects.toThrow("ENOENT");
});

it.each([
    [["--provider", provider, "--identity", identity], "", "TOKEN: found nothing"],
    [["--provider", provider, "--identity", identity], "not one", "TOKEN: found no signed token"],
    [["--provider", "elsewhere", "--identity", identity], token, "--provider"],
    [["--provider", provider, "--identity", "somebody"], token, "--identity"],
    [["--more"], token, "unknown option"],
])("refuses %j with %j", async (args, value, message) => {
    const { code, output } = await write(args, value);
    expect(code).toBe(2);
    expect(output).toContain(message);
});
