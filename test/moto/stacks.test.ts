// Every stack that asks AWS for something is made and deleted at a server that speaks AWS's APIs: each call that its resources stand
// for passes the service's own model (which arguments there are, what is required, lengths, patterns, enumerations) and the server,
// under ids that the server gave.
// Does not prove: what moto does not refuse (it knows no quota, no price, few of the rules between services), nor what it does not
// know (not-in-moto.ts); that the provider makes just these calls; that anything works once it is there.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { PlainMap } from "../../commands/plan/answers/values.ts";
import { madeIn } from "../../lib/catalogue/index.ts";
import { permissionsFor } from "../../lib/permissions/index.ts";
import { actionOf } from "./actions.ts";
import { startMoto, type Moto } from "../../lab/moto/moto.ts";
import { notInMoto } from "./not-in-moto.ts";
import { translations } from "./services/index.ts";
import { actionsUnknown, policiesIn, type PolicyOf } from "./support/policies.ts";
import { makeStack, type MadeStack } from "./support/stack.ts";
import { awsStacks, exampleSections } from "./support/stacks.ts";
import { makeWhatIsThere } from "./support/there.ts";
import { githubToken, takesOn, type Token, type TrustPolicy } from "../support/ci-tokens.ts";

const region = "eu-central-1";
const production = "aws/Pulumi.production";
const stacks = await awsStacks();
let moto: Moto;
// Over all stacks:
const unknown = new Set<string>();
const called = new Set<string>();
const policies: PolicyOf[] = [];
/** Actions that a call is asked for, and the row of its resource has not. */
const unsaid = new Set<string>();

beforeAll(async () => {
    moto = await startMoto({ account: "123456789012" });
});
afterAll(async () => {
    await moto.stop();
});
describe("types of resources", () => {
    it("are all said in calls", () => {
        const types = madeIn("aws");
        expect(types.length).toBeGreaterThan(40);
        expect(types.filter((type) => translations[type] === undefined)).toEqual([]);
    });

    it("would be named if they were not", async () => {
        const { sections } = stacks.find(({ name }) => name === "RDS elsewhere")!;
        const { "aws:rds/parameterGroup:ParameterGroup": _, ...rest } = translations;
        const made = await makeStack(moto, sections, { calls: rest });
        expect(made.refused[0]).toMatch(
            /^aws:rds\/parameterGroup:ParameterGroup database-parameters: test\/moto\/services does not say which calls make it$/,
        );
    });
});

/** Adds to what is looked at over all stacks. */
function note(made: MadeStack): void {
    for (const operation of made.unknown) {
        unknown.add(operation);
    }
    policies.push(...made.calls.flatMap(policiesIn));
    for (const { of, operation } of made.calls) {
        called.add(operation);
        const type = of.split(" ")[0]!;
        const said = permissionsFor("aws", [type], "up");
        for (const action of actionOf(operation).filter((one) => !said.includes(one))) {
            unsaid.add(`lib/permissions/aws.ts: ${type} needs ${action}`);
        }
    }
}

describe("is made and deleted at AWS's APIs:", () => {
    // Production is below, where it is looked at before it is deleted.
    it.each(stacks.filter(({ name }) => name !== production))("$name", async ({ sections, secrets }) => {
        await moto.forget();
        const there = await makeWhatIsThere(moto, sections);
        const made = await makeStack(moto, sections, { there, ...(secrets && { secrets }) });
        expect(made.refused).toEqual([]);
        expect(await made.destroy()).toEqual([]);
        note(made);
    });
});

