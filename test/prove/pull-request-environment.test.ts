// The promise of docs/pull-requests.md at a real forge and on a real cluster: the workflows of examples/ci, their commands in their order,
// with their conditions and groups. Pushed to in a hurry, a pull request has the verdict and the environment of its last commit; closed, it
// has neither namespace, stack nor database; a fork gets a verdict and nothing else. Not proved: GitHub's runners, actions and tokens, which
// the test stands for; clouds.
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Checkout } from "./support/checkout.ts";
import { Shop, domain, repository, reviewMarker, verdictMarker } from "./support/shop-on-forge.ts";

let shop: Shop;
let checkout: Checkout;
let number: number;

beforeAll(async () => {
    shop = await Shop.open();
    checkout = await shop.clone(shop.owner, repository, "work");
});

afterAll(async () => {
    await shop?.close();
});

/** Pods that staging's web may have, and the sample's colour: what the pushes change. */
async function atMost(pods: number): Promise<string> {
    await checkout.settings((config) => {
        config["apps"][0].web.replicas.max = pods;
    });
    await checkout.edit("app/colour", () => (pods % 2 === 0 ? "green\n" : "blue\n"));
    return await checkout.push("change", `at most ${pods}`);
}

test("opened, it has a verdict of a preview and an environment with the image of its commit", async () => {
    await checkout.branch("change");
    const commit = await atMost(2);
    number = await shop.openPull(shop.owner, "change");
    await shop.ran("opened", commit);
    expect(shop.conclusions(commit), shop.said(commit)).toEqual({
        ...{ plan: "skipped", preview: "success", review: "success", comment: "skipped" },
    });
    expect(await shop.comment(number, verdictMarker)).toMatch(/maxReplicas.*2/);
    const environment = await shop.comment(number, reviewMarker);
    expect(environment).toContain("The environment is there");
    expect(environment).toContain(`localhost/shop-staging:${commit}`);
    expect(environment).toContain(`pr-${number}.${domain}`);
    expect(await shop.cluster.namespaces()).toEqual([`shop-pr-${number}`]);
    await shop.cluster.serves(number);
});

test("pushed to three times quickly, it ends with the last push, and no comment is doubled or goes back", async () => {
    const pushed: string[] = [];
    for (const pods of [3, 4, 5]) {
        const commit = await atMost(pods);
        await shop.told("synchronized", commit);
        pushed.push(commit);
    }
    const last = pushed.at(-1)!;
    await shop.ran("synchronized", last);
    const all = pushed.map((commit) => shop.said(commit)).join("\n\n");
    const [previews, reviews] = ["preview", "review"].map((job) =>
        pushed.map((commit) => shop.conclusions(commit)[job]!),
    ) as [string[], string[]];
    // What only looks is overtaken.
    expect(previews.at(-1), all).toBe("success");
    expect(previews, all).toContain("cancelled");
    // What updates the stack goes on to its end, and of those that wait the last one stays.
    expect([reviews[0], reviews.at(-1)], all).toEqual(["success", "success"]);
    expect([...previews, ...reviews].filter((one) => !/^(success|cancelled)$/.test(one))).toEqual([]);

    expect(await shop.comment(number, verdictMarker)).toMatch(/maxReplicas.*5/);
    expect(await shop.comment(number, reviewMarker)).toContain(`localhost/shop-staging:${last}`);
    for (const [marker, text, ends] of [
        [verdictMarker, /maxReplicas.*5/, previews],
        [reviewMarker, new RegExp(last), reviews],
    ] as const) {
        const [first, ...edits] = (await shop.heard(number, marker, text)).toSorted();
        expect(first).toBe("created");
        expect(edits).toEqual(edits.map(() => "edited"));
        expect(edits.length).toBeLessThanOrEqual(ends.filter((one) => one === "success").length);
    }
    const images = (await shop.cluster.images(`shop-pr-${number}`)).filter((image) => image.includes("shop-staging"));
    expect(new Set(images)).toEqual(new Set([`localhost/shop-staging:${last}`]));
});

