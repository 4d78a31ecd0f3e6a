// What Pulumi waits for until a Gateway counts as made.

/**
 * The controller has done what the Gateway asks for, its load balancer has an address; until then `up` waits, and tells of the
 * controller's conditions when it gives up (R82). No controller here needs a route for it.
 *
 * @see https://www.pulumi.com/registry/packages/kubernetes/how-to-guides/managing-resources-with-server-side-apply/
 * @see https://gateway-api.sigs.k8s.io/geps/gep-1364/
 */
export const untilProgrammed: Readonly<Record<string, string>> = { "pulumi.com/waitFor": "condition=Programmed" };

/**
 * Of a controller that says so only of a load balancer's address, in a cluster that gives none: nothing is waited for, and a reader of
 * the plan sees that somebody chose it.
 *
 * @see https://github.com/envoyproxy/gateway/blob/main/internal/gatewayapi/status/gateway.go AddressNotAssigned
 */
export const unwaited: Readonly<Record<string, string>> = { "pulumi.com/skipAwait": "true" };

/** Likewise of cert-manager's Certificate: it has been issued. */
export const untilReady: Readonly<Record<string, string>> = { "pulumi.com/waitFor": "condition=Ready" };
