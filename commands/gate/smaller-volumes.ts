// Volumes that a preview would make smaller, which no cluster does: the update would stop half-way.
import { bytes, isByteQuantity, type ByteQuantity } from "../../lib/quantities.ts";
import { record, type Preview } from "./step.ts";

const claims: ReadonlySet<string> = new Set([
    "kubernetes:core/v1:PersistentVolumeClaim",
    // Of a StatefulSet's claim: see components/volume/growth.ts.
    "kubernetes:core/v1:PersistentVolumeClaimPatch",
]);

/** A sentence for each. */
export function smallerVolumes({ steps }: Preview): string[] {
    return steps.flatMap(({ op, type, name, inputs, newInputs }) => {
        const [before, after] = [sizeOf(inputs), sizeOf(newInputs)];
        if (op !== "update" || !claims.has(type) || before === undefined || after === undefined) {
            return [];
        }
        return bytes(after) >= bytes(before)
            ? []
            : [
                  `${name}: the volume has ${before}, and the program says ${after}. A volume grows and does not shrink. ` +
                      `Fix: set \`storage\` to ${before}; for a smaller one make a new environment, and move the data.`,
              ];
    });
}

function sizeOf(inputs: Readonly<Record<string, unknown>> | undefined): ByteQuantity | undefined {
    const requests = record(record(record(inputs?.["spec"])?.["resources"])?.["requests"]);
    const size = requests?.["storage"];
    return typeof size === "string" && isByteQuantity(size) ? size : undefined;
}
