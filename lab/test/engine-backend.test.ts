// The backend of the stack `local`: the committed salt belongs to the passphrase. Does not prove that the engine agrees.
import { createDecipheriv, pbkdf2Sync } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { localBackend, localEncryptionSalt } from "../engine/index.ts";
import { projectRoot } from "../support/paths.ts";

test("state goes into a directory that only its owner can read", () => {
    const directory = join(mkdtempSync(join(tmpdir(), "backend-")), "pulumi");
    expect(localBackend(directory)["PULUMI_BACKEND_URL"]).toBe(`file://${directory}`);
    expect(statSync(directory).mode & 0o777).toBe(0o700);
    rmSync(directory, { recursive: true });
});

test("the salt was derived from the passphrase, so the engine has nothing to write into the stack's file", () => {
    const directory = mkdtempSync(join(tmpdir(), "backend-"));
    const { PULUMI_CONFIG_PASSPHRASE: passphrase } = localBackend(directory);
    rmSync(directory, { recursive: true });
    // v1:<salt>:v1:<nonce>:<the word pulumi, AES-256-GCM, tag at the end>
    const [, salt, , nonce, sealed] = localEncryptionSalt.split(":").map((part) => Buffer.from(part, "base64"));
    const key = pbkdf2Sync(passphrase as string, salt as Buffer, 1_000_000, 32, "sha256");
    const cipher = createDecipheriv("aes-256-gcm", key, nonce as Buffer);
    cipher.setAuthTag((sealed as Buffer).subarray(-16));
    expect(cipher.update((sealed as Buffer).subarray(0, -16), undefined, "utf8") + cipher.final("utf8")).toBe("pulumi");
});

test("Pulumi.local.yaml carries that salt and no secret of anybody's", () => {
    const text = readFileSync(join(projectRoot, "Pulumi.local.yaml"), "utf8");
    expect((parse(text) as { encryptionsalt?: string }).encryptionsalt).toBe(localEncryptionSalt);
    expect(text).not.toMatch(/^\s*secure:/m);
});
