// Alarms: who hears them, in which cloud, and what nobody would hear.
// Does not prove: that a message arrives.
import { describe, expect, test } from "vitest";
import { resolveAlarms } from "../../../../settings/resolve/alarms.ts";
import { checked, type Change } from "../../../support/settings.ts";
import { quiet, refused, told } from "../../../support/findings.ts";

const server = { variant: "create", version: "17", instanceClass: "db.t4g.small", storage: "20Gi", maxConnections: 90 };
const network = {
    vpcId: "vpc-0a1b2c3d4e5f60718",
    subnetIds: ["subnet-0a1b2c3d4e5f60718", "subnet-0a1b2c3d4e5f60719"],
    clientSecurityGroupIds: ["sg-0a1b2c3d4e5f60718"],
    cidrs: ["10.0.0.0/16"],
};
const rds: Change = ["database", { variant: "rds", server: { ...server, network } }];
const cloudStorage: Change = [
    "assets",
    { variant: "cloud-storage", static: { variant: "create", host: "static.shop.example.org" } },
];
const emails: Change = ["alarms.emails", ["ops@example.org"]];
const topicHere = "arn:aws:sns:eu-central-1:123456789012:on-call";
const topicAfar = "arn:aws:sns:us-east-1:123456789012:on-call";

const elsewhere = (path: string, found: string, used: string) => ({
    path,
    found: `${found}, and nothing of this stack is there`,
    allowed: `none, for this stack is in ${used}`,
    fix: `pulumi config rm --path '${path}'`,
});
const addAddress = "pulumi config set --path 'alarms.emails[0]' ADDRESS";

refused(
    "recipients",
    [
        [
            "that are no address",
            [["alarms.emails", ["ops"]]],
            [
                {
                    path: "alarms.emails[0]",
                    found: '"ops"',
                    allowed: "an address for mail, for example operations@example.org",
                    fix: "pulumi config set --path 'alarms.emails[0]' operations@example.org",
                },
            ],
        ],
        [
            "in an ephemeral environment",
            [["environment.kind", "ephemeral"], rds, emails],
            [
                {
                    path: "alarms",
                    found: "recipients in an ephemeral environment",
                    allowed: "none: what it stands on is watched by the stack that lends it",
                    fix: "pulumi config rm --path 'alarms'",
                },
            ],
        ],
        [
            "where nothing is in a cloud",
            [emails],
            [
                {
                    path: "alarms",
                    found: "recipients, and no cloud: platform, stores and files are all elsewhere",
                    allowed: "none: alarms are made in the cloud of the platform or of a store",
                    fix: "pulumi config rm --path 'alarms', and let what watches your cluster watch this namespace",
                },
            ],
        ],
        [
            "of a cloud that nothing is in",
            [rds, emails, ["alarms.gcp.channels", ["projects/example-shop/notificationChannels/1"]]],
            [elsewhere("alarms.gcp.channels", "1 named", "aws")],
        ],
        [
            "of another cloud than the store's, which nobody would hear",
            [cloudStorage, ["alarms.aws.topics", [topicHere]]],
            [
                elsewhere("alarms.aws.topics", "1 named", "gcp"),
                {
                    path: "alarms.emails",
                    found: "nobody, and no channel of gcp, where something of this stack is",
                    allowed: "an address, which every cloud writes to",
                    fix: addAddress,
                },
            ],
        ],
        [
            "topics without the region where hosts are measured",
            [rds, ["alarms.aws.topics", [topicHere]]],
            [
                {
                    path: "alarms.aws.topics",
                    found: "none in us-east-1",
                    allowed:
                        "one in eu-central-1 and one in us-east-1: an alarm tells topics of its own region alone, and those of hosts and of the CDN are in us-east-1",
                    fix: `name one more, or an address: ${addAddress}`,
                },
            ],
        ],
    ],
    quiet,
);

refused(
    "a budget",
    [
        [
            "that nobody would hear of",
            [rds, ["alarms.aws.monthlyBudget", 900]],
            [
                {
                    path: "alarms.aws.monthlyBudget",
                    found: "900, and nobody to tell",
                    allowed: "an address, or a channel of that cloud",
                    fix: addAddress,
                },
            ],
        ],
        [
            "of a cloud that nothing is in",
            [cloudStorage, emails, ["alarms.aws.monthlyBudget", 900]],
            [elsewhere("alarms.aws.monthlyBudget", "900", "gcp")],
        ],
        [
            "of Google Cloud without the account that pays",
            [cloudStorage, emails, ["alarms.gcp.monthlyBudget", 900]],
            [
                {
                    path: "alarms.gcp.billingAccount",
                    found: "nothing",
                    allowed: "the account that pays for the project: budgets are its (gcloud billing accounts list)",
                    fix: "pulumi config set --path 'alarms.gcp.billingAccount' ACCOUNT",
                },
            ],
        ],
        [
            "of no amount",
            [cloudStorage, emails, ["alarms.gcp.billingAccount", "012345-567890-ABCDEF"]],
            [
                {
                    path: "alarms.gcp.monthlyBudget",
                    found: "nothing, beside a billing account",
                    allowed: "an amount, in that account's currency",
                    fix: "pulumi config set --path 'alarms.gcp.monthlyBudget' 1200",
                },
            ],
        ],
    ],
    quiet,
);

const production: readonly Change[] = [
    ...quiet,
    ["environment.kind", "production"],
    ["apps[0].web.replicas", { min: 2, max: 2 }],
];

told(
    "production",
    [
        [
            "that tells nobody",
            [rds],
            [
                {
                    path: "alarms.emails",
                    found: "nobody",
                    allowed:
                        "an address: a full disk, an expiring certificate and a host that does not answer are then told before users tell",
                    fix: addAddress,
                },
            ],
        ],
        ["that tells an address", [rds, emails], []],
        ["that tells topics of both regions", [rds, ["alarms.aws.topics", [topicHere, topicAfar]]], []],
        ["without a cloud: there is nobody who could send a message", [], []],
    ],
    production,
);

told("staging", [["that tells nobody, which is its own affair", [rds], []]], quiet);

describe("who watches", () => {
    const resolved = (...changes: readonly Change[]) => resolveAlarms(checked(...quiet, ...changes));

    test("nobody, where nobody is to be told", () => {
        expect(resolved(rds)).toBeUndefined();
    });

    test("every cloud that something is in; hosts are asked by one of them", () => {
        const { aws, gcp, digitalocean, uptime } = resolved(rds, cloudStorage, emails)!;
        expect(Object.entries({ aws, gcp, digitalocean }).filter(([, of]) => of !== undefined)).toHaveLength(2);
        expect(digitalocean).toBeUndefined();
        expect(uptime).toBe("aws");
    });
});
