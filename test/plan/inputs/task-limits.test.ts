// A worker's own command may not let tasks run longer than the app is told that Redis waits (R89); a long limit in the settings may,
// because the app is told of it.
import { describe, expect, it } from "vitest";
import { checkPlan } from "../../../policy/index.ts";
import { changed, planOf, type Sections } from "../support/plans.ts";

const planned = async (changes: Sections) =>
    checkPlan(
        await planOf(
            await changed("local", (sections) => {
                Object.assign(sections["apps"][0].workers.default, changes);
            }),
        ),
    ).filter(({ rule }) => rule === "R89");

/** With as many tasks at a time as the settings of that worker say. */
const worker = ["celery", "--app=sample", "worker", "--concurrency=1"];
const command = (limit: number): string[] => [...worker, `--time-limit=${limit}`];

describe("tasks and the broker's visibility time-out", () => {
    it("refuses a command that allows as much as the app is told", async () => {
        expect(await planned({ taskTimeLimit: 30, command: command(3600) })).toMatchObject([
            {
                rule: "R89",
                level: "mandatory",
                name: "sample-worker-default",
                path: "spec.template.spec.containers[0].command",
                found: "--time-limit=3600",
                allowed: "less than 3600, the broker's visibility time-out (DJANGO_APP_BROKER_VISIBILITY_TIMEOUT)",
                fix: "set the worker's taskTimeLimit, from which the time-out follows, instead of its own command's: Redis hands a task out again that is not acknowledged by then, and it runs twice",
            },
        ]);
    });

    it.each([
        ["the longest task that settings allow", { taskTimeLimit: 21600 }],
        ["a command with a shorter one", { taskTimeLimit: 30, command: command(3599) }],
        ["a command that says nothing", { taskTimeLimit: 30, command: worker }],
    ])("accepts %s", async (_, changes) => {
        expect(await planned(changes)).toEqual([]);
    });
});

describe("tasks and the consumer_timeout of a RabbitMQ that is there", () => {
    const rabbit = {
        variant: "external",
        protocol: "amqp",
        host: "mq.example.org",
        user: "shop",
        cidrs: ["10.230.0.0/28"],
    };
    const found = async (worker: Sections, broker: Sections = {}) =>
        checkPlan(
            await planOf(
                await changed("local", (sections) => {
                    sections["broker"] = { ...rabbit, ...broker };
                    Object.assign(sections["apps"][0].workers.default, worker);
                }),
                { secrets: { brokerPassword: "letmein" } },
            ),
        )
            .filter(({ rule }) => rule === "R18")
            .map(({ found: what, allowed, fix }) => ({ found: what, allowed, fix }));

    it("is RabbitMQ's own where nobody says it", async () => {
        expect(await found({ taskTimeLimit: 1799 })).toEqual([]);
        expect(await found({ taskTimeLimit: 3600 })).toEqual([
            {
                found: "--time-limit=3600",
                allowed: "less than 1800, RabbitMQ's consumer_timeout by default",
                fix: "a shorter apps[].workers.<name>.taskTimeLimit, or raise consumer_timeout at the server and say it in broker.consumerTimeout: RabbitMQ closes the channel, and the task runs again while it still runs",
            },
        ]);
    });

    it("is what the settings say of it", async () => {
        expect(await found({ taskTimeLimit: 3600 }, { consumerTimeout: 7200 })).toEqual([]);
        expect(await found({ taskTimeLimit: 3600 }, { consumerTimeout: 3600 })).toMatchObject([
            { allowed: "less than 3600, RabbitMQ's consumer_timeout (broker.consumerTimeout)" },
        ]);
    });

    it("bounds a command that has no limit by an option of that", async () => {
        expect(await found({ command: worker })).toMatchObject([
            {
                found: "no --time-limit",
                fix: expect.stringMatching(/^--time-limit=SECONDS in the command, with fewer; /) as string,
            },
        ]);
    });
});
