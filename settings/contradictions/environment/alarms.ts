// Alarms that nobody would hear, and a budget that nobody could make.
import type { CloudName } from "../../clouds.ts";
import { removeCommand, setCommand, type Problem } from "../../problems.ts";
import { namesRecipients, usedClouds } from "../../resolve/alarms.ts";
import type { Settings } from "../../sections.ts";
import { advice, contradiction } from "../contradiction.ts";

const sections = ["environment", "platform", "apps", "database", "cache", "broker", "assets", "alarms"] as const;

const anAddress = setCommand("alarms.emails[0]", "ADDRESS");

export const productionWithoutAlarms = advice(sections, (settings): Problem[] => {
    const { environment, alarms } = settings;
    if (environment.kind !== "production" || usedClouds(settings).length === 0 || namesRecipients(alarms)) {
        return [];
    }
    return [
        {
            path: "alarms.emails",
            found: "nobody",
            allowed:
                "an address: a full disk, an expiring certificate and a host that does not answer are then told before users tell",
            fix: anAddress,
        },
    ];
});

/** Nobody gets up at night for a pull request, and each host's check costs money. */
export const alarmsOfEphemeral = contradiction(["environment", "alarms"], ({ environment, alarms }): Problem[] =>
    environment.kind === "ephemeral" && namesRecipients(alarms)
        ? [
              {
                  path: "alarms",
                  found: "recipients in an ephemeral environment",
                  allowed: "none: what it stands on is watched by the stack that lends it",
                  fix: removeCommand("alarms"),
              },
          ]
        : [],
);

/** Alarms are the clouds': a cluster alone has nobody who sends a message. */
export const alarmsWithoutCloud = contradiction(sections, (settings): Problem[] => {
    const { environment, alarms } = settings;
    if (environment.kind === "ephemeral" || !namesRecipients(alarms) || usedClouds(settings).length > 0) {
        return [];
    }
    return [
        {
            path: "alarms",
            found: "recipients, and no cloud: platform, stores and files are all elsewhere",
            allowed: "none: alarms are made in the cloud of the platform or of a store",
            fix: `${removeCommand("alarms")}, and let what watches your cluster watch this namespace`,
        },
    ];
});

/** What is set for a cloud of which the stack has nothing, or whose budget nobody would hear of. */
export const idleAlarms = contradiction(sections, (settings): Problem[] => {
    const { environment, alarms } = settings;
    const used = usedClouds(settings);
    if (environment.kind === "ephemeral" || used.length === 0) {
        return [];
    }
    const { aws, gcp } = alarms;
    const set: ReadonlyArray<readonly [cloud: CloudName, setting: string, found: string | undefined]> = [
        ["aws", "topics", aws.topics.length > 0 ? `${aws.topics.length} named` : undefined],
        ["aws", "monthlyBudget", aws.monthlyBudget?.toString()],
        ["gcp", "channels", gcp.channels.length > 0 ? `${gcp.channels.length} named` : undefined],
        ["gcp", "monthlyBudget", gcp.monthlyBudget?.toString()],
    ];
    return set.flatMap(([cloud, setting, found]): Problem[] => {
        const path = `alarms.${cloud}.${setting}`;
        if (found === undefined) {
            return [];
        }
        if (!used.includes(cloud)) {
            return [
                {
                    path,
                    found: `${found}, and nothing of this stack is there`,
                    allowed: `none, for this stack is in ${used.join(" and ")}`,
                    fix: removeCommand(path),
                },
            ];
        }
        return heard(alarms, cloud)
            ? []
            : [
                  {
                      path,
                      found: `${found}, and nobody to tell`,
                      allowed: "an address, or a channel of that cloud",
                      fix: anAddress,
                  },
              ];
    });
});

/** A cloud that something is in, whose alarms would reach nobody. */
export const unheardAlarms = contradiction([...sections, "clouds"], (settings): Problem[] => {
    const { environment, alarms, clouds } = settings;
    if (environment.kind === "ephemeral" || !namesRecipients(alarms) || alarms.emails.length > 0) {
        return [];
    }
    return usedClouds(settings).flatMap((cloud): Problem[] => {
        if (!heard(alarms, cloud)) {
            return [
                {
                    path: "alarms.emails",
                    found: `nobody, and no channel of ${cloud}, where something of this stack is`,
                    allowed: "an address, which every cloud writes to",
                    fix: anAddress,
                },
            ];
        }
        // What is not of a region is measured in us-east-1, and an alarm tells topics of its own region alone.
        const regions = cloud === "aws" && clouds.aws ? [...new Set([clouds.aws.region, "us-east-1"])] : [];
        return regions
            .filter((region) => !alarms.aws.topics.some((topic) => topic.split(":")[3] === region))
            .map((region) => ({
                path: "alarms.aws.topics",
                found: `none in ${region}`,
                allowed: `one in ${regions.join(" and one in ")}: an alarm tells topics of its own region alone, and those of hosts and of the CDN are in us-east-1`,
                fix: `name one more, or an address: ${anAddress}`,
            }));
    });
});

export const budgetWithoutAccount = contradiction(["alarms"], ({ alarms: { gcp } }): Problem[] => {
    const { monthlyBudget, billingAccount } = gcp;
    if ((monthlyBudget === undefined) === (billingAccount === undefined)) {
        return [];
    }
    return monthlyBudget === undefined
        ? [
              {
                  path: "alarms.gcp.monthlyBudget",
                  found: "nothing, beside a billing account",
                  allowed: "an amount, in that account's currency",
                  fix: setCommand("alarms.gcp.monthlyBudget", "1200"),
              },
          ]
        : [
              {
                  path: "alarms.gcp.billingAccount",
                  found: "nothing",
                  allowed: "the account that pays for the project: budgets are its (gcloud billing accounts list)",
                  fix: setCommand("alarms.gcp.billingAccount", "ACCOUNT"),
              },
          ];
});

function heard(alarms: Settings["alarms"], cloud: CloudName): boolean {
    const channels: Readonly<Record<CloudName, number>> = {
        aws: alarms.aws.topics.length,
        gcp: alarms.gcp.channels.length,
        digitalocean: 0,
    };
    return alarms.emails.length + channels[cloud] > 0;
}
