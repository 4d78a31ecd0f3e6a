// What an app's owner sets. Sizes are names here; what they mean is the operator's (settings/operator.ts).
import { z } from "zod";
import { command, seconds, sizeName, text } from "./fields.ts";
import { tmp } from "./tmp.ts";
import { asyncSchema, workersSchema } from "./workers.ts";
import { shared } from "./app/shared.ts";
import { web, webServer } from "./app/web.ts";

const migrationTimeout = {
    timeout: seconds
        .max(6 * 3600)
        .default(600)
        .describe("After this the release stops and the old one goes on serving."),
};

const shell = z.strictObject({ size: sizeName.default("small").describe("Of the pod."), tmp });

/** Of all jobs of a release. */
const releaseTmp = { tmp };

const djangoApp = z
    .strictObject({
        ...shared,
        contract: z.literal("django").meta({ alsoCalled: ["wsgi", "gunicorn", "python"] }),
        module: text("a dotted Python name, for example shop", /^[A-Za-z_][A-Za-z0-9_]*(\.[A-Za-z_][A-Za-z0-9_]*)*$/)
            .meta({ example: "MODULE", alsoCalled: ["wsgi", "wsgiModule", "package", "djangoModule"] })
            .describe("The Python package of wsgi.py or asgi.py, and of celery.py."),
        web: webServer,
        workers: workersSchema,
        beat: z
            .strictObject({
                size: sizeName.default("small").describe("Of the pod."),
                command: command.optional().meta({ description: "Runs the scheduler.", defaultsTo: "`celery beat`" }),
            })
            .optional()
            .meta({ description: "The scheduler, exactly one pod. `beat: {}` is enough.", defaultsTo: "none" })
            .meta({ alsoCalled: ["scheduler", "celeryBeat"] }),
        shell: shell.optional().meta({
            description: "A pod that waits for an engineer to run manage.py in it. `shell: {}` is enough.",
            defaultsTo: "none",
            alsoCalled: ["console", "bastion"],
        }),
        release: z
            .strictObject({
                ...releaseTmp,
                migrate: z
                    .strictObject({
                        ...migrationTimeout,
                        command: command
                            .optional()
                            .meta({ description: "Migrates.", defaultsTo: "`python manage.py migrate --noinput`" }),
                    })
                    .meta({ alsoCalled: ["migration", "migrations"] })
                    .prefault({}),
                superuser: z
                    .strictObject({
                        username: text(
                            "at most 150 letters, digits and @ . + - _, as Django's own User has it",
                            /^[\p{L}\p{N}_.@+-]{1,150}$/u,
                        ).describe("Password: `secrets.superuserPassword`."),
                        email: z.email({ error: "an e-mail address" }).describe("Of the user."),
                    })
                    .optional()
                    .meta({
                        description: "Made at the first release if there is no user of that name.",
                        alsoCalled: ["admin", "adminUser"],
                        defaultsTo: "none",
                    }),
                mediaSamples: text(
                    "a folder of the image, from its working folder or from /, for example samples",
                    /^\/?[A-Za-z0-9][\w.-]*(\/[A-Za-z0-9][\w.-]*)*$/,
                )
                    .optional()
                    .meta({
                        description:
                            "Its files are put into the app's default storage under the same names, where there is none of the name ([seeds](seeds.md#uploaded-files)).",
                        alsoCalled: ["samples", "media", "mediaFixtures", "uploads"],
                        defaultsTo: "none",
                        example: "samples",
                    }),
            })
            .prefault({}),
    })
    .describe("An ordinary Django project: gunicorn, Celery and manage.py are run as everybody runs them.");

const initRunAsyncApp = z
    .strictObject({
        ...shared,
        contract: z.literal("init-run-async").meta({ alsoCalled: ["custom", "docker", "container", "image"] }),
        web: z.strictObject(web).prefault({}),
        async: asyncSchema,
        shell: shell.optional().meta({
            description: "A pod that waits for an engineer to run manage.py in it. `shell: {}` is enough.",
            defaultsTo: "none",
        }),
        release: z.strictObject({ ...releaseTmp, init: z.strictObject(migrationTimeout).prefault({}) }).prefault({}),
    })
    .describe("An image that says itself how it is run: `/init` once per release, `/run`, and perhaps `/async` (U4).");

const appSchema = z.discriminatedUnion("contract", [djangoApp, initRunAsyncApp]).describe("How the image is run.");

export const appsSchema = z.array(appSchema).min(1);

export type AppSettings = z.output<typeof appSchema>;
export type DjangoAppSettings = z.output<typeof djangoApp>;
export type InitRunAsyncAppSettings = z.output<typeof initRunAsyncApp>;
