// Whether another stack gives what the settings want of it: the only errors of settings that its outputs alone can tell.
import type { AppSettings } from "../app.ts";
import { keepAliveProblems, timeoutProblems } from "../contradictions/ways-in/edge.ts";
import { idleOfLender } from "../edge-timeouts.ts";
import { SettingsError, setCommand, settingPath, type Problem } from "../problems.ts";
import type { ResolvedSettings } from "../resolve/settings.ts";
import { ofPlatform } from "../stores/places.ts";
import { outputsVersion, readOutputs, type LenderOutputs } from "./outputs.ts";

/** What of the settings is compared. */
export type Borrower = Pick<ResolvedSettings<unknown>, "environment" | "exposure" | "apps" | "stores">;

/**
 * @param stack of this environment, for the name of its file
 * @param lender the other stack's full name
 * @param outputs those that `readOutputs` names, as they were read
 * @throws SettingsError that lists everything that is not as it should be
 */
export function checkLender(
    stack: string,
    borrower: Borrower,
    lender: string,
    outputs: Readonly<Record<string, unknown>>,
): LenderOutputs {
    const result = readOutputs.safeParse(outputs);
    const problems = result.success
        ? problemsOf(borrower, lender, result.data)
        : unreadable(lender, outputs, result.error.issues);
    if (!result.success || problems.length > 0) {
        throw new SettingsError(`Pulumi.${stack}.yaml`, problems);
    }
    return result.data;
}

/** One for a stack that is none of ours; else one for each output that is not what it should be. */
function unreadable(
    lender: string,
    outputs: Readonly<Record<string, unknown>>,
    issues: ReadonlyArray<{ readonly path: readonly PropertyKey[]; readonly message: string }>,
): Problem[] {
    const version = outputs["outputsVersion"];
    if (version !== outputsVersion) {
        const none = version === undefined;
        return [
            {
                path: "platform.stack",
                found: none
                    ? `${lender}, which has no output outputsVersion`
                    : `${lender}, whose outputsVersion is ${JSON.stringify(version)}`,
                allowed: `a stack of this program that was brought up with outputsVersion ${outputsVersion}`,
                fix: none
                    ? `check the name; if the stack is new: pulumi up -s ${lender}`
                    : `pulumi up -s ${lender} with this version of the program`,
            },
        ];
    }
    return issues.map(({ path, message }) => ({
        path: "platform.stack",
        found: `${lender}, whose output ${settingPath(path)} is not as it should be: ${message}`,
        allowed: `the outputs of this program's version ${outputsVersion} (settings/lender/outputs.ts)`,
        fix: `pulumi up -s ${lender}`,
    }));
}

function problemsOf(borrower: Borrower, lender: string, { platform, lends }: LenderOutputs): Problem[] {
    return [
        ...oneNamespace(borrower, lender, lends),
        ...enforcement(borrower, lender, platform),
        ...(borrower.exposure.variant === "platform" ? wayIn(borrower, lender, lends) : []),
        ...databases(borrower, lender, lends),
    ];
}

/** Two environments in one namespace would share names, policies and the end. */
function oneNamespace({ environment }: Borrower, lender: string, lends: LenderOutputs["lends"]): Problem[] {
    const { name, namespace } = environment;
    if (![lends.gateway?.namespace, lends.database?.namespace].includes(namespace)) {
        return [];
    }
    return [
        {
            path: "environment.name",
            found: `${JSON.stringify(name)}, and so the namespace ${namespace}, which is that of the stack ${lender}`,
            allowed: "another name, or another environment.namespace: with this environment that of the other would go",
            fix: setCommand("environment.name", "NAME"),
        },
    ];
}

function enforcement(
    { environment }: Borrower,
    lender: string,
    { networkPolicy }: LenderOutputs["platform"],
): Problem[] {
    if (environment.kind !== "production" || networkPolicy.enforced) {
        return [];
    }
    return [
        {
            path: "platform.stack",
            found: `${lender}, whose cluster does not enforce NetworkPolicies: ${networkPolicy.reason}`,
            allowed: "a cluster that does, in production: else any pod of it reaches the database (R49)",
            fix: "enforce them in the cluster's network (Dataplane V2, VPC CNI with network policies, Cilium), say so in that stack's settings, and bring it up",
        },
    ];
}

function wayIn({ apps, environment }: Borrower, lender: string, { gateway }: LenderOutputs["lends"]): Problem[] {
    if (gateway === undefined) {
        return [
            {
                path: "exposure.variant",
                found: '"platform"',
                allowed: `none: the stack ${lender} lends no domain`,
                fix: "set lends.domain in that stack's file and bring it up, or choose another variant",
            },
        ];
    }
    return [
        ...(environment.kind === "production" && !gateway.secure ? [plainHttp(lender)] : []),
        ...hostsOutside(apps, gateway.domain),
        ...apps.flatMap(({ processes }, app): Problem[] => {
            if (processes.contract !== "django") {
                return [];
            }
            const { web } = processes;
            const keepAlive = "keepAlive" in web ? web.keepAlive : undefined;
            const timeoutSeconds = "timeoutSeconds" in web ? web.timeoutSeconds : undefined;
            const at = ["apps", app, "web"];
            const { requestTimeout } = gateway;
            return [
                ...(keepAlive === undefined || keepAlive === ofPlatform
                    ? []
                    : keepAliveProblems([...at, "keepAlive"], keepAlive, idleOfLender(gateway))),
                ...(requestTimeout === undefined || timeoutSeconds === undefined
                    ? []
                    : timeoutProblems([...at, "timeoutSeconds"], timeoutSeconds, {
                          seconds: requestTimeout,
                          path: `exposure.requestTimeout of the stack ${lender}`,
                      })),
            ];
        }),
    ];
}

/** It is the lender that has certificates, or has none. */
function plainHttp(lender: string): Problem {
    return {
        path: "exposure.variant",
        found: `"platform", and the Gateway of the stack ${lender} has no certificates`,
        allowed: "in production a way in with HTTPS (R95)",
        fix: "give that stack's platform an issuer or a zone for certificates, and bring it up",
    };
}

/** The wildcard of a listener and of a certificate stands for one label. */
function hostsOutside(apps: ReadonlyArray<Pick<AppSettings, "hosts">>, domain: string): Problem[] {
    return apps.flatMap(({ hosts }, app) =>
        hosts.flatMap((host, index): Problem[] => {
            const path = settingPath(["apps", app, "hosts", index]);
            return host.endsWith(`.${domain}`) && !host.slice(0, -domain.length - 1).includes(".")
                ? []
                : [
                      {
                          path,
                          found: JSON.stringify(host),
                          allowed: `a name directly below ${domain}, the domain that the platform's stack lends`,
                          fix: setCommand(path, `NAME.${domain}`),
                      },
                  ];
        }),
    );
}

function databases({ stores }: Borrower, lender: string, { database }: LenderOutputs["lends"]): Problem[] {
    if (database !== undefined) {
        return [];
    }
    const paths = stores.database.flatMap(({ path, store }) =>
        store.variant === "platform" ? [settingPath([...path, "variant"])] : [],
    );
    return [...new Set(paths)].map((path) => ({
        path,
        found: '"platform"',
        allowed: `another variant: the stack ${lender} lends no database server`,
        fix: "set lends.database to true in that stack's file and bring it up, or choose in-cluster",
    }));
}
