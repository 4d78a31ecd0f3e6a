// A whole URL where a server's name belongs: the commands that put each part of it where it belongs, without the password.
import { setCommand, setSecretCommand, settingPath } from "../problems.ts";

/** What the path of a URL is, by its scheme. */
const pathSettings: Readonly<Record<string, string>> = {
    postgres: "database",
    postgresql: "database",
    amqp: "vhost",
    amqps: "vhost",
};

/**
 * @param keys the way to the setting that the URL was given to, its section first
 * @param text what was found
 * @returns undefined for what is no URL with a host
 */
export function commandsOfUrl(keys: readonly PropertyKey[], text: string): string | undefined {
    const [, scheme = "", rest = ""] = /^\s*([a-z][a-z0-9+.-]{1,20}):\/\/([^\s]{1,1000})\s*$/i.exec(text) ?? [];
    const authority = rest.split(/[/?#]/, 1)[0]!;
    const login = authority.includes("@") ? authority.slice(0, authority.lastIndexOf("@")) : undefined;
    const [, host, port] =
        /^([A-Za-z0-9.-]+)(?::([0-9]{1,5}))?$/.exec(authority.slice((login?.length ?? -1) + 1)) ?? [];
    if (host === undefined) {
        return undefined;
    }
    const beside = (name: string): string => settingPath([...keys.slice(0, -1), name]);
    const user = decoded(login?.split(":", 1)[0]);
    const path = decoded(/^[^/?#]*\/([^?#]*)/.exec(rest)?.[1]);
    const pathSetting = pathSettings[scheme.toLowerCase()];
    const [section] = keys;
    return [
        setCommand(settingPath(keys), host.toLowerCase()),
        ...(port === undefined ? [] : [setCommand(beside("port"), port)]),
        ...(user === undefined ? [] : [setCommand(beside("user"), user)]),
        ...(path === undefined || pathSetting === undefined ? [] : [setCommand(beside(pathSetting), path)]),
        ...(login?.includes(":") === true && keys.length === 2
            ? [setSecretCommand(settingPath(["secrets", `${String(section)}Password`]))]
            : []),
    ].join(" && ");
}

/** Only what can stand in a command as it is. */
function decoded(text: string | undefined): string | undefined {
    try {
        const plain = decodeURIComponent(text ?? "");
        return /^[A-Za-z0-9_./-]+$/.test(plain) ? plain : undefined;
    } catch {
        return undefined;
    }
}
