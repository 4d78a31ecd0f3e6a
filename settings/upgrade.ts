// What happens to the data of a server in the cluster when its image is another one.
import { z } from "zod";
import { imageReference } from "./fields.ts";

export const postgresVersion = z.enum(["15", "16", "17", "18"]);

export const upgradeFrom = z
    .strictObject({
        version: postgresVersion
            .meta({ example: "17", alsoCalled: ["from", "oldVersion"] })
            .describe("The version that made the data, in quotes; below the new one."),
        image: imageReference.optional().meta({
            description: "An image that keeps the contract of the official one, with what the data needs: extensions.",
            defaultsTo: "the official image of that version",
            alsoCalled: ["oldImage"],
        }),
        original: z
            .enum(["kept", "removed"])
            .default("kept")
            .meta({ alsoCalled: ["old", "previous", "oldData"] })
            .describe(
                "What becomes of the data of the old version: with `kept`, setting `version` back and taking `upgradeFrom` out leads back to it. Once it is `removed`, take `upgradeFrom` out.",
            ),
    })
    .optional()
    .meta({
        description: "Makes the data of an older major version into data of this one, at the next start of the server.",
        defaultsTo: "data of another version is refused before the server starts",
        alsoCalled: ["upgrade", "pgUpgrade", "majorUpgrade"],
    });

export const changedCollations = z
    .enum(["stop", "reindex"])
    .default("stop")
    .meta({ alsoCalled: ["collations", "collationMismatch", "refreshCollations"] })
    .describe(
        "Where a new image sorts text otherwise than the one that made the indexes (another Debian release): `stop` before the server starts, and name them, or `reindex` them first.",
    );
