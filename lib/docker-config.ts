// The `.dockerconfigjson` of an image pull secret.

export interface RegistryLogin {
    readonly server: string;
    readonly username: string;
    readonly password: string;
}

/** @returns the JSON text that `docker login` would have written. Source: Kubernetes, "Pull an Image from a Private Registry". */
export function dockerConfigJson(login: RegistryLogin): string {
    const { server, username, password } = login;
    const auth = Buffer.from(`${username}:${password}`, "utf8").toString("base64");
    return JSON.stringify({ auths: { [server]: { username, password, auth } } });
}
