// Who may connect, a firewall, access logs: where a way in has them, and what is said twice.
import { allowRules } from "../../clouds/digitalocean/platform.ts";
import type { GatewayExposure } from "../../exposure.ts";
import type { PlatformSettings } from "../../platform.ts";
import { removeCommand, setCommand, settingPath, type Problem } from "../../problems.ts";
import { contradiction } from "../contradiction.ts";

type Guard = "sourceRanges" | "firewall" | "accessLogs";

/** Where each is not to be had, and what to do instead. */
function lacking(platform: PlatformSettings): Partial<Readonly<Record<Guard, string>>> {
    switch (platform.variant) {
        case "gcp":
        case "aws":
            return {};
        case "digitalocean":
            return {
                firewall:
                    "DigitalOcean has no web application firewall: put one in front (a CDN that has one), and let in its addresses alone by exposure.sourceRanges",
                accessLogs:
                    "DigitalOcean's load balancers write none: kubectl logs shows the controller's, for as long as its pod is there",
            };
        case "existing":
            return {
                sourceRanges:
                    "the controller of a cluster that is there is not made here: say it where its load balancer is made, or choose the variant load-balancer",
                firewall:
                    "the controller of a cluster that is there is not made here: put a firewall in front, or into the controller",
                accessLogs:
                    "the controller of a cluster that is there is not made here: switch its access log on there",
            };
        case "stack":
            return {};
        default:
            return platform satisfies never;
    }
}

export const guardsOfOthers = contradiction(["exposure", "platform"], ({ exposure, platform }): Problem[] => {
    if (exposure.variant !== "gateway") {
        return [];
    }
    return (Object.entries(lacking(platform)) as [Guard, string][]).flatMap(([guard, why]) =>
        exposure[guard] === undefined
            ? []
            : [
                  {
                      path: settingPath(["exposure", guard]),
                      found: JSON.stringify(exposure[guard]),
                      allowed: `nothing on this platform: ${why}`,
                      fix: removeCommand(settingPath(["exposure", guard])),
                  },
              ],
    );
});

/** Each comes by two settings, of which one would win in silence. */
export const guardsSaidTwice = contradiction(["exposure", "platform"], ({ exposure, platform }): Problem[] => {
    if (exposure.variant !== "gateway") {
        return [];
    }
    return [
        ...twiceOnAws(exposure, platform),
        ...twiceOnGoogle(exposure, platform),
        ...twiceOnDoks(exposure, platform),
    ];
});

function twiceOnAws(exposure: GatewayExposure, platform: PlatformSettings): Problem[] {
    if (platform.variant !== "aws" || platform.gateway.variant === "none") {
        return [];
    }
    const { attributes, loadBalancer = {} } = platform.gateway;
    const path = ["platform", "gateway", "loadBalancer"];
    return [
        ...twice(exposure, "sourceRanges", [...path, "sourceRanges"], loadBalancer["sourceRanges"]),
        ...twice(exposure, "sourceRanges", [...path, "securityGroups"], loadBalancer["securityGroups"]),
        ...twice(exposure, "firewall", [...path, "wafV2"], loadBalancer["wafV2"]),
        ...twice(exposure, "accessLogs", [...path, "loadBalancerAttributes"], loadBalancer["loadBalancerAttributes"]),
        ...Object.entries(attributes)
            .filter(([key]) => key.startsWith("access_logs.s3."))
            .flatMap(([key, value]) =>
                twice(exposure, "accessLogs", ["platform", "gateway", "attributes", key], value),
            ),
    ];
}

function twiceOnGoogle(exposure: GatewayExposure, platform: PlatformSettings): Problem[] {
    if (platform.variant !== "gcp") {
        return [];
    }
    const policy = platform.gateway.native?.backendPolicy?.["securityPolicy"];
    const path = ["platform", "gateway", "native", "backendPolicy", "securityPolicy"];
    const [first] = [...twice(exposure, "sourceRanges", path, policy), ...twice(exposure, "firewall", path, policy)];
    const unlogged: Problem[] =
        exposure.accessLogs !== undefined && platform.gateway.requestLogSampling === 0
            ? [
                  {
                      path: "platform.gateway.requestLogSampling",
                      found: "0",
                      allowed: "more than 0, for exposure.accessLogs keeps what is logged",
                      fix: setCommand("platform.gateway.requestLogSampling", "1"),
                  },
              ]
            : [];
    return [...(first ? [first] : []), ...unlogged];
}

function twiceOnDoks(exposure: GatewayExposure, platform: PlatformSettings): Problem[] {
    if (platform.variant !== "digitalocean" || platform.gateway.variant === "none") {
        return [];
    }
    const path = ["platform", "gateway", "loadBalancerAnnotations", allowRules];
    return twice(exposure, "sourceRanges", path, platform.gateway.loadBalancerAnnotations[allowRules]);
}

function twice(exposure: GatewayExposure, guard: Guard, at: readonly PropertyKey[], given: unknown): Problem[] {
    if (exposure[guard] === undefined || given === undefined) {
        return [];
    }
    const path = settingPath(at);
    return [
        {
            path,
            found: JSON.stringify(given),
            allowed: `nothing, because exposure.${guard} says the same`,
            fix: removeCommand(path),
        },
    ];
}

/** Let's Encrypt asks from addresses that it tells nobody, and changes them. @see https://letsencrypt.org/docs/faq/ */
export const closedToProofs = contradiction(["exposure", "platform"], ({ exposure, platform }): Problem[] => {
    if (
        exposure.variant !== "gateway" ||
        exposure.sourceRanges === undefined ||
        exposure.certificate !== undefined ||
        exposure.sourceRanges.some((range) => range.endsWith("/0")) ||
        platform.variant !== "digitalocean" ||
        platform.certificates.variant !== "letsencrypt" ||
        platform.certificates.challenge !== "http-01"
    ) {
        return [];
    }
    return [
        {
            path: "platform.certificates.challenge",
            found: '"http-01", and exposure.sourceRanges lets in named addresses alone',
            allowed:
                "dns-01: Let's Encrypt comes to see the proof from addresses that it does not tell, and no certificate is issued",
            fix: `${setCommand("platform.certificates.challenge", "dns-01")}, which needs platform.dns and secrets.digitaloceanDnsToken`,
        },
    ];
});
