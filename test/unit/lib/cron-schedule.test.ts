// Schedules of CronJobs, as Kubernetes takes and refuses them. What is taken here was read by robfig/cron v3.0.1's ParseStandard too, and what
// is refused as a fault of form was refused by it. Does not prove when they come.
import { describe, expect, test } from "vitest";
import { scheduleFault } from "../../../lib/cron-schedule.ts";

test.each([
    "* * * * *",
    "*/15 * * * *",
    "0 3 * * *",
    "5/15 * * * *",
    "0-30/10 6-20 1,15 * *",
    "0 0 * jan,JUL mon-fri",
    "0 0 ? * 0",
    "0 0 29 2 *",
    "0 0 31 1,2 *",
    // Either day is enough, also where the other never comes.
    "0 0 31 2 mon",
    "0 0 31 2 */2",
    "  0  0 * * *  ",
    "@hourly",
    "@daily",
    "@midnight",
    "@weekly",
    "@monthly",
    "@yearly",
    "@annually",
])("%j is taken", (schedule) => {
    expect(scheduleFault(schedule)).toBeUndefined();
});

describe("refused", () => {
    test.each([
        ["", "0 fields instead of five"],
        ["* * * *", "4 fields instead of five"],
        ["0 * * * * *", "6 fields instead of five: there are no seconds"],
        ["@reboot", '"@reboot" is none of these words'],
        ["@every 5m", '"@every 5m" is none of these words'],
        ["@toString", '"@toString" is none of these words'],
        ["TZ=Europe/Berlin 0 3 * * *", "the time zone has a setting of its own, timeZone"],
        ["CRON_TZ=UTC 0 3 * * *", "the time zone has a setting of its own, timeZone"],
        ["60 * * * *", 'minute "60": 0 to 59'],
        ["* 24 * * *", 'hour "24": 0 to 23'],
        ["* * 0 * *", 'day of the month "0": 1 to 31'],
        ["* * * 13 *", 'month "13": 1 to 12 or jan to dec'],
        ["* * * january *", 'month "january": 1 to 12 or jan to dec'],
        ["* * * * 7", 'day of the week "7": 0 to 6 or sun to sat'],
        ["* * L * *", 'day of the month "L": 1 to 31'],
        ["* * * * 5#2", 'day of the week "5#2": 0 to 6 or sun to sat'],
        ["30-10 * * * *", 'minute "30-10": it ends before it begins'],
        ["*/0 * * * *", 'minute "*/0": a step of 0'],
        ["*/a * * * *", 'minute "*/a"'],
        ["1-2-3 * * * *", 'minute "1-2-3"'],
        ["1, * * * *", 'minute ""'],
        ["-5 * * * *", 'minute "-5"'],
        ["0 0 30 2 *", "a day 30 that month 2 does not have: it never comes"],
        ["0 0 31 apr,jun ?", "a day 31 that month apr,jun does not have: it never comes"],
    ])("%j: %s", (schedule, fault) => {
        expect(scheduleFault(schedule)).toBe(fault);
    });
});
