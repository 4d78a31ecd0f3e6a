// Buckets and what serves them.
import { resourceType, tokensWith, type Token } from "../lib/catalogue/index.ts";
import { numberOf, textOf } from "./kubernetes.ts";
import type { PlanView } from "./plan-view.ts";
import { SecretValue, UnknownValue, type PolicyResource } from "./resource.ts";
import { rule, type Finding, type Rule } from "./rule.ts";
import {
    closed,
    hasBeside,
    inputOf,
    isGiven,
    isOneOf,
    isTrue,
    listOf,
    unclosed,
    unmet,
    type Setting,
} from "./setting.ts";

const s3 = "aws:s3/bucket:Bucket";
const distribution = "aws:cloudfront/distribution:Distribution";
const headers = "aws:cloudfront/responseHeadersPolicy:ResponseHeadersPolicy";
const gcs = "gcp:storage/bucket:Bucket";
const backendBucket = "gcp:compute/backendBucket:BackendBucket";
const spaces = "digitalocean:index/spacesBucket:SpacesBucket";
const cdn = "digitalocean:index/cdn:Cdn";

const buckets = tokensWith(({ holds, guards }) => holds === "bucket" || guards === "bucket");

const encrypted: readonly Setting[] = [
    {
        type: "gcp:compute/sSLPolicy:SSLPolicy",
        path: "minTlsVersion",
        byDefault: "TLS_1_0",
        holds: isOneOf("TLS_1_2", "TLS_1_3"),
        allowed: "TLS_1_2 or later",
        fix: "set it",
    },
    {
        type: "gcp:compute/targetHttpsProxy:TargetHttpsProxy",
        path: "sslPolicy",
        holds: isGiven,
        allowed: "an SSLPolicy with minTlsVersion TLS_1_2: without one TLS 1.0 is enough",
        fix: "create one and name it",
    },
    {
        type: backendBucket,
        path: "enableCdn",
        byDefault: false,
        holds: isTrue,
        allowed: "true",
        fix: "set it: else every request is paid for and served from the bucket's region",
    },
];

/** What a CDN serves from a bucket, by the bucket's type. */
const servers: Readonly<Record<string, Token>> = { [s3]: distribution, [gcs]: backendBucket, [spaces]: cdn };

export const bucketRules: readonly Rule[] = [
    rule("R112", "static files that are not protected go with their bucket", function* (view) {
        // In production they are protected (R67); of what is thrown away at will, no bucket stays (R69).
        if (view.environmentKind === "production" || view.isThrownAway) {
            return;
        }
        for (const [type, server] of Object.entries(servers)) {
            const path = resourceType(type)!.emptiedBy!;
            for (const bucket of view.ofType(type)) {
                const found = inputOf(bucket, path) ?? false;
                const asked = !bucket.protect && hasBeside(view, bucket, server) && !(found instanceof UnknownValue);
                if (asked && !isTrue(found)) {
                    yield {
                        resource: bucket,
                        path,
                        found,
                        allowed: "true",
                        fix: "set it: a release makes its files again, and a destroy stops at a bucket that is not empty",
                    };
                }
            }
        }
    }),
    rule("R64", "buckets are closed, and static files are reached through the CDN only", function* (view) {
        yield* unmet(view, closed(buckets));
        yield* unclosed(view, buckets);
        yield* publicGcs(view);
        yield* directOrigins(view);
        yield* publicSpaces(view);
    }),
    rule("R65", "a CDN speaks HTTPS with TLS 1.2 or later, and lets fonts be loaded", function* (view) {
        yield* plainDistributions(view);
        yield* unmet(view, encrypted);
        yield* withoutCors(view);
    }),
    rule("R66", "assets are cached for ever, and current objects never expire", function* (view) {
        yield* expiring(view);
        yield* shortLived(view);
    }),
    rule("R85", "what a CDN adds by itself makes nobody keep an error", function* (view) {
        yield* cachedErrors(view);
    }),
];

