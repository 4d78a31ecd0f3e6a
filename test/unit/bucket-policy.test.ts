// Which policies let a bucket's objects be written. Does not prove what AWS grants: that a condition or a denial holds is its own.
import { describe, expect, test } from "vitest";
import { isWritableBy } from "../../lib/bucket-policy.ts";

const objects = "arn:aws:s3:::shop-static/*";
const allow = (changes: Record<string, unknown>) => ({
    Effect: "Allow",
    Action: ["s3:PutObject"],
    Resource: objects,
    ...changes,
});
const policy = (...statements: unknown[]) => JSON.stringify({ Version: "2012-10-17", Statement: statements });

describe("writes shop-static:", () => {
    test.each([
        ["one statement", JSON.stringify({ Statement: allow({}) })],
        ["one action", policy(allow({ Action: "s3:DeleteObject" }))],
        ["all of S3, in other letters", policy(allow({ Action: "S3:*" }))],
        ["all that writes", policy(allow({ Action: ["s3:Put*"] }))],
        ["a letter left open", policy(allow({ Action: ["s3:PutObjec?"] }))],
        ["all buckets", policy(allow({ Resource: "*" }))],
        ["buckets of a prefix", policy(allow({ Resource: ["arn:aws:s3:::shop-*"] }))],
        ["all actions but one", policy(allow({ Action: undefined, NotAction: "s3:DeleteBucket" }))],
        ["all resources but another", policy(allow({ Resource: undefined, NotResource: "arn:aws:s3:::other/*" }))],
        ["a second statement", policy(allow({ Action: "s3:GetObject" }), allow({}))],
    ])("%s", (_, document) => {
        expect(isWritableBy(document, "shop-static")).toBe(true);
    });
});

describe("does not write shop-static:", () => {
    test.each([
        ["reading", policy(allow({ Action: ["s3:GetObject", "s3:ListBucket"] }))],
        ["a denial", policy(allow({ Effect: "Deny" }))],
        ["another bucket", policy(allow({ Resource: "arn:aws:s3:::shop-media/*" }))],
        ["a bucket whose name begins alike", policy(allow({ Resource: "arn:aws:s3:::shop-static-2/*" }))],
        ["a name with a dot, which stands for itself", policy(allow({ Resource: "arn:aws:s3:::shop.static/*" }))],
        ["the bucket itself", policy(allow({ Resource: "arn:aws:s3:::shop-static" }))],
        ["all actions but those", policy(allow({ Action: undefined, NotAction: ["s3:Put*", "s3:DeleteObject"] }))],
        ["all resources but it", policy(allow({ Resource: undefined, NotResource: objects }))],
        ["no statement", "{}"],
        ["nothing", "null"],
        ["no JSON", "{"],
        ["an action that is no text", policy(allow({ Action: [1] }))],
    ])("%s", (_, document) => {
        expect(isWritableBy(document, "shop-static")).toBe(false);
    });
});
