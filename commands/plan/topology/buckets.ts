// Buckets that are there: of them a plan has no resource, and the app's variables name them.
import { examine, type PlanView } from "../../../policy/plan-view.ts";

export interface NamedBucket {
    readonly name: string;
    readonly holds: "static" | "media";
    /** The address of its server. */
    readonly endpoint: string;
}

/** How a server is called is told of those alone that are not the program's: of a cloud's it is known. */
const told = "STORAGE_ADDRESSING";

const kinds = [
    ["STATIC_BUCKET", "static"],
    ["MEDIA_BUCKET", "media"],
] as const;

export function bucketsThatAreThere(view: PlanView): NamedBucket[] {
    const found = view.withRole("web").flatMap((workload) =>
        workload.containers.flatMap((container): NamedBucket[] => {
            const variables = view.environmentOf(workload, container);
            const prefix = [...variables.keys()].find((name) => name.endsWith(told))?.slice(0, -told.length);
            const read = (name: string) => examine(variables.get(`${prefix}${name}`), (text) => text);
            const endpoint = prefix === undefined ? undefined : read("STORAGE_ENDPOINT");
            return endpoint === undefined
                ? []
                : kinds.flatMap(([variable, holds]) => {
                      const name = read(variable);
                      return name === undefined ? [] : [{ name, holds, endpoint }];
                  });
        }),
    );
    // Apps that share them name the same.
    return [...new Map(found.map((bucket) => [`${bucket.endpoint} ${bucket.name}`, bucket])).values()];
}
