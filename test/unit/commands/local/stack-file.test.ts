// How `make image STACK=shop` names an image in a stack's file, or makes that file. Not proved: that the stack runs.
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { advise } from "../../../../commands/local/image-advice.ts";
import { firstFile, settingsOf, withImage, writeImage } from "../../../../commands/local/stack-file.ts";
import type { AppImage } from "../../../../commands/local/lab.ts";
import { showPlan } from "../../../../commands/plan/show.ts";

const text = `# ours
config:
  django-on-kubernetes:apps:
    - name: shop
      image: "localhost/shop:old" # of Monday
      hosts: [ shop.localhost ]
    - { name: blog, image: localhost/blog:old }
`;

let folder: string;
beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "stack-file-"));
});
afterEach(() => rm(folder, { recursive: true }));

describe("a stack's file", () => {
    it("gets the image of the app of that name, and keeps all else", () => {
        expect(withImage(text, "localhost/shop:new", "F")).toBe(
            text.replace('"localhost/shop:old"', "localhost/shop:new"),
        );
        expect(withImage(text, "localhost/blog:new", "F")).toBe(
            text.replace("localhost/blog:old", "localhost/blog:new"),
        );
    });

    it("gets it at its only app, whatever that is called", () => {
        const one = text.replace(/ {4}- \{.*\n/, "");
        expect(withImage(one, "localhost/other:1", "F")).toContain("image: localhost/other:1 # of Monday");
    });

    it("is left alone where no app has the name", () => {
        expect(() => withImage(text, "localhost/other:1", "Pulumi.x.yaml")).toThrow(
            "Pulumi.x.yaml has the apps shop, blog, and none is named other: name the image after its app with NAME=",
        );
        expect(() => withImage("config: {}\n", "localhost/other:1", "Pulumi.x.yaml")).toThrow(
            "has no app with a line image",
        );
    });

    it("is made where there is none, and says so; a second time it is known", async () => {
        expect(await writeImage("shop", "localhost/shop:1", undefined, folder)).toContain("Pulumi.shop.yaml is new");
        expect(await writeImage("shop", "localhost/shop:1", undefined, folder)).toContain("names it already");
        expect(await writeImage("shop", "localhost/shop:2", undefined, folder)).toContain("names it now");
        expect(await readFile(join(folder, "Pulumi.shop.yaml"), "utf8")).toContain("image: localhost/shop:2");
        await expect(writeImage("../x", "localhost/shop:1", undefined, folder)).rejects.toThrow("STACK is");
    });

    it("has a place for uploaded files where the app reads one; one that was made before is told of", async () => {
        const built = { project: { uploads: "contract", otherSettings: [] } } as unknown as AppImage;
        const media = "media: { from: volume, storage: 1Gi, accessMode: ReadWriteOnce }";
        expect(await writeImage("before", "localhost/shop:1", undefined, folder)).not.toContain("media");
        expect(await writeImage("before", "localhost/shop:2", built, folder)).toContain(media);
        expect(await writeImage("shop", "localhost/shop:1", built, folder)).not.toContain(media);
        expect(await writeImage("shop", "localhost/shop:2", built, folder)).not.toContain(media);
        expect(parse(await readFile(join(folder, "Pulumi.shop.yaml"), "utf8"))).toHaveProperty(
            ["config", "django-on-kubernetes:assets", "media"],
            { from: "volume", storage: "1Gi", accessMode: "ReadWriteOnce" },
        );
    });

    it("names the settings that are not for development, so that nobody is told to", async () => {
        const project = { settings: "shop.settings.dev", otherSettings: ["shop.settings.production"], notices: [] };
        const known = { lock: { versions: new Map() }, files: { ownIgnoreFile: true }, declared: { notices: [] } };
        const built = { ...known, project } as unknown as AppImage;
        await writeImage("shop", "localhost/shop:1", built, folder);
        const settings = await settingsOf("shop", "localhost/shop:1", folder);
        expect(settings).toBe("shop.settings.production");
        expect(advise(built, []).join()).toContain("manage.py takes shop.settings.dev unless");
        expect(advise(built, [], settings).join()).not.toContain("manage.py takes");
        expect(await settingsOf("shop", "localhost/other:1", folder)).toBeUndefined();
        expect(await settingsOf("none", "localhost/shop:1", folder)).toBeUndefined();
    });

    it.each([
        ["nothing more is known", undefined],
        ["the project has tasks and uploads", { celery: true, uploads: "contract" }],
    ])("that is made is a right one where %s: it plans, and keeps every rule", async (_, project) => {
        const built = project && ({ project } as unknown as AppImage);
        await writeFile(join(folder, "Pulumi.shop.yaml"), firstFile("shop", "localhost/shop:1", built));
        const { ok, violations } = await showPlan("shop", {
            directory: folder,
            svg: join(folder, "x.svg"),
            print: () => undefined,
        });
        expect(violations.filter(({ level }) => level === "mandatory")).toEqual([]);
        expect(ok).toBe(true);
    });
});
