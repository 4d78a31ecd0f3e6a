// Whether data can be got back: how far, and from elsewhere than where it is.
import { backupMarks } from "../lib/backup-marks.ts";
import type { PlanView } from "./plan-view.ts";
import { UnknownValue, type PolicyResource } from "./resource.ts";
import { rule, type Finding, type Rule } from "./rule.ts";
import { inputOf } from "./setting.ts";

const statefulSet = "kubernetes:apps/v1:StatefulSet";

/** Days in which a loss is noticed, as R59 has it of servers that a cloud runs. */
const enough = 7;

export const backupRules: readonly Rule[] = [
    rule("R138", "in production backups of a database in the cluster are kept for 7 days", function* (view) {
        if (view.environmentKind !== "production") {
            return;
        }
        for (const server of view.ofType(statefulSet)) {
            const days = markOf(server, backupMarks.keepDays);
            if (typeof days === "string" && !(Number(days) >= enough)) {
                yield {
                    resource: server,
                    path: `metadata.annotations["${backupMarks.keepDays}"]`,
                    found: days,
                    allowed: `at least ${enough}`,
                    fix: "raise backups.keep.days: some losses are noticed only after a week",
                };
            }
        }
    }),
    rule("R139", "files that are not thrown away at will keep their older versions for a time", function* (view) {
        if (!view.isThrownAway) {
            yield* unversioned(view);
        }
    }),
];

function markOf({ props }: PolicyResource, mark: string): unknown {
    const { annotations } = (props["metadata"] ?? {}) as { readonly annotations?: unknown };
    return annotations instanceof UnknownValue || annotations === undefined
        ? undefined
        : (annotations as Readonly<Record<string, unknown>>)[mark];
}

/** Where a bucket says that it keeps versions, it keeps them; where it says that it does not, a file is gone with one click. */
function* unversioned(view: PlanView): Generator<Finding> {
    for (const versions of view.ofType("aws:s3/bucketVersioning:BucketVersioning")) {
        const status = inputOf(versions, "versioningConfiguration.status");
        if (status !== "Enabled" && !(status instanceof UnknownValue)) {
            yield finding(versions, "versioningConfiguration.status", status, "Enabled");
        }
    }
    for (const type of ["gcp:storage/bucket:Bucket", "digitalocean:index/spacesBucket:SpacesBucket"] as const) {
        for (const bucket of view.ofType(type)) {
            const enabled = inputOf(bucket, "versioning.enabled");
            if (enabled === false) {
                yield finding(bucket, "versioning.enabled", enabled, "true");
            }
        }
    }
}

function finding(resource: PolicyResource, path: string, found: unknown, allowed: string): Finding {
    return {
        resource,
        path,
        found,
        allowed,
        fix: "set it: else what is overwritten or deleted by mistake is gone",
    };
}
