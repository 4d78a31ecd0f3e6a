// A certificate of ACM, proved by records of a zone and renewed by AWS for as long as those are there.
import * as pulumi from "@pulumi/pulumi";
import { Certificate } from "@pulumi/aws/acm/certificate.js";
import { CertificateValidation } from "@pulumi/aws/acm/certificateValidation.js";
import { Record as DnsRecord } from "@pulumi/aws/route53/record.js";

export interface AcmCertificateArgs {
    /** Names and wildcards (`*.example.org`) of the zone, in any order. Ten at most, unless the account's quota is raised. */
    readonly hosts: readonly string[];
    /** The Route 53 zone that all of them are in. It has to be delegated: until it is, validation waits, for 75 minutes at most. */
    readonly zoneId: pulumi.Input<string>;
    /** CloudFront takes certificates of us-east-1 only. @default the provider's */
    readonly region?: string;
}

export class AcmCertificate extends pulumi.ComponentResource {
    /** Known once the certificate may be used. */
    readonly arn: pulumi.Output<string>;

    constructor(name: string, args: AcmCertificateArgs, opts?: pulumi.ComponentResourceOptions) {
        super("django-on-kubernetes:certificates:Acm", name, {}, opts);
        // A certificate's own name has 64 characters at most, its others 253: the shortest is its own, in whatever order they come.
        const [domainName, ...others] = args.hosts.toSorted((a, b) => a.length - b.length || (a < b ? -1 : 1));
        if (domainName === undefined) {
            throw new Error(
                `AcmCertificate ${name}: hosts is empty. Allowed: at least one name, for example shop.example.org.`,
            );
        }
        const region = args.region !== undefined && { region: args.region };
        const certificate = new Certificate(
            `${name}-certificate`,
            { domainName, subjectAlternativeNames: others, validationMethod: "DNS", ...region },
            { parent: this },
        );
        const records = this.prove(name, args, certificate);
        const validation = new CertificateValidation(
            `${name}-validation`,
            { certificateArn: certificate.arn, validationRecordFqdns: records.map(({ fqdn }) => fqdn), ...region },
            { parent: this },
        );
        this.arn = validation.certificateArn;
        this.registerOutputs({ arn: this.arn });
    }

    /** Each by its name: another host changes none. A wildcard is proved by the record of the name below it. */
    private prove(name: string, { hosts, zoneId }: AcmCertificateArgs, certificate: Certificate): readonly DnsRecord[] {
        const names = [...new Set(hosts.map(withoutWildcard))];
        return names.map((host) => {
            const option = certificate.domainValidationOptions.apply((options) =>
                // Absent where nothing computes it, as in a plan.
                (options as typeof options | undefined)?.find(({ domainName }) => withoutWildcard(domainName) === host),
            );
            return new DnsRecord(
                `${name}-proof-${host}`,
                {
                    zoneId,
                    name: option.apply((found) => found?.resourceRecordName ?? `_proof.${host}`),
                    type: option.apply((found) => found?.resourceRecordType ?? "CNAME"),
                    records: [option.apply((found) => found?.resourceRecordValue ?? "_proof.acm-validations.aws")],
                    ttl: 300,
                    // The account and the name decide the record: one that is there already is the same one.
                    allowOverwrite: true,
                },
                { parent: this },
            );
        });
    }
}

function withoutWildcard(host: string): string {
    return host.replace(/^\*\./, "");
}
