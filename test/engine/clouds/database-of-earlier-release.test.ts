// A database on RDS that a release before log groups and names of our own made: taken over in place, with the name that it has (R75).
// Does not prove that AWS takes the update; the providers are recording ones.
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { projectRoot } from "../../../commands/support/paths.ts";
import { EngineStack } from "./support/engine-stack.ts";

/** What both releases make it of. */
const common = `
import * as pulumi from "@pulumi/pulumi";
import * as aws from "@pulumi/aws";
import * as k8s from "@pulumi/kubernetes";

const kubeconfig = '{"clusters": [{"name": "c", "cluster": {"server": "https://192.0.2.1"}}]}';
const providers = [
    new aws.Provider("aws", { region: "eu-central-1", allowedAccountIds: ["123456789012"] }),
    new k8s.Provider("kubernetes", { kubeconfig, clusterIdentifier: "cluster" }),
];
new k8s.core.v1.Namespace("namespace", { metadata: { name: "shop" } }, { provider: providers[1] });
`;

/** The instance as it was: no name, no enrolment, no windows. */
const before = `${common}
class Rds extends pulumi.ComponentResource {
    constructor(name: string) {
        super("django-on-kubernetes:database:Rds", name, {}, { providers });
        new aws.rds.Instance(
            \`\${name}-server\`,
            {
                engine: "postgres",
                engineVersion: "17",
                instanceClass: "db.t4g.small",
                allocatedStorage: 20,
                maxAllocatedStorage: 40,
                storageEncrypted: true,
                storageType: "gp3",
                dbName: "shop",
                username: "shop",
                password: "given-by-a-test",
                skipFinalSnapshot: true,
                enabledCloudwatchLogsExports: ["postgresql", "upgrade"],
            },
            { parent: this },
        );
    }
}
new Rds("database");
`;

const after = `${common}
import { RdsDatabase } from ${JSON.stringify(join(projectRoot, "components/database/aws/rds.ts"))};

new RdsDatabase(
    "database",
    {
        instance: "shop",
        namespace: "shop",
        data: "disposable",
        owner: "shop",
        password: pulumi.secret("given-by-a-test"),
        ca: "PEM",
        server: {
            variant: "create",
            version: "17",
            majorUpgrade: false,
            instanceClass: "db.t4g.small",
            storage: 20,
            storageLimit: 40,
            multiAz: false,
            maxConnections: 100,
            backupDays: 0,
            readReplica: false,
            network: { vpcId: "vpc-0a", subnetIds: ["subnet-0a", "subnet-0b"], cidrs: ["10.20.0.0/24"], clients: {} },
            encryption: { variant: "aws-managed" },
            applyImmediately: true,
            slowStatements: 1000,
            logDays: 30,
            monitoringInterval: 0,
            insights: "standard",
            iamAuthentication: false,
        },
    },
    { providers },
);
`;

let stack: EngineStack;

beforeAll(async () => {
    stack = await EngineStack.create({ name: "earlier", program: before });
    const { exitCode, output } = await stack.up();
    expect(exitCode, output).toBe(0);
}, 10 * 60_000);

afterAll(async () => {
    await stack?.remove();
});

test(
    "the instance stays, is not renamed and not enrolled anew; its groups and the rest are made beside it",
    async () => {
        await stack.setProgram(after);
        const { exitCode, output, changes } = await stack.up();
        expect(exitCode, output).toBe(0);
        const of = (type: string) => changes.filter((step) => step.type === type);
        const instance = of("aws:rds/instance:Instance");
        expect(instance.map(({ op, name }) => `${op} ${name}`)).toEqual(["update database-server"]);
        expect(instance[0]!.replacedBy).toEqual([]);
        const changed = instance[0]!.changed.map((path) => path.split(/[.[]/)[0]);
        expect(changed).not.toContain("identifier");
        expect(changed).not.toContain("engineLifecycleSupport");
        expect(changes.filter(({ op }) => ["replace", "delete"].includes(op))).toEqual([]);
        expect(of("aws:cloudwatch/logGroup:LogGroup").map(({ op }) => op)).toEqual(["create", "create"]);
        // And it stays so.
        expect((await stack.preview()).changes).toEqual([]);
    },
    10 * 60_000,
);
