// HTTPS for real: a certificate by ACME's HTTP-01 challenge through the Gateway, the redirect, and Django behind it, in requests and
// in a browser that verifies the certificate. The tests are one story, in order. Not proved here: a public authority and its limits,
// renewal, DNS-01, and cert-manager's webhook, which does not run here.
import { request as plain, type IncomingHttpHeaders, type RequestOptions } from "node:http";
import { request as secure } from "node:https";
import type { TLSSocket } from "node:tls";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
    acmeIssuer,
    acmeRootUrl,
    nodeAddress,
    prepareCluster,
    publicDomain,
    publicPorts,
    startCluster,
} from "../../lab/cluster/index.ts";
import { ensureBrowser, trustingBrowser, type TrustingBrowser } from "../../lab/support/browser.ts";
import { TestEnvironment } from "../cluster/support/environment.ts";
import { eventually } from "../cluster/support/kubernetes.ts";

const host = `shop.example.${publicDomain}`;
const password = "a password of this test alone";

let environment: TestEnvironment;
/** The authority's certificate, as PEM. */
let root: string;
let browser: TrustingBrowser | undefined;
let noBrowser: string | undefined;

interface Answer {
    readonly status: number;
    readonly headers: IncomingHttpHeaders;
    readonly body: string;
    readonly socket: unknown;
}

interface Sent {
    readonly method?: "GET" | "POST";
    readonly headers?: Record<string, string>;
    readonly body?: string;
    /** Who is trusted to have signed the server's certificate; absent: whom Node trusts. */
    readonly ca?: string;
}

function send(
    scheme: "http" | "https",
    path: string,
    { method = "GET", headers = {}, body, ca }: Sent = {},
): Promise<Answer> {
    const options: RequestOptions & { servername?: string; ca?: string } = {
        host: nodeAddress,
        port: publicPorts[scheme],
        method,
        path,
        agent: false,
        headers: { host, ...headers },
        timeout: 20_000,
        ...(scheme === "https" && { servername: host, ...(ca !== undefined && { ca }) }),
    };
    return new Promise((resolve, reject) => {
        const outgoing = (scheme === "https" ? secure : plain)(options, (response) => {
            const { socket } = response;
            const chunks: Buffer[] = [];
            response.on("data", (chunk: Buffer) => chunks.push(chunk));
            response.on("error", reject);
            response.on("end", () => {
                resolve({
                    status: response.statusCode ?? 0,
                    headers: response.headers,
                    body: Buffer.concat(chunks).toString("utf8"),
                    socket,
                });
            });
        });
        outgoing.on("timeout", () => outgoing.destroy(new Error("no answer within 20 s")));
        outgoing.on("error", reject);
        outgoing.end(body);
    });
}

/** Pebble signs its own page with the cluster's authority, and its certificates with one that it makes at each start. */
function rootCertificate(): Promise<string> {
    return new Promise((resolve, reject) => {
        secure(acmeRootUrl, { rejectUnauthorized: false, agent: false }, (response) => {
            const chunks: Buffer[] = [];
            response.on("data", (chunk: Buffer) => chunks.push(chunk));
            response.on("end", () => resolve(Buffer.concat(chunks).toString("utf8")));
        })
            .on("error", reject)
            .end();
    });
}

beforeAll(async () => {
    const report = (message: string): void => console.log(message);
    environment = await TestEnvironment.create("secure");
    await prepareCluster(report, ["certificates"]);
    await startCluster(report, ["certificates"]);
    root = await rootCertificate();
    noBrowser = await ensureBrowser();
    browser = noBrowser === undefined ? await trustingBrowser(root, { [host]: nodeAddress }) : undefined;
}, 30 * 60_000);

afterAll(async () => {
    await browser?.close();
    await environment?.remove();
}, 10 * 60_000);

