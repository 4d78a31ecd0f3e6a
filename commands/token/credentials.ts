// Google's description of credentials that somebody else signs, as `gcloud iam workload-identity-pools create-cred-config` writes it.

export interface Wanted {
    readonly provider: string;
    readonly identity: string;
    /** Where the token is. */
    readonly file: string;
}

/** @see https://google.aip.dev/auth/4117 */
export function credentialsOf({ provider, identity, file }: Wanted): string {
    return `${JSON.stringify(
        {
            universe_domain: "googleapis.com",
            type: "external_account",
            audience: `//iam.googleapis.com/${provider}`,
            subject_token_type: "urn:ietf:params:oauth:token-type:jwt",
            token_url: "https://sts.googleapis.com/v1/token",
            credential_source: { file, format: { type: "text" } },
            service_account_impersonation_url: `https://iamcredentials.googleapis.com/v1/projects/-/serviceAccounts/${identity}:generateAccessToken`,
        },
        undefined,
        4,
    )}\n`;
}

const providerForm = /^projects\/[0-9]+\/locations\/global\/workloadIdentityPools\/[a-z0-9-]+\/providers\/[a-z0-9-]+$/;
const identityForm = /^[a-z0-9-]+@[a-z0-9.-]+\.iam\.gserviceaccount\.com$/;

/** @returns what is wrong; never the token */
export function identityError({
    token,
    provider,
    identity,
}: {
    readonly token: string;
    readonly provider: string;
    readonly identity: string;
}): string | undefined {
    if (!/^[\w-]+\.[\w-]+\.[\w-]+$/.test(token)) {
        return `TOKEN: found ${token === "" ? "nothing" : "no signed token"}. Allowed: what id_tokens gives the job. Fix: id_tokens: { TOKEN: { aud: ... } }`;
    }
    if (provider !== "" && !providerForm.test(provider)) {
        return `--provider ${JSON.stringify(provider)}: allowed is ci.provider of \`pulumi stack output\`: projects/NUMBER/locations/global/workloadIdentityPools/.../providers/...`;
    }
    if (provider !== "" && !identityForm.test(identity)) {
        return `--identity ${JSON.stringify(identity)}: allowed is a service account's address, as in the output ci`;
    }
    return undefined;
}
