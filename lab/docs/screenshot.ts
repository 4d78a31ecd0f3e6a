// Takes the picture of the page that README shows. Needs Chromium (Debian: apt-get install chromium).
import { chromium } from "playwright-core";
import { join } from "node:path";
import { projectRoot } from "../support/paths.ts";

const url = process.argv[2] ?? "http://localhost:8080";
const file = join(projectRoot, process.argv[3] ?? "docs/images/page.png");
const browser = await chromium.launch({
    executablePath: "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-background-networking"],
});
try {
    const page = await browser.newPage({ viewport: { width: 1100, height: 800 }, deviceScaleFactor: 1 });
    const response = await page.goto(url, { waitUntil: "networkidle" });
    if (response?.status() !== 200) {
        throw new Error(`${url} answered ${response?.status()}`);
    }
    await page.screenshot({ path: file, fullPage: true });
    console.log(file);
} finally {
    await browser.close();
}
