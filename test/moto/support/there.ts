// What a stack says is there already: made before it. The ids are moto's, not those of the settings; calls are told.
import type { Moto, Output } from "../../../lab/moto/moto.ts";
import type { Sections } from "../../plan/support/plans.ts";

const region = "eu-central-1";

/** @returns moto's id for each that the settings name */
export async function makeWhatIsThere(moto: Moto, sections: Sections): Promise<ReadonlyMap<string, string>> {
    const ask = async (
        operation: string,
        input: Readonly<Record<string, unknown>>,
        where = region,
    ): Promise<Output> => {
        const [service, name] = operation.split(".") as [string, string];
        const answer = await moto.call({ service, operation: name, region: where, input });
        if ("output" in answer) {
            return answer.output;
        }
        throw new Error(`${operation}: ${JSON.stringify(answer)}`);
    };
    const text = JSON.stringify(sections);
    const ids = new Map<string, string>();
    const replace = async (named: RegExp, make: (id: string, index: number) => Promise<string>): Promise<string[]> => {
        const found = [...new Set(text.match(named))];
        const made: string[] = [];
        for (const [index, id] of found.entries()) {
            made.push(await make(id, index));
            ids.set(id, made.at(-1)!);
        }
        return made;
    };

    const vpcs = await replace(/\bvpc-[0-9a-f]{17}\b/g, async () => {
        const made = await ask("ec2.CreateVpc", { cidrBlock: "10.0.0.0/16" });
        return made["Vpc"].VpcId as string;
    });
    const vpcId = vpcs[0];
    const subnets = await replace(/\bsubnet-[0-9a-f]{17}\b/g, async (_, index) => {
        const made = await ask("ec2.CreateSubnet", {
            vpcId,
            cidrBlock: `10.0.${index}.0/24`,
            availabilityZone: `${region}${"abc"[index % 3]!}`,
        });
        return made["Subnet"].SubnetId as string;
    });
    await replace(/\bsg-[0-9a-f]{17}\b/g, async (id) => {
        const made = await ask("ec2.CreateSecurityGroup", { vpcId, groupName: id, description: "is there" });
        return made["GroupId"] as string;
    });
    await replace(/\bZ0123456789ABCDEFGHIJ\b/g, async (id) => {
        const made = await ask("route53.CreateHostedZone", { name: "example.org", callerReference: id });
        return (made["HostedZone"].Id as string).replace("/hostedzone/", "");
    });
    await replace(/arn:aws:kms:[\w:/-]+/g, async () => (await ask("kms.CreateKey", {}))["KeyMetadata"].Arn as string);
    await replace(/arn:aws:acm:us-east-1:[\w:/-]+/g, async () => {
        const made = await ask("acm.RequestCertificate", { domainName: "static.example.org" }, "us-east-1");
        return made["CertificateArn"] as string;
    });
    const { platform, assets } = sections;
    if (platform?.cluster?.variant === "existing" && platform.variant === "aws") {
        await ask("eks.CreateCluster", {
            name: platform.cluster.name,
            roleArn: "arn:aws:iam::123456789012:role/eks",
            resourcesVpcConfig: { subnetIds: subnets.slice(0, 2) },
        });
    }
    if (assets?.variant === "s3" && assets.media?.variant === "existing") {
        await ask("s3.CreateBucket", {
            bucket: assets.media.bucket,
            createBucketConfiguration: { locationConstraint: region },
        });
    }
    await makeRestorable(ask, sections["database"]?.restore);
    return ids;
}

/** An instance of that name, and snapshots of one. */
async function makeRestorable(
    ask: (operation: string, input: Readonly<Record<string, unknown>>) => Promise<Output>,
    restore: { readonly from?: string; readonly backup?: string; readonly previous?: string } = {},
): Promise<void> {
    const { from, backup, previous } = restore;
    if (from === undefined && backup === undefined) {
        return;
    }
    const dbInstanceIdentifier = from ?? "was-there";
    await ask("rds.CreateDBInstance", {
        dbInstanceIdentifier,
        dbInstanceClass: "db.t4g.small",
        engine: "postgres",
        allocatedStorage: 20,
        masterUsername: "shop",
        masterUserPassword: "a-password-of-the-source",
    });
    for (const dbSnapshotIdentifier of [backup, previous]) {
        if (dbSnapshotIdentifier !== undefined) {
            await ask("rds.CreateDBSnapshot", { dbSnapshotIdentifier, dbInstanceIdentifier });
        }
    }
}
