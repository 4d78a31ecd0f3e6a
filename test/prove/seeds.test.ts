// A stack that lends makes a seed of its own rows, masked by statements and by a command of its image, and a borrower's database begins with
// it: for real. A mask that fails changes nothing. One story, in order. Not proved: dumps of a bucket as the source (test/prove/dumps.test.ts
// brings them back by the same scripts), servers of clouds.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { TestEnvironment, type StackConfig } from "../cluster/support/environment.ts";
import { Cluster } from "../cluster/support/kubernetes.ts";

const canary = "canary.person@production.example.net";

let lender: TestEnvironment;
let borrower: TestEnvironment | undefined;
let cluster: Cluster;

function small(config: StackConfig): void {
    const [app] = config["apps"];
    app.web.replicas = { min: 1, max: 1 };
    delete app.beat;
    app.workers = {};
    config["cache"] = { variant: "none" };
    config["broker"] = { variant: "none" };
    config["exposure"] = { variant: "none" };
    config["assets"] = { variant: "whitenoise" };
}

const lends = (sql: readonly string[]) => (config: StackConfig) => {
    small(config);
    config["environment"] = { kind: "staging" };
    config["lends"] = {
        database: true,
        seed: {
            mask: {
                sql,
                command: [
                    "python",
                    "manage.py",
                    "shell",
                    "-c",
                    "from django.contrib.auth.models import User; User.objects.exclude(username='admin').update(first_name='masked by the app')",
                ],
            },
            storage: "1Gi",
        },
    };
};

async function up(environment: TestEnvironment): Promise<void> {
    const { exitCode, output } = await environment.pulumi("up");
    expect(exitCode, output).toBe(0);
}

/** What the app's own database answers. */
async function ask(environment: TestEnvironment, statement: string): Promise<string> {
    const [pod] = await cluster.pods(environment.namespace, "sample-shell");
    const code = `from django.db import connection as c; k = c.cursor(); k.execute("""${statement}"""); print(k.fetchall() if k.description else "done")`;
    return (await cluster.exec(pod!, ["python", "manage.py", "shell", "-c", code])).trim().split("\n").at(-1)!;
}

beforeAll(async () => {
    lender = await TestEnvironment.create("seedlender");
    cluster = new Cluster();
    await lender.configure(lends(["update auth_user set email = 'user' || id || '@example.org', last_name = ''"]));
    await up(lender);
}, 30 * 60_000);

afterAll(async () => {
    await borrower?.remove({ last: false });
    await lender?.remove();
}, 15 * 60_000);

describe("a seed", () => {
    test("is made when asked", async () => {
        await ask(
            lender,
            `insert into auth_user (username, email, password, first_name, last_name, is_active, is_staff, is_superuser, date_joined)
             select 'u' || n, '${canary}', '!', 'Ada', 'Canary', true, false, false, now() from generate_series(1, 50) as n`,
        );
        const { exitCode, output } = await lender.command("seed/main.ts");
        expect(exitCode, output).toBe(0);
        expect(output).toMatch(/seeded is seeded_\d{14} from now on: \d+ tables, .* masked\. 1 are kept\./);
        expect(output).not.toContain("anary");
    }, 600_000);

    test("is what a borrower's database begins with, masked", async () => {
        borrower = await TestEnvironment.create("seedborrower", { beside: lender });
        await borrower.configure((config) => {
            small(config);
            config["environment"] = { kind: "ephemeral", timeToLive: "4h" };
            config["platform"] = { variant: "stack", stack: "seedlender" };
            config["database"] = { variant: "platform", image: "localhost/postgres:15", template: "seeded" };
            config["apps"][0].release = { mediaSamples: "sample/static" };
            config["assets"] = {
                variant: "whitenoise",
                media: { from: "volume", storage: "16Mi", accessMode: "ReadWriteOnce" },
            };
        });
        await up(borrower);
        expect(
            await ask(
                borrower,
                "select count(*), count(*) filter (where email ~ '^user[0-9]+@example.org$' and first_name = 'masked by the app' and last_name = '') from auth_user where username like 'u%'",
            ),
        ).toBe("[(50, 50)]");
        expect(await ask(borrower, "select count(*) from auth_user where auth_user::text ~ 'anary'")).toBe("[(0,)]");
        expect(await ask(lender, "select count(*) from auth_user where auth_user::text ~ 'anary'")).toBe("[(50,)]");
    }, 900_000);

    test("has files that its rows may point at", async () => {
        const [pod] = await cluster.pods(borrower!.namespace, "sample-shell");
        const code =
            "from django.core.files.storage import default_storage as s; print(sorted(s.listdir('sample')[1]), s.path('sample/page.css'))";
        const said = await cluster.exec(pod!, ["python", "manage.py", "shell", "-c", code]);
        expect(said.trim().split("\n").at(-1)).toMatch(/^\['page\.css', 'page\.js'\] \/srv\/media\//);
    }, 120_000);

    test("of a mask that fails leaves what is served, and tells no row", async () => {
        await lender.configure(lends(["update auth_user set username = email"]));
        await up(lender);
        const { exitCode, output } = await lender.command("seed/main.ts");
        expect(exitCode, output).toBe(1);
        expect(output).toContain("00.sql:1: ERROR: 23505");
        expect(output).not.toContain("anary");
        const names =
            "select count(*), count(*) filter (where shobj_description(oid, 'pg_database') like '% complete') from pg_database where datname like 'seeded_%'";
        expect(await ask(lender, names)).toBe("[(1, 1)]");
    }, 600_000);
});
