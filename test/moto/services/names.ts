// Route 53 and ACM.
// @see https://docs.aws.amazon.com/Route53/latest/APIReference/API_Operations.html
// @see https://docs.aws.amazon.com/acm/latest/APIReference/API_Operations.html
import type { PlainMap } from "../../../commands/plan/answers/values.ts";
import { renamed, type Making, type Translations } from "./translation.ts";

function recordSet({ input, text }: Making): PlainMap {
    const { records, aliases, ...given } = input("zoneId", "allowOverwrite", "type");
    return {
        ...given,
        type: text("type"),
        ...(records !== undefined && {
            resourceRecords: (records as string[]).map((value) => ({
                // As Terraform does, which takes long texts in parts.
                value: text("type") === "TXT" ? `"${value}"` : value,
            })),
        }),
        ...(aliases !== undefined && {
            aliasTarget: renamed((aliases as PlainMap[])[0]!, { name: "DNSName", zoneId: "hostedZoneId" }),
        }),
    };
}

const changed = (action: string) => (making: Making) =>
    making.call("route53.ChangeResourceRecordSets", {
        hostedZoneId: making.text("zoneId"),
        changeBatch: { comment: "Managed by Pulumi", changes: [{ action, resourceRecordSet: recordSet(making) }] },
    });

export const names: Translations = {
    "aws:route53/zone:Zone": {
        up: async ({ call, input, asked }) => {
            const { comment, tags, vpcs, ...given } = input("forceDestroy");
            const made = await call("route53.CreateHostedZone", {
                ...given,
                callerReference: asked.name,
                hostedZoneConfig: { comment },
                ...(vpcs !== undefined && { vpc: (vpcs as PlainMap[])[0] }),
            });
            const id = (made?.["HostedZone"].Id as string | undefined)?.replace("/hostedzone/", "");
            if (id !== undefined && tags !== undefined) {
                await call("route53.ChangeTagsForResource", {
                    resourceType: "hostedzone",
                    resourceId: id,
                    addTags: tags,
                });
            }
            return id === undefined
                ? undefined
                : {
                      id,
                      zoneId: id,
                      arn: `arn:aws:route53:::hostedzone/${id}`,
                      nameServers: made?.["DelegationSet"].NameServers as string[],
                  };
        },
        down: ({ call, asked }) => call("route53.DeleteHostedZone", { id: asked.id }),
    },
    "aws:route53/record:Record": {
        up: async (making) => {
            await changed(making.input()["allowOverwrite"] === true ? "UPSERT" : "CREATE")(making);
            return undefined;
        },
        down: changed("DELETE"),
    },
    "aws:route53/keySigningKey:KeySigningKey": {
        up: async ({ call, input, text, asked }) => {
            const { keyManagementServiceArn, ...given } = input("name");
            await call("route53.CreateKeySigningKey", {
                ...given,
                name: text("name"),
                keyManagementServiceArn,
                callerReference: asked.name,
                status: given["status"] ?? "ACTIVE",
            });
            return undefined;
        },
        down: async ({ call, text }) => {
            const key = { hostedZoneId: text("hostedZoneId"), name: text("name") };
            await call("route53.DeactivateKeySigningKey", key);
            await call("route53.DeleteKeySigningKey", key);
        },
    },
    "aws:route53/hostedZoneDnsSec:HostedZoneDnsSec": {
        up: async ({ call, text }) => {
            await call("route53.EnableHostedZoneDNSSEC", { hostedZoneId: text("hostedZoneId") });
            return undefined;
        },
        down: ({ call, text }) => call("route53.DisableHostedZoneDNSSEC", { hostedZoneId: text("hostedZoneId") }),
    },
    "aws:acm/certificate:Certificate": {
        up: async ({ call, input, asked }) => {
            const { subjectAlternativeNames, ...given } = input();
            const others = (subjectAlternativeNames ?? []) as string[];
            const made = await call("acm.RequestCertificate", {
                ...given,
                // The service wants none or some.
                ...(others.length > 0 && { subjectAlternativeNames: others }),
                idempotencyToken: asked.name.replaceAll(/\W/g, "").slice(0, 32),
            });
            const arn = made?.["CertificateArn"] as string | undefined;
            if (arn === undefined) {
                return undefined;
            }
            const found = await call("acm.DescribeCertificate", { certificateArn: arn });
            const options = found?.["Certificate"].DomainValidationOptions as Record<string, Record<string, string>>[];
            return {
                id: arn,
                arn,
                domainValidationOptions: options.map(({ DomainName, ResourceRecord }) => ({
                    domainName: DomainName as unknown as string,
                    resourceRecordName: ResourceRecord!["Name"]!,
                    resourceRecordType: ResourceRecord!["Type"]!,
                    resourceRecordValue: ResourceRecord!["Value"]!,
                })),
            };
        },
        down: ({ call, asked }) => call("acm.DeleteCertificate", { certificateArn: asked.id }),
    },
    "aws:acm/certificateValidation:CertificateValidation": {
        up: async ({ call, text }) => {
            await call("acm.DescribeCertificate", { certificateArn: text("certificateArn") });
            return undefined;
        },
    },
};
