import { describe, expect, test } from "vitest";
import { providerOf, s3Remote } from "../../../lib/rclone.ts";

describe("providerOf", () => {
    test.each([
        ["https://s3.eu-central-1.amazonaws.com", "AWS"],
        ["https://storage.googleapis.com", "GCS"],
        ["https://fra1.digitaloceanspaces.com", "DigitalOcean"],
        ["https://0123456789.eu.r2.cloudflarestorage.com", "Cloudflare"],
        ["https://s3.amazonaws.com.example.org", "Other"],
        ["http://203.0.113.10:7070", "Other"],
    ])("%s is %s", (endpoint, provider) => {
        expect(providerOf(endpoint)).toBe(provider);
    });
});

test("a remote is told by variables, and no key is among them", () => {
    expect(s3Remote("bucket", { endpoint: "https://s3.example.org", region: "auto", addressing: "virtual" })).toEqual({
        RCLONE_CONFIG_BUCKET_TYPE: "s3",
        RCLONE_CONFIG_BUCKET_PROVIDER: "Other",
        RCLONE_CONFIG_BUCKET_ENDPOINT: "https://s3.example.org",
        RCLONE_CONFIG_BUCKET_REGION: "auto",
        RCLONE_CONFIG_BUCKET_FORCE_PATH_STYLE: "false",
    });
});
