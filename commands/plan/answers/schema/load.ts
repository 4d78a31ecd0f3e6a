// The data of one cloud, loaded when that cloud is asked for.
import type { Cloud } from "./resources.ts";
import type { CloudSchema } from "./schema.ts";

const loaders: Readonly<Record<Cloud, () => Promise<{ readonly default: unknown }>>> = {
    gcp: () => import("./gcp.json", { with: { type: "json" } }),
    aws: () => import("./aws.json", { with: { type: "json" } }),
    digitalocean: () => import("./digitalocean.json", { with: { type: "json" } }),
};

export async function loadSchema(cloud: Cloud): Promise<CloudSchema> {
    return (await loaders[cloud]()).default as CloudSchema;
}

/** @returns the cloud of a resource type, a function or a package; undefined for `kubernetes:...` and others */
export function cloudOf(token: string): Cloud | undefined {
    const name = token.split(":")[0]!;
    return name in loaders ? (name as Cloud) : undefined;
}