test("a push that loses what users have given is red, and its verdict names that before all else", async () => {
    await checkout.settings((config) => {
        delete config["assets"].media;
    });
    const commit = await checkout.push("change", "no media");
    await shop.ran("synchronized", commit);
    // The job is red, and its comment is there all the same.
    expect(shop.conclusions(commit), shop.said(commit)).toMatchObject({ preview: "failure", review: "success" });
    const text = (await shop.comment(number, verdictMarker)) ?? "";
    const [headline = ""] = text.split("\n").slice(1).filter(Boolean);
    expect(headline).toMatch(/red.*lost.*media/i);
    expect(text.indexOf("media")).toBeLessThan(text.indexOf("maxReplicas"));
});

test("closed, stack, namespace and database are gone, and its comment says so", async () => {
    const commit = await checkout.head();
    const namespace = `shop-pr-${number}`;
    const [database, ...others] = await shop.cluster.databasesOf(namespace);
    expect(database).toBeDefined();
    expect(others).toEqual([]);
    await shop.closePull(shop.owner, number);
    await shop.ran("closed", commit);
    expect(shop.conclusions(commit), shop.said(commit)).toMatchObject({ close: "success" });
    const text = await shop.comment(number, reviewMarker);
    expect(text).toContain("The environment is gone");
    expect(text).toContain(namespace);
    expect(await shop.stacks()).toEqual([]);
    await shop.cluster.nothingStays();
    // Its database stays for two days; the nightly sweep, which asks the same forge, drops it when it is told to.
    expect(await shop.sweep("--drop-databases")).toEqual({ [`database ${database}`]: "gone" });
    expect(await shop.cluster.databasesOf(namespace)).toEqual([]);
});

test("a fork has a verdict by the way of an artifact; its code sees no credential, and no environment comes up", async () => {
    await shop.gitea.ask(shop.contributor, "POST", `/repos/${repository}/forks`, {});
    const fork = await shop.clone(shop.contributor, "contributor/shop", "fork");
    await fork.settings((config) => {
        config["apps"][0].web.replicas.max = 9;
    });
    // What somebody does whom nobody reads first.
    await fork.edit(
        "commands/verdict/main.ts",
        (text) => `import { appendFileSync } from "node:fs";
process.on("exit", () => appendFileSync("comment.md", "\\n" + JSON.stringify(process.env) + "\\n@owner https://evil.example\\n"));
${text}`,
    );
    const commit = await fork.push("theirs", "of a fork");
    const theirs = await shop.openPull(shop.contributor, "contributor:theirs");
    await shop.ran("opened", commit);
    expect(shop.conclusions(commit), shop.said(commit)).toEqual({
        ...{ plan: "success", preview: "skipped", review: "skipped", comment: "success" },
    });
    const text = (await shop.comment(theirs, verdictMarker)) ?? "";
    expect(text).toContain(`Written by a run of this pull request's own code, at ${commit.slice(0, 12)}`);
    expect(text).toMatch(/maxReplicas.*9/);
    // It has seen its environment, and there was nothing in it.
    expect(text).toContain("GITHUB_REPOSITORY");
    for (const [name, secret] of Object.entries(shop.secrets)) {
        expect(text.includes(secret), name).toBe(false);
    }
    expect(text).not.toMatch(/PASSPHRASE|GITHUB_TOKEN|KUBECONFIG|https:\/\/evil|(?<!\w)@owner/);
    expect(await shop.comment(theirs, reviewMarker)).toBeUndefined();
    expect(await shop.stacks()).toEqual([]);
    await shop.closePull(shop.contributor, theirs);
    await shop.ran("closed", commit);
    expect(shop.conclusions(commit)).toMatchObject({ close: "skipped" });
});
