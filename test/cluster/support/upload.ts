// An upload as the sample's page makes it.
import type { Client } from "./client.ts";
import { sendForm, type Form } from "./form.ts";

/** @throws when it is refused */
export async function upload(client: Client, host: string, form: Omit<Form, "fields">): Promise<void> {
    const { field, cookie } = await token(client);
    const { status, body } = await sendForm(
        host,
        "/uploads",
        { fields: { csrfmiddlewaretoken: field }, ...form },
        { cookie },
    );
    if (status !== 303) {
        throw new Error(`POST /uploads answered ${status}: ${body.slice(0, 300)}`);
    }
}

/** What a browser has of the page when it sends its form. */
async function token(client: Client): Promise<{ field: string; cookie: string }> {
    const { status, headers, body } = await client.send("GET", "/");
    const cookie = headers["set-cookie"]?.map((each) => each.split(";")[0]).join("; ");
    const field = /name="csrfmiddlewaretoken" value="([^"]+)"/.exec(body)?.[1];
    if (cookie === undefined || field === undefined) {
        throw new Error(`the page has no form (${status}): ${body.slice(0, 300)}`);
    }
    return { field, cookie };
}
