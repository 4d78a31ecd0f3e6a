// Where users reach an app.
import type { PublicAddress } from "../../components/edge/url.ts";
import { directPort, type ExposureSettings } from "../../settings/exposure.ts";
import type { Platform } from "./contract.ts";

/**
 * @param app its name: what has no host names has a port for each
 * @returns undefined when there is no way in from outside
 */
export function publicAddress(
    exposure: ExposureSettings,
    { gateway, lent }: Platform,
    app: string,
): PublicAddress | undefined {
    switch (exposure.variant) {
        case "none":
            return undefined;
        case "platform":
            return lent?.gateway;
        case "gateway":
            return gateway && addressOf(gateway, exposure.certificate !== undefined);
        case "load-balancer":
        case "node-port": {
            const port = directPort(exposure, app);
            return port === undefined ? undefined : { secure: false, port };
        }
        default:
            return exposure satisfies never;
    }
}

function addressOf(gateway: NonNullable<Platform["gateway"]>, certified: boolean): PublicAddress {
    switch (gateway.kind) {
        case "controller":
            return gateway.issuer === undefined && !certified
                ? { secure: false, port: gateway.publicHttpPort ?? gateway.httpPort }
                : { secure: true, port: gateway.publicHttpsPort ?? gateway.httpsPort };
        case "gke":
        case "aws":
            return { secure: true, port: 443 };
        default:
            return gateway satisfies never;
    }
}
