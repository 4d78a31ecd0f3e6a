// Names an image in a stack's file, and makes the file of a stack that has none.
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { isMap, isScalar, isSeq, parseDocument, stringify, type YAMLMap } from "yaml";
import { projectRoot } from "../support/paths.ts";
import { readsLikeDevelopment, type AppImage } from "./lab.ts";

const project = "django-on-kubernetes";

/**
 * @param image its name
 * @param built what is known of it; nothing of an image that was made elsewhere
 * @returns what was done, as a sentence
 * @throws when the file has several apps and none of that name, or none at all
 */
export async function writeImage(
    stack: string,
    image: string,
    built?: AppImage,
    directory: string = projectRoot,
): Promise<string> {
    if (!/^[A-Za-z0-9_.-]{1,100}$/.test(stack)) {
        throw new Error(`STACK is ${JSON.stringify(stack)}. Allowed: letters, digits, dots, hyphens and underscores.`);
    }
    const file = `Pulumi.${stack}.yaml`;
    const path = join(directory, file);
    const text = await readFile(path, "utf8").catch(() => undefined);
    if (text === undefined) {
        await writeFile(path, firstFile(stack, image, built), { flag: "wx" });
        return `${file} is new: look through it.`;
    }
    const changed = withImage(text, image, file);
    if (changed !== text) {
        await writeFile(path, changed);
    }
    const said = changed === text ? `${file} names it already.` : `${file} names it now.`;
    return [said, ...lacksUploads(changed, built)].join("\n");
}

const uploads = { from: "volume", storage: "1Gi", accessMode: "ReadWriteOnce" };

/** A file is made once: what the project has learnt since is for a person to write. */
function lacksUploads(text: string, built?: AppImage): string[] {
    const assets: unknown = parseDocument(text).getIn(["config", `${project}:assets`]);
    return built?.project.uploads === "contract" &&
        isMap(assets) &&
        assets.get("variant") === "whitenoise" &&
        !assets.has("media")
        ? [
              `The app reads where uploaded files go, and the file has no place for them: add to assets: media: ${stringify(uploads, { collectionStyle: "flow" }).trim()}`,
          ]
        : [];
}

/** @returns what the app of that image in the stack's file is given as DJANGO_SETTINGS_MODULE */
export async function settingsOf(
    stack: string,
    image: string,
    directory: string = projectRoot,
): Promise<string | undefined> {
    const text = await readFile(join(directory, `Pulumi.${stack}.yaml`), "utf8").catch(() => "");
    const apps = parseDocument(text).getIn(["config", `${project}:apps`]);
    const app = (isSeq(apps) ? apps.items.filter(isMap) : []).find((item) => item.get("image") === image);
    const settings = app?.getIn(["environment", "DJANGO_SETTINGS_MODULE"]);
    return typeof settings === "string" ? settings : undefined;
}

/** The image's line, and nothing else of the file, is another one afterwards. */
export function withImage(text: string, image: string, file: string): string {
    const apps = parseDocument(text).getIn(["config", `${project}:apps`]);
    const items = isSeq(apps) ? apps.items.filter(isMap) : [];
    const repository = /([^/:]+)(?::[^:/]*)?$/.exec(image)?.[1] ?? "";
    const named = items.find((item) => item.get("name") === appName(repository));
    const app: YAMLMap | undefined = items.length === 1 ? items[0] : named;
    const line = app?.get("image", true);
    if (!isScalar(line) || !line.range) {
        const names = items.map((item) => String(item.get("name")));
        throw new Error(
            app === undefined && names.length > 0
                ? `${file} has the apps ${names.join(", ")}, and none is named ${appName(repository)}: name the image after its app with NAME=, or write the line yourself: image: ${image}`
                : `${file} has no app with a line image: write it there: image: ${image}`,
        );
    }
    const [start, end] = line.range;
    return `${text.slice(0, start)}${image}${text.slice(end)}`;
}

/** A name of an image may have dots and underscores; an app's is a part of names in the cluster. */
export function appName(repository: string): string {
    return repository
        .replaceAll(/[^a-z0-9-]+/g, "-")
        .slice(0, 30)
        .replace(/^-+|-+$/g, "");
}

/** A stack for one's own machine: everything small, so that several find room beside each other. */
export function firstFile(stack: string, image: string, built?: AppImage): string {
    const name = appName(stack.toLowerCase());
    const celery = built?.project.celery ?? false;
    const settings = chosenSettings(built);
    const config = {
        environment: { kind: "local" },
        platform: {
            variant: "existing",
            kubeconfig: ".local/kubeconfig",
            context: "local",
            gateway: { className: "traefik", httpPort: 8080, httpsPort: 8443 },
        },
        apps: [
            {
                name,
                contract: "django",
                module: built?.project.module ?? name,
                image,
                hosts: [`${name}.localhost`],
                ...(settings !== undefined && { environment: { DJANGO_SETTINGS_MODULE: settings } }),
                web: { size: "small", replicas: { min: 1, max: 2 }, processes: 1, threads: 4 },
                ...(celery && { workers: { default: { size: "small", queues: ["celery"], concurrency: 1 } } }),
                shell: {},
                release: { superuser: { username: "admin", email: "admin@example.org" } },
            },
        ],
        database: {
            variant: "in-cluster",
            version: "15",
            image: "localhost/postgres:15",
            size: "small",
            storage: "1Gi",
        },
        cache: { variant: "none" },
        broker: celery
            ? { variant: "redis", engine: "redis", image: "localhost/redis:7", storage: "1Gi" }
            : { variant: "none" },
        assets: {
            variant: "whitenoise",
            files: { from: "volume", storage: "256Mi", accessMode: "ReadWriteOnce" },
            ...(built?.project.uploads === "contract" && { media: uploads }),
        },
        exposure: { variant: "gateway" },
    };
    const named = Object.fromEntries(Object.entries(config).map(([key, value]) => [`${project}:${key}`, value]));
    return `# yaml-language-server: $schema=settings.schema.json
# For one's own machine: make up STACK=${stack}. docs/settings.md has every setting.
# The passphrase of this machine's stacks is no secret (lab/engine/backend.ts): put no secret of your own into this file.
${stringify({ config: named })}`;
}

function chosenSettings(built?: AppImage): string | undefined {
    const { settings, otherSettings = [] } = built?.project ?? {};
    return settings === undefined || !readsLikeDevelopment(settings)
        ? settings
        : (otherSettings.find((module) => /production|prod$/.test(module)) ?? settings);
}
