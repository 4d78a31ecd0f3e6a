// What one stack lends and another borrows: the lender's outputs, and what the borrower makes of them. Gateways: edge.test.ts.
// Does not prove that the borrower gets in: test/cluster/ephemeral.test.ts does.
import { describe, expect, it } from "vitest";
import {
    type Change,
    environmentOf,
    inCluster,
    podOf,
    refusal,
    secretData,
    secretsOf,
    shop,
    stackOf,
    variablesOf,
    type Sections,
    type Stack,
} from "./support/stack.ts";

const image = "registry.example.org/postgres:17.5";
const lender = (...changes: readonly Change[]): Sections =>
    inCluster(["lends.database", true], ["database.image", image], ...changes);
const borrower = (...changes: readonly Change[]): Sections =>
    inCluster(
        ["environment.kind", "ephemeral"],
        ["platform", { variant: "stack", stack: "lender" }],
        ["exposure", { variant: "none" }],
        ["database", { variant: "platform" }],
        ...changes,
    );
const lent = ({ outputs }: Stack) => (outputs["lends"] as { database?: Record<string, unknown> }).database;
const password = ({ outputs }: Stack) => outputs["lentDatabasePassword"];

const onDigitalOcean = (...changes: readonly Change[]): Sections =>
    lender(
        ["clouds", { digitalocean: { region: "fra1" } }],
        [
            "database",
            {
                variant: "digitalocean",
                server: {
                    variant: "create",
                    version: "17",
                    size: "db-s-2vcpu-4gb",
                    network: {
                        vpc: "4de7ac8b-495b-4884-9a69-1050c6793cd6",
                        range: "10.110.0.0/20",
                        clusters: ["4de7ac8b-495b-4884-9a69-1050c6793cd7"],
                    },
                },
            },
        ],
        ...changes,
    );

describe("a lender of a server in its cluster", () => {
    it("tells where it is and who may make databases there, and has old ones swept", async () => {
        const stack = await stackOf(lender(), { secrets: { databasePassword: "lenders" } });
        expect(lent(stack)).toEqual({
            instance: "shop-test",
            namespace: "shop-test",
            host: "database.shop-test.svc.cluster.local",
            port: 5432,
            name: "shop",
            user: "shop",
            maxConnections: 100,
        });
        expect(password(stack)).toBe("lenders");
        const sweeper = stack.get("CronJob", "database-sweeper-schedule");
        expect(podOf(sweeper).containers[0]!.image).toBe(image);
        expect(variablesOf(sweeper)).toMatchObject({
            PGHOST: "database",
            PGUSER: "shop",
            PGDATABASE: "shop",
            OWN_NAMESPACE: "shop-test",
        });
        expect(secretData(stack.get("Secret", "database-sweeper-administration"))).toEqual({ PGPASSWORD: "lenders" });
        stack.get("NetworkPolicy", "database-from-borrowers");
    });

    it("has them swept by the standard image where the server's is standard", async () => {
        const stack = await stackOf(inCluster(["lends.database", true]));
        expect(podOf(stack.get("CronJob", "database-sweeper-schedule")).containers[0]!.image).toMatch(
            /^docker\.io\/library\/postgres:17/,
        );
    });

    it("lends the shared server alone, not one of an app's own", async () => {
        const own = {
            ...shop,
            name: "blog",
            hosts: ["blog.example.org"],
            stores: { database: { variant: "in-cluster", version: "17", storage: "1Gi" } },
        };
        const stack = await stackOf(lender(["environment.mainApp", "shop"], ["apps[1]", own]));
        const names = stack.all("NetworkPolicy").map(({ name }) => name);
        expect(names.filter((name) => name.endsWith("from-borrowers"))).toEqual(["database-from-borrowers"]);
    });

    it("tells how many connections each borrower may have, and itself of all", async () => {
        const stack = await stackOf(lender(["lends.borrowers", { environments: 5, connections: 30 }]));
        expect(lent(stack)).toMatchObject({ maxConnections: 100, connections: 30 });
        const { annotations } = stack.get("CronJob", "database-sweeper-schedule").props["metadata"] as {
            annotations?: unknown;
        };
        expect(annotations).toEqual({ "django-on-kubernetes/borrowers": "5 x 30" });
    });

    it("that does not say so lends nothing", async () => {
        const stack = await stackOf(inCluster());
        expect(stack.outputs["lends"]).toEqual({});
        expect(password(stack)).toBeUndefined();
        expect(stack.all("CronJob")).toEqual([]);
        expect(stack.all("NetworkPolicy").map(({ name }) => name)).not.toContain("database-from-borrowers");
    });
});

