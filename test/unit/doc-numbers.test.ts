// Numbers that a page repeats are those of the code. Does not prove that each number of the pages is in the list.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { projectRoot } from "../../commands/support/paths.ts";
import { settingsIn } from "../../commands/docs/setting-list.ts";
import { sections, type SectionName } from "../../settings/sections.ts";

/** A file and an expression whose group is the number, or the default of a setting with the variants chosen for it. */
type Source =
    | readonly [file: string, form: RegExp]
    | { readonly section: SectionName; readonly setting: string; readonly variant?: string };

interface Repeated {
    readonly page: string;
    readonly says: RegExp;
    readonly source: Source;
    /** How many of the code's unit one of the page's is. @default 1 */
    readonly times?: number;
}

const rollout = ["components/django/rollout.ts", /create: "(\d+)m"/] as const;
const storeRollout = ["components/database/in-cluster.ts", /customTimeouts: \{\s+create: "(\d+)m"/] as const;
const afterDeadline = ["components/django/release.ts", /job\.timeout \+ (\d+)\}s/] as const;
const drainOnAws = ["stacks/clouds/aws/controllers.ts", /^const drain = (\d+);/m] as const;
const drainOnGke = ["stacks/clouds/gcp/platform.ts", /^const drain = (\d+);/m] as const;
const drain = ["components/django/web.ts", /^const shortDrain = (\d+);/m] as const;
const keptHours = ["components/database/sweeper.ts", /keepHours = (\d+)/] as const;
const quota = (setting: string): Source => ({ section: "operator", setting: `quota.${setting}` });

const repeated: readonly Repeated[] = [
    { page: "docs/release.md", says: /waits (\d+) minutes for web and workers/, source: rollout },
    { page: "docs/release.md", says: /(\d+) minutes for a store in the cluster/, source: storeRollout },
    { page: "docs/release.md", says: /its deadline and (\d+) seconds more/, source: afterDeadline },
    {
        page: "docs/release.md",
        says: /`release\.migrate\.timeout` \((\d+) s\)/,
        source: { section: "apps", setting: "[].release.migrate.timeout" },
    },
    {
        page: "docs/release.md",
        says: /Deadline (\d+) s and \d+ s/,
        source: ["components/django/contracts/django.ts", /^const repeatedJob = (\d+);/m],
    },
    {
        page: "docs/release.md",
        says: /Deadline \d+ s and (\d+) s/,
        source: ["components/django/contracts/django.ts", /^const shortJob = (\d+);/m],
    },
    { page: "docs/components/database.md", says: /fails after (\d+) minutes/, source: storeRollout },
    { page: "docs/components/database.md", says: /gone for (\d+) hours/, source: keptHours },
    { page: "docs/components/lent-database.md", says: /role after (\d+) hours/, source: keptHours },
    {
        page: "docs/components/lent-database.md",
        says: /gives up after\s+(\d+) minutes/,
        source: ["components/database/on-server.ts", /^const deadline = (\d+);/m],
        times: 60,
    },
    { page: "docs/components/django.md", says: /await timeout = deadline \+ (\d+) s/, source: afterDeadline },
    { page: "docs/components/django.md", says: /sleeps natively: (\d+) s/, source: drain },
    { page: "docs/components/django.md", says: /\(AWS (\d+) s, GKE \d+ s\)/, source: drainOnAws },
    { page: "docs/components/django.md", says: /\(AWS \d+ s, GKE (\d+) s\)/, source: drainOnGke },
    { page: "docs/components/django.md", says: /goes on serving for (\d+) s/, source: drain },
    { page: "docs/components/django.md", says: /\(AWS (\d+), GKE \d+\)/, source: drainOnAws },
    { page: "docs/components/django.md", says: /\(AWS \d+, GKE (\d+)\)/, source: drainOnGke },
    {
        page: "docs/components/django.md",
        says: /`\/tmp` of (\d+) MiB/,
        source: ["lib/resources.ts", /usualTmp: ByteQuantity = "(\d+)Mi"/],
    },
    {
        page: "docs/environment-contract.md",
        says: /`\/tmp` \((\d+) MiB,/,
        source: ["lib/resources.ts", /usualTmp: ByteQuantity = "(\d+)Mi"/],
    },
    { page: "docs/ephemeral.md", says: /reserve: (\d+) processors/, source: quota("cpu") },
    { page: "docs/ephemeral.md", says: /processors, (\d+) GiB,/, source: quota("memory") },
    { page: "docs/ephemeral.md", says: /(\d+) GiB of volumes/, source: quota("storage") },
    { page: "docs/ephemeral.md", says: /of volumes, (\d+) pods/, source: quota("pods") },
    { page: "docs/ephemeral.md", says: /role (\d+) hours later/, source: keptHours },
    {
        page: "docs/clouds/gcp.md",
        says: /`exposure\.requestTimeout` \((\d+) s\)/,
        source: ["settings/edge-timeouts.ts", /googleRequest = (\d+)/],
    },
    {
        page: "docs/clouds/gcp.md",
        says: /wait: (\d+) minutes/,
        source: ["components/edge/gcp/gke-gateway.ts", /delete: "(\d+)m"/],
    },
    {
        page: "docs/clouds/aws.md",
        says: /the control plane's, (\d+) days/,
        source: { section: "platform", setting: "logs.controlPlaneDays", variant: "aws" },
    },
    {
        page: "docs/components/cloud-storage.md",
        says: /`versionDays` \((\d+)\)/,
        source: { section: "assets", setting: "versionDays", variant: "cloud-storage" },
    },
    {
        page: "docs/components/spaces.md",
        says: /(\d+) days \(`keepVersions`\)/,
        source: { section: "assets", setting: "buckets.keepVersions", variant: "spaces" },
    },
    {
        page: "docs/components/rds.md",
        says: /sent as `max_connections`, (\d+) by default/,
        source: { section: "database", setting: "server.maxConnections", variant: "rds" },
    },
    {
        page: "docs/components/cloud-sql.md",
        says: /backups and point in time \| (\d+), one a day/,
        source: { section: "database", setting: "server.backups.retained", variant: "cloud-sql" },
    },
];

const read = (file: string): Promise<string> => readFile(join(projectRoot, file), "utf8");

async function numberIn(file: string, form: RegExp): Promise<number> {
    const number = form.exec(await read(file))?.[1];
    expect(number, `${String(form)} in ${file}`).toBeDefined();
    return Number(number);
}

function defaultOf({ section, setting, variant }: Exclude<Source, readonly unknown[]>): number {
    const found = settingsIn(sections[section]).find(
        ({ path, choices, default: given }) =>
            path.join(".") === setting &&
            given !== undefined &&
            (variant === undefined || choices.some((choice) => choice.variant === variant)),
    );
    expect(found, `a default of ${section}.${setting}`).toBeDefined();
    return Number.parseInt(String(found!.default), 10);
}

test.each(repeated)("$page: $says", async ({ page, says, source, times = 1 }) => {
    const number = Array.isArray(source)
        ? await numberIn(...(source as readonly [string, RegExp]))
        : defaultOf(source as Exclude<Source, readonly unknown[]>);
    expect((await numberIn(page, says)) * times).toBe(number);
});
