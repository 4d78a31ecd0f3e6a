// What a person should know of an image that was just made: what the program will miss, and what was decided for them.
import { leftOutByDefault, readsLikeDevelopment, type AppImage } from "./lab.ts";

/** What the contract `django` runs, and what fits the stores. */
const wanted: readonly (readonly [names: readonly string[], why: string])[] = [
    [["django"], "Django is not among the packages: is this the right requirements file?"],
    [["gunicorn"], "gunicorn is not among the packages, and it serves the app: add a line gunicorn."],
    [
        ["psycopg", "psycopg2", "psycopg2-binary"],
        "No driver of PostgreSQL is among the packages: add a line psycopg[binary].",
    ],
    [["whitenoise"], "whitenoise is not among the packages: static files need it where assets.variant is whitenoise."],
];

/** @param settings what the stack's file gives as DJANGO_SETTINGS_MODULE. @default nothing */
export function advise(image: AppImage, packages: readonly string[], settings?: string): string[] {
    const { lock, files, declared, project } = image;
    const has = (name: string): boolean => lock.versions.has(name);
    const said = [...declared.notices, ...project.notices];
    for (const [names, why] of wanted) {
        if (!names.some(has)) {
            said.push(why);
        }
    }
    if (has("psycopg") && !has("psycopg-binary") && !packages.includes("libpq5")) {
        said.push('psycopg finds no libpq in the image: require psycopg[binary], or PACKAGES="libpq5".');
    }
    if (!files.ownIgnoreFile) {
        said.push(`There is no .dockerignore; left out were ${leftOutByDefault.join(" ").replaceAll("**/", "")}`);
    }
    if (!project.readsContract) {
        said.push(
            "No Python file reads DJANGO_APP_...: the settings have to take the database from it (docs/bring-your-app.md).",
        );
    }
    if (!project.answersProbes) {
        said.push(
            "No Python file has /healthz/live and /healthz/ready, which probes ask: add the two views (docs/bring-your-app.md), or name two paths that answer as apps[].web.probes.",
        );
    }
    if (project.uploads === "folder") {
        said.push(
            "MEDIA_ROOT is a folder of the image, which cannot be written, and no Python file reads DJANGO_APP_MEDIA_ROOT: uploads will fail (docs/bring-your-app.md, uploaded files).",
        );
    }
    if (settings === undefined && project.settings !== undefined && readsLikeDevelopment(project.settings)) {
        const others = project.otherSettings.filter(
            (name) => !readsLikeDevelopment(name) && !/(base|common)$/.test(name),
        );
        const choice = others.length > 0 ? others.join(" or ") : "the settings that are not for development";
        said.push(
            `manage.py takes ${project.settings} unless DJANGO_SETTINGS_MODULE says otherwise: set it to ${choice} in apps[].environment.`,
        );
    }
    return said.map((text) => `- ${text}`);
}
