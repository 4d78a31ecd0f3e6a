// How DigitalOcean is reached: as whoever the token is of that the environment names.
import { Provider } from "@pulumi/digitalocean/provider.js";

/**
 * The token (DIGITALOCEAN_ACCESS_TOKEN, which doctl reads as well) and the keys of Spaces (SPACES_ACCESS_KEY_ID,
 * SPACES_SECRET_ACCESS_KEY) are read by the provider itself: what is no argument does not get into the state. The region is
 * none of its arguments either; each component names it.
 */
export function digitalOceanProvider(_settings: { readonly region: string }): Provider {
    return new Provider("digitalocean", {});
}
