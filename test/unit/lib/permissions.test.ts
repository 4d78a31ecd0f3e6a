// Which permissions a stack's resources need.
// Does not prove: that a cloud asks for just these; test/moto/permissions.test.ts tries those of AWS at a stand-in.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { projectRoot } from "../../../commands/support/paths.ts";
import { clouds, madeIn } from "../../../lib/catalogue/index.ts";
import {
    awsPolicies,
    commands,
    deeds,
    gcpRole,
    needsSpacesKey,
    permissionClouds,
    permissionsFor,
    permissionTables,
    type CommandName,
    type PermissionTable,
} from "../../../lib/permissions/index.ts";

const forms = {
    aws: /^[a-z0-9-]+:[A-Z][A-Za-z0-9]+$/,
    gcp: /^[a-z]+(\.[a-zA-Z]+){1,2}$/,
    digitalocean: /^[a-z_]+:(read|create|update|delete|access_cluster|view_credentials|create_credentials)$/,
};
const names = Object.keys(commands) as CommandName[];
const bucket = "aws:s3/bucket:Bucket";

describe("the tables", () => {
    it("are of every cloud", () => {
        expect([...permissionClouds].sort()).toEqual([...clouds].sort());
    });

    it.each(permissionClouds)("%s: say what every type that the program makes needs", (cloud) => {
        const table: PermissionTable = permissionTables[cloud];
        expect(madeIn(cloud).filter((type) => table[type] === undefined)).toEqual([]);
    });

    it.each(permissionClouds)("%s: are written as the cloud writes them", (cloud) => {
        const words = Object.values<PermissionTable[string]>(permissionTables[cloud]).flatMap((row) =>
            deeds.flatMap((deed) => row[deed]),
        );
        expect(words.length).toBeGreaterThan(40);
        expect(words.filter((word) => !forms[cloud].test(word))).toEqual([]);
    });

    it("have no permission of Google's that there is not: addresses are never updated, policies are written whole", () => {
        const all = permissionsFor("gcp", madeIn("gcp"), "up");
        expect(all.filter((one) => /addresses\.update$|IamPolicy\.|keyRings\.(update|delete)$/i.test(one))).toEqual([]);
    });

    it("let node pools and clusters be read, which lists instance groups", () => {
        for (const type of ["gcp:container/nodePool:NodePool", "gcp:container/cluster:Cluster"]) {
            expect(permissionsFor("gcp", [type], "preview")).toContain("compute.instanceGroupManagers.list");
        }
    });
});

describe("what a command needs", () => {
    it("is also for what the program looks up: the load balancer of an alarm is found by its tag, whoever only reads", () => {
        const types = ["aws:cloudwatch/metricAlarm:MetricAlarm"];
        for (const command of ["preview", "up"] as const) {
            expect(permissionsFor("aws", types, command)).toContain("tag:GetResources");
        }
    });

    it("of up is all, of a preview reading, of destroy reading and deleting", () => {
        expect(permissionsFor("aws", ["aws:acm/certificate:Certificate"], "preview")).toEqual([
            "acm:DescribeCertificate",
            "acm:ListTagsForCertificate",
        ]);
        expect(permissionsFor("aws", ["aws:acm/certificate:Certificate"], "destroy")).toEqual([
            "acm:DeleteCertificate",
            "acm:DescribeCertificate",
            "acm:ListTagsForCertificate",
        ]);
        expect(permissionsFor("aws", ["aws:acm/certificate:Certificate"], "up")).toContain("acm:RequestCertificate");
    });

    it.each(permissionClouds)("%s: up has what preview and destroy have", (cloud) => {
        const up = permissionsFor(cloud, madeIn(cloud), "up");
        for (const name of names) {
            expect(permissionsFor(cloud, madeIn(cloud), name).filter((word) => !up.includes(word))).toEqual([]);
        }
    });

    it("a preview changes nothing", () => {
        const changing = /:(Create|Delete|Put|Modify|Update|Attach|Detach|Run|Tag|Authorize|Revoke|Request|Encrypt)/;
        expect(permissionsFor("aws", madeIn("aws"), "preview").filter((action) => changing.test(action))).toEqual([]);
        const words = /\.(create|delete|update|set\w*|actAs|enable|disable|addPeering|useToEncrypt)$/;
        expect(permissionsFor("gcp", madeIn("gcp"), "preview").filter((one) => words.test(one))).toEqual([]);
        const scopes = permissionsFor("digitalocean", madeIn("digitalocean"), "preview");
        expect(scopes.filter((scope) => /:(create|update|delete)/.test(scope))).toEqual([]);
    });

    it("is of one cloud, each once and sorted", () => {
        const types = [bucket, bucket, "gcp:storage/bucket:Bucket", "random:index/randomPassword:RandomPassword"];
        const actions = permissionsFor("aws", types, "up");
        expect(actions).toEqual([...new Set(actions)].sort());
        expect(actions.every((action) => action.startsWith("s3:"))).toBe(true);
    });

    it("is refused where nobody has said it", () => {
        expect(() => permissionsFor("aws", ["aws:sqs/queue:Queue"], "up")).toThrow(
            "lib/permissions/aws.ts does not say what aws:sqs/queue:Queue needs",
        );
    });
});

