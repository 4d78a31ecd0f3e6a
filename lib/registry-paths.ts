// What the prefix of an image's name says of the repositories that a cloud has.

/** `LOCATION-docker.pkg.dev/PROJECT/REPOSITORY`; the project of an organisation's own domain has a slash in it, `example.com/shop`. */
export function artifactRepositoryOf(
    prefix: string,
): { readonly project: string; readonly location: string; readonly repository: string } | undefined {
    const [, location, project, repository] =
        /^([a-z0-9-]+)-docker\.pkg\.dev\/((?:[^/]+\.[^/]+\/)?[^/]+)\/([^/]+)/.exec(prefix) ?? [];
    return location === undefined || project === undefined || repository === undefined
        ? undefined
        : { project: project.replace("/", ":"), location, repository };
}

/** @returns the ARN of the repositories below `ACCOUNT.dkr.ecr.REGION.amazonaws.com/PREFIX`; undefined for another registry */
export function ecrRepositoriesOf(prefix: string): string | undefined {
    const [, account, region, path] =
        /^([0-9]{12})\.dkr\.ecr\.([a-z0-9-]+)\.amazonaws\.com(?:\/(.+))?$/.exec(prefix) ?? [];
    return account === undefined || region === undefined
        ? undefined
        : `arn:aws:ecr:${region}:${account}:repository/${path === undefined ? "*" : `${path}/*`}`;
}
