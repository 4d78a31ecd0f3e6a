// Gateway API: its resource definitions, and Traefik as the controller that serves Gateways on this machine.
import { answers } from "../health.ts";
import { kubeconfigOf } from "../kubeconfig.ts";
import { gatewayAddress, gatewayClass, gatewayPorts, nodeAddress, ports } from "../layout.ts";
import { rights, type Addon, type AnyObject } from "./addon.ts";
import { readDefinitions } from "./definitions.ts";

const group = "gateway.networking.k8s.io";

/** @param definitions the directory with the Gateway API's resource definitions */
export async function gateway(executable: string, definitions: string): Promise<Addon> {
    return {
        server: {
            name: "traefik",
            command: executable,
            args: [
                `--entrypoints.http.address=${gatewayAddress}:${gatewayPorts.http}`,
                `--entrypoints.https.address=${gatewayAddress}:${gatewayPorts.https}`,
                `--entrypoints.health.address=${nodeAddress}:${ports.gatewayHealth}`,
                // By default an upload is cut after 60 s. As long as a stack may choose (exposure.requestTimeout): there is one for all.
                ...["http", "https"].map(
                    (name) => `--entrypoints.${name}.transport.respondingtimeouts.readtimeout=3600s`,
                ),
                "--ping.entrypoint=health",
                "--providers.kubernetesgateway=true",
                `--providers.kubernetesgateway.statusaddress.ip=${gatewayAddress}`,
                // By default it collects changes for 2 s: so long a pod that is gone would still get requests.
                "--providers.providersthrottleduration=100ms",
                "--global.checknewversion=false",
                "--global.sendanonymoususage=false",
                ...["--log.level=INFO", "--log.nocolor=true"],
            ],
            env: { KUBECONFIG: kubeconfigOf("gateway") },
            ready: () => answers(`http://${nodeAddress}:${ports.gatewayHealth}/ping`),
            advice:
                `The ports ${gatewayPorts.http} and ${gatewayPorts.https} must be free on ${gatewayAddress}: ` +
                "see who has them with `ss -ltnp`, or choose others with GATEWAY_HTTP_PORT and GATEWAY_HTTPS_PORT.",
        },
        objects: [
            ...(await readDefinitions(definitions)),
            ...rights("gateway", [
                {
                    apiGroups: [""],
                    resources: ["namespaces", "services", "secrets", "configmaps"],
                    verbs: ["get", "list", "watch"],
                },
                { apiGroups: ["discovery.k8s.io"], resources: ["endpointslices"], verbs: ["list", "watch"] },
                { apiGroups: [group], resources: ["*"], verbs: ["get", "list", "watch"] },
                {
                    apiGroups: [group],
                    resources: ["gatewayclasses", "gateways", "httproutes", "grpcroutes"].map(
                        (name) => `${name}/status`,
                    ),
                    verbs: ["update", "patch"],
                },
            ]),
        ],
    };
}

/** Made after the definitions are in force, because until then its kind is unknown. */
export const gatewayClassObject: AnyObject = {
    apiVersion: `${group}/v1`,
    kind: "GatewayClass",
    metadata: { name: gatewayClass },
    spec: { controllerName: "traefik.io/gateway-controller" },
};

/** The definitions that have to be in force before Traefik starts: it does not look a second time. */
export const gatewayDefinitions = ["gatewayclasses", "gateways", "httproutes", "grpcroutes", "referencegrants"].map(
    (name) => `${name}.${group}`,
);