describe("production", () => {
    let made: MadeStack;
    const ask = (operation: string, input: PlainMap, where = region) => made.ask(operation, where, input);

    beforeAll(async () => {
        await moto.forget();
        const sections = await exampleSections(production);
        made = await makeStack(moto, sections, { there: await makeWhatIsThere(moto, sections) });
    });

    it("is made", () => {
        expect(made.refused).toEqual([]);
    });

    it("has buckets that nobody opens, with the policies, CORS and rules that were put", async () => {
        for (const name of ["assets-static", "assets-media"]) {
            const bucket = made.made(name).id;
            const policy = await ask("s3.GetBucketPolicy", { bucket });
            expect(JSON.parse(policy["Policy"] as string)).toEqual(
                JSON.parse(made.made(`${name}-policy`).inputs["policy"] as string),
            );
            const { PublicAccessBlockConfiguration: closed } = await ask("s3.GetPublicAccessBlock", { bucket });
            expect(Object.values(closed as Record<string, boolean>)).toEqual([true, true, true, true]);
            const owned = await ask("s3.GetBucketOwnershipControls", { bucket });
            expect(owned["OwnershipControls"].Rules).toEqual([{ ObjectOwnership: "BucketOwnerEnforced" }]);
            const encrypted = await ask("s3.GetBucketEncryption", { bucket });
            expect(encrypted["ServerSideEncryptionConfiguration"].Rules[0].ApplyServerSideEncryptionByDefault).toEqual({
                SSEAlgorithm: "AES256",
            });
            const lifecycle = await ask("s3.GetBucketLifecycleConfiguration", { bucket });
            expect(lifecycle["Rules"].map((rule: { Status: string }) => rule.Status)).toContain("Enabled");
        }
        const cors = await ask("s3.GetBucketCors", { bucket: made.made("assets-static").id });
        expect(cors["CORSRules"]).toMatchObject([
            {
                AllowedMethods: ["GET", "HEAD"],
                AllowedOrigins: ["https://shop.example.org", "https://www.shop.example.org"],
            },
        ]);
        const versions = await ask("s3.GetBucketVersioning", { bucket: made.made("assets-media").id });
        expect(versions["Status"]).toBe("Enabled");
    });

    it("lets one distribution read the static files, and names it in the zone", async () => {
        const distribution = made.made("assets-distribution");
        const found = await ask("cloudfront.GetDistribution", { id: distribution.id });
        const { DomainName: domain, DistributionConfig: config, ARN: arn } = found["Distribution"];
        expect(config.Aliases.Items).toEqual(["static.shop.example.org"]);
        expect(config.Origins.Items[0].DomainName).toBe(`${made.made("assets-static").id}.s3.${region}.amazonaws.com`);
        const { Policy: policy } = await ask("s3.GetBucketPolicy", { bucket: made.made("assets-static").id });
        expect(policy).toContain(arn);
        const records = await recordsOf("zone-zone");
        expect(records.get("static.shop.example.org. A")).toMatchObject({ AliasTarget: { DNSName: domain } });
        expect(records.get("static.shop.example.org. AAAA")).toMatchObject({ AliasTarget: { DNSName: domain } });
    });

    it("proves each certificate by the record that ACM asks for", async () => {
        const records = await recordsOf("zone-zone");
        const certificates = made.calls.filter(({ operation }) => operation === "acm.RequestCertificate");
        expect(certificates.length).toBeGreaterThan(2);
        for (const { region: where, output } of certificates) {
            const { Certificate: certificate } = await ask(
                "acm.DescribeCertificate",
                { certificateArn: output?.["CertificateArn"] as string },
                where,
            );
            for (const { ResourceRecord: asked } of certificate.DomainValidationOptions) {
                const given = records.get(`${(asked.Name as string).replace(/\.?$/, ".")} ${asked.Type}`);
                expect(given?.ResourceRecords).toEqual([{ Value: asked.Value }]);
            }
        }
        // CloudFront reads those of one region.
        expect(certificates.map((one) => one.region).sort()).toContain("us-east-1");
    });

    it("is delegated by the zone above", async () => {
        const zone = await ask("route53.GetHostedZone", { id: made.made("zone-zone").id });
        const { zoneId } = made.made("zone-delegation").inputs;
        const above = await ask("route53.ListResourceRecordSets", { hostedZoneId: made.there(zoneId as string) });
        const delegation = (above["ResourceRecordSets"] as RecordSet[]).find(
            ({ Name, Type }) => Name === "shop.example.org." && Type === "NS",
        );
        expect(delegation?.ResourceRecords?.map(({ Value }) => Value.replace(/\.$/, ""))).toEqual(
            zone["DelegationSet"].NameServers,
        );
    });

    it("has roles that one service may take, with the policies that were put", async () => {
        const roles = made.calls.filter(({ operation }) => operation === "iam.CreateRole");
        expect(roles.length).toBeGreaterThan(4);
        for (const { input } of roles) {
            const { Role: role } = await ask("iam.GetRole", { roleName: input["roleName"] });
            const trust = JSON.parse(input["assumeRolePolicyDocument"] as string) as {
                Statement: { Principal: { Service: string } }[];
            };
            expect(role.AssumeRolePolicyDocument).toEqual(trust);
            expect(trust.Statement.map(({ Principal }) => Principal.Service)).not.toContain("*");
        }
        const inline = made.calls.filter(({ operation }) => operation === "iam.PutRolePolicy");
        expect(inline.length).toBeGreaterThan(2);
        for (const { input } of inline) {
            const { PolicyDocument: policy } = await ask("iam.GetRolePolicy", {
                roleName: input["roleName"],
                policyName: input["policyName"],
            });
            expect(policy).toEqual(JSON.parse(input["policyDocument"] as string));
        }
    });

    it("lets the jobs that are named take on CI's roles, and no others", async () => {
        const takenOn = async (right: string, token: Token): Promise<boolean> => {
            const { Role: role } = await ask("iam.GetRole", { roleName: made.made(`ci-${right}-role`).id });
            return takesOn(role.AssumeRolePolicyDocument as TrustPolicy, token);
        };
        expect(await takenOn("push", githubToken({}))).toBe(true);
        expect(await takenOn("deploy", githubToken({ environment: "production" }))).toBe(true);
        for (const job of [
            { event: "pull_request", ref: "refs/pull/1/merge" },
            { ref: "refs/heads/mine" },
            { ref: "refs/tags/main" },
            { repository: "somebody/shop" },
            { environment: "preview" },
            { audience: "https://github.com/example-org" },
        ]) {
            expect(await takenOn("push", githubToken(job)), JSON.stringify(job)).toBe(false);
            expect(await takenOn("deploy", githubToken(job)), JSON.stringify(job)).toBe(false);
        }
        const { OpenIDConnectProviderList: providers } = await ask("iam.ListOpenIDConnectProviders", {});
        const [{ Arn: arn }] = providers as [{ Arn: string }];
        expect(await ask("iam.GetOpenIDConnectProvider", { openIDConnectProviderArn: arn })).toMatchObject({
            Url: "token.actions.githubusercontent.com",
            ClientIDList: ["sts.amazonaws.com"],
        });
    });

    it("turns its keys, and finds them by their other names", async () => {
        const { Aliases: aliases } = await ask("kms.ListAliases", {});
        const ours = (aliases as { AliasName: string; TargetKeyId?: string }[]).filter(
            ({ AliasName }) => !AliasName.startsWith("alias/aws/"),
        );
        expect(ours.length).toBe(2);
        for (const { TargetKeyId: keyId } of ours) {
            expect(await ask("kms.GetKeyRotationStatus", { keyId })).toMatchObject({ KeyRotationEnabled: true });
        }
    });

    it("gives each subnet its way out: public ones the internet, private ones a NAT gateway of their zone, stores none", async () => {
        const { Subnets: subnets } = await ask("ec2.DescribeSubnets", {
            filters: [{ Name: "vpc-id", Values: [made.made("network-vpc").id] }],
        });
        const { RouteTables: tables } = await ask("ec2.DescribeRouteTables", {});
        const { NatGateways: gateways } = await ask("ec2.DescribeNatGateways", {});
        const ways: Record<string, string> = {};
        const nameOf = (tags: { Key: string; Value: string }[]): string =>
            tags.find(({ Key }) => Key === "Name")!.Value.replace("shop-test-", "");
        for (const subnet of subnets as { SubnetId: string; Tags: never[]; AvailabilityZone: string }[]) {
            const table = (
                tables as { Associations: { SubnetId?: string }[]; Routes: Record<string, string>[] }[]
            ).find(({ Associations }) => Associations.some(({ SubnetId }) => SubnetId === subnet.SubnetId));
            const out = table?.Routes.find((route) => route["DestinationCidrBlock"] === "0.0.0.0/0");
            const nat = (gateways as { NatGatewayId: string; SubnetId: string }[]).find(
                ({ NatGatewayId }) => NatGatewayId === out?.["NatGatewayId"],
            );
            const natZone = (subnets as { SubnetId: string; AvailabilityZone: string }[]).find(
                ({ SubnetId }) => SubnetId === nat?.SubnetId,
            )?.AvailabilityZone;
            ways[nameOf(subnet.Tags)] =
                out === undefined
                    ? "none"
                    : (out["GatewayId"]?.slice(0, 3) ?? (natZone === subnet.AvailabilityZone ? "nat" : "other zone's"));
        }
        const zones = ["a", "b", "c"];
        expect(ways).toEqual({
            ...Object.fromEntries(zones.map((zone) => [`public-${zone}`, "igw"])),
            ...Object.fromEntries(zones.map((zone) => [`private-${zone}`, "nat"])),
            ...Object.fromEntries(zones.map((zone) => [`store-${zone}`, "none"])),
        });
    });

    it("opens the database to the cluster's security group alone, and keeps it from deletion", async () => {
        const { DBInstances: servers } = await ask("rds.DescribeDBInstances", {});
        const [server] = servers as Record<string, never>[];
        expect(server).toMatchObject({
            StorageEncrypted: true,
            MultiAZ: true,
            PubliclyAccessible: false,
            DeletionProtection: true,
            CACertificateIdentifier: "rds-ca-rsa2048-g1",
        });
        const group = made.made("database-firewall").id;
        const { SecurityGroupRules: rules } = await ask("ec2.DescribeSecurityGroupRules", {
            filters: [{ Name: "group-id", Values: [group] }],
        });
        const { clusterSecurityGroupId } = made.made("cluster-cluster").outputs["vpcConfig"] as Record<string, string>;
        expect(rules).toMatchObject([
            {
                IsEgress: false,
                FromPort: 5432,
                ToPort: 5432,
                ReferencedGroupInfo: { GroupId: clusterSecurityGroupId },
            },
        ]);
    });

    it("leaves nothing but what is kept on purpose", async () => {
        expect(await made.destroy()).toEqual([]);
        note(made);
        const { Buckets: buckets } = await ask("s3.ListBuckets", {});
        const { Vpcs: vpcs } = await ask("ec2.DescribeVpcs", {});
        const { Roles: roles } = await ask("iam.ListRoles", {});
        const { logGroups: logs } = await ask("logs.DescribeLogGroups", {});
        expect(buckets).toEqual([]);
        expect((vpcs as { IsDefault: boolean }[]).filter(({ IsDefault }) => !IsDefault)).toEqual([]);
        expect((roles as { RoleName: string }[]).map(({ RoleName }) => RoleName)).toEqual([]);
        // They tell why the cluster, its pods and the database are gone, and who called whom.
        const { identifier: database } = made.made("database-server").inputs;
        const { name: flowLogs } = made.made("flow-logs-group").inputs;
        expect((logs as { logGroupName: string }[]).map(({ logGroupName }) => logGroupName).sort()).toEqual([
            ...["application", "dataplane", "host", "performance"].map(
                (group) => `/aws/containerinsights/shop-test/${group}`,
            ),
            "/aws/eks/shop-test/cluster",
            `/aws/rds/instance/${database as string}/postgresql`,
            `/aws/rds/instance/${database as string}/upgrade`,
            flowLogs as string,
        ]);
    });

    interface RecordSet {
        readonly Name: string;
        readonly Type: string;
        readonly ResourceRecords?: readonly { readonly Value: string }[];
        readonly AliasTarget?: { readonly DNSName: string };
    }

    /** By name and type. */
    async function recordsOf(zone: string): Promise<ReadonlyMap<string, RecordSet>> {
        const found = await ask("route53.ListResourceRecordSets", { hostedZoneId: made.made(zone).id });
        return new Map((found["ResourceRecordSets"] as RecordSet[]).map((set) => [`${set.Name} ${set.Type}`, set]));
    }
});

