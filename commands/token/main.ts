// Where a job of GitLab becomes somebody at a cloud: its token as a file, which the clouds' tools read, and for Google what it is exchanged for.
//   TOKEN=... node commands/token/main.ts --identity ci@project.iam.gserviceaccount.com --provider projects/1/locations/global/...
import { mkdir, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { Command } from "commander";
import { failed } from "../support/command-line.ts";
import { credentialsOf, identityError } from "./credentials.ts";

const program = new Command("token")
    .description("Writes the job's token, from the variable TOKEN, into a file that the clouds' tools read.")
    .option("--provider <name>", "on Google Cloud whom the token is shown to: `provider` of the output ci", "")
    .option("--identity <address>", "on Google Cloud whom the job becomes, by the same output", "")
    .option("--folder <path>", "where to", ".login")
    .addHelpText("after", "\nExit codes: 0 written, 2 the words or the variable are wrong.")
    .showHelpAfterError()
    .exitOverride();

try {
    const { provider, identity, folder } = program
        .parse()
        .opts<{ provider: string; identity: string; folder: string }>();
    const token = process.env["TOKEN"] ?? "";
    const wrong = identityError({ token, provider, identity });
    if (wrong !== undefined) {
        console.error(wrong);
        process.exitCode = 2;
    } else {
        await mkdir(folder, { recursive: true, mode: 0o700 });
        const file = resolve(folder, "token");
        await writeFile(file, token, { mode: 0o600 });
        if (provider !== "") {
            await writeFile(join(folder, "google.json"), credentialsOf({ provider, identity, file }), { mode: 0o600 });
        }
        console.log(`The job's token is in ${folder}.`);
    }
} catch (error) {
    process.exitCode = failed(error, (other) => {
        throw other;
    });
}