/** Cloud CDN reads a backend bucket as everybody does, so that one bucket is public; no other is. */
function* publicGcs(view: PlanView): Generator<Finding> {
    for (const bucket of view.ofType(gcs)) {
        const isServed = view.ofType(backendBucket).some(({ dependencies }) => dependencies.includes(bucket.urn));
        const prevention = bucket.props["publicAccessPrevention"];
        if (!isServed && prevention !== "enforced" && !(prevention instanceof UnknownValue)) {
            yield {
                resource: bucket,
                path: "publicAccessPrevention",
                found: prevention ?? "nothing, which means inherited",
                allowed: "enforced, but for the bucket behind Cloud CDN",
                fix: "set it: a grant to allUsers is refused then",
            };
        }
        for (const grant of view.resources.filter(
            ({ type, dependencies }) =>
                /^gcp:storage\/bucketIAM(Member|Binding)/.test(type) && dependencies.includes(bucket.urn),
        )) {
            const members = [grant.props["member"], ...listOf(grant.props["members"])];
            const everyone = members.find((member) => member === "allUsers" || member === "allAuthenticatedUsers");
            const role = textOf(grant.props["role"]) ?? "";
            // The object viewer may list too: names of files that nobody linked to.
            if (everyone !== undefined && (!isServed || role !== "roles/storage.legacyObjectReader")) {
                yield {
                    resource: grant,
                    path: isServed ? "role" : "member",
                    found: `${everyone} as ${role}`,
                    allowed: "roles/storage.legacyObjectReader on the bucket behind Cloud CDN, nothing on others",
                    fix: isServed
                        ? "take that role: it reads objects and lists none"
                        : "remove it: the app signs addresses for what is private",
                };
            }
        }
    }
}

function* directOrigins(view: PlanView): Generator<Finding> {
    for (const cloudFront of view.ofType(distribution)) {
        for (const [index, entry] of listOf(cloudFront.props["origins"]).entries()) {
            const origin = entry as Readonly<Record<string, unknown>>;
            if (
                origin["customOriginConfig"] === undefined &&
                origin["vpcOriginConfig"] === undefined &&
                origin["originAccessControlId"] === undefined
            ) {
                yield {
                    resource: cloudFront,
                    path: `origins[${index}].originAccessControlId`,
                    found: undefined,
                    allowed: "an OriginAccessControl",
                    fix: "create one and name it: only with it CloudFront reads a bucket that is closed to all",
                };
            }
        }
    }
}

