// Does not prove that a registry accepts the login.
import fc from "fast-check";
import { expect, test } from "vitest";
import { dockerConfigJson } from "../../../lib/docker-config.ts";

interface DockerConfig {
    readonly auths: Record<string, { readonly username: string; readonly password: string; readonly auth: string }>;
}

test("is what `docker login` writes", () => {
    const json = dockerConfigJson({ server: "registry.example.org", username: "ci", password: "s3cret" });
    expect(JSON.parse(json)).toEqual({
        auths: { "registry.example.org": { username: "ci", password: "s3cret", auth: "Y2k6czNjcmV0" } },
    });
});

test("holds any password, in UTF-8", () => {
    fc.assert(
        fc.property(fc.string({ unit: "binary" }), (password) => {
            const json = dockerConfigJson({ server: "registry.example.org:5000", username: "ci", password });
            const { auths } = JSON.parse(json) as DockerConfig;
            const login = auths["registry.example.org:5000"]!;
            expect(login.password).toBe(password);
            expect(Buffer.from(login.auth, "base64").toString("utf8")).toBe(`ci:${password}`);
        }),
    );
});
