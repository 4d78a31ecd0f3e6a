// Commands that run at certain times.
import { z } from "zod";
import { scheduleFault } from "../lib/cron-schedule.ts";
import { timeZoneFault } from "../lib/time-zones.ts";
import { tmp } from "./tmp.ts";
import { command, seconds, shortName, sizeName } from "./fields.ts";

const allowedSchedule =
    'minute, hour, day, month and weekday, for example "*/15 * * * *", or @hourly, @daily, @weekly, @monthly, @yearly';

export const schedule = z
    .string({ error: allowedSchedule })
    .superRefine((value, context) => {
        const fault = scheduleFault(value);
        if (fault !== undefined) {
            context.addIssue({ code: "custom", message: `${allowedSchedule}: ${fault}` });
        }
    })
    .meta({
        typeName: "schedule",
        allowed: allowedSchedule,
        example: "SCHEDULE",
        alsoCalled: ["cron", "crontab", "at", "when"],
    });

const allowedZone = "a name of the IANA time zone database, for example Europe/Berlin";

const timeZone = z
    .string({ error: allowedZone })
    .superRefine((value, context) => {
        const fault = timeZoneFault(value);
        if (fault !== undefined) {
            context.addIssue({ code: "custom", message: `${allowedZone}${fault}` });
        }
    })
    .meta({ typeName: "time zone", allowed: allowedZone, example: "TIME_ZONE", alsoCalled: ["timezone", "tz"] });

const scheduledCommand = z.strictObject({
    schedule: schedule.describe("When it runs, by the clock of `timeZone`."),
    timeZone: timeZone
        .default("UTC")
        .describe("Summer time included: an hour that a clock skips or repeats is skipped or runs once."),
    command: command.describe("For example `[python, manage.py, clearsessions]`."),
    size: sizeName.default("small").describe("Of the pod."),
    tmp,
    deadline: seconds
        .max(24 * 3600)
        .default(900)
        .meta({ alsoCalled: ["timeout", "activeDeadlineSeconds", "maxDuration"] })
        .describe("After this a run is stopped, and has failed."),
    startingDeadline: seconds
        .min(60)
        .max(24 * 3600)
        .default(600)
        .meta({ alsoCalled: ["startingDeadlineSeconds"] })
        .describe(
            "A run that could not start on time, because the last one still ran or the cluster was away, is made up for within this, or left out.",
        ),
});

export const scheduledSchema = z
    .record(shortName, scheduledCommand)
    .default({})
    .meta({
        description:
            "Commands that run [at certain times](processes.md#commands-at-certain-times), by name: each run a pod of the app's image, never two of one name at a time. Schedules of Celery's own are `beat`'s.",
        alsoCalled: [
            "cron",
            "crons",
            "crontab",
            "cronJob",
            "cronJobs",
            "schedule",
            "schedules",
            "scheduledJobs",
            "scheduledTasks",
            "jobs",
            "periodicTasks",
        ],
    });

export type ScheduledSettings = z.output<typeof scheduledCommand>;
