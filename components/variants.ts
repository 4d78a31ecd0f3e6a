// The variants of a store make objects of the same names. When a stack changes its variant, the new component takes over from the old
// one what both have: without that it would make its Service before the old one is gone, and an API server has one of each name.
import type { ComponentResourceOptions } from "@pulumi/pulumi";

const variants = {
    database: ["InCluster", "External", "CloudSql", "Rds", "DigitalOceanPostgresql", "OnServer"],
    cache: [
        "InCluster",
        "Memcached",
        "ExternalRedis",
        "ExternalMemcached",
        "Memorystore",
        "ElastiCache",
        "DigitalOceanValkey",
    ],
    broker: ["Redis", "RabbitMQ", "External"],
    assets: ["Whitenoise", "S3Compatible", "S3", "CloudStorage", "Spaces"],
} as const;

type Role = keyof typeof variants;

/** A component's type, such as `django-on-kubernetes:cache:Memcached`. */
export type VariantType = { [R in Role]: `django-on-kubernetes:${R}:${(typeof variants)[R][number]}` }[Role];

/**
 * A component of this type, which is the one of its name that was of any other variant before; its children inherit that.
 *
 * @see https://www.pulumi.com/docs/iac/concepts/options/aliases/
 */
export function inPlaceOf(type: VariantType, opts: ComponentResourceOptions = {}): ComponentResourceOptions {
    const [project, role, own] = type.split(":") as [string, Role, string];
    const others = variants[role].filter((variant) => variant !== own);
    return {
        ...opts,
        aliases: [...(opts.aliases ?? []), ...others.map((variant) => ({ type: `${project}:${role}:${variant}` }))],
    };
}
