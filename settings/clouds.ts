// Which account of each cloud the stack may touch. Credentials are never here: the clouds' own tools provide them.
import { z } from "zod";
import { text } from "./fields.ts";

const region = (example: string) =>
    text(`a region's name, for example ${example}`, /^[a-z][a-z0-9-]{2,30}$/).describe(
        "Where everything is made. Never changed.",
    );

const gcp = z
    .strictObject({
        project: text(
            "a project's id: 6 to 30 lower-case letters, digits and hyphens",
            /^[a-z][a-z0-9-]{4,28}[a-z0-9]$/,
        )
            .meta({ example: "PROJECT", alsoCalled: ["projectId"] })
            .describe("Where everything is made."),
        region: region("europe-west1"),
    })
    .describe("Credentials: `gcloud auth application-default login`, or Workload Identity Federation in CI.");

const aws = z
    .strictObject({
        account: text('an account\'s id: 12 digits in quotes, for example "123456789012"', /^[0-9]{12}$/)
            .meta({ example: "ACCOUNT", alsoCalled: ["accountId"] })
            .describe(
                "The only account that the provider works on: with credentials of another, it stops before the first change.",
            ),
        region: region("eu-central-1"),
    })
    .describe("Credentials: whatever the AWS CLI uses (AWS_PROFILE, SSO, OIDC in CI).");

const digitalocean = z
    .strictObject({ region: region("fra1") })
    .describe(
        "Credentials: DIGITALOCEAN_ACCESS_TOKEN, which the provider and `doctl` both read; for Spaces also SPACES_ACCESS_KEY_ID and SPACES_SECRET_ACCESS_KEY.",
    );

export const cloudsSchema = z.strictObject({
    gcp: gcp.optional().meta({ defaultsTo: "not used", alsoCalled: ["google", "googleCloud", "gke"] }),
    aws: aws.optional().meta({ defaultsTo: "not used", alsoCalled: ["amazon"] }),
    digitalocean: digitalocean.optional().meta({ defaultsTo: "not used", alsoCalled: ["do"] }),
});

export type CloudsSettings = z.output<typeof cloudsSchema>;
export type CloudName = keyof CloudsSettings;
