// One section relies on another that offers nothing.
import { settingPath } from "../problems.ts";
import { contradiction } from "./contradiction.ts";
import { workersOf } from "./workers.ts";

export const processesWithoutBroker = contradiction(["app", "broker"], ({ app, broker }) => {
    const users = [
        ...workersOf(app).map(({ path }) => settingPath(path)),
        ...(app.contract === "django" && app.beat !== undefined ? ["app.beat"] : []),
    ];
    if (broker.variant !== "none" || users.length === 0) {
        return [];
    }
    return [
        {
            path: "broker.variant",
            found: '"none"',
            allowed: `a broker, because ${users.join(", ")} cannot work without one`,
            fix: "set it to redis and give it storage, or remove these processes",
        },
    ];
});

export const exposedWithoutGateway = contradiction(["exposure", "platform"], ({ exposure, platform }) => {
    if (exposure.variant !== "gateway" || platform.gateway !== undefined) {
        return [];
    }
    return [
        {
            path: "platform.gateway",
            found: "nothing",
            allowed: "the cluster's Gateway class, because exposure.variant is gateway",
            fix: "pulumi config set --path 'platform.gateway.className' CLASS, or set exposure.variant to none",
        },
    ];
});
