// Blocks of arguments that a provider fills in when they are left out: from then on it takes what is there for what is wanted. Who
// says such a block in one setting and leaves it out in another never gets back, and what somebody changes by hand is no difference.
import { rule, type Rule } from "./rule.ts";
import { inputOf, isGiven, unmet, type Setting } from "./setting.ts";

const gke = "gcp:container/cluster:Cluster";

/** @see https://github.com/hashicorp/terraform-provider-google-beta/blob/main/google-beta/services/container/resource_container_cluster.go Optional and Computed */
const kept: readonly Setting[] = [
    {
        type: gke,
        path: "controlPlaneEndpointsConfig.dnsEndpointConfig.allowExternalTraffic",
        holds: isGiven,
        allowed: "true or false, whichever way in is chosen",
        fix: "say it: left out, Google's front end stays open to whoever has the right, after another way in was chosen",
    },
    {
        type: gke,
        path: "controlPlaneEndpointsConfig.ipEndpointsConfig.enabled",
        holds: isGiven,
        allowed: "true or false, whichever way in is chosen",
        fix: "say it: left out, an address that was once switched off stays off, and the kubeconfig leads nowhere",
    },
    {
        type: gke,
        path: "masterAuthorizedNetworksConfig",
        holds: isGiven,
        allowed: "its cidrBlocks, none if nobody comes from outside of the network",
        fix: "say it: left out, ranges of an earlier setting go on being let in",
        // R54 asks the same of an address on the internet.
        asks: (cluster) => inputOf(cluster, "privateClusterConfig.enablePrivateEndpoint") === true,
    },
    {
        type: gke,
        path: "databaseEncryption.state",
        holds: isGiven,
        allowed: "ENCRYPTED, or DECRYPTED without a key",
        fix: "say it: left out, the key of an earlier setting goes on being needed",
    },
    {
        // @see https://github.com/hashicorp/terraform-provider-google-beta/blob/main/google-beta/services/compute/resource_compute_router_nat.go
        type: "gcp:compute/routerNat:RouterNat",
        path: "natIps",
        holds: isGiven,
        allowed: "the addresses, or [] where Google picks them",
        fix: "say it: left out, addresses of an earlier setting stay, which Google refuses beside AUTO_ONLY",
    },
];

export const keptBlockRules: readonly Rule[] = [
    rule("R92", "what a provider fills in when it is left out is said", function* (view) {
        yield* unmet(view, kept);
    }),
];