describe("HTTPS", () => {
    test("a certificate is issued by the authority, for the app's host, while it comes up", async () => {
        await environment.configure((config) => {
            const [app] = config["apps"];
            app.hosts = [host];
            app.web.replicas = { min: 1, max: 1 };
            config["cache"].replicas = 0;
            config["platform"].issuer = { kind: "ClusterIssuer", name: acmeIssuer };
            config["platform"].gateway = {
                ...config["platform"].gateway,
                publicHttpPort: publicPorts.http,
                publicHttpsPort: publicPorts.https,
            };
        });
        await environment.setSecret("secrets.superuserPassword", password);
        const { exitCode, output } = await environment.pulumi("up");
        expect(exitCode, output).toBe(0);
        await eventually(async () => {
            const { status } = await send("https", "/", { ca: root });
            return status === 200 ? undefined : `the page answers ${status}`;
        }, 90);
        const { socket } = await send("https", "/", { ca: root });
        const certificate = (socket as TLSSocket).getPeerCertificate();
        expect(certificate.issuer.CN).toContain("Pebble");
        expect(certificate.subjectaltname).toBe(`DNS:${host}`);
    });

    test("who does not know the authority is told so", async () => {
        await expect(send("https", "/")).rejects.toThrow(/certificate|issuer/);
    });

    test("plain HTTP leads to HTTPS at its usual port, and keeps path and query", async () => {
        const { status, headers } = await send("http", "/admin/?next=%2F");
        expect(status).toBe(301);
        // Traefik names the port even where it goes without saying; a URL is the same with it.
        expect(new URL(headers.location!).href).toBe(`https://${host}/admin/?next=%2F`);
    });

    test("Django knows that it is behind TLS: it says so to browsers, and its cookies are for HTTPS alone", async () => {
        const { status, headers } = await send("https", "/admin/login/", { ca: root });
        expect(status).toBe(200);
        expect(headers["strict-transport-security"]).toMatch(/^max-age=\d+/);
        const [cookie] = headers["set-cookie"] ?? [];
        expect(cookie).toMatch(/^csrftoken=.*; Secure/);
    });

    test("a form is taken from the app's own pages, and from no others", async () => {
        const login = await send("https", "/admin/login/", { ca: root });
        const cookie = login.headers["set-cookie"]!.map((each) => each.split(";")[0]).join("; ");
        const token = /name="csrfmiddlewaretoken" value="([^"]+)"/.exec(login.body)![1]!;
        const post = async (origin: string): Promise<number> => {
            const body = new URLSearchParams({ csrfmiddlewaretoken: token, username: "admin", password }).toString();
            const type = "application/x-www-form-urlencoded";
            const headers = { cookie, origin, "content-type": type, "content-length": String(body.length) };
            return (await send("https", "/admin/login/?next=/admin/", { method: "POST", headers, body, ca: root }))
                .status;
        };
        expect(await post(`https://${host}`)).toBe(302);
        expect(await post("https://elsewhere.example.org")).toBe(403);
        expect(await post(`http://${host}`)).toBe(403);
    });

    test("has nothing to change in a second update", async () => {
        const { exitCode, output } = await environment.pulumi("up", "--expect-no-changes");
        expect(exitCode, output).toBe(0);
    });

    test("in a browser: the page, the login, secure cookies, and never plain HTTP again", async ({ skip }) => {
        skip(browser === undefined, noBrowser);
        const context = await browser!.browser.newContext();
        const page = await context.newPage();
        const problems: string[] = [];
        page.on("pageerror", (error) => problems.push(error.message));
        page.on("requestfailed", (failed) => problems.push(`${failed.url()}: ${failed.failure()?.errorText}`));

        const first = await page.goto(`http://${host}/`);
        expect(first?.status()).toBe(200);
        expect(page.url()).toBe(`https://${host}/`);
        expect(await first?.securityDetails()).toMatchObject({ issuer: expect.stringContaining("Pebble") as string });
        expect(await page.evaluate("isSecureContext")).toBe(true);

        await page.goto(`https://${host}/admin/`);
        await page.fill("input[name=username]", "admin");
        await page.fill("input[name=password]", password);
        await Promise.all([page.waitForURL(`https://${host}/admin/`), page.click("input[type=submit]")]);
        expect(await page.textContent("#user-tools")).toContain("admin");
        const cookies = await context.cookies();
        expect(
            cookies
                .map(({ name, secure: isSecure }) => ({ name, isSecure }))
                .sort((a, b) => (a.name < b.name ? -1 : 1)),
        ).toEqual([
            { name: "csrftoken", isSecure: true },
            { name: "sessionid", isSecure: true },
        ]);
        expect(cookies.find(({ name }) => name === "sessionid")?.httpOnly).toBe(true);
        expect(problems).toEqual([]);

        // The browser itself goes to HTTPS now: nothing is sent in the clear that somebody could answer.
        const again = await page.goto(`http://${host}/`);
        const redirect = await again?.request().redirectedFrom()?.response();
        expect(redirect?.status()).toBe(307);
        expect(page.url()).toBe(`https://${host}/`);
        await context.close();
    });
});
