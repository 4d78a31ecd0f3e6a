// What the plan says of a stack: exact words of what misled before, and of its neighbours.
// Does not prove: that a cloud does as it is told here.
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { briefly } from "../../../commands/plan/picture/cards.ts";
import { layoutOf } from "../../../commands/plan/picture.ts";
import { readStackFile, type StackFile } from "../../../commands/plan/stack-file.ts";
import { recordStack } from "../../../commands/plan/record-stack.ts";
import { sumLines } from "../../../commands/plan/table/summary.ts";
import { planSummary, planTable } from "../../../commands/plan/table.ts";
import { topologyOf, type Topology } from "../../../commands/plan/topology.ts";
import { projectRoot } from "../../../commands/support/paths.ts";
import { changed, planOf, project, type Sections } from "../support/plans.ts";

async function example(directory: string, stack: string, change: (all: Sections) => void): Promise<Topology> {
    const file = await readStackFile(stack, join(projectRoot, "examples/stacks", directory));
    return topologyOf(await recordStack(withChange(file, change), stack));
}

function withChange(file: StackFile, change: (all: Sections) => void): StackFile {
    const sections: Sections = Object.fromEntries(
        Object.entries(file.config).map(([key, text]) => [key.slice(project.length + 1), JSON.parse(text)]),
    );
    change(sections);
    const config = Object.entries(sections).map(([key, value]) => [`${project}:${key}`, JSON.stringify(value)]);
    return { ...file, config: Object.fromEntries(config) as StackFile["config"] };
}

async function local(change: (all: Sections) => void): Promise<Topology> {
    return topologyOf(await planOf(await changed("local", (sections) => change(sections))));
}

const addBlog = (sections: Sections): void => {
    sections["environment"] = { ...sections["environment"], mainApp: "sample" };
    const [{ image }] = sections["apps"] as [{ readonly image: string }];
    (sections["apps"] as object[]).push({
        name: "blog",
        contract: "django",
        module: "blog",
        image,
        hosts: ["blog.localhost"],
    });
};

/** Where a text ends, and the card or pill that it begins in. */
function textsBeyondTheirBox({ svg, boxes }: ReturnType<typeof layoutOf>): string[] {
    const solid = boxes.filter(({ what }) => !what.startsWith("frame "));
    return [...svg.matchAll(/<text x="([\d.]+)" y="([\d.]+)"([^>]*)>([^<]*)</g)].flatMap(
        ([, x, y, rest = "", content]) => {
            const length = Number(/textLength="([\d.]+)"/.exec(rest)?.[1]);
            expect(length, `${content} is as wide as the reader's font makes it`).toBeGreaterThan(0);
            const left = Number(x) - (rest.includes('"middle"') ? length / 2 : rest.includes('"end"') ? length : 0);
            const box = solid.find(
                (one) => left >= one.x && left < one.x + one.w && Number(y) >= one.y && Number(y) <= one.y + one.h,
            );
            return box === undefined || left + length <= box.x + box.w ? [] : [`${content} in ${box.what}`];
        },
    );
}

describe("several apps", () => {
    it("say whose hosts are whose, and have a release each", async () => {
        const topology = await local(addBlog);
        const table = planTable(topology, { columns: 100 });
        expect(table).toContain("sample at http://localhost:8080, blog at blog.localhost, HTTP 8080");
        expect(table.match(/(blog|sample): \d \w+/g)).toEqual([
            "blog: 1 migrate",
            "blog: 2 collectstatic",
            "sample: 1 migrate",
            "sample: 2 collectstatic",
            "sample: 3 createsuperuser",
        ]);
        const layout = layoutOf(topology);
        expect(layout.svg).toContain(
            ">side by side, in each one job after the other; when one fails, the old pods serve on<",
        );
        expect(layout.svg).not.toContain("collect…");
        expect(layout.svg).not.toContain("at most…");
        expect(textsBeyondTheirBox(layout)).toEqual([]);
    });

    it("one alone has its steps and hosts without its name", async () => {
        const topology = await local(() => undefined);
        const table = planTable(topology);
        expect(table).toMatch(/^release +1 migrate /m);
        expect(table).toContain("http://localhost:8080, HTTP 8080");
        expect(layoutOf(topology).svg).toContain(">one job after the other; when one fails, the old pods serve on<");
    });
});

describe("what pods reserve", () => {
    it("is summed at least and at most, with rollouts and jobs", async () => {
        expect(sumLines((await local(() => undefined)).sums)).toEqual([
            "Reserved    pods  CPU   memory  volumes",
            "  at least  9     0.65  2.5Gi   2.25Gi",
            "  at most   15    0.95  4Gi     2.25Gi",
        ]);
    });

    it("grows with what an autoscaler may start", async () => {
        const { sums } = await local(
            (sections) => (sections["apps"][0].web = { size: "small", replicas: { min: 2, max: 6 } }),
        );
        expect(sums.max.pods).toBe(17);
        expect(sums.min.pods).toBe(9);
    });
});

