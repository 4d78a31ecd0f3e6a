// Members of objects in a cluster over which `native` may be laid, as far as they are known.

/** @see https://gateway-api.sigs.k8s.io/reference/spec/#gatewayspec */
export const gatewaySpec = ["gatewayClassName", "listeners", "addresses", "infrastructure", "allowedListeners", "tls"];

/** @see https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/guide/gateway/loadbalancerconfig/ */
export const loadBalancerSpec = [
    "ipAddressType",
    "scheme",
    "securityGroups",
    "securityGroupPrefixes",
    "manageBackendSecurityGroupRules",
    "listenerConfigurations",
    "loadBalancerAttributes",
    "loadBalancerSubnets",
    "loadBalancerSubnetsSelector",
    "loadBalancerName",
    "minimumLoadBalancerCapacity",
    "wafV2",
    "shieldConfiguration",
    "sourceRanges",
    "tags",
    "vpcId",
    "ipv4IPAMPoolId",
    "customerOwnedIpv4Pool",
    "defaultTargetGroupConfiguration",
];

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
