// A repository for each image, below one prefix.
import * as pulumi from "@pulumi/pulumi";
import { LifecyclePolicy } from "@pulumi/aws/ecr/lifecyclePolicy.js";
import { Repository } from "@pulumi/aws/ecr/repository.js";
import { withNative } from "../../../lib/native.ts";
import type { DataPolicy } from "../../contract.ts";
import type { Registry } from "../contract.ts";

export interface EcrRegistryArgs {
    readonly instance: string;
    readonly account: string;
    readonly region: string;
    readonly data: DataPolicy;
    /** What is pushed: `shop` becomes `<prefix>/shop`. */
    readonly repositories: readonly string[];
    /** How many images of each stay, the youngest. A running release and those to go back to have to be among them. */
    readonly keepImages: number;
    /** Arguments of each aws.ecr.Repository over ours. @default none */
    readonly native?: Readonly<Record<string, unknown>>;
}

const untaggedDays = 7;

export class EcrRegistry extends pulumi.ComponentResource implements Registry {
    readonly prefix: pulumi.Output<string>;
    /** The repositories' ARNs. */
    readonly arns: ReadonlyArray<pulumi.Output<string>>;

    constructor(name: string, args: EcrRegistryArgs, opts?: pulumi.ComponentResourceOptions) {
        super("django-on-kubernetes:registry:Ecr", name, {}, opts);
        const { instance, account, region } = args;
        this.arns = args.repositories.map((repository) =>
            this.createRepository(`${name}-${repository}`, `${instance}/${repository}`, args),
        );
        this.prefix = pulumi.output(`${account}.dkr.ecr.${region}.amazonaws.com/${instance}`);
        this.registerOutputs({ prefix: this.prefix });
    }

    private createRepository(
        key: string,
        path: string,
        { data, keepImages, native }: EcrRegistryArgs,
    ): pulumi.Output<string> {
        const repository = new Repository(
            `${key}-repository`,
            withNative(
                {
                    name: path,
                    // What was tested under a tag is what runs under it (R41).
                    imageTagMutability: "IMMUTABLE",
                    imageScanningConfiguration: { scanOnPush: true },
                    encryptionConfigurations: [{ encryptionType: "KMS" }],
                    forceDelete: data !== "protected",
                },
                native,
            ),
            { parent: this, protect: data === "protected" },
        );
        const expire = { type: "expire" };
        const rules = [
            {
                rulePriority: 1,
                description: "What a push left behind",
                selection: {
                    tagStatus: "untagged",
                    countType: "sinceImagePushed",
                    countUnit: "days",
                    countNumber: untaggedDays,
                },
                action: expire,
            },
            {
                rulePriority: 2,
                description: "All but the youngest",
                selection: { tagStatus: "any", countType: "imageCountMoreThan", countNumber: keepImages },
                action: expire,
            },
        ];
        new LifecyclePolicy(
            `${key}-expiry`,
            { repository: repository.name, policy: JSON.stringify({ rules }) },
            { parent: this },
        );
        return repository.arn;
    }
}
