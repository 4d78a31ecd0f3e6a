// Which image references stay what they are. Does not prove that nobody moves another tag.
import { expect, test } from "vitest";
import { moves, movingTags } from "../../../lib/moving-tags.ts";

const digest = `sha256:${"0".repeat(64)}`;

test.each([...movingTags, "17", "v2"])("%s moves", (tag) => {
    expect(moves(`registry.example.org:5000/shop:${tag}`)).toBe(true);
    expect(moves(`registry.example.org:5000/shop:${tag}@${digest}`)).toBe(false);
});

test.each(["registry.example.org:5000/shop", "shop", "shop@sha256:0"])("%s names no build", (image) => {
    expect(moves(image)).toBe(true);
});

test.each(["shop:4f2a91c", "postgres:17.7-bookworm", "shop:mainline", `shop@${digest}`, "shop:2026"])(
    "%s stays",
    (image) => {
        expect(moves(image)).toBe(false);
    },
);
