// Uploads: /tmp has room for as many as come at once, or an anonymous one evicts a pod (R90).
import { bytes, byteQuantityOf, byteText } from "../../../lib/quantities.ts";
import { removeCommand, setCommand, settingPath, type Problem } from "../../problems.ts";
import { tmpOfWeb, uploadRoom, uploadsOf } from "../../upload-room.ts";
import { placedApps } from "../apps/apps.ts";
import { contradiction } from "../contradiction.ts";

export const smallTmp = contradiction(["apps", "exposure"], ({ apps, exposure }) =>
    placedApps(apps).flatMap(({ app, at }): Problem[] => {
        const { maxBodySize } = exposure;
        const room = uploadRoom(app, maxBodySize);
        if (app.web.tmp === undefined || bytes(app.web.tmp) >= room) {
            return [];
        }
        const path = settingPath([...at, "web", "tmp"]);
        return [
            {
                path,
                found: JSON.stringify(app.web.tmp),
                allowed: `at least ${byteText(room)}: ${uploadsOf(app, maxBodySize, " (exposure.maxBodySize)")}, or the pod is evicted (R90)`,
                fix: `${setCommand(path, byteQuantityOf(room))}, or ${removeCommand(path)}, or lower exposure.maxBodySize`,
            },
        ];
    }),
);

/** @see https://cloud.google.com/kubernetes-engine/docs/concepts/autopilot-resource-requests */
const autopilotMost = bytes("10Gi") - bytes("128Mi");

/** Autopilot takes no pod that asks for more of a node's disk. */
export const largeTmpOnAutopilot = contradiction(
    ["apps", "exposure", "platform"],
    ({ apps, exposure, platform }): Problem[] => {
        if (
            platform.variant !== "gcp" ||
            platform.cluster.variant !== "create" ||
            platform.cluster.nodes.variant !== "autopilot"
        ) {
            return [];
        }
        return placedApps(apps).flatMap(({ app, at }): Problem[] => {
            const size = tmpOfWeb(app, exposure.maxBodySize);
            const path = settingPath([...at, "web", "tmp"]);
            return bytes(size) <= autopilotMost
                ? []
                : [
                      {
                          path,
                          found: `${size}${app.web.tmp === undefined ? `, for ${uploadsOf(app, exposure.maxBodySize)}` : ""}`,
                          allowed: `at most ${byteText(autopilotMost)}: a pod on Autopilot has 10Gi of disk, logs included`,
                          fix: "lower exposure.maxBodySize, or let uploads go straight to the bucket (docs/uploads.md)",
                      },
                  ];
        });
    },
);
