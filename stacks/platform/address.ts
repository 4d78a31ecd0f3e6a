// Where users reach what a platform's Gateway serves.
import type { PublicAddress } from "../../components/edge/url.ts";
import type { ExposureSettings } from "../../settings/exposure.ts";
import type { Platform } from "./contract.ts";

/** @returns undefined when there is no way in from outside */
export function publicAddress(exposure: ExposureSettings, { gateway, lent }: Platform): PublicAddress | undefined {
    switch (exposure.variant) {
        case "none":
            return undefined;
        case "platform":
            return lent?.gateway;
        case "gateway":
            return gateway && addressOf(gateway);
        default:
            return exposure satisfies never;
    }
}

function addressOf(gateway: NonNullable<Platform["gateway"]>): PublicAddress {
    switch (gateway.kind) {
        case "controller":
            return gateway.issuer === undefined
                ? { secure: false, port: gateway.publicHttpPort ?? gateway.httpPort }
                : { secure: true, port: gateway.publicHttpsPort ?? gateway.httpsPort };
        case "gke":
        case "aws":
            return { secure: true, port: 443 };
        default:
            return gateway satisfies never;
    }
}
