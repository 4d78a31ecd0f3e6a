// A pull request that is merged while its environment still comes up, at a real forge and on a real cluster, by the workflows of examples/ci:
// the environment ends up gone and its comment says so; what was merged is built, and staging runs it. Not proved: as in
// pull-request-environment.test.ts.
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Checkout } from "./support/checkout.ts";
import { Shop, repository, reviewMarker } from "./support/shop-on-forge.ts";

let shop: Shop;
let checkout: Checkout;

beforeAll(async () => {
    shop = await Shop.open();
    checkout = await shop.clone(shop.owner, repository, "work");
});

afterAll(async () => {
    await shop?.close();
});

test("merged at once, no environment stays, and staging has the image of the merge", async () => {
    await checkout.branch("change");
    await checkout.edit("app/colour", () => "green\n");
    const commit = await checkout.push("change", "green");
    const number = await shop.openPull(shop.owner, "change");
    await shop.begins("review/main.ts open");
    await shop.gitea.ask(shop.owner, "POST", `/repos/${repository}/pulls/${number}/merge`, { Do: "merge" });
    await shop.ran("closed", commit);
    expect(shop.conclusions(commit), shop.said(commit)).toMatchObject({ review: "success", close: "success" });
    expect(await shop.comment(number, reviewMarker)).toContain("The environment is gone");
    expect(await shop.stacks()).toEqual([]);
    await shop.cluster.nothingStays();

    const merge = shop.runs.find(({ job }) => job === "staging")!.commit;
    expect(merge).not.toBe(commit);
    expect(shop.conclusions(merge), shop.said(merge)).toEqual({ build: "success", staging: "success" });
    const images = await shop.cluster.images("shop-staging");
    expect(images).toContain(`localhost/shop-staging:${merge}`);
    expect(images.filter((image) => image.startsWith("localhost/django-sample"))).toEqual([]);
});