describe("phrases", () => {
    it("GKE's DNS endpoint is guarded by IAM, and not open to anywhere", async () => {
        const table = planTable(
            await example("gcp", "staging", (all) => (all["platform"].cluster.apiAccess = { endpoint: "dns" })),
            { columns: 200 },
        );
        expect(table).toContain("API by a DNS name, for whom IAM lets in");
        expect(table).not.toContain("API from anywhere");
    });

    it("a key is for what it encrypts", async () => {
        const table = planTable(await example("gcp", "staging", () => undefined), { columns: 120 });
        expect(table).toContain("Cloud KMS, for stack-secrets, for the cluster's Secrets");
        expect(table).toContain("API from 203.0.113.0/24");
    });

    it("an ephemeral environment may be swept: nothing ends it by itself", async () => {
        const topology = await local((all) => (all["environment"] = { kind: "ephemeral", name: "pr-1" }));
        expect(planTable(topology)).toContain("may be swept after 72h");
        expect(layoutOf(topology).svg).toContain(">may be swept after 72h<");
        expect(planTable(topology)).not.toContain("lives for");
    });

    it("on AWS without a certificate no https address is told", async () => {
        const topology = await example("aws", "staging", (all) => {
            all["platform"].dns = { variant: "none" };
            all["assets"] = { variant: "whitenoise" };
            delete all["lends"];
        });
        const table = planTable(topology, { columns: 120 });
        expect(table).not.toContain("https://");
        expect(table.replaceAll(/\s+/g, " ")).toContain(
            "staging.shop.example.org, no certificate is made: HTTPS answers once ACM has one of each name",
        );
        expect(planSummary(topology)).toContain(
            "Point these names to the Gateway's address by hand: staging.shop.example.org",
        );
    });

    it("on AWS with one it is, and its names make themselves", async () => {
        const topology = await example("aws", "staging", () => undefined);
        expect(planTable(topology)).toContain("https://staging.shop.example.org,");
        expect(topology.byHand).toEqual([]);
    });

    it("uvicorn's command is what it runs", () => {
        expect(briefly("uvicorn shop.asgi:application --host 0.0.0.0 --port 8000")).toBe(
            "uvicorn shop.asgi:application",
        );
        expect(briefly("uvicorn shop.asgi:application --host 0.0.0.0 --workers 4")).toBe("uvicorn workers=4");
        expect(briefly("gunicorn --workers=2 --threads=4 shop.wsgi:application")).toBe("gunicorn workers=2 threads=4");
        expect(briefly("daphne -b 0.0.0.0 shop.asgi:application")).toBe("daphne -b 0.0.0.0 shop.asgi:application");
        expect(briefly("sleep infinity")).toBe("sleep infinity");
    });
});

describe("pictures", () => {
    it.each([
        ["gcp", "production"],
        ["aws", "production"],
        ["aws", "staging"],
        ["digitalocean", "production"],
        ["mixed", "production"],
    ])("%s %s: every text is as wide as it was measured, inside its card or pill", async (directory, stack) => {
        expect(textsBeyondTheirBox(layoutOf(await example(directory, stack, () => undefined)))).toEqual([]);
    });

    it("an existing network has a frame", async () => {
        const topology = await example("digitalocean", "staging", (all) => {
            all["platform"].network = {
                variant: "existing",
                id: "0b7a5f3e-1c2d-4e5f-8a9b-0c1d2e3f4a5b",
                range: "10.30.0.0/20",
            };
        });
        expect(planTable(topology, { columns: 120 })).toMatch(
            /VPC 0b7a5f3e-1c2d-4e5f-8a9b-0c1d2e3f4a5b\n +is there already/,
        );
        expect(layoutOf(topology).svg).toContain(">VPC 0b7a5f3e-1c2d-4e5f-8a9b-0c1d2e3f4a5b<");
    });

    it("a managed database that another stack lends is outside the cluster", async () => {
        const lender = await readStackFile("staging", join(projectRoot, "examples/stacks/gcp"));
        const domain = "preview.staging.shop.example.org";
        const lending = withChange(lender, (all) => (all["lends"] = { domain, database: true }));
        const borrower = withChange(lender, (all) => {
            all["environment"] = { kind: "ephemeral" };
            all["platform"] = { variant: "stack", stack: "staging" };
            all["apps"][0].hosts = [`pr-1.${domain}`];
            all["database"] = { variant: "platform" };
            all["assets"] = { variant: "whitenoise" };
            all["exposure"] = { variant: "platform" };
            delete all["lends"];
        });
        const topology = topologyOf(await recordStack(borrower, "pr-1", { read: () => Promise.resolve(lending) }));
        const { svg, boxes } = layoutOf(topology);
        expect(svg).toContain(">lent by shop-staging<");
        expect(svg).not.toContain(">namespace shop-staging<");
        const cluster = boxes.find(({ what }) => what.startsWith("frame cluster"))!;
        const card = boxes.find(({ what }) => what === "card database database, lent")!;
        expect(card.y).toBeGreaterThan(cluster.y + cluster.h);
        expect(planTable(topology)).toContain("by shop-staging, outside the cluster");
    });
});
