// Members of objects in a cluster over which `native` may be laid, as far as they are known.

/** @see https://gateway-api.sigs.k8s.io/reference/spec/#gatewayspec */
export const gatewaySpec = ["gatewayClassName", "listeners", "addresses", "infrastructure", "allowedListeners", "tls"];

/** `spec.default` of a GCPBackendPolicy. @see https://cloud.google.com/kubernetes-engine/docs/how-to/configure-gateway-resources */
export const backendPolicy = [
    "timeoutSec",
    "connectionDraining",
    "logging",
    "sessionAffinity",
    "securityPolicy",
    "iap",
    "maxRatePerEndpoint",
];
