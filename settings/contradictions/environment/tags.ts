// Images that are another one tomorrow, outside production, which refuses them.
import { hasMovingWord, moves } from "../../../lib/moving-tags.ts";
import { setCommand, settingPath } from "../../problems.ts";
import { advice } from "../contradiction.ts";
import { images } from "./production.ts";

/** An app's own image is built to be rolled back to. Of a store's, `postgres:17` gets fixes only, and that is meant. */
export const movingTags = advice(
    ["environment", "apps", "database", "cache", "broker"],
    ({ environment: { kind }, ...settings }) => {
        // On one's own machine an image is built again and again; production refuses (production.ts).
        if (kind === "local" || kind === "production") {
            return [];
        }
        return images(settings)
            .filter(([path, image]) => (path.length === 2 && path[0] === "apps" ? moves(image) : hasMovingWord(image)))
            .map(([path, image]) => ({
                path: settingPath([...path, "image"]),
                found: JSON.stringify(image),
                allowed:
                    "a digest or a tag that never moves, such as the commit: with this one no pod tells which code it runs, a rollback gets the same image, and production refuses it (R41)",
                fix: setCommand(settingPath([...path, "image"]), `${image.replace(/:[^:/]*$/, "")}:COMMIT`),
            }));
    },
);
