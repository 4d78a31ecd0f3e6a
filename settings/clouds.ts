// Which account of each cloud the stack may touch. Credentials are never here: the clouds' own tools provide them.
import { z } from "zod";
import { text } from "./fields.ts";

const region = text("a region's name, for example europe-west1, eu-central-1 or fra1", (value) =>
    /^[a-z][a-z0-9-]{2,30}$/.test(value),
);

/** Credentials: `gcloud auth application-default login`, or Workload Identity Federation in CI. */
const gcp = z.strictObject({
    project: text("a project's id: 6 to 30 lower-case letters, digits and hyphens", (value) =>
        /^[a-z][a-z0-9-]{4,28}[a-z0-9]$/.test(value),
    ),
    region,
});

/** Credentials: whatever the AWS CLI uses (AWS_PROFILE, SSO, OIDC in CI). */
const aws = z.strictObject({
    /** The only account that the provider works on: with credentials of another, it stops before the first change. */
    account: text('an account\'s id: 12 digits in quotes, for example "123456789012"', (value) =>
        /^[0-9]{12}$/.test(value),
    ),
    region,
});

/** Credentials: DIGITALOCEAN_TOKEN; for Spaces also SPACES_ACCESS_KEY_ID and SPACES_SECRET_ACCESS_KEY. */
const digitalocean = z.strictObject({ region });

export const cloudsSchema = z.strictObject({
    gcp: gcp.optional(),
    aws: aws.optional(),
    digitalocean: digitalocean.optional(),
});

export type CloudsSettings = z.output<typeof cloudsSchema>;
export type CloudName = keyof CloudsSettings;
