// Which images need a Secret that the cloud makes. Does not prove that DOKS makes it.
import { expect, test } from "vitest";
import { integratedPullSecrets } from "../../../lib/pull-secrets.ts";

test.each([
    ["registry.digitalocean.com/acme/shop:4f2a91c", "acme"],
    ["registry.digitalocean.com/acme/team/shop@sha256:" + "0".repeat(64), "acme"],
])("%s: the Secret has the registry's name", (image, name) => {
    expect(integratedPullSecrets(image)).toEqual({ imagePullSecrets: [{ name }] });
});

test.each(["postgres:17", "registry.example.org/acme/shop:1", "registry.digitalocean.com/shop", undefined])(
    "%s: nothing",
    (image) => {
        expect(integratedPullSecrets(image)).toEqual({});
    },
);