/** A policy that lets everybody read, on a bucket that no CDN serves. */
function* publicSpaces(view: PlanView): Generator<Finding> {
    for (const bucket of view.ofType(spaces)) {
        const isServed = view.ofType(cdn).some(({ dependencies }) => dependencies.includes(bucket.urn));
        for (const policy of view
            .ofType("digitalocean:index/spacesBucketPolicy:SpacesBucketPolicy")
            .filter(({ dependencies }) => dependencies.includes(bucket.urn))) {
            const text = textOf(policy.props["policy"]) ?? "";
            if (
                !isServed &&
                /"Principal"\s*:\s*(\{\s*"AWS"\s*:\s*)?(\[\s*)?"\*"/.test(text) &&
                /"Effect"\s*:\s*"Allow"/.test(text)
            ) {
                yield {
                    resource: policy,
                    path: "policy",
                    found: "Allow to everyone, on a bucket without a CDN",
                    allowed: "nothing for everyone",
                    fix: "remove it: the app signs addresses for what is private",
                };
            }
        }
    }
}

function* plainDistributions(view: PlanView): Generator<Finding> {
    for (const cloudFront of view.ofType(distribution)) {
        for (const [path, behaviour] of behavioursOf(cloudFront)) {
            const found = behaviour["viewerProtocolPolicy"];
            if (!(found instanceof UnknownValue) && !isOneOf("redirect-to-https", "https-only")(found)) {
                yield {
                    resource: cloudFront,
                    path: `${path}.viewerProtocolPolicy`,
                    found,
                    allowed: "redirect-to-https or https-only",
                    fix: "set it",
                };
            }
        }
        const path = "viewerCertificate.minimumProtocolVersion";
        const found = inputOf(cloudFront, path);
        if (!(found instanceof UnknownValue) && !/^TLSv1\.[23]/.test(textOf(found) ?? "")) {
            yield {
                resource: cloudFront,
                path,
                found: found ?? "nothing, which means TLSv1",
                allowed: "TLSv1.2_2021 or later",
                fix: "set it, with a certificate and an alias of your own: CloudFront's own certificate takes TLSv1 always",
            };
        }
    }
}

/** A page on one host loads a font from another only with the header Access-Control-Allow-Origin. */
function* withoutCors(view: PlanView): Generator<Finding> {
    for (const cloudFront of view.ofType(distribution)) {
        for (const [path, behaviour] of behavioursOf(cloudFront)) {
            if (behaviour["responseHeadersPolicyId"] === undefined) {
                yield {
                    resource: cloudFront,
                    path: `${path}.responseHeadersPolicyId`,
                    found: undefined,
                    allowed: "a ResponseHeadersPolicy with corsConfig",
                    fix: "create one: browsers refuse fonts from another host without it",
                };
            }
        }
    }
    for (const bucket of view.ofType(gcs)) {
        const isServed = view.ofType(backendBucket).some(({ dependencies }) => dependencies.includes(bucket.urn));
        if (isServed && !(bucket.props["cors"] instanceof UnknownValue) && listOf(bucket.props["cors"]).length === 0) {
            yield {
                resource: bucket,
                path: "cors",
                found: undefined,
                allowed: "a rule with GET",
                fix: "add it: browsers refuse fonts without it",
            };
        }
    }
    for (const bucket of view.ofType(spaces)) {
        const isServed = view.ofType(cdn).some(({ dependencies }) => dependencies.includes(bucket.urn));
        const rules = bucket.props["corsRules"];
        const beside = hasBeside(
            view,
            bucket,
            "digitalocean:index/spacesBucketCorsConfiguration:SpacesBucketCorsConfiguration",
        );
        if (isServed && !beside && !(rules instanceof UnknownValue) && listOf(rules).length === 0) {
            yield {
                resource: bucket,
                path: "corsRules",
                found: "no SpacesBucketCorsConfiguration for it",
                allowed: "a rule with GET",
                fix: "add it: browsers refuse fonts without it",
            };
        }
    }
}

function* expiring(view: PlanView): Generator<Finding> {
    const fix = "let only noncurrent versions expire: pages that are open, and the old release, still ask for the file";
    const expires = (resource: PolicyResource, path: string, found: unknown): Finding => ({
        resource,
        path,
        found,
        allowed: "no expiry of current objects",
        fix,
    });
    for (const configuration of view
        .ofType("aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration")
        .filter(isNotLog)) {
        for (const [index, entry] of listOf(configuration.props["rules"]).entries()) {
            const { status, expiration } = entry as {
                status?: unknown;
                expiration?: { days?: unknown; date?: unknown };
            };
            if (status !== "Disabled" && (expiration?.days ?? expiration?.date) !== undefined) {
                yield expires(configuration, `rules[${index}].expiration`, expiration);
            }
        }
    }
    for (const bucket of view.ofType(gcs).filter(isNotLog)) {
        for (const [index, entry] of listOf(bucket.props["lifecycleRules"]).entries()) {
            const { action, condition = {} } = entry as {
                action?: { type?: unknown };
                condition?: Readonly<Record<string, unknown>>;
            };
            // Each of these is true of noncurrent objects only.
            const noncurrent =
                condition["withState"] === "ARCHIVED" ||
                ["numNewerVersions", "daysSinceNoncurrentTime", "noncurrentTimeBefore"].some(
                    (key) => condition[key] !== undefined,
                );
            if (action?.type === "Delete" && !noncurrent) {
                yield expires(bucket, `lifecycleRules[${index}]`, entry);
            }
        }
    }
    for (const bucket of [...view.ofType(spaces), ...view.ofType(s3)].filter(isNotLog)) {
        for (const [index, entry] of listOf(bucket.props["lifecycleRules"]).entries()) {
            const { enabled, expiration } = entry as {
                enabled?: unknown;
                expiration?: { days?: unknown; date?: unknown };
            };
            if (enabled !== false && (expiration?.days ?? expiration?.date) !== undefined) {
                yield expires(bucket, `lifecycleRules[${index}].expiration`, expiration);
            }
        }
    }
}

/** Names with a hash in them never mean another content: a CDN that forgets them after minutes costs money and time. */
function* shortLived(view: PlanView): Generator<Finding> {
    for (const cloudFront of view.ofType(distribution)) {
        for (const [path, behaviour] of behavioursOf(cloudFront)) {
            if (isGiven(behaviour["maxTtl"]) && Number(behaviour["maxTtl"]) < 86_400) {
                yield tooShort(cloudFront, `${path}.maxTtl`, behaviour["maxTtl"]);
            }
        }
    }
    for (const bucket of view.ofType(backendBucket)) {
        const found = inputOf(bucket, "cdnPolicy.maxTtl");
        if (isGiven(found) && Number(found) < 86_400) {
            yield tooShort(bucket, "cdnPolicy.maxTtl", found);
        }
    }
    for (const one of view.ofType(cdn)) {
        const found = one.props["ttl"];
        if (!(found instanceof UnknownValue) && (found === undefined || Number(found) < 86_400)) {
            yield tooShort(one, "ttl", found ?? "nothing, which means 3600");
        }
    }
}

/** Seconds after which an error may have been mended. */
const longestError = 300;

/**
 * A header that a CDN adds goes with its errors too, and a browser that was told to keep an answer keeps a 503. How long a file is
 * kept, the app writes at the file, where no error has it from.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9111#section-3
 */
function* cachedErrors(view: PlanView): Generator<Finding> {
    const allowed = "no Cache-Control: the app's storage writes it at each file";
    const fix = "remove it: it goes with a 403 or 503 as well, which a browser then keeps as long as the file";
    for (const policy of view.ofType(headers)) {
        for (const [index, entry] of listOf(inputOf(policy, "customHeadersConfig.items")).entries()) {
            const { header, value } = entry as { readonly header?: unknown; readonly value?: unknown };
            if (isCacheControl(header)) {
                yield {
                    resource: policy,
                    path: `customHeadersConfig.items[${index}]`,
                    found: `${textOf(header) ?? ""}: ${textOf(value) ?? ""}`,
                    allowed,
                    fix,
                };
            }
        }
    }
    for (const bucket of view.ofType(backendBucket)) {
        for (const [index, found] of listOf(bucket.props["customResponseHeaders"]).entries()) {
            if (isCacheControl(textOf(found)?.split(":")[0])) {
                yield { resource: bucket, path: `customResponseHeaders[${index}]`, found, allowed, fix };
            }
        }
        yield* longErrors(bucket, "cdnPolicy.negativeCachingPolicies", "ttl");
    }
    for (const cloudFront of view.ofType(distribution)) {
        yield* longErrors(cloudFront, "customErrorResponses", "errorCachingMinTtl");
    }
}

/** @param path of a list with one entry for each kind of error */
function* longErrors(resource: PolicyResource, path: string, seconds: string): Generator<Finding> {
    for (const [index, entry] of listOf(inputOf(resource, path)).entries()) {
        const found = numberOf((entry as Readonly<Record<string, unknown>>)[seconds]);
        if (found !== undefined && found > longestError) {
            yield {
                resource,
                path: `${path}[${index}].${seconds}`,
                found,
                allowed: `at most ${longestError} seconds`,
                fix: "lower it: a file that a release brings in a moment is missing for as long",
            };
        }
    }
}

function isCacheControl(header: unknown): boolean {
    return textOf(header)?.trim().toLowerCase() === "cache-control";
}

function tooShort(resource: PolicyResource, path: string, found: unknown): Finding {
    return { resource, path, found, allowed: "at least 86400 seconds", fix: "raise it: hashed names are immutable" };
}

function behavioursOf({
    props,
}: PolicyResource): ReadonlyArray<readonly [path: string, behaviour: Readonly<Record<string, unknown>>]> {
    return [
        ["defaultCacheBehavior", props["defaultCacheBehavior"]] as const,
        ...listOf(props["orderedCacheBehaviors"]).map(
            (behaviour, index) => [`orderedCacheBehaviors[${index}]`, behaviour] as const,
        ),
    ].flatMap(([path, behaviour]) =>
        behaviour === undefined || behaviour instanceof UnknownValue || behaviour instanceof SecretValue
            ? []
            : [[path, behaviour as Readonly<Record<string, unknown>>] as const],
    );
}

/** Logs are kept for a time and no longer. */
function isNotLog({ name }: PolicyResource): boolean {
    return !/(^|-)(access-?)?logs?(-|$)/.test(name);
}