describe("a lender of a server of DigitalOcean", () => {
    it("lends the administrator's login, not its app's", async () => {
        const stack = await stackOf(onDigitalOcean());
        expect(lent(stack)).toMatchObject({
            user: "doadmin",
            name: "shop",
            sslMode: "verify-ca",
            cidrs: ["10.110.0.0/20"],
        });
        expect(lent(stack)!["ca"]).toContain("BEGIN CERTIFICATE");
        const administrators = secretData(stack.get("Secret", "database-sweeper-administration"))["PGPASSWORD"];
        expect(password(stack)).toBe(administrators);
        expect(password(stack)).not.toBe(secretsOf(stack, "shop")["DJANGO_APP_DB_PASSWORD"]);
    });

    it("is logged in to as the administrator, over TLS, and reached in its range alone", async () => {
        const [server, stack] = [
            await stackOf(onDigitalOcean(), { stack: "lender" }),
            await stackOf(borrower(), { platform: onDigitalOcean() }),
        ];
        const job = stack.get("Job", "database-create");
        expect(variablesOf(job)).toMatchObject({
            PGUSER: "doadmin",
            PGDATABASE: "shop",
            PGSSLMODE: "verify-ca",
            NEW_DATABASE: "shop_shop_test",
        });
        expect(secretData(stack.get("Secret", "database-administration"))["PGPASSWORD"]).toBe(password(server));
        expect(stack.get("ConfigMap", "database-scripts").props["data"]).toMatchObject({
            "ca.pem": lent(server)!["ca"],
        });
        expect(stack.get("NetworkPolicy", "database-to-store").props["spec"]).toMatchObject({
            egress: [{ to: [{ ipBlock: { cidr: "10.110.0.0/20" } }] }],
        });
    });

    it("has the databases of its own other apps made by the administrator too", async () => {
        const blog = { ...shop, name: "blog", hosts: ["blog.example.org"] };
        const stack = await stackOf(onDigitalOcean(["environment.mainApp", "shop"], ["apps[1]", blog]));
        expect(variablesOf(stack.get("Job", "blog-database-create"))).toMatchObject({
            PGUSER: "doadmin",
            NEW_ROLE: "blog",
        });
        expect(secretData(stack.get("Secret", "blog-database-administration"))["PGPASSWORD"]).toBe(password(stack));
    });
});

describe("a borrower", () => {
    const record = (sections: Sections, secrets = {}) => stackOf(sections, { platform: lender(), secrets });

    it("has a database of its own made, by its image, from a template, with its password", async () => {
        const own = { variant: "platform", template: "golden", image: "registry.example.org/psql:1" };
        const stack = await record(borrower(["database", own]), { databasePassword: "borrowers" });
        const job = stack.get("Job", "database-create");
        expect(podOf(job).containers[0]!.image).toBe("registry.example.org/psql:1");
        expect(variablesOf(job)).toMatchObject({
            PGHOST: "database",
            PGPORT: "5432",
            PGUSER: "shop",
            NEW_ROLE: "shop_shop_test",
            NEW_DATABASE: "shop_shop_test",
            NEW_TEMPLATE: "golden",
        });
        expect(secretData(stack.get("Secret", "database-administration"))["NEW_PASSWORD"]).toBe("borrowers");
        expect(secretsOf(stack, "shop")["DJANGO_APP_DB_PASSWORD"]).toBe("borrowers");
        expect(environmentOf(stack, "shop")).toMatchObject({
            DJANGO_APP_DB_HOST: "database",
            DJANGO_APP_DB_NAME: "shop_shop_test",
        });
        expect(stack.get("Service", "database-service").props["spec"]).toMatchObject({
            externalName: "database.shop-lender.svc.cluster.local",
        });
        expect(stack.get("NetworkPolicy", "database-to-store").props["spec"]).toMatchObject({
            egress: [
                { to: [{ namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "shop-lender" } } }] },
            ],
        });
        expect(stack.get("Namespace", "namespace").props["metadata"]).toMatchObject({
            labels: { "django-on-kubernetes/database-of": "shop-lender" },
        });
        const labels = JSON.stringify(stack.get("Deployment", "shop-web").props["spec"]);
        expect(labels).toContain('"django-on-kubernetes/borrows-database":"true"');
    });

    it("has its role held to its share of the connections, where the lender names one", async () => {
        const sections = lender(["lends.borrowers", { environments: 5, connections: 30 }]);
        const limited = await stackOf(borrower(), { platform: sections });
        const without = await record(borrower());
        const service = ({ get }: Stack) => get("Service", "database-service").props["metadata"];
        expect(variablesOf(limited.get("Job", "database-create"))).toMatchObject({ NEW_CONNECTION_LIMIT: "30" });
        expect(service(limited)).toMatchObject({
            annotations: {
                "django-on-kubernetes/max-connections": "100",
                "django-on-kubernetes/connection-share": "30",
            },
        });
        expect(variablesOf(without.get("Job", "database-create"))).toMatchObject({ NEW_CONNECTION_LIMIT: "-1" });
        expect(JSON.stringify(service(without))).not.toContain("connection-share");
    });

    it("logs in with the lender's password", async () => {
        const [owner, stack] = [await stackOf(lender(), { stack: "lender" }), await record(borrower())];
        expect(secretData(stack.get("Secret", "database-administration"))["PGPASSWORD"]).toBe(password(owner));
    });

    it("of several apps has a database for each, of which the main app's alone has the template", async () => {
        const blog = { ...shop, name: "blog", hosts: ["blog.example.org"] };
        const sections = borrower(
            ["environment.mainApp", "shop"],
            ["apps[1]", blog],
            ["database", { variant: "platform", template: "golden" }],
        );
        const stack = await record(sections, {
            databasePassword: "main",
            apps: { blog: { databasePassword: "blogs" } },
        });
        expect(variablesOf(stack.get("Job", "database-create"))).toMatchObject({
            NEW_ROLE: "shop_shop_test",
            NEW_TEMPLATE: "golden",
        });
        expect(variablesOf(stack.get("Job", "blog-database-create"))).toMatchObject({
            NEW_ROLE: "blog_shop_test",
            NEW_TEMPLATE: "",
            PGUSER: "shop",
        });
        expect(secretData(stack.get("Secret", "blog-database-administration"))["NEW_PASSWORD"]).toBe("blogs");
    });

    it("with a database of its own is not let in to the lender's", async () => {
        const stack = await record(borrower(["database", { variant: "in-cluster", version: "17", storage: "1Gi" }]));
        expect(JSON.stringify(stack.get("Namespace", "namespace").props)).not.toContain("database-of");
    });

    it("of a stack that lends nothing is refused", async () => {
        const problems = await refusal(borrower(), { platform: inCluster() });
        expect(problems).toMatchObject([
            { path: "database.variant", fix: expect.stringContaining("lends.database") as string },
        ]);
    });
});
