// Which image each app gets: the one that is named, else the one that runs, else the one of the stack's file.

/** By apps' names. */
export type Images = Readonly<Record<string, string>>;

/** What was asked for cannot be done, for a reason that the words say. */
export class ReleaseError extends Error {}

/** As the API of registries has it, with a tag or a digest, so that nobody can say something else with it. */
const reference = /^[a-z0-9][a-z0-9._:/-]*(?::[A-Za-z0-9_][A-Za-z0-9._-]{0,127})?(?:@sha256:[0-9a-f]{64})?$/;

/**
 * @param words each a reference for all apps, or APP=REFERENCE
 * @param apps of the stack's file
 * @throws ReleaseError
 */
export function imagesIn(words: readonly string[], apps: readonly string[]): Images {
    const images: Record<string, string> = {};
    for (const word of words) {
        const [, app, image = ""] = /^(?:([a-z][a-z0-9-]*)=)?(.*)$/s.exec(word)!;
        if (!reference.test(image) || !/[:@]/.test(image.slice(image.lastIndexOf("/") + 1))) {
            throw new ReleaseError(
                `--image ${JSON.stringify(word)}: found no image's reference with a tag or a digest. Allowed: REGISTRY/NAME:TAG, or APP=REGISTRY/NAME:TAG.`,
            );
        }
        if (app !== undefined && !apps.includes(app)) {
            throw new ReleaseError(
                `--image ${word}: found no app ${app} in the stack's file. Allowed: ${apps.join(", ")}.`,
            );
        }
        for (const one of app === undefined ? apps : [app]) {
            if (images[one] !== undefined && images[one] !== image) {
                throw new ReleaseError(`--image: found two images for ${one}. Allowed: one for each app.`);
            }
            images[one] = image;
        }
    }
    return images;
}

/** @param outputs the stack's, where it was brought up */
export function runningImages(outputs: unknown): Images {
    const apps = (outputs as { readonly apps?: unknown } | undefined)?.apps;
    return imagesOf(
        apps !== null && typeof apps === "object"
            ? Object.entries(apps).map(([name, app]) => ({ ...(app as object), name }))
            : [],
    );
}

/** @param apps as the setting `apps` has them */
export function imagesOf(apps: unknown): Images {
    return Object.fromEntries(
        (Array.isArray(apps) ? (apps as unknown[]) : []).flatMap((app) => {
            const { name, image } = (app ?? {}) as { readonly name?: unknown; readonly image?: unknown };
            return typeof name === "string" && typeof image === "string" ? [[name, image] as const] : [];
        }),
    );
}

/**
 * @param history what `pulumi stack history --json` prints: updates, the last one first
 * @param running images now
 * @returns those of the last update that went well with others
 * @throws ReleaseError where there is none
 */
export function imagesBefore(history: unknown, project: string, running: Images): Images {
    for (const update of Array.isArray(history) ? (history as unknown[]) : []) {
        const { kind, result, config } = (update ?? {}) as {
            readonly kind?: unknown;
            readonly result?: unknown;
            readonly config?: Readonly<Record<string, { readonly value?: unknown; readonly secret?: unknown }>>;
        };
        const { value, secret } = config?.[`${project}:apps`] ?? {};
        if (kind !== "update" || result !== "succeeded" || secret === true || typeof value !== "string") {
            continue;
        }
        const images = imagesOf(parsed(value));
        const others = Object.entries(images).filter(
            ([app, image]) => running[app] !== undefined && running[app] !== image,
        );
        if (others.length > 0) {
            return Object.fromEntries(others);
        }
    }
    throw new ReleaseError(
        "Found no update of this stack with another image than the one that runs. Allowed: one that is in its history. Fix: name it by --image.",
    );
}

function parsed(text: string): unknown {
    try {
        return JSON.parse(text) as unknown;
    } catch {
        return undefined;
    }
}