describe("all of these stacks", () => {
    it("with policies whose actions there are", async () => {
        expect(policies.length).toBeGreaterThan(20);
        expect(await actionsUnknown(moto, policies)).toEqual([]);
    });

    it("with what lib/permissions says of each resource", () => {
        expect([...unsaid]).toEqual([]);
    });

    it("what moto does not know is listed, and nothing else is", () => {
        expect([...unknown].filter((operation) => notInMoto[operation] === undefined)).toEqual([]);
        expect(Object.keys(notInMoto).filter((operation) => called.has(operation) && !unknown.has(operation))).toEqual(
            [],
        );
    });
});

describe("is refused:", () => {
    beforeAll(async () => {
        await moto.forget();
        await moto.call({ service: "iam", operation: "CreateRole", region, input: role });
    });

    it("what one setting of a stack makes wrong, and what needs it", async () => {
        const sections = await exampleSections("aws/Pulumi.staging");
        sections["platform"].native = {
            cluster: { upgradePolicy: { supportType: "FOREVER" } },
            network: { instanceTenancy: "shared" },
        };
        const { refused } = await makeStack(moto, sections);
        expect(refused).toContain(
            "aws:eks/cluster:Cluster cluster-cluster: eks.CreateCluster: upgradePolicy.supportType: 'FOREVER' is none of STANDARD, EXTENDED",
        );
        expect(refused).toContain(
            "aws:ec2/vpc:Vpc network-vpc: ec2.CreateVpc: InstanceTenancy: 'shared' is none of default, dedicated, host",
        );
        expect(refused.some((line) => line.startsWith("aws:ec2/subnet:Subnet network-public-a: "))).toBe(true);
    });

    const trust = (document: object): string => JSON.stringify({ Version: "2012-10-17", ...document });
    const role = { roleName: "one", assumeRolePolicyDocument: trust({ Statement: [] }) };
    it("an action that no service has", async () => {
        const of = "aws:iam/rolePolicy:RolePolicy one";
        const statement = {
            Effect: "Allow",
            Action: ["s3:GetObjects", "s3:Get*", "eks:List*", "ekss:*"],
            Resource: "*",
        };
        expect(await actionsUnknown(moto, [{ of, document: { Statement: statement } }])).toEqual([
            `${of}: s3:GetObjects`,
            `${of}: ekss:*`,
        ]);
    });

    it.each<[what: string, operation: string, input: Readonly<Record<string, unknown>>, says: RegExp]>([
        [
            "a name that is too long",
            "iam.CreateRole",
            { ...role, roleName: "r".repeat(65) },
            /^roleName: 65 characters, allowed are 1 to 64$/i,
        ],
        [
            "a name with other characters",
            "kms.CreateAlias",
            { aliasName: "alias/a b", targetKeyId: "x" },
            /^AliasName: 'alias\/a b' does not match/,
        ],
        [
            "a name in capitals",
            "ecr.CreateRepository",
            { repositoryName: "Shop" },
            /^repositoryName: 'Shop' does not match/,
        ],
        [
            "a number beyond its range",
            "eks.CreateNodegroup",
            { clusterName: "c", nodegroupName: "n", subnets: [], nodeRole: "r", scalingConfig: { minSize: -1 } },
            /^scalingConfig\.minSize: -1 is not from 0 to None$/,
        ],
        [
            "a value of none that there are",
            "s3.PutBucketVersioning",
            { bucket: "b-b", versioningConfiguration: { status: "On" } },
            /Status: 'On' is none of Enabled, Suspended$/,
        ],
        [
            "an argument that is not there",
            "rds.CreateDBInstance",
            { dbInstanceIdentifier: "d", dbInstanceClass: "c", engine: "postgres", engineMode: "x" },
            /^engineMode: the service has no such argument; it has DBName, /,
        ],
        [
            "one that is missing",
            "acm.RequestCertificate",
            { validationMethod: "DNS" },
            /^DomainName: is missing, and the service requires it$/,
        ],
        [
            "an effect that is none",
            "iam.UpdateAssumeRolePolicy",
            { roleName: "one", policyDocument: trust({ Statement: [{ Effect: "Maybe" }] }) },
            /^MalformedPolicyDocument: /,
        ],
        [
            "an action in a trust policy that is none of roles",
            "iam.UpdateAssumeRolePolicy",
            {
                roleName: "one",
                policyDocument: trust({
                    Statement: [
                        { Effect: "Allow", Principal: { Service: "eks.amazonaws.com" }, Action: "s3:GetObject" },
                    ],
                }),
            },
            /^MalformedPolicyDocument: /,
        ],
        [
            "a policy without a resource",
            "iam.PutRolePolicy",
            {
                roleName: "one",
                policyName: "one",
                policyDocument: trust({ Statement: [{ Effect: "Allow", Action: "s3:GetObject" }] }),
            },
            /^MalformedPolicyDocument: /,
        ],
        [
            "a retention that logs have not",
            "logs.PutRetentionPolicy",
            { logGroupName: "g", retentionInDays: 31 },
            /^(InvalidParameter|ResourceNotFound)/,
        ],
        [
            "what is of nothing that is there",
            "ec2.CreateSubnet",
            { vpcId: "vpc-00000000000000000", cidrBlock: "10.0.0.0/24" },
            /^InvalidVpcID\.NotFound: /,
        ],
    ])("%s", async (_, operation, input, says) => {
        const [service, name] = operation.split(".") as [string, string];
        const answer = await moto.call({ service, operation: name, region, input });
        const lines =
            "refused" in answer
                ? answer.refused
                : "error" in answer
                  ? [`${answer.error.code}: ${answer.error.message}`]
                  : [JSON.stringify(answer)];
        expect(lines[0]).toMatch(says);
    });
});