describe("policies of IAM", () => {
    const policies = awsPolicies(madeIn("aws"), "up");

    it("have room for what they allow: 6144 characters each", () => {
        expect(policies.length).toBeGreaterThan(1);
        expect(policies.map((policy) => JSON.stringify(policy).length).filter((length) => length > 6144)).toEqual([]);
    });

    it("together allow all, and nothing twice", () => {
        const actions = policies.flatMap(({ Statement }) => Statement.flatMap(({ Action }) => Action));
        expect(new Set(actions).size).toBe(actions.length);
        expect(actions.filter((action) => !/iam:(PassRole|CreateServiceLinkedRole)/.test(action)).sort()).toEqual(
            permissionsFor("aws", madeIn("aws"), "up"),
        );
    });

    it("have one name for each statement, letters and digits alone", () => {
        for (const { Statement } of policies) {
            const ids = Statement.map(({ Sid }) => Sid);
            expect(new Set(ids).size).toBe(ids.length);
            expect(ids.filter((id) => !/^[A-Za-z0-9]+$/.test(id))).toEqual([]);
        }
    });

    it("give roles to the services that take them, and to no other", () => {
        const [policy] = awsPolicies(["aws:eks/podIdentityAssociation:PodIdentityAssociation"], "up");
        expect(policy?.Statement.at(-1)).toEqual({
            Sid: "GiveRolesToServices",
            Effect: "Allow",
            Action: "iam:PassRole",
            Resource: "*",
            Condition: { StringEquals: { "iam:PassedToService": ["pods.eks.amazonaws.com"] } },
        });
    });

    it("let services make roles of their own, the first time", () => {
        const [policy] = awsPolicies(["aws:elasticache/replicationGroup:ReplicationGroup"], "up");
        expect(policy?.Statement.at(-1)?.Condition).toEqual({
            StringEquals: { "iam:AWSServiceName": ["elasticache.amazonaws.com"] },
        });
    });

    it.each(["preview", "destroy"] as const)("give no roles to anybody for %s", (command) => {
        const text = JSON.stringify(awsPolicies(madeIn("aws"), command));
        expect(text).not.toMatch(/PassRole|CreateServiceLinkedRole/);
    });

    it("allow nothing by a star", () => {
        const actions = policies.flatMap(({ Statement }) => Statement.flatMap(({ Action }) => Action));
        expect(actions.filter((action) => action.includes("*"))).toEqual([]);
    });
});

describe("a custom role of Google Cloud", () => {
    it("is what gcloud reads", () => {
        expect(gcpRole(["gcp:kms/keyRing:KeyRing"], "up")).toBe(
            "title: Django on Kubernetes, up\nstage: GA\nincludedPermissions:\n  - cloudkms.keyRings.create\n  - cloudkms.keyRings.get\n",
        );
    });

    it("has none that belong to the billing account, where a role of the project refuses them", () => {
        expect(gcpRole(["gcp:billing/budget:Budget"], "up")).not.toContain("billing");
    });
});

/** Which of Google's own roles has what a permission begins with. */
const googleRoles: Readonly<Record<string, string>> = {
    artifactregistry: "roles/artifactregistry.admin",
    billing: "roles/billing.costsManager",
    certificatemanager: "roles/certificatemanager.owner",
    cloudkms: "roles/cloudkms.admin",
    cloudsql: "roles/cloudsql.admin",
    compute: "roles/compute.networkAdmin",
    "compute.instanceGroupManagers": "roles/compute.viewer",
    "compute.securityPolicies": "roles/compute.securityAdmin",
    "compute.sslPolicies": "roles/compute.securityAdmin",
    container: "roles/container.admin",
    dns: "roles/dns.admin",
    iam: "roles/iam.serviceAccountAdmin",
    "iam.workloadIdentityPoolProviders": "roles/iam.workloadIdentityPoolAdmin",
    "iam.workloadIdentityPools": "roles/iam.workloadIdentityPoolAdmin",
    logging: "roles/logging.configWriter",
    monitoring: "roles/monitoring.editor",
    redis: "roles/redis.admin",
    resourcemanager: "roles/resourcemanager.projectIamAdmin",
    servicenetworking: "roles/servicenetworking.networksAdmin",
    serviceusage: "roles/serviceusage.serviceUsageAdmin",
    storage: "roles/storage.admin",
    "storage.hmacKeys": "roles/storage.hmacKeyAdmin",
};

describe("Google's own roles", () => {
    it("of docs/clouds/gcp.md are of every service that a stack asks", async () => {
        const page = await readFile(join(projectRoot, "docs/clouds/gcp.md"), "utf8");
        const missing = permissionsFor("gcp", madeIn("gcp"), "up").filter((permission) => {
            const [service, kind] = permission.split(".") as [string, string];
            const role = googleRoles[`${service}.${kind}`] ?? googleRoles[service];
            return role === undefined || !page.includes(`\`${role}\``);
        });
        expect(missing).toEqual([]);
    });

    it("let a log bucket of one's own be deleted, which a destroy asks", () => {
        const type = "gcp:logging/projectBucketConfig:ProjectBucketConfig";
        expect(permissionsFor("gcp", [type], "destroy")).toContain("logging.buckets.delete");
    });
});

describe("DigitalOcean", () => {
    it("takes a Spaces key beside the token where there are buckets", () => {
        expect(needsSpacesKey(["digitalocean:index/spacesBucket:SpacesBucket"])).toBe(true);
        expect(needsSpacesKey(["digitalocean:index/vpc:Vpc"])).toBe(false);
    });

    it("asks with the scope of a kind for those that read regions, sizes and actions", () => {
        const scopes = permissionsFor("digitalocean", ["digitalocean:index/databaseDb:DatabaseDb"], "up");
        expect(scopes).toEqual([
            "actions:read",
            "database:create",
            "database:delete",
            "database:read",
            "database:update",
            "database:view_credentials",
            "regions:read",
            "sizes:read",
        ]);
    });
});
